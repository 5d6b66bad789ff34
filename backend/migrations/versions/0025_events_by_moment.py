"""What happened to reports is found by when it happened, for other systems that ask

Revision ID: 0025_events_by_moment
Revises: 0025_cells
"""

from __future__ import annotations

from alembic import op

revision = "0025_events_by_moment"
down_revision = "0025_cells"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_report_event_at"), "report_event", ["at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_report_event_at"), "report_event")
