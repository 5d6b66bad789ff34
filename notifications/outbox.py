"""The queue: jobs in a table, put there by the transaction whose consequence they are.

A worker holds a job under a lease. Whoever loses the lease, because the process was killed or
held up, can no longer settle the job: its token is stale and its transaction rolls back.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Index,
    and_,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, Session, mapped_column

from content.store import Base, RowId, put, table_of

EMERGENCY, ROUTINE = 0, 10
"""Priorities: the smaller number is worked on first."""

LONGEST_WAIT = timedelta(hours=1)

CHANNEL = "outbox"
"""Where PostgreSQL tells workers that there is something to do."""


class State(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    DONE = "done"
    BURIED = "buried"


class Job(Base):
    """Something to be done, at the earliest at `due_at`."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_queue", "state", "priority", "due_at", "id"),)

    id: Mapped[RowId]
    kind: Mapped[str]
    key: Mapped[str | None] = mapped_column(unique=True)
    payload: Mapped[dict[str, Any]]
    priority: Mapped[int]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    lease_token: Mapped[str | None]
    state: Mapped[str] = mapped_column(default=State.QUEUED)
    last_error: Mapped[str | None]
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


@dataclass(frozen=True)
class Lease:
    """A job in a worker's hands; *token* proves that it is still there."""

    job_id: int
    kind: str
    payload: dict[str, Any]
    attempts: int
    token: str


class LeaseLost(Exception):
    """Another worker has the job by now: the transaction must roll back."""


def enqueue(
    session: Session,
    kind: str,
    payload: dict[str, Any],
    *,
    now: datetime,
    due_at: datetime | None = None,
    priority: int = ROUTINE,
    key: str | None = None,
) -> bool:
    """Put a job in the queue, in the caller's transaction.

    False when a job with the same *key* was put before; then nothing is added. On PostgreSQL
    a job that is due wakes the workers when the transaction commits.
    """
    job = {
        "kind": kind,
        "key": key,
        "payload": payload,
        "priority": priority,
        "due_at": due_at or now,
        "created_at": now,
    }
    if session.get_bind().dialect.name == "postgresql" and (due_at is None or due_at <= now):
        return session.execute(_waking(), job).first() is not None
    return put(session, Job, job, "key")


@cache
def _waking() -> Any:
    """As `put`, and the workers wake when it is committed."""
    statement = postgresql.insert(table_of(Job)).on_conflict_do_nothing(index_elements=["key"])
    return statement.returning(func.pg_notify(CHANNEL, table_of(Job).c.kind))


