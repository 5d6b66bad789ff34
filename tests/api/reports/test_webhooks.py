"""Webhooks: every change of a report reaches the systems that subscribed, signed, once or again."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from backend.feedback.models import ReportEvent
from backend.settings import Settings
from backend.webhooks import sending
from backend.webhooks.models import KINDS
from notifications import worker
from tests.api.reports.conftest import FileReport, Headers
from tests.conftest import TurnableClock
from tests.factories.feedback import contact
from tests.fakes.receiver import Received, Receiver

WEBHOOKS = "/api/v1/staff/webhooks"

Subscribe = Callable[..., dict[str, Any]]
Work = Callable[[], int]


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    """A town that may call servers of its own machine."""
    return make_app(webhooks_private=True)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def subscribe(client: FlaskClient, admin: Headers, receiver: Receiver) -> Subscribe:
    """Tell the receiver of the given types of events, or of all."""

    def subscribe(*events: str) -> dict[str, Any]:
        body = {"url": f"{receiver.url}/hook", "events": list(events)}
        answer = client.post(WEBHOOKS, json=body, headers=admin)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json
        return made

    return subscribe


@pytest.fixture
def work(app: Flask, settings: Settings, clock: TurnableClock) -> Work:
    """Let the worker do what is due."""
    sessions: sessionmaker[Session] = app.extensions["sessions"]
    handlers = sending.handlers(replace(settings, webhooks_private=True))
    return lambda: worker.work_off(sessions, handlers, clock)


def signature_of(message: Received, secret: str) -> str:
    """What a receiver computes, by the words of the specification."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message.id}.{message.timestamp}.".encode() + message.body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def deliveries(
    client: FlaskClient, admin: Headers, webhook: dict[str, Any], **query: str
) -> list[dict[str, Any]]:
    answer = client.get(f"{WEBHOOKS}/{webhook['id']}/deliveries", query_string=query, headers=admin)
    assert answer.status_code == 200
    items: list[dict[str, Any]] = answer.json["items"]
    return items


def test_each_change_of_a_report_is_told_signed_and_once(
    client: FlaskClient, officer: Headers, admin: Headers, file: FileReport,
    receiver: Receiver, subscribe: Subscribe, work: Work,
) -> None:  # fmt: skip
    webhook = subscribe()
    filed = file()
    client.post(f"{filed.staff_address}/transition", json={"to": "verified"}, headers=officer)
    work()

    assert receiver.types() == ["report.filed", "report.moved"]
    moved = receiver.received[1]
    assert moved.signature == signature_of(moved, webhook["secret"])
    assert moved.path == "/hook"
    data = moved.said["data"]
    assert (data["report"]["id"], data["report"]["code"]) == (filed.id, filed.code)
    assert (data["change"]["from_status"], data["change"]["to_status"]) == ("received", "verified")
    work()
    assert len(receiver.received) == 2
    log = deliveries(client, admin, webhook)
    assert {entry["id"] for entry in log} == {message.id for message in receiver.received}
    assert {(entry["state"], entry["status"], entry["attempts"]) for entry in log} == {
        ("delivered", 200, 1)
    }


def test_only_what_was_subscribed_to_is_told(
    client: FlaskClient, officer: Headers, file: FileReport,
    receiver: Receiver, subscribe: Subscribe, work: Work,
) -> None:  # fmt: skip
    subscribe("report.moved")
    filed = file()
    client.post(f"{filed.staff_address}/transition", json={"to": "verified"}, headers=officer)
    work()
    assert receiver.types() == ["report.moved"]


def test_the_secret_is_shown_once(
    client: FlaskClient, admin: Headers, subscribe: Subscribe
) -> None:
    webhook = subscribe()
    assert webhook["secret"].startswith("whsec_")
    for address in (WEBHOOKS, f"{WEBHOOKS}/{webhook['id']}"):
        assert webhook["secret"] not in client.get(address, headers=admin).text


