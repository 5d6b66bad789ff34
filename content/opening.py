"""Whether something is open: OSM's opening hours, holidays, exceptions and seasons.

The answer is never guessed: where the hours, a holiday or the school calendar would have to be
known and are not, it is None.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from opening_hours import (  # type: ignore[attr-defined] # its stub leaves ParserError out
    OpeningHours,
    ParserError,
    State,
    validate,
)

from content import town

DAY = timedelta(days=1)
WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
CLOSED = "off"

# The library has a calendar of its own, without lunar holidays, and none of schools.
_HOLIDAY = re.compile(r'"[^"]*"|\b(PH|SH)\b(?:\s*([+-]\s*\d+)\s*days?\b)?')
_NEVER, _ALWAYS = "SH", "Mo-Su"

Point = tuple[float, float]


@dataclass(frozen=True)
class DaysOff:
    """Public holidays; *perhaps* are days of which nobody has decided yet whether they are."""

    sure: frozenset[date] = frozenset()
    perhaps: frozenset[date] = frozenset()


NO_DAYS_OFF = DaysOff()


def is_open(
    hours: str | None,
    now: datetime,
    at: Point | None = None,
    exceptions: Sequence[Mapping[str, Any]] = (),
    holidays: DaysOff = NO_DAYS_OFF,
    season: Mapping[str, str] | None = None,
) -> bool | None:
    """Whether something with these OSM *hours* is open at *now*; None when that is unknown.

    *at* is where sunrise and sunset are computed, as (lat, lng). *exceptions* are {from, to,
    hours}, ISO dates that are both included: other hours on those days, none for closed; the
    last one that fits holds. *holidays* is what PH means. *season* is {from, to} as MM-DD, both
    included, outside of which it is closed; it may reach over the new year.
    """
    point = _rounded(at or town.POINT)
    if exceptions or season:
        return _is_open(hours, now, point, holidays, exceptions, season)
    return _is_usually_open(hours, now, point, holidays)


@lru_cache(maxsize=1024)
def _is_usually_open(hours: str | None, now: datetime, at: Point, holidays: DaysOff) -> bool | None:
    """As `is_open`; a list asks the same of many places with the same hours."""
    return _is_open(hours, now, at, holidays, (), None)


def _is_open(
    hours: str | None,
    now: datetime,
    at: Point,
    holidays: DaysOff,
    exceptions: Sequence[Mapping[str, Any]],
    season: Mapping[str, str] | None,
) -> bool | None:
    moment = now.astimezone(town.TIME)
    today, before = (
        _hours_of(day, hours, exceptions, season) for day in (moment.date(), moment.date() - DAY)
    )
    if not (_names_holidays(today) or _names_holidays(before)):
        return _answer(today, before, moment, at)
    # What is not known is tried both ways: only an answer that it does not change is one.
    spelled = {
        (_spelled_for(today, moment, off, school), _spelled_for(before, moment, off, school))
        for off in (holidays.sure, holidays.sure | holidays.perhaps)
        for school in (_NEVER, _ALWAYS)
    }
    answers = {_answer(*hours, moment, at) for hours in spelled}
    return answers.pop() if len(answers) == 1 else None


def is_opening_hours(text: str) -> bool:
    """Whether *text* is in OSM's syntax of opening hours, and can be computed on any day."""
    return validate(text) and all(
        validate(_spelled_out(text, days, school))
        for days in (_no_day, _two_days)
        for school in (_NEVER, _ALWAYS)
    )


def _names_holidays(text: str | None) -> bool:
    return text is not None and ("PH" in text or "SH" in text)


def _no_day(_: int) -> str:
    return _NEVER


def _two_days(_: int) -> str:
    return "Mo,Tu"


def _hours_of(
    day: date,
    hours: str | None,
    exceptions: Sequence[Mapping[str, Any]],
    season: Mapping[str, str] | None,
) -> str | None:
    """The hours that hold on *day*."""
    for exception in reversed(exceptions):
        if exception["from"] <= day.isoformat() <= (exception.get("to") or exception["from"]):
            return exception.get("hours") or CLOSED
    return hours or None if _is_in(season, day) else CLOSED


def _is_in(season: Mapping[str, str] | None, day: date) -> bool:
    if not season:
        return True
    first, last, present = season["from"], season["to"], f"{day:%m-%d}"
    if first <= last:
        return first <= present <= last
    return present >= first or present <= last


def _answer(today: str | None, before: str | None, moment: datetime, at: Point) -> bool | None:
    """Whether it is open by the hours of *today* and of the day *before*, spelled out."""
    if today is None:
        return None
    by_today = _state(today, moment, at)
    if today == before:
        return by_today
    # Each day has rules of its own, and the night of the day before may reach into this one.
    if before is not None and _reaches_over(before, moment, at):
        return True
    if by_today and _reaches_over(today, moment, at):
        return None if before is None else False
    return by_today


def _state(text: str, moment: datetime, at: Point) -> bool | None:
    hours = _parsed(text, at)
    if hours is None:
        return None
    state, _ = hours.state(moment)
    return None if state == State.UNKNOWN else state == State.OPEN


def _reaches_over(text: str, moment: datetime, at: Point) -> bool:
    """Whether these hours are open at *moment* because they opened on the day before it."""
    hours = _parsed(text, at)
    if hours is None:
        return False
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    soon = moment + timedelta(minutes=1)
    for begins, ends, state, _ in hours.intervals(midnight - DAY, soon):
        if begins <= moment < ends:
            return bool(state == State.OPEN and midnight - DAY < begins < midnight)
    return False


def _spelled_for(
    text: str | None, moment: datetime, off: frozenset[date], school: str
) -> str | None:
    if text is None:
        return None
    today = moment.date()

    def holidays(shift: int) -> str:
        days = (day for day in (today - DAY, today) if day - shift * DAY in off)
        return ",".join(WEEKDAYS[day.weekday()] for day in days) or _NEVER

    return _spelled_out(text, holidays, school)


def _spelled_out(text: str, holidays: Callable[[int], str], school: str) -> str:
    """*text* with weekdays in the place of holidays, which hold around one day only."""

    def spell(found: re.Match[str]) -> str:
        kind, shift = found.groups()
        if kind is None:
            return found[0]  # a comment
        days = holidays(int((shift or "0").replace(" ", "")))
        return days if kind == "PH" else school

    return _HOLIDAY.sub(spell, text)


@lru_cache(maxsize=4096)
def _parsed(text: str, at: Point) -> OpeningHours | None:
    try:
        return OpeningHours(text, timezone=town.TIME, coords=at, auto_country=False)
    except ParserError:
        return None


def _rounded(at: Point) -> Point:
    """*at* to about a kilometre, in which the sun rises within three seconds."""
    return round(at[0], 2), round(at[1], 2)
