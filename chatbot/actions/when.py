"""Days as people name them: "mai", "cuối tuần ni", "thứ bảy", "30/4", "tomorrow"."""

import re
from datetime import date, timedelta
from typing import Any, NamedTuple, Optional

from components.text import fold


class Day(NamedTuple):
    """A day, or the days from `first` to `last`."""

    first: date
    last: date

    @property
    def is_one(self) -> bool:
        """Whether it is a single day."""
        return self.first == self.last

    def kept(self) -> list[str]:
        """As it is kept between two turns."""
        return [self.first.isoformat(), self.last.isoformat()]


_WEEKDAYS = (
    r"thu (?:hai|2)|monday|t2", r"thu (?:ba|3)|tuesday|t3", r"thu (?:tu|4)|wednesday|t4",
    r"thu (?:nam|5)|thursday|t5", r"thu (?:sau|6)|friday|t6", r"thu (?:bay|7)|saturday|t7",
    r"chu nhat|sunday|cn",
)  # fmt: skip
_AHEAD = (
    (2, r"ngay kia|ngay mot|bua kia|day after tomorrow"),
    # Alone "mai" is a name as well (Mai Bảng): only where a time may stand.
    (
        1,
        r"(?:ngay|sang|chieu|toi|dem|trua|bua) mai|tomorrow|(?:con|the) mai|mai(?=\W*$)"
        r"|mai (?:thi|co|troi|nuoc|di|lam|mua|nang|tam|bien|song|gio|may|o|ben|cua|luc)",
    ),
    (0, r"hom nay|bua ni|bua nay|hom ni|toi nay|chieu nay|sang nay|bay gio|dem nay|today|tonight|now"),
)  # fmt: skip
_NUMBERS = re.compile(r"(?<![\d/.:-])(\d{1,2})[/-](\d{1,2})(?:[/-](\d{4}))?(?![\d/:-])")
_WRITTEN = re.compile(r"\b(?:ngay|mong|hom) (\d{1,2}) thang (\d{1,2})\b")


def _found(words: str, text: str) -> bool:
    return re.search(rf"(?<!\w)(?:{words})(?!\w)", text) is not None


def day_in(text: str, today: date) -> Optional[Day]:
    """The day or days that `text` names, seen from `today`; None for none.

    A day without a year is the next such day. Lunar days are left alone: what names one
    ("âm lịch") is no day of this calendar.
    """
    said = fold(text)
    if re.search(r"am lich|lunar|\bal\b", said):
        return None
    if _found(r"cuoi tuan(?: nay| ni)?|weekend", said):
        saturday = today + timedelta(days=(5 - today.weekday()) % 7)
        first = today if today.weekday() == 6 else saturday
        later = timedelta(days=7 if _found("cuoi tuan (?:sau|toi)|next weekend", said) else 0)
        return Day(first + later, first + later + timedelta(days=0 if today.weekday() == 6 else 1))
    if _found(r"tuan (?:sau|toi)|next week", said):
        monday = today + timedelta(days=7 - today.weekday())
        return Day(monday, monday + timedelta(days=6))
    if _found(r"tuan (?:nay|ni)|this week", said):
        return Day(today, today + timedelta(days=6 - today.weekday()))
    if _found(r"thang (?:nay|ni)|this month", said):
        return Day(today, _month_end(today))
    for match in (*_NUMBERS.finditer(said), *_WRITTEN.finditer(said)):
        if one := _date(match, today):
            return Day(one, one)
    for number, words in enumerate(_WEEKDAYS):
        if _found(words, said):
            one = today + timedelta(days=(number - today.weekday()) % 7)
            return Day(one, one)
    for days, words in _AHEAD:
        if _found(words, said):
            one = today + timedelta(days=days)
            return Day(one, one)
    return None


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _date(match: "re.Match[str]", today: date) -> Optional[date]:
    year = match[3] if match.re is _NUMBERS else None
    try:
        one = date(int(year or today.year), int(match[2]), int(match[1]))
        return one.replace(year=one.year + 1) if not year and one < today else one
    except ValueError:
        return None


def day_of(kept: Any) -> Optional[Day]:
    """The days that `Day.kept` was made of; None for anything else."""
    try:
        first, last = map(date.fromisoformat, kept)
    except (TypeError, ValueError):
        return None
    return Day(first, last)
