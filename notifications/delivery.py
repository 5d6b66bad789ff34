"""From a message to the devices: expanded by pages into inboxes, pushed by batches.

A page and the job for the next page are one transaction, so a killed expander goes on where it
was and nobody has the message twice. What a killed sender may repeat is said in `sending`.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, literal, select
from sqlalchemy.orm import Session, sessionmaker

from content.store import Clock, insert_into
from content.text import in_language
from notifications import outbox
from notifications.audience import Audience, devices_for, in_share, page
from notifications.devices import Device, quiet_until
from notifications.gate import Pace
from notifications.gateway import Action, Gateway, Outcome, PushMessage, Stream
from notifications.manner import Manner
from notifications.messages import EXPAND, InboxItem, Message, priority_of, undelivered
from notifications.parcels import Parcel
from notifications.sending import IN_FLIGHT, PUSH, Sender
from notifications.worker import Handler, Lane, Task, lane_of

BATCH = 500
"""Devices in one page and in one push job."""

EXPIRED = Outcome(Action.BURY, "EXPIRED")
"""Of no use any more by the time it could be pushed; it is in the inbox."""


def handlers(gateway: Gateway | Stream) -> dict[str, Handler]:
    """What a worker without lanes needs to deliver messages through *gateway*."""
    return {EXPAND: expand, PUSH: Sender(gateway, unpack, postpone).do}


def lanes(
    sessions: sessionmaker[Session],
    gateway: Gateway | Stream,
    clock: Clock,
    *,
    in_flight: int = IN_FLIGHT,
    pace: Pace | None = None,
) -> list[Lane]:
    """The lanes of a worker that deliver messages, whatever else the worker is busy with."""
    sender = Sender(gateway, unpack, postpone, in_flight=in_flight, pace=pace)
    return [lane_of(sessions, {EXPAND: expand}, clock), sender.lane(sessions, clock)]


def expand(task: Task) -> None:
    """Put a message into the next page of inboxes and queue the push to them."""
    now = task.clock()
    with task.sessions.begin() as session:
        message = session.get(Message, UUID(task.payload["message_id"]))
        if message and message.stopped_at:
            message = None
        ids = _next_page(session, message, task.payload) if message else []
        if message and ids:
            _put_into_inboxes(session, message, ids, now)
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


def unpack(session: Session, payload: dict[str, Any], now: datetime) -> Parcel:
    """What a push job is about: the devices it is still to reach, but for those asleep.

    Devices in their quiet hours wait for the end of these, unless it is an emergency.
    """
    message = session.get(Message, UUID(payload["message_id"]))
    if message is None:
        return Parcel()
    rows = session.execute(undelivered(message.id, payload["devices"])).all()
    awake, asleep = _by_quiet_hours(rows, now, emergency=message.emergency)
    if message.expires_at and message.expires_at <= now:
        return Parcel(asleep=asleep, settled=[(row, EXPIRED) for row in awake])
    ready = list(zip(_addressed(awake, message, now), awake, strict=True))
    return Parcel(ready, asleep, urgent=message.emergency)


def postpone(
    session: Session, payload: dict[str, Any], devices: list[int], now: datetime, due_at: datetime
) -> None:
    """Push a job's message to *devices* at another time."""
    message = session.get(Message, UUID(payload["message_id"]))
    if message:
        enqueue_push(session, message, devices, now=now, due_at=due_at)


def _put_into_inboxes(
    session: Session, message: Message, device_ids: list[int], now: datetime
) -> None:
    at = literal(now, InboxItem.created_at.type)
    devices = select(literal(message.id), Device.id, at).where(Device.id.in_(device_ids))
    statement = insert_into(session, InboxItem).from_select(
        ["message_id", "device_id", "created_at"], devices
    )
    session.execute(statement.on_conflict_do_nothing())


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


def _addressed(rows: Sequence[Row[Any]], message: Message, now: datetime) -> Iterator[PushMessage]:
    """The push for each of *rows*; what all have in common is made once."""
    manner, expires_at = Manner.from_json(message.manner), message.expires_at
    ttl = math.ceil((expires_at - now).total_seconds()) if expires_at else None
    topics, link, emergency = set(message.topics), message.link, message.emergency
    message_id, topic = message.id, message.topics[0]
    titles, bodies = message.title, message.body
    texts: dict[str, tuple[str, str]] = {}
    for row in rows:
        language, silent = row.language, row.silent_topics
        if language not in texts:
            texts[language] = (in_language(titles, language), in_language(bodies, language))
        title, body = texts[language]
        yield PushMessage(
            delivery_id=row.id,
            message_id=message_id,
            kind=row.kind,
            address=row.address,
            title=title,
            body=body,
            topic=topic,
            link=link,
            emergency=emergency,
            manner=manner,
            expires_at=expires_at,
            ttl=ttl,
            silent=bool(silent) and topics <= set(silent),
        )
