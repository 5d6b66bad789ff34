"""The public holidays that law names, before the state decides on a year.

Law gives Tết and National Day more days than it fixes: which of those around them are off is
announced each year, so they are not confirmed here. Days that are moved or added for a weekend
are not foreseen either; staff enter them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from content import lunar
from content.store import Localized

NEW_YEAR = {"vi": "Tết Dương lịch", "en": "New Year's Day"}
TET = {"vi": "Tết Nguyên đán", "en": "Lunar New Year (Tet)"}
HUNG_KINGS = {"vi": "Giỗ Tổ Hùng Vương", "en": "Hung Kings' Commemoration Day"}
REUNIFICATION = {
    "vi": "Ngày Giải phóng miền Nam, thống nhất đất nước",
    "en": "Liberation and Reunification Day",
}
LABOUR = {"vi": "Ngày Quốc tế Lao động", "en": "International Labour Day"}
NATIONAL = {"vi": "Quốc khánh", "en": "National Day"}
BESIDE_NATIONAL = {"vi": "Ngày nghỉ liền kề Quốc khánh", "en": "The day beside National Day"}

FIRST_YEAR, LAST_YEAR = 1945, 2098


@dataclass(frozen=True)
class Holiday:
    """A day off; not *confirmed* while the state has yet to say that it is one."""

    date: date
    name: Localized
    confirmed: bool = True


def holidays(year: int) -> list[Holiday]:
    """The public holidays of the Gregorian *year*, in order."""
    return sorted(_of_law(year), key=lambda holiday: holiday.date)


def _of_law(year: int) -> Iterator[Holiday]:
    yield Holiday(date(year, 1, 1), NEW_YEAR)
    tet = lunar.new_year(year)
    for shift in range(-2, 4):
        yield Holiday(tet + timedelta(days=shift), TET, confirmed=0 <= shift < 3)
    third = next(m for m in lunar.months(year) if m.number == 3 and not m.leap)
    yield Holiday(third.day(10), HUNG_KINGS)
    yield Holiday(date(year, 4, 30), REUNIFICATION)
    yield Holiday(date(year, 5, 1), LABOUR)
    yield Holiday(date(year, 9, 1), BESIDE_NATIONAL, confirmed=False)
    yield Holiday(date(year, 9, 2), NATIONAL)
    yield Holiday(date(year, 9, 3), BESIDE_NATIONAL, confirmed=False)
