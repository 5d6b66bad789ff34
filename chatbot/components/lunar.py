"""The lunar calendar of Vietnam, computed for the meridian of 105° east, from 1900 to 2100.

New moons and the sun's longitude after Meeus' series, cut to what a calendar of days needs. A month
begins on the day of a new moon; the eleventh holds the winter solstice; in a year of thirteen months
the first one in which the sun enters no new sign repeats the number of the one before.
"""

from datetime import date, timedelta
from functools import lru_cache
from math import floor, pi, sin
from typing import NamedTuple, Optional

_ZONE = 7 / 24
_JULIAN_DAY_OF_ORDINAL_0 = 1721425
_MONTH = 29.530588853
_RADIANS = pi / 180


class LunarDay(NamedTuple):
    """A day of the lunar calendar; `leap` when its month repeats a number."""

    day: int
    month: int
    year: int
    leap: bool = False


def _new_moon(k: int) -> int:
    """The Julian day number, in the town's zone, of the `k`th new moon since 1900."""
    t = k / 1236.85
    mean = 2415020.75933 + 29.53058868 * k + 0.0001178 * t**2 - 0.000000155 * t**3
    mean += 0.00033 * sin((166.56 + 132.87 * t - 0.009173 * t**2) * _RADIANS)
    sun = (359.2242 + 29.10535608 * k - 0.0000333 * t**2) * _RADIANS
    moon = (306.0253 + 385.81691806 * k + 0.0107306 * t**2) * _RADIANS
    node = (21.2964 + 390.67050646 * k - 0.0016528 * t**2) * _RADIANS
    off = (0.1734 - 0.000393 * t) * sin(sun) + 0.0021 * sin(2 * sun)
    off += -0.4068 * sin(moon) + 0.0161 * sin(2 * moon) - 0.0004 * sin(3 * moon)
    off += 0.0104 * sin(2 * node) - 0.0051 * sin(sun + moon) - 0.0074 * sin(sun - moon)
    off += 0.0004 * sin(2 * node + sun) - 0.0004 * sin(2 * node - sun)
    off += -0.0006 * sin(2 * node + moon) + 0.0010 * sin(2 * node - moon)
    off += 0.0005 * sin(2 * moon + sun)
    drift = -0.000278 + 0.000265 * t + 0.000262 * t**2
    return floor(mean + off - drift + 0.5 + _ZONE)


def _sign(julian_day: int) -> int:
    """Which twelfth of its way the sun is in when that day begins in the town, from the spring equinox."""
    t = (julian_day - 2451545.5 - _ZONE) / 36525
    anomaly = (357.52910 + 35999.05030 * t - 0.0001559 * t**2) * _RADIANS
    centre = (1.914600 - 0.004817 * t) * sin(anomaly)
    centre += (0.019993 - 0.000101 * t) * sin(2 * anomaly) + 0.000290 * sin(3 * anomaly)
    longitude = 280.46645 + 36000.76983 * t + 0.0003032 * t**2 + centre
    return floor((longitude % 360) / 30)


@lru_cache(maxsize=64)
def _eleventh_month(year: int) -> int:
    """Which new moon begins the month that holds the winter solstice of `year`."""
    last_day = date(year, 12, 31).toordinal() + _JULIAN_DAY_OF_ORDINAL_0
    k = floor((last_day - 2415021) / _MONTH)
    return k - 1 if _sign(_new_moon(k)) >= 9 else k


@lru_cache(maxsize=64)
def _months(year: int) -> tuple[tuple[int, bool, date, int], ...]:
    """The months between two eleventh ones, the first included: number, leap, first day, days."""
    start, end = _eleventh_month(year - 1), _eleventh_month(year)
    leap: Optional[int] = None
    if end - start == 13:
        leap = next(
            k for k in range(start + 1, end) if _sign(_new_moon(k)) == _sign(_new_moon(k + 1))
        )
    months, number = [], 11
    for k in range(start, end):
        if k > start and k != leap:
            number = number % 12 + 1
        days = _new_moon(k + 1) - _new_moon(k)
        first = date.fromordinal(_new_moon(k) - _JULIAN_DAY_OF_ORDINAL_0)
        months.append((number, k == leap, first, days))
    return tuple(months)


def lunar(day: date) -> LunarDay:
    """`day` in the lunar calendar."""
    for year in (day.year, day.year + 1):
        for number, leap, first, days in _months(year):
            if first <= day < first + timedelta(days=days):
                of_year = year - 1 if number >= 11 and first < date(year, 3, 1) else year
                return LunarDay((day - first).days + 1, number, of_year, leap)
    raise ValueError(f"{day} is outside of the calendar")


def solar(day: int, month: int, year: int) -> date:
    """The day `day` of the ordinary lunar month `month` of the lunar `year`; the month's last if shorter."""
    solstice_year = year + 1 if month >= 11 else year
    for number, leap, first, days in _months(solstice_year):
        if number == month and not leap:
            return first + timedelta(days=min(day, days) - 1)
    raise ValueError(f"no month {month} in {year}")
