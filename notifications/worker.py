"""The loops that work off the outbox, and the pulse that shows they live."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import delete, exists, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, Session, mapped_column, sessionmaker

from content.store import Base, Clock, insert_into
from notifications import outbox
from notifications.outbox import Lease, LeaseLost
from notifications.waking import Bell

log = structlog.get_logger()

LEASE = timedelta(seconds=10)
"""How long a job stays with a worker that gives no sign."""

ALIVE = timedelta(seconds=15)
"""A worker that gave no sign for so long is dead."""

LONGEST_HOLD = timedelta(minutes=5)
"""A job held for longer has hung: its lease is no longer renewed, the worker no longer alive."""

MOST_ATTEMPTS = 12
SHORTEST_NAP, LONGEST_NAP = 0.02, 0.5


class Heartbeat(Base):
    """When a worker last gave a sign."""

    __tablename__ = "worker_heartbeat"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)


class Task:
    """A job in the hands of a handler.

    The handler does its work in transactions of `sessions` and, in the last of them, says
    that it is `done` or wants to do it `again`. Work and verdict then hold together or not at
    all. A handler that says nothing is done; one that raises is tried again.
    """

    def __init__(self, lease: Lease, sessions: sessionmaker[Session], clock: Clock) -> None:
        self.lease = lease
        self.payload = lease.payload
        self.sessions = sessions
        self.clock = clock
        self.settled = False

    def done(self, session: Session) -> None:
        """Mark the job done when *session* commits. Raises LeaseLost."""
        outbox.complete(session, self.lease, now=self.clock())
        self.settled = True

    def again(
        self,
        session: Session,
        reason: str,
        *,
        after: timedelta | None = None,
        payload: dict[str, Any] | None = None,
        counted: bool = True,
    ) -> None:
        """Put the job back when *session* commits, or bury it when it was tried too often.

        Due *after* a time or after the usual wait; not *counted* means that it is nobody's
        fault and does not lead to the burial. Raises LeaseLost.
        """
        now = self.clock()
        if counted and self.lease.attempts >= MOST_ATTEMPTS:
            log.error("job buried", job=self.lease.job_id, kind=self.lease.kind, reason=reason)
            outbox.bury(session, self.lease, now=now, reason=reason)
        else:
            outbox.retry(
                session,
                self.lease,
                now=now,
                reason=reason,
                after=after,
                payload=payload,
                counted=counted,
            )
        self.settled = True


Handler = Callable[[Task], None]
Handlers = Mapping[str, Handler]


Lane = Callable[[threading.Event, "Pulse", Bell], None]
"""Work beside the rest of a worker, in a thread of its own, until the event is set.

