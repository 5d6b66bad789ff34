"""Inboxes of devices and of people: read, put away; and what push says of people in logs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from structlog.testing import capture_logs

from backend.database import engine_for
from notifications import delivery, inbox, messages, worker
from notifications.devices import Device
from notifications.gateway import Action, Outcome
from notifications.messages import InboxItem
from notifications.outbox import Job
from notifications.payload import fcm_message
from tests.conftest import TurnableClock
from tests.factories.notifications import DeviceFactory
from tests.unit.notifications.conftest import RecordingGateway, announce

Deliver = Callable[..., RecordingGateway]


@pytest.fixture
def deliver(database_url: str, clock: TurnableClock) -> Deliver:
    """Lets the worker deliver what was said."""

    def run(gateway: RecordingGateway | None = None) -> RecordingGateway:
        gateway = gateway or RecordingGateway()
        engine = engine_for(database_url)
        worker.work_off(sessionmaker(engine), delivery.handlers(gateway), clock)
        engine.dispose()
        return gateway

    return run


def say_to(session: Session, clock: TurnableClock, citizen: UUID, title: str) -> messages.Message:
    messages.notify(
        session,
        citizen,
        kind="report",
        topics=["reports"],
        title={"vi": title},
        body={"vi": title},
        now=clock(),
    )
    session.commit()
    return session.scalars(select(messages.Message).filter_by(citizen_id=citizen)).one()


def test_a_device_reads_puts_away_and_takes_out_again(
    client: FlaskClient, session: Session, clock: TurnableClock, deliver: Deliver
) -> None:
    device: Device = DeviceFactory()
    session.add(device)
    announce(session, clock)
    deliver()
    mine = f"/api/v1/devices/{device.installation_id}/inbox"

    def items(**query: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = client.get(mine, query_string=query).json["items"]
        return found

    [item] = items()
    assert (item["read_at"], item["archived_at"]) == (None, None)
    one = f"{mine}/{item['delivery_id']}"
    assert client.post(f"{one}/read").status_code == 204
    clock.advance(hours=1)
    client.post(f"{one}/read")
    assert items()[0]["read_at"] == "2026-07-01T08:00:00+07:00"

    assert client.post(f"{one}/archive").status_code == 204
    assert items() == []
    [away] = items(archived="true")
    assert away["archived_at"] == "2026-07-01T09:00:00+07:00"
    client.post(f"{one}/unarchive")
    assert len(items()) == 1

    other = f"/api/v1/devices/{uuid4()}/inbox/{item['delivery_id']}/read"
    assert client.post(other).status_code == 404
    assert client.post(f"{mine}/{10**30}/read").status_code == 404
    assert client.post(f"{one}/burn").status_code == 404


def test_a_push_that_was_opened_is_read(
    client: FlaskClient, session: Session, clock: TurnableClock, deliver: Deliver
) -> None:
    device: Device = DeviceFactory()
    session.add(device)
    announce(session, clock)
    deliver()
    mine = f"/api/v1/devices/{device.installation_id}"
    [item] = client.get(f"{mine}/inbox").json["items"]
    seen = {"delivery_id": item["delivery_id"], "event": "opened", "at": clock().isoformat()}

    client.post(f"{mine}/receipts", json=seen)

    assert client.get(f"{mine}/inbox").json["items"][0]["read_at"] == "2026-07-01T08:00:00+07:00"


def test_a_person_reads_and_puts_away_for_all_own_devices_and_for_nobody_else(
    session: Session, clock: TurnableClock, deliver: Deliver
) -> None:
    citizen, other = uuid4(), uuid4()
    session.add_all([*DeviceFactory.build_batch(2, citizen_id=citizen)])
    session.add(DeviceFactory(citizen_id=other))
    message = announce(session, clock)
    own = say_to(session, clock, citizen, "Đã xử lý")
    deliver()

    inbox.do_for_citizen(session, citizen, message.id, "read", clock())
    inbox.do_for_citizen(session, citizen, own.id, "archive", clock())
    session.commit()

    found = session.scalars(inbox.of_citizen(citizen, archived=False)).all()
    [kept] = inbox.kept(session, citizen, found)
    assert (kept.message.id, kept.read_at) == (message.id, clock())
    away = session.scalars(inbox.of_citizen(citizen, archived=True)).all()
    assert [one.id for one in away] == [own.id]
    theirs = session.scalars(inbox.of_citizen(other)).all()
    assert [one.read_at for one in inbox.kept(session, other, theirs)] == [None]
    reading = (
        select(Device.citizen_id)
        .join(InboxItem, InboxItem.device_id == Device.id)
        .where(InboxItem.read_at.is_not(None))
    )
    assert session.scalars(reading).all() == [citizen, citizen]

    inbox.do_for_citizen(session, citizen, own.id, "unarchive", clock())
    assert session.scalars(inbox.of_citizen(citizen, archived=True)).all() == []
    inbox.forget_citizen(session, citizen)
    assert session.scalars(select(inbox.InboxMark)).all() == []


def test_the_inbox_of_a_citizen_over_http(
    client: FlaskClient,
    session: Session,
    clock: TurnableClock,
    as_citizen: Callable[[str], dict[str, str]],
) -> None:
    me, other = as_citizen("+84912345678"), as_citizen("+84987654321")
    client.get("/api/v1/me", headers=other)
    citizen = UUID(client.get("/api/v1/me", headers=me).json["id"])
    message = say_to(session, clock, citizen, "Đã xử lý")
    one = f"/api/v1/me/inbox/{message.id}"

    assert client.post(f"{one}/read", headers=other).status_code == 404
    assert client.post(f"{one}/read", headers=me).status_code == 204
    [item] = client.get("/api/v1/me/inbox", headers=me).json["items"]
    assert item["read_at"] == "2026-07-01T08:00:00+07:00"
    assert client.post(f"{one}/archive", headers=me).status_code == 204
    assert client.get("/api/v1/me/inbox", headers=me).json["items"] == []
    [away] = client.get("/api/v1/me/inbox?archived=true", headers=me).json["items"]
    assert away["id"] == str(message.id)
    assert client.get("/api/v1/me/export", headers=me).json["messages"][0]["archived_at"]


def test_addresses_are_in_no_log_and_no_job_and_each_persons_words_reach_that_person_alone(
    client: FlaskClient, session: Session, clock: TurnableClock, deliver: Deliver
) -> None:
    first, second = uuid4(), uuid4()
    people = {first: "zqfirst", second: "zqsecond"}
    for citizen, mark in people.items():
        session.add(DeviceFactory(address=f"{mark}-address", citizen_id=citizen))
        say_to(session, clock, citizen, f"{mark} words")
    gone = {
        "kind": "fid", "address": "zqthird-address", "platform": "ios", "language": "vi",
        "timezone": "Asia/Ho_Chi_Minh",
    }  # fmt: skip
    announce(session, clock)
    gateway = RecordingGateway()
    gateway.answers = {
        "zqfirst-address": Outcome(Action.RETRY, "UNAVAILABLE", timedelta(seconds=1)),
        "zqthird-address": Outcome(Action.PRUNE, "UNREGISTERED"),
    }

    with capture_logs() as logs:
        client.put(f"/api/v1/devices/{uuid4()}", json=gone)
        client.put("/api/v1/devices/no-uuid", json=gone)
        client.put(f"/api/v1/devices/{uuid4()}", json=gone | {"kind": "fax"})
        deliver(gateway)
        clock.advance(minutes=1)
        gateway.answers["zqfirst-address"] = Outcome(Action.ALARM, "UNAUTHENTICATED")
        deliver(gateway)

    session.rollback()
    jobs = [f"{job.payload} {job.last_error}" for job in session.scalars(select(Job))]
    assert logs
    assert "zq" not in f"{logs} {jobs}"
    for push in gateway.sent:
        said = orjson.dumps(fcm_message(push)).decode()
        owner = push.address.removesuffix("-address")
        assert all(mark == owner or mark not in said for mark in people.values())
        assert "zq" not in repr(push)
    assert {push.address for push in gateway.sent if "words" in push.title} == {
        "zqfirst-address",
        "zqsecond-address",
    }
