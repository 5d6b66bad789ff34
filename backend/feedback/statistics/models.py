"""What is counted of reports: one fact for each report, sums by month, and what has changed."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from content.store import Base, RowId

COUNTS = (
    "received",
    "open",
    "resolved",
    "on_time",
    "acknowledged",
    "acknowledged_on_time",
    "rejected",
    "duplicate",
    "withdrawn",
    "reopened",
)
"""What is counted: columns of each fact, 0 or 1, and of the sums."""


class Counts:
    """How many reports were received, and what became of them."""

    received: Mapped[int]
    open: Mapped[int]
    resolved: Mapped[int]
    on_time: Mapped[int]
    acknowledged: Mapped[int]
    acknowledged_on_time: Mapped[int]
    rejected: Mapped[int]
    duplicate: Mapped[int]
    withdrawn: Mapped[int]
    reopened: Mapped[int]


class ReportFact(Counts, Base):
    """A report as it was counted last; no foreign key, since a deleted report is discounted by it.

    `day` is the day of the town on which it was filed, `month` the first of that month; `cell` is
    a field of the grid over the earth. What a report lacks is "". Times are in minutes; each has
    the number of its bucket beside it.
    """

    __tablename__ = "report_fact"
    __table_args__ = (Index("ix_report_fact_day", "day"),)

    report_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    day: Mapped[date]
    month: Mapped[date]
    office: Mapped[str]
    quarter: Mapped[str]
    category: Mapped[str]
    cell: Mapped[str]
    acknowledge_minutes: Mapped[int | None]
    acknowledge_bucket: Mapped[int | None]
    resolve_minutes: Mapped[int | None]
    resolve_bucket: Mapped[int | None]
    rating: Mapped[int | None]


class ReportSum(Counts, Base):
    """The counts of one month by one dimension: the reports filed then with that `value`."""

    __tablename__ = "report_sum"

    dimension: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)


class ReportSpread(Base):
    """How times and ratings of one month spread: how many lie in a bucket, and their total."""

    __tablename__ = "report_spread"

    dimension: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    measure: Mapped[str] = mapped_column(primary_key=True)
    bucket: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    total: Mapped[int]


class ReportChanged(Base):
    """That a report has to be counted anew: written by triggers, several times for one report."""

    __tablename__ = "report_changed"
    __table_args__ = (
        Index(
            "ix_report_changed_taken",
            "report_id",
            postgresql_where=text("taken"),
            sqlite_where=text("taken"),
        ),
    )

    id: Mapped[RowId]
    report_id: Mapped[uuid.UUID]
    taken: Mapped[bool] = mapped_column(default=False, server_default=text("false"))


class ReportCounting(Base):
    """One row: how often was counted, and when last. Who counts holds it."""

    __tablename__ = "report_counting"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    at: Mapped[datetime | None]
