"""Reading events: what takes place within a time."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from content import search, town
from content.errors import N_, Invalid
from content.events.models import DAY, Event
from content.events.recurrence import FIRST_YEAR, LAST_YEAR, days_in, packed
from content.events.rules import CANCELLED, MOVED
from content.places.models import Place
from content.store import Localized, holds

LONGEST_WINDOW = timedelta(days=732)
USUAL_WINDOW = timedelta(days=30)
MOST_FOUND = 200
"""How many events a search by words ranks."""

SCHEDULED = "scheduled"


@dataclass(frozen=True)
class Occurrence:
    """One time that an event takes place, or was to take place.

    *day* is the day that the rule gives it, which stays its name wherever it is moved. Whole
    days end at the midnight after the last of them; no known end is None.
    """

    event: Event
    day: date
    starts_at: datetime
    ends_at: datetime | None
    status: str = SCHEDULED
    moved_from: datetime | None = None
    note: Localized | None = None

    @property
    def last_date(self) -> date:
        """The last day of it."""
        end = self.ends_at or self.starts_at
        return (end - timedelta(microseconds=1) if end > self.starts_at else end).date()


@dataclass(frozen=True)
class Wanted:
    """Which events somebody asks for; what is None is not asked."""

    topic: str | None = None
    quarter: str | None = None
    place: uuid.UUID | None = None
    q: str | None = None


def window(
    since: datetime | None, until: datetime | None, now: datetime
) -> tuple[datetime, datetime]:
    """The time from *since* (now) to *until* (30 days later), in the town's own time.

    Raises Invalid that names `from` or `to` for one that is empty, too long or out of reach.
    """
    start = (since or now).astimezone(town.TIME)
    if not FIRST_YEAR <= start.year <= LAST_YEAR:
        raise Invalid(
            {"from": [N_("Give a year from %(first)s to %(last)s.")]},
            first=FIRST_YEAR,
            last=LAST_YEAR,
        )
    end = until.astimezone(town.TIME) if until else start + USUAL_WINDOW
    if end <= start:
        raise Invalid({"to": [N_("Must be after the beginning.")]})
    if end - start > LONGEST_WINDOW:
        raise Invalid({"to": [N_("Ask for two years at most.")]})
    return start, end


def occurrences(
    session: Session,
    wanted: Wanted,
    since: datetime,
    until: datetime,
    *,
    language: str,
    now: datetime,
) -> list[Occurrence]:
    """What takes place between *since* and *until* and that the public sees at *now*, in order."""
    statement = select(Event).where(
        Event.visible(now),
        Event.first_day <= until.date(),
        or_(Event.last_day.is_(None), Event.last_day >= since.date()),
    )
    if wanted.topic:
        statement = statement.where(holds(Event.topics, wanted.topic))
    if wanted.quarter:
        statement = statement.where(Event.quarter == wanted.quarter)
    if wanted.place:
        statement = statement.where(Event.place_id == wanted.place)
    if wanted.q:
        hits = search.find(
            session, wanted.q, types=["event"], language=language, now=now, limit=MOST_FOUND
        )
        statement = statement.where(Event.id.in_([hit.id for hit in hits]))
    found = [
        occurrence
        for event in session.scalars(statement)
        for occurrence in expand(event, since, until)
    ]
    return sorted(found, key=order)


def order(occurrence: Occurrence) -> tuple[str, str, str]:
    """What occurrences are ordered by: when, then the address; unique."""
    moment = occurrence.starts_at.astimezone(town.TIME).isoformat()
    return moment, occurrence.event.slug, occurrence.day.isoformat()


def expand(event: Event, since: datetime, until: datetime) -> Iterator[Occurrence]:
    """The occurrences of *event* that lie, or reach, into the time from *since* to *until*."""
    start = event.start
    if start is None:
        return
    exceptions = {exception["date"]: exception for exception in event.exceptions or ()}
    recurrence = packed(event.recurrence)
    length = event.length
    first = (since.astimezone(town.TIME) - length).date()
    last = until.astimezone(town.TIME).date()
    for day in _between(first, last, start, recurrence):
        if day.isoformat() not in exceptions:
            found = _regular(event, day, length)
            if _touches(found, since, until):
                yield found
    for key, exception in exceptions.items():
        day = date.fromisoformat(key)
        if day in days_in(day.year, start, recurrence):
            found = _exceptional(event, _regular(event, day, length), exception)
            if _touches(found, since, until):
                yield found


def upcoming(event: Event, now: datetime, limit: int) -> list[Occurrence]:
    """The next *limit* occurrences of *event* within two years, those under way included."""
    found = expand(event, now, now + LONGEST_WINDOW)
    return sorted(found, key=order)[:limit]


def _between(first: date, last: date, start: date, recurrence: bytes) -> Iterator[date]:
    for year in range(first.year, last.year + 1):
        for day in days_in(year, start, recurrence):
            if first <= day <= last:
                yield day


def _regular(event: Event, day: date, length: timedelta) -> Occurrence:
    if event.starts_on is not None:
        starts_at = midnight(day)
        return Occurrence(event, day, starts_at, midnight(day + length))
    assert event.starts_at is not None  # noqa: S101 - an event without a start is not expanded
    clock = event.starts_at.astimezone(town.TIME).time()
    starts_at = datetime.combine(day, clock, town.TIME)
    return Occurrence(event, day, starts_at, starts_at + length if event.ends_at else None)


def _exceptional(event: Event, regular: Occurrence, exception: Mapping[str, Any]) -> Occurrence:
    note = exception.get("note")
    if exception["status"] == CANCELLED:
        return Occurrence(
            event, regular.day, regular.starts_at, regular.ends_at, CANCELLED, note=note
        )
    starts_at, ends_at = _moved_to(event, exception)
    return Occurrence(
        event, regular.day, starts_at, ends_at, MOVED, moved_from=regular.starts_at, note=note
    )


def _moved_to(event: Event, exception: Mapping[str, Any]) -> tuple[datetime, datetime | None]:
    """The new times; where only the beginning is given, it lasts as long as ever."""
    if event.starts_on is not None:
        first = date.fromisoformat(exception["starts_on"])
        end = exception.get("ends_on")
        last = date.fromisoformat(end) + DAY if end else first + event.length
        return midnight(first), midnight(last)
    starts_at = datetime.fromisoformat(exception["starts_at"]).astimezone(town.TIME)
    if exception.get("ends_at"):
        return starts_at, datetime.fromisoformat(exception["ends_at"]).astimezone(town.TIME)
    return starts_at, starts_at + event.length if event.ends_at else None


def _touches(occurrence: Occurrence, since: datetime, until: datetime) -> bool:
    if occurrence.starts_at >= until:
        return False
    end = occurrence.ends_at or occurrence.starts_at
    return end > since or occurrence.starts_at >= since


def midnight(day: date) -> datetime:
    """The beginning of *day* in the town."""
    return datetime.combine(day, time(), town.TIME)


def places_of(session: Session, events: Sequence[Event], now: datetime) -> dict[uuid.UUID, Place]:
    """The places of *events* that the public sees at *now*, by their ids."""
    ids = {event.place_id for event in events if event.place_id}
    if not ids:
        return {}
    found = session.scalars(select(Place).where(Place.id.in_(ids), Place.visible(now)))
    return {place.id: place for place in found}
