"""What was read and put away in inboxes

Revision ID: 0044_inbox_marks
Revises: 0043_words_of_reports
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from content import store

revision = "0044_inbox_marks"
down_revision = "0043_words_of_reports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("inbox_item", sa.Column("read_at", store.UtcDateTime(), nullable=True))
    op.add_column("inbox_item", sa.Column("archived_at", store.UtcDateTime(), nullable=True))
    op.create_table(
        "inbox_mark",
        sa.Column("citizen_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("read_at", store.UtcDateTime(), nullable=True),
        sa.Column("archived_at", store.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["push_message.id"],
            name=op.f("fk_inbox_mark_message_id_push_message"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("citizen_id", "message_id", name=op.f("pk_inbox_mark")),
    )
    op.create_index(op.f("ix_inbox_mark_message_id"), "inbox_mark", ["message_id"], unique=False)


def downgrade() -> None:
    op.drop_table("inbox_mark")
    with op.batch_alter_table("inbox_item") as item:
        item.drop_column("archived_at")
        item.drop_column("read_at")
