"""The queue: who may hold a job, and when it comes back."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from notifications import outbox
from notifications.outbox import Job, Lease, LeaseLost, State
from tests.conftest import TurnableClock

LEASE = timedelta(seconds=10)


def put(session: Session, clock: TurnableClock, name: str = "job", **options: object) -> bool:
    added = outbox.enqueue(session, "work", {"name": name}, now=clock(), **options)  # type: ignore[arg-type]
    session.commit()
    return added


def take(session: Session, clock: TurnableClock) -> Lease | None:
    lease = outbox.claim(session, ["work"], now=clock(), lease=LEASE)
    session.commit()
    return lease


def taken(session: Session, clock: TurnableClock) -> Lease:
    lease = take(session, clock)
    assert lease is not None
    return lease


def name_of(lease: Lease | None) -> str | None:
    return lease.payload["name"] if lease else None


def test_a_job_is_there_only_when_its_transaction_commits(
    session: Session, clock: TurnableClock
) -> None:
    outbox.enqueue(session, "work", {}, now=clock())
    session.rollback()

    assert take(session, clock) is None


def test_a_job_is_held_by_one_worker_at_a_time(session: Session, clock: TurnableClock) -> None:
    put(session, clock)

    assert take(session, clock) is not None
    assert take(session, clock) is None


def test_workers_that_claim_at_once_never_get_the_same_job(
    session: Session, sessions: sessionmaker[Session], clock: TurnableClock
) -> None:
    for number in range(40):
        put(session, clock, str(number))
    start = Barrier(4)
    found: list[str | None] = []

    def work() -> None:
        start.wait()
        with sessions() as own:
            while lease := take(own, clock):
                found.append(name_of(lease))

    workers = [Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(found, key=str) == sorted(map(str, range(40)))


def test_a_job_comes_back_when_its_lease_runs_out(session: Session, clock: TurnableClock) -> None:
    put(session, clock)
    taken(session, clock)
    clock.advance(seconds=9)
    assert take(session, clock) is None

    clock.advance(seconds=1)

    assert taken(session, clock).attempts == 2


def test_a_renewed_lease_holds_longer(session: Session, clock: TurnableClock) -> None:
    put(session, clock)
    lease = taken(session, clock)
    outbox.renew(session, lease, until=clock() + timedelta(seconds=60))
    session.commit()

    clock.advance(seconds=59)
    assert take(session, clock) is None


@pytest.mark.parametrize("verb", ["complete", "retry", "bury", "renew"])
def test_who_lost_the_lease_can_no_longer_settle_the_job(
    session: Session, clock: TurnableClock, verb: str
) -> None:
    put(session, clock)
    late = taken(session, clock)
    clock.advance(seconds=11)
    current = taken(session, clock)

    with pytest.raises(LeaseLost):
        settle(session, late, verb, clock)
    session.rollback()

    outbox.complete(session, current, now=clock())
    session.commit()
    assert session.scalar(select(Job.state)) == State.DONE


def settle(session: Session, lease: Lease, verb: str, clock: TurnableClock) -> None:
    match verb:
        case "complete":
            outbox.complete(session, lease, now=clock())
        case "retry":
            outbox.retry(session, lease, now=clock(), reason="late")
        case "bury":
            outbox.bury(session, lease, now=clock(), reason="late")
        case "renew":
            outbox.renew(session, lease, until=clock() + LEASE)


def test_a_job_that_was_put_back_can_no_longer_be_completed(
    session: Session, clock: TurnableClock
) -> None:
    put(session, clock)
    lease = taken(session, clock)
    outbox.retry(session, lease, now=clock(), reason="busy")
    session.commit()

    with pytest.raises(LeaseLost):
        outbox.complete(session, lease, now=clock())


def test_jobs_come_by_priority_then_by_their_due_time(
    session: Session, clock: TurnableClock
) -> None:
    put(session, clock, "later", due_at=clock() + timedelta(seconds=5))
    put(session, clock, "first")
    put(session, clock, "urgent", priority=outbox.EMERGENCY)

    assert name_of(take(session, clock)) == "urgent"
    assert name_of(take(session, clock)) == "first"
    assert take(session, clock) is None
    clock.advance(seconds=5)
    assert name_of(take(session, clock)) == "later"


def test_the_same_key_puts_one_job(session: Session, clock: TurnableClock) -> None:
    assert put(session, clock, "first", key="once")
    assert not put(session, clock, "second", key="once")

    assert session.scalar(select(func.count()).select_from(Job)) == 1


def test_jobs_without_a_key_do_not_exclude_each_other(
    session: Session, clock: TurnableClock
) -> None:
    assert put(session, clock)
    assert put(session, clock)


def test_a_retry_waits_as_long_as_it_was_asked_to(session: Session, clock: TurnableClock) -> None:
    put(session, clock)
    lease = taken(session, clock)
    outbox.retry(session, lease, now=clock(), reason="busy", after=timedelta(seconds=90))
    session.commit()

    clock.advance(seconds=89)
    assert take(session, clock) is None
    clock.advance(seconds=1)
    assert take(session, clock) is not None


def test_waits_grow_up_to_an_hour_and_differ() -> None:
    assert timedelta(seconds=2) <= outbox.backoff(1) <= timedelta(seconds=2.5)
    assert timedelta(seconds=64) <= outbox.backoff(6) <= timedelta(seconds=80)
    assert timedelta(hours=1) <= outbox.backoff(10_000) <= timedelta(hours=1.25)
    assert len({outbox.backoff(6) for _ in range(20)}) > 1


def test_an_attempt_that_does_not_count_is_taken_back(
    session: Session, clock: TurnableClock
) -> None:
    put(session, clock)
    lease = taken(session, clock)
    outbox.retry(session, lease, now=clock(), reason="refused", after=timedelta(0), counted=False)
    session.commit()

    assert taken(session, clock).attempts == 1


def test_a_retry_may_leave_less_to_do(session: Session, clock: TurnableClock) -> None:
    put(session, clock, "whole")
    lease = taken(session, clock)
    outbox.retry(
        session, lease, now=clock(), reason="half", after=timedelta(0), payload={"name": "rest"}
    )
    session.commit()

    assert name_of(take(session, clock)) == "rest"


def test_a_buried_job_stays_with_its_reason(session: Session, clock: TurnableClock) -> None:
    put(session, clock)
    outbox.bury(session, taken(session, clock), now=clock(), reason="no use")
    session.commit()
    clock.advance(days=30)

    assert take(session, clock) is None
    assert outbox.prune(session, before=clock()) == 0
    assert session.scalar(select(Job.last_error)) == "no use"
    assert outbox.backlog(session) == {"queued": 0, "buried": 1}


def test_done_jobs_are_pruned_after_a_while(session: Session, clock: TurnableClock) -> None:
    put(session, clock)
    outbox.complete(session, taken(session, clock), now=clock())
    session.commit()

    assert outbox.prune(session, before=clock()) == 0
    assert outbox.prune(session, before=clock() + timedelta(seconds=1)) == 1
    assert outbox.backlog(session) == {"queued": 0, "buried": 0}


def bury(session: Session, clock: TurnableClock, kind: str, reason: str) -> int:
    outbox.enqueue(session, kind, {}, now=clock())
    lease = outbox.claim(session, [kind], now=clock(), lease=LEASE)
    assert lease
    outbox.bury(session, lease, now=clock(), reason=reason)
    session.commit()
    clock.advance(seconds=1)
    return lease.job_id


def test_buried_jobs_are_listed_latest_first(session: Session, clock: TurnableClock) -> None:
    bury(session, clock, "push", "busy")
    bury(session, clock, "webhook", "gone")
    put(session, clock, "waiting")

    assert [job.last_error for job in outbox.buried(session)] == ["gone", "busy"]
    assert [job.last_error for job in outbox.buried(session, "push")] == ["busy"]


def test_a_replayed_job_is_due_at_once_with_all_its_tries(
    session: Session, clock: TurnableClock
) -> None:
    put(session, clock)
    for _ in range(3):
        outbox.retry(session, taken(session, clock), now=clock(), reason="busy", after=timedelta(0))
    outbox.bury(session, taken(session, clock), now=clock(), reason="no use")
    session.commit()

    assert outbox.replay(session, now=clock()) == 1
    session.commit()

    assert taken(session, clock).attempts == 1
    assert outbox.replay(session, now=clock()) == 0


def test_only_the_jobs_that_are_named_are_replayed(session: Session, clock: TurnableClock) -> None:
    first, second, third = (bury(session, clock, kind, "x") for kind in ("push", "push", "hook"))

    assert outbox.replay(session, now=clock(), kind="push", ids=[first, third]) == 1
    assert {job.id for job in outbox.buried(session)} == {second, third}
    assert outbox.replay(session, now=clock(), kind="push") == 1
    assert outbox.replay(session, now=clock(), ids=[third]) == 1
