"""Messages, the inboxes they lie in, and how an act of the town becomes one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import (
    ForeignKey,
    Index,
    Select,
    UniqueConstraint,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from content.errors import N_, Invalid
from content.store import Base, Key, Localized, RowId, put
from notifications import outbox
from notifications.audience import EVERYONE, Audience
from notifications.devices import Device, check_topics
from notifications.gateway import PushMessage
from notifications.manner import USUAL, Manner
from notifications.payload import fitting

EXPAND = "notifications.expand"


class Message(Base):
    """One thing said, to an audience or to one citizen.

    *expanded_at*: when it lay in the last inbox; *stopped_at*: since when it goes to nobody more.
    """

    __tablename__ = "push_message"
    __table_args__ = (Index("ix_push_message_source", "source_type", "source_id"),)

    id: Mapped[Key]
    key: Mapped[str | None] = mapped_column(unique=True)
    kind: Mapped[str]
    topics: Mapped[list[str]]
    title: Mapped[Localized]
    body: Mapped[Localized]
    link: Mapped[str | None]
    source_type: Mapped[str | None]
    source_id: Mapped[str | None]
    emergency: Mapped[bool]
    audience: Mapped[dict[str, Any]]
    citizen_id: Mapped[UUID | None] = mapped_column(index=True)
    manner: Mapped[dict[str, Any] | None]
    expanded_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(index=True)

    @property
    def expires_at(self) -> datetime | None:
        """When it is no longer worth pushing; None for never."""
        ttl = Manner.from_json(self.manner).ttl
        return self.created_at + timedelta(seconds=ttl) if ttl else None


class InboxItem(Base):
    """A message in a device's inbox, at most once, and what is known of its push.

    `accepted_at`: the push service took it; `delivered_at`, `opened_at`: the device said so;
    `failure`: why it was never pushed, in the push service's word. `read_at`, `archived_at`: what
    was done to it in the inbox of the device.
    """

    __tablename__ = "inbox_item"
    __table_args__ = (UniqueConstraint("message_id", "device_id"),)

    id: Mapped[RowId]
    message_id: Mapped[UUID] = mapped_column(ForeignKey(Message.id, ondelete="CASCADE"))
    device_id: Mapped[int] = mapped_column(ForeignKey(Device.id, ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    failure: Mapped[str | None]

    message: Mapped[Message] = relationship()


@dataclass(frozen=True)
class Ramp:
    """Tell some devices first: *percent* of them, and after *wait* the others."""

    percent: int
    wait: timedelta

    def steps(self) -> list[dict[str, Any]]:
        """What the jobs that expand the message are told, in their order."""
        return [
            {"wait": timedelta(0), "share": [0, self.percent], "last": False},
            {"wait": self.wait, "share": [self.percent, 100]},
        ]


def announce(
    session: Session,
    *,
    kind: str,
    topics: Sequence[str],
    title: Localized,
    body: Localized,
    now: datetime,
    audience: Audience = EVERYONE,
    link: str | None = None,
    source: tuple[str, str] | None = None,
    emergency: bool = False,
    key: str | None = None,
    manner: Manner = USUAL,
    ramp: Ramp | None = None,
) -> Message:
    """Say something to *audience*, in the transaction of the act that gives rise to it.

    Every device that fits and has not muted all *topics* gets it once; an emergency also where
    they are muted. A second call with the same *key* says nothing and gives the first message.
    *source* is the (type, id) it is about. A body that is too long for a push is shortened at
    a word's end. With a *ramp* some devices are told first. Raises Invalid.
    """
    new = _say(
        session,
        now,
        kind=kind,
        topics=list(topics),
        title=title,
        body=body,
        link=link,
        source=source,
        emergency=emergency,
        audience=audience.as_json(),
        citizen_id=None,
        key=key,
        manner=manner,
        ramp=ramp,
    )
    known = select(Message).where(Message.id == new if new else Message.key == key)
    return session.scalars(known).one()


def notify(
    session: Session,
    citizen_id: UUID,
    *,
    kind: str,
    topics: Sequence[str],
    title: Localized,
    body: Localized,
    now: datetime,
    link: str | None = None,
    source: tuple[str, str] | None = None,
    key: str | None = None,
) -> None:
    """Say something to one citizen, on every device where that citizen is signed in.

    It is in the citizen's own inbox at once, also without any device. Otherwise as `announce`.
    """
    _say(
        session,
        now,
        kind=kind,
        topics=list(topics),
        title=title,
        body=body,
        link=link,
        source=source,
        emergency=False,
        audience={},
        citizen_id=citizen_id,
        key=key,
    )


def _say(
    session: Session,
    now: datetime,
    *,
    title: Localized,
    body: Localized,
    source: tuple[str, str] | None,
    key: str | None,
    manner: Manner = USUAL,
    ramp: Ramp | None = None,
    **fields: Any,
) -> UUID | None:
    """The id of the new message; None where *key* was said before."""
    if not title.get("vi"):
        raise Invalid({"title": [N_("The Vietnamese text (vi) is needed.")]})
    if not fields["topics"]:
        raise Invalid({"topics": [N_("A message needs a topic.")]})
    check_topics(session, fields["topics"])
    manner.check()
    texts = fitted(
        title,
        body,
        topic=fields["topics"][0],
        link=fields["link"],
        emergency=fields["emergency"],
        manner=manner,
    )
    source_type, source_id = source or (None, None)
    message = {
        "id": uuid4(),
        "key": key,
        "title": title,
        "body": texts,
        "source_type": source_type,
        "source_id": source_id,
        "created_at": now,
        "manner": manner.as_json() or None,
        **fields,
    }
    if not put(session, Message, message, "key"):
        return None
    for step in ramp.steps() if ramp else ({"wait": timedelta(0)},):
        wait = step.pop("wait")
        outbox.enqueue(
            session,
            EXPAND,
            {"message_id": str(message["id"]), "after": 0, **step},
            now=now,
            due_at=now + wait,
            priority=_priority(emergency=fields["emergency"]),
        )
    return cast(UUID, message["id"])


def stop(message: Message, now: datetime) -> None:
    """Tell nobody more of *message*; inboxes that have it keep it."""
    message.stopped_at = message.stopped_at or now


def priority_of(message: Message) -> int:
    """The place in the queue of all work for *message*."""
    return _priority(emergency=message.emergency)


def _priority(*, emergency: bool) -> int:
    return outbox.EMERGENCY if emergency else outbox.ROUTINE


def fitted(
    title: Localized,
    body: Localized,
    *,
    topic: str,
    link: str | None = None,
    emergency: bool = False,
    manner: Manner = USUAL,
) -> Localized:
    """*body* as a push carries it: each text shortened at a word's end where it is too long.

    Raises Invalid that names the title which does not even fit alone.
    """
    texts = {}
    for language in title.keys() | body.keys():
        sample = PushMessage(
            delivery_id=0,
            message_id=UUID(int=0),
            kind="token",
            address="",
            title=title.get(language) or title["vi"],
            body=body.get(language, ""),
            topic=topic,
            link=link,
            emergency=emergency,
            manner=manner,
            expires_at=datetime.now(UTC) if manner.ttl else None,
            ttl=manner.ttl,
        )
        shortened = fitting(sample)
        if shortened is None:
            raise Invalid({"title": [N_("The title is too long for a push message.")]})
        if language in body:
            texts[language] = shortened
    return texts


def counts(session: Session, message_id: UUID) -> dict[str, int]:
    """How many devices have the message, and how far it came: numbers without names."""
    row = session.execute(
        select(
            func.count().label("inbox"),
            func.count(InboxItem.accepted_at).label("accepted"),
            func.count(InboxItem.delivered_at).label("delivered"),
            func.count(InboxItem.opened_at).label("opened"),
            func.count(InboxItem.failure).label("failed"),
        ).where(InboxItem.message_id == message_id)
    ).one()
    return dict(row._mapping)


def waiting(message_id: UUID) -> Select[int]:
    """Select the devices whose push of a message has neither come through nor failed."""
    return (
        select(InboxItem.device_id)
        .join(Device, Device.id == InboxItem.device_id)
        .where(InboxItem.message_id == message_id)
        .where(InboxItem.accepted_at.is_(None), InboxItem.failure.is_(None))
        .where(Device.address.is_not(None))
    )


def failures(session: Session, message_id: UUID) -> dict[str, int]:
    """How many pushes of a message failed, by the push service's word, the most frequent first."""
    rows = session.execute(
        select(InboxItem.failure, func.count().label("devices"))
        .where(InboxItem.message_id == message_id, InboxItem.failure.is_not(None))
        .group_by(InboxItem.failure)
    )
    return dict(sorted(((row.failure, row.devices) for row in rows), key=lambda one: -one[1]))


