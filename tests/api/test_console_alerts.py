"""Warnings at the console: written, looked at, sent; updated and ended in two steps each."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xmlschema
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts.roles import Role
from notifications.messages import Message
from tests.conftest import TurnableClock
from tests.console import Page, Visitor
from tests.factories.content import BeachFactory, keep

NEW = "/console/alerts/new"
SCHEMA = xmlschema.XMLSchema(Path(__file__).parents[1] / "schemas" / "CAP-v1.2.xsd")
STORM = {
    "event": "storm",
    "severity": "Severe",
    "urgency": "Expected",
    "certainty": "Likely",
    "headline.vi": "Bão số 5 gần bờ",
    "headline.en": "Typhoon No. 5 near the coast",
    "description.vi": "Gió giật cấp 10.",
    "expires": "2026-07-02T08:00",
    "notify": "yes",
}


@pytest.fixture(autouse=True)
def town(session: Session, vocabularies: None) -> None:
    """The quarters, and a beach."""
    keep(session, BeachFactory(slug="lan-chau", name={"vi": "Bãi Lan Châu", "en": "Lan Chau"}))


@pytest.fixture
def leader(client: FlaskClient, as_staff: Callable[..., dict[str, str]]) -> Visitor:
    return Visitor(client, as_staff(Role.LEADER))


@pytest.fixture
def in_force(client: FlaskClient) -> Callable[[], Any]:
    """The warnings that the public reads."""
    return lambda: client.get("/api/v1/alerts?lang=en").json["items"]


@pytest.fixture
def pushed(session: Session) -> Callable[[], list[str]]:
    """What phones were told, by titles."""

    def read() -> list[str]:
        session.rollback()
        messages = session.scalars(select(Message).order_by(Message.created_at))
        return [message.title["en"] for message in messages]

    return read


def kept(page: Page) -> dict[str, Any]:
    """What the last look carries on to the sending."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(
        r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text
    ):
        if name != "csrf_token":
            found.setdefault(name, []).append(value)
    return dict(found)


def issue(leader: Visitor, **change: Any) -> Page:
    """Write a storm warning, look at it, send it."""
    key = leader.open(NEW).field("key")
    look = leader.send(NEW, key=key, step="look", **STORM | change)
    assert look.status == 200, look.refused
    return leader.send(NEW, step="send", **kept(look))


def address(page: Page, act: str) -> str:
    return re.findall(rf'href="([^"]*/{act})"', page.text)[0]


def test_a_warning_is_looked_at_in_both_languages_before_anybody_is_warned(
    leader: Visitor, in_force: Callable[[], Any], pushed: Callable[[], Any], session: Session
) -> None:
    form = leader.open(NEW)
    look = leader.send(NEW, key=form.field("key"), step="look", **STORM)
    for words in (
        "Nothing is sent yet.",
        "EXERCISE",
        "Bão số 5 gần bờ",
        "Typhoon No. 5 near the coast",
        "Gió giật cấp 10.",
        "Keep out of the water and off the sea.",  # the usual words of a storm
        "It rings, also at night",
    ):
        assert words in look, words
    assert (in_force(), pushed()) == ([], [])

    back = leader.send(NEW, **kept(look) | {"step": "back"})
    assert back.field("headline.vi") == "Bão số 5 gần bờ"
    assert 'value="storm" checked' in back

    page = leader.send(NEW, **kept(look) | {"step": "send"})
    assert (page.path, page.status) == ("/console/alerts", 200)
    assert "Sent. The public reads it now." in page
    (alert,) = in_force()
    assert alert["headline"] == "Typhoon No. 5 near the coast"
    assert alert["expires"] == "2026-07-02T08:00:00+07:00"
    assert pushed() == ["Typhoon No. 5 near the coast"]


def test_an_impatient_second_press_warns_once(
    leader: Visitor, in_force: Callable[[], Any], pushed: Callable[[], Any]
) -> None:
    look = leader.send(NEW, key=leader.open(NEW).field("key"), step="look", **STORM)
    for _ in range(2):
        assert leader.send(NEW, **kept(look) | {"step": "send"}).status == 200
    assert (len(in_force()), len(pushed())) == (1, 1)


