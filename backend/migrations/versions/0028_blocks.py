"""From where a report came, and senders who may file nothing

Revision ID: 0028_blocks
Revises: 0027_photos_in_pieces
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from content import store

revision = "0028_blocks"
down_revision = "0027_photos_in_pieces"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_sender",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=True),
        sa.Column("at", store.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["report.id"],
            name=op.f("fk_report_sender_report_id_report"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_report_sender")),
    )
    op.create_index("ix_report_sender_at", "report_sender", ["at"])
    op.create_table(
        "sender_block",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until", store.UtcDateTime(), nullable=False),
        sa.Column("created_at", store.UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["report.id"],
            name=op.f("fk_sender_block_report_id_report"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sender_block")),
    )
    op.create_index("ix_sender_block_subject", "sender_block", ["subject", "until"])
    op.create_index("ix_sender_block_created_at", "sender_block", ["created_at"])


def downgrade() -> None:
    op.drop_table("sender_block")
    op.drop_table("report_sender")
