"""Who of the staff wants the daily mail

Revision ID: 0045_staff_digests
Revises: 0044_inbox_marks
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from content import store

revision = "0045_staff_digests"
down_revision = "0044_inbox_marks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staff_digest",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("since", store.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff.id"],
            name=op.f("fk_staff_digest_staff_id_staff"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_staff_digest")),
    )


def downgrade() -> None:
    op.drop_table("staff_digest")
