"""The reports behind a figure, so that each number leads to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta, tzinfo

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import aliased

from backend.feedback.closing import ReportRating
from backend.feedback.models import Report, ReportEvent
from backend.feedback.statistics.facts import box_of
from backend.feedback.statistics.figures import SEASONS
from backend.feedback.workflow import CLOSED, State

NONE = "-"
"""Stands in an address for reports that have no office or no quarter."""

_LATER = aliased(ReportRating)
_RESOLVED = Report.status == State.RESOLVED

FIGURES: Mapping[str, ColumnElement[bool]] = {
    "received": true(),
    "open": Report.status.not_in(CLOSED),
    "resolved": _RESOLVED,
    "on_time": _RESOLVED & (Report.closed_at <= Report.expected_at),
    "late": _RESOLVED & (Report.closed_at > Report.expected_at),
    "acknowledged": Report.acknowledged_at.is_not(None),
    "acknowledged_on_time": Report.acknowledged_at <= Report.acknowledge_by,
    "rejected": Report.status == State.REJECTED,
    "duplicate": Report.status == State.DUPLICATE,
    "withdrawn": Report.status == State.WITHDRAWN,
    "reopened": exists(
        select(ReportEvent.id).where(
            ReportEvent.report_id == Report.id, ReportEvent.to_status == State.REOPENED
        )
    ),
    "rated": exists(
        select(ReportRating.id).where(
            ReportRating.report_id == Report.id, ReportRating.rating.is_not(None)
        )
    ),
    **{
        f"rated_{rating}": exists(
            select(ReportRating.id).where(
                ReportRating.report_id == Report.id,
                ReportRating.rating == rating,
                ReportRating.id
                == select(func.max(_LATER.id))
                .where(_LATER.report_id == Report.id, _LATER.rating.is_not(None))
                .scalar_subquery(),
            )
        )
        for rating in range(1, 6)
    },
}
"""The condition that a report counts for a figure: what its fact says, as a question."""


def behind(wanted: Mapping[str, str], zone: tzinfo) -> ColumnElement[bool]:
    """The condition of what an address wants: `figure`, `from`, `to`, `season`, `cell`,
    `office`, `quarter`.

    Days are those of *zone*. What is not there, or is nothing that a page links to, narrows
    nothing.
    """
    found: list[ColumnElement[bool]] = [true()]
    for name, column in (("office", Report.office), ("quarter", Report.quarter)):
        if code := wanted.get(name):
            found.append(column.is_(None) if code == NONE else column == code)
    if wanted.get("figure") in FIGURES:
        found.append(FIGURES[wanted["figure"]])
    first, last = _day(wanted.get("from")), _day(wanted.get("to"))
    if first:
        found.append(Report.created_at >= datetime.combine(first, time(), zone))
    if last:
        found.append(Report.created_at < datetime.combine(last + timedelta(days=1), time(), zone))
    if first and last and wanted.get("season") in SEASONS:
        found.append(or_(false(), *_in_season(wanted["season"], first, last, zone)))
    try:
        south, west, north, east = box_of(wanted.get("cell", ""))
    except ValueError:
        return and_(*found)
    # A cell has its southern and western edge; of its northern and eastern the next one.
    return and_(
        *found,
        Report.lat >= south,
        Report.lat < north,
        Report.lng >= west,
        Report.lng < east,
    )


def _in_season(season: str, first: date, last: date, zone: tzinfo) -> Iterator[ColumnElement[bool]]:
    """Conditions that a report was filed in a month of *season* between two days, one a month."""
    month = first.replace(day=1)
    while month <= last:
        after = (month + timedelta(days=32)).replace(day=1)
        if month.month in SEASONS[season]:
            yield and_(
                Report.created_at >= datetime.combine(month, time(), zone),
                Report.created_at < datetime.combine(after, time(), zone),
            )
        month = after


def _day(written: str | None) -> date | None:
    try:
        day = date.fromisoformat(written or "")
    except ValueError:
        return None
    return day if 2000 <= day.year < 2200 else None
