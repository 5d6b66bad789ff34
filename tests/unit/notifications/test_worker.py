"""The loop: it does each job once, survives what handlers do, and shows that it lives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session, sessionmaker

from notifications import outbox, worker
from notifications.outbox import Job, State
from notifications.waking import Bell
from notifications.worker import Heartbeat, Pulse, Task
from tests.conftest import TurnableClock
from tests.waiting import until


def put(session: Session, clock: TurnableClock, kind: str = "work") -> None:
    outbox.enqueue(session, kind, {}, now=clock())
    session.commit()


def the_job(session: Session) -> Job:
    session.rollback()
    session.expire_all()
    return session.scalars(select(Job)).one()


def is_alive(session: Session, clock: TurnableClock) -> bool:
    session.rollback()
    return worker.worker_alive(session, clock())


@contextmanager
def running(
    sessions: sessionmaker[Session],
    handlers: worker.Handlers,
    clock: TurnableClock,
    lanes: Sequence[worker.Lane] = (),
) -> Iterator[None]:
    """A worker in a thread, stopped as a signal would stop it."""
    stop = Event()
    thread = Thread(
        target=worker.run, args=(sessions, handlers, clock, stop), kwargs={"lanes": lanes}
    )
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=20)
        assert not thread.is_alive()


def test_it_works_while_it_runs_and_finishes_what_is_in_hand(
    session: Session, sessions: sessionmaker[Session], clock: TurnableClock
) -> None:
    begun, go_on = Event(), Event()

    def slow(task: Task) -> None:
        begun.set()
        assert go_on.wait(timeout=20)

    put(session, clock)
    with running(sessions, {"work": slow}, clock):
        assert begun.wait(timeout=20)
        until(lambda: is_alive(session, clock))
        go_on.set()

    assert the_job(session).state == State.DONE
    assert not is_alive(session, clock)


def test_a_job_put_while_it_is_idle_is_found(
    session: Session, sessions: sessionmaker[Session], clock: TurnableClock
) -> None:
    found = Event()
    with running(sessions, {"work": lambda task: found.set()}, clock):
        put(session, clock)
        assert found.wait(timeout=20)


def test_a_job_is_heard_of_at_once_where_the_database_rings(
    session: Session, sessions: sessionmaker[Session], clock: TurnableClock
) -> None:
    bell = Bell(sessions)
    rung = bell.hear()
    bell.start()
    try:
        rings = session.get_bind().dialect.name == "postgresql"
        if rings:
            assert rung.wait(timeout=20)  # it listens from now on
            rung.clear()
        outbox.enqueue(session, "work", {}, now=clock(), due_at=clock() + timedelta(hours=1))
        session.commit()
        outbox.enqueue(session, "work", {}, now=clock())
        assert not rung.wait(timeout=0.2)
        session.commit()
        assert rung.wait(timeout=5) is rings
    finally:
        bell.end()


def test_a_bell_whose_connection_breaks_listens_again(
    session: Session, sessions: sessionmaker[Session], clock: TurnableClock
) -> None:
    if session.get_bind().dialect.name != "postgresql":
        return
    bell = Bell(sessions)
    rung = bell.hear()
    bell.start()
    assert rung.wait(timeout=20)
    rung.clear()

    listening = "query ILIKE 'listen%' AND datname = current_database()"
    session.execute(
        text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {listening}")  # noqa: S608
    )
    session.commit()
    try:
        assert rung.wait(timeout=20)
    finally:
        bell.end()


def test_a_long_job_holds_up_no_other_lane(
    session: Session, sessions: sessionmaker[Session], clock: TurnableClock
) -> None:
    pushed = Event()
    put(session, clock, "long")
    put(session, clock, "push")
    lane = worker.lane_of(sessions, {"push": lambda task: pushed.set()}, clock)
    with running(sessions, {"long": lambda task: until(pushed.is_set)}, clock, lanes=[lane]):
        assert pushed.wait(timeout=20)


def test_it_leaves_alone_what_it_has_no_handler_for(
    session: Session, sessions: sessionmaker[Session], clock: TurnableClock
) -> None:
    put(session, clock, "another kind")

    assert worker.work_off(sessions, {"work": lambda task: None}, clock) == 0
    assert the_job(session).state == State.QUEUED


def test_a_job_that_fails_comes_back_and_is_buried_in_the_end(
    session: Session, sessions: sessionmaker[Session], clock: TurnableClock
) -> None:
    tries: list[int] = []

    def fail(task: Task) -> None:
        tries.append(task.lease.attempts)
        raise ZeroDivisionError("with a secret in its text")

    put(session, clock)
    for _ in range(worker.MOST_ATTEMPTS + 3):
        worker.work_off(sessions, {"work": fail}, clock)
        clock.advance(hours=2)

    assert tries == list(range(1, worker.MOST_ATTEMPTS + 1))
    job = the_job(session)
    assert (job.state, job.last_error) == (State.BURIED, "ZeroDivisionError")


def test_what_a_failing_handler_wrote_is_undone(
    session: Session, sessions: sessionmaker[Session], clock: TurnableClock
) -> None:
    def fail_after_writing(task: Task) -> None:
        with task.sessions.begin() as own:
            outbox.enqueue(own, "consequence", {}, now=clock())
            raise ZeroDivisionError

    put(session, clock)
    worker.work_off(sessions, {"work": fail_after_writing}, clock)

    assert the_job(session).kind == "work"


def test_a_job_that_kills_its_worker_each_time_is_buried(
    session: Session, sessions: sessionmaker[Session], clock: TurnableClock
) -> None:
    put(session, clock)
    for _ in range(worker.MOST_ATTEMPTS):
        outbox.claim(session, ["work"], now=clock(), lease=worker.LEASE)
        session.commit()
        clock.advance(seconds=11)

    worker.work_off(sessions, {"work": lambda task: pytest.fail("it ran again")}, clock)

    assert the_job(session).state == State.BURIED


def test_who_was_held_up_too_long_changes_nothing(
    session: Session, sessions: sessionmaker[Session], clock: TurnableClock
) -> None:
    def held_up(task: Task) -> None:
        with task.sessions.begin() as other:
            other.execute(update(Job).values(lease_token="another worker's"))
        with task.sessions.begin() as own:
            outbox.enqueue(own, "consequence", {}, now=clock())
            task.done(own)

    put(session, clock)
    worker.work_off(sessions, {"work": held_up}, clock)

    job = the_job(session)
    assert (job.kind, job.state) == ("work", State.QUEUED)


def test_recurring_work_puts_its_successor(
    session: Session, sessions: sessionmaker[Session], clock: TurnableClock
) -> None:
    runs: list[object] = []

    def hourly(task: Task) -> None:
        runs.append(task.clock())
        due_at = task.clock() + timedelta(hours=1)
        with task.sessions.begin() as own:
            outbox.enqueue(own, "work", {}, now=task.clock(), due_at=due_at)
            task.done(own)

    put(session, clock)
    for _ in range(3):
        worker.work_off(sessions, {"work": hourly}, clock)
        clock.advance(hours=1)

    assert len(runs) == 3


def test_the_pulse_keeps_the_job_in_hand(
    session: Session, sessions: sessionmaker[Session], clock: TurnableClock
) -> None:
    put(session, clock)
    lease = outbox.claim(session, ["work"], now=clock(), lease=worker.LEASE)
    session.commit()
    pulse = Pulse(sessions, clock, "a worker")
    pulse.hold(lease)

    for _ in range(5):
        clock.advance(seconds=8)
        pulse.beat()

    assert outbox.claim(session, ["work"], now=clock(), lease=worker.LEASE) is None


def test_a_worker_is_alive_for_fifteen_seconds_after_a_sign(
    session: Session, sessions: sessionmaker[Session], clock: TurnableClock
) -> None:
    assert not worker.worker_alive(session, clock())
    Pulse(sessions, clock, "a worker").beat()

    clock.advance(seconds=15)
    assert worker.worker_alive(session, clock())
    clock.advance(seconds=1)
    assert not worker.worker_alive(session, clock())


def test_killed_workers_are_forgotten_after_a_day(
    session: Session, sessions: sessionmaker[Session], clock: TurnableClock
) -> None:
    Pulse(sessions, clock, "killed").beat()
    clock.advance(days=1, seconds=1)
    Pulse(sessions, clock, "living").beat()

    assert session.scalar(select(func.count()).select_from(Heartbeat)) == 1
