"""What leaders read of reports, against numbers that were computed by hand."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session, sessionmaker

from backend.feedback.closing import ReportRating
from backend.feedback.models import Report, ReportEvent
from backend.feedback.statistics import counting
from backend.feedback.statistics.models import ReportChanged, ReportSum
from notifications.worker import work_off
from tests.api.reports.conftest import Filed, FileReport, Headers, MakeOffice
from tests.conftest import TOWN_TIME, TurnableClock
from tests.factories.feedback import ReportFactory

STATISTICS = "/api/v1/staff/statistics"
Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def ask(client: FlaskClient, leader: Headers) -> Ask:
    """The figures of a period: `ask(first="2026-01-01")`."""

    def ask(**query: str) -> dict[str, Any]:
        query = {name.removesuffix("_"): text for name, text in query.items()}
        answer = client.get(STATISTICS, query_string=query, headers=leader)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json
        return found

    return ask


@pytest.fixture
def count(session: Session, clock: TurnableClock) -> Callable[[], None]:
    """Count what has changed, as the worker does each minute."""

    def count() -> None:
        while counting.count(session, clock(), TOWN_TIME):
            session.commit()
        session.commit()

    return count


def filed(session: Session, day: str, *, hours: float | None = None, **changes: Any) -> Report:
    """A report of a *day* at noon, resolved after so many *hours* where they are given."""
    at = datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=TOWN_TIME)
    closed = {}
    if hours is not None:
        closed = {"status": "resolved", "closed_at": at + timedelta(hours=hours)}
    report = ReportFactory(
        created_at=at,
        clock_started_at=at,
        acknowledge_by=at + timedelta(hours=4),
        expected_at=at + timedelta(hours=48),
        **closed | changes,
    )
    session.add(report)
    session.commit()
    return report


def rate(session: Session, report: Report, *ratings: int | None) -> None:
    for number, rating in enumerate(ratings):
        closing = report.created_at + timedelta(days=number)
        session.add(ReportRating(report_id=report.id, closed_at=closing, rating=rating, at=closing))
    session.commit()


@pytest.fixture
def year(session: Session) -> None:
    """Six reports of this year, two of the last, on both sides of noon and midnight."""
    here = {"lat": 18.8101, "lng": 105.7101}
    rate(session, filed(session, "2026-01-31", hours=1, quarter="thu-thuy", **here), 5)
    rate(session, filed(session, "2026-03-01", hours=10, quarter="thu-thuy", **here), 2, 4, None)
    filed(session, "2026-03-31", hours=48, category="201", office="den-duong", **here)
    filed(session, "2026-04-01", hours=100, category="201", office="den-duong")
    filed(session, "2026-05-01", hours=1, status="rejected")
    filed(session, "2026-06-20")
    filed(session, "2025-03-15", hours=20)
    filed(session, "2025-12-31", hours=1, status="withdrawn")


@pytest.mark.usefixtures("year")
@pytest.mark.parametrize("counted", [False, True], ids=["noted", "counted"])
def test_a_year_up_to_now(ask: Ask, count: Callable[[], None], counted: bool) -> None:
    if counted:
        count()
    found = ask()
    assert (found["from"], found["to"], found["by"]) == ("2026-01-01", "2026-07-01", "month")
    assert found["totals"] == {
        "received": 6,
        "open": 1,
        "resolved": 4,
        "on_time": 3,
        "late": 1,
        "on_time_share": 0.75,
        "acknowledged": 0,
        "acknowledged_on_time": 0,
        "rejected": 1,
        "duplicate": 0,
        "withdrawn": 0,
        "reopened": 0,
        "acknowledge": {"median": None, "p90": None},
        "resolve": {"median": 600, "p90": 6000},  # of 1, 10, 48 and 100 hours
        "rating": 4.5,
        "rated": 2,
        "ratings": [0, 0, 0, 1, 1],
    }
    assert found["last_year"]["received"] == 1
    assert found["last_year"]["resolve"]["median"] == 1200
    assert {row["value"]: row["received"] for row in found["months"]} == {
        "2026-01-01": 1,
        "2026-03-01": 2,
        "2026-04-01": 1,
        "2026-05-01": 1,
        "2026-06-01": 1,
    }
    [march] = [row for row in found["months"] if row["value"] == "2026-03-01"]
    assert (march["received_last_year"], march["resolve"]["median"]) == (1, 600)
    assert [(row["from_days"], row["to_days"], row["open"]) for row in found["backlog"]] == [
        (0, 7, 0),
        (8, 30, 1),
        (31, 90, 0),
        (91, 365, 0),
        (366, None, 0),
    ]
    assert found["late_now"] == 1


@pytest.mark.usefixtures("year")
@pytest.mark.parametrize("counted", [False, True], ids=["noted", "counted"])
def test_days_beside_whole_months_count_too(
    ask: Ask, count: Callable[[], None], counted: bool
) -> None:
    if counted:
        count()
    found = ask(from_="2026-01-31", to="2026-03-30", by="quarter")
    assert [(row["value"], row["name"], row["received"]) for row in found["items"]] == [
        ("thu-thuy", "Thu Thủy", 2),
        ("", "Chưa rõ khu vực", 0),  # one a year before
    ]
    assert found["totals"]["resolve"] == {"median": 60, "p90": 600}
    assert ask(from_="2026-02-01", to="2026-03-01")["totals"]["received"] == 1
    assert ask(from_="2026-03-31", to="2026-04-01", by="office")["items"][0] | {"name": ""} == {
        **ask(from_="2026-03-31", to="2026-04-01")["totals"],
        "value": "den-duong",
        "name": "",
        "received_last_year": 0,
    }


@pytest.mark.usefixtures("year")
def test_figures_by_season_category_and_office(ask: Ask) -> None:
    seasons = ask(by="season")["items"]
    assert [(row["value"], row["received"]) for row in seasons] == [
        ("high", 2),
        ("shoulder", 1),
        ("low", 3),
    ]
    categories = ask(by="category", from_="2025-01-01", to="2025-12-31")["items"]
    assert [(row["value"], row["received"], row["withdrawn"]) for row in categories] == [
        ("101", 2, 1)
    ]
    offices = ask(by="office")["items"]
    assert [(row["value"], row["received"], row["on_time"]) for row in offices] == [
        ("", 4, 2),
        ("den-duong", 2, 1),
    ]
    assert offices[0]["name"] == "Chưa có cơ quan phụ trách"


@pytest.mark.usefixtures("year")
@pytest.mark.parametrize("counted", [False, True], ids=["noted", "counted"])
def test_places_and_what_comes_again_there(
    ask: Ask, count: Callable[[], None], counted: bool
) -> None:
    if counted:
        count()
    found = ask()
    [cell] = found["cells"]
    assert cell == {
        "cell": "9405,52855",
        "south": 18.81,
        "west": 105.71,
        "north": 18.812,
        "east": 105.712,
        "received": 3,
        "open": 0,
    }
    [again] = found["repeaters"]
    assert (again["category"], again["received"], again["repeated"]) == ("101", 2, 1)


@pytest.mark.parametrize("counted", [False, True], ids=["noted", "counted"])
def test_the_work_of_officers_shows_at_once(
    client: FlaskClient,
    officer: Headers,
    file: FileReport,
    ask: Ask,
    count: Callable[[], None],
    clock: TurnableClock,
    counted: bool,
) -> None:
    def settle() -> None:
        if counted:
            count()

    def move(to: str) -> None:
        answer = client.post(
            f"{report.staff_address}/transition",
            json={"to": to, "reason": "Lý do"},
            headers=officer,
        )
        assert answer.status_code == 200, answer.text

    report: Filed = file()
    settle()
    assert ask()["totals"]["open"] == 1
    clock.advance(minutes=30)
    move("in_progress")
    settle()
    assert ask()["totals"]["acknowledge"] == {"median": 30, "p90": 30}
    clock.advance(minutes=30)
    move("resolved")
    client.post(f"{report.address}/rating", json={"rating": 1}, headers=report.headers)
    settle()
    totals = ask()["totals"]
    assert (totals["open"], totals["resolved"], totals["ratings"]) == (0, 1, [1, 0, 0, 0, 0])
    assert totals["resolve"]["median"] == 60
    move("reopened")
    settle()
    totals = ask()["totals"]
    assert (totals["open"], totals["resolved"], totals["reopened"]) == (1, 0, 1)
    assert totals["acknowledge"]["median"] in (None, 0)
    move("resolved")
    settle()
    assert ask()["totals"]["resolved"] == 1
    body = {"category": "201", "reason": "Nhầm loại"}
    client.post(f"{report.staff_address}/recategorise", json=body, headers=officer)
    assert [row["value"] for row in ask(by="category")["items"]] == ["101"]  # closed: it stays


def test_a_report_that_is_deleted_counts_no_more(
    session: Session, ask: Ask, count: Callable[[], None]
) -> None:
    report = filed(session, "2026-06-01", hours=3)
    rate(session, report, 3)
    count()
    session.execute(delete(ReportEvent))
    session.delete(report)
    session.commit()
    assert ask()["totals"]["received"] == 0
    count()
    assert ask()["totals"] == ask(from_="2020-01-01", to="2020-12-31")["totals"]
    sums = session.scalars(select(ReportSum)).all()
    assert {row.received for row in sums} <= {0}


def test_the_worker_counts_each_minute(session: Session, clock: TurnableClock) -> None:
    filed(session, "2026-06-01")
    counting.plan(session, clock())
    counting.plan(session, clock())
    session.commit()
    for reports in (1, 2):
        work_off(sessionmaker(session.get_bind()), counting.handlers(TOWN_TIME), clock)
        session.expire_all()
        assert session.scalars(select(ReportChanged.id)).all() == []
        total = select(ReportSum.received).where(ReportSum.dimension == "all")
        assert session.scalar(total) == reports
        filed(session, "2026-06-01")
        clock.advance(minutes=1)


def test_days_are_those_of_the_town(session: Session, ask: Ask) -> None:
    # Half past eleven in the evening of 31 May in London, and of the next morning in the town.
    at = datetime(2026, 5, 31, 22, 30, tzinfo=UTC)
    session.add(ReportFactory(created_at=at, clock_started_at=at))
    session.commit()
    assert ask(to="2026-05-31")["totals"]["received"] == 0
    assert ask(from_="2026-06-01")["totals"]["received"] == 1


@pytest.mark.usefixtures("year")
def test_the_table_for_spreadsheets(
    client: FlaskClient, leader: Headers, office: MakeOffice
) -> None:
    office("den-duong")
    answer = client.get(f"{STATISTICS}.csv", query_string={"by": "office"}, headers=leader)
    assert answer.mimetype == "text/csv"
    assert "statistics-2026-01-01-2026-07-01-office.csv" in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert [(row["name"], row["received"], row["resolve_median_minutes"]) for row in rows] == [
        ("Chưa có cơ quan phụ trách", "4", "60"),
        ("Đơn vị den-duong", "2", "2880"),
        ("", "6", "600"),
    ]
    assert rows[-1]["value"] == "total"
    assert rows[-1]["received_last_year"] == "1"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"from": "gestern"}, "from"),
        ({"to": "2026-02-30"}, "to"),
        ({"from": "2026-02-02", "to": "2026-02-01"}, "to"),
        ({"from": "0001-01-01"}, "from"),
        ({"to": "9999-12-31"}, "to"),
        ({"by": "weekday"}, "by"),
    ],
)
def test_a_period_that_is_none_is_refused(
    client: FlaskClient, leader: Headers, query: dict[str, str], field: str
) -> None:
    for address in (STATISTICS, f"{STATISTICS}.csv"):
        answer = client.get(address, query_string=query, headers=leader)
        assert answer.status_code == 422
        assert field in answer.json["errors"]


def test_the_last_day_of_february_has_a_year_before(ask: Ask) -> None:
    assert ask(from_="2024-02-29", to="2024-02-29")["totals"]["received"] == 0


def test_officers_do_not_read_statistics(client: FlaskClient, officer: Headers) -> None:
    assert client.get(STATISTICS, headers=officer).status_code == 403
