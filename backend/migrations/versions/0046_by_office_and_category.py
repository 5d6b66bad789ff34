"""Reports of an office by category, and what PostgreSQL cannot know of which office has which

An officer may ask for a category that other offices have: nothing is found, and that at once.

Revision ID: 0046_by_office_and_category
Revises: 0045_staff_digests
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0046_by_office_and_category"
down_revision = "0045_staff_digests"
branch_labels = None
depends_on = None

BOTH = "ix_report_newest_by_office_and_category"
OPEN = "ix_report_open_newest_by_office"


def upgrade() -> None:
    is_open = sa.text("closed_at IS NULL")
    op.create_index(BOTH, "report", ["office", "category", "created_at", "id"])
    op.create_index(
        OPEN, "report", ["office", "created_at", "id"],
        sqlite_where=is_open, postgresql_where=is_open,
    )  # fmt: skip
    if op.get_context().dialect.name == "postgresql":
        op.execute("CREATE STATISTICS report_who (mcv) ON office, category, quarter FROM report")
        op.execute("ALTER STATISTICS report_who SET STATISTICS 1000")


def downgrade() -> None:
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP STATISTICS report_who")
    op.drop_index(OPEN, "report")
    op.drop_index(BOTH, "report")
