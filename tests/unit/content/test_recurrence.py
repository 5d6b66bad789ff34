"""On which days something returns, and which rules are refused with which words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.events.recurrence import BadRule, days_in, first_day, last_day, packed, read_rule


def days(rule: str, start: date, year: int) -> list[str]:
    recurrence = packed({"calendar": "gregorian", "rule": rule})
    return [f"{day:%m-%d}" for day in days_in(year, start, recurrence)]


@pytest.mark.parametrize(
    ("rule", "start", "expected"),
    [
        ("FREQ=YEARLY", date(2026, 4, 30), ["04-30"]),
        ("FREQ=YEARLY", date(2024, 2, 29), []),
        ("FREQ=MONTHLY;BYMONTHDAY=-1;UNTIL=20260430", date(2026, 1, 31),
         ["01-31", "02-28", "03-31", "04-30"]),
        ("FREQ=MONTHLY;BYDAY=1SA;COUNT=3", date(2026, 11, 7), ["11-07", "12-05"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;UNTIL=20260131", date(2026, 1, 5),
         ["01-05", "01-07", "01-19", "01-21"]),
        ("RRULE:FREQ=DAILY;COUNT=3", date(2025, 12, 31), ["01-01", "01-02"]),
        ("freq=daily;until=20260102T170000Z", date(2026, 1, 1), ["01-01", "01-02", "01-03"]),
        ("FREQ=YEARLY;UNTIL=20250101", date(2026, 1, 1), []),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", date(2026, 1, 1), []),
    ],
)  # fmt: skip
def test_a_rule_gives_its_days(rule: str, start: date, expected: list[str]) -> None:
    assert days(rule, start, 2026) == expected


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("", "not known"),
        ("every Saturday", "not known"),
        ("BYDAY=SA", "FREQ is missing"),
        ("FREQ=HOURLY", "FREQ"),
        ("FREQ=WEEKLY;FREQ=DAILY", "twice"),
        ("FREQ=WEEKLY;INTERVAL=0", "INTERVAL"),
        ("FREQ=WEEKLY;INTERVAL=1,2", "INTERVAL"),
        ("FREQ=WEEKLY;COUNT=100000", "COUNT"),
        ("FREQ=WEEKLY;COUNT=3;UNTIL=20261231", "not both"),
        ("FREQ=WEEKLY;UNTIL=20261331", "UNTIL"),
        ("FREQ=WEEKLY;UNTIL=tomorrow", "UNTIL"),
        ("FREQ=WEEKLY;BYDAY=XX", "BYDAY"),
        ("FREQ=WEEKLY;BYDAY=1SA", "numbered weekdays"),
        ("FREQ=WEEKLY;BYMONTHDAY=1", "BYMONTHDAY"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY"),
        ("FREQ=YEARLY;BYMONTH=13", "BYMONTH"),
        ("FREQ=DAILY;BYHOUR=9", "BYHOUR is not known"),
        ("FREQ=DAILY;TZID=Mars/Olympus", "TZID is not known"),
        ("FREQ=DAILY;DTSTART=20260101", "DTSTART is not known"),
    ],
)
def test_a_rule_that_cannot_be_followed_is_refused_by_its_part(rule: str, words: str) -> None:
    with pytest.raises(BadRule, match=words):
        read_rule(rule)


@settings(deadline=None)
@given(st.text("FREQUNTILCOBYDAMHSPW=;,+-0123456789", max_size=60), st.integers(2026, 2030))
def test_no_text_breaks_the_reader(text: str, year: int) -> None:
    for rule in (text, f"FREQ=MONTHLY;{text}", f"FREQ=YEARLY;BYMONTHDAY={text}"):
        try:
            read_rule(rule)
        except BadRule:
            continue
        found = days(rule, date(2026, 1, 1), year)
        assert found == sorted(set(found))


@settings(deadline=None)
@given(
    st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
    st.integers(1, 5),
    st.dates(date(2020, 1, 1), date(2026, 12, 31)),
)
def test_the_years_together_are_the_series(frequency: str, interval: int, start: date) -> None:
    rule = {"calendar": "gregorian", "rule": f"FREQ={frequency};INTERVAL={interval};COUNT=40"}
    every = [day for year in range(2020, 2099) for day in days_in(year, start, packed(rule))]
    assert every[0] == first_day(start, packed(rule)) == start
    assert len(every) == 40 or (every[-1] > date(2090, 1, 1))
    assert last_day(start, rule) == every[-1]


def test_a_lunar_series_begins_with_its_first_day_and_ends_with_its_last() -> None:
    yearly = {"calendar": "lunar", "frequency": "yearly", "day": 12, "month": 2}
    start = date(2026, 1, 1)
    assert first_day(start, packed(yearly)) == date(2026, 3, 30)
    assert days_in(2025, start, packed(yearly)) == ()
    assert last_day(start, yearly) is None
    until = yearly | {"until": "2027-12-31"}
    assert days_in(2027, start, packed(until)) == (date(2027, 3, 19),)
    assert days_in(2028, start, packed(until)) == ()


def test_a_series_without_end_has_days_as_far_as_the_calendar_is_known() -> None:
    monthly = packed({"calendar": "lunar", "frequency": "monthly", "day": 30})
    for year in (2026, 2060, 2098):
        assert len(days_in(year, date(2026, 1, 1), monthly)) in (12, 13)
    assert days_in(2099, date(2026, 1, 1), monthly) == ()
    daily = packed({"calendar": "gregorian", "rule": "FREQ=DAILY"})
    assert days_in(2098, date(2026, 1, 1), daily)[-1] == date(2099, 1, 1) - timedelta(days=1)
