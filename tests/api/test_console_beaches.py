"""Lifeguards post the state of the beach from the console; the public reads it at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.accounts.roles import Role
from content.beaches.models import Beach
from tests.conftest import TurnableClock
from tests.console import Visitor
from tests.factories.content import BeachFactory, keep

POST = "/console/beaches/lan-chau/flag/yellow"


@pytest.fixture(autouse=True)
def beach(session: Session) -> Beach:
    beach = BeachFactory(slug="lan-chau", name={"vi": "Bãi Lan Châu", "en": "Lan Chau beach"})
    keep(session, beach, BeachFactory(slug="xuan-huong"))
    return beach


@pytest.fixture
def visit(client: FlaskClient, as_staff: Callable[..., dict[str, str]]) -> Callable[..., Visitor]:
    """A browser of a new member of staff with the given roles."""
    return lambda *roles: Visitor(client, as_staff(*roles))


@pytest.fixture
def lifeguard(visit: Callable[..., Visitor]) -> Visitor:
    return visit(Role.LIFEGUARD)


@pytest.fixture
def status(client: FlaskClient) -> Callable[..., Any]:
    """What the public reads of a beach."""
    return lambda slug="lan-chau": client.get(f"/api/v1/beaches/{slug}/status").json


def test_a_flag_is_posted_in_three_steps_and_the_public_reads_it(
    lifeguard: Visitor, status: Callable[..., Any], clock: TurnableClock
) -> None:
    home = lifeguard.open("/console")
    assert 'href="/console/beaches/lan-chau/flag"' in home
    assert f'href="{POST}"' in lifeguard.open("/console/beaches/lan-chau/flag")
    confirm = lifeguard.open(POST)
    assert 'value="3" checked' in confirm
    page = lifeguard.send(POST, hours="3", on_duty="yes", note="Sóng vừa")
    assert page.path == "/console/beaches"
    assert "Posted" in page
    assert "Yellow flag" in page
    known = status()
    assert (known["flag"], known["lifeguards_on_duty"], known["note"]) == (
        "yellow",
        True,
        "Sóng vừa",
    )
    until = datetime.fromisoformat(known["valid_until"])
    assert until - clock() == timedelta(hours=3)


def test_no_flag_is_a_state_of_its_own(lifeguard: Visitor, status: Callable[..., Any]) -> None:
    lifeguard.send("/console/beaches/lan-chau/flag/none", hours="1", on_duty="no")
    known = status()
    assert (known["flag"], known["stale"], known["lifeguards_on_duty"]) == (None, False, False)


def test_there_is_no_green_flag(lifeguard: Visitor) -> None:
    assert "green" not in lifeguard.open("/console/beaches/lan-chau/flag").text.lower()
    assert lifeguard.open("/console/beaches/lan-chau/flag/green").status == 404


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"hours": "3"}, "on_duty"),
        ({"on_duty": "yes"}, "hours"),
        ({"on_duty": "yes", "hours": "999"}, "hours"),
        ({"on_duty": "yes", "hours": "3", "note": "x" * 501}, "note"),
    ],
)
def test_what_is_missing_or_wrong_is_said_beside_its_field_and_nothing_is_posted(
    lifeguard: Visitor, status: Callable[..., Any], fields: dict[str, str], wrong: str
) -> None:
    page = lifeguard.send(POST, **fields)
    assert page.status == 422
    assert f'href="#{wrong}"' in page
    assert status()["observed_at"] is None


def test_a_slip_is_taken_back_and_what_was_known_before_holds_again(
    lifeguard: Visitor, status: Callable[..., Any], clock: TurnableClock
) -> None:
    lifeguard.send("/console/beaches/lan-chau/flag/red", hours="3", on_duty="yes")
    before = status()
    clock.advance(minutes=30)
    page = lifeguard.send(POST, hours="6", on_duty="no")
    undo = page.text.split('action="')[1:]
    address = next(part.split('"')[0] for part in undo if "/withdraw/" in part.split('"')[0])
    clock.advance(minutes=9)
    page = lifeguard.send(address)
    assert "Taken back" in page
    assert status() == before
    assert "There is no such observation." not in page
    assert lifeguard.send(address).status == 404


def test_only_who_posted_takes_back_and_only_within_minutes(
    visit: Callable[..., Visitor],
    client: FlaskClient,
    as_staff: Callable[..., dict[str, str]],
    status: Callable[..., Any],
    clock: TurnableClock,
) -> None:
    headers = as_staff(Role.LIFEGUARD)
    posted = client.post(
        "/api/v1/staff/beaches/lan-chau/observations", json={"flag": "red"}, headers=headers
    ).json
    address = f"/console/beaches/lan-chau/withdraw/{posted['id']}"
    assert visit(Role.LIFEGUARD).send(address).status == 403
    assert Visitor(client, headers).send(address.replace("lan-chau", "xuan-huong")).status == 404
    clock.advance(minutes=11)
    assert "It is too late to take it back" in Visitor(client, headers).send(address)
    assert status()["flag"] == "red"


def test_the_api_takes_back_too(
    client: FlaskClient, as_staff: Callable[..., dict[str, str]], status: Callable[..., Any]
) -> None:
    headers = as_staff(Role.LIFEGUARD)
    address = "/api/v1/staff/beaches/lan-chau/observations"
    posted = client.post(address, json={"flag": "red"}, headers=headers).json
    assert client.delete(f"{address}/{posted['id']}", headers=headers).status_code == 204
    assert status()["flag"] is None


def test_a_ban_without_an_end_holds_until_it_is_lifted(
    lifeguard: Visitor, status: Callable[..., Any], clock: TurnableClock
) -> None:
    page = lifeguard.send("/console/beaches/lan-chau/ban", reason="rough", ends="open")
    assert "Swimming is banned here" in page
    assert status()["ban"]["reason"] == "Biển động, sóng lớn"
    clock.advance(days=30)
    assert status()["swimming"] == "closed"
    assert "Yes, lift the ban" in lifeguard.open("/console/beaches/lan-chau/lift")
    assert "The ban is lifted." in lifeguard.send("/console/beaches/lan-chau/lift")
    assert status()["ban"] is None


def test_a_ban_at_every_beach_in_own_words_ends_by_the_towns_clocks(
    lifeguard: Visitor, status: Callable[..., Any], clock: TurnableClock
) -> None:
    fields = {"reason": "other", "reason_vi": "Tập huấn", "ends": "at"}
    lifeguard.send("/console/beaches/all/ban", **fields, ends_at="2026-07-01T17:00")
    assert status("xuan-huong")["ban"]["ends_at"] == "2026-07-01T17:00:00+07:00"
    assert status()["ban"]["everywhere"] is True
    page = lifeguard.open("/console/beaches")
    assert 'href="/console/beaches/all/lift"' in page
    assert 'href="/console/beaches/lan-chau/lift"' not in page
    clock.advance(hours=10)
    assert status()["ban"] is None


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"ends": "open"}, "reason"),
        ({"reason": "other", "ends": "open"}, "reason_vi"),
        ({"reason": "storm"}, "ends"),
        ({"reason": "storm", "ends": "at"}, "ends_at"),
        ({"reason": "storm", "ends": "at", "ends_at": "tomorrow"}, "ends_at"),
        ({"reason": "storm", "ends": "at", "ends_at": "2026-07-01T07:00"}, "ends_at"),
    ],
)
def test_a_ban_that_is_not_complete_is_refused_beside_the_field(
    lifeguard: Visitor, status: Callable[..., Any], fields: dict[str, str], wrong: str
) -> None:
    page = lifeguard.send("/console/beaches/lan-chau/ban", **fields)
    assert page.status == 422
    assert f'href="#{wrong}"' in page
    assert status()["ban"] is None


def test_each_role_is_offered_what_it_may_do(visit: Callable[..., Visitor]) -> None:
    leader = visit(Role.LEADER).open("/console/beaches")
    assert "/lan-chau/ban" in leader
    assert "/lan-chau/flag" not in leader
    editor = visit(Role.EDITOR).open("/console/beaches")
    assert "/lan-chau/ban" not in editor
    assert "/lan-chau/flag" not in editor
    assert 'href="/console/staff"' not in editor
    assert 'href="/console/staff"' in visit(Role.ADMIN).open("/console")


def test_what_does_not_exist_is_said_on_a_page_of_the_console(lifeguard: Visitor) -> None:
    page = lifeguard.open("/console/beaches/nowhere/flag")
    assert page.status == 404
    assert "To the start page" in page
    assert "Beach status" in page
