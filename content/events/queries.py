"""Reading events: what takes place within a time."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

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


class Occurrence(NamedTuple):
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
    # All are in the town's own time, which has one offset, so the texts are in order too.
    return occurrence.starts_at.isoformat(), occurrence.event.slug, occurrence.day.isoformat()


def expand(event: Event, since: datetime, until: datetime) -> Iterator[Occurrence]:
    """The occurrences of *event* that lie, or reach, into the time from *since* to *until*."""
    start = event.start
    if start is None:
        return
    excepted = {exception["date"] for exception in event.exceptions or ()}
    recurrence = packed(event.recurrence)
    first = (since.astimezone(town.TIME) - event.length).date()
    last = until.astimezone(town.TIME).date()
    by_rule = _by_rule(event)
    for day in _between(first, last, start, recurrence):
        if day.isoformat() not in excepted:
            found = by_rule(day)
            if _touches(found, since, until):
                yield found
    for key in excepted:
        changed = occurrence_on(event, date.fromisoformat(key))
        if changed and _touches(changed, since, until):
            yield changed


def occurrence_on(event: Event, day: date) -> Occurrence | None:
    """What became of the *day* of an event's rule; None where the rule does not have it."""
    start = event.start
    if start is None or day not in days_in(day.year, start, packed(event.recurrence)):
        return None
    found = regular(event, day)
    for exception in event.exceptions or ():
        if exception["date"] == day.isoformat():
            return _changed(found, exception)
    return found


def upcoming(event: Event, now: datetime, limit: int) -> list[Occurrence]:
    """The next *limit* occurrences of *event* within two years, those under way included."""
    found = expand(event, now, now + LONGEST_WINDOW)
    return sorted(found, key=order)[:limit]


def _between(first: date, last: date, start: date, recurrence: bytes) -> Iterator[date]:
    for year in range(first.year, last.year + 1):
        for day in days_in(year, start, recurrence):
            if first <= day <= last:
                yield day


def regular(event: Event, day: date) -> Occurrence:
    """The occurrence on *day* as the rule has it, whatever became of it."""
    return _by_rule(event)(day)


def _by_rule(event: Event) -> Callable[[date], Occurrence]:
    """Makes the occurrence on a day; what they share is read once, for there may be hundreds."""
    length, clock, ends = event.length, time(), True
    if event.starts_on is None and event.starts_at is not None:
        clock, ends = event.starts_at.astimezone(town.TIME).time(), event.ends_at is not None

    def on(day: date) -> Occurrence:
        starts_at = datetime.combine(day, clock, town.TIME)
        return Occurrence(event, day, starts_at, starts_at + length if ends else None)

    return on


def _changed(found: Occurrence, exception: Mapping[str, Any]) -> Occurrence:
    note = exception.get("note")
    if exception["status"] == CANCELLED:
        return found._replace(status=CANCELLED, note=note)
    moved_to = _moved_to(found.event, exception)
    if moved_to is None:
        return found  # in a draft: what is published has been checked
    starts_at, ends_at = moved_to
    return found._replace(
        starts_at=starts_at,
        ends_at=ends_at,
        status=MOVED,
        moved_from=found.starts_at,
        note=note,
    )


def _moved_to(
    event: Event, exception: Mapping[str, Any]
) -> tuple[datetime, datetime | None] | None:
    """The new times; where only the beginning is given, it lasts as long as ever."""
    unit = "on" if event.all_day else "at"
    start, end = exception.get(f"starts_{unit}"), exception.get(f"ends_{unit}")
    if not start:
        return None
    if event.all_day:
        first = date.fromisoformat(start)
        after = date.fromisoformat(end) + DAY if end else first + event.length
        return midnight(first), midnight(after)
    starts_at = datetime.fromisoformat(start).astimezone(town.TIME)
    if end:
        return starts_at, datetime.fromisoformat(end).astimezone(town.TIME)
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


def on_file(session: Session, since: date, now: datetime) -> Sequence[Event]:
    """The events that the public sees at *now* and that are not over by *since*, in order."""
    statement = select(Event).where(
        Event.visible(now),
        Event.first_day.is_not(None),
        or_(Event.last_day.is_(None), Event.last_day >= since),
    )
    return session.scalars(statement.order_by(Event.first_day, Event.slug)).all()
