"""Conversations with the chatbot and with staff

Revision ID: 0042_conversations
Revises: 0041_templates_categories
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from content import store

revision = "0042_conversations"
down_revision = "0041_templates_categories"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chat_conversation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("silent", sa.Boolean(), nullable=False),
        sa.Column("takes_message", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", store.UtcDateTime(), nullable=False),
        sa.Column("last_at", store.UtcDateTime(), nullable=False),
        sa.Column("handed_over_at", store.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff.id"],
            name=op.f("fk_chat_conversation_staff_id_staff"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_conversation")),
        sa.UniqueConstraint("channel", "sender", name=op.f("uq_chat_conversation_channel_sender")),
    )
    op.create_index("ix_chat_conversation_stage", "chat_conversation", ["stage", "handed_over_at"])
    op.create_index(op.f("ix_chat_conversation_last_at"), "chat_conversation", ["last_at"])
    op.create_table(
        "chat_message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("at", store.UtcDateTime(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("said", store.Json(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("intent", sa.Text(), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("wanting", sa.Boolean(), nullable=False),
        sa.Column("helpful", sa.Boolean(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("settled", sa.Text(), nullable=True),
        sa.Column("label", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["chat_conversation.id"],
            name=op.f("fk_chat_message_conversation_id_chat_conversation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff.id"],
            name=op.f("fk_chat_message_staff_id_staff"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_message")),
    )
    op.create_index("ix_chat_message_conversation_id", "chat_message", ["conversation_id", "id"])
    op.create_index("ix_chat_message_wanting", "chat_message", ["wanting", "settled", "id"])
    op.create_table(
        "chat_photo",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", store.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_photo")),
    )
    op.create_index(op.f("ix_chat_photo_conversation_id"), "chat_photo", ["conversation_id"])
    op.create_index(op.f("ix_chat_photo_created_at"), "chat_photo", ["created_at"])


def downgrade() -> None:
    op.drop_table("chat_photo")
    op.drop_table("chat_message")
    op.drop_table("chat_conversation")
