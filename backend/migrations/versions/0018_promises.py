"""Promises in working time: office hours, the clocks of reports, notices to the staff

Revision ID: 0018_promises
Revises: 0017_public_reports
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from content import store

revision = "0018_promises"
down_revision = "0017_public_reports"
branch_labels = None
depends_on = None

URGENT = ("204", "501")


def upgrade() -> None:
    with op.batch_alter_table("term") as term:
        term.add_column(sa.Column("promise", store.Json(), nullable=True))
    op.create_table(
        "office_hours",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hours", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("created_at", store.UtcDateTime(), nullable=False),
        sa.Column("updated_at", store.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_hours")),
    )
    op.create_index(
        op.f("ix_office_hours_updated_at"), "office_hours", ["updated_at"], unique=False
    )
    with op.batch_alter_table("report") as report:
        report.add_column(sa.Column("clock_started_at", store.UtcDateTime(), nullable=True))
        report.add_column(sa.Column("acknowledge_by", store.UtcDateTime(), nullable=True))
        report.add_column(sa.Column("acknowledged_at", store.UtcDateTime(), nullable=True))
        report.add_column(
            sa.Column("by_clock", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        report.add_column(sa.Column("waiting_since", store.UtcDateTime(), nullable=True))
        report.add_column(sa.Column("alarm_at", store.UtcDateTime(), nullable=True))
        report.add_column(sa.Column("alarmed_at", store.UtcDateTime(), nullable=True))
        report.add_column(sa.Column("closed_at", store.UtcDateTime(), nullable=True))
    _start_clocks()
    with op.batch_alter_table("report") as report:
        for name in ("clock_started_at", "acknowledge_by"):
            report.alter_column(name, existing_type=store.UtcDateTime(), nullable=False)
        report.alter_column("by_clock", existing_type=sa.Boolean(), server_default=None)
    op.create_index(op.f("ix_report_alarm_at"), "report", ["alarm_at"], unique=False)
    op.create_table(
        "staff_notice",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", store.UtcDateTime(), nullable=False),
        sa.Column("read_at", store.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["report.id"],
            name=op.f("fk_staff_notice_report_id_report"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff.id"],
            name=op.f("fk_staff_notice_staff_id_staff"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_notice")),
    )
    op.create_index("ix_staff_notice_inbox", "staff_notice", ["staff_id", "id"], unique=False)
    op.create_index(op.f("ix_staff_notice_report_id"), "staff_notice", ["report_id"], unique=False)


def _start_clocks() -> None:
    """The reports on file keep their promise; what was moved counts as acknowledged."""
    report = sa.table(
        "report",
        *(
            sa.column(name)
            for name in (
                "category", "status", "created_at", "updated_at", "expected_at", "by_clock",
                "clock_started_at", "acknowledge_by", "acknowledged_at", "waiting_since",
                "alarm_at", "closed_at",
            )
        ),
    )  # fmt: skip
    closed = report.c.status.in_(("resolved", "rejected", "withdrawn", "duplicate"))
    waiting = report.c.status == "waiting_for_reporter"
    fresh = report.c.status.in_(("received", "reopened"))
    op.execute(
        report.update().values(
            clock_started_at=report.c.created_at,
            acknowledge_by=report.c.expected_at,
            acknowledged_at=sa.case((sa.not_(fresh), report.c.updated_at)),
            by_clock=report.c.category.in_(URGENT),
            waiting_since=sa.case((waiting, report.c.updated_at)),
            alarm_at=sa.case((sa.not_(sa.or_(closed, waiting)), report.c.expected_at)),
            closed_at=sa.case((closed, report.c.updated_at)),
        )
    )
    term = sa.table(
        "term", sa.column("vocabulary"), sa.column("code"), sa.column("promise", store.Json())
    )
    urgent = {"acknowledge_hours": 1, "resolve_hours": 4, "by_clock": True}
    op.execute(
        term.update()
        .where(term.c.vocabulary == "report", term.c.code.in_(URGENT))
        .values(promise=urgent)
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_staff_notice_report_id"), table_name="staff_notice")
    op.drop_index("ix_staff_notice_inbox", table_name="staff_notice")
    op.drop_table("staff_notice")
    op.drop_index(op.f("ix_report_alarm_at"), table_name="report")
    with op.batch_alter_table("report") as report:
        for name in (
            "closed_at",
            "alarmed_at",
            "alarm_at",
            "waiting_since",
            "by_clock",
            "acknowledged_at",
            "acknowledge_by",
            "clock_started_at",
        ):
            report.drop_column(name)
    op.drop_index(op.f("ix_office_hours_updated_at"), table_name="office_hours")
    op.drop_table("office_hours")
    with op.batch_alter_table("term") as term:
        term.drop_column("promise")
