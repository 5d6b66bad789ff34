"""Filters under a name, and words for replies

Revision ID: 0031_officers_desk
Revises: 0030_acts
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from content import store

revision = "0031_officers_desk"
down_revision = "0030_acts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_filter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff.id"],
            name=op.f("fk_report_filter_staff_id_staff"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_filter")),
        sa.UniqueConstraint("staff_id", "name", name=op.f("uq_report_filter_staff_id_name")),
    )
    op.create_table(
        "reply_template",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("text", store.Json(), nullable=False),
        sa.Column("created_at", store.UtcDateTime(), nullable=False),
        sa.Column("updated_at", store.UtcDateTime(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_template")),
        sa.UniqueConstraint("name", name=op.f("uq_reply_template_name")),
    )
    op.create_index("ix_reply_template_updated_at", "reply_template", ["updated_at"])


def downgrade() -> None:
    op.drop_index("ix_reply_template_updated_at", table_name="reply_template")
    op.drop_table("reply_template")
    op.drop_table("report_filter")
