"""Campaigns, and who stands for them

Revision ID: 0039_campaigns
Revises: 0038_covers_of_photos
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from content import store

revision = "0039_campaigns"
down_revision = "0038_covers_of_photos"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "campaign",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("article_id", sa.Uuid(), nullable=True),
        sa.Column("title", store.Json(), nullable=False),
        sa.Column("body", store.Json(), nullable=False),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("topics", store.Json(), nullable=False),
        sa.Column("audience", store.Json(), nullable=False),
        sa.Column("manner", store.Json(), nullable=True),
        sa.Column("send_at", store.UtcDateTime(), nullable=True),
        sa.Column("expires_at", store.UtcDateTime(), nullable=True),
        sa.Column("emergency", sa.Boolean(), nullable=False),
        sa.Column("event", sa.Text(), nullable=True),
        sa.Column("ramp_percent", sa.Integer(), nullable=True),
        sa.Column("ramp_minutes", sa.Integer(), nullable=True),
        sa.Column("reach", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", store.UtcDateTime(), nullable=False),
        sa.Column("begun_at", store.UtcDateTime(), nullable=True),
        sa.Column("cancelled_at", store.UtcDateTime(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("sent_key", sa.Uuid(), nullable=True),
        sa.Column("sent_digest", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["push_message.id"],
            name=op.f("fk_campaign_message_id_push_message"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
        sa.UniqueConstraint("sent_key", name=op.f("uq_campaign_sent_key")),
    )
    op.create_index(op.f("ix_campaign_made_at"), "campaign", ["made_at"], unique=False)
    op.create_index(op.f("ix_campaign_message_id"), "campaign", ["message_id"], unique=False)
    op.create_index(op.f("ix_campaign_state"), "campaign", ["state"], unique=False)
    op.create_table(
        "campaign_confirmation",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", store.UtcDateTime(), nullable=False),
        sa.Column("may_warn", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaign.id"],
            name=op.f("fk_campaign_confirmation_campaign_id_campaign"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("campaign_id", "made_by", name=op.f("pk_campaign_confirmation")),
    )


def downgrade() -> None:
    op.drop_table("campaign_confirmation")
    op.drop_table("campaign")
