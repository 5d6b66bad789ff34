"""The arithmetic of promises: working time is added and measured, and never lies outside hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.feedback.clocks import resumed
from backend.feedback.deadlines import (
    OFFICE_HOURS,
    WEEKDAYS,
    ByClock,
    Pace,
    Week,
    WorkingTime,
    promise_from,
    read_week,
)
from content.errors import Invalid
from content.holidays.computed import holidays
from tests.conftest import TOWN_TIME

ZONES = [TOWN_TIME, ZoneInfo("Europe/Berlin"), ZoneInfo("America/St_Johns")]
HOUR = timedelta(hours=1)


def town(*off: date) -> WorkingTime:
    return WorkingTime(read_week(OFFICE_HOURS), TOWN_TIME, lambda day: day in off)


def at(month: int, day: int, hour: int, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=TOWN_TIME)


@st.composite
def weeks(draw: st.DrawFn) -> Week:
    """Office hours of any kind, at least one stretch of them in the week."""
    days = []
    for _ in WEEKDAYS:
        marks = sorted(draw(st.sets(st.integers(0, 96), max_size=6)))
        quarter = timedelta(minutes=15)
        pairs = zip(marks[::2], marks[1::2], strict=False)
        days.append(tuple((begin * quarter, end * quarter) for begin, end in pairs))
    if not any(days):
        days[draw(st.integers(0, 6))] = ((8 * HOUR, 12 * HOUR),)
    return tuple(days)


@st.composite
def working_times(draw: st.DrawFn) -> WorkingTime:
    """Any office hours, in places whose clocks change too, with days off among them."""
    first = date(2026, 1, 1).toordinal()
    off = draw(st.frozensets(st.integers(first, first + 400), max_size=40))
    return WorkingTime(draw(weeks()), draw(st.sampled_from(ZONES)), lambda d: d.toordinal() in off)


paces = st.one_of(working_times(), st.just(ByClock()))
moments = st.integers(0, 365 * 24 * 3600).map(
    lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
durations = st.timedeltas(timedelta(0), timedelta(hours=60))


@given(paces, moments, durations)
def test_what_is_added_is_what_is_measured(
    pace: Pace, moment: datetime, duration: timedelta
) -> None:
    assert pace.between(moment, pace.add(moment, duration)) == duration


@given(paces, moments, durations)
def test_what_is_taken_off_is_what_is_measured(
    pace: Pace, moment: datetime, duration: timedelta
) -> None:
    assert pace.between(pace.before(moment, duration), moment) == duration


@given(paces, moments, durations, durations)
def test_two_steps_come_as_far_as_one(
    pace: Pace, moment: datetime, first: timedelta, second: timedelta
) -> None:
    if second:  # else the end of a day and the beginning of the next are the same
        assert pace.add(pace.add(moment, first), second) == pace.add(moment, first + second)


@given(paces, moments, moments, durations, durations)
def test_who_files_later_or_is_promised_more_never_gets_an_earlier_promise(
    pace: Pace, one: datetime, other: datetime, some: timedelta, more: timedelta
) -> None:
    earlier, later = sorted((one, other))
    assert pace.add(earlier, some) <= pace.add(later, some)
    assert pace.add(earlier, some) <= pace.add(earlier, some + more)
    assert moments_are_ordered(pace, earlier, some)


def moments_are_ordered(pace: Pace, moment: datetime, duration: timedelta) -> bool:
    return pace.before(moment, duration) <= moment <= pace.add(moment, duration)


@given(working_times(), moments, durations)
def test_a_promise_never_lands_outside_the_office_hours(
    working: WorkingTime, moment: datetime, duration: timedelta
) -> None:
    promised = working.add(moment, duration).astimezone(working.zone)
    assert not working.off(promised.date()) or promised.time() == datetime.min.time()
    inside = False
    for day in (promised.date(), promised.date() - timedelta(days=1)):  # until 24:00
        midnight = datetime.combine(day, datetime.min.time(), tzinfo=working.zone)
        for begin, end in working.week[day.weekday()]:
            first, last = ((midnight + mark).astimezone(UTC) for mark in (begin, end))
            inside |= not working.off(day) and first <= promised.astimezone(UTC) <= last
    assert inside


@given(paces, moments, moments, moments)
def test_a_pause_of_no_working_time_moves_nothing_and_any_other_by_its_length(
    pace: Pace, promised: datetime, one: datetime, other: datetime
) -> None:
    since, until = sorted((one, other))
    stood = pace.between(since, until)
    moved = resumed(pace, promised, since, until)
    assert resumed(pace, promised, since, since) == promised
    if stood:
        assert pace.between(promised, moved) == stood
    else:
        assert moved == promised


@pytest.mark.parametrize(
    ("filed", "hours", "promised"),
    [
        (at(7, 1, 8), 3.5, at(7, 1, 11, 30)),  # Wednesday morning
        (at(7, 1, 8), 4, at(7, 1, 14)),  # over the break at noon
        (at(7, 1, 12), 1, at(7, 1, 14, 30)),
        (at(7, 3, 16), 2, at(7, 6, 8, 30)),  # over a weekend
        (at(7, 4, 23), 1, at(7, 6, 8, 30)),
        (at(7, 1, 3), 0.5, at(7, 1, 8)),
    ],
)
def test_working_time_passes_only_while_the_offices_are_open(
    filed: datetime, hours: float, promised: datetime
) -> None:
    assert town().add(filed, timedelta(hours=hours)) == promised


def test_nobody_works_at_tet_and_on_the_day_of_the_hung_kings() -> None:
    days = [day.date for day in holidays(2026)]
    working = town(*days)
    # Friday before Tết of 2026: 15 to 20 February are off, the 21st and 22nd are a weekend.
    assert working.add(at(2, 13, 16), 2 * HOUR) == at(2, 23, 8, 30)
    # Giỗ Tổ, 10/3 of the lunar year, is Sunday 26 April in 2026 and Friday 16 April in 2027.
    days = [day.date for day in holidays(2027)]
    assert town(*days).add(at(4, 15, 16, year=2027), 2 * HOUR) == at(4, 19, 8, 30, year=2027)


def test_the_default_promise_is_three_working_days_and_eight_hours_to_acknowledge() -> None:
    working = town()
    promise = promise_from(None, working)
    assert promise.pace(working).add(at(7, 1, 8), promise.resolve) == at(7, 6, 8)
    assert promise.pace(working).add(at(7, 1, 8), promise.acknowledge) == at(7, 2, 8, 30)


def test_urgent_matters_run_by_the_clock_even_on_sunday() -> None:
    said = {"acknowledge_hours": 1, "resolve_hours": 4, "by_clock": True}
    promise = promise_from(said, town())
    sunday = at(7, 5, 22)
    assert promise.pace(town()).add(sunday, promise.resolve) == sunday + 4 * HOUR


@pytest.mark.parametrize(
    "text",
    [
        "",
        "always",
        "Mo-Fr",
        "Fr-Mo 07:30-11:30",
        "Xx 07:30-11:30",
        "Mo 11:30-07:30",
        "Mo 07:60-08:00",
        "Mo 07:00-25:00",
        "Mo 07:30-11:30; Mo-We 11:00-12:00",
    ],
)
def test_hours_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_week(text)
    assert "hours" in refused.value.errors


def test_hours_of_several_kinds_of_days_are_read() -> None:
    week = read_week("Mo-Fr 07:30-11:30,13:30-17:00; Sa 07:30-11:30")
    assert [len(day) for day in week] == [2, 2, 2, 2, 2, 1, 0]
