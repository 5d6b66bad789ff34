"""The sender's lane: the most urgent first, few at a time, and a service that refuses us."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Event, Thread

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, sessionmaker

from notifications import delivery, gate, worker
from notifications.delivery import BATCH
from notifications.gateway import SENT, Action, Outcome, PushMessage
from notifications.messages import InboxItem
from notifications.outbox import Job, State
from notifications.sending import PUSH
from tests.conftest import TurnableClock
from tests.unit.notifications.conftest import Town, announce
from tests.waiting import until


class HeldStream:
    """A push service that answers when it is told to."""

    def __init__(self, room: int = 1000) -> None:
        self.most = room
        self.sent: list[PushMessage] = []
        self.under_way: deque[PushMessage] = deque()
        self.unanswered = 0
        self.go_on = Event()
        self.outcome: Callable[[PushMessage], Outcome] = lambda _: SENT

    @property
    def room(self) -> int:
        return self.most - len(self.under_way)

    def hand_over(self, messages: Sequence[PushMessage]) -> None:
        self.sent += messages
        self.under_way += messages
        self.unanswered = max(self.unanswered, len(self.under_way))

    def answers(self, wait: float) -> list[tuple[PushMessage, Outcome]]:
        if not self.go_on.wait(wait):
            return []
        answered, self.under_way = list(self.under_way), deque()
        return [(push, self.outcome(push)) for push in answered]

    @property
    def titles(self) -> list[str]:
        return [push.title for push in self.sent]


@pytest.fixture
def stream() -> HeldStream:
    return HeldStream()


@contextmanager
def working(
    sessions: sessionmaker[Session], stream: HeldStream, clock: TurnableClock, **options: int
) -> Iterator[None]:
    """A worker with lanes that deliver through *stream*, stopped as a signal would stop it."""
    stop = Event()
    lanes = delivery.lanes(sessions, stream, clock, **options)
    thread = Thread(
        target=worker.run, args=(sessions, {}, clock, stop), kwargs={"lanes": lanes}, daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        stop.set()
        stream.go_on.set()
        thread.join(timeout=30)
        assert not thread.is_alive()


def accepted(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count(InboxItem.accepted_at))) or 0


def push_states(session: Session) -> set[str]:
    session.rollback()
    return set(session.scalars(select(Job.state).filter_by(kind=PUSH)))


def test_an_emergency_overtakes_what_is_in_hand(
    town: Town, sessions: sessionmaker[Session], clock: TurnableClock, stream: HeldStream
) -> None:
    town.add(*(f"phone-{number}" for number in range(BATCH + 100)))
    announce(town.session, clock, title={"vi": "Thường"})
    with working(sessions, stream, clock, in_flight=50):
        until(lambda: len(stream.sent) == 50)
        announce(town.session, clock, title={"vi": "Bão"}, emergency=True)
        until(lambda: len(push_jobs_of_emergencies(town)) == 2)
        # Once a bell or a look has told of it, whatever is answered makes room for it first.
        stream.go_on.set()
        until(lambda: accepted(town.session) == 2 * (BATCH + 100))

    assert stream.titles.count("Bão") == stream.titles.count("Thường") == BATCH + 100
    last_urgent = len(stream.titles) - 1 - stream.titles[::-1].index("Bão")
    overtaken = stream.titles[last_urgent:].count("Thường")
    assert overtaken > 0


def push_jobs_of_emergencies(town: Town) -> list[Job]:
    return [job for job in town.push_jobs() if job.priority == 0]


def test_no_more_is_unsure_than_was_allowed(
    town: Town, sessions: sessionmaker[Session], clock: TurnableClock, stream: HeldStream
) -> None:
    town.add(*(f"phone-{number}" for number in range(200)))
    announce(town.session, clock)
    with working(sessions, stream, clock, in_flight=16):
        until(lambda: len(stream.sent) == 16)
        stream.go_on.set()
        until(lambda: accepted(town.session) == 200)

    assert stream.unanswered == 16
    assert len({push.address for push in stream.sent}) == len(stream.sent) == 200


def test_who_lost_a_job_sends_no_more_of_it(
    town: Town, sessions: sessionmaker[Session], clock: TurnableClock, stream: HeldStream
) -> None:
    town.add(*(f"phone-{number}" for number in range(100)))
    announce(town.session, clock)
    with working(sessions, stream, clock, in_flight=10):
        until(lambda: len(stream.sent) == 10)
        town.session.execute(
            update(Job).where(Job.kind == PUSH).values(lease_token="of another", state="done")
        )
        town.session.commit()
        clock.advance(seconds=60)  # and no renewal is possible
        stream.go_on.set()
        until(lambda: accepted(town.session) == 10)  # what is known is still put on file

    assert len(stream.sent) == 10


def test_a_stopped_sender_finishes_what_it_has_begun(
    town: Town, sessions: sessionmaker[Session], clock: TurnableClock, stream: HeldStream
) -> None:
    town.add(*(f"phone-{number}" for number in range(100)))
    announce(town.session, clock)
    with working(sessions, stream, clock, in_flight=10):
        until(lambda: len(stream.sent) == 10)

    assert accepted(town.session) == len(stream.sent) == 100
    assert push_states(town.session) == {State.DONE}


def test_refused_credentials_stop_the_queue_until_they_are_mended(
    town: Town, sessions: sessionmaker[Session], clock: TurnableClock, stream: HeldStream
) -> None:
    town.add(*(f"phone-{number}" for number in range(2 * BATCH)))
    stream.outcome = lambda _: Outcome(Action.ALARM, "UNAUTHENTICATED")
    stream.go_on.set()
    announce(town.session, clock)
    with working(sessions, stream, clock, in_flight=20):
        until(lambda: alarm_of(town.session) == "UNAUTHENTICATED")
        refused = len(stream.sent)
        clock.advance(seconds=1)
        until(lambda: len(stream.sent) == refused + 1)  # one message is tried
        stream.outcome = lambda _: SENT
        until(lambda: passes(clock) and accepted(town.session) == 2 * BATCH)

    assert refused <= 2 * 20
    assert alarm_of(town.session) is None
    assert push_states(town.session) == {State.DONE}


def test_browsers_that_cannot_be_reached_stop_no_phone(
    town: Town, sessions: sessionmaker[Session], clock: TurnableClock, stream: HeldStream
) -> None:
    town.add(*(f"browser-{number}" for number in range(50)), kind="webpush")
    town.add("phone")
    down = Outcome(Action.RETRY, "HTTP_503")
    stream.outcome = lambda push: SENT if push.kind == "fid" else down
    stream.go_on.set()
    announce(town.session, clock)
    with working(sessions, stream, clock, in_flight=5):
        until(lambda: accepted(town.session) == 1)

    assert gate.shut(town.session) is None


def passes(clock: TurnableClock) -> bool:
    clock.advance(seconds=1)
    return True


def alarm_of(session: Session) -> str | None:
    session.rollback()
    found = gate.shut(session)
    return found.reason if found and found.alarm else None
