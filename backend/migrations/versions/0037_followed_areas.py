"""Areas that people follow, to be told of reports there

Revision ID: 0037_followed_areas
Revises: 0036_manners
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from content import store

revision = "0037_followed_areas"
down_revision = "0036_manners"
branch_labels = None
depends_on = None

INDEXED = ("citizen_id", "device_id", "quarter", "lat")


def upgrade() -> None:
    op.create_table(
        "followed_area",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("citizen_id", sa.Uuid(), nullable=True),
        sa.Column("device_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("quarter", sa.Text(), nullable=True),
        sa.Column("radius", sa.Integer(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lng", sa.Double(), nullable=True),
        sa.Column("created_at", store.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["citizen_id"],
            ["citizen.id"],
            name=op.f("fk_followed_area_citizen_id_citizen"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["device_id"],
            ["device.id"],
            name=op.f("fk_followed_area_device_id_device"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_followed_area")),
    )
    for name in INDEXED:
        op.create_index(op.f(f"ix_followed_area_{name}"), "followed_area", [name], unique=False)


def downgrade() -> None:
    for name in INDEXED:
        op.drop_index(op.f(f"ix_followed_area_{name}"), table_name="followed_area")
    op.drop_table("followed_area")
