"""Trying once more what failed, by pages, for those devices alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, Select, func, select, update
from sqlalchemy.orm import Session

from content.errors import N_, Conflict
from notifications import outbox
from notifications.delivery import BATCH, EXPIRED, enqueue_push
from notifications.devices import Device
from notifications.messages import InboxItem, Message, priority_of
from notifications.worker import Handler, Task

RESEND = "notifications.resend"


def handlers() -> dict[str, Handler]:
    """What a worker needs to try failed pushes once more."""
    return {RESEND: resend}


def again(session: Session, message: Message, now: datetime) -> int:
    """Queue *message* once more for the devices whose push failed and that have an address.

    How many those are. Raises Conflict where there is none, or where it is no longer of use.
    """
    if message.stopped_at or (message.expires_at and message.expires_at <= now):
        raise Conflict(N_("This message is stopped or no longer of use."))
    devices = session.scalar(select(func.count()).select_from(_failed(message.id, 0).subquery()))
    if not devices:
        raise Conflict(N_("There is nobody to whom it could be sent again."))
    _enqueue(session, message, 0, now)
    return devices


def resend(task: Task) -> None:
    """Queue the push to the next page of failed devices, and the job for the page after it."""
    now = task.clock()
    with task.sessions.begin() as session:
        message = session.get(Message, UUID(task.payload["message_id"]))
        rows: Sequence[Row[int, int]] = ()
        if message and not message.stopped_at:
            rows = session.execute(_failed(message.id, task.payload["after"]).limit(BATCH)).all()
        if message and rows:
            session.execute(
                update(InboxItem)
                .where(InboxItem.id.in_([row.id for row in rows]))
                .values(failure=None)
                .execution_options(synchronize_session=False)
            )
            enqueue_push(session, message, [row.device_id for row in rows], now=now, due_at=now)
            if len(rows) == BATCH:
                _enqueue(session, message, rows[-1].device_id, now)
        task.done(session)


def _failed(message_id: UUID, after: int) -> Select[int, int]:
    return (
        select(InboxItem.id, InboxItem.device_id)
        .join(Device, Device.id == InboxItem.device_id)
        .where(InboxItem.message_id == message_id, InboxItem.device_id > after)
        .where(InboxItem.failure.is_not(None), InboxItem.failure != EXPIRED.code)
        .where(Device.address.is_not(None))
        .order_by(InboxItem.device_id)
    )


def _enqueue(session: Session, message: Message, after: int, now: datetime) -> None:
    outbox.enqueue(
        session,
        RESEND,
        {"message_id": str(message.id), "after": after},
        now=now,
        priority=priority_of(message),
    )
