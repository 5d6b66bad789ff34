"""What one report counts for."""

from __future__ import annotations

import math
import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from backend.feedback.closing import ReportRating
from backend.feedback.models import Report, ReportEvent
from backend.feedback.statistics.models import ReportFact
from backend.feedback.workflow import CLOSED, State

ACKNOWLEDGE, RESOLVE, RATING = MEASURES = ("acknowledge", "resolve", "rating")

BUCKETS_A_DOUBLING = 8
"""The times in one bucket differ by less than a twelfth: 2 ** (1 / 8) is 1.09."""

CELLS_A_DEGREE = 500
"""A cell is 0.002 degrees wide: about 220 metres to the north, 210 to the east at 18.8°."""


def bucket_of(minutes: int) -> int:
    """The bucket of a time; those under a minute have one of their own."""
    return 1 + math.floor(BUCKETS_A_DOUBLING * math.log2(minutes)) if minutes >= 1 else 0


def cell_of(lat: float | None, lng: float | None) -> str:
    """The field of the grid in which a point lies; "" for none."""
    if lat is None or lng is None:
        return ""
    return f"{math.floor(lat * CELLS_A_DEGREE)},{math.floor(lng * CELLS_A_DEGREE)}"


def box_of(cell: str) -> tuple[float, float, float, float]:
    """South, west, north and east of a *cell*, in degrees. Raises ValueError for no cell."""
    row, column = (int(number) for number in cell.split(","))
    south, west = row / CELLS_A_DEGREE, column / CELLS_A_DEGREE
    north, east = (row + 1) / CELLS_A_DEGREE, (column + 1) / CELLS_A_DEGREE
    if not (-90 <= south <= 90 and -180 <= west <= 180):
        raise ValueError
    return south, west, north, east


COLUMNS = (
    Report.id,
    Report.created_at,
    Report.status,
    Report.office,
    Report.quarter,
    Report.category,
    Report.lat,
    Report.lng,
    Report.clock_started_at,
    Report.acknowledge_by,
    Report.acknowledged_at,
    Report.expected_at,
    Report.closed_at,
)


Change = tuple[dict[str, Any], int]
"""A fact, and 1 where it has to be added or -1 where it was and is to be taken off."""


def changes(session: Session, ids: Select[uuid.UUID], zone: tzinfo) -> Iterator[Change]:
    """What the reports with these *ids* were counted for, and what they count for now."""
    columns = ReportFact.__table__.columns
    for row in session.execute(select(*columns).where(ReportFact.report_id.in_(ids))):
        yield dict(row._mapping), -1
    for fact in facts(session, ids, zone):
        yield fact, 1


def facts(session: Session, ids: Select[uuid.UUID], zone: tzinfo) -> Iterator[dict[str, Any]]:
    """The facts of the reports with these *ids* as they are now, their days by *zone*."""
    reopened = set(
        session.scalars(
            select(ReportEvent.report_id).where(
                ReportEvent.report_id.in_(ids), ReportEvent.to_status == State.REOPENED
            )
        )
    )
    ratings = _ratings(session, ids)
    for row in session.execute(select(*COLUMNS).where(Report.id.in_(ids))):
        yield fact_of(row, zone, reopened=row.id in reopened, rating=ratings.get(row.id))


def _ratings(session: Session, ids: Select[uuid.UUID]) -> dict[uuid.UUID, int]:
    """The rating of the last closing that was rated, by report."""
    latest = (
        select(func.max(ReportRating.id))
        .where(ReportRating.report_id.in_(ids), ReportRating.rating.is_not(None))
        .group_by(ReportRating.report_id)
    )
    rows = session.execute(
        select(ReportRating.report_id, ReportRating.rating).where(ReportRating.id.in_(latest))
    )
    return {report_id: rating for report_id, rating in rows if rating is not None}


def fact_of(row: Any, zone: tzinfo, *, reopened: bool, rating: int | None) -> dict[str, Any]:
    """What *row*, which has the COLUMNS of a report, counts for: the columns of its fact.

    The time to acknowledge runs from the last opening, that to resolve from the first filing.
    """
    day = row.created_at.astimezone(zone).date()
    resolved = row.status == State.RESOLVED and row.closed_at is not None
    acknowledged = row.acknowledged_at is not None
    to_acknowledge = _minutes(row.clock_started_at, row.acknowledged_at) if acknowledged else None
    to_resolve = _minutes(row.created_at, row.closed_at) if resolved else None
    return {
        "report_id": row.id,
        "day": day,
        "month": day.replace(day=1),
        "office": row.office or "",
        "quarter": row.quarter or "",
        "category": row.category,
        "cell": cell_of(row.lat, row.lng),
        "received": 1,
        "open": int(row.status not in CLOSED),
        "resolved": int(resolved),
        "on_time": int(resolved and row.closed_at <= row.expected_at),
        "acknowledged": int(acknowledged),
        "acknowledged_on_time": int(acknowledged and row.acknowledged_at <= row.acknowledge_by),
        "rejected": int(row.status == State.REJECTED),
        "duplicate": int(row.status == State.DUPLICATE),
        "withdrawn": int(row.status == State.WITHDRAWN),
        "reopened": int(reopened),
        "acknowledge_minutes": to_acknowledge,
        "acknowledge_bucket": None if to_acknowledge is None else bucket_of(to_acknowledge),
        "resolve_minutes": to_resolve,
        "resolve_bucket": None if to_resolve is None else bucket_of(to_resolve),
        "rating": rating,
    }


def measures_of(fact: dict[str, Any]) -> Iterable[tuple[str, int, int]]:
    """Measure, bucket and amount of whatever was measured of a *fact*."""
    for measure in (ACKNOWLEDGE, RESOLVE):
        if fact[f"{measure}_minutes"] is not None:
            yield measure, fact[f"{measure}_bucket"], fact[f"{measure}_minutes"]
    if fact["rating"] is not None:
        yield RATING, fact["rating"], fact["rating"]


def _minutes(since: datetime, until: datetime) -> int:
    return max(0, int((until - since).total_seconds() // 60))
