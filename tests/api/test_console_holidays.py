"""Days off, entered at the console year by year."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from backend.accounts.roles import Role
from tests.console import Page, Visitor

YEAR = "/console/holidays/2026"


@pytest.fixture
def leader(client: FlaskClient, as_staff: Callable[..., dict[str, str]]) -> Visitor:
    return Visitor(client, as_staff(Role.LEADER, Role.EDITOR))


@pytest.fixture
def days(client: FlaskClient) -> Callable[..., dict[str, Any]]:
    """The days off that the public reads, by date."""

    def read(year: int = 2026) -> dict[str, Any]:
        items = client.get(f"/api/v1/holidays?year={year}&lang=en").json["items"]
        return {item["date"]: item for item in items}

    return read


def act(leader: Visitor, page: Page, day: str, name: str) -> Page:
    """Press a button beside a day, on the page as it is."""
    return leader.send(f"{YEAR}/{day}/{name}", revision=page.field("revision"))


def test_a_year_shows_the_computed_days_of_both_calendars(leader: Visitor) -> None:
    page = leader.open("/console/holidays")
    assert page.path == YEAR
    assert "Computed from law and the lunar calendar" in page
    assert "lunar 1/1" in page  # Tết, on 17 February
    assert "lunar 10/3" in page
    assert "not decided yet" in page
    assert leader.open("/console/holidays/2030").status == 200
    assert leader.open("/console/holidays/1800").status == 422


def test_a_day_is_added_decided_taken_away_and_put_back(
    leader: Visitor, days: Callable[..., Any]
) -> None:
    first = leader.open(YEAR)
    page = leader.send(
        f"{YEAR}/add",
        **{"date": "2026-01-02", "name.vi": "Nghỉ bù", "name.en": "Day in lieu"},
        confirmed="yes",
        revision=first.field("revision"),
    )
    assert "added by the staff" in page
    assert days()["2026-01-02"]["name"] == "Day in lieu"

    page = act(leader, page, "2026-09-01", "decided")
    assert days()["2026-09-01"]["confirmed"] is True
    page = act(leader, page, "2026-09-01", "open")
    assert days()["2026-09-01"]["confirmed"] is False

    page = act(leader, page, "2026-05-01", "remove")
    assert "2026-05-01" not in days()
    assert "Days of law that were taken away" in page
    page = act(leader, page, "2026-05-01", "restore")
    assert days()["2026-05-01"]["confirmed"] is True
    assert "Days of law that were taken away" not in page

    page = leader.send(f"{YEAR}/law", revision=page.field("revision"))
    assert "The days are those of law again." in page
    assert "2026-01-02" not in days()


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"date": ""}, "date"),
        ({"date": "soon"}, "date"),
        ({"date": "2027-01-02"}, "date"),
        ({"date": "2026-05-01"}, "date"),
        ({"name.vi": ""}, "name"),
        ({"name.vi": "x" * 201}, "name.vi"),
    ],
)
def test_what_is_wrong_with_a_day_is_said_and_nothing_is_entered(
    leader: Visitor, days: Callable[..., Any], change: dict[str, str], wrong: str
) -> None:
    before = days()
    fields = {"date": "2026-01-02", "name.vi": "Nghỉ bù", "revision": "0"}
    page = leader.send(f"{YEAR}/add", **fields | change)
    assert page.status == 422
    assert f'href="#{wrong}"' in page
    assert days() == before


def test_what_somebody_else_entered_meanwhile_is_not_overwritten(
    leader: Visitor, days: Callable[..., Any]
) -> None:
    stale = leader.open(YEAR)
    act(leader, stale, "2026-05-01", "remove")
    page = act(leader, stale, "2026-04-30", "remove")
    assert 'role="alert"' in page
    assert "2026-04-30" in days()


def test_who_does_not_publish_reads_the_days_only(
    client: FlaskClient, as_staff: Callable[..., dict[str, str]]
) -> None:
    officer = Visitor(client, as_staff(Role.OFFICER))
    assert officer.open(YEAR).status == 403