def test_nothing_of_who_reported_and_no_words_before_they_are_approved(
    client: FlaskClient, officer: Headers, file: FileReport,
    receiver: Receiver, subscribe: Subscribe, work: Work,
) -> None:  # fmt: skip
    subscribe()
    filed = file(
        description="Nhà ông Bí Mật", place_text="Ngõ Bí Mật",
        location={"lat": 18.8123, "lng": 105.7123}, **contact(name="Bí Mật", phone="0987654321"),
    )  # fmt: skip
    work()
    client.post(f"{filed.address}/comments", json={"text": "Bí Mật"}, headers=filed.headers)
    client.post(f"{filed.staff_address}/transition", json={"to": "verified"}, headers=officer)
    work()
    told = json.dumps([message.said for message in receiver.received], ensure_ascii=False)
    assert "Bí Mật" not in told
    assert "987654321" not in told
    first, *_, last = receiver.received
    assert first.said["data"]["report"]["location"] is None
    assert last.said["data"]["report"]["location"] == {"lat": 18.8123, "lng": 105.7123}

    approval = {"description": "Rác ở ngõ", "photos": []}
    client.post(f"{filed.staff_address}/approve", json=approval, headers=officer)
    work()
    assert receiver.received[-1].said["data"]["report"]["description"] == "Rác ở ngõ"


def test_a_receiver_that_is_down_is_left_alone_and_then_gets_all_under_the_same_ids(
    client: FlaskClient, admin: Headers, file: FileReport, clock: TurnableClock,
    receiver: Receiver, subscribe: Subscribe, work: Work,
) -> None:  # fmt: skip
    webhook = subscribe("report.filed")
    receiver.status = 503
    for _ in range(5):
        file()
    work()
    # One message showed that it is down; the four others were not tried.
    assert len(receiver.received) == 1
    clock.advance(seconds=3)
    work()
    assert len(receiver.received) == 1
    clock.advance(seconds=6)
    work()
    assert len(receiver.received) == 2
    receiver.status = 200
    clock.advance(minutes=2)
    work()
    assert len({message.id for message in receiver.received}) == 5
    assert {entry["state"] for entry in deliveries(client, admin, webhook)} == {"delivered"}
    first = receiver.received[0]
    assert first.id in {message.id for message in receiver.received[1:]}


def test_retry_after_is_kept(
    file: FileReport, clock: TurnableClock,
    receiver: Receiver, subscribe: Subscribe, work: Work,
) -> None:  # fmt: skip
    subscribe("report.filed")
    receiver.status, receiver.headers = 429, [("Retry-After", "7200")]
    file()
    work()
    clock.advance(minutes=110)
    work()
    assert len(receiver.received) == 1
    clock.advance(minutes=25)
    receiver.status = 204
    work()
    assert len(receiver.received) == 2


def test_what_is_never_taken_is_buried_with_the_reason_and_can_be_replayed(
    client: FlaskClient, admin: Headers, file: FileReport, clock: TurnableClock,
    receiver: Receiver, subscribe: Subscribe, work: Work,
) -> None:  # fmt: skip
    webhook = subscribe("report.filed")
    receiver.status = 400
    file()
    for _ in range(30):
        work()
        clock.advance(hours=6)
    work()
    assert 9 <= len(receiver.received) <= 20
    [entry] = deliveries(client, admin, webhook, state="buried")
    assert (entry["error"], entry["status"]) == ("HTTP 400", 400)

    receiver.status = 200
    answer = client.post(
        f"{WEBHOOKS}/{webhook['id']}/replay", json={"delivery": entry["id"]}, headers=admin
    )
    assert answer.status_code == 202
    work()
    assert receiver.received[-1].id == entry["id"]
    assert deliveries(client, admin, webhook)[0]["state"] == "delivered"


def test_a_receiver_that_is_gone_is_switched_off(
    client: FlaskClient, admin: Headers, file: FileReport,
    receiver: Receiver, subscribe: Subscribe, work: Work,
) -> None:  # fmt: skip
    webhook = subscribe("report.filed")
    receiver.status = 410
    file()
    work()
    file()
    work()
    assert len(receiver.received) == 1
    shown = client.get(f"{WEBHOOKS}/{webhook['id']}", headers=admin).json
    assert (shown["active"], bool(shown["stopped_because"])) == (False, True)


def test_all_since_a_moment_is_sent_again_also_what_happened_before_the_subscription(
    client: FlaskClient, admin: Headers, file: FileReport, clock: TurnableClock,
    receiver: Receiver, subscribe: Subscribe, work: Work,
) -> None:  # fmt: skip
    file()
    clock.advance(hours=1)
    since = clock().isoformat()
    missed = file()
    clock.advance(hours=1)
    webhook = subscribe("report.filed")
    told = file()
    work()
    assert [m.said["data"]["report"]["code"] for m in receiver.received] == [told.code]
    answer = client.post(f"{WEBHOOKS}/{webhook['id']}/replay", json={"since": since}, headers=admin)
    assert answer.status_code == 202
    work()
    again = receiver.received[1:]
    assert [m.said["data"]["report"]["code"] for m in again] == [missed.code, told.code]
    assert again[1].id == receiver.received[0].id


