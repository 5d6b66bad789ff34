"""Single days of an event, moved and cancelled at the console."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.accounts.roles import Role
from content.events.models import Event
from tests.conftest import TOWN_TIME
from tests.console import Page, Visitor
from tests.factories.content import EventFactory, keep

SATURDAYS = {"calendar": "gregorian", "rule": "FREQ=WEEKLY;BYDAY=SA"}


@pytest.fixture
def market(session: Session) -> Event:
    """Every Saturday, from five to nine in the evening."""
    market = EventFactory(
        slug="cho-dem",
        title={"vi": "Chợ đêm mẫu", "en": "Sample night market"},
        starts_at=datetime(2026, 7, 4, 17, tzinfo=TOWN_TIME),
        ends_at=datetime(2026, 7, 4, 21, tzinfo=TOWN_TIME),
        starts_on=None,
        recurrence=SATURDAYS,
    )
    keep(session, market)
    return market


@pytest.fixture
def editor(client: FlaskClient, as_staff: Callable[..., dict[str, str]]) -> Visitor:
    return Visitor(client, as_staff(Role.EDITOR))


@pytest.fixture
def listed(client: FlaskClient) -> Callable[[], dict[str, Any]]:
    """What the public reads of July, by the days of the rule."""

    def read() -> dict[str, Any]:
        query = "from=2026-07-01&to=2026-07-31&lang=en"
        return {one["date"]: one for one in client.get(f"/api/v1/events?{query}").json["items"]}

    return read


def save(editor: Visitor, market: Event, day: str, **fields: str) -> Page:
    """Fill in the page of one day, as it is, and press a button."""
    address = f"/console/events/{market.id}/days/{day}"
    form = editor.open(address)
    return editor.send(address, **{"revision": form.field("revision"), "then": "publish"} | fields)


def test_one_day_is_cancelled_another_moved_and_both_put_back(
    editor: Visitor, market: Event, listed: Callable[[], Any]
) -> None:
    page = editor.open(f"/console/events/{market.id}/days")
    assert page.text.count("Move or cancel") == 20
    note = {"note.vi": "Vì bão", "note.en": "Because of the storm"}
    page = save(editor, market, "2026-07-11", status="cancelled", **note)
    assert "Kept. The public reads it now." in page
    cancelled = listed()["2026-07-11"]
    assert (cancelled["status"], cancelled["note"]) == ("cancelled", "Because of the storm")

    save(editor, market, "2026-07-18", status="moved", starts_at="2026-07-19T18:00")
    moved = listed()["2026-07-18"]
    assert (moved["status"], moved["starts_at"]) == ("moved", "2026-07-19T18:00:00+07:00")
    assert moved["ends_at"] == "2026-07-19T22:00:00+07:00"  # as long as ever
    assert listed()["2026-07-04"]["status"] == "scheduled"

    page = editor.open(f"/console/events/{market.id}/days/2026-07-18")
    assert page.field("starts_at") == "2026-07-19T18:00"
    assert "By its rule: Saturday, 18 July 2026: 17:00 to 21:00" in page

    for day in ("2026-07-11", "2026-07-18"):
        save(editor, market, day, status="scheduled")
    assert {one["status"] for one in listed().values()} == {"scheduled"}
    assert "Nothing was changed." in save(editor, market, "2026-07-18", status="scheduled")


def test_the_calendar_leads_to_the_day_and_shows_what_became_of_it(
    editor: Visitor, market: Event, client: FlaskClient, as_staff: Callable[..., dict[str, str]]
) -> None:
    address = f"/console/events/{market.id}/days/2026-07-11"
    assert f'href="{address}"' in editor.open("/console/calendar", month="2026-07")
    save(editor, market, "2026-07-11", status="cancelled")
    page = editor.open("/console/calendar", month="2026-07")
    assert re.search(rf'class="mark event cancelled" href="{address}"', page.text)
    leader = Visitor(client, as_staff(Role.LEADER))  # who does not write
    assert f'href="/console/events/{market.id}/review"' in leader.open(
        "/console/calendar", month="2026-07"
    )
    assert leader.open(address).status == 403


def test_whole_days_are_moved_by_days(
    editor: Visitor, session: Session, listed: Callable[[], Any]
) -> None:
    festival = EventFactory(
        slug="le-hoi",
        starts_on=date(2026, 7, 10),
        ends_on=date(2026, 7, 11),
        starts_at=None,
        ends_at=None,
        recurrence=None,
    )
    keep(session, festival)
    save(editor, festival, "2026-07-10", status="moved", starts_on="2026-07-20")
    moved = listed()["2026-07-10"]
    assert (moved["starts_at"], moved["ends_at"]) == (
        "2026-07-20T00:00:00+07:00",
        "2026-07-22T00:00:00+07:00",
    )


def test_a_draft_is_kept_from_the_public_and_published_with_what_else_is_drafted(
    editor: Visitor, market: Event, listed: Callable[[], Any]
) -> None:
    page = save(editor, market, "2026-07-11", status="cancelled", then="save")
    assert page.path == f"/console/events/{market.id}/review"
    assert listed()["2026-07-11"]["status"] == "scheduled"
    day = editor.open(f"/console/events/{market.id}/days/2026-07-18")
    assert "Changes are drafted" in day
    assert 'value="publish"' not in day
    # A request that asks for it all the same publishes nothing of another's drafts.
    save(editor, market, "2026-07-18", status="cancelled", then="publish")
    assert {one["status"] for one in listed().values()} == {"scheduled"}
    editor.send(f"/console/events/{market.id}/do/publish")
    assert listed()["2026-07-11"]["status"] == "cancelled"
    assert listed()["2026-07-18"]["status"] == "cancelled"


def test_where_two_have_to_look_a_day_becomes_a_draft(
    make_app: Callable[..., Flask],
    as_staff: Callable[..., dict[str, str]],
    market: Event,
    listed: Callable[[], Any],
) -> None:
    app = make_app(two_person_rule=True)
    editor = Visitor(app.test_client(), as_staff(Role.EDITOR))
    save(editor, market, "2026-07-11", status="cancelled")
    assert listed()["2026-07-11"]["status"] == "scheduled"


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"status": "postponed"}, "status"),
        ({"status": "moved", "starts_at": ""}, "starts_at"),
        ({"status": "moved", "starts_at": "soon"}, "starts_at"),
        (
            {"status": "moved", "starts_at": "2026-07-19T18:00", "ends_at": "2026-07-19T17:00"},
            "status",
        ),
        ({"status": "cancelled", "note.vi": "x" * 301}, "note"),
        ({"status": "cancelled", "note.en": "only English"}, "note"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    editor: Visitor,
    market: Event,
    listed: Callable[[], Any],
    fields: dict[str, str],
    wrong: str,
) -> None:
    page = save(editor, market, "2026-07-11", **fields)
    assert page.status == 422
    assert f'href="#{wrong}' in page, page.refused
    assert listed()["2026-07-11"]["status"] == "scheduled"


@pytest.mark.parametrize("day", ["2026-07-12", "2026-13-01", "soon", "1900-01-06"])
def test_a_day_that_the_event_has_not_is_not_found(
    editor: Visitor, market: Event, day: str
) -> None:
    assert editor.open(f"/console/events/{market.id}/days/{day}").status == 404


def test_what_a_colleague_saved_meanwhile_is_not_overwritten(
    editor: Visitor, market: Event, listed: Callable[[], Any]
) -> None:
    address = f"/console/events/{market.id}/days/2026-07-11"
    stale = editor.open(address).field("revision")
    save(editor, market, "2026-07-18", status="cancelled")
    page = editor.send(address, revision=stale, status="cancelled", then="publish")
    assert page.status == 422
    assert listed()["2026-07-11"]["status"] == "scheduled"
