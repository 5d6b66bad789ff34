"""Reading the public holidays: as staff have entered them, else as computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from content.errors import N_, Invalid
from content.holidays.computed import FIRST_YEAR, LAST_YEAR, Holiday, holidays
from content.holidays.models import HolidayYear
from content.opening import DaysOff

REACH = timedelta(days=7)
"""How far from a day hours may name public holidays."""


@dataclass(frozen=True)
class Year:
    """The public holidays of a year; *revision* is 0 until staff have entered them."""

    year: int
    days: Sequence[Holiday]
    revision: int = 0
    changed_by: str | None = None
    updated_at: datetime | None = None

    @property
    def is_computed(self) -> bool:
        """Whether these are the days of law, and nobody has looked at them yet."""
        return self.revision == 0


def check_year(year: int) -> None:
    """Raise Invalid that names `year` for one whose holidays cannot be computed."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Invalid(
            {"year": [N_("Give a year from %(first)s to %(last)s.")]},
            first=FIRST_YEAR,
            last=LAST_YEAR,
        )


def of_year(session: Session, year: int) -> Year:
    """The public holidays of *year*. Raises Invalid for a year that is out of reach."""
    check_year(year)
    entered = session.get(HolidayYear, year)
    return _entered(entered) if entered else Year(year, holidays(year))


def days_off_in(session: Session, year: int) -> frozenset[date]:
    """The public holidays of *year*, those that are not confirmed too."""
    entered = session.scalar(select(HolidayYear.days).where(HolidayYear.year == year))
    if entered is None:
        return _of_law(year)
    return frozenset(date.fromisoformat(day["date"]) for day in entered)


@lru_cache(maxsize=16)
def _of_law(year: int) -> frozenset[date]:
    return frozenset(holiday.date for holiday in holidays(year))


def days_off_around(session: Session, day: date) -> DaysOff:
    """The public holidays around *day*, for `content.opening.is_open`; at most one query."""
    years = {(day - REACH).year, (day + REACH).year}
    entered = session.scalars(select(HolidayYear).where(HolidayYear.year.in_(years)))
    return off_around({row.year: _entered(row).days for row in entered}, day)


def entered_years(session: Session) -> dict[int, Sequence[Holiday]]:
    """The public holidays of every year that staff have entered."""
    return {row.year: _entered(row).days for row in session.scalars(select(HolidayYear))}


def off_in(entered: Mapping[int, Sequence[Holiday]], year: int) -> frozenset[date]:
    """As `days_off_in`, of what `entered_years` found."""
    if year not in entered:
        return _of_law(year)
    return frozenset(holiday.date for holiday in entered[year])


def off_around(entered: Mapping[int, Sequence[Holiday]], day: date) -> DaysOff:
    """As `days_off_around`, of what `entered_years` found."""
    near = [
        holiday
        for year in {(day - REACH).year, (day + REACH).year}
        for holiday in (entered[year] if year in entered else holidays(year))
        if abs(holiday.date - day) <= REACH
    ]
    return DaysOff(
        sure=frozenset(holiday.date for holiday in near if holiday.confirmed),
        perhaps=frozenset(holiday.date for holiday in near if not holiday.confirmed),
    )


def _entered(row: HolidayYear) -> Year:
    days = [
        Holiday(date.fromisoformat(day["date"]), day["name"], day["confirmed"]) for day in row.days
    ]
    return Year(row.year, days, row.revision, row.changed_by, row.updated_at)
