"""What was learned about categories from decided reports

Revision ID: 0022_category_suggestion
Revises: 0021_alerts_are_sent_once
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022_category_suggestion"
down_revision = "0021_alerts_are_sent_once"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "category_count",
        sa.Column("bucket", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", "category", name=op.f("pk_category_count")),
    )
    op.create_table(
        "category_lesson",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["report.id"],
            name=op.f("fk_category_lesson_report_id_report"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_category_lesson")),
    )
    op.create_index("ix_category_lesson_round", "category_lesson", ["round"])


def downgrade() -> None:
    op.drop_index("ix_category_lesson_round", table_name="category_lesson")
    op.drop_table("category_lesson")
    op.drop_table("category_count")
