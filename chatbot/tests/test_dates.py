from datetime import date

import pytest

from components.dates import days_in
from components.lunar import LunarDay, lunar, solar
from components.text import fold

WEDNESDAY = date(2026, 6, 10)

NAMED = {
    "mai": "06-11",
    "sáng mai": "06-11",
    "bựa mai": "06-11",
    "tomorrow morning": "06-11",
    "hnay": "06-10",
    "túi ni": "06-10",
    "ngày hôm nay": "06-10",
    "this afternoon": "06-10",
    "hôm qua": "06-09",
    "đêm qua": "06-09",
    "hôm kia": "06-08",
    "ngày kia": "06-12",
    "thứ bảy": "06-13",
    "t7": "06-13",
    "cn": "06-14",
    "thứ hai": "06-15",
    "thứ tư": "06-10",
    "thứ 7 tuần sau": "06-20",
    "on Sunday": "06-14",
    "cuối tuần ni": "06-13/06-14",
    "cuối tuần sau": "06-20/06-21",
    "this weekend": "06-13/06-14",
    "tuần này": "06-08/06-14",
    "tuần tới": "06-15/06-21",
    "last week": "06-01/06-07",
    "ba ngày tới": "06-11/06-13",
    "tháng này": "06-01/06-30",
    "tháng 7": "07-01/07-31",
    "đầu tháng 7": "07-01/07-10",
    "tháng mười hai": "12-01/12-31",
    "December": "12-01/12-31",
    "tháng 4": "2027-04-01/2027-04-30",
    "2/9": "09-02",
    "dịp 30/4": "2027-04-30",
    "20/7/2028": "2028-07-20",
    "ngày 20 tháng 6": "06-20",
    "July 15": "07-15",
    "ngày 5": "07-05",
    "mồng 5": "06-19",
    "mùng 1": "06-15",
    "rằm": "06-29",
    "rằm tháng bảy": "08-27",
    "rằm tháng 7": "08-27",
    "15/8 âm lịch": "09-25",
    "mùng 3 Tết": "2027-02-08",
    "Tết": "2027-02-06/2027-02-08",
    "giao thừa": "2027-02-05",
    "Tết dương lịch": "2027-01-01",
    "trung thu": "09-25",
    "Noel": "12-25",
}


def _iso(days):
    ends = [end.isoformat().removeprefix("2026-") for end in days]
    return ends[0] if ends[0] == ends[1] else "/".join(ends)


@pytest.mark.parametrize(("phrase", "meant"), NAMED.items())
def test_days_are_understood_with_and_without_marks(phrase: str, meant: str):
    assert _iso(days_in(phrase, WEDNESDAY)) == meant
    assert _iso(days_in(fold(phrase), WEDNESDAY)) == meant


@pytest.mark.parametrize("phrase", ["", "biển", "31/2", "mồng 40", "tháng 13", "bao giờ"])
def test_what_names_no_day_is_none(phrase: str):
    assert days_in(phrase, WEDNESDAY) is None


def test_new_year_falls_where_the_calendar_says():
    new_years = {
        1985: (1, 21),
        2007: (2, 17),
        2025: (1, 29),
        2026: (2, 17),
        2027: (2, 6),
        2030: (2, 2),
    }
    assert {
        year: (solar(1, 1, year).month, solar(1, 1, year).day) for year in new_years
    } == new_years


def test_a_leap_month_repeats_a_number():
    assert lunar(date(2025, 7, 25)) == LunarDay(1, 6, 2025, leap=True)
    assert lunar(date(2026, 1, 5)) == LunarDay(17, 11, 2025)
    assert lunar(date(2026, 6, 10)) == LunarDay(25, 4, 2026)
