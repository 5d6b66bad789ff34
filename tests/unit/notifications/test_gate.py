"""What senders share: a gate that shuts and is tried again, and a pace."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session, sessionmaker

from notifications import gate
from notifications.gate import Pace, Run
from notifications.gateway import SENT, Action, Outcome
from tests.conftest import TurnableClock

REFUSED = Outcome(Action.ALARM, "UNAUTHENTICATED")
MISMATCH = Outcome(Action.ALARM, "SENDER_ID_MISMATCH")
DOWN = Outcome(Action.RETRY, "UNAVAILABLE", timedelta(seconds=30))


def shut(session: Session, clock: TurnableClock, **wait: float) -> None:
    gate.close(session, "UNAVAILABLE", clock(), alarm=False, after=timedelta(**wait))
    session.commit()


def trial(session: Session, clock: TurnableClock) -> bool:
    won = gate.claim_trial(session, clock())
    session.commit()
    return won


def test_it_is_open_until_somebody_shuts_it(session: Session, clock: TurnableClock) -> None:
    assert gate.shut(session) is None
    shut(session, clock)
    assert gate.shut(session) == gate.Shut(
        clock(), clock() + gate.FIRST_WAIT, "UNAVAILABLE", alarm=False
    )
    gate.reopen(session)
    assert gate.shut(session) is None


def test_it_stays_shut_as_long_as_the_service_asked(session: Session, clock: TurnableClock) -> None:
    shut(session, clock, minutes=2)
    clock.advance(seconds=119)
    assert not trial(session, clock)
    clock.advance(seconds=1)
    assert trial(session, clock)


def test_one_sender_tries_at_a_time_and_waits_longer_each_time(
    session: Session, clock: TurnableClock
) -> None:
    shut(session, clock)
    waits = []
    for _ in range(4):
        found = gate.shut(session)
        assert found
        waits.append(found.until - clock())
        clock.moment = found.until
        assert trial(session, clock)
        assert not trial(session, clock)

    assert waits == [timedelta(seconds=seconds) for seconds in (1, 2, 4, 8)]


def test_shutting_it_again_neither_hurries_nor_delays_a_trial(
    session: Session, clock: TurnableClock
) -> None:
    shut(session, clock)
    before = gate.shut(session)
    clock.advance(seconds=0.5)
    shut(session, clock)

    assert gate.shut(session) == before


@pytest.mark.parametrize(
    ("heard", "shuts"),
    [
        ([REFUSED] * 2, None),
        ([REFUSED] * 3, REFUSED),
        ([REFUSED, SENT, REFUSED, SENT, REFUSED], None),
        ([DOWN] * 19, None),
        ([DOWN] * 20, DOWN),
        ([DOWN] * 19 + [SENT] + [DOWN] * 19, None),
        ([MISMATCH] * 19, None),
        ([MISMATCH] * 20, MISMATCH),
        ([DOWN] * 18 + [REFUSED] * 3, REFUSED),
        ([Outcome(Action.RETRY, "CURL_56", broken=1.5)] * 100, None),
    ],
)
def test_what_shuts_it_is_a_row_without_anything_good(
    heard: list[Outcome], shuts: Outcome | None
) -> None:
    run = Run()
    for outcome in heard:
        run.note(outcome)

    assert run.verdict() == shuts


@pytest.mark.parametrize(
    ("heard", "shuts"),
    [
        ([SENT, REFUSED], REFUSED),
        ([MISMATCH], MISMATCH),
        ([SENT, MISMATCH], None),  # one phone of another project must not silence a town
        ([DOWN], None),
        ([SENT], None),
    ],
)
def test_at_the_end_one_refusal_is_enough(heard: list[Outcome], shuts: Outcome | None) -> None:
    run = Run()
    for outcome in heard:
        run.note(outcome)

    assert run.verdict(at_end=True) == shuts


def test_the_pace_is_shared_and_leased_by_the_chunk(
    sessions: sessionmaker[Session], clock: TurnableClock
) -> None:
    here, there = (Pace(sessions, clock, per_minute=6000) for _ in range(2))  # chunks of 10

    assert here.allowed(4) == 4
    assert there.allowed(100) == 0  # the first chunk is this moment's, the second the next's
    assert here.allowed(100) == 6
    clock.advance(seconds=0.1)
    assert there.allowed(100) == 10
    assert here.allowed(100) == 0
    clock.advance(seconds=0.1)
    assert here.allowed(7) == 7
    assert here.allowed(7) == 3


def test_what_is_urgent_does_not_wait_and_the_others_make_up_for_it(
    sessions: sessionmaker[Session], clock: TurnableClock
) -> None:
    pace = Pace(sessions, clock, per_minute=6000)

    assert pace.allowed(1000, urgent=True) == 1000
    assert pace.allowed(10) == 0
    clock.advance(seconds=9.9)
    assert pace.allowed(10) == 0
    clock.advance(seconds=0.1)
    assert pace.allowed(10) == 10


def test_a_quiet_time_saves_up_no_pace(
    sessions: sessionmaker[Session], clock: TurnableClock
) -> None:
    pace = Pace(sessions, clock, per_minute=6000)
    pace.allowed(10)
    clock.advance(hours=1)

    assert pace.allowed(1000) == 10
    assert pace.allowed(1000) == 0
