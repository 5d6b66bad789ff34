"""What may be said of swimming: each rule, and each combination of flag, ban and warning."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from content.beaches.models import Flag, Observation, SwimBan
from content.beaches.status import MEANING, WORST_FIRST, Swimming, Verdict, verdict

NOW = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def seen(
    flag: Flag | None, *, lifeguards: bool | None = True, until: datetime = NOW + HOUR
) -> Observation:
    return Observation(
        flag=flag,
        observed_at=until - 2 * HOUR,
        valid_until=until,
        lifeguards_on_duty=lifeguards,
        note="Sóng cao 1 m",
    )


def ban(
    *,
    starts_at: datetime = NOW - HOUR,
    ends_at: datetime | None = None,
    lifted_at: datetime | None = None,
) -> SwimBan:
    return SwimBan(reason={"vi": "Bão"}, starts_at=starts_at, ends_at=ends_at, lifted_at=lifted_at)


def said(result: Verdict) -> tuple[str, str | None, bool, bool]:
    return result.swimming.value, result.flag, result.stale, result.confirmed


def test_there_is_no_green_flag_and_no_word_for_safe() -> None:
    assert "green" not in list(Flag)
    assert set(MEANING) == set(Flag)
    assert [word.value for word in WORST_FIRST] == [
        "closed", "dangerous", "caution", "unknown", "supervised",
    ]  # fmt: skip


def test_nothing_is_known_where_nobody_looked() -> None:
    result = verdict(NOW, None)
    assert said(result) == ("unknown", None, True, False)
    assert result.observed_at is result.valid_until is result.lifeguards_on_duty is None


@pytest.mark.parametrize(
    ("flag", "swimming"),
    [
        (Flag.RED_OVER_RED, "closed"),
        (Flag.RED, "dangerous"),
        (Flag.YELLOW, "caution"),
        (Flag.RED_OVER_YELLOW, "supervised"),
        (Flag.PURPLE, "caution"),
        (Flag.QUARTERED, "closed"),
    ],
)
def test_a_flag_in_force_says_what_the_standard_says(flag: Flag, swimming: str) -> None:
    assert said(verdict(NOW, seen(flag))) == (swimming, flag, False, True)


@pytest.mark.parametrize("lifeguards", [False, None])
@pytest.mark.parametrize("flag", [*Flag, None])
def test_without_lifeguards_nothing_is_supervised(
    flag: Flag | None, lifeguards: bool | None
) -> None:
    result = verdict(NOW, seen(flag, lifeguards=lifeguards))
    assert result.swimming is not Swimming.SUPERVISED
    assert result.lifeguards_on_duty is lifeguards


def test_red_over_yellow_without_lifeguards_contradicts_itself() -> None:
    result = verdict(NOW, seen(Flag.RED_OVER_YELLOW, lifeguards=False))
    assert said(result) == ("unknown", "red_over_yellow", False, False)


@pytest.mark.parametrize("flag", [*Flag, None])
def test_by_the_schedule_too_nothing_is_supervised_without_lifeguards(flag: Flag | None) -> None:
    for observation in (None, seen(flag, lifeguards=None), seen(flag, until=NOW - HOUR)):
        result = verdict(NOW, observation, scheduled=False)
        assert result.swimming is not Swimming.SUPERVISED
        assert (result.lifeguards_on_duty, result.lifeguards_by) == (False, "schedule")


@pytest.mark.parametrize("scheduled", [True, False, None])
@pytest.mark.parametrize("lifeguards", [True, False])
def test_an_observation_in_force_says_more_than_the_schedule(
    lifeguards: bool, scheduled: bool | None
) -> None:
    result = verdict(NOW, seen(Flag.YELLOW, lifeguards=lifeguards), scheduled=scheduled)
    assert (result.lifeguards_on_duty, result.lifeguards_by) == (lifeguards, "observation")


def test_an_old_flag_is_not_watched_again_because_the_schedule_says_so() -> None:
    result = verdict(NOW, seen(Flag.RED_OVER_YELLOW, until=NOW - HOUR), scheduled=True)
    assert said(result) == ("unknown", None, True, False)


def test_where_no_flag_flies_nothing_is_known_even_with_lifeguards() -> None:
    assert said(verdict(NOW, seen(None))) == ("unknown", None, False, False)


@pytest.mark.parametrize(
    "flag", [Flag.YELLOW, Flag.RED_OVER_YELLOW, Flag.PURPLE, Flag.QUARTERED, None]
)
def test_after_its_time_a_flag_is_not_repeated(flag: Flag | None) -> None:
    old = seen(flag, until=NOW)
    result = verdict(NOW, old)
    assert said(result) == ("unknown", None, True, False)
    assert result.lifeguards_on_duty is result.note is None
    assert (result.observed_at, result.valid_until) == (old.observed_at, old.valid_until)


def test_an_observation_holds_to_the_last_moment_of_its_time() -> None:
    assert not verdict(NOW, seen(Flag.YELLOW, until=NOW + timedelta(seconds=1))).stale
    assert verdict(NOW, seen(Flag.YELLOW, until=NOW)).stale


@pytest.mark.parametrize(
    ("flag", "swimming"), [(Flag.RED, "dangerous"), (Flag.RED_OVER_RED, "closed")]
)
def test_red_stands_unconfirmed_until_somebody_sees_otherwise(flag: Flag, swimming: str) -> None:
    result = verdict(NOW, seen(flag, until=NOW - 48 * HOUR))
    assert said(result) == (swimming, flag, True, False)
    assert result.lifeguards_on_duty is None


@pytest.mark.parametrize("flag", [*Flag, None])
@pytest.mark.parametrize("ends_at", [None, NOW + HOUR])
def test_a_ban_in_force_closes_whatever_flies(flag: Flag | None, ends_at: datetime | None) -> None:
    result = verdict(NOW, seen(flag), [ban(ends_at=ends_at)])
    assert (result.swimming, result.confirmed) == (Swimming.CLOSED, True)
    assert result.ban is not None


def test_a_ban_closes_where_nobody_looked() -> None:
    assert said(verdict(NOW, None, [ban()])) == ("closed", None, True, True)


@pytest.mark.parametrize("over", [ban(starts_at=NOW + HOUR), ban(ends_at=NOW), ban(lifted_at=NOW)])
def test_a_ban_that_is_to_come_over_or_lifted_closes_nothing(over: SwimBan) -> None:
    result = verdict(NOW, seen(Flag.YELLOW), [over])
    assert (result.swimming, result.ban) == (Swimming.CAUTION, None)


def test_of_several_bans_the_one_that_holds_longest_is_told() -> None:
    endless, short, longer = ban(), ban(ends_at=NOW + HOUR), ban(ends_at=NOW + 2 * HOUR)
    assert verdict(NOW, None, [short, longer]).ban is longer
    assert verdict(NOW, None, [short, endless, longer]).ban is endless


@pytest.mark.parametrize(
    ("flag", "swimming"),
    [
        (Flag.RED_OVER_YELLOW, "dangerous"),
        (Flag.YELLOW, "dangerous"),
        (None, "dangerous"),
        (Flag.RED, "dangerous"),
        (Flag.RED_OVER_RED, "closed"),
    ],
)
def test_a_storm_warning_makes_swimming_dangerous_at_least(
    flag: Flag | None, swimming: str
) -> None:
    assert verdict(NOW, seen(flag), storm_warning=True).swimming == swimming


def test_more_warning_never_makes_the_answer_milder() -> None:
    observations = [None] + [
        seen(flag, lifeguards=lifeguards, until=until)
        for flag in [*Flag, None]
        for lifeguards in (True, False, None)
        for until in (NOW - HOUR, NOW + HOUR)
    ]
    for observation, bans, storm in itertools.product(observations, ([], [ban()]), (False, True)):
        alone = WORST_FIRST.index(verdict(NOW, observation).swimming)
        together = WORST_FIRST.index(verdict(NOW, observation, bans, storm_warning=storm).swimming)
        assert together <= alone
