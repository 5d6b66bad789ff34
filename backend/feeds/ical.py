"""Events as a calendar that phones subscribe to (RFC 5545).

A series by a Gregorian rule is one entry with its RRULE; a lunar one, which calendar programs
cannot compute, an entry for each day of some years. A day that is cancelled is taken out of its
series and added as a cancelled entry, so that its note can be read; one that is moved stays in
the series, with its new time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import icalendar

from backend.links import address_of
from content import town
from content.articles.markdown import to_text
from content.events.models import Event
from content.events.queries import Occurrence, expand, occurrence_on, regular
from content.events.recurrence import FIRST_YEAR, GREGORIAN, LAST_YEAR, read_rule
from content.events.rules import CANCELLED, MOVED
from content.places.models import Place
from content.text import in_language

EVERY_SO_OFTEN = timedelta(hours=6)

Entry = tuple[icalendar.Event, Occurrence]


def calendar(
    events: Iterable[Event],
    places: Mapping[UUID, Place],
    since: datetime,
    until: datetime,
    *,
    name: str,
    language: str,
) -> bytes:
    """The calendar *name* of *events*; those by the lunar calendar from *since* to *until*."""
    made = icalendar.Calendar()
    made.add("prodid", "-//Beach town//Events//VI")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    made.add("x-wr-timezone", town.TIME.key)
    made.add("refresh-interval", EVERY_SO_OFTEN, parameters={"VALUE": "DURATION"})
    for event in events:
        place = places.get(event.place_id) if event.place_id else None
        for entry, occurrence in _entries(event, since, until):
            _describe(entry, occurrence, place, language)
            made.add_component(entry)
    made.add_missing_timezones(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))
    return bytes(made.to_ical())


def _entries(event: Event, since: datetime, until: datetime) -> Iterable[Entry]:
    start, recurrence = event.start, event.recurrence
    if start is None:
        return
    if recurrence is None:
        single = occurrence_on(event, start)
        if single:
            yield _entry(single, str(event.id)), single
    elif recurrence["calendar"] == GREGORIAN:
        yield from _series(event, start, recurrence["rule"])
    else:
        for occurrence in sorted(expand(event, since, until), key=lambda found: found.day):
            yield _entry(occurrence, _name(occurrence)), occurrence


def _series(event: Event, start: date, rule: str) -> Iterable[Entry]:
    first = regular(event, start)
    master = _entry(first, str(event.id))
    master.add("rrule", _rule(rule, whole_days=event.all_day))
    days = [date.fromisoformat(exception["date"]) for exception in event.exceptions or ()]
    changed = [found for day in sorted(days) if (found := occurrence_on(event, day))]
    cancelled = [found for found in changed if found.status == CANCELLED]
    if cancelled:
        master.add("exdate", [_value(event, found.starts_at) for found in cancelled])
    yield master, first
    for found in changed:
        if found.status == MOVED and found.moved_from:
            entry = _entry(found, str(event.id))
            entry.add("recurrence-id", _value(event, found.moved_from))
            yield entry, found
        elif found.status == CANCELLED:
            yield _entry(found, _name(found)), found


def _rule(text: str, *, whole_days: bool) -> icalendar.vRecur:
    rule = read_rule(text)
    made = icalendar.vRecur.from_ical(rule.text)
    if rule.count:
        made["COUNT"] = [rule.count]
    if rule.until:
        # Where a series begins at a moment its end has to be one too, in UTC.
        end = datetime.combine(rule.until, time(23, 59, 59), town.TIME).astimezone(UTC)
        made["UNTIL"] = [rule.until if whole_days else end]
    return made


def _name(occurrence: Occurrence) -> str:
    return f"{occurrence.event.id}-{occurrence.day:%Y%m%d}"


def _entry(occurrence: Occurrence, uid: str) -> icalendar.Event:
    event = occurrence.event
    entry = icalendar.Event()
    entry.add("uid", uid)
    entry.add("dtstart", _value(event, occurrence.starts_at))
    if occurrence.ends_at:
        entry.add("dtend", _value(event, occurrence.ends_at))
    entry.add("status", "CANCELLED" if occurrence.status == CANCELLED else "CONFIRMED")
    return entry


def _value(event: Event, moment: datetime) -> date:
    local = moment.astimezone(town.TIME)
    return local.date() if event.all_day else local


def _describe(
    entry: icalendar.Event, occurrence: Occurrence, place: Place | None, language: str
) -> None:
    """Write into *entry* what it is and where, in *language*."""
    event = occurrence.event
    entry.add("dtstamp", event.updated_at.astimezone(UTC))
    entry.add("last-modified", event.updated_at.astimezone(UTC))
    entry.add("sequence", event.revision)
    entry.add("summary", in_language(event.title, language))
    texts = [
        in_language(occurrence.note, language),
        in_language(event.summary, language),
        to_text(in_language(event.description, language)),
    ]
    if described := "\n\n".join(filter(None, texts)):
        entry.add("description", described)
    where = in_language(place.name if place else event.place_text, language)
    if where:
        entry.add("location", where)
    if location := event.location or (place and place.location):
        entry.add("geo", (location["lat"], location["lng"]))
    if event.topics:
        entry.add("categories", event.topics)
    entry.add("url", address_of(event))
