"""Alerts

Revision ID: 0013_alerts
Revises: 0012_pictures_of_articles
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from content import store

revision = "0013_alerts"
down_revision = "0012_pictures_of_articles"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alert",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("thread_id", sa.Uuid(), nullable=False),
        sa.Column("ban_id", sa.Uuid(), nullable=True),
        sa.Column("message_type", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("sent", store.UtcDateTime(), nullable=False),
        sa.Column("refers_to", store.Json(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("certainty", sa.Text(), nullable=False),
        sa.Column("headline", store.Json(), nullable=False),
        sa.Column("description", store.Json(), nullable=False),
        sa.Column("instruction", store.Json(), nullable=False),
        sa.Column("reason", store.Json(), nullable=False),
        sa.Column("areas", store.Json(), nullable=False),
        sa.Column("quarters", store.Json(), nullable=False),
        sa.Column("onset", store.UtcDateTime(), nullable=False),
        sa.Column("expires", store.UtcDateTime(), nullable=True),
        sa.Column("superseded_at", store.UtcDateTime(), nullable=True),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ban_id"], ["swim_ban.id"], name=op.f("fk_alert_ban_id_swim_ban"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
    )
    op.create_index(op.f("ix_alert_thread_id"), "alert", ["thread_id"], unique=False)
    op.create_index(op.f("ix_alert_ban_id"), "alert", ["ban_id"], unique=False)
    op.create_index(op.f("ix_alert_sent"), "alert", ["sent"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_alert_sent"), table_name="alert")
    op.drop_index(op.f("ix_alert_ban_id"), table_name="alert")
    op.drop_index(op.f("ix_alert_thread_id"), table_name="alert")
    op.drop_table("alert")
