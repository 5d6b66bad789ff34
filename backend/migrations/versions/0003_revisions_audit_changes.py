"""Drafts of changes, revisions, soft locks, the audit, and the count of changes

Revision ID: 0003_revisions_audit_changes
Revises: 0002_lifeguard_schedules
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from content import store

revision = "0003_revisions_audit_changes"
down_revision = "0002_lifeguard_schedules"
branch_labels = None
depends_on = None

PUBLISHED = ("article", "beach", "contact", "place")


def upgrade() -> None:
    row_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "audit_entry",
        sa.Column("id", row_id, nullable=False),
        sa.Column("made_at", store.UtcDateTime(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("before", store.Json(), nullable=False),
        sa.Column("after", store.Json(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index("ix_audit_entry_made_by", "audit_entry", ["made_by", "id"])
    op.create_index("ix_audit_entry_subject", "audit_entry", ["type", "item_id", "id"])
    op.create_table(
        "content_change",
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("type", "item_id", name=op.f("pk_content_change")),
    )
    op.create_index(op.f("ix_content_change_number"), "content_change", ["number"])
    op.create_table(
        "content_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_version")),
    )
    op.create_table(
        "edit_lock",
        sa.Column("id", row_id, nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("held_by", sa.Text(), nullable=False),
        sa.Column("until", store.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edit_lock")),
        sa.UniqueConstraint("type", "item_id", name=op.f("uq_edit_lock_type_item_id")),
    )
    op.create_table(
        "revision",
        sa.Column("id", row_id, nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("values", store.Json(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", store.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint(
            "type", "item_id", "number", name=op.f("uq_revision_type_item_id_number")
        ),
    )
    for table in PUBLISHED:
        op.add_column(table, sa.Column("stage", sa.Text(), nullable=True))
        op.add_column(table, sa.Column("due_at", store.UtcDateTime(), nullable=True))
        op.add_column(table, sa.Column("due_revision", sa.Integer(), nullable=True))
        # A constant default, since SQLite adds no other column that is NOT NULL.
        op.add_column(
            table,
            sa.Column(
                "edited_at",
                store.UtcDateTime(),
                nullable=False,
                server_default="1970-01-01 00:00:00.000000",
            ),
        )
        op.execute(f"UPDATE {table} SET edited_at = updated_at")  # noqa: S608
        op.create_index(op.f(f"ix_{table}_due_at"), table, ["due_at"])
    op.add_column("article", sa.Column("procedure", store.Json(), nullable=True))


def downgrade() -> None:
    op.drop_column("article", "procedure")
    for table in PUBLISHED:
        op.drop_index(op.f(f"ix_{table}_due_at"), table)
        for column in ("edited_at", "due_revision", "due_at", "stage"):
            op.drop_column(table, column)
    for table in ("revision", "edit_lock", "content_version", "content_change", "audit_entry"):
        op.drop_table(table)
