"""Push jobs in the hands of a sender, and what of them goes on file."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Row, any_, literal, update
from sqlalchemy.orm import Session

from notifications.devices import Device
from notifications.gateway import Action, Outcome, PushMessage
from notifications.messages import InboxItem
from notifications.worker import Task

NOT_TRIED = Outcome(Action.RETRY, "NOT_TRIED")


@dataclass
class Parcel:
    """What a push job holds, read from the database: ready to go, asleep, or settled already."""

    ready: list[tuple[PushMessage, Row[Any]]] = field(default_factory=list)
    asleep: dict[datetime, list[int]] = field(default_factory=dict)
    settled: list[tuple[Row[Any], Outcome]] = field(default_factory=list)
    urgent: bool = False


Unpack = Callable[[Session, dict[str, Any], datetime], Parcel]
"""Reads what a job's payload is about."""

Postpone = Callable[[Session, dict[str, Any], list[int], datetime, datetime], None]
"""Queues the push of a payload's message to some devices, now for a later time."""


@dataclass(eq=False)
class Batch:
    """A push job in hand."""

    task: Task
    parcel: Parcel
    waiting: deque[PushMessage]
    rows: dict[int, Row[Any]]
    under_way: int = 0
    unsent: list[tuple[int, Outcome]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def rank(self) -> tuple[bool, int]:
        """The place among those in hand: the smaller goes first."""
        return (not self.parcel.urgent, self.task.lease.job_id)

    @property
    def finished(self) -> bool:
        """Whether nothing more will happen to it."""
        return not self.waiting and not self.under_way

    def hold_back(self) -> None:
        """Leave what waits to another time."""
        self.unsent += [(self.rows[push.delivery_id].device_id, NOT_TRIED) for push in self.waiting]
        self.waiting.clear()


def write(session: Session, results: Iterable[tuple[Row[Any], Outcome]], now: datetime) -> None:
    """Write down what is settled, and that dead addresses are."""
    sent: list[int] = []
    failed: dict[str, list[int]] = defaultdict(list)
    for row, outcome in results:
        match outcome.action:
            case Action.SENT:
                sent.append(row.id)
            case Action.BURY | Action.PRUNE:
                failed[outcome.code or "UNSPECIFIED_ERROR"].append(row.id)
        if outcome.action is Action.PRUNE:
            # The app may have registered a fresh address meanwhile: only the dead one goes.
            session.execute(
                update(Device)
                .where(Device.id == row.device_id, Device.address == row.address)
                .values(address=None, updated_at=now)
            )
    items = update(InboxItem).execution_options(synchronize_session=False)
    if sent:
        session.execute(items.where(_among(session, sent)).values(accepted_at=now))
    for code, ids in failed.items():
        session.execute(items.where(_among(session, ids)).values(failure=code))


def _among(session: Session, ids: list[int]) -> ColumnElement[bool]:
    if session.get_bind().dialect.name == "postgresql":
        # One parameter: the statement is the same for any number, and prepared.
        return InboxItem.id == any_(literal(ids, ARRAY(BigInteger)))
    return InboxItem.id.in_(ids)
