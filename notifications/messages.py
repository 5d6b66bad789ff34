"""Messages, the inboxes they lie in, and how an act of the town becomes one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

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
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from content.errors import N_, Invalid, NotFound
from content.store import Base, Key, Localized, RowId, insert_into
from notifications import outbox
from notifications.audience import EVERYONE, Audience
from notifications.devices import Device, check_topics
from notifications.payload import fitting

EXPAND = "notifications.expand"


class Message(Base):
    """One thing said, to an audience or to one citizen."""

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
    created_at: Mapped[datetime] = mapped_column(index=True)


class InboxItem(Base):
    """A message in a device's inbox, at most once, and what is known of its push.

    `accepted_at`: the push service took it; `delivered_at`, `opened_at`: the device said so;
    `failure`: why it was never pushed, in the push service's word.
    """

    __tablename__ = "inbox_item"
    __table_args__ = (UniqueConstraint("message_id", "device_id"),)

    id: Mapped[RowId]
    message_id: Mapped[UUID] = mapped_column(ForeignKey(Message.id, ondelete="CASCADE"))
    device_id: Mapped[int] = mapped_column(ForeignKey(Device.id, ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    failure: Mapped[str | None]

    message: Mapped[Message] = relationship()


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
) -> Message:
    """Say something to *audience*, in the transaction of the act that gives rise to it.

    Every device that fits and has not muted all *topics* gets it once; an emergency also where
    they are muted. A second call with the same *key* says nothing and gives the first message.
    *source* is the (type, id) it is about. A body that is too long for a push is shortened at
    a word's end. Raises Invalid.
    """
    return _say(
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
    )


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
) -> Message:
    """Say something to one citizen, on every device where that citizen is signed in.

    It is in the citizen's own inbox at once, also without any device. Otherwise as `announce`.
    """
    return _say(
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
    **fields: Any,
) -> Message:
    if not title.get("vi"):
        raise Invalid({"title": [N_("The Vietnamese text (vi) is needed.")]})
    if not fields["topics"]:
        raise Invalid({"topics": [N_("A message needs a topic.")]})
    check_topics(session, fields["topics"])
    texts = _fitted(title, body, fields["topics"][0], fields["link"], fields["emergency"])
    source_type, source_id = source or (None, None)
    statement = insert_into(session, Message).values(
        key=key,
        title=title,
        body=texts,
        source_type=source_type,
        source_id=source_id,
        created_at=now,
        **fields,
    )
    message: Message | None = session.scalar(
        statement.on_conflict_do_nothing(index_elements=["key"]).returning(Message)
    )
    if message is None:
        return session.scalars(select(Message).where(Message.key == key)).one()
    outbox.enqueue(
        session,
        EXPAND,
        {"message_id": str(message.id), "after": 0},
        now=now,
        priority=priority_of(message),
    )
    return message


def priority_of(message: Message) -> int:
    """The place in the queue of all work for *message*."""
    return outbox.EMERGENCY if message.emergency else outbox.ROUTINE


def _fitted(
    title: Localized, body: Localized, topic: str, link: str | None, emergency: bool
) -> Localized:
    texts = {}
    for language in title.keys() | body.keys():
        shortened = fitting(
            title.get(language) or title["vi"],
            body.get(language, ""),
            topic=topic,
            link=link,
            emergency=emergency,
        )
        if shortened is None:
            raise Invalid({"title": [N_("The title is too long for a push message.")]})
        if language in body:
            texts[language] = shortened
    return texts


def inbox_of_device(device: Device) -> Select[InboxItem]:
    """Select what lies in the device's inbox, with each message.

    What was said to a citizen shows only while that citizen is signed in there.
    """
    return (
        select(InboxItem)
        .join(InboxItem.message)
        .options(joinedload(InboxItem.message))
        .where(InboxItem.device_id == device.id)
        .where(or_(Message.citizen_id.is_(None), Message.citizen_id == device.citizen_id))
    )


def inbox_of_citizen(citizen_id: UUID) -> Select[Message]:
    """Select the messages to a citizen and those that reached any of the citizen's devices."""
    on_devices = (
        select(InboxItem.message_id)
        .join(Device, Device.id == InboxItem.device_id)
        .where(Device.citizen_id == citizen_id)
    )
    return select(Message).where(
        or_(
            Message.citizen_id == citizen_id,
            Message.citizen_id.is_(None) & Message.id.in_(on_devices),
        )
    )


def record_receipt(
    session: Session, device: Device, delivery_id: int, event: str, at: datetime
) -> None:
    """Note that the device received ("delivered") or opened ("opened") a message.

    The first time counts. Raises NotFound for a delivery to another device.
    """
    item = session.scalar(select(InboxItem).filter_by(id=delivery_id, device_id=device.id))
    if item is None:
        raise NotFound(N_("This device has no such delivery."))
    item.delivered_at = item.delivered_at or at
    if event == "opened":
        item.opened_at = item.opened_at or at
    session.flush()


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
        )
        .join(Device, Device.id == InboxItem.device_id)
        .join(InboxItem.message)
        .where(InboxItem.message_id == message_id, InboxItem.device_id.in_(device_ids))
        .where(InboxItem.accepted_at.is_(None), InboxItem.failure.is_(None))
        .where(Device.address.is_not(None))
        .where(or_(Message.citizen_id.is_(None), Message.citizen_id == Device.citizen_id))
        .order_by(Device.id)
    )
