"""On which days something returns: by a rule of RFC 5545, or by the lunar calendar.

A recurrence is kept as it was written and expanded when it is read, year by year.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from itertools import islice
from typing import Any

import orjson
from dateutil.rrule import rrulestr

from content import lunar, town
from content.errors import N_

FIRST_YEAR, LAST_YEAR = 2000, 2098
"""The years in which events can be."""

MOST_TIMES = 500
"""The greatest COUNT, so that a series can be counted through."""

PROBED_YEARS = 12
"""A rule that has no day in so many years (29 February may be missing for eight) has none."""

GREGORIAN, LUNAR = "gregorian", "lunar"
YEARLY, MONTHLY = "yearly", "monthly"

FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
NUMBERS = {
    "INTERVAL": (1, 366),
    "COUNT": (1, MOST_TIMES),
    "BYMONTH": (1, 12),
    "BYMONTHDAY": (-31, 31),
    "BYSETPOS": (-366, 366),
}
SINGLE = ("INTERVAL", "COUNT")


class BadRule(ValueError):
    """A rule that cannot be followed: an English msgid with %(name)s places, and their values."""

    def __init__(self, message: str, **values: Any) -> None:
        super().__init__(message % values if values else message)
        self.message = message
        self.values = values


@dataclass(frozen=True)
class Rule:
    """A rule of RFC 5545 taken apart: its *parts*, without the end, and the end."""

    parts: tuple[tuple[str, str], ...]
    count: int | None = None
    until: date | None = None

    def get(self, name: str) -> str | None:
        """The value of the part *name*."""
        return dict(self.parts).get(name)

    @property
    def text(self) -> str:
        """The rule without its end."""
        return ";".join(f"{name}={value}" for name, value in self.parts)


@lru_cache(maxsize=4096)
def read_rule(text: str) -> Rule:
    """Take the rule *text* apart. Raises BadRule, in whose sentence the part is named.

    A subset of RFC 5545 is known: whole days, every so many days, weeks, months or years, by
    weekday, day of the month and month, without end or until a day or for a number of times.
    """
    parts: dict[str, str] = {}
    for piece in text.strip().upper().removeprefix("RRULE:").split(";"):
        name, _, value = piece.strip().partition("=")
        if name in parts:
            raise BadRule(N_("%(part)s is there twice."), part=name)
        parts[name] = _checked(name, value)
    if "FREQ" not in parts:
        raise BadRule(N_("FREQ is missing: DAILY, WEEKLY, MONTHLY or YEARLY."))
    if "COUNT" in parts and "UNTIL" in parts:
        raise BadRule(N_("Give COUNT or UNTIL, not both."))
    weekly = parts["FREQ"] in ("DAILY", "WEEKLY")
    if weekly and (re.search(r"\d", parts.get("BYDAY", "")) or "BYMONTHDAY" in parts):
        raise BadRule(N_("BYMONTHDAY and numbered weekdays need FREQ=MONTHLY or YEARLY."))
    count, until = parts.pop("COUNT", None), parts.pop("UNTIL", None)
    rule = Rule(tuple(parts.items()), int(count) if count else None, _until(until))
    try:
        rrulestr(rule.text, dtstart=datetime.combine(date(2026, 1, 1), time()))
    except ValueError:
        raise BadRule(N_("Is no rule of RFC 5545.")) from None
    return rule


def _checked(name: str, value: str) -> str:
    if name == "FREQ":
        fits = value in FREQUENCIES
    elif name in NUMBERS:
        least, most = NUMBERS[name]
        numbers = value.split(",")
        fits = all(
            re.fullmatch(r"[+-]?\d{1,3}", number)
            and least <= int(number) <= most
            and int(number) != 0
            for number in numbers
        ) and (name not in SINGLE or len(numbers) == 1)
    elif name == "BYDAY":
        fits = all(
            re.fullmatch(r"([+-]?[1-9]\d?)?(MO|TU|WE|TH|FR|SA|SU)", d) for d in value.split(",")
        )
    elif name == "WKST":
        fits = value in WEEKDAYS
    elif name == "UNTIL":
        fits = _is_day(value)
    else:
        raise BadRule(N_("%(part)s is not known here."), part=name or ";")
    if not fits:
        raise BadRule(N_("The value of %(part)s cannot be used."), part=name)
    return value


def _is_day(value: str) -> bool:
    try:
        _until(value)
    except ValueError:
        return False
    return True


def _until(value: str | None) -> date | None:
    """The last day that UNTIL allows, in the town's own time."""
    if value is None:
        return None
    if value.endswith("Z"):
        moment = datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        return moment.astimezone(town.TIME).date()
    form = "%Y%m%dT%H%M%S" if "T" in value else "%Y%m%d"
    return datetime.strptime(value, form).date()  # noqa: DTZ007 - a day of the town


def packed(recurrence: Mapping[str, Any] | None) -> bytes:
    """*recurrence* in a form that caches can hold."""
    return orjson.dumps(recurrence, option=orjson.OPT_SORT_KEYS) if recurrence else b""


@lru_cache(maxsize=16_384)
def days_in(year: int, start: date, recurrence: bytes) -> tuple[date, ...]:
    """The days of *year* on which what begins on *start* and has this packed *recurrence* is.

    A recurrence that cannot be followed leaves the first day alone.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR or year < start.year:
        return ()
    first, last = max(start, date(year, 1, 1)), date(year, 12, 31)
    if not recurrence:
        return (start,) if start.year == year else ()
    try:
        found = _days(orjson.loads(recurrence), start, last)
        return tuple(day for day in found if day >= first)
    except (BadRule, KeyError, TypeError, ValueError):
        return (start,) if start.year == year else ()


def _days(recurrence: Mapping[str, Any], start: date, last: date) -> Iterator[date]:
    """The days from *start* to *last*, both included."""
    if recurrence["calendar"] == LUNAR:
        until = recurrence.get("until")
        end = min(last, date.fromisoformat(until)) if until else last
        return _lunar_days(recurrence, start, end)
    rule = read_rule(recurrence["rule"])
    end = min(last, rule.until) if rule.until else last
    if end < start:
        return iter(())
    # The end goes into the rule, because one that never fits would be tried until the year 9999.
    moments = rrulestr(f"{rule.text};UNTIL={end:%Y%m%d}", dtstart=datetime.combine(start, time()))
    return islice((moment.date() for moment in moments), rule.count)


def _lunar_days(recurrence: Mapping[str, Any], start: date, end: date) -> Iterator[date]:
    if recurrence["frequency"] == MONTHLY:
        return lunar.monthly(recurrence["day"], start, end)
    return lunar.yearly(
        recurrence["day"],
        recurrence["month"],
        start,
        end,
        in_leap_month=recurrence.get("in_leap_month", False),
    )


def first_day(start: date, recurrence: bytes) -> date | None:
    """The first day of all; None where there is none in the next years."""
    for year in range(start.year, min(start.year + PROBED_YEARS, LAST_YEAR) + 1):
        if found := days_in(year, start, recurrence):
            return found[0]
    return None


def last_day(start: date, recurrence: Mapping[str, Any] | None) -> date | None:
    """A day after which nothing returns; None where there is no end."""
    if not recurrence:
        return start
    try:
        if recurrence["calendar"] == LUNAR:
            until = recurrence.get("until")
            return date.fromisoformat(until) if until else None
        rule = read_rule(recurrence["rule"])
        if rule.count:
            *_, last = start, *_days(recurrence, start, date(LAST_YEAR, 12, 31))
            return last
        return rule.until
    except (BadRule, KeyError, TypeError, ValueError):
        return start
