"""Campaigns at the console: written, looked at, confirmed, watched, sent again."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from backend.accounts.roles import Role
from backend.campaigns import sending
from backend.database import engine_for
from content.alerts.models import Issuer
from notifications import delivery, outbox, resending, worker
from notifications.campaigns import Campaign
from notifications.gateway import Action, Outcome
from notifications.outbox import Job, State
from notifications.sending import PUSH
from tests.conftest import TurnableClock
from tests.console import Page, Visitor
from tests.factories.content import ArticleFactory, keep
from tests.factories.notifications import DeviceFactory
from tests.unit.notifications.conftest import RecordingGateway

NEW = "/console/campaigns/new"
WORDS = {
    "title.vi": "Lịch cắt nước (mẫu)",
    "title.en": "Water cut (sample)",
    "body.vi": "Từ 8 giờ sáng mai.",
}


@pytest.fixture(autouse=True)
def town(session: Session, vocabularies: None) -> None:
    """Two phones in two quarters."""
    session.add_all(
        [DeviceFactory(address="binh", quarter="nghi-thuy"), DeviceFactory(address="chi")]
    )
    session.commit()


@pytest.fixture
def editor(client: FlaskClient, as_staff: Callable[..., dict[str, str]]) -> Visitor:
    return Visitor(client, as_staff(Role.EDITOR))


@pytest.fixture
def work(database_url: str, clock: TurnableClock) -> Callable[[RecordingGateway], None]:
    """Lets the worker do all that is due."""

    def run(gateway: RecordingGateway) -> None:
        engine = engine_for(database_url)
        handlers = {
            **delivery.handlers(gateway),
            **sending.handlers(Issuer(sender="tests", status="Test")),
            **resending.handlers(),
        }
        worker.work_off(sessionmaker(engine), handlers, clock)
        engine.dispose()

    return run


def kept(page: Page) -> dict[str, Any]:
    """What the last look carries on."""
    found: dict[str, list[str]] = {}
    hidden = r'<input type="hidden" name="([^"]+)" value="([^"]*)"'
    for name, value in re.findall(hidden, page.text):
        if name != "csrf_token":
            found.setdefault(name, []).append(value)
    return dict(found)


def written(editor: Visitor, step: str, **more: Any) -> Page:
    """Write it, look at it, and go on by *step*."""
    look = editor.send(NEW, key=editor.open(NEW).field("key"), step="look", **WORDS | more)
    assert look.status == 200, look.refused
    return editor.send(NEW, step=step, **kept(look))


def test_the_last_look_shows_each_language_and_the_count_and_keeps_nothing(
    editor: Visitor, session: Session
) -> None:
    key = editor.open(NEW).field("key")
    look = editor.send(NEW, key=key, step="look", **WORDS, **{"audience.quarters": "nghi-thuy"})

    assert "Nothing is sent yet." in look
    assert "One phone would get it." in look
    assert "Lịch cắt nước (mẫu)" in look
    assert "Water cut (sample)" in look
    assert session.scalar(select(func.count()).select_from(Campaign)) == 0
    back = editor.send(NEW, **kept(look), step="back")
    assert back.field("title.vi") == "Lịch cắt nước (mẫu)"


def test_the_count_follows_the_boxes(editor: Visitor) -> None:
    every = editor.send("/console/campaigns/audience")
    some = editor.send("/console/campaigns/audience", **{"audience.quarters": "nghi-thuy"})
    none = editor.send("/console/campaigns/audience", **{"audience.platforms": "ios"})

    assert "2 phones would get it." in every
    assert "One phone would get it." in some
    assert "No phone would get it" in none


def test_what_is_wrong_stands_beside_its_field(editor: Visitor) -> None:
    wrong = {"title.vi": "", "send_at": "soon", "ramp.percent": "100", "link": "elsewhere"}

    page = editor.send(NEW, key=editor.open(NEW).field("key"), step="look", **WORDS | wrong)
    assert page.status == 422
    assert 'id="send_at-wrong"' in page
    page = editor.send(
        NEW, key="x", step="look", **WORDS | wrong | {"send_at": "", "ramp.minutes": "5"}
    )
    assert 'id="ramp.percent-wrong"' in page
    assert 'id="link-wrong"' in page


def test_one_is_confirmed_goes_out_and_is_sent_again_to_those_it_failed_for(
    editor: Visitor, work: Callable[[RecordingGateway], None]
) -> None:
    gateway = RecordingGateway()
    gateway.answers["chi"] = Outcome(Action.BURY, "INVALID_ARGUMENT")
    page = written(editor, "send")
    assert "Confirmed." in page
    assert 'hx-trigger="every 3s"' in page
    work(gateway)

    page = editor.open(page.path)
    assert "did not take the message" in page
    assert 'hx-trigger="every 3s"' not in page
    assert 'Taken by the push service</dt><dd class="figure">1</dd>' in page
    gateway.answers.clear()
    page = editor.send(f"{page.path}/do/resend")
    assert "Tried again for one phone." in page
    work(gateway)

    assert gateway.addresses == ["binh", "chi", "chi"]
    assert 'Not reached</dt><dd class="figure">0' in editor.open(page.path)
    assert "Water cut (sample)" in editor.open("/console/campaigns")


def test_an_emergency_waits_for_a_second_person(
    editor: Visitor,
    client: FlaskClient,
    as_staff: Callable[..., dict[str, str]],
    work: Callable[[RecordingGateway], None],
) -> None:
    gateway = RecordingGateway()
    page = written(editor, "send", emergency="yes", event="storm")
    assert "Now a second person confirms it" in page
    assert "I stand for it" not in page
    work(gateway)
    assert gateway.sent == []

    leader = Visitor(client, as_staff(Role.LEADER))
    assert "I stand for it" in leader.open(page.path)
    assert "Confirmed." in leader.send(f"{page.path}/do/confirm")
    work(gateway)

    assert {m.emergency for m in gateway.sent} == {True}


def test_one_that_was_put_forward_is_cancelled(editor: Visitor) -> None:
    page = written(editor, "write")
    assert "nothing is sent yet" in page

    assert "Nobody more is told." in editor.send(f"{page.path}/do/cancel")
    assert "cancelled already" in editor.send(f"{page.path}/do/cancel")
    assert editor.send(f"{page.path}/do/shout").status == 404


def test_an_article_is_sent_as_it_stands(editor: Visitor, session: Session) -> None:
    article = ArticleFactory(title={"vi": "Cắt điện mẫu"}, kind="announcement")
    keep(session, article)

    review = editor.open(f"/console/articles/{article.id}/review")
    assert f'href="{NEW}?article={article.id}"' in review
    page = editor.open(NEW, article=str(article.id))
    assert "It says what this article says now" in page
    look = editor.send(NEW, key=page.field("key"), step="look", article_id=str(article.id))
    assert "Cắt điện mẫu" in look


def test_work_that_was_given_up_is_tried_again(
    editor: Visitor, session: Session, clock: TurnableClock
) -> None:
    for kind in (PUSH, "somebody.else"):
        outbox.enqueue(session, kind, {}, now=clock())
        lease = outbox.claim(session, [kind], now=clock(), lease=worker.LEASE)
        assert lease
        outbox.bury(session, lease, now=clock(), reason="UNAVAILABLE")
    session.commit()
    jobs = {job.kind: job for job in session.scalars(select(Job))}

    page = editor.open("/console/campaigns")
    assert "Phones were not reached" in page
    assert "somebody.else" not in page
    editor.send("/console/campaigns/replay", job=[str(job.id) for job in jobs.values()])

    for job in jobs.values():
        session.refresh(job)
    assert jobs[PUSH].state == State.QUEUED
    assert jobs["somebody.else"].state == State.BURIED


def test_a_lifeguard_has_no_such_desk(
    client: FlaskClient, as_staff: Callable[..., dict[str, str]]
) -> None:
    lifeguard = Visitor(client, as_staff(Role.LIFEGUARD))

    assert lifeguard.open("/console/campaigns").status == 403
    assert "Messages to phones" not in lifeguard.open("/console")
