"""The table of states and moves, as a whole."""

from __future__ import annotations

from backend.feedback.messages import TEXTS
from backend.feedback.workflow import CLOSED, MOVES, PUBLIC_WORDS, State, Who, moves_open_to


def test_every_state_is_reached_from_the_first() -> None:
    reached, fresh = {State.RECEIVED}, {State.RECEIVED}
    while fresh:
        fresh = {after for before, after in MOVES if before in fresh} - reached
        reached |= fresh
    assert reached == set(State)


def test_an_officer_can_close_what_is_open_and_reopen_what_the_town_closed() -> None:
    for state in State:
        moves = moves_open_to(Who.OFFICER, state)
        if state not in CLOSED:
            assert State.REJECTED in moves
        elif state is not State.WITHDRAWN:
            assert moves == [State.REOPENED]


def test_nothing_is_rejected_marked_as_duplicate_or_reopened_without_a_reason() -> None:
    for (_, after), move in MOVES.items():
        if after in (State.REJECTED, State.DUPLICATE, State.REOPENED):
            assert move.needs_reason


def test_the_reporter_is_told_of_every_state_in_both_languages() -> None:
    assert set(TEXTS) == set(PUBLIC_WORDS) == set(State)
    for text in TEXTS.values():
        assert text["vi"] != text["en"]
