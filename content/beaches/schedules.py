"""When lifeguards are to be on duty: the hours of each beach, by weekday and season.

Days and times are those of the town's own clocks. A schedule's hours end on the day on which
they begin.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from content import audit, town
from content.beaches.models import Beach, LifeguardSchedule
from content.errors import N_, Invalid, NotFound
from content.publishing import Edit

A_WEEK = 7
MOST_OF_A_BEACH = 100


class Day(StrEnum):
    """The days of the week, in OSM's words and their order."""

    MONDAY = "Mo"
    TUESDAY = "Tu"
    WEDNESDAY = "We"
    THURSDAY = "Th"
    FRIDAY = "Fr"
    SATURDAY = "Sa"
    SUNDAY = "Su"


WEEK = list(Day)


def schedules_of(session: Session, beach: Beach) -> Sequence[LifeguardSchedule]:
    """Every schedule of *beach*, also of seasons that are over, the earliest first."""
    return session.scalars(
        select(LifeguardSchedule)
        .where(LifeguardSchedule.beach_id == beach.id)
        .order_by(LifeguardSchedule.valid_from, LifeguardSchedule.starts, LifeguardSchedule.id)
    ).all()


def find_schedule(session: Session, beach: Beach, schedule_id: uuid.UUID) -> LifeguardSchedule:
    """The schedule of *beach* with that id. Raises NotFound."""
    found = session.get(LifeguardSchedule, schedule_id)
    if found is None or found.beach_id != beach.id:
        raise NotFound(N_("There is nothing named %(name)s here."), name=str(schedule_id))
    return found


def add_schedule(
    session: Session, beach: Beach, values: Mapping[str, Any], edit: Edit
) -> LifeguardSchedule:
    """Put the hours of lifeguards at *beach* on file.

    *values*: days, starts, ends, valid_from, valid_until (None for no end). Raises Invalid for
    hours or a season that end before they begin, and for hours that another schedule of the
    beach has already.
    """
    made = LifeguardSchedule(**{"valid_until": None, "note": "", **values})
    made.beach_id, made.created_at = beach.id, edit.now
    _keep(session, made, edit)
    _record(session, "create", made, edit, after=_values(made))
    return made


def change_schedule(
    session: Session, schedule: LifeguardSchedule, changes: Mapping[str, Any], edit: Edit
) -> None:
    """Set the attributes in *changes*. Raises Invalid as `add_schedule` does."""
    before = _values(schedule)
    with session.no_autoflush:
        for name, value in changes.items():
            setattr(schedule, name, value)
        _keep(session, schedule, edit)
    _record(session, "change", schedule, edit, before=before, after=_values(schedule))


def remove_schedule(session: Session, schedule: LifeguardSchedule, edit: Edit) -> None:
    """Take the schedule off the file."""
    _record(session, "remove", schedule, edit, before=_values(schedule))
    session.delete(schedule)
    session.flush()


def _values(schedule: LifeguardSchedule) -> dict[str, Any]:
    return {
        "beach": str(schedule.beach_id),
        "hours": in_osm_words(schedule),
        "valid_from": str(schedule.valid_from),
        "valid_until": str(schedule.valid_until) if schedule.valid_until else None,
        "note": schedule.note,
    }


def _record(
    session: Session,
    act: str,
    schedule: LifeguardSchedule,
    edit: Edit,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    subject = ("lifeguard_schedule", str(schedule.id))
    audit.record(session, edit, act=act, subject=subject, before=before, after=after)


def _keep(session: Session, schedule: LifeguardSchedule, edit: Edit) -> None:
    schedule.days = [day for day in WEEK if day in schedule.days]
    _check(schedule)
    # One at a time for each beach: two that overlap may arrive in the same moment.
    beach = session.scalars(
        select(Beach).where(Beach.id == schedule.beach_id).with_for_update()
    ).one()
    others = [other for other in schedules_of(session, beach) if other is not schedule]
    if len(others) >= MOST_OF_A_BEACH:
        raise Invalid({"days": [N_("This beach has too many schedules: remove old ones.")]})
    for other in others:
        if overlap(schedule, other):
            raise Invalid(
                {"days": [N_("Overlaps the schedule %(hours)s, valid %(season)s.")]},
                hours=in_osm_words(other),
                season=" – ".join(
                    f"{day:%d/%m/%Y}" if day else "…"
                    for day in (other.valid_from, other.valid_until)
                ),
            )
    schedule.made_by, schedule.updated_at = edit.by, edit.now
    session.add(schedule)
    session.flush()


def _check(schedule: LifeguardSchedule) -> None:
    if not schedule.days:
        raise Invalid({"days": [N_("Name one day at least.")]})
    if schedule.ends <= schedule.starts:
        raise Invalid({"to": [N_("Must be later than from.")]})
    if schedule.valid_until and schedule.valid_until < schedule.valid_from:
        raise Invalid({"valid_until": [N_("Must not be before valid_from.")]})
    if not any(
        day in schedule.days for day in _weekdays(schedule.valid_from, schedule.valid_until)
    ):
        raise Invalid({"days": [N_("None of these days falls into the season.")]})


def overlap(one: LifeguardSchedule, other: LifeguardSchedule) -> bool:
    """Whether there is a moment that both schedules cover."""
    first = max(one.valid_from, other.valid_from)
    ends = [end for end in (one.valid_until, other.valid_until) if end]
    last = min(ends) if ends else None
    if last and last < first:
        return False
    shared = set(one.days) & set(other.days)
    return bool(shared & set(_weekdays(first, last))) and (
        max(one.starts, other.starts) < min(one.ends, other.ends)
    )


def _weekdays(first: date, last: date | None) -> list[Day]:
    """The days of the week from *first* to *last*, each once."""
    count = A_WEEK if last is None else min((last - first).days + 1, A_WEEK)
    return [WEEK[(first + timedelta(days=n)).weekday()] for n in range(count)]


def in_osm_words(schedule: LifeguardSchedule) -> str:
    """The hours in OSM's syntax, such as "Sa,Su 05:00-17:30"."""
    hours = f"{schedule.starts:%H:%M}-{schedule.ends:%H:%M}"
    return f"{','.join(schedule.days)} {hours}"


def in_season(
    session: Session, beaches: Collection[uuid.UUID], now: datetime
) -> dict[uuid.UUID, list[LifeguardSchedule]]:
    """The schedules that are valid on the day of *now*, by beach; with one query."""
    today = now.astimezone(town.TIME).date()
    found: dict[uuid.UUID, list[LifeguardSchedule]] = {}
    for schedule in session.scalars(
        select(LifeguardSchedule)
        .where(LifeguardSchedule.beach_id.in_(beaches), LifeguardSchedule.valid_from <= today)
        .order_by(LifeguardSchedule.starts)
    ):
        if schedule.valid_until is None or schedule.valid_until >= today:
            found.setdefault(schedule.beach_id, []).append(schedule)
    return found


def of_day(schedules: Iterable[LifeguardSchedule], now: datetime) -> list[LifeguardSchedule]:
    """Those of *schedules* in season that have hours on the day of *now*."""
    today = WEEK[now.astimezone(town.TIME).weekday()]
    return [schedule for schedule in schedules if today in schedule.days]


def duty(schedules: Collection[LifeguardSchedule], now: datetime) -> bool | None:
    """Whether lifeguards are to be on duty at *now* by the *schedules* in season.

    None where there is no schedule for this season: then nobody has said.
    """
    if not schedules:
        return None
    local = now.astimezone(town.TIME).time()
    return any(s.starts <= local < s.ends for s in of_day(schedules, now))
