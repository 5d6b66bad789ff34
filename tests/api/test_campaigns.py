"""Campaigns through HTTP: written, confirmed, begun at their moment, counted, stopped, resent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from backend.accounts.roles import Role
from backend.campaigns import sending
from backend.database import engine_for
from content.alerts.models import Alert, Issuer
from content.articles.models import Article
from content.audit import AuditEntry
from content.publishing import State
from content.vocabularies.models import Quarter, Term, Vocabulary
from notifications import delivery, resending, worker
from notifications.campaigns import Campaign
from notifications.devices import Device
from notifications.gateway import Action, Outcome
from notifications.messages import InboxItem, Message
from tests.conftest import TurnableClock
from tests.factories.content import ArticleFactory
from tests.factories.notifications import DeviceFactory
from tests.unit.notifications.conftest import RecordingGateway

CAMPAIGNS = "/api/v1/staff/campaigns"
WORDS = {
    "title": {"vi": "Lịch cắt nước (mẫu)", "en": "Water cut (sample)"},
    "body": {"vi": "Từ 8 giờ sáng mai.", "en": "From 8 tomorrow morning."},
}

Headers = dict[str, str]


class Staff:
    """A member of staff at work on campaigns, and the worker behind."""

    def __init__(
        self,
        client: FlaskClient,
        headers: Headers,
        url: str,
        clock: TurnableClock,
        gateway: RecordingGateway,
    ) -> None:
        self.client, self.headers, self.url, self.clock = client, headers, url, clock
        self.gateway = gateway

    def write(self, code: int = 201, *, key: object = None, **said: Any) -> dict[str, Any]:
        headers = self.headers | ({"Idempotency-Key": str(key)} if key else {})
        answer = self.client.post(CAMPAIGNS, json=said, headers=headers)
        assert answer.status_code == code, answer.text
        found: dict[str, Any] = answer.json
        return found

    def do(
        self, act: str, campaign: dict[str, Any], code: int = 200, by: Headers | None = None
    ) -> dict[str, Any]:
        address = f"{CAMPAIGNS}/{campaign['id']}/{act}"
        answer = self.client.post(address, headers=by or self.headers)
        assert answer.status_code == code, answer.text
        found: dict[str, Any] = answer.json
        return found

    def look(self, campaign: dict[str, Any]) -> dict[str, Any]:
        answer = self.client.get(f"{CAMPAIGNS}/{campaign['id']}", headers=self.headers)
        found: dict[str, Any] = answer.json
        return found

    def work(self) -> None:
        engine = engine_for(self.url)
        handlers = {
            **delivery.handlers(self.gateway),
            **sending.handlers(Issuer(sender="tests", status="Test")),
            **resending.handlers(),
        }
        worker.work_off(sessionmaker(engine), handlers, self.clock)
        engine.dispose()


@pytest.fixture
def staff(
    client: FlaskClient,
    as_staff: Callable[..., Headers],
    database_url: str,
    clock: TurnableClock,
) -> Staff:
    return Staff(client, as_staff(Role.EDITOR), database_url, clock, RecordingGateway())


@pytest.fixture(autouse=True)
def town(session: Session) -> None:
    """Three devices, of two quarters, languages and platforms."""
    for code in ("nghi-thuy", "nghi-tan"):
        session.add(Quarter(code=code, name={"vi": code}, former_ward_code="0"))
    session.add(Term(vocabulary=Vocabulary.TOPIC, code="utilities", name={"vi": "Điện, nước"}))
    session.add_all(
        [
            DeviceFactory(address="binh", quarter="nghi-thuy"),
            DeviceFactory(address="chi", quarter="nghi-tan", platform="ios"),
            DeviceFactory(address="guest", quarter="nghi-tan", language="en", platform="web"),
        ]
    )
    session.commit()


def test_a_campaign_tells_those_who_are_meant_once_it_is_confirmed(staff: Staff) -> None:
    written = staff.write(**WORDS, audience={"quarters": ["nghi-tan"]})
    assert (written["state"], written["reach"]) == ("unconfirmed", 2)
    assert written["confirmations_needed"] == 1
    staff.work()
    assert staff.gateway.sent == []

    confirmed = staff.do("confirm", written)
    assert (confirmed["state"], confirmed["confirmations_needed"]) == ("scheduled", 0)
    staff.work()

    assert {(m.address, m.title) for m in staff.gateway.sent} == {
        ("chi", "Lịch cắt nước (mẫu)"),
        ("guest", "Water cut (sample)"),
    }
    seen = staff.look(written)
    assert seen["state"] == "sent"
    assert seen["counts"] == {
        "inbox": 2,
        "accepted": 2,
        "delivered": 0,
        "opened": 0,
        "waiting": 0,
        "failed": 0,
        "failures": {},
    }
    assert staff.do("confirm", written, 409)["status"] == 409


@pytest.mark.parametrize(
    ("audience", "reach"),
    [
        ({}, 3),
        ({"languages": ["en"]}, 1),
        ({"platforms": ["ios", "web"]}, 2),
        ({"topics": ["utilities"]}, 3),
        ({"quarters": ["nghi-tan"], "platforms": ["android"]}, 0),
    ],
)
def test_a_dry_run_counts_and_keeps_nothing(
    staff: Staff, session: Session, audience: dict[str, Any], reach: int
) -> None:
    tried = staff.write(200, **WORDS, audience=audience, dry_run=True)

    assert (tried["id"], tried["dry_run"], tried["reach"]) == (None, True, reach)
    assert tried["shortened"] == []
    for table in (Campaign, Message):
        assert session.scalar(select(func.count()).select_from(table)) == 0
    assert session.scalar(select(func.count()).where(AuditEntry.type == "campaign")) == 0


def test_a_dry_run_says_in_which_languages_phones_get_less(staff: Staff) -> None:
    long = {"vi": "nước " * 790, "en": "Short."}

    tried = staff.write(200, **(WORDS | {"body": long}), dry_run=True)

    assert tried["shortened"] == ["vi"]
    assert tried["body"]["vi"].endswith("nước…")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"title": {}}, "title"),
        ({"title": {"en": "Only English"}}, "title"),
        ({"title": {"vi": "a" * 201}}, "title"),
        ({"article_id": str(uuid4())}, "article_id"),
        ({"article_id": str(uuid4()), "title": {}, "body": {}}, "article_id"),
        ({"audience": {"quarters": ["atlantis"]}}, "audience.quarters"),
        ({"audience": {"topics": ["gossip"]}}, "audience.topics"),
        ({"audience": {"platforms": ["fax"]}}, "audience"),
        ({"audience": {"person": "x"}}, "audience"),
        ({"send_at": "2026-06-30T08:00:00+07:00"}, "send_at"),
        ({"send_at": "2028-02-29T08:00:00+07:00"}, "send_at"),
        ({"send_at": "2026-07-02T08:00:00"}, "send_at"),
        ({"expires_at": "2026-07-01T08:00:00+07:00"}, "expires_at"),
        ({"expires_at": "2026-08-01T08:00:00+07:00"}, "expires_at"),
        ({"ramp": {"percent": 10, "minutes": 5}, "emergency": True}, "ramp"),
        ({"ramp": {"percent": 100, "minutes": 5}}, "ramp"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"link": "//elsewhere.example"}, "link"),
        ({"image": "http://example.org/a.png"}, "image"),
        ({"collapse_key": "có dấu"}, "collapse_key"),
        ({"everybody": True}, "everybody"),
    ],
)
def test_what_cannot_be_sent_names_its_field_and_leaves_nothing(
    staff: Staff, session: Session, said: dict[str, Any], field: str
) -> None:
    for dry_run in (True, False):
        refused = staff.write(422, **(WORDS | said), dry_run=dry_run)
        assert list(refused["errors"]) == [field]

    assert session.scalar(select(func.count()).select_from(Campaign)) == 0


def test_the_same_key_writes_it_once_and_for_the_same_words_alone(staff: Staff) -> None:
    key = uuid4()
    first = staff.write(key=key, **WORDS, send_at="2026-07-02T08:00:00+07:00")
    again = staff.write(200, key=key, **WORDS, send_at="2026-07-02T08:00:00+07:00")

    assert again["id"] == first["id"]
    staff.write(409, key=key, **WORDS, send_at="2026-07-02T09:00:00+07:00")
    staff.write(422, key="no-uuid", **WORDS)


def test_it_waits_for_its_moment_also_on_the_29th_of_february(
    staff: Staff, clock: TurnableClock
) -> None:
    clock.moment = clock.moment.replace(year=2028, month=2, day=28, hour=23)
    written = staff.write(**WORDS, send_at="2028-02-29T08:00:00+07:00")
    staff.do("confirm", written)
    staff.work()
    clock.advance(hours=8, minutes=59)
    staff.work()
    assert staff.gateway.sent == []
    clock.advance(minutes=1)
    staff.work()

    assert len(staff.gateway.sent) == 3
    assert staff.look(written)["begun_at"] == "2028-02-29T08:00:00+07:00"


def test_one_that_is_confirmed_after_its_moment_begins_at_once(
    staff: Staff, clock: TurnableClock
) -> None:
    written = staff.write(**WORDS, send_at="2026-07-01T09:00:00+07:00")
    clock.advance(hours=2)

    staff.do("confirm", written)
    staff.work()

    assert len(staff.gateway.sent) == 3


def test_one_that_is_cancelled_tells_nobody(staff: Staff, clock: TurnableClock) -> None:
    written = staff.write(**WORDS, send_at="2026-07-01T09:00:00+07:00")
    staff.do("confirm", written)

    assert staff.do("cancel", written)["state"] == "cancelled"
    clock.advance(hours=2)
    staff.work()

    assert staff.gateway.sent == []
    staff.do("cancel", written, 409)
    staff.do("confirm", written, 409)


def test_one_that_goes_to_some_first_is_stopped_before_the_others(
    staff: Staff, session: Session, clock: TurnableClock
) -> None:
    session.add_all(DeviceFactory.build_batch(97))
    session.commit()
    written = staff.write(**WORDS, ramp={"percent": 20, "minutes": 30})
    staff.do("confirm", written)
    staff.work()
    begun = staff.look(written)
    assert (begun["state"], begun["counts"]["inbox"]) == ("sending", 20)

    staff.do("cancel", written)
    clock.advance(hours=1)
    staff.work()

    assert len(staff.gateway.sent) == 20
    assert staff.look(written)["state"] == "cancelled"


def test_an_emergency_is_confirmed_by_two_wakes_people_and_issues_a_warning(
    staff: Staff, session: Session, as_staff: Callable[..., Headers]
) -> None:
    leader, other_editor = as_staff(Role.LEADER), as_staff(Role.EDITOR)
    written = staff.write(**WORDS, emergency=True, event="storm")
    assert written["confirmations_needed"] == 2

    assert staff.do("confirm", written)["confirmations_needed"] == 1
    staff.do("confirm", written, 409)
    staff.do("confirm", written, 403, by=other_editor)
    staff.work()
    assert staff.gateway.sent == []
    done = staff.do("confirm", written, by=leader)
    staff.work()

    assert done["state"] == "scheduled"
    assert len(done["confirmations"]) == 2
    alert = session.scalars(select(Alert)).one()
    assert (alert.event, alert.headline["vi"]) == ("storm", WORDS["title"]["vi"])
    assert alert.description == WORDS["body"]
    assert {m.emergency for m in staff.gateway.sent} == {True}
    assert {m.link for m in staff.gateway.sent} == {f"/alerts/{alert.identifier}"}
    assert {m.topic for m in staff.gateway.sent} == {"safety"}


def test_an_article_is_told_as_it_stood_when_it_was_confirmed_or_not_at_all(
    staff: Staff, session: Session, clock: TurnableClock
) -> None:
    article: Article = ArticleFactory(
        title={"vi": "Cắt điện mẫu"}, quarters=["nghi-thuy"], topics=["utilities"]
    )
    session.add(article)
    session.commit()
    first, second = (staff.write(article_id=str(article.id)) for _ in range(2))
    assert (first["title"]["vi"], first["reach"]) == ("Cắt điện mẫu", 1)
    assert first["topics"] == ["utilities"]
    staff.do("confirm", first)
    staff.work()
    article.state = State.ARCHIVED
    session.commit()
    staff.do("confirm", second)
    staff.work()

    assert [(m.address, m.link) for m in staff.gateway.sent] == [
        ("binh", f"/announcements/{article.slug}")
    ]
    assert staff.look(second)["state"] == "cancelled"
    assert staff.look(second)["note"]
    staff.write(422, article_id=str(article.id))


def test_what_failed_is_counted_by_reason_and_sent_again_to_those_alone(
    staff: Staff, session: Session
) -> None:
    staff.gateway.answers["chi"] = Outcome(Action.BURY, "INVALID_ARGUMENT")
    staff.gateway.answers["guest"] = Outcome(Action.PRUNE, "UNREGISTERED")
    written = staff.write(**WORDS)
    staff.do("resend", written, 409)
    staff.do("confirm", written)
    staff.work()
    counts = staff.look(written)["counts"]
    assert counts["failures"] == {"INVALID_ARGUMENT": 1, "UNREGISTERED": 1}
    assert (counts["accepted"], counts["failed"], counts["inbox"]) == (1, 2, 3)

    staff.gateway.answers.clear()
    staff.gateway.sent.clear()
    assert staff.do("resend", written, 202) == {"devices": 1}
    staff.work()

    assert staff.gateway.addresses == ["chi"]
    assert staff.look(written)["counts"]["failures"] == {"UNREGISTERED": 1}
    assert session.scalar(select(func.count()).select_from(InboxItem)) == 3
    staff.do("resend", written, 409)


def test_receipts_are_counted_for_the_campaign_without_content(
    staff: Staff, client: FlaskClient, session: Session, clock: TurnableClock
) -> None:
    written = staff.write(**WORDS)
    staff.do("confirm", written)
    staff.work()
    device = session.scalars(select(Device).where(Device.address == "binh")).one()
    mine = f"/api/v1/devices/{device.installation_id}"
    [item] = client.get(f"{mine}/inbox").json["items"]
    for event in ("delivered", "opened"):
        seen = {"delivery_id": item["delivery_id"], "event": event, "at": clock().isoformat()}
        assert client.post(f"{mine}/receipts", json=seen).status_code == 204

    counts = staff.look(written)["counts"]
    assert (counts["accepted"], counts["delivered"], counts["opened"]) == (3, 1, 1)


def test_campaigns_are_listed_the_newest_first_and_on_the_audit(
    staff: Staff, client: FlaskClient, session: Session, clock: TurnableClock
) -> None:
    older = staff.write(**WORDS)
    clock.advance(minutes=1)
    newer = staff.write(**WORDS, expires_at=(clock() + timedelta(days=1)).isoformat())
    staff.do("cancel", older)

    listed = client.get(CAMPAIGNS, headers=staff.headers).json["items"]
    assert [one["id"] for one in listed] == [newer["id"], older["id"]]
    only = client.get(f"{CAMPAIGNS}?state=cancelled", headers=staff.headers).json["items"]
    assert [one["id"] for one in only] == [older["id"]]
    staff.do("confirm", newer)
    staff.work()
    states = {one["state"] for one in client.get(CAMPAIGNS, headers=staff.headers).json["items"]}
    assert states == {"sent", "cancelled"}
    acts = session.scalars(
        select(AuditEntry.act).filter_by(type="campaign").order_by(AuditEntry.id)
    )
    assert list(acts) == ["write", "write", "cancel", "confirm"]
