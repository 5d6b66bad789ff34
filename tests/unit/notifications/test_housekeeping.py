"""Housekeeping: it comes back every day by itself, and the queue stays small."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from notifications import delivery, housekeeping, outbox, worker
from notifications.devices import Device
from notifications.gateway import LogGateway
from notifications.messages import InboxItem
from notifications.outbox import Job, State
from tests.conftest import TurnableClock
from tests.factories.notifications import DeviceFactory
from tests.unit.notifications.conftest import announce


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


def test_a_device_that_gave_no_sign_for_270_days_is_forgotten_with_its_inbox(
    session: Session, sessions: sessionmaker[Session], clock: TurnableClock
) -> None:
    days = {"gone": 271, "quiet": 269}
    for address, unseen in days.items():
        seen = clock() - timedelta(days=unseen)
        session.add(DeviceFactory(address=address, last_seen_at=seen))
    session.commit()
    announce(session, clock)
    work = {**delivery.handlers(LogGateway()), **housekeeping.handlers()}
    worker.work_off(sessions, work, clock)

    with sessions.begin() as opened:
        housekeeping.plan(opened, clock())
    worker.work_off(sessions, work, clock)

    assert session.scalars(select(Device.address)).all() == ["quiet"]
    assert session.scalar(select(func.count()).select_from(InboxItem)) == 1


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
