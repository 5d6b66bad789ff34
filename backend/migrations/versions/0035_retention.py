"""When reports were anonymised, and who looked at a contact as what and why

Revision ID: 0035_retention
Revises: 0034_cells_of_reports
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from content import store

revision = "0035_retention"
down_revision = "0034_cells_of_reports"
branch_labels = None
depends_on = None

DUE = "closed_at IS NOT NULL AND (anonymised_at IS NULL OR anonymised_at < closed_at)"


def upgrade() -> None:
    op.create_table(
        "retention_run",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", store.UtcDateTime(), nullable=False),
        sa.Column("closed_before", store.UtcDateTime(), nullable=False),
        sa.Column("anonymised", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_run")),
    )
    op.create_index(op.f("ix_retention_run_at"), "retention_run", ["at"], unique=False)
    op.add_column("report", sa.Column("anonymised_at", store.UtcDateTime(), nullable=True))
    op.create_index(
        "ix_report_to_anonymise",
        "report",
        ["closed_at"],
        unique=False,
        sqlite_where=sa.text(DUE),
        postgresql_where=sa.text(DUE),
    )
    op.create_index(
        "ix_push_message_source", "push_message", ["source_type", "source_id"], unique=False
    )
    with op.batch_alter_table("report_contact_look") as look:
        look.add_column(sa.Column("role", sa.Text(), nullable=True))
        look.add_column(sa.Column("office", sa.Text(), nullable=True))
        look.add_column(sa.Column("reason", sa.Text(), nullable=True))
        look.add_column(
            sa.Column("sealed", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("report_contact_look") as look:
        look.alter_column("sealed", existing_type=sa.Boolean(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("report_contact_look") as look:
        for name in ("sealed", "reason", "office", "role"):
            look.drop_column(name)
    op.drop_index("ix_push_message_source", table_name="push_message")
    op.drop_index("ix_report_to_anonymise", table_name="report")
    with op.batch_alter_table("report") as report:
        report.drop_column("anonymised_at")
    op.drop_table("retention_run")
