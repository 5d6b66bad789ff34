"""Housekeeping: it comes back every day by itself, and the queue stays small."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from notifications import housekeeping, outbox, worker
from notifications.outbox import Job, State
from tests.conftest import TurnableClock


def test_done_jobs_are_gone_after_a_week_while_buried_and_waiting_ones_stay(
    session: Session, sessions: sessionmaker[Session], clock: TurnableClock
) -> None:
    for kind in ("done", "buried"):
        outbox.enqueue(session, kind, {}, now=clock())
    session.commit()
    handlers = {**housekeeping.handlers(), "done": lambda task: None}
    with sessions.begin() as opened:
        housekeeping.plan(opened, clock())
        lease = outbox.claim(opened, ["buried"], now=clock(), lease=worker.LEASE)
        assert lease
        outbox.bury(opened, lease, now=clock(), reason="tests")

    for _ in range(9):
        worker.work_off(sessions, handlers, clock)
        clock.advance(days=1)
    outbox.enqueue(session, "waiting", {}, now=clock())
    session.commit()

    kinds = set(session.scalars(select(Job.kind).where(Job.kind != housekeeping.PRUNE)))
    assert kinds == {"buried", "waiting"}


def test_however_many_workers_start_one_job_of_a_day_is_planned(
    session: Session, sessions: sessionmaker[Session], clock: TurnableClock
) -> None:
    for _ in range(3):
        housekeeping.plan(session, clock())
    session.commit()
    worker.work_off(sessions, housekeeping.handlers(), clock)
    housekeeping.plan(session, clock())
    session.commit()

    queued = select(Job.due_at).where(Job.state == State.QUEUED)
    assert [due - clock() for due in session.scalars(queued)] == [housekeeping.DAY]
