"""Where a report is about: a point, a place by its name, or words; and whether that is here."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from content import search
from content.errors import N_, Invalid
from content.places.models import Place
from content.publishing import find_visible
from content.text import words
from content.vocabularies import areas

OUT_OF_TOWN = "out-of-town"
MOST = 5

OUTSIDE = N_(
    "This place lies outside the town, so the town cannot act there. Please tell the People's "
    "Committee of the ward or commune in which it lies; in danger call 113, 114 or 115."
)
OUTSIDE_IN = N_(
    "%(place)s lies outside the town: %(address)s. Please tell the People's Committee there; in "
    "danger call 113, 114 or 115."
)

Box = tuple[float, float, float, float]
"""West, south, east and north, in WGS84 decimal degrees."""


@dataclass(frozen=True, kw_only=True)
class Whereabouts:
    """What is known of where something is; *place_text* in the reporter's own words."""

    lat: float | None = None
    lng: float | None = None
    place_text: str = ""
    quarter: str | None = None

    @property
    def has_point(self) -> bool:
        """Whether the point is known."""
        return self.lat is not None and self.lng is not None


def settled(
    session: Session,
    said: Whereabouts,
    place: str | None,
    box: Box | None,
    now: datetime,
    quarters: areas.Quarters,
) -> Whereabouts:
    """*said* with what can be found out: the point and the quarter of a *place* or of words.

    What the reporter said is never changed. *place* is the id or slug of a place the public
    sees. Raises NotFound for another, and Invalid for what lies outside of *box*, the town.
    """
    known = find_visible(session, Place, place, now) if place else None
    if known is None and not said.has_point and said.place_text:
        known = one_named(session, said.place_text, now)
        # The road to the airport may well be the town's; the airport alone is not.
        if known is not None and is_out_of_town(known) and not _is_all(known, said.place_text):
            known = None
    if known is not None:
        _check_in_town(known)
        said = replace(said, quarter=said.quarter or known.quarter)
        if not said.has_point:
            said = replace(said, lat=known.lat, lng=known.lng)
        said = replace(said, place_text=said.place_text or known.name["vi"])
    if said.lat is not None and said.lng is not None:
        check_inside(said.lat, said.lng, box)
        found = said.quarter or quarters.at(said.lat, said.lng)
        said = replace(said, quarter=found)
    if said.quarter is None and said.place_text:
        said = replace(said, quarter=quarters.named(said.place_text))
    return said


def check_inside(lat: float, lng: float, box: Box | None) -> None:
    """Raise Invalid, which names who may be responsible, for a point outside of *box*."""
    if box is None:
        return
    west, south, east, north = box
    if not (west <= lng <= east and south <= lat <= north):
        raise Invalid({"location": [OUTSIDE]})


def is_out_of_town(place: Place) -> bool:
    """Whether *place* is told of by the town and lies elsewhere."""
    return OUT_OF_TOWN in place.tags


def candidates(session: Session, text: str, language: str, now: datetime) -> Sequence[Place]:
    """The places that *text* may mean, the likeliest first; maybe none."""
    hits = search.find(session, text, types=["place"], language=language, now=now, limit=MOST)
    found = {
        place.id: place
        for place in session.scalars(select(Place).where(Place.id.in_([hit.id for hit in hits])))
    }
    return [found[hit.id] for hit in hits if hit.id in found]


def one_named(session: Session, text: str, now: datetime) -> Place | None:
    """The one place whose name stands in *text*; None for none, and where several do.

    Of names that hold each other, such as Đảo Ngư and Chùa Đảo Ngư, the longer is meant.
    """
    said = f" {' '.join(words(text))} "
    by_name: dict[str, set[uuid.UUID]] = {}
    places = candidates(session, text, "vi", now)
    for place in places:
        for name in (*place.name.values(), *place.aliases):
            folded = f" {' '.join(words(name))} "
            if len(folded.split()) > 1 and folded in said:
                by_name.setdefault(folded, set()).add(place.id)
    longest = [
        name for name in by_name if not any(name != other and name in other for other in by_name)
    ]
    meant = {key for name in longest for key in by_name[name]}
    return next((p for p in places if p.id in meant), None) if len(meant) == 1 else None


def _is_all(place: Place, text: str) -> bool:
    """Whether *text* says no more than the name of *place*."""
    names = (*place.name.values(), *place.aliases)
    return words(text) in [words(name) for name in names]


def _check_in_town(place: Place) -> None:
    if is_out_of_town(place):
        address = place.address.get("vi", "")
        if address:
            raise Invalid({"place_text": [OUTSIDE_IN]}, place=place.name["vi"], address=address)
        raise Invalid({"place_text": [OUTSIDE]})
