"""Inboxes: what a device and a person were told, what of it was read, and what was put away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Select, delete, exists, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column

from content.errors import N_, NotFound
from content.store import Base, insert_into
from notifications.devices import Device
from notifications.messages import InboxItem, Message

Act = Literal["read", "archive", "unarchive"]
ACTS: tuple[Act, ...] = ("read", "archive", "unarchive")


class InboxMark(Base):
    """What a citizen did to a message in the own inbox, whatever the devices are."""

    __tablename__ = "inbox_mark"

    citizen_id: Mapped[UUID] = mapped_column(primary_key=True)
    message_id: Mapped[UUID] = mapped_column(
        ForeignKey(Message.id, ondelete="CASCADE"), primary_key=True, index=True
    )
    read_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]


def act(name: str) -> Act:
    """The act of that name. Raises NotFound."""
    for known in ACTS:
        if name == known:
            return known
    raise NotFound(N_("There is nothing named %(name)s here."), name=name)


@dataclass(frozen=True)
class Kept:
    """A message in a citizen's inbox."""

    message: Message
    read_at: datetime | None
    archived_at: datetime | None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.message, name)


def of_device(device: Device, *, archived: bool | None = None) -> Select[InboxItem]:
    """Select what lies in the device's inbox, with each message; by *archived*, or all of it.

    What was said to a citizen shows only while that citizen is signed in there.
    """
    statement = (
        select(InboxItem)
        .join(InboxItem.message)
        .options(joinedload(InboxItem.message))
        .where(InboxItem.device_id == device.id)
        .where(or_(Message.citizen_id.is_(None), Message.citizen_id == device.citizen_id))
    )
    if archived is None:
        return statement
    return statement.where(InboxItem.archived_at.is_not(None) == archived)


def of_citizen(citizen_id: UUID, *, archived: bool | None = None) -> Select[Message]:
    """Select the messages to a citizen and those that reached any of the citizen's devices.

    By *archived*, or all of them.
    """
    statement = select(Message).where(_is_for(citizen_id))
    if archived is None:
        return statement
    put_away = exists().where(
        InboxMark.citizen_id == citizen_id,
        InboxMark.message_id == Message.id,
        InboxMark.archived_at.is_not(None),
    )
    return statement.where(put_away if archived else ~put_away)


def kept(session: Session, citizen_id: UUID, found: Sequence[Message]) -> list[Kept]:
    """Each of *found* with what the citizen did to it: read here or on any of the own devices."""
    ids = [message.id for message in found]
    marks = {
        mark.message_id: mark
        for mark in session.scalars(
            select(InboxMark).where(
                InboxMark.citizen_id == citizen_id, InboxMark.message_id.in_(ids)
            )
        )
    }
    on_devices = session.execute(
        select(InboxItem.message_id, func.min(InboxItem.read_at).label("read_at"))
        .join(Device, Device.id == InboxItem.device_id)
        .where(Device.citizen_id == citizen_id, InboxItem.message_id.in_(ids))
        .group_by(InboxItem.message_id)
    )
    read = {row.message_id: row.read_at for row in on_devices}
    return [
        Kept(
            message,
            (mark.read_at if mark else None) or read.get(message.id),
            mark.archived_at if mark else None,
        )
        for message in found
        for mark in (marks.get(message.id),)
    ]


def do_on_device(
    session: Session, device: Device, delivery_id: int, what: Act, at: datetime
) -> None:
    """Do *what* to one message in the device's inbox; doing it again changes nothing.

    Raises NotFound for a delivery that does not lie there.
    """
    item = session.scalar(of_device(device).where(InboxItem.id == delivery_id))
    if item is None:
        raise NotFound(N_("This device has no such delivery."))
    if what == "read":
        item.read_at = item.read_at or at
    else:
        item.archived_at = (item.archived_at or at) if what == "archive" else None
    session.flush()


def do_for_citizen(
    session: Session, citizen_id: UUID, message_id: UUID, what: Act, at: datetime
) -> None:
    """Do *what* to one message in the citizen's inbox and on all devices of the citizen.

    Raises NotFound for a message that does not lie there.
    """
    if session.scalar(of_citizen(citizen_id).where(Message.id == message_id)) is None:
        raise NotFound(N_("There is no such message in your inbox."))
    column = "read_at" if what == "read" else "archived_at"
    value = None if what == "unarchive" else at
    statement = insert_into(session, InboxMark).values(
        citizen_id=citizen_id, message_id=message_id, **{column: value}
    )
    old = getattr(InboxMark, column)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["citizen_id", "message_id"],
            set_={column: func.coalesce(old, value) if value else None},
        )
    )
    mine = select(Device.id).where(Device.citizen_id == citizen_id)
    on_devices = update(InboxItem).where(
        InboxItem.message_id == message_id, InboxItem.device_id.in_(mine)
    )
    if value:
        on_devices = on_devices.where(getattr(InboxItem, column).is_(None))
    session.execute(
        on_devices.values(**{column: value}).execution_options(synchronize_session=False)
    )
    session.expire_all()


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
        item.read_at = item.read_at or at
    session.flush()


def forget_citizen(session: Session, citizen_id: UUID) -> None:
    """Remove what is known of what a citizen read."""
    session.execute(delete(InboxMark).where(InboxMark.citizen_id == citizen_id))


def _is_for(citizen_id: UUID) -> ColumnElement[bool]:
    on_devices = (
        select(InboxItem.message_id)
        .join(Device, Device.id == InboxItem.device_id)
        .where(Device.citizen_id == citizen_id)
    )
    return or_(
        Message.citizen_id == citizen_id,
        Message.citizen_id.is_(None) & Message.id.in_(on_devices),
    )
