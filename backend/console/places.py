"""The desk of places, with a map to drop a pin on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from flask_babel import lazy_gettext
from marshmallow import ValidationError
from sqlalchemy import select

from backend import current
from backend.console.desk_pages import add_desk
from backend.console.desks import Desk
from backend.console.forms import Form
from backend.console.vocabularies import names, quarter_names
from backend.database import session
from backend.languages import language, languages
from backend.places.schemas import PlaceDraftSchema, month_and_day
from backend.site import published
from content import town
from content.errors import N_, Invalid
from content.places.models import Place
from content.places.rules import check
from content.text import in_language
from content.vocabularies.models import Vocabulary
from content.vocabularies.queries import tree

TEXTS = ("name", "summary", "description", "address")
SOURCE = ("fact", "source", "confidence")
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
        "opening_exceptions": [_exception(row) for row in form.rows("opening_exceptions")],
        "price_from": form.number("price_from"),
        "visit_minutes": form.number("visit_minutes"),
        "phone": form.optional("phone"),
        "other_phones": form.lines("other_phones"),
        "aliases": form.lines("aliases"),
        "links": [_link(row) for row in form.rows("links")],
        "sources": form.rows("sources"),
        "images": form.objects("images"),
        "licence": form.optional("licence"),
    }
    if slug := form.plain("slug"):
        said["slug"] = slug
    if form["verified"] or "verified_on" in form.values:
        said["verified_at"] = _verified_at(form)
    return said


def _verified_at(form: Form) -> str | None:
    """When somebody checked the record: now, or on the day in the form, to the second if known."""
    if form["verified"]:
        return current.now().isoformat()
    day, known = form.plain("verified_on"), form.plain("verified_at")
    if known[:10] == day:
        return known or None
    try:
        noon = datetime.combine(date.fromisoformat(day), time(12), town.TIME)
    except ValueError:
        raise Invalid({"verified_on": [N_("Write a day.")]}) from None
    if noon.date() > current.now().astimezone(town.TIME).date():
        raise Invalid({"verified_on": [N_("Nobody can have checked it on a day to come.")]})
    return min(noon, current.now()).isoformat()


def _exception(row: dict[str, str]) -> dict[str, Any]:
    """A row of the form as an exception to the opening hours: one day, or from one to another."""
    first, last = row.get("date", ""), row.get("to", "")
    said: dict[str, Any] = {"from": first, "to": last} if last else {"date": first}
    if row.get("kind") == "hours":
        said["hours"] = row.get("hours", "")
    else:
        said["closed"] = True
    return said | _texts(row, "note")


def _link(row: dict[str, str]) -> dict[str, Any]:
    return {"url": row.get("url", ""), "title": {}} | _texts(row, "title")


def _texts(row: dict[str, str], name: str) -> dict[str, dict[str, str]]:
    texts = {code: text for code in languages() if (text := row.get(f"{name}.{code}"))}
    return {name: texts} if texts else {}


DAY_AND_MONTH = re.compile(r"(\d{1,2})\s*[/.]\s*(\d{1,2})")


def _season(form: Form) -> dict[str, str] | None:
    first, last = (_yearly(form, name) for name in ("from", "to"))
    if not first and not last:
        return None
    if not first or not last:
        raise Invalid({"season": [N_("A season needs its first and its last day.")]})
    return {"from": first, "to": last}


def _yearly(form: Form, name: str) -> str:
    """A day of every year, written as 30/4 or 04-30, as MM-DD; empty for none."""
    text = form.plain(f"season_{name}")
    if found := DAY_AND_MONTH.fullmatch(text):
        text = f"{int(found[2]):02}-{int(found[1]):02}"
    try:
        if text:
            month_and_day(text)
    except ValidationError:
        sentence = N_("Write day and month, such as 30/4.")
        raise Invalid({f"season.{name}": [sentence]}) from None
    return text


def _as_written(month_and_day: str) -> str:
    month, _dash, day = month_and_day.partition("-")
    return f"{int(day)}/{int(month)}"


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
    for name in ("from", "to"):
        yield f"season_{name}", _as_written(place.season[name]) if place.season else ""
    yield from _fill_rows(place)
    if verified := place.verified_at:
        moment = verified.astimezone(town.TIME).isoformat()
        yield "verified_at", moment
        yield "verified_on", moment[:10]


def _fill_rows(place: Place) -> Iterator[tuple[str, Any]]:
    for number, exception in enumerate(place.opening_exceptions or ()):
        row = f"opening_exceptions.{number}"
        yield f"{row}.date", exception.get("date") or exception["from"]
        yield f"{row}.to", exception.get("to", "")
        yield f"{row}.kind", "" if exception.get("closed") else "hours"
        yield f"{row}.hours", exception.get("hours", "")
        yield from ((f"{row}.note.{code}", t) for code, t in exception.get("note", {}).items())
    for number, link in enumerate(place.links or ()):
        yield f"links.{number}.url", link["url"]
        yield from ((f"links.{number}.title.{code}", t) for code, t in link["title"].items())
    for number, source in enumerate(place.sources or ()):
        yield from ((f"sources.{number}.{name}", source[name]) for name in SOURCE)


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
            "opening_exceptions": lazy_gettext("Other hours on some days"),
            "opening_exceptions.hours": lazy_gettext("Hours on these days"),
            "links": lazy_gettext("Links"),
            "links.url": lazy_gettext("Address of a link"),
            "links.title": lazy_gettext("Title of a link"),
            "sources": lazy_gettext("Sources"),
            "sources.fact": lazy_gettext("What is known by it"),
            "sources.source": lazy_gettext("Source"),
            "sources.confidence": lazy_gettext("How sure it is"),
            "verified_at": lazy_gettext("Checked on"),
            "verified_on": lazy_gettext("Checked on"),
        },
        show=published.show_place,
        more=more,
        kind_words=lambda place: names(Vocabulary.PLACE).get(place.category, place.category),
        has_map=True,
    )
)
