"""Whatever happens to reports, the sums say what going through all of them says."""

from __future__ import annotations

import math
import uuid
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend.feedback.closing import ReportRating
from backend.feedback.models import Report
from backend.feedback.statistics import counting
from backend.feedback.statistics.facts import bucket_of
from backend.feedback.statistics.figures import BY, figures
from backend.feedback.statistics.finding import FIGURES, NONE, behind
from backend.feedback.statistics.tallies import Period
from backend.feedback.workflow import CLOSED, State
from tests.conftest import TOWN_TIME
from tests.factories.feedback import ReportFactory

NOW = datetime(2026, 7, 1, 8, 0, tzinfo=TOWN_TIME)
BEGIN = datetime(2025, 5, 1, tzinfo=UTC)
A_FEW = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

moments = st.integers(0, 60 * 24 * 425).map(lambda minutes: BEGIN + timedelta(minutes=minutes))
spans = st.none() | st.integers(0, 60 * 24 * 90).map(lambda minutes: timedelta(minutes=minutes))
days = moments.map(lambda moment: moment.date())
lives = st.fixed_dictionaries(
    {
        "created_at": moments,
        "status": st.sampled_from(list(State)),
        "category": st.sampled_from(["101", "102", "201"]),
        "office": st.sampled_from([None, "mot", "hai"]),
        "quarter": st.sampled_from([None, "nghi-thu", "thu-thuy"]),
        "point": st.none() | st.sampled_from([(18.81, 105.71), (18.8119, 105.7119), (18.9, 105.8)]),
        "acknowledged": spans,
        "closed": spans.filter(lambda span: span is not None),
        "rating": st.none() | st.integers(1, 5),
    }
)
acts = st.lists(
    st.tuples(st.just("file"), lives)
    | st.tuples(st.just("change"), lives)
    | st.tuples(st.just("delete"), st.none())
    | st.tuples(st.just("count"), st.integers(1, 4)),
    max_size=25,
)


def columns(life: dict[str, Any]) -> dict[str, Any]:
    filed = life["created_at"]
    lat, lng = life["point"] or (None, None)
    names = ("created_at", "status", "category", "office", "quarter")
    acknowledged = None if life["acknowledged"] is None else filed + life["acknowledged"]
    return {name: life[name] for name in names} | {
        "lat": lat,
        "lng": lng,
        "clock_started_at": filed,
        "acknowledge_by": filed + timedelta(hours=8),
        "expected_at": filed + timedelta(days=7),
        "acknowledged_at": acknowledged,
        "closed_at": filed + life["closed"] if life["status"] in CLOSED else None,
    }


def play(session: Session, acted: Iterable[tuple[str, Any]]) -> None:
    """Do all that to an empty town."""
    for table in (ReportRating, Report):
        session.execute(delete(table))
    session.commit()
    on_file: list[uuid.UUID] = []
    for act, what in acted:
        if act == "count":
            counting.count(session, NOW, TOWN_TIME, most=what)
        elif act == "file":
            report = ReportFactory(**columns(what))
            session.add(report)
            session.flush()
            on_file.append(report.id)
            rate(session, report.id, what["rating"])
        elif on_file and act == "change":
            report = session.get_one(Report, on_file[0])
            for name, value in columns(what).items():
                setattr(report, name, value)
            rate(session, report.id, what["rating"])
        elif on_file:
            session.delete(session.get_one(Report, on_file.pop(0)))
        session.commit()


def rate(session: Session, report_id: uuid.UUID, rating: int | None) -> None:
    at = datetime.now(UTC)
    session.add(ReportRating(report_id=report_id, closed_at=at, rating=rating, at=at))


def in_period(session: Session, period: Period) -> list[Report]:
    every = session.scalars(select(Report)).all()
    return [one for one in every if one.created_at.astimezone(TOWN_TIME).date() in period]


def rank(amounts: list[int], share: float) -> int | None:
    return sorted(amounts)[math.ceil(share * len(amounts)) - 1] if amounts else None


def minutes(reports: Iterable[Report]) -> list[int]:
    return [
        int((one.closed_at - one.created_at) / timedelta(minutes=1))
        for one in reports
        if one.status == State.RESOLVED and one.closed_at
    ]


