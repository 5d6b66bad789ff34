"""The lunar calendar of Vietnam, where it differs from China's and where it is irregular."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from content import lunar


@pytest.mark.parametrize(
    ("year", "day"),
    [
        # In China New Year was on 20 February 1985, on 18 February 2007, and is on 3 February 2030.
        (1985, date(1985, 1, 21)),
        (2007, date(2007, 2, 17)),
        (2026, date(2026, 2, 17)),
        (2027, date(2027, 2, 6)),
        (2030, date(2030, 2, 2)),
    ],
)
def test_tet_falls_on_the_day_that_vietnam_celebrates(year: int, day: date) -> None:
    assert lunar.new_year(year) == day


def test_every_day_of_a_century_lies_in_exactly_one_lunar_month() -> None:
    expected = lunar.new_year(1980)
    for year in range(1980, 2081):
        months = lunar.months(year)
        assert len(months) in (12, 13)
        assert sum(month.leap for month in months) == len(months) - 12
        for month in months:
            assert month.first == expected
            assert month.days in (29, 30)
            expected += timedelta(days=month.days)


def test_the_thirtieth_of_a_short_month_is_its_last_day() -> None:
    found = list(lunar.monthly(30, date(2026, 1, 1), date(2026, 12, 31)))
    assert len(found) in (12, 13)
    for day in found:
        assert lunar.lunar(day + timedelta(days=1)).day == 1


def test_a_yearly_day_is_held_once_in_a_year_with_a_leap_month() -> None:
    year = (date(2025, 1, 1), date(2025, 12, 31))  # with a leap sixth month
    assert list(lunar.yearly(15, 6, *year)) == [date(2025, 7, 9)]
    both = list(lunar.yearly(15, 6, *year, in_leap_month=True))
    assert both == [date(2025, 7, 9), date(2025, 8, 8)]


def test_a_monthly_day_is_held_in_the_leap_month_too() -> None:
    year = list(lunar.monthly(1, lunar.new_year(2025), lunar.new_year(2026) - timedelta(days=1)))
    assert len(year) == 13


def test_both_ends_of_the_time_asked_for_are_included() -> None:
    day = date(2026, 4, 26)  # the 10th of the third month
    assert list(lunar.yearly(10, 3, day, day)) == [day]
    assert list(lunar.yearly(10, 3, day + timedelta(days=1), day)) == []
    assert list(lunar.yearly(10, 3, date(1800, 1, 1), date(1850, 1, 1))) == []
