"""Reading places: which, where, open or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session, with_expression

from content import search, town
from content.on_map import (
    Box,
    Finder,
    Inside,
    Nearest,
    Point,
    in_box,
    square_distance,
    unindexed,
)
from content.opening import DaysOff, is_open
from content.places.models import Place
from content.places.rules import days_of
from content.store import holds, position_in
from content.vocabularies.models import Vocabulary
from content.vocabularies.queries import with_descendants

MOST_FOUND = 200
"""How many places a search by words ranks; more of them help nobody."""


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


@dataclass(frozen=True)
class Which:
    """Which places, in what order, and what finds them sooner than *statement* alone would."""

    statement: Select[Place]
    order: list[Any]
    finder: Finder | None


def places(session: Session, wanted: Wanted, *, language: str, now: datetime) -> Which:
    """The places that the public sees at *now* and that fit.

    What is near comes first where *near* is asked, else the best match where *q* is, else by
    address. A place without a point is never near nor in a box.
    """
    conditions = [Place.visible(now)]
    if wanted.category:
        codes = with_descendants(session, Vocabulary.PLACE, wanted.category)
        conditions.append(Place.category.in_(codes))
    if wanted.tag:
        conditions.append(holds(Place.tags, wanted.tag))
    if wanted.quarter:
        conditions.append(Place.quarter == wanted.quarter)
    statement = select(Place)
    order: list[Any] = [Place.slug]
    finder: Finder | None = None
    if wanted.bbox:
        finder = Inside(Place, wanted.bbox, tuple(conditions))
        conditions.append(in_box(Place, wanted.bbox))
    if wanted.near:
        square = square_distance(Place, wanted.near)
        order = [square, Place.slug]
        finder = Nearest(Place, wanted.near, wanted.radius, tuple(conditions))
        conditions.append(Place.lat.is_not(None) & Place.lng.is_not(None))
        if wanted.radius:
            conditions.append(square <= wanted.radius**2)
        statement = statement.options(with_expression(Place.square_distance, square))
    if wanted.q:
        found = search.find_ids(
            session, wanted.q, types=["place"], language=language, now=now, limit=MOST_FOUND
        )
        statement = statement.where(Place.id.in_(found))
        order = order if wanted.near else [position_in(Place.id, found), *order]
        finder = None
    if wanted.q or finder:
        # The few that are found are looked up by their ids, by nothing else.
        conditions = [unindexed(and_(*conditions))]
    return Which(statement.where(*conditions), order, finder)


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
