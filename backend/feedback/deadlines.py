"""The arithmetic of promises: working time and time by the clock, added and measured.

Working time passes while the offices are open and on no day off. A day of which nobody has
decided yet whether it is off counts as off: a promise may come early, not late.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise
from typing import Any, Protocol

from content.errors import N_, Invalid

NOTHING = timedelta(0)
DAY = timedelta(days=1)
WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")

OFFICE_HOURS = "Mo-Fr 07:30-11:30,13:30-17:00"
"""Until the town says otherwise: what offices in Vietnam mostly keep."""

ACKNOWLEDGED_WITHIN = timedelta(hours=8)
RESOLVED_WITHIN_DAYS = 3
"""Defaults after other towns' practice, in working time: Hà Nội acknowledges within 8 hours,
Đà Nẵng answers in 3 days."""

_RULE = re.compile(
    r"([A-Z][a-z](?:[-,][A-Z][a-z])*)\s+(\d\d:\d\d-\d\d:\d\d(?:,\d\d:\d\d-\d\d:\d\d)*)"
)

Week = tuple[tuple[tuple[timedelta, timedelta], ...], ...]
"""For each weekday from Monday the stretches of office hours, counted from midnight."""


class Pace(Protocol):
    """A way in which time passes towards a promise."""

    def add(self, moment: datetime, duration: timedelta) -> datetime:
        """The moment at which *duration*, not negative, has passed since *moment*."""

    def before(self, moment: datetime, duration: timedelta) -> datetime:
        """The moment from which *duration*, not negative, passes until *moment*."""

    def between(self, earlier: datetime, later: datetime) -> timedelta:
        """How much passes between the two; nothing where *later* is not later."""


class ByClock:
    """Time that passes by day and by night: for what is urgent."""

    def add(self, moment: datetime, duration: timedelta) -> datetime:
        return moment + duration

    def before(self, moment: datetime, duration: timedelta) -> datetime:
        return moment - duration

    def between(self, earlier: datetime, later: datetime) -> timedelta:
        return max(later - earlier, NOTHING)


@dataclass(frozen=True)
class WorkingTime:
    """Time that passes in the hours of *week*, in *zone*, on days that are not *off*.

    What is added never lands outside of the hours; their last moment is inside.
    """

    week: Week
    zone: tzinfo
    off: Callable[[date], bool]

    @property
    def day(self) -> timedelta:
        """The working time of a full day."""
        return max(sum((end - begin for begin, end in day), NOTHING) for day in self.week)

    def add(self, moment: datetime, duration: timedelta) -> datetime:
        left = duration
        for begins, ends in self._stretches(self._day_of(moment), DAY):
            if ends < moment:
                continue
            begins = max(begins, moment.astimezone(UTC))
            if left <= ends - begins:
                return begins + left
            left -= ends - begins
        raise AssertionError("the week has hours")  # pragma: no cover - it never ends

    def before(self, moment: datetime, duration: timedelta) -> datetime:
        left = duration
        for begins, ends in self._stretches(self._day_of(moment), -DAY):
            if begins > moment:
                continue
            ends = min(ends, moment.astimezone(UTC))
            if left <= ends - begins:
                return ends - left
            left -= ends - begins
        raise AssertionError("the week has hours")  # pragma: no cover - it never ends

    def between(self, earlier: datetime, later: datetime) -> timedelta:
        passed = NOTHING
        if later <= earlier:
            return passed
        for begins, ends in self._stretches(self._day_of(earlier), DAY):
            if begins >= later:
                break
            passed += max(min(ends, later) - max(begins, earlier), NOTHING)
        return passed

    def _day_of(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def _stretches(self, day: date, step: timedelta) -> Iterator[tuple[datetime, datetime]]:
        """The hours of *day* and of those after it, or with a negative *step* before it, in UTC."""
        while True:
            if not self.off(day):
                hours = self.week[day.weekday()]
                for begin, end in hours if step > NOTHING else reversed(hours):
                    yield self._moment(day, begin), self._moment(day, end)
            day += step

    def _moment(self, day: date, since_midnight: timedelta) -> datetime:
        # By the wall clock, and only then in UTC: a day may be longer or shorter than 24 hours.
        wall = datetime.combine(day, time(), tzinfo=self.zone) + since_midnight
        return wall.astimezone(UTC)


@dataclass(frozen=True)
class Promise:
    """How long until a report is acknowledged and until it is resolved, and by which time."""

    acknowledge: timedelta
    resolve: timedelta
    by_clock: bool = False

    def pace(self, working: WorkingTime) -> Pace:
        """The way in which time passes towards this promise."""
        return ByClock() if self.by_clock else working


def promise_from(said: Mapping[str, Any] | None, working: WorkingTime) -> Promise:
    """The promise that a category's data say, or the town's default where they say nothing.

    The data are {acknowledge_hours, resolve_hours, by_clock}.
    """
    if said is None:
        return Promise(ACKNOWLEDGED_WITHIN, RESOLVED_WITHIN_DAYS * working.day)
    return Promise(
        timedelta(hours=said["acknowledge_hours"]),
        timedelta(hours=said["resolve_hours"]),
        bool(said.get("by_clock")),
    )


@lru_cache(maxsize=64)
def read_week(text: str) -> Week:
    """The office hours written as `Mo-Fr 07:30-11:30,13:30-17:00; Sa 07:30-11:30`.

    Raises Invalid that names `hours` for anything else, and for hours that overlap or of which
    there are none.
    """
    week: list[list[tuple[timedelta, timedelta]]] = [[] for _ in WEEKDAYS]
    for part in text.split(";"):
        found = _RULE.fullmatch(part.strip())
        if found is None:
            raise _unreadable()
        stretches = [_stretch(piece) for piece in found[2].split(",")]
        for piece in found[1].split(","):
            for number in _weekdays(piece):
                week[number] += stretches
    for day in week:
        day.sort()
        if any(end > begin for (_, end), (begin, _) in pairwise(day)):
            raise _unreadable()
    return tuple(tuple(day) for day in week)


def _weekdays(text: str) -> range:
    first, _, last = text.partition("-")
    try:
        numbers = range(WEEKDAYS.index(first), WEEKDAYS.index(last or first) + 1)
    except ValueError:
        raise _unreadable() from None
    if not numbers:
        raise _unreadable()
    return numbers


def _stretch(text: str) -> tuple[timedelta, timedelta]:
    begin, end = (
        timedelta(hours=int(moment[:2]), minutes=int(moment[3:])) for moment in text.split("-")
    )
    if any(int(moment[3:]) > 59 for moment in text.split("-")) or not begin < end <= DAY:
        raise _unreadable()
    return begin, end


def _unreadable() -> Invalid:
    return Invalid({"hours": [N_("Write hours such as Mo-Fr 07:30-11:30,13:30-17:00.")]})
