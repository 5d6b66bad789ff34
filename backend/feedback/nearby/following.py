"""Following an area: by a citizen on all devices, or by one device of a guest."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.orm import Session

from backend.feedback.nearby.models import FollowedArea
from backend.feedback.whereabouts import Box, check_inside
from content.errors import N_, Conflict, Invalid, NotFound
from content.vocabularies.queries import check_quarters
from notifications.devices import Device

MOST = 10
LEAST_RADIUS, MOST_RADIUS = 100, 5_000
"""In metres."""


@dataclass(frozen=True)
class Owner:
    """Who follows: one of a citizen and a device."""

    citizen_id: uuid.UUID | None = None
    device_id: int | None = None

    def owns(self) -> ColumnElement[bool]:
        """True of an area that is the owner's."""
        if self.citizen_id is not None:
            return FollowedArea.citizen_id == self.citizen_id
        return FollowedArea.device_id == self.device_id


@dataclass(frozen=True)
class Wish:
    """An area as somebody names it: a *quarter*, or a point and metres around it."""

    quarter: str | None = None
    lat: float | None = None
    lng: float | None = None
    radius: int | None = None
    name: str | None = None


def areas_of(session: Session, owner: Owner) -> Sequence[FollowedArea]:
    """What *owner* follows, the oldest first."""
    order = (FollowedArea.created_at, FollowedArea.id)
    return session.scalars(select(FollowedArea).where(owner.owns()).order_by(*order)).all()


def follow(
    session: Session, owner: Owner, wish: Wish, *, now: datetime, town_box: Box | None
) -> tuple[FollowedArea, bool]:
    """Let *owner* follow what *wish* names; the area, and whether it was followed before.

    Raises Invalid for an area that is named twice or not at all, for an unknown quarter and a
    point outside of *town_box*; Conflict for one more than MOST.
    """
    has_point = wish.lat is not None and wish.lng is not None
    if (wish.quarter is not None) == has_point:
        wrong = [N_("Name either a quarter, or a point and how far around it.")]
        raise Invalid({"quarter": wrong, "location": wrong})
    if wish.quarter is not None:
        check_quarters(session, [wish.quarter], "quarter")
    elif wish.radius is None:
        raise Invalid({"radius": [N_("How far around the point, in metres?")]})
    if wish.lat is not None and wish.lng is not None:
        check_inside(wish.lat, wish.lng, town_box)
    radius = None if wish.quarter else wish.radius
    same = select(FollowedArea).where(
        owner.owns(),
        FollowedArea.quarter == wish.quarter,
        FollowedArea.lat == wish.lat,
        FollowedArea.lng == wish.lng,
        FollowedArea.radius == radius,
    )
    if (known := session.scalars(same).first()) is not None:
        known.name = wish.name or known.name
        session.flush()
        return known, True
    counted = select(func.count()).select_from(FollowedArea).where(owner.owns())
    if (session.scalar(counted) or 0) >= MOST:
        raise Conflict(N_("You follow %(most)s areas already: leave one first."), most=MOST)
    made = FollowedArea(
        citizen_id=owner.citizen_id,
        device_id=owner.device_id,
        name=wish.name or None,
        quarter=wish.quarter,
        lat=wish.lat,
        lng=wish.lng,
        radius=radius,
        created_at=now,
    )
    session.add(made)
    session.flush()
    return made, False


def leave(session: Session, owner: Owner, area_id: uuid.UUID) -> None:
    """No longer follow an area. Raises NotFound for one that is not the *owner*'s."""
    gone = delete(FollowedArea).where(owner.owns(), FollowedArea.id == area_id)
    if session.scalar(gone.returning(FollowedArea.id)) is None:
        raise NotFound(N_("You follow no such area."))


def erase(session: Session, citizen_id: uuid.UUID) -> None:
    """Forget what a citizen follows, also on the devices that the citizen is signed in on."""
    own_devices = select(Device.id).where(Device.citizen_id == citizen_id)
    session.execute(
        delete(FollowedArea).where(
            or_(
                FollowedArea.citizen_id == citizen_id,
                FollowedArea.device_id.in_(own_devices.scalar_subquery()),
            )
        ),
        execution_options={"synchronize_session": False},
    )


def export(session: Session, citizen_id: uuid.UUID) -> list[dict[str, Any]]:
    """What a citizen follows, ready for JSON; also on the devices signed in on."""
    own_devices = select(Device.id).where(Device.citizen_id == citizen_id)
    found = session.scalars(
        select(FollowedArea)
        .where(
            or_(
                FollowedArea.citizen_id == citizen_id,
                FollowedArea.device_id.in_(own_devices.scalar_subquery()),
            )
        )
        .order_by(FollowedArea.created_at, FollowedArea.id)
    )
    return [
        {
            "name": area.name,
            "quarter": area.quarter,
            "location": area.location,
            "radius": area.radius,
            "created_at": area.created_at.isoformat(),
        }
        for area in found
    ]
