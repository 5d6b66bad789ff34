"""The desk of places, with a map to drop a pin on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import select

from backend import current
from backend.console.desk_pages import add_desk
from backend.console.desks import Desk
from backend.console.forms import Form
from backend.console.vocabularies import names, quarter_names
from backend.database import session
from backend.languages import language, languages
from backend.places.schemas import PlaceDraftSchema
from backend.site import published
from content import town
from content.errors import N_, Invalid
from content.places.models import Place
from content.places.rules import check
from content.text import in_language
from content.vocabularies.models import Vocabulary
from content.vocabularies.queries import tree

TEXTS = ("name", "summary", "description", "address")
LISTS = ("tags", "amenities", "accessibility")
MOST_POINTS = 500
"""How many other places the map shows beside the one that is written."""


def point(form: Form) -> dict[str, float] | None:
    """The point in the fields `lat` and `lng`; None for none. Raises Invalid for half a point."""
    lat, lng = form.decimal("lat"), form.decimal("lng")
    if lat is None and lng is None:
        return None
    if lat is None or lng is None:
        raise Invalid({"location": [N_("A point needs both numbers.")]})
    return {"lat": lat, "lng": lng}


def read(form: Form) -> dict[str, Any]:
    """What the form says, as the API takes it."""
    said: dict[str, Any] = {name: form.localized(name) for name in TEXTS}
    said |= {name: form.every(name) for name in LISTS}
    said |= {
        "category": form.plain("category"),
        "location": point(form),
        "quarter": form.optional("quarter"),
        "opening_hours": form.optional("opening_hours"),
        "season": _season(form),
        "price_from": form.number("price_from"),
        "visit_minutes": form.number("visit_minutes"),
        "phone": form.optional("phone"),
        "other_phones": form.lines("other_phones"),
        "aliases": form.lines("aliases"),
        "images": form.objects("images"),
        "licence": form.optional("licence"),
    }
    if slug := form.plain("slug"):
        said["slug"] = slug
    if form["verified"]:
        said["verified_at"] = current.now().isoformat()
    return said


def _season(form: Form) -> dict[str, str] | None:
    first, last = form.plain("season_from"), form.plain("season_to")
    if not first and not last:
        return None
    if not first or not last:
        raise Invalid({"season": [N_("A season needs its first and its last day.")]})
    return {"from": first, "to": last}


def fill(place: Place) -> Iterator[tuple[str, Any]]:
    """The form of *place*."""
    for name in TEXTS:
        for code in languages():
            yield f"{name}.{code}", (getattr(place, name) or {}).get(code, "")
    for name in LISTS:
        for value in getattr(place, name) or ():
            yield name, value
    for image in place.images or ():
        yield "images", json.dumps(image)
    for name in ("category", "quarter", "opening_hours", "phone", "licence"):
        yield name, getattr(place, name) or ""
    for name in ("lat", "lng", "price_from", "visit_minutes"):
        yield name, getattr(place, name)
    yield "other_phones", "\n".join(place.other_phones or ())
    yield "aliases", "\n".join(place.aliases or ())
    yield "season_from", (place.season or {}).get("from", "")
    yield "season_to", (place.season or {}).get("to", "")


def more() -> dict[str, Any]:
    """The vocabularies that the form offers, and what the map shows."""
    return {
        "categories": tree(session, Vocabulary.PLACE),
        "tags": names(Vocabulary.TAG),
        "amenities": names(Vocabulary.AMENITY),
        "accessibility": names(Vocabulary.ACCESSIBILITY),
        "quarters": quarter_names(),
        "tiles": current.settings().map_tiles_url,
        "town_point": town.POINT,
        "points": known_points(),
    }


def known_points() -> list[dict[str, Any]]:
    """The places that the public sees and that have a point, for people to find their way by."""
    rows = session.execute(
        select(Place.name, Place.lat, Place.lng)
        .where(Place.visible(current.now()), Place.lat.is_not(None), Place.lng.is_not(None))
        .limit(MOST_POINTS)
    )
    return [
        {"name": in_language(name, language()), "lat": lat, "lng": lng} for name, lat, lng in rows
    ]


add_desk(
    Desk(
        path="places",
        kind=Place,
        schema=PlaceDraftSchema,
        check=check,
        fields="console/places/fields.html",
        read=read,
        fill=fill,
        many=lazy_gettext("Places"),
        new=lazy_gettext("Add a place"),
        labels={
            "name": lazy_gettext("Name"),
            "summary": lazy_gettext("Summary"),
            "description": lazy_gettext("Description"),
            "category": lazy_gettext("Category"),
            "tags": lazy_gettext("Tags"),
            "location": lazy_gettext("Point on the map"),
            "lat": lazy_gettext("Latitude"),
            "lng": lazy_gettext("Longitude"),
            "address": lazy_gettext("Address"),
            "quarter": lazy_gettext("Quarter"),
            "opening_hours": lazy_gettext("Opening hours"),
            "season": lazy_gettext("Season"),
            "season.from": lazy_gettext("Season"),
            "season.to": lazy_gettext("Season"),
            "price_from": lazy_gettext("Price from, in đồng"),
            "visit_minutes": lazy_gettext("Minutes that a visit takes"),
            "phone": lazy_gettext("Telephone"),
            "other_phones": lazy_gettext("Other telephones"),
            "aliases": lazy_gettext("Other names"),
            "amenities": lazy_gettext("On offer"),
            "accessibility": lazy_gettext("Accessibility"),
            "images": lazy_gettext("Pictures"),
            "licence": lazy_gettext("Licence of this record"),
            "slug": lazy_gettext("Address of the page"),
            "sources": lazy_gettext("Sources"),
        },
        show=published.show_place,
        more=more,
        kind_words=lambda place: names(Vocabulary.PLACE).get(place.category, place.category),
        has_map=True,
    )
)
