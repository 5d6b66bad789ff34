"""Reports that go on to other Open311 servers

Revision ID: 0024_forwarding
Revises: 0023_open311_keys
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from content.store import Json, UtcDateTime

revision = "0024_forwarding"
down_revision = "0023_open311_keys"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "forwarding",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("office", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("api_key", sa.Text(), nullable=True),
        sa.Column("jurisdiction", sa.Text(), nullable=True),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("service_codes", Json(), nullable=False),
        sa.Column("own_words", sa.Boolean(), nullable=False),
        sa.Column("is_idempotent", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("offers_updates", sa.Boolean(), nullable=True),
        sa.Column("next_poll_at", UtcDateTime(), nullable=False),
        sa.Column("polled_at", UtcDateTime(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forwarding")),
        sa.UniqueConstraint("label", name=op.f("uq_forwarding_label")),
    )
    op.create_index(op.f("ix_forwarding_updated_at"), "forwarding", ["updated_at"])
    op.create_table(
        "forwarded_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("forwarding_id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("remote_id", sa.Text(), nullable=True),
        sa.Column("token", sa.Text(), nullable=True),
        sa.Column("remote_status", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["forwarding_id"],
            ["forwarding.id"],
            name=op.f("fk_forwarded_report_forwarding_id_forwarding"),
        ),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["report.id"],
            name=op.f("fk_forwarded_report_report_id_report"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forwarded_report")),
        sa.UniqueConstraint("report_id", name=op.f("uq_forwarded_report_report_id")),
    )
    for column in ("forwarding_id", "state", "updated_at"):
        op.create_index(op.f(f"ix_forwarded_report_{column}"), "forwarded_report", [column])
    op.create_table(
        "forwarded_update",
        sa.Column("forwarded_id", sa.Uuid(), nullable=False),
        sa.Column("update_id", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["forwarded_id"],
            ["forwarded_report.id"],
            name=op.f("fk_forwarded_update_forwarded_id_forwarded_report"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("forwarded_id", "update_id", name=op.f("pk_forwarded_update")),
    )


def downgrade() -> None:
    op.drop_table("forwarded_update")
    op.drop_table("forwarded_report")
    op.drop_table("forwarding")
