"""Alerts are sent once, however often the request is repeated

Revision ID: 0021_alerts_are_sent_once
Revises: 0018_promises
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021_alerts_are_sent_once"
down_revision = "0018_promises"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("alert", sa.Column("sent_key", sa.Uuid(), nullable=True))
    op.add_column("alert", sa.Column("sent_digest", sa.Text(), nullable=True))
    op.create_index(op.f("ix_alert_sent_key"), "alert", ["sent_key"], unique=True)


def downgrade() -> None:
    op.drop_index(op.f("ix_alert_sent_key"), table_name="alert")
    with op.batch_alter_table("alert") as alert:
        alert.drop_column("sent_digest")
        alert.drop_column("sent_key")