def claim(
    session: Session,
    kinds: Collection[str],
    *,
    now: datetime,
    lease: timedelta,
    priority: int | None = None,
) -> Lease | None:
    """Take the most urgent due job of *kinds* that nobody holds, until now + *lease*.

    With a *priority* only a job of that one. The caller commits at once, so that others see it
    taken.
    """
    # A scalar subquery is evaluated once, so PostgreSQL locks exactly one row; SQLite has one
    # writer at a time and leaves the locking clause out.
    chosen = (
        select(Job.id)
        .where(_is_free(kinds, now), *([] if priority is None else [Job.priority == priority]))
        .order_by(Job.priority, Job.due_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    token = secrets.token_hex(16)
    row = session.execute(
        update(Job)
        .where(Job.id == chosen)
        .values(leased_until=now + lease, lease_token=token, attempts=Job.attempts + 1)
        .returning(Job.id, Job.kind, Job.payload, Job.attempts),
        execution_options={"synchronize_session": False},
    ).one_or_none()
    if row is None:
        return None
    return Lease(row.id, row.kind, row.payload, row.attempts, token)


def is_due(session: Session, kinds: Collection[str], *, now: datetime) -> bool:
    """Whether there is a due job of *kinds* that nobody holds."""
    return bool(session.scalar(select(exists().where(_is_free(kinds, now)))))


def still_held(session: Session, leases: Collection[Lease]) -> set[int]:
    """The ids of the jobs among *leases* that nobody else took; until the commit nobody can."""
    if not leases:
        return set()
    tokens = {lease.job_id: lease.token for lease in leases}
    rows = session.execute(
        select(Job.id, Job.lease_token)
        .where(Job.id.in_(tokens), Job.state == State.QUEUED)
        .order_by(Job.id)
        .with_for_update()
    )
    return {row.id for row in rows if tokens[row.id] == row.lease_token}


def renew(session: Session, held: Lease, *, until: datetime) -> None:
    """Hold the job longer. Raises LeaseLost."""
    _settle(session, held, leased_until=until)


def progressed(session: Session, held: Lease) -> Lease:
    """Count the tries of a job anew, for part of it is done."""
    session.execute(
        update(Job).where(Job.id == held.job_id, Job.lease_token == held.token).values(attempts=1),
        execution_options={"synchronize_session": False},
    )
    return replace(held, attempts=1)


def complete(session: Session, held: Lease, *, now: datetime) -> None:
    """Mark the job done, in the transaction that did it. Raises LeaseLost."""
    _settle(session, held, state=State.DONE, settled_at=now, leased_until=None)


def retry(
    session: Session,
    held: Lease,
    *,
    now: datetime,
    reason: str,
    after: timedelta | None = None,
    payload: dict[str, Any] | None = None,
    counted: bool = True,
) -> None:
    """Put the job back, with *payload* if that changed. Raises LeaseLost.

    It is due *after* the time that was asked for, else after an exponential wait with jitter.
    An attempt that is not *counted* does not bring the job nearer to its burial.
    """
    wait = backoff(held.attempts) if after is None else after
    _settle(
        session,
        held,
        due_at=now + wait,
        leased_until=None,
        lease_token=None,
        last_error=reason[:500],
        payload=held.payload if payload is None else payload,
        attempts=held.attempts if counted else held.attempts - 1,
    )


def bury(session: Session, held: Lease, *, now: datetime, reason: str) -> None:
    """Give the job up but keep it, with the reason. Raises LeaseLost."""
    _settle(
        session,
        held,
        state=State.BURIED,
        settled_at=now,
        leased_until=None,
        last_error=reason[:500],
    )


def buried(session: Session, kind: str | None = None) -> list[Job]:
    """The jobs that were given up, the latest first."""
    given_up = select(Job).where(Job.state == State.BURIED)
    if kind is not None:
        given_up = given_up.where(Job.kind == kind)
    return list(session.scalars(given_up.order_by(Job.settled_at.desc(), Job.id.desc())))


def replay(
    session: Session, *, now: datetime, kind: str | None = None, ids: Collection[int] = ()
) -> int:
    """Put jobs that were given up back in the queue, with all their tries: how many there were.

    All of them, or only those of *kind*, or only those of *ids*; a job that is not buried is
    left alone.
    """
    chosen = update(Job).where(Job.state == State.BURIED)
    if kind is not None:
        chosen = chosen.where(Job.kind == kind)
    if ids:
        chosen = chosen.where(Job.id.in_(ids))
    result = session.execute(
        chosen.values(
            state=State.QUEUED,
            attempts=0,
            due_at=now,
            leased_until=None,
            lease_token=None,
            settled_at=None,
        ),
        execution_options={"synchronize_session": False},
    )
    return _touched(result)


def backoff(attempts: int) -> timedelta:
    """The wait after that many attempts: 2 s, 4 s, 8 s … an hour, and up to a quarter more.

    The random part keeps jobs that failed together from coming back together.
    """
    wait = min(timedelta(seconds=2 ** min(attempts, 20)), LONGEST_WAIT)
    return wait * random.uniform(1, 1.25)  # noqa: S311 - spreads load, hides nothing


def prune(session: Session, *, before: datetime) -> int:
    """Remove the jobs that were done *before*; buried ones stay. How many there were."""
    result = session.execute(delete(Job).where(Job.state == State.DONE, Job.settled_at < before))
    return _touched(result)


def backlog(session: Session) -> dict[str, int]:
    """How many jobs are queued and how many are buried."""
    counted = session.execute(
        select(Job.state, func.count().label("jobs"))
        .where(Job.state.in_((State.QUEUED, State.BURIED)))
        .group_by(Job.state)
    )
    return {State.QUEUED: 0, State.BURIED: 0} | {row.state: row.jobs for row in counted}


def _is_free(kinds: Collection[str], now: datetime) -> ColumnElement[bool]:
    return and_(
        Job.state == State.QUEUED,
        Job.due_at <= now,
        Job.kind.in_(kinds),
        or_(Job.leased_until.is_(None), Job.leased_until <= now),
    )


def _settle(session: Session, held: Lease, **changes: Any) -> None:
    result = session.execute(
        update(Job)
        .where(Job.id == held.job_id, Job.lease_token == held.token, Job.state == State.QUEUED)
        .values(**changes),
        execution_options={"synchronize_session": False},
    )
    if _touched(result) != 1:
        raise LeaseLost(f"job {held.job_id}")


def _touched(result: Any) -> int:
    assert isinstance(result, CursorResult)  # noqa: S101 - an UPDATE or DELETE gives one
    return result.rowcount