def last_rating(session: Session, report: Report) -> int | None:
    every = session.scalars(
        select(ReportRating).filter_by(report_id=report.id).order_by(ReportRating.id.desc())
    )
    return next((one.rating for one in every if one.rating is not None), None)


def check(session: Session, row: dict[str, Any], reports: list[Report]) -> None:
    """Assert that *row* is the figures of these *reports*."""
    assert row["received"] == len(reports)
    for state in ("resolved", "rejected", "duplicate", "withdrawn"):
        assert row[state] == sum(one.status == state for one in reports), state
    assert row["open"] == sum(one.status not in CLOSED for one in reports)
    times = minutes(reports)
    assert row["on_time"] == sum(time <= 7 * 24 * 60 for time in times)
    assert row["late"] == len(times) - row["on_time"]
    assert row["acknowledged"] == sum(one.acknowledged_at is not None for one in reports)
    for name, share in (("median", 0.5), ("p90", 0.9)):
        exact, told = rank(times, share), row["resolve"][name]
        assert (told is None) == (exact is None)
        if exact is not None:
            assert bucket_of(told) == bucket_of(exact)
            assert abs(told - exact) <= 0.0906 * exact
    rated = [rating for one in reports if (rating := last_rating(session, one)) is not None]
    assert row["ratings"] == [rated.count(rating) for rating in range(1, 6)]


@A_FEW
@given(acted=acts, one=days, other=days, by=st.sampled_from(BY))
def test_the_sums_are_what_one_by_one_gives(
    session: Session, acted: list[tuple[str, Any]], one: date, other: date, by: str
) -> None:
    play(session, acted)
    period = Period(min(one, other), max(one, other))
    found = figures(session, period, by, NOW, TOWN_TIME)
    reports = in_period(session, period)
    check(session, found.totals, reports)
    assert sum(row["received"] for row in found.items) == len(reports)
    if by in ("office", "quarter", "category"):
        for row in found.items:
            check(
                session,
                row,
                [one for one in reports if (getattr(one, by) or "") == row["value"]],
            )
    for row in found.months:
        check(
            session,
            row,
            [
                one
                for one in reports
                if one.created_at.astimezone(TOWN_TIME).date().replace(day=1).isoformat()
                == row["value"]
            ],
        )
    located = [one for one in reports if one.lat is not None]
    assert sum(cell["received"] for cell in found.cells) == len(located)
    everything = session.scalars(select(Report)).all()
    opened = sum(one.status not in CLOSED for one in everything)
    assert sum(row["open"] for row in found.backlog) == opened
    session.rollback()


@A_FEW
@given(acted=acts, one=days, other=days)
def test_every_number_is_that_of_the_reports_behind_it(
    session: Session, acted: list[tuple[str, Any]], one: date, other: date
) -> None:
    play(session, acted)
    period = Period(min(one, other), max(one, other))
    found = figures(session, period, "office", NOW, TOWN_TIME)
    address = {"from": period.first.isoformat(), "to": period.last.isoformat()}

    def count(wanted: dict[str, str]) -> int:
        return len(session.scalars(select(Report).where(behind(wanted, TOWN_TIME))).all())

    for name in FIGURES.keys() & found.totals.keys():
        assert count(address | {"figure": name}) == found.totals[name], name
    for row in found.items:
        wanted = address | {"office": row["value"] or NONE}
        for name in ("received", "open", "on_time", "late", "rated"):
            assert count(wanted | {"figure": name}) == row[name], name
    for rating in range(1, 6):
        wanted = address | {"figure": f"rated_{rating}"}
        assert count(wanted) == found.totals["ratings"][rating - 1]
    for row in figures(session, period, "season", NOW, TOWN_TIME).items:
        assert count(address | {"season": row["value"]}) == row["received"]
    for cell in found.cells:
        assert count(address | {"cell": cell["cell"]}) == cell["received"]
    session.rollback()


def test_a_bucket_is_no_wider_than_is_said() -> None:
    buckets: dict[int, list[int]] = {}
    for amount in range(1, 60 * 24 * 400):
        buckets.setdefault(bucket_of(amount), []).append(amount)
    assert all(its[-1] <= 1.0906 * its[0] for its in buckets.values())
    assert list(buckets) == sorted(buckets)