def test_an_update_takes_its_place_and_what_is_emptied_is_empty(
    leader: Visitor, client: FlaskClient, in_force: Callable[[], Any], pushed: Callable[[], Any]
) -> None:
    update = address(issue(leader), "update")
    form = leader.open(update)
    assert form.field("headline.en") == "Typhoon No. 5 near the coast"
    assert form.field("expires") == "2026-07-02T08:00"
    change = {"severity": "Extreme", "headline.en": "Landfall", "description.vi": "", "expires": ""}
    look = leader.send(update, step="look", quarters="nghi-thuy", **STORM | change | {"notify": ""})
    assert "Phones are not told." in look
    assert in_force()[0]["severity"] == "Severe"
    leader.send(update, **kept(look) | {"step": "send"})
    (alert,) = in_force()
    assert (alert["message_type"], alert["severity"]) == ("Update", "Extreme")
    assert (alert["headline"], alert["description"], alert["expires"]) == ("Landfall", "", None)
    assert alert["quarters"] == ["nghi-thuy"]
    assert len(pushed()) == 1
    SCHEMA.validate(client.get(alert["cap"]).text)
    over = leader.send(update, step="look", **STORM)
    assert over.status == 422
    assert "This alert is no longer in force." in over


def test_a_warning_is_ended_in_two_steps_with_a_reason(
    leader: Visitor,
    client: FlaskClient,
    clock: TurnableClock,
    in_force: Callable[[], Any],
    pushed: Callable[[], Any],
) -> None:
    cancel = address(issue(leader), "cancel")
    clock.advance(minutes=1)
    assert "Why it ends" in leader.open(cancel)
    look = leader.send(
        cancel, step="look", notify="yes", **{"reason.vi": "Bão đã tan", "reason.en": "It is over"}
    )
    assert "Nothing is sent yet." in look
    assert "It is over" in look
    assert len(in_force()) == 1
    page = leader.send(cancel, **kept(look) | {"step": "send"})
    assert in_force() == []
    assert "No warning is in force." in page
    assert pushed()[-1] == "No longer in force: Typhoon No. 5 near the coast"
    cap = re.findall(r'href="(/feeds/cap/[^"]+)"', page.text)[0]
    document = client.get(cap).text
    SCHEMA.validate(document)
    assert "<msgType>Cancel</msgType>" in document
    wrong = leader.send(cancel, step="send", **{"reason.en": "only English"})
    assert wrong.status == 422


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"event": "swim_ban"}, "event"),
        ({"severity": "Bad"}, "severity"),
        ({"urgency": ""}, "urgency"),
        ({"certainty": "Sure"}, "certainty"),
        ({"headline.vi": "", "headline.en": "only English"}, "headline"),
        ({"headline.vi": "x" * 161}, "headline.vi"),
        ({"description.vi": "x" * 2001}, "description.vi"),
        ({"quarters": "nowhere"}, "quarters"),
        ({"onset": "soon"}, "onset"),
        ({"expires": "2026-06-30T08:00"}, "expires"),
        ({"expires": "2027-06-30T08:00"}, "expires"),
    ],
)
@pytest.mark.parametrize("step", ["look", "send"])
def test_what_is_wrong_stands_beside_its_field_and_nobody_is_warned(
    leader: Visitor,
    in_force: Callable[[], Any],
    pushed: Callable[[], Any],
    change: dict[str, str],
    wrong: str,
    step: str,
) -> None:
    key = leader.open(NEW).field("key")
    page = leader.send(NEW, key=key, step=step, **STORM | change)
    assert page.status == 422
    assert f'href="#{wrong}"' in page, page.refused
    assert (in_force(), pushed()) == ([], [])


def test_the_warning_of_a_ban_leads_to_the_bans(
    leader: Visitor, in_force: Callable[[], Any]
) -> None:
    leader.send("/console/beaches/lan-chau/ban", reason="rough", ends="open")
    page = leader.open("/console/alerts")
    assert "It follows a ban" in page
    assert "/cancel" not in page
    (ban,) = in_force()
    for act in ("update", "cancel"):
        assert leader.open(f"/console/alerts/{ban['id']}/{act}").status == 409


def test_in_earnest_is_marked_as_such_on_every_step(
    make_app: Callable[..., Flask], session: Session, as_staff: Callable[..., dict[str, str]]
) -> None:
    app = make_app(cap_status="Actual")
    leader = Visitor(app.test_client(), as_staff(Role.LEADER))
    form = leader.open(NEW)
    look = leader.send(NEW, key=form.field("key"), step="look", **STORM)
    sent = leader.send(NEW, **kept(look) | {"step": "send"})
    end = leader.open(address(sent, "cancel"))
    for page in (form, look, sent, end):
        assert "IN EARNEST" in page
        assert "EXERCISE" not in page


def test_only_who_raises_alerts_sees_them(
    client: FlaskClient, as_staff: Callable[..., dict[str, str]]
) -> None:
    editor = Visitor(client, as_staff(Role.EDITOR))
    assert "/console/alerts" not in editor.open("/console")
    assert editor.open("/console/alerts").status == 403
