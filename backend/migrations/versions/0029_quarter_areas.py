"""Where the quarters lie

Revision ID: 0029_quarter_areas
Revises: 0028_blocks
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from content import store

revision = "0029_quarter_areas"
down_revision = "0028_blocks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quarter_area",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("quarter", sa.Text(), nullable=False),
        sa.Column("polygons", store.Json(), nullable=True),
        sa.Column("west", sa.Double(), nullable=False),
        sa.Column("south", sa.Double(), nullable=False),
        sa.Column("east", sa.Double(), nullable=False),
        sa.Column("north", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarter_area")),
    )
    op.create_index("ix_quarter_area_quarter", "quarter_area", ["quarter"])


def downgrade() -> None:
    op.drop_table("quarter_area")
