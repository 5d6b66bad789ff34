"""Reading places: which, where, open or not."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, select
from sqlalchemy.orm import Session, with_expression

from content import search, town
from content.opening import DaysOff, is_open
from content.places.models import Place
from content.places.rules import days_of
from content.store import holds, position_in
from content.vocabularies.models import Vocabulary
from content.vocabularies.queries import with_descendants

METRES_PER_DEGREE = 111_195
MOST_FOUND = 200
"""How many places a search by words ranks; more of them help nobody."""

Point = tuple[float, float]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Wanted:
    """What places somebody asks for; what is None is not asked.

    *near* is (lat, lng), *radius* in metres around it, *bbox* is (west, south, east, north).
    """

    category: str | None = None
    tag: str | None = None
    quarter: str | None = None
    q: str | None = None
    near: Point | None = None
    radius: float | None = None
    bbox: Box | None = None


def places(
    session: Session, wanted: Wanted, *, language: str, now: datetime
) -> tuple[Select[Place], list[Any]]:
    """Select the places that the public sees at *now* and that fit, and how to order them.

    What is near comes first where *near* is asked, else the best match where *q* is, else by
    address. A place without a point is never near nor in a box.
    """
    statement = select(Place).where(Place.visible(now))
    order: list[Any] = [Place.slug]
    if wanted.q:
        found = search.find_ids(
            session, wanted.q, types=["place"], language=language, now=now, limit=MOST_FOUND
        )
        # As a case, visibility offers no index: a database without statistics would take the one
        # on states, which holds nearly every place, rather than look up the few that were found.
        visible = case((Place.visible(now), 1), else_=0) == 1
        statement = select(Place).where(Place.id.in_(found), visible)
        order = [position_in(Place.id, found), *order]
    if wanted.category:
        codes = with_descendants(session, Vocabulary.PLACE, wanted.category)
        statement = statement.where(Place.category.in_(codes))
    if wanted.tag:
        statement = statement.where(holds(Place.tags, wanted.tag))
    if wanted.quarter:
        statement = statement.where(Place.quarter == wanted.quarter)
    if wanted.bbox:
        statement = statement.where(in_box(wanted.bbox))
    if wanted.near:
        square = _square_distance(wanted.near)
        statement = statement.where(Place.lat.is_not(None)).options(
            with_expression(Place.square_distance, square)
        )
        if wanted.radius:
            statement = statement.where(
                _around(wanted.near, wanted.radius), square <= wanted.radius**2
            )
        order = [square, Place.slug]
    return statement, order


def _square_distance(near: Point) -> ColumnElement[float | None]:
    """The square of the metres between a place and *near*, on the plane that touches it.

    Within a town the error is far below a metre, and every SQL can compute and compare it.
    """
    lat, lng = near
    north = (Place.lat - lat) * METRES_PER_DEGREE
    east = (Place.lng - lng) * (METRES_PER_DEGREE * math.cos(math.radians(lat)))
    return north * north + east * east


def _around(near: Point, radius: float) -> ColumnElement[bool]:
    """A strip that holds the circle, so that the index on latitudes helps."""
    reach = radius / METRES_PER_DEGREE
    return Place.lat.between(near[0] - reach, near[0] + reach)


def in_box(box: Box) -> ColumnElement[bool]:
    """Whether a place lies in *box*; one without a point never does."""
    west, south, east, north = box
    return Place.lat.between(south, north) & Place.lng.between(west, east)


class Listed:
    """A place as a list shows it, without the ado of a row that somebody may change.

    *row* begins with the values of LISTED; *square_distance* is in square metres.
    """

    names_media = ("images",)

    lat: float | None
    lng: float | None
    opening_hours: str | None
    opening_exceptions: Sequence[Mapping[str, Any]]
    season: Mapping[str, str] | None

    location = Place.location
    distance_m = Place.distance_m

    def __init__(self, row: Sequence[Any], square_distance: float | None = None) -> None:
        vars(self).update(zip(LISTED_NAMES, row, strict=False))
        self.square_distance = square_distance


LISTED = (
    Place.id, Place.slug, Place.name, Place.category, Place.tags, Place.summary, Place.lat,
    Place.lng, Place.address, Place.quarter, Place.opening_hours, Place.opening_exceptions,
    Place.season, Place.price_from, Place.phone, Place.images, Place.is_sample, Place.updated_at,
)  # fmt: skip
LISTED_NAMES = tuple(column.key for column in LISTED)


def open_now(place: Place | Listed, now: datetime, holidays: DaysOff) -> bool | None:
    """Whether *place* is open at *now*: by its exceptions, its season, its usual hours.

    None when that is unknown.
    """
    at = None if place.lat is None or place.lng is None else (place.lat, place.lng)
    return is_open(
        place.opening_hours,
        now,
        at,
        exceptions=[_spanning(exception) for exception in place.opening_exceptions or ()],
        holidays=holidays,
        season=place.season,
    )


def _spanning(exception: Mapping[str, Any]) -> dict[str, Any]:
    first, last = days_of(exception)
    hours = None if exception.get("closed") else exception.get("hours")
    return {"from": first.isoformat(), "to": last.isoformat(), "hours": hours}


def exceptions_to_come(place: Place, now: datetime) -> list[dict[str, Any]]:
    """The exceptions to the opening hours of *place* that are not over at *now*, in order."""
    today = now.astimezone(town.TIME).date()
    to_come = [e for e in place.opening_exceptions or () if days_of(e)[1] >= today]
    return sorted(to_come, key=days_of)


def suggest(
    session: Session, typed: str, *, language: str, now: datetime, limit: int = 8
) -> Sequence[Place]:
    """The places that *typed*, perhaps the beginning of a word, may mean; the likeliest first."""
    hits = search.suggest(session, typed, types=["place"], language=language, now=now, limit=limit)
    ranks = {hit.id: rank for rank, hit in enumerate(hits)}
    found = session.scalars(select(Place).where(Place.id.in_(ranks), Place.visible(now)))
    return sorted(found, key=lambda place: ranks[place.id])
