"""The states of a report and who may move it from one to another: one table."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from content.errors import N_, Conflict, Invalid


class State(StrEnum):
    """Where a report stands."""

    RECEIVED = "received"
    VERIFIED = "verified"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    WAITING_FOR_REPORTER = "waiting_for_reporter"
    RESOLVED = "resolved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    DUPLICATE = "duplicate"
    REOPENED = "reopened"


CLOSED = frozenset({State.RESOLVED, State.REJECTED, State.WITHDRAWN, State.DUPLICATE})

PUBLIC_WORDS = {
    State.RECEIVED: N_("Received"),
    State.VERIFIED: N_("Verified"),
    State.ASSIGNED: N_("Passed on to the office in charge"),
    State.IN_PROGRESS: N_("Being worked on"),
    State.WAITING_FOR_REPORTER: N_("Waiting for the reporter's answer"),
    State.RESOLVED: N_("Resolved"),
    State.REJECTED: N_("Rejected"),
    State.WITHDRAWN: N_("Withdrawn by the reporter"),
    State.DUPLICATE: N_("Reported before"),
    State.REOPENED: N_("Opened again"),
}
"""What everybody may read about a state, as msgids."""


class Who(StrEnum):
    """Who acts on a report."""

    OFFICER = "officer"
    REPORTER = "reporter"
    SYSTEM = "system"


@dataclass(frozen=True)
class Move:
    """Who may make a move, and whether they must say why."""

    who: frozenset[Who]
    needs_reason: bool = False


def _by(*who: Who, needs_reason: bool = False) -> Move:
    return Move(frozenset(who), needs_reason)


OFFICER = _by(Who.OFFICER)
OFFICER_WITH_REASON = _by(Who.OFFICER, needs_reason=True)
REPORTER = _by(Who.REPORTER)

_CLOSINGS_WITHOUT_WORK = {
    State.REJECTED: OFFICER_WITH_REASON,
    State.DUPLICATE: OFFICER_WITH_REASON,
    State.WITHDRAWN: REPORTER,
}

_TABLE: dict[State, dict[State, Move]] = {
    State.RECEIVED: {
        State.VERIFIED: OFFICER,
        State.ASSIGNED: OFFICER,
        State.IN_PROGRESS: OFFICER,
        State.WAITING_FOR_REPORTER: OFFICER,
        **_CLOSINGS_WITHOUT_WORK,
    },
    State.VERIFIED: {
        State.RECEIVED: OFFICER_WITH_REASON,  # done by mistake
        State.ASSIGNED: OFFICER,
        State.IN_PROGRESS: OFFICER,
        State.WAITING_FOR_REPORTER: OFFICER,
        **_CLOSINGS_WITHOUT_WORK,
    },
    State.ASSIGNED: {
        State.RECEIVED: OFFICER_WITH_REASON,  # done by mistake
        State.VERIFIED: OFFICER_WITH_REASON,  # the wrong office gives it back
        State.IN_PROGRESS: OFFICER,
        State.WAITING_FOR_REPORTER: OFFICER,
        State.RESOLVED: OFFICER,
        **_CLOSINGS_WITHOUT_WORK,
    },
    State.IN_PROGRESS: {
        State.ASSIGNED: OFFICER_WITH_REASON,
        State.WAITING_FOR_REPORTER: OFFICER,
        State.RESOLVED: OFFICER,
        **_CLOSINGS_WITHOUT_WORK,
    },
    State.WAITING_FOR_REPORTER: {
        State.IN_PROGRESS: _by(Who.OFFICER, Who.REPORTER),  # the reporter's answer moves it
        State.RESOLVED: OFFICER,
        **_CLOSINGS_WITHOUT_WORK,
    },
    State.RESOLVED: {
        State.REOPENED: _by(Who.OFFICER, Who.REPORTER, needs_reason=True),
    },
    State.REJECTED: {
        State.REOPENED: _by(Who.OFFICER, Who.REPORTER, needs_reason=True),
    },
    State.DUPLICATE: {
        State.REOPENED: OFFICER_WITH_REASON,
    },
    State.REOPENED: {
        State.ASSIGNED: OFFICER,
        State.IN_PROGRESS: OFFICER,
        State.WAITING_FOR_REPORTER: OFFICER,
        State.RESOLVED: OFFICER,
        **_CLOSINGS_WITHOUT_WORK,
    },
}

MOVES: dict[tuple[State, State], Move] = {
    (before, after): move for before, row in _TABLE.items() for after, move in row.items()
}
"""Every move there is; what is not here is refused."""


def states_named(listed: str | None) -> list[State]:
    """The states in a *listed* text, separated by commas. Raises Invalid for another word."""
    wanted = [status for status in (listed or "").split(",") if status]
    if set(wanted) - set(State):
        raise Invalid({"status": [N_("Must be one of: %(states)s.")]}, states=", ".join(State))
    return [State(status) for status in wanted]


def moves_open_to(who: Who, state: State) -> list[State]:
    """The states to which *who* may move a report that is in *state*."""
    return [after for (before, after), move in MOVES.items() if before is state and who in move.who]


def check_move(before: State, after: State, who: Who, reason: str | None) -> None:
    """Raise Conflict, which names the moves there are, or Invalid where a reason is missing."""
    move = MOVES.get((before, after))
    if move is None or who not in move.who:
        allowed = ", ".join(moves_open_to(who, before))
        if not allowed:
            raise Conflict(N_("The report is %(before)s: this cannot change."), before=before)
        raise Conflict(
            N_("The report is %(before)s and cannot become %(after)s, only: %(allowed)s."),
            before=before,
            after=after,
            allowed=allowed,
        )
    if move.needs_reason and not reason:
        raise Invalid({"reason": [N_("Say why.")]})