def test_a_redirect_is_not_followed(
    client: FlaskClient, admin: Headers, file: FileReport,
    receiver: Receiver, subscribe: Subscribe, work: Work,
) -> None:  # fmt: skip
    webhook = subscribe("report.filed")
    receiver.status, receiver.headers = 302, [("Location", f"{receiver.url}/elsewhere")]
    file()
    work()
    assert [message.path for message in receiver.received] == ["/hook"]
    assert deliveries(client, admin, webhook)[0]["error"] == "HTTP 302"


@pytest.mark.parametrize(
    "url",
    [
        "http://city.example/hook",
        "https://127.0.0.1/hook",
        "https://localhost/hook",
        "https://10.0.0.7/hook",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/hook",
        "https://[::ffff:10.0.0.7]/hook",
        "https://[64:ff9b::a00:7]/hook",
        "https://user:password@city.example/hook",
        "https://db.internal/hook",
        "ftp://city.example/hook",
        "https:///hook",
        "hook",
    ],
)
def test_an_address_inside_is_refused_by_name(
    make_app: Callable[..., Flask], admin: Headers, url: str
) -> None:
    answer = make_app().test_client().post(WEBHOOKS, json={"url": url}, headers=admin)
    assert answer.status_code == 422
    assert "url" in answer.json["errors"]


def test_a_name_that_leads_inside_is_not_called(
    app: Flask, settings: Settings, client: FlaskClient, admin: Headers, clock: TurnableClock,
    file: FileReport, receiver: Receiver, subscribe: Subscribe,
) -> None:  # fmt: skip
    webhook = subscribe("report.filed")
    file()
    worker.work_off(app.extensions["sessions"], sending.handlers(settings), clock)
    assert receiver.received == []
    assert deliveries(client, admin, webhook)[0]["error"] == "only https is called"


def test_a_webhook_is_changed_switched_off_and_removed(
    client: FlaskClient, admin: Headers, file: FileReport,
    receiver: Receiver, subscribe: Subscribe, work: Work,
) -> None:  # fmt: skip
    webhook = subscribe()
    address = f"{WEBHOOKS}/{webhook['id']}"
    assert client.patch(address, json={"active": False}, headers=admin).json["active"] is False
    file()
    work()
    assert receiver.received == []
    assert client.post(f"{address}/replay", json={"since": "2026-07-01T00:00:00+07:00"},
                       headers=admin).status_code == 409  # fmt: skip
    changed = client.patch(
        address, json={"active": True, "events": ["report.filed"]}, headers=admin
    )
    assert changed.json["events"] == ["report.filed"]
    file()
    work()
    assert receiver.types() == ["report.filed"]
    assert client.delete(address, headers=admin).status_code == 204
    file()
    work()
    assert len(receiver.received) == 1
    assert client.get(address, headers=admin).status_code == 404


def test_an_event_nobody_knows_and_a_replay_of_nothing_are_refused(
    client: FlaskClient, admin: Headers, receiver: Receiver, subscribe: Subscribe
) -> None:
    body = {"url": f"{receiver.url}/hook", "events": ["report.eaten"]}
    answer = client.post(WEBHOOKS, json=body, headers=admin)
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["events"])
    address = f"{WEBHOOKS}/{subscribe()['id']}/replay"
    assert client.post(address, json={}, headers=admin).status_code == 422


def test_every_kind_of_event_in_a_history_can_be_subscribed_to(
    session: Session, client: FlaskClient, officer: Headers, file: FileReport
) -> None:
    filed = file()
    client.post(f"{filed.address}/comments", json={"text": "Vẫn còn"}, headers=filed.headers)
    client.post(f"{filed.staff_address}/note", json={"text": "Đã gọi"}, headers=officer)
    client.post(f"{filed.staff_address}/transition", json={"to": "verified"}, headers=officer)
    assert set(session.scalars(ReportEvent.__table__.select().with_only_columns(
        ReportEvent.kind))) <= set(KINDS)  # fmt: skip