def forget_citizen(session: Session, citizen_id: UUID, now: datetime) -> None:
    """Remove what was said to a citizen, and leave the citizen's devices to nobody."""
    session.execute(delete(Message).where(Message.citizen_id == citizen_id))
    session.execute(
        update(Device)
        .where(Device.citizen_id == citizen_id)
        .values(citizen_id=None, updated_at=now)
    )


def forget_source(session: Session, sources: Sequence[tuple[str, str]]) -> None:
    """Remove what was said to citizens about each of *sources*, a type and an id."""
    for kind in {kind for kind, _ in sources}:
        ids = [key for each, key in sources if each == kind]
        about = (Message.source_type == kind) & Message.source_id.in_(ids)
        session.execute(delete(Message).where(about, Message.citizen_id.is_not(None)))


def undelivered(message_id: UUID, device_ids: Sequence[int]) -> Select[*tuple[Any, ...]]:
    """Select what a push needs, for those of *device_ids* that it may still go to."""
    return (
        select(
            InboxItem.id,
            Device.id.label("device_id"),
            Device.kind,
            Device.address,
            Device.language,
            Device.timezone,
            Device.quiet_from,
            Device.quiet_to,
            Device.silent_topics,
        )
        .join(Device, Device.id == InboxItem.device_id)
        .join(InboxItem.message)
        .where(InboxItem.message_id == message_id, InboxItem.device_id.in_(device_ids))
        .where(InboxItem.accepted_at.is_(None), InboxItem.failure.is_(None))
        .where(Message.stopped_at.is_(None))
        .where(Device.address.is_not(None))
        .where(or_(Message.citizen_id.is_(None), Message.citizen_id == Device.citizen_id))
        .order_by(Device.id)
    )
