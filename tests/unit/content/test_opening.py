"""Open, closed or unknown: hours, sunrise, holidays, exceptions, seasons."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from content.opening import DaysOff, is_open, is_opening_hours

TOWN_TIME = ZoneInfo("Asia/Ho_Chi_Minh")
TET = DaysOff(sure=frozenset({date(2026, 2, 17), date(2026, 2, 18)}))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TOWN_TIME)


@pytest.mark.parametrize(
    ("hours", "moment", "expected"),
    [
        ("Mo-Su 07:00-18:00", "2026-07-01 08:00", True),
        ("Mo-Su 07:00-18:00", "2026-07-01 18:00", False),
        ("Mo-Su 07:00-18:00; We off", "2026-07-01 08:00", False),
        ("24/7", "2026-07-01 03:00", True),
        ("off", "2026-07-01 08:00", False),
        ("Mo-Su 18:00-02:00", "2026-07-01 01:00", True),
        ("Mo-Su unknown", "2026-07-01 08:00", None),
        (None, "2026-07-01 08:00", None),
        ("", "2026-07-01 08:00", None),
        # The sun rises over the town at 5:23 on that day, and sets at 18:38.
        ("sunrise-sunset", "2026-07-01 05:20", False),
        ("sunrise-sunset", "2026-07-01 05:25", True),
        ("sunrise-sunset", "2026-07-01 18:45", False),
    ],
)
def test_hours_are_read_at_the_towns_own_time(
    hours: str | None, moment: str, expected: bool | None
) -> None:
    assert is_open(hours, at(moment)) is expected
    assert is_open(hours, at(moment).astimezone(ZoneInfo("UTC"))) is expected


def test_the_sun_rises_where_the_place_is() -> None:
    moment = at("2026-07-01 05:25")
    assert is_open("sunrise-sunset", moment) is True
    assert is_open("sunrise-sunset", moment, (10.35, 107.08)) is False  # Vũng Tàu


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ("Mo-Su 08:00-17:00; PH off", False),
        ("Mo-Su 08:00-17:00; PH,Su off", False),
        ("Mo-Su 08:00-17:00; Su,PH off", False),
        ("PH 08:00-17:00", True),
        ("Su,PH 09:00-12:00", True),
        ('Mo-Su 08:00-17:00; PH off "nghỉ PH"', False),
        ("Mo-Su 08:00-17:00", True),
        ("Mo-Su 08:00-17:00; Feb PH off", False),
        ("Mo-Su 08:00-17:00; Mar PH off", True),
    ],
)
def test_ph_means_the_holidays_that_are_given(hours: str, expected: bool) -> None:
    assert is_open(hours, at("2026-02-17 10:00"), holidays=TET) is expected


def test_the_day_after_and_the_same_weekday_a_week_later_are_no_holidays() -> None:
    for moment in ("2026-02-16 10:00", "2026-02-19 10:00", "2026-02-24 10:00"):
        assert is_open("Mo-Su 08:00-17:00; PH off", at(moment), holidays=TET) is True
        assert is_open("PH 08:00-17:00", at(moment), holidays=TET) is False


def test_the_night_of_a_holiday_reaches_into_the_next_morning() -> None:
    hours = "PH 22:00-02:00"
    assert is_open(hours, at("2026-02-19 01:00"), holidays=TET) is True
    assert is_open(hours, at("2026-02-20 01:00"), holidays=TET) is False


def test_a_rule_may_speak_of_the_day_before_a_holiday() -> None:
    hours = "Mo-Su 08:00-17:00; PH -1 day 08:00-12:00"
    assert is_open(hours, at("2026-02-16 14:00"), holidays=TET) is False
    assert is_open(hours, at("2026-02-18 14:00"), holidays=TET) is True


def test_holidays_of_another_calendar_do_not_count() -> None:
    assert is_open("Mo-Su 08:00-17:00; PH off", at("2026-09-02 10:00")) is True


def test_a_holiday_that_is_not_decided_leaves_it_unknown_only_where_it_matters() -> None:
    undecided = DaysOff(perhaps=frozenset({date(2026, 2, 16)}))
    moment = at("2026-02-16 10:00")
    assert is_open("Mo-Su 08:00-17:00; PH off", moment, holidays=undecided) is None
    assert is_open("Mo-Su 08:00-17:00", moment, holidays=undecided) is True
    assert is_open("Mo-Su 12:00-17:00; PH off", moment, holidays=undecided) is False


def test_school_holidays_are_not_known() -> None:
    moment = at("2026-07-01 10:00")
    assert is_open("Mo-Su 08:00-17:00; SH off", moment) is None
    assert is_open("Mo-Fr 08:00-17:00; SH 08:00-12:00", moment) is True


CLOSED = {"from": "2026-02-16", "to": "2026-02-18", "hours": None, "note": "Sửa chữa"}
SHORT = {"from": "2026-02-17", "to": "2026-02-17", "hours": "09:00-11:00"}


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-02-15 10:00", True),
        ("2026-02-16 10:00", False),
        ("2026-02-17 10:00", True),
        ("2026-02-17 11:30", False),
        ("2026-02-18 10:00", False),
        ("2026-02-19 10:00", True),
    ],
)
def test_the_last_exception_that_fits_holds(moment: str, expected: bool) -> None:
    found = is_open("Mo-Su 08:00-17:00", at(moment), exceptions=[CLOSED, SHORT])
    assert found is expected


@pytest.mark.parametrize(
    ("hours", "moment", "expected"),
    [
        ("22:00-02:00", "2026-02-16 01:00", True),
        ("22:00-02:00", "2026-02-16 23:00", False),
        ("22:00-02:00", "2026-02-19 01:00", False),
        ("22:00-02:00", "2026-02-19 23:00", True),
        ("24/7", "2026-02-16 00:30", False),
        ("24/7", "2026-02-19 00:30", True),
    ],
)
def test_nights_at_the_edge_of_an_exception_belong_to_the_day_they_began(
    hours: str, moment: str, expected: bool
) -> None:
    assert is_open(hours, at(moment), exceptions=[CLOSED]) is expected


def test_an_exception_tells_what_the_hours_leave_open() -> None:
    moment = at("2026-02-16 10:00")
    assert is_open(None, moment, exceptions=[CLOSED]) is False
    assert is_open(None, at("2026-02-17 10:00"), exceptions=[CLOSED, SHORT]) is True
    assert is_open(None, at("2026-02-20 10:00"), exceptions=[CLOSED]) is None


@pytest.mark.parametrize(
    ("season", "moment", "expected"),
    [
        ({"from": "04-15", "to": "09-15"}, "2026-07-01 10:00", True),
        ({"from": "04-15", "to": "09-15"}, "2026-04-15 10:00", True),
        ({"from": "04-15", "to": "09-15"}, "2026-09-16 10:00", False),
        ({"from": "11-01", "to": "02-28"}, "2026-01-10 10:00", True),
        ({"from": "11-01", "to": "02-28"}, "2026-07-01 10:00", False),
        (None, "2026-07-01 10:00", True),
    ],
)
def test_out_of_season_it_is_closed(
    season: dict[str, str] | None, moment: str, expected: bool
) -> None:
    assert is_open("Mo-Su 08:00-17:00", at(moment), season=season) is expected
    if expected is False:
        assert is_open(None, at(moment), season=season) is False


@pytest.mark.parametrize("text", ["Mo-Su 07:00-18:00", "24/7", "PH off", "Mo-Fr,PH 08:00-12:00"])
def test_hours_that_can_be_computed_are_accepted(text: str) -> None:
    assert is_opening_hours(text)


@pytest.mark.parametrize("text", ["whenever", "", "25:00-26:00 x", "PH Mo-Fr 08:00-12:00"])
def test_hours_that_cannot_be_computed_are_not(text: str) -> None:
    assert not is_opening_hours(text)
