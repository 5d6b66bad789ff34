"""The lunar calendar of Vietnam: its months, and the days that return in them.

Computed for the meridian of Hanoi (UTC+7), so New Year may fall on another day than in China.
Two customs are followed here. In a month of 29 days the 30th means the last day. In a year
with a leap month, what returns yearly is held in the ordinary month of that number, unless it
is told to be held in both; what returns monthly is held in every month, the leap one too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from lunar_vn import LunarDate, convert_lunar_to_solar, solar_to_lunar

FIRST_YEAR, LAST_YEAR = 1901, 2099
"""The years of either calendar that can be converted."""

MOST_DAYS = 30


@dataclass(frozen=True)
class Month:
    """A month of the lunar calendar, from its *first* day on."""

    number: int
    leap: bool
    first: date
    days: int

    def day(self, number: int) -> date:
        """The day *number* of this month; the last one where the month is shorter."""
        return self.first + timedelta(days=min(number, self.days) - 1)


def lunar(day: date) -> LunarDate:
    """*day* in the lunar calendar. Raises ValueError outside of the years that are known."""
    return solar_to_lunar(day)


@lru_cache(maxsize=256)
def months(year: int) -> tuple[Month, ...]:
    """The 12 or 13 months of the lunar *year*, a leap month after the one it repeats."""
    found = []
    first, end = new_year(year), new_year(year + 1)
    while first < end:
        days = 29 if solar_to_lunar(first + timedelta(days=29)).day == 1 else 30
        named = solar_to_lunar(first)
        found.append(Month(named.month, named.leap, first, days))
        first += timedelta(days=days)
    return tuple(found)


def new_year(year: int) -> date:
    """The first day of the lunar *year*: Tết."""
    return convert_lunar_to_solar(1, 1, year)


def yearly(
    day: int, month: int, since: date, until: date, *, in_leap_month: bool = False
) -> Iterator[date]:
    """The days from *since* to *until*, both included, that are *day* of the lunar *month*."""
    for at in _months_between(since, until):
        if at.number == month and (in_leap_month or not at.leap):
            found = at.day(day)
            if since <= found <= until:
                yield found


def monthly(day: int, since: date, until: date) -> Iterator[date]:
    """The days from *since* to *until*, both included, that are *day* of any lunar month."""
    for at in _months_between(since, until):
        found = at.day(day)
        if since <= found <= until:
            yield found


def _months_between(since: date, until: date) -> Iterator[Month]:
    # A lunar year begins in January or February, so it ends in the next Gregorian year.
    for year in range(max(since.year - 1, FIRST_YEAR), min(until.year, LAST_YEAR - 1) + 1):
        yield from months(year)
