"""Observations that were posted by mistake can be withdrawn

Revision ID: 0008_withdrawn_observations
Revises: 0007_media
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from content import store

revision = "0008_withdrawn_observations"
down_revision = "0007_media"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("beach_observation") as table:
        table.add_column(sa.Column("withdrawn_at", store.UtcDateTime(), nullable=True))
        table.add_column(sa.Column("withdrawn_by", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("beach_observation") as table:
        table.drop_column("withdrawn_by")
        table.drop_column("withdrawn_at")
