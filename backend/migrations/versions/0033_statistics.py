"""Reports are counted: a fact for each, sums and spreads by month, what has changed since

Revision ID: 0033_statistics
Revises: 0032_webhooks
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from content import store

revision = "0033_statistics"
down_revision = "0032_webhooks"
branch_labels = None
depends_on = None

COUNTS = (
    "received", "open", "resolved", "on_time", "acknowledged", "acknowledged_on_time",
    "rejected", "duplicate", "withdrawn", "reopened",
)  # fmt: skip


def counts() -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS]


def upgrade() -> None:
    op.create_table(
        "report_fact",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("quarter", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("cell", sa.Text(), nullable=False),
        sa.Column("acknowledge_minutes", sa.Integer(), nullable=True),
        sa.Column("acknowledge_bucket", sa.Integer(), nullable=True),
        sa.Column("resolve_minutes", sa.Integer(), nullable=True),
        sa.Column("resolve_bucket", sa.Integer(), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        *counts(),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_report_fact")),
    )
    op.create_index("ix_report_fact_day", "report_fact", ["day"], unique=False)
    op.create_table(
        "report_sum",
        sa.Column("dimension", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        *counts(),
        sa.PrimaryKeyConstraint("dimension", "month", "value", name=op.f("pk_report_sum")),
    )
    op.create_table(
        "report_spread",
        sa.Column("dimension", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("bucket", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "dimension", "month", "value", "measure", "bucket", name=op.f("pk_report_spread")
        ),
    )
    op.create_table(
        "report_counting",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", store.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_counting")),
    )
    op.create_table(
        "report_changed",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("taken", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_changed")),
    )
    op.create_index(
        "ix_report_changed_taken",
        "report_changed",
        ["report_id"],
        unique=False,
        postgresql_where=sa.text("taken"),
        sqlite_where=sa.text("taken"),
    )
    op.create_index(
        "ix_report_promised",
        "report",
        ["expected_at", "waiting_since"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
        sqlite_where=sa.text("closed_at IS NULL"),
    )
    op.execute("INSERT INTO report_changed (report_id) SELECT id FROM report ORDER BY created_at")


def downgrade() -> None:
    op.drop_index("ix_report_promised", table_name="report")
    if op.get_bind().dialect.name == "postgresql":
        for table in ("report", "report_rating"):
            op.execute(f"DROP TRIGGER IF EXISTS {table}_is_counted ON {table}")
            op.execute(f"DROP FUNCTION IF EXISTS note_change_of_{table}()")
    else:
        for table in ("report", "report_rating"):
            for event in ("insert", "update", "delete"):
                op.execute(f"DROP TRIGGER IF EXISTS {table}_is_counted_{event}")
    op.drop_table("report_changed")
    op.drop_table("report_counting")
    op.drop_table("report_spread")
    op.drop_table("report_sum")
    op.drop_table("report_fact")
