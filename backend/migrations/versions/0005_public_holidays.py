"""Public holidays, as staff enter them

Revision ID: 0005_public_holidays
Revises: 0004_tides
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from content import store

revision = "0005_public_holidays"
down_revision = "0004_tides"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "holiday_year",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("days", store.Json(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("created_at", store.UtcDateTime(), nullable=False),
        sa.Column("updated_at", store.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_holiday_year")),
    )
    op.create_index(op.f("ix_holiday_year_updated_at"), "holiday_year", ["updated_at"])


def downgrade() -> None:
    op.drop_table("holiday_year")
