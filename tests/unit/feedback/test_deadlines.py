"""When a reporter may expect an answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from backend.feedback.deadlines import promised
from tests.conftest import TOWN_TIME


@pytest.mark.parametrize(
    ("filed", "answered"),
    [
        ((2026, 7, 1, 8), (2026, 7, 6, 8)),  # Wednesday: Thursday, Friday, Monday
        ((2026, 6, 29, 8), (2026, 7, 2, 8)),  # Monday
        ((2026, 7, 3, 16), (2026, 7, 8, 16)),  # Friday
        ((2026, 7, 4, 23), (2026, 7, 8, 23)),  # Saturday: Monday, Tuesday, Wednesday
        ((2026, 7, 5, 6), (2026, 7, 8, 6)),  # Sunday
    ],
)
def test_an_answer_is_promised_within_three_working_days(
    filed: tuple[int, int, int, int], answered: tuple[int, int, int, int]
) -> None:
    moment = datetime(*filed, tzinfo=TOWN_TIME)
    assert promised(moment, TOWN_TIME, "101") == datetime(*answered, tzinfo=TOWN_TIME)


def test_working_days_are_those_of_the_town() -> None:
    # Monday one in the morning in the town is still Sunday in UTC.
    filed = datetime(2026, 6, 28, 18, 0, tzinfo=UTC)
    assert promised(filed, TOWN_TIME, "101") == filed + timedelta(days=3)


def test_urgent_matters_run_by_the_clock_even_on_sunday() -> None:
    filed = datetime(2026, 7, 5, 22, 0, tzinfo=TOWN_TIME)
    assert promised(filed, TOWN_TIME, "501") == filed + timedelta(hours=4)
