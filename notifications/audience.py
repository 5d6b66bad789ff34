"""Who a message is for: one selection, used for counting and for sending."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from notifications.devices import Device, FollowedQuarter, MutedTopic


@dataclass(frozen=True)
class Audience:
    """The devices that fit every criterion that is given; no criterion means the whole town.

    A device fits *quarters* when it is in one of them or follows one, and *topics* when it
    has not muted all of them. *devices* are the ids of some of them.
    """

    quarters: Sequence[str] = ()
    languages: Sequence[str] = ()
    topics: Sequence[str] = ()
    platforms: Sequence[str] = ()
    devices: Sequence[int] = ()

    def as_json(self) -> dict[str, Any]:
        """The form in which a message keeps its audience."""
        return {name: list(values) for name, values in asdict(self).items() if values}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        """The audience that `as_json` kept."""
        return cls(**kept)


EVERYONE = Audience()


def devices_for(
    audience: Audience, topics: Sequence[str] = (), citizen_id: UUID | None = None
) -> Select[int]:
    """Select the ids of the devices that fit *audience* and have not muted all *topics*.

    With a *citizen_id* only the devices on which that citizen is signed in.
    """
    criteria = [_wants_any(wanted) for wanted in (topics, audience.topics) if wanted]
    if citizen_id:
        criteria.append(Device.citizen_id == citizen_id)
    if audience.quarters:
        follows = exists().where(
            FollowedQuarter.device_id == Device.id, FollowedQuarter.quarter.in_(audience.quarters)
        )
        criteria.append(or_(Device.quarter.in_(audience.quarters), follows))
    if audience.languages:
        criteria.append(Device.language.in_(audience.languages))
    if audience.devices:
        criteria.append(Device.id.in_(audience.devices))
    if audience.platforms:
        criteria.append(Device.platform.in_(audience.platforms))
    return select(Device.id).where(*criteria)


def in_share(share: Sequence[int], salt: int) -> ColumnElement[bool]:
    """The condition of devices in a share of all, from one per cent to another, such as [0, 10].

    Each device is in one share alone, evenly spread; another *salt* puts other devices first.
    """
    place = (Device.id * 19 + salt) % 100
    return and_(place >= share[0], place < share[1])


def count(
    session: Session,
    audience: Audience,
    topics: Sequence[str] = (),
    citizen_id: UUID | None = None,
) -> int:
    """How many devices a message would go to."""
    selected = devices_for(audience, topics, citizen_id).subquery()
    return session.scalar(select(func.count()).select_from(selected)) or 0


def page(selection: Select[int], after: int, size: int) -> Select[int]:
    """The next *size* ids of *selection* that come after the id *after*."""
    return selection.where(Device.id > after).order_by(Device.id).limit(size)


def _wants_any(topics: Sequence[str]) -> ColumnElement[bool]:
    mutes = exists().where(MutedTopic.device_id == Device.id)
    return ~and_(*(mutes.where(MutedTopic.topic == topic) for topic in topics))
