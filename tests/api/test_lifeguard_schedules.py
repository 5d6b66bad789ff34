"""The lifeguards' hours: who keeps them, what is refused, and what they say of swimming."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.accounts.roles import Role
from tests.conftest import TOWN_TIME, TurnableClock
from tests.factories.content import BeachFactory, keep

Headers = dict[str, str]
Post = Callable[..., Any]

ADDRESS = "/api/v1/staff/beaches/xuan-huong/lifeguard-schedules"
SUMMER = {
    "days": ["Mo", "Tu", "We", "Th", "Fr"],
    "from": "05:00",
    "to": "18:00",
    "valid_from": "2026-05-01",
    "valid_until": "2026-08-31",
}


@pytest.fixture(autouse=True)
def beaches(session: Session) -> None:
    """Two zones of the beach."""
    keep(session, BeachFactory(slug="xuan-huong"), BeachFactory(slug="cua-hoi"))


@pytest.fixture
def leader(as_staff: Callable[..., Headers]) -> Headers:
    """A leader."""
    return as_staff(Role.LEADER)


@pytest.fixture
def schedule(client: FlaskClient, leader: Headers) -> Post:
    """Put hours at Xuân Hương on file: `schedule(days=["Sa"])`."""
    return lambda **change: client.post(ADDRESS, json=SUMMER | change, headers=leader)


@pytest.fixture
def observe(client: FlaskClient, as_staff: Callable[..., Headers]) -> Post:
    """Post an observation of Xuân Hương."""
    lifeguard = as_staff(Role.LIFEGUARD)
    address = "/api/v1/staff/beaches/xuan-huong/observations"
    return lambda **body: client.post(address, json=body, headers=lifeguard)


def status(client: FlaskClient, slug: str = "xuan-huong") -> dict[str, Any]:
    body: dict[str, Any] = client.get(f"/api/v1/beaches/{slug}/status").json
    return body


def duty(client: FlaskClient, slug: str = "xuan-huong") -> tuple[bool | None, str | None]:
    found = status(client, slug)
    return found["lifeguards_on_duty"], found["lifeguards_by"]


def listed(client: FlaskClient, leader: Headers) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = client.get(ADDRESS, headers=leader).json["items"]
    return items


def turn_to(clock: TurnableClock, text: str) -> None:
    clock.moment = datetime.fromisoformat(text).replace(tzinfo=TOWN_TIME)


def test_hours_are_kept_changed_and_removed(
    client: FlaskClient, leader: Headers, schedule: Post
) -> None:
    made = schedule(note="Mùa hè", days=["Fr", "Mo"])
    assert made.status_code == 201, made.json
    assert made.json.items() >= {
        "days": ["Mo", "Fr"], "from": "05:00", "to": "18:00", "valid_from": "2026-05-01",
        "valid_until": "2026-08-31", "note": "Mùa hè",
    }.items()  # fmt: skip
    one = f"{ADDRESS}/{made.json['id']}"
    changed = client.patch(one, json={"to": "19:00", "valid_until": None}, headers=leader)
    assert changed.status_code == 200, changed.json
    assert listed(client, leader) == [changed.json]
    assert (changed.json["to"], changed.json["valid_until"]) == ("19:00", None)
    assert client.delete(one, headers=leader).status_code == 204
    assert listed(client, leader) == []
    assert client.delete(one, headers=leader).status_code == 404


def test_a_schedule_is_found_at_its_own_beach_alone(
    client: FlaskClient, leader: Headers, schedule: Post
) -> None:
    other = ADDRESS.replace("xuan-huong", "cua-hoi")
    address = f"{other}/{schedule().json['id']}"
    assert client.patch(address, json={"to": "19:00"}, headers=leader).status_code == 404
    assert client.delete(address, headers=leader).status_code == 404
    assert len(listed(client, leader)) == 1


def test_without_a_schedule_nobody_says_whether_lifeguards_are_there(client: FlaskClient) -> None:
    assert duty(client) == (None, None)
    assert status(client)["lifeguard_hours"] == []


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("2026-07-01T04:59", False),
        ("2026-07-01T05:00", True),
        ("2026-07-01T17:59", True),
        ("2026-07-01T18:00", False),
        ("2026-07-04T08:00", False),  # a Saturday
        ("2026-08-31T08:00", True),
        ("2026-09-01T08:00", None),
        ("2026-04-30T08:00", None),
    ],
)
def test_the_schedule_says_who_is_on_duty_where_nobody_looked(
    client: FlaskClient, schedule: Post, clock: TurnableClock, moment: str, said: bool | None
) -> None:
    schedule()
    turn_to(clock, moment)
    assert duty(client) == (said, None if said is None else "schedule")
    assert duty(client, "cua-hoi") == (None, None)


def test_the_hours_of_today_are_told(client: FlaskClient, schedule: Post) -> None:
    schedule(**{"from": "15:00", "to": "18:00"})
    schedule(**{"from": "05:00", "to": "11:00"})
    schedule(days=["Sa", "Su"])
    hours = [{"from": "05:00", "to": "11:00"}, {"from": "15:00", "to": "18:00"}]
    assert status(client)["lifeguard_hours"] == hours


def test_what_is_seen_now_counts_more_than_the_schedule(
    client: FlaskClient, schedule: Post, observe: Post, clock: TurnableClock
) -> None:
    schedule()
    observe(flag="red_over_yellow", lifeguards_on_duty=False)
    assert duty(client) == (False, "observation")
    assert status(client)["swimming"] == "unknown"
    clock.advance(hours=3)  # what was seen holds no longer
    assert duty(client) == (True, "schedule")
    assert (status(client)["swimming"], status(client)["flag"]) == ("unknown", None)


def test_outside_the_hours_nothing_is_supervised_whatever_flies(
    client: FlaskClient, schedule: Post, observe: Post, clock: TurnableClock
) -> None:
    schedule()
    turn_to(clock, "2026-07-01T17:00")
    observe(flag="red_over_yellow")
    assert (status(client)["swimming"], duty(client)) == ("supervised", (True, "schedule"))
    turn_to(clock, "2026-07-01T18:00")
    found = status(client)
    assert (found["flag"], found["stale"]) == ("red_over_yellow", False)
    assert (found["swimming"], found["confirmed"]) == ("unknown", False)
    assert found["lifeguards_on_duty"] is False


@pytest.mark.parametrize("flag", ["red", "red_over_red", "yellow", "purple", "quartered"])
def test_other_flags_warn_the_same_without_lifeguards(
    client: FlaskClient, schedule: Post, observe: Post, clock: TurnableClock, flag: str
) -> None:
    observe(flag=flag, lifeguards_on_duty=True)
    watched = status(client)["swimming"]
    schedule()
    turn_to(clock, "2026-07-01T20:00")
    observe(flag=flag)
    assert (status(client)["swimming"], duty(client)[0]) == (watched, False)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"days": ["Fr"]},
        {"days": ["Fr", "Sa"], "from": "17:59", "to": "23:00"},
        {"from": "04:00", "to": "05:01"},
        {"from": "10:00", "to": "11:00"},
        {"valid_from": "2026-08-31", "valid_until": None},
        {"valid_from": "2026-01-01", "valid_until": "2026-05-01"},
    ],
)
def test_hours_that_overlap_are_refused_with_the_ones_they_overlap(
    client: FlaskClient, leader: Headers, schedule: Post, change: dict[str, Any]
) -> None:
    schedule()
    before = listed(client, leader)
    refused = schedule(**change)
    assert refused.status_code == 422
    (sentence,) = refused.json["errors"]["days"]
    assert "Mo,Tu,We,Th,Fr 05:00-18:00" in sentence
    assert "01/05/2026 – 31/08/2026" in sentence
    assert listed(client, leader) == before


@pytest.mark.parametrize(
    "change",
    [
        {"days": ["Sa", "Su"]},
        {"from": "18:00", "to": "19:00"},
        {"valid_from": "2026-09-01", "valid_until": None},
        # 29 August to 31 August is a Saturday to a Monday
        {"valid_from": "2026-08-29", "valid_until": "2027-01-01", "days": ["Tu", "Sa"]},
    ],
)
def test_hours_that_only_touch_or_miss_each_other_are_taken(
    schedule: Post, change: dict[str, Any]
) -> None:
    assert schedule().status_code == 201
    assert schedule(**change).status_code == 201


def test_two_beaches_may_have_the_same_hours(
    client: FlaskClient, leader: Headers, schedule: Post
) -> None:
    assert schedule().status_code == 201
    other = ADDRESS.replace("xuan-huong", "cua-hoi")
    assert client.post(other, json=SUMMER, headers=leader).status_code == 201


def test_a_change_may_overlap_itself_but_no_other(
    client: FlaskClient, leader: Headers, schedule: Post
) -> None:
    one = f"{ADDRESS}/{schedule().json['id']}"
    schedule(days=["Sa"])
    before = listed(client, leader)
    assert client.patch(one, json={"from": "06:00"}, headers=leader).status_code == 200
    refused = client.patch(one, json={"days": ["Fr", "Sa"]}, headers=leader)
    assert refused.status_code == 422
    assert "Sa 05:00-18:00" in refused.json["errors"]["days"][0]
    assert sorted(i["days"] for i in listed(client, leader)) == sorted(i["days"] for i in before)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"days": []}, "days"),
        ({"days": ["Monday"]}, "days"),
        ({"days": "Mo"}, "days"),
        ({"days": ["Mo"] * 8}, "days"),
        ({"days": None}, "days"),
        ({"from": "5 giờ"}, "from"),
        ({"from": "05:00:00"}, "from"),
        ({"from": None}, "from"),
        ({"to": "24:00"}, "to"),
        ({"to": "05:00"}, "to"),
        ({"to": "04:59"}, "to"),
        ({"from": "22:00", "to": "02:00"}, "to"),
        ({"valid_from": "1/5/2026"}, "valid_from"),
        ({"valid_from": "2026-02-30"}, "valid_from"),
        ({"valid_from": None}, "valid_from"),
        ({"valid_until": "2025-04-30"}, "valid_until"),
        ({"valid_until": "mùa thu"}, "valid_until"),
        # two days, a Saturday and a Sunday
        ({"valid_from": "2026-07-04", "valid_until": "2026-07-05"}, "days"),
        ({"note": "x" * 301}, "note"),
        ({"starts": "05:00"}, "starts"),
    ],
)
def test_bad_hours_are_refused_by_field_and_change_nothing(
    client: FlaskClient, leader: Headers, schedule: Post, change: dict[str, Any], field: str
) -> None:
    kept = schedule(valid_from="2026-06-01").json
    added = schedule(**{"valid_from": "2025-05-01", "valid_until": "2025-08-31"} | change)
    changed = client.patch(f"{ADDRESS}/{kept['id']}", json=change, headers=leader)
    for answer in (added, changed):
        assert answer.status_code == 422, answer.json
        assert list(answer.json["errors"]) == [field]
    assert listed(client, leader) == [kept]


@pytest.mark.parametrize("missing", ["days", "from", "to", "valid_from"])
def test_what_hours_need_is_named(client: FlaskClient, leader: Headers, missing: str) -> None:
    body = {name: value for name, value in SUMMER.items() if name != missing}
    answer = client.post(ADDRESS, json=body, headers=leader)
    assert list(answer.json["errors"]) == [missing]


def test_who_does_not_plan_may_read_but_not_write(
    client: FlaskClient, as_staff: Callable[..., Headers], schedule: Post
) -> None:
    one = f"{ADDRESS}/{schedule().json['id']}"
    lifeguard = as_staff(Role.LIFEGUARD)
    assert client.get(ADDRESS, headers=lifeguard).status_code == 200
    assert client.post(ADDRESS, json=SUMMER, headers=lifeguard).status_code == 403
    assert client.patch(one, json={"to": "19:00"}, headers=lifeguard).status_code == 403
    assert client.delete(one, headers=lifeguard).status_code == 403
    assert client.get(ADDRESS).status_code == 401
