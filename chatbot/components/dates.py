"""Days as people name them: "mai", "cuối tuần ni", "thứ bảy tuần sau", "mồng 5", "rằm tháng bảy"."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from typing import NamedTuple, Optional

from components.lunar import lunar, solar
from components.text import clean, fold, normalise_token


class Days(NamedTuple):
    """The days from `first` to `last`, both included; often one."""

    first: date
    last: date


_NUMBERS = {
    "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9,
    "muoi": 10, "muoi mot": 11, "muoi hai": 12, "gieng": 1, "chap": 12,
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
}  # fmt: skip
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAYS = tuple(
    rf"{vietnamese}|{english[:3]}(?:{english[3:]})?" if english != "thursday" else rf"{vietnamese}|{english}"
    for vietnamese, english in zip(
        (
            r"thu (?:hai|2)|t2", r"thu (?:ba|3)|t3", r"thu (?:tu|4)|t4", r"thu (?:nam|5)|t5",
            r"thu (?:sau|6)|t6", r"thu (?:bay|7)|t7", r"chu nhat|cn",
        ),
        WEEKDAYS,
        strict=True,
    )
)  # fmt: skip
MONTHS = (
    "jan(?:uary)?", "feb(?:ruary)?", "mar(?:ch)?", "apr(?:il)?", "may", "june?", "july?",
    "aug(?:ust)?", "sep(?:tember)?", "oct(?:ober)?", "nov(?:ember)?", "dec(?:ember)?",
)  # fmt: skip
_PART = (
    r"(?:luc |vao |hoi |dip )?(?:buoi )?(?:sang(?: som)?|som|trua|chieu(?: toi)?|toi|tui|dem|khuya)"
)
_AHEAD: tuple[tuple[int, str], ...] = (
    (-2, r"(?:hom|bua) (?:kia|te)|the day before yesterday"),
    (2, r"ngay kia|(?:ngay|bua|hom) mot|mot|day after tomorrow|(?:ngay )?mai mot"),
    (-1, rf"(?:hom|bua|ngay|dem) qua|{_PART} (?:hom )?qua|(?:bua|hom) truoc|yesterday|last night"),
    (1, rf"(?:ngay |bua |hom )?mai|{_PART} (?:ngay |bua )?mai|sang (?:mai|moi)|tomorrow(?: \w+)?"),
    (0, rf"(?:hom|bua|ngay)(?: nay| ni)|ngay hom nay|{_PART} (?:hom |bua )?(?:nay|ni)|nay|bay gio|today"
        r"|tonight|this (?:morning|afternoon|evening|noon)|right now|now"),
)  # fmt: skip
_NEXT = r"(?: (?:sau|toi|ke|next))"
_THIS = r"(?: (?:nay|ni|this))"
_DAY_MONTH = re.compile(r"\b(\d{1,2}) ?[/.-] ?(\d{1,2})(?: ?[/.-] ?(\d{4}))?\b")
_WRITTEN = re.compile(r"\b(\d{1,2}) thang (\d{1,2}|[a-z]+(?: mot| hai)?)(?: nam (\d{4}))?")
_LUNAR_DAY = re.compile(r"\b(?:mung|mong|mon|mug) ?(\d{1,2}|[a-z]+)(?: (?:thang |thg )?(.*))?$")
_FULL_MOON = re.compile(r"\bram\b(?: thang)? ?(gieng|chap|\d{1,2}|[a-z]+(?: mot| hai)?)?")
_MONTH_OF_YEAR = re.compile(
    r"(?:(dau|giua|cuoi) )?thang (\d{1,2}|[a-z]+(?: mot| hai)?)(?: nam (\d{4}))?"
)
_COUNTED = re.compile(
    r"(\d{1,2}|[a-z]+) (?:ngay|hom|bua) (?:toi|nua|sau|sap toi)|next (\d{1,2}|[a-z]+) days"
)
# By lunar day and month.
_LUNAR_FEASTS = (
    (r"gio to", 10, 3), (r"doan ngo", 5, 5), (r"vu lan", 15, 7), (r"trung thu|mid autumn", 15, 8),
    (r"ong cong ong tao|ong tao", 23, 12), (r"nguyen tieu", 15, 1),
)  # fmt: skip
_SOLAR_FEASTS = (
    (r"tet duong(?: lich)?|new year s day", 1, 1), (r"quoc khanh|national day", 2, 9),
    (r"noel|giang sinh|christmas", 25, 12), (r"le 30 4|giai phong", 30, 4),
    (r"quoc te lao dong|labou?r day", 1, 5),
)  # fmt: skip


def days_in(phrase: str, today: date) -> Optional[Days]:
    """The days that `phrase`, words that name days and little else, means on `today`; None if none.

    A day or month without a year is the next that has not passed; a part of a day is its day.
    Months of the lunar calendar are meant where the words say so ("rằm", "mồng", "âm lịch", "Tết").
    """
    words = re.findall(r"[\w/.-]+", clean(phrase).lower())
    for spell in (str, normalise_token):  # English first: "last" is no telex
        said = f" {fold(' '.join(map(spell, words)))} "
        for rule in _RULES:
            with suppress(ValueError, OverflowError):  # the 31st of a month that has none
                if days := rule(said, today):
                    return days
    return None


def _has(words: str, said: str) -> bool:
    return re.search(rf"(?<![\w/])(?:{words})(?![\w/])", said) is not None


def _number(word: str) -> int:
    if word.isdigit():
        return int(word)
    if word in _NUMBERS:
        return _NUMBERS[word]
    raise ValueError(word)


def _coming(day: int, month: int, year: Optional[str], today: date) -> Days:
    one = date(int(year or today.year), month, day)
    if not year and one < today:
        one = one.replace(year=one.year + 1)
    return Days(one, one)


def _coming_lunar(day: int, month: Optional[int], today: date) -> Days:
    """The next such lunar day; in any month where `month` is None."""
    if not 1 <= day <= 30:
        raise ValueError(f"no lunar month has a day {day}")
    now = lunar(today)
    for ahead in range(26):
        year, number = now.year + (now.month - 1 + ahead) // 12, (now.month - 1 + ahead) % 12 + 1
        if month in (None, number):
            one = solar(day, number, year)
            if one >= today:
                return Days(one, one)
    raise ValueError(f"no such lunar day {day}/{month}")


def _month(number: int, year: Optional[str], today: date, part: Optional[str] = None) -> Days:
    of_year = int(year) if year else today.year + (number < today.month)
    first = date(of_year, number, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    if part == "dau":
        return Days(first, first.replace(day=10))
    if part == "giua":
        return Days(first.replace(day=11), first.replace(day=20))
    return Days(first.replace(day=21) if part == "cuoi" else first, last)


def _lunar_day(said: str, today: date) -> Optional[Days]:
    in_lunar = _has(r"am lich|am|al|lunar", said)
    if in_lunar and (match := _DAY_MONTH.search(said) or _WRITTEN.search(said)):
        return _coming_lunar(int(match[1]), _number(match[2]), today)
    if match := _FULL_MOON.search(said):
        named = match[1] and match[1] not in ("nay", "ni", "toi", "sau", "am")
        return _coming_lunar(15, _number(match[1]) if named else None, today)
    if _has("giao thua|new year s eve", said):
        eve = _coming_lunar(1, 1, today).first - timedelta(days=1)
        return Days(eve, eve)
    if match := _LUNAR_DAY.search(said.strip()):
        rest = (match[2] or "").removesuffix(" am lich").removesuffix(" am").strip()
        day = _number(match[1])
        if rest.startswith("tet") or rest == "dau nam":
            return _coming_lunar(day, 1, today)
        return _coming_lunar(day, _number(rest) if _is_number(rest) else None, today)
    for words, day, month in _LUNAR_FEASTS:
        if _has(words, said):
            return _coming_lunar(day, month, today)
    return None


def _is_number(word: str) -> bool:
    return word.isdigit() or word in _NUMBERS


def _feast(said: str, today: date) -> Optional[Days]:
    for words, day, month in _SOLAR_FEASTS:
        if _has(words, said):
            return _coming(day, month, None, today)
    if _has(r"tet(?: nguyen dan| am lich| ta)?|lunar new year", said):
        first = _coming_lunar(1, 1, today - timedelta(days=2)).first
        return Days(first, first + timedelta(days=2))
    return None


def _numbered(said: str, today: date) -> Optional[Days]:
    for match in (*_WRITTEN.finditer(said), *_DAY_MONTH.finditer(said)):
        if _is_number(match[2]):
            return _coming(int(match[1]), _number(match[2]), match[3], today)
    for number, name in enumerate(MONTHS, 1):
        if after := re.search(rf"\b(?:{name}) (\d{{1,2}})(?:st|nd|rd|th)?\b", said):
            return _coming(int(after[1]), number, None, today)
        if before := re.search(rf"\b(\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?:{name})\b", said):
            return _coming(int(before[1]), number, None, today)
    if alone := re.search(r"\b(?:ngay|hom) (\d{1,2})\b(?! ngay| thang)", said):
        day, month = int(alone[1]), today.month + (int(alone[1]) < today.day)
        return _coming(day, (month - 1) % 12 + 1, None, today)
    return None


def _week(said: str, today: date) -> Optional[Days]:
    monday = today - timedelta(days=today.weekday())
    week = timedelta(days=7)
    if _has(rf"tuan{_NEXT}|next week|next weekend", said):
        monday += week
    elif _has(r"tuan (?:truoc|roi|qua|vua roi)|last week", said):
        monday -= week
    named = _has(rf"tuan(?:{_NEXT}|{_THIS}| truoc| roi| qua)|(?:next|last|this) week", said)
    if _has(r"cuoi tuan|weekend", said):
        return Days(monday + timedelta(days=5), monday + timedelta(days=6))
    for number, words in enumerate(_WEEKDAYS):
        if _has(words, said):
            one = monday + timedelta(days=number)
            if one < today and not named:
                one += week
            return Days(one, one)
    return Days(monday, monday + timedelta(days=6)) if named else None


def _counted(said: str, today: date) -> Optional[Days]:
    if match := _COUNTED.search(said):
        word = match[1] or match[2]
        return Days(today + timedelta(days=1), today + timedelta(days=_number(word)))
    return None


def _whole_month(said: str, today: date) -> Optional[Days]:
    if _has(rf"thang{_THIS}|this month", said):
        return _month(today.month, str(today.year), today)
    if _has(rf"thang{_NEXT}|next month", said):
        return _month(today.month % 12 + 1, None, today)
    if match := _MONTH_OF_YEAR.search(said):
        if match[2] in ("gieng", "chap"):
            return _lunar_month(_NUMBERS[match[2]], today)
        return _month(_number(match[2]), match[3], today, match[1])
    for number, name in enumerate(MONTHS, 1):
        if _has(name, said):
            return _month(number, None, today)
    return None


def _lunar_month(number: int, today: date) -> Days:
    first = _coming_lunar(1, number, today - timedelta(days=29)).first
    return Days(first, first + timedelta(days=28))


def _near(said: str, today: date) -> Optional[Days]:
    for ahead, words in _AHEAD:
        if _has(words, said):
            one = today + timedelta(days=ahead)
            return Days(one, one)
    return None


_RULES: tuple[Callable[[str, date], Optional[Days]], ...] = (
    _lunar_day, _numbered, _feast, _week, _counted, _whole_month, _near,
)  # fmt: skip
