"""Tide tables

Revision ID: 0004_tides
Revises: 0003_revisions_audit_changes
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from content import store

revision = "0004_tides"
down_revision = "0003_revisions_audit_changes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tide",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("at", store.UtcDateTime(), nullable=False),
        sa.Column("height_m", sa.Double(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("created_at", store.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tide")),
        sa.UniqueConstraint("station", "at", name=op.f("uq_tide_station_at")),
    )
    op.create_index(op.f("ix_tide_at"), "tide", ["at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_tide_at"), table_name="tide")
    op.drop_table("tide")
