"""What the tests of notifications share: sessions as a worker has them, and messages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from backend.database import engine_for
from content.vocabularies.models import Quarter, Term, Vocabulary
from notifications import delivery, messages, worker
from notifications.delivery import PUSH
from notifications.devices import Device
from notifications.gateway import SENT, Outcome, PushMessage
from notifications.messages import InboxItem
from notifications.outbox import Job
from tests.conftest import TurnableClock
from tests.factories.notifications import DeviceFactory


@pytest.fixture
def sessions(database_url: str) -> Iterator[sessionmaker[Session]]:
    """Sessions on the test's database, as many at a time as are wanted."""
    engine = engine_for(database_url)
    sessions = sessionmaker(engine)
    with sessions.begin() as session:
        add_vocabulary(session)
    yield sessions
    engine.dispose()


@pytest.fixture
def session(sessions: sessionmaker[Session]) -> Iterator[Session]:
    with sessions() as session:
        yield session


def add_vocabulary(session: Session) -> None:
    """The topics and quarters that these tests speak of."""
    for code in ("safety", "events", "utilities"):
        session.add(Term(vocabulary=Vocabulary.TOPIC, code=code, name={"vi": code}))
    for code in ("nghi-thuy", "nghi-tan", "nghi-hai"):
        session.add(Quarter(code=code, name={"vi": code}, former_ward_code="0"))


class RecordingGateway:
    """Keeps what it was given, and answers each address as it was told to.

    `meanwhile` is what happens in the town while the messages are under way.
    """

    def __init__(self) -> None:
        self.sent: list[PushMessage] = []
        self.answers: dict[str, Outcome] = {}
        self.meanwhile: Callable[[], None] = lambda: None

    def send(self, messages: Sequence[PushMessage]) -> list[Outcome]:
        self.sent += messages
        self.meanwhile()
        return [self.answers.get(message.address, SENT) for message in messages]

    @property
    def addresses(self) -> list[str]:
        """The addresses that were given, in order."""
        return [message.address for message in self.sent]


@pytest.fixture
def gateway() -> RecordingGateway:
    return RecordingGateway()


def announce(session: Session, clock: TurnableClock, **fields: Any) -> messages.Message:
    """Say something, about announcements and to everyone unless told otherwise; and commit."""
    given: dict[str, Any] = {
        "kind": "announcement",
        "topics": ["announcements"],
        "title": {"vi": "Cắt nước", "en": "Water cut"},
        "body": {"vi": "Từ 8 giờ sáng mai.", "en": "From 8 tomorrow morning."},
        "now": clock(),
    }
    message = messages.announce(session, **given | fields)
    session.commit()
    return message


class Town:
    """A town with a worker: devices come, messages are said, the worker works."""

    def __init__(
        self,
        session: Session,
        sessions: sessionmaker[Session],
        clock: TurnableClock,
        gateway: RecordingGateway,
    ) -> None:
        self.session, self.sessions, self.clock, self.gateway = session, sessions, clock, gateway

    def add(self, *addresses: str, **fields: object) -> list[Device]:
        added = [DeviceFactory(address=address, **fields) for address in addresses]
        self.session.add_all(added)
        self.session.commit()
        return added

    def work(self) -> int:
        self.session.rollback()
        return worker.work_off(self.sessions, delivery.handlers(self.gateway), self.clock)

    def address_of(self, device: Device) -> str | None:
        self.session.refresh(device)
        return device.address

    def item(self, device: Device) -> InboxItem:
        self.session.rollback()
        return self.session.scalars(select(InboxItem).filter_by(device_id=device.id)).one()

    def push_jobs(self) -> list[Job]:
        self.session.rollback()
        return list(self.session.scalars(select(Job).filter_by(kind=PUSH).order_by(Job.id)))


@pytest.fixture
def town(
    session: Session,
    sessions: sessionmaker[Session],
    clock: TurnableClock,
    gateway: RecordingGateway,
) -> Town:
    return Town(session, sessions, clock, gateway)
