"""Keys of other systems, and what they filed and said

Revision ID: 0023_open311_keys
Revises: 0020_media_shown
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from content.store import UtcDateTime

revision = "0023_open311_keys"
down_revision = "0020_media_shown"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "open311_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=True),
        sa.Column("may_update", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_used_at", UtcDateTime(), nullable=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open311_key")),
        sa.UniqueConstraint("digest", name=op.f("uq_open311_key_digest")),
        sa.UniqueConstraint("label", name=op.f("uq_open311_key_label")),
    )
    op.create_table(
        "open311_request",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["key_id"], ["open311_key.id"], name=op.f("fk_open311_request_key_id_open311_key")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["report.id"],
            name=op.f("fk_open311_request_report_id_report"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_open311_request")),
    )
    op.create_index(op.f("ix_open311_request_key_id"), "open311_request", ["key_id"])
    op.create_table(
        "open311_update",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("update_id", sa.Text(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["key_id"], ["open311_key.id"], name=op.f("fk_open311_update_key_id_open311_key")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["report.id"],
            name=op.f("fk_open311_update_report_id_report"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open311_update")),
        sa.UniqueConstraint("key_id", "update_id", name=op.f("uq_open311_update_key_id_update_id")),
    )
    op.create_index(op.f("ix_open311_update_report_id"), "open311_update", ["report_id"])


def downgrade() -> None:
    op.drop_table("open311_update")
    op.drop_table("open311_request")
    op.drop_table("open311_key")
