"""Public holidays: computed, entered by staff, and what they mean for opening hours."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.accounts.roles import Role
from tests.conftest import TOWN_TIME, TurnableClock
from tests.factories.content import PlaceFactory, keep

Headers = dict[str, str]


@pytest.fixture
def editor(as_staff: Callable[..., Headers]) -> Headers:
    """An editor."""
    return as_staff(Role.EDITOR)


def listed(client: FlaskClient, year: int) -> dict[str, Any]:
    answer = client.get(f"/api/v1/holidays?year={year}&lang=en")
    assert answer.status_code == 200, answer.json
    found: dict[str, Any] = answer.json
    return found


def confirmed(client: FlaskClient, year: int, name: str) -> list[str]:
    days = listed(client, year)["items"]
    return [day["date"] for day in days if day["confirmed"] and name in day["name"]]


@pytest.mark.parametrize(
    ("year", "tet"),
    [
        (1985, ["1985-01-21", "1985-01-22", "1985-01-23"]),
        (2007, ["2007-02-17", "2007-02-18", "2007-02-19"]),
        (2026, ["2026-02-17", "2026-02-18", "2026-02-19"]),
        (2027, ["2027-02-06", "2027-02-07", "2027-02-08"]),
        (2030, ["2030-02-02", "2030-02-03", "2030-02-04"]),
    ],
)
def test_the_days_of_tet_are_those_of_vietnam(
    client: FlaskClient, year: int, tet: list[str]
) -> None:
    assert confirmed(client, year, "Tet") == tet


def test_the_holidays_of_law_are_computed(client: FlaskClient) -> None:
    found = listed(client, 2026)
    assert found["is_computed"] is True
    sure = [day["date"] for day in found["items"] if day["confirmed"]]
    assert sure == [
        "2026-01-01", "2026-02-17", "2026-02-18", "2026-02-19", "2026-04-26", "2026-04-30",
        "2026-05-01", "2026-09-02",
    ]  # fmt: skip
    assert confirmed(client, 2026, "Hung Kings") == ["2026-04-26"]
    open_days = [day["date"] for day in found["items"] if not day["confirmed"]]
    assert open_days == ["2026-02-15", "2026-02-16", "2026-02-20", "2026-09-01", "2026-09-03"]


def test_the_present_year_is_the_default(client: FlaskClient, clock: TurnableClock) -> None:
    assert client.get("/api/v1/holidays").json["year"] == 2026
    clock.moment = datetime(2027, 1, 1, 0, 30, tzinfo=TOWN_TIME)
    assert client.get("/api/v1/holidays").json["year"] == 2027


def day(date: str, name: str = "Nghỉ bù", **more: Any) -> dict[str, Any]:
    return {"date": date, "name": {"vi": name, "en": "Day off"}, **more}


def test_staff_enter_the_days_of_a_year_once_the_state_has_decided(
    client: FlaskClient, editor: Headers
) -> None:
    address = "/api/v1/staff/holidays/2027"
    before = client.get(address, headers=editor).json
    assert (before["revision"], before["days"]) == (0, before["computed"])
    kept = [d | {"confirmed": True} for d in before["days"] if d["confirmed"]]
    body = {"revision": 0, "days": [*kept, day("2027-09-03")]}
    entered = client.put(address, json=body, headers=editor)
    assert entered.status_code == 200, entered.json
    assert (entered.json["revision"], entered.json["is_computed"]) == (1, False)

    found = listed(client, 2027)
    assert found["is_computed"] is False
    assert found["items"][-1] == {"date": "2027-09-03", "name": "Day off", "confirmed": True}
    assert listed(client, 2026)["is_computed"] is True

    again = client.put(address, json=body, headers=editor)
    assert again.status_code == 409
    moved = client.put(address, json={"revision": 1, "days": kept}, headers=editor)
    assert (moved.json["revision"], len(moved.json["days"])) == (2, len(kept))


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"days": [day("2026-01-01")]}, "days"),
        ({"days": [day("2027-01-01"), day("2027-01-01")]}, "days"),
        ({"days": [day("2027-02-30")]}, "days"),
        ({"days": [{"date": "2027-01-01", "name": {"en": "x"}}]}, "days"),
        ({"days": [{"date": "2027-01-01"}]}, "days"),
        ({"days": [day(f"2027-{m:02}-{d:02}") for m in (1, 3, 5) for d in range(1, 32)]}, "days"),
        ({"revision": -1}, "revision"),
        ({"revision": "one"}, "revision"),
        ({"year": 2027}, "year"),
    ],
)
def test_bad_days_are_named_and_nothing_is_entered(
    client: FlaskClient, editor: Headers, body: dict[str, Any], field: str
) -> None:
    sent = {"revision": 0, "days": [], **body}
    answer = client.put("/api/v1/staff/holidays/2027", json=sent, headers=editor)
    assert answer.status_code == 422, answer.json
    assert list(answer.json["errors"]) == [field]
    assert listed(client, 2027)["is_computed"] is True


@pytest.mark.parametrize("year", ["0", "1800", "9999", "-1", "x", "99999999999999999999"])
def test_a_year_out_of_reach_is_named(client: FlaskClient, year: str) -> None:
    answer = client.get(f"/api/v1/holidays?year={year}")
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["year"]


def test_the_calendar_of_a_year_that_is_none_is_not_found(
    client: FlaskClient, editor: Headers
) -> None:
    assert client.get("/api/v1/staff/holidays/next", headers=editor).status_code == 404
    assert client.get("/api/v1/staff/holidays/1800", headers=editor).status_code == 422


def test_who_may_only_read_enters_nothing(
    client: FlaskClient, as_staff: Callable[..., Headers]
) -> None:
    body = {"revision": 0, "days": []}
    address = "/api/v1/staff/holidays/2027"
    assert client.put(address, json=body).status_code == 401
    assert client.put(address, json=body, headers=as_staff(Role.OFFICER)).status_code == 403


@pytest.fixture
def offices(session: Session) -> None:
    """An office that is closed on holidays, and a duty desk that is open on them alone."""
    keep(
        session,
        PlaceFactory(slug="co-quan", opening_hours="Mo-Su 07:00-17:00; PH off"),
        PlaceFactory(slug="truc-le", opening_hours="PH 07:00-17:00"),
        PlaceFactory(slug="cho", opening_hours="Mo-Su 05:00-17:00"),
    )


def open_now(client: FlaskClient, clock: TurnableClock, date: str) -> list[bool | None]:
    clock.moment = datetime.fromisoformat(f"{date}T10:00").replace(tzinfo=TOWN_TIME)
    places = client.get("/api/v1/places").json["items"]
    known = {place["slug"]: place["open_now"] for place in places}
    for slug, state in known.items():
        assert client.get(f"/api/v1/places/{slug}").json["open_now"] is state
        for asked in (True, False):
            found = client.get(f"/api/v1/places?open_now={str(asked).lower()}").json["items"]
            assert (slug in [item["slug"] for item in found]) is (state is asked)
    return [known["co-quan"], known["truc-le"], known["cho"]]


def test_opening_hours_know_the_towns_holidays(
    client: FlaskClient, clock: TurnableClock, offices: None, editor: Headers
) -> None:
    assert open_now(client, clock, "2026-04-26") == [False, True, True]  # Giỗ Tổ
    assert open_now(client, clock, "2026-04-27") == [True, False, True]
    assert open_now(client, clock, "2026-09-01") == [None, None, True]  # not decided
    assert "open now" not in client.get("/places/co-quan?lang=en").text

    body = {"revision": 0, "days": [day("2026-09-01"), day("2026-11-20")]}
    assert client.put("/api/v1/staff/holidays/2026", json=body, headers=editor).status_code == 200
    assert "closed now" in client.get("/places/co-quan?lang=en").text
    assert open_now(client, clock, "2026-09-01") == [False, True, True]
    assert open_now(client, clock, "2026-09-02") == [True, False, True]
    assert open_now(client, clock, "2026-11-20") == [False, True, True]
    assert open_now(client, clock, "2027-02-06") == [False, True, True]  # Tết
