"""From a message to the devices: expanded by pages into inboxes, pushed by batches.

A page and the job for the next page are one transaction, so a killed expander goes on where it
was and nobody has the message twice. A batch is sent outside of any transaction and recorded
in one: if the sender is killed between the two, that batch alone goes out a second time.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Row, update
from sqlalchemy.orm import Session

from content.store import insert_into
from content.text import in_language
from notifications import outbox
from notifications.audience import Audience, devices_for, in_share, page
from notifications.devices import Device, quiet_until
from notifications.gateway import Action, Gateway, Outcome, PushMessage
from notifications.manner import Manner
from notifications.messages import EXPAND, InboxItem, Message, priority_of, undelivered
from notifications.worker import Handler, Task

log = structlog.get_logger()

PUSH = "notifications.push"
BATCH = 500
"""Devices in one page and in one push job: what at most goes out twice after a kill."""

EXPIRED = Outcome(Action.BURY, "EXPIRED")
"""Of no use any more by the time it could be pushed; it is in the inbox."""

ALARM_WAIT = timedelta(minutes=1)


def handlers(gateway: Gateway) -> dict[str, Handler]:
    """What a worker needs to deliver messages through *gateway*."""
    return {EXPAND: expand, PUSH: lambda task: push(task, gateway)}


def expand(task: Task) -> None:
    """Put a message into the next page of inboxes and queue the push to them."""
    now = task.clock()
    with task.sessions.begin() as session:
        message = session.get(Message, UUID(task.payload["message_id"]))
        if message and message.stopped_at:
            message = None
        ids = _next_page(session, message, task.payload) if message else []
        if message and ids:
            rows = [{"message_id": message.id, "device_id": id, "created_at": now} for id in ids]
            session.execute(insert_into(session, InboxItem).values(rows).on_conflict_do_nothing())
            enqueue_push(session, message, ids, now=now, due_at=now)
        if message and len(ids) == BATCH:
            outbox.enqueue(
                session,
                EXPAND,
                {**task.payload, "after": ids[-1]},
                now=now,
                priority=priority_of(message),
            )
        elif message and task.payload.get("last", True):
            message.expanded_at = now
        task.done(session)


def push(task: Task, gateway: Gateway) -> None:
    """Send one batch and record what became of each message in it.

    Devices in their quiet hours wait for the end of these, unless it is an emergency.
    """
    with task.sessions() as session:
        message = session.get(Message, UUID(task.payload["message_id"]))
        rows = (
            session.execute(undelivered(message.id, task.payload["devices"])).all()
            if message
            else []
        )
    now = task.clock()
    awake, asleep = _by_quiet_hours(rows, now, emergency=bool(message and message.emergency))
    outcomes = _send(gateway, message, awake, now) if message else []

    with task.sessions.begin() as session:
        if message:
            for wakes_at, ids in asleep.items():
                enqueue_push(session, message, ids, now=now, due_at=wakes_at)
        unsent = _record(session, list(zip(awake, outcomes, strict=True)), task.clock())
        _settle(session, task, unsent)
    log.info(
        "pushed",
        message=task.payload["message_id"],
        asleep=sum(map(len, asleep.values())),
        **Counter(outcome.action.value for outcome in outcomes),
    )


def _send(
    gateway: Gateway, message: Message, rows: Sequence[Row[Any]], now: datetime
) -> list[Outcome]:
    if message.expires_at and message.expires_at <= now:
        return [EXPIRED] * len(rows)
    return gateway.send([_addressed(row, message, now) for row in rows])


def _next_page(session: Session, message: Message, payload: dict[str, Any]) -> list[int]:
    topics = () if message.emergency else message.topics
    selection = devices_for(Audience.from_json(message.audience), topics, message.citizen_id)
    if share := payload.get("share"):
        selection = selection.where(in_share(share, message.id.int % 100))
    return list(session.scalars(page(selection, payload["after"], BATCH)))


def enqueue_push(
    session: Session, message: Message, device_ids: list[int], *, now: datetime, due_at: datetime
) -> None:
    """Queue one push job of *message* to some devices, of which it already lies in the inbox."""
    outbox.enqueue(
        session,
        PUSH,
        {"message_id": str(message.id), "devices": device_ids},
        now=now,
        due_at=due_at,
        priority=priority_of(message),
    )


def _by_quiet_hours(
    rows: Sequence[Row[Any]], now: datetime, *, emergency: bool
) -> tuple[list[Row[Any]], dict[datetime, list[int]]]:
    awake: list[Row[Any]] = []
    asleep: dict[datetime, list[int]] = defaultdict(list)
    for row in rows:
        wakes_at = quiet_until(row.quiet_from, row.quiet_to, row.timezone, now)
        if wakes_at is None or emergency:
            awake.append(row)
        else:
            asleep[wakes_at].append(row.device_id)
    return awake, asleep


def _addressed(row: Row[Any], message: Message, now: datetime) -> PushMessage:
    expires_at = message.expires_at
    return PushMessage(
        delivery_id=row.id,
        message_id=message.id,
        kind=row.kind,
        address=row.address,
        title=in_language(message.title, row.language),
        body=in_language(message.body, row.language),
        topic=message.topics[0],
        link=message.link,
        emergency=message.emergency,
        manner=Manner.from_json(message.manner),
        expires_at=expires_at,
        ttl=math.ceil((expires_at - now).total_seconds()) if expires_at else None,
        silent=bool(row.silent_topics) and set(message.topics) <= set(row.silent_topics),
    )


def _record(
    session: Session, results: list[tuple[Row[Any], Outcome]], now: datetime
) -> list[tuple[int, Outcome]]:
    """Write down what is settled; give the devices that are still to be reached."""
    sent: list[int] = []
    failed: dict[str, list[int]] = defaultdict(list)
    unsent: list[tuple[int, Outcome]] = []
    for row, outcome in results:
        match outcome.action:
            case Action.SENT:
                sent.append(row.id)
            case Action.RETRY | Action.ALARM:
                unsent.append((row.device_id, outcome))
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
        session.execute(items.where(InboxItem.id.in_(sent)).values(accepted_at=now))
    for code, ids in failed.items():
        session.execute(items.where(InboxItem.id.in_(ids)).values(failure=code))
    return unsent


def _settle(session: Session, task: Task, unsent: list[tuple[int, Outcome]]) -> None:
    """Finish the job, or leave in it the devices that are still to be reached."""
    if not unsent:
        task.done(session)
        return
    outcomes = [outcome for _, outcome in unsent]
    alarm = any(outcome.action is Action.ALARM for outcome in outcomes)
    reason = ", ".join(sorted({outcome.code or "no answer" for outcome in outcomes}))
    if alarm:
        log.error("push service refuses us", code=reason, waiting=len(unsent))
    asked = [outcome.retry_after for outcome in outcomes if outcome.retry_after]
    after = max([*asked, ALARM_WAIT] if alarm else asked, default=None)
    payload = task.payload | {"devices": [device_id for device_id, _ in unsent]}
    task.again(session, reason, after=after, payload=payload, counted=not alarm)
