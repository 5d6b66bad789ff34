"""Saying something once, in the words that fit, to inboxes."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from content.errors import Invalid, NotFound
from notifications import delivery, inbox, messages, worker
from notifications.devices import Device
from notifications.gateway import LogGateway, PushMessage
from notifications.messages import InboxItem, Message
from notifications.outbox import Job
from notifications.payload import LIMIT, fcm_message
from tests.conftest import TurnableClock
from tests.factories.notifications import DeviceFactory
from tests.unit.notifications.conftest import announce


def count(session: Session, table: type[Any]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def deliver(sessions: sessionmaker[Session], clock: TurnableClock) -> None:
    worker.work_off(sessions, delivery.handlers(LogGateway()), clock)


def test_what_is_rolled_back_was_never_said(session: Session, clock: TurnableClock) -> None:
    messages.announce(
        session,
        kind="announcement",
        topics=["events"],
        title={"vi": "Lễ hội"},
        body={"vi": ""},
        now=clock(),
    )
    session.rollback()

    assert count(session, Message) == count(session, Job) == 0


def test_the_same_key_says_it_once(session: Session, clock: TurnableClock) -> None:
    first = announce(session, clock, key="article:1")
    again = announce(session, clock, key="article:1", title={"vi": "Khác"})

    assert again.id == first.id
    assert again.title["vi"] == "Cắt nước"
    assert count(session, Message) == count(session, Job) == 1


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"topics": ["gossip"]}, "topics"),
        ({"topics": []}, "topics"),
        ({"title": {"en": "Only English"}}, "title"),
        ({"title": {"vi": "dài " * 2000}}, "title"),
    ],
)
def test_a_message_that_cannot_be_pushed_is_refused_when_it_is_written(
    session: Session, clock: TurnableClock, fields: dict[str, Any], named: str
) -> None:
    with pytest.raises(Invalid) as refused:
        announce(session, clock, **fields)

    assert list(refused.value.errors) == [named]
    session.rollback()
    assert count(session, Job) == 0


@pytest.mark.parametrize("word", ["nước", "“sóng”", 'a"b\\', "🌊🌊"])
def test_a_long_body_is_shortened_at_a_words_end_to_what_a_push_carries(
    session: Session, clock: TurnableClock, word: str
) -> None:
    link = "https://example.org/bai-viet/cat-nuoc"
    message = announce(session, clock, body={"vi": f"{word} " * 5000, "en": "Short."}, link=link)
    text = message.body["vi"]

    assert set(text.removesuffix("…").split(" ")) == {word}
    assert message.body["en"] == "Short."
    size = len(orjson.dumps(fcm_message(push_of(message, text))))
    assert LIMIT - 150 - len(word.encode()) * 2 <= size - len('"token":"",') <= LIMIT


def push_of(message: Message, text: str) -> PushMessage:
    return PushMessage(
        2**63 - 1,
        message.id,
        "token",
        "",
        message.title["vi"],
        text,
        message.topics[0],
        message.link,
    )


def test_a_body_that_fits_is_left_as_it_is(session: Session, clock: TurnableClock) -> None:
    body = {"vi": "Từ 8 giờ.\n\nXin lỗi bà con!"}

    assert announce(session, clock, body=body).body == body


def test_printing_a_push_tells_neither_address_nor_text() -> None:
    push = PushMessage(7, uuid4(), "fid", "secret-address", "private", "private", "reports")

    assert "secret" not in repr(push)
    assert "private" not in repr(push)


def test_a_citizens_message_is_in_the_inbox_without_any_device(
    session: Session, clock: TurnableClock
) -> None:
    citizen = uuid4()
    say_to(session, clock, citizen)

    assert [m.title["vi"] for m in session.scalars(inbox.of_citizen(citizen))] == ["Đã xử lý"]
    assert session.scalars(inbox.of_citizen(uuid4())).all() == []


def say_to(session: Session, clock: TurnableClock, citizen: UUID) -> None:
    messages.notify(
        session,
        citizen,
        kind="report",
        topics=["reports"],
        title={"vi": "Đã xử lý"},
        body={"vi": "Phản ánh của bạn đã được xử lý."},
        source=("report", "1"),
        now=clock(),
    )
    session.commit()


def test_a_citizens_inbox_has_each_message_once_however_many_devices(
    session: Session, sessions: sessionmaker[Session], clock: TurnableClock
) -> None:
    citizen = uuid4()
    session.add_all(DeviceFactory.build_batch(3, citizen_id=citizen))
    announce(session, clock)
    say_to(session, clock, citizen)
    deliver(sessions, clock)

    found = session.scalars(inbox.of_citizen(citizen)).all()

    assert sorted(m.kind for m in found) == ["announcement", "report"]


def test_a_device_shows_a_citizens_messages_only_while_the_citizen_is_signed_in(
    session: Session, sessions: sessionmaker[Session], clock: TurnableClock
) -> None:
    citizen = uuid4()
    device: Device = DeviceFactory(citizen_id=citizen)
    session.add(device)
    announce(session, clock)
    say_to(session, clock, citizen)
    deliver(sessions, clock)

    def kinds() -> list[str]:
        items = session.scalars(inbox.of_device(device))
        return sorted(item.message.kind for item in items)

    assert kinds() == ["announcement", "report"]
    device.citizen_id = None
    session.flush()
    assert kinds() == ["announcement"]


def test_a_forgotten_citizen_leaves_no_messages(
    session: Session, sessions: sessionmaker[Session], clock: TurnableClock
) -> None:
    citizen = uuid4()
    device: Device = DeviceFactory(citizen_id=citizen)
    session.add(device)
    announce(session, clock)
    say_to(session, clock, citizen)
    deliver(sessions, clock)

    messages.forget_citizen(session, citizen, clock())
    session.commit()

    assert [item.message.kind for item in session.scalars(select(InboxItem))] == ["announcement"]
    session.refresh(device)
    assert device.citizen_id is None


def test_receipts_are_counted_without_names_and_once(
    session: Session, sessions: sessionmaker[Session], clock: TurnableClock
) -> None:
    device, other = DeviceFactory.build_batch(2)
    session.add_all([device, other])
    message = announce(session, clock)
    deliver(sessions, clock)
    item = session.scalars(inbox.of_device(device)).one()

    inbox.record_receipt(session, device, item.id, "delivered", clock())
    first = item.delivered_at
    clock.advance(minutes=5)
    inbox.record_receipt(session, device, item.id, "delivered", clock())
    inbox.record_receipt(session, device, item.id, "opened", clock())

    assert (item.delivered_at, item.opened_at) == (first, clock())
    assert messages.counts(session, message.id) == {
        "inbox": 2,
        "accepted": 2,
        "delivered": 1,
        "opened": 1,
        "failed": 0,
    }
    with pytest.raises(NotFound):
        inbox.record_receipt(session, other, item.id, "opened", clock())
