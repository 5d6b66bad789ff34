"""How messages come: silent topics, and what a message asks of the phone

Revision ID: 0036_manners
Revises: 0035_retention
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from content import store

revision = "0036_manners"
down_revision = "0035_retention"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("device", sa.Column("silent_topics", store.Json(), nullable=True))
    op.add_column("push_message", sa.Column("manner", store.Json(), nullable=True))
    op.add_column("push_message", sa.Column("expanded_at", store.UtcDateTime(), nullable=True))
    op.add_column("push_message", sa.Column("stopped_at", store.UtcDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("push_message") as message:
        for name in ("stopped_at", "expanded_at", "manner"):
            message.drop_column(name)
    with op.batch_alter_table("device") as device:
        device.drop_column("silent_topics")
