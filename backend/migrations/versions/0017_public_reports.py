"""What everybody sees of reports, and who says "me too"

Revision ID: 0017_public_reports
Revises: 0016_offices
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from content import store

revision = "0017_public_reports"
down_revision = "0016_offices"
branch_labels = None
depends_on = None

NEW_WITH_DEFAULT: dict[str, list[tuple[str, Any, Any]]] = {
    "report": [("hidden", sa.Boolean(), sa.false()), ("confirmations", sa.Integer(), "0")],
    "report_photo": [("is_public", sa.Boolean(), sa.false())],
}


def upgrade() -> None:
    op.add_column("report", sa.Column("confirmed_at", store.UtcDateTime(), nullable=True))
    op.add_column("report", sa.Column("public_description", sa.Text(), nullable=True))
    for table, columns in NEW_WITH_DEFAULT.items():
        with op.batch_alter_table(table) as batch:
            for name, kind, default in columns:
                batch.add_column(sa.Column(name, kind, nullable=False, server_default=default))
        with op.batch_alter_table(table) as batch:
            for name, _, _ in columns:
                batch.alter_column(name, server_default=None)
    op.create_index("ix_report_newest_public", "report", ["confirmed_at", "id"])
    op.create_table(
        "report_confirmation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("citizen_id", sa.Uuid(), nullable=True),
        sa.Column("at", store.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["report.id"],
            name=op.f("fk_report_confirmation_report_id_report"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["citizen_id"],
            ["citizen.id"],
            name=op.f("fk_report_confirmation_citizen_id_citizen"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_confirmation")),
        sa.UniqueConstraint("report_id", "who", name=op.f("uq_report_confirmation_report_id_who")),
    )
    op.create_index("ix_report_confirmation_citizen_id", "report_confirmation", ["citizen_id"])


def downgrade() -> None:
    op.drop_index("ix_report_confirmation_citizen_id", table_name="report_confirmation")
    op.drop_table("report_confirmation")
    op.drop_index("ix_report_newest_public", table_name="report")
    for table, columns in NEW_WITH_DEFAULT.items():
        with op.batch_alter_table(table) as batch:
            for name, _, _ in columns:
                batch.drop_column(name)
    with op.batch_alter_table("report") as batch:
        batch.drop_column("public_description")
        batch.drop_column("confirmed_at")
