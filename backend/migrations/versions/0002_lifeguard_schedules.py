"""The hours of the lifeguards at each beach

Revision ID: 0002_lifeguard_schedules
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from content import store

revision = "0002_lifeguard_schedules"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lifeguard_schedule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("beach_id", sa.Uuid(), nullable=False),
        sa.Column("days", store.Json(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("created_at", store.UtcDateTime(), nullable=False),
        sa.Column("updated_at", store.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["beach_id"],
            ["beach.id"],
            name=op.f("fk_lifeguard_schedule_beach_id_beach"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lifeguard_schedule")),
    )
    op.create_index(
        op.f("ix_lifeguard_schedule_beach_id"), "lifeguard_schedule", ["beach_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_lifeguard_schedule_beach_id"), table_name="lifeguard_schedule")
    op.drop_table("lifeguard_schedule")