What is in hand is finished first. The lane tells the pulse what it holds, and hears the bell.
"""


def run(
    sessions: sessionmaker[Session],
    handlers: Handlers,
    clock: Clock,
    stop: threading.Event,
    *,
    name: str | None = None,
    lanes: Sequence[Lane] = (),
    lease: timedelta = LEASE,
) -> None:
    """Work off the outbox until *stop* is set; a job in hand is finished first.

    *lanes* work beside it, so that none waits for a long job of another. Any number of workers
    may run, on any number of hosts. A database that goes away is waited for.
    """
    pulse = Pulse(sessions, clock, name or f"{socket.gethostname()}:{os.getpid()}", lease)
    bell = Bell(sessions)
    pulse.start()
    bell.start()
    log.info("worker started", worker=pulse.worker)
    beside = [
        threading.Thread(target=lane, args=(stop, pulse, bell), name="lane", daemon=True)
        for lane in lanes
    ]
    for thread in beside:
        thread.start()
    try:
        lane_of(sessions, handlers, clock)(stop, pulse, bell)
    finally:
        for thread in beside:
            thread.join()
        bell.end()
        pulse.end()
        log.info("worker stopped", worker=pulse.worker)


def lane_of(sessions: sessionmaker[Session], handlers: Handlers, clock: Clock) -> Lane:
    """A lane that does the jobs of *handlers*, one after another."""

    def work(stop: threading.Event, pulse: Pulse, bell: Bell) -> None:
        rung = bell.hear()
        nap = SHORTEST_NAP
        while not stop.is_set():
            rung.clear()
            try:
                worked = work_once(sessions, handlers, clock, pulse)
            except SQLAlchemyError:
                log.exception("database does not answer")
                worked = False
            nap = SHORTEST_NAP if worked else min(nap * 2, LONGEST_NAP)
            if not worked and rung.wait(nap):
                nap = SHORTEST_NAP

    return work


def work_off(sessions: sessionmaker[Session], handlers: Handlers, clock: Clock) -> int:
    """Do all that is due by *clock*, and say how many jobs that were."""
    jobs = 0
    while work_once(sessions, handlers, clock):
        jobs += 1
    return jobs


def work_once(
    sessions: sessionmaker[Session],
    handlers: Handlers,
    clock: Clock,
    pulse: Pulse | None = None,
) -> bool:
    """Take one due job and do it; False when there was none."""
    with sessions.begin() as session:
        held_for = pulse.lease if pulse else LEASE
        lease = outbox.claim(session, handlers.keys(), now=clock(), lease=held_for)
    if lease is None:
        return False
    task = Task(lease, sessions, clock)
    if pulse:
        pulse.hold(lease)
    try:
        _handle(handlers[lease.kind], task)
    finally:
        if pulse:
            pulse.let_go(lease)
    return True


def _handle(handler: Handler, task: Task) -> None:
    try:
        # A job whose worker dies each time never comes back to say so.
        if task.lease.attempts > MOST_ATTEMPTS:
            _put_back(task, "never finished")
            return
        handler(task)
        if not task.settled:
            with task.sessions.begin() as session:
                task.done(session)
    except LeaseLost:
        log.warning("lease lost", job=task.lease.job_id, kind=task.lease.kind)
    except Exception as error:
        log.exception("job failed", job=task.lease.job_id, kind=task.lease.kind)
        _put_back(task, type(error).__name__)


def _put_back(task: Task, reason: str) -> None:
    try:
        with task.sessions.begin() as session:
            task.again(session, reason)
    except LeaseLost:
        log.warning("lease lost", job=task.lease.job_id, kind=task.lease.kind)


class Pulse(threading.Thread):
    """Shows that a worker lives and keeps the jobs in its hands, also while a handler is busy."""

    def __init__(
        self,
        sessions: sessionmaker[Session],
        clock: Clock,
        worker: str,
        lease: timedelta = LEASE,
    ) -> None:
        super().__init__(name="pulse", daemon=True)
        self.worker = worker
        self.lease = lease
        self._sessions = sessions
        self._clock = clock
        self._ended = threading.Event()
        self._held: dict[int, tuple[Lease, float]] = {}
        self._until: dict[int, datetime] = {}

    def hold(self, lease: Lease) -> None:
        """Keep a job; said again, it tells that the job makes progress."""
        self._held[lease.job_id] = (lease, time.monotonic())
        self._until.setdefault(lease.job_id, self._clock() + self.lease)

    def let_go(self, lease: Lease) -> None:
        """Keep a job no longer."""
        self._held.pop(lease.job_id, None)
        self._until.pop(lease.job_id, None)

    def holds(self, lease: Lease) -> bool:
        """Whether the job is surely still ours: nobody else may have taken it by now."""
        until = self._until.get(lease.job_id)
        return until is not None and self._clock() < until

    def end(self) -> None:
        """Fall silent, and take the worker from the list of the living."""
        self._ended.set()
        self.join()
        try:
            with self._sessions.begin() as session:
                session.execute(delete(Heartbeat).where(Heartbeat.name == self.worker))
        except SQLAlchemyError:
            log.exception("database does not answer")

    def run(self) -> None:
        """Beat until `end`."""
        while True:
            try:
                self.beat()
            except SQLAlchemyError:
                log.exception("database does not answer")
            if self._ended.wait(self.lease.total_seconds() / 5):
                return

    def beat(self) -> None:
        """Give one sign of life, unless a job in hand has hung."""
        held = list(self._held.values())
        if any(time.monotonic() - since > LONGEST_HOLD.total_seconds() for _, since in held):
            return
        now = self._clock()
        with self._sessions.begin() as session:
            statement = insert_into(session, Heartbeat).values(name=self.worker, at=now)
            session.execute(
                statement.on_conflict_do_update(index_elements=["name"], set_={"at": now})
            )
            # Workers that were killed left their rows behind.
            session.execute(delete(Heartbeat).where(Heartbeat.at < now - timedelta(days=1)))
        for lease, _ in held:
            self._renew(lease, now)

    def _renew(self, lease: Lease, now: datetime) -> None:
        try:
            with self._sessions.begin() as session:
                outbox.renew(session, lease, until=now + self.lease)
        except LeaseLost:
            # Done in this moment, or another has it: the handler's own transaction will tell.
            self._until.pop(lease.job_id, None)
        else:
            if lease.job_id in self._held:
                self._until[lease.job_id] = now + self.lease


def worker_alive(session: Session, now: datetime) -> bool:
    """Whether any worker gave a sign within ALIVE before *now*."""
    return bool(session.scalar(select(exists().where(Heartbeat.at >= now - ALIVE))))
