"""Our states in Open311's two words and in the finer ones of FixMyStreet, and back."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from backend.feedback.workflow import CLOSED, MOVES, State, Who


class Extended(StrEnum):
    """The states of an update, as FixMyStreet names them."""

    OPEN = "OPEN"
    CLOSED = "CLOSED"
    FIXED = "FIXED"
    IN_PROGRESS = "IN_PROGRESS"
    ACTION_SCHEDULED = "ACTION_SCHEDULED"
    INVESTIGATING = "INVESTIGATING"
    DUPLICATE = "DUPLICATE"
    NOT_COUNCILS_RESPONSIBILITY = "NOT_COUNCILS_RESPONSIBILITY"
    NO_FURTHER_ACTION = "NO_FURTHER_ACTION"
    INTERNAL_REFERRAL = "INTERNAL_REFERRAL"
    FOR_TRIAGE = "FOR_TRIAGE"
    CANCELLED = "CANCELLED"
    REOPEN = "REOPEN"


EXTENDED: dict[State, Extended] = {
    State.RECEIVED: Extended.OPEN,
    State.VERIFIED: Extended.INVESTIGATING,
    State.ASSIGNED: Extended.ACTION_SCHEDULED,
    State.IN_PROGRESS: Extended.IN_PROGRESS,
    State.WAITING_FOR_REPORTER: Extended.INVESTIGATING,
    State.RESOLVED: Extended.FIXED,
    State.REJECTED: Extended.NO_FURTHER_ACTION,
    State.WITHDRAWN: Extended.CANCELLED,
    State.DUPLICATE: Extended.DUPLICATE,
    State.REOPENED: Extended.REOPEN,
}
"""What each of our states is called there."""

MEANT: dict[Extended, tuple[State, ...]] = {
    Extended.OPEN: (State.REOPENED,),
    Extended.CLOSED: (State.RESOLVED,),
    Extended.FIXED: (State.RESOLVED,),
    Extended.IN_PROGRESS: (State.IN_PROGRESS,),
    Extended.ACTION_SCHEDULED: (State.ASSIGNED,),
    Extended.INVESTIGATING: (State.VERIFIED, State.IN_PROGRESS),
    Extended.DUPLICATE: (State.DUPLICATE,),
    Extended.NOT_COUNCILS_RESPONSIBILITY: (State.REJECTED,),
    Extended.NO_FURTHER_ACTION: (State.REJECTED,),
    Extended.INTERNAL_REFERRAL: (State.ASSIGNED,),
    Extended.FOR_TRIAGE: (State.VERIFIED,),
    Extended.CANCELLED: (State.WITHDRAWN, State.REJECTED),
    Extended.REOPEN: (State.REOPENED,),
}
"""What a report shall become when another system says the word; of several, what can be."""

_CLOSING = frozenset(
    {
        Extended.CLOSED,
        Extended.FIXED,
        Extended.DUPLICATE,
        Extended.NOT_COUNCILS_RESPONSIBILITY,
        Extended.NO_FURTHER_ACTION,
        Extended.CANCELLED,
    }
)

_OTHER_WORDS = {
    "CONFIRMED": Extended.OPEN,
    "PLANNED": Extended.ACTION_SCHEDULED,
    "NOT_RESPONSIBLE": Extended.NOT_COUNCILS_RESPONSIBILITY,
    "UNABLE_TO_FIX": Extended.NO_FURTHER_ACTION,
    "REOPENED": Extended.REOPEN,
}


def is_closed(state: State) -> bool:
    """Whether Open311 calls the state closed."""
    return state in CLOSED


def closes(word: Extended) -> bool:
    """Whether a request of which *word* is said is closed."""
    return word in _CLOSING


def read(word: str) -> Extended | None:
    """The state that *word* names, however it is cased and spaced; None for none."""
    name = word.strip().upper().replace(" ", "_").replace("-", "_").replace("'", "")
    name = name.removesuffix("_COUNCIL").removesuffix("_USER").rstrip("_")
    if name in _OTHER_WORDS:
        return _OTHER_WORDS[name]
    return Extended.__members__.get(name)


def says(state: State, word: Extended) -> bool:
    """Whether *word* is already true of a report in *state*."""
    if word is Extended.OPEN:
        return state not in CLOSED
    if word is Extended.CLOSED:
        return state in CLOSED
    return EXTENDED[state] is word or state in MEANT[word][:1]


def steps(state: State, word: Extended, who: Sequence[Who]) -> list[tuple[State, Who]]:
    """The moves from *state* to what *word* means, each with who of *who* may make it.

    Empty where the workflow has no way. A report that is closed from afar before anybody here
    began passes through the work that was evidently done.
    """
    direct = [
        (MOVES[state, target].needs_reason, order, target, actor)
        for order, target in enumerate(MEANT[word])
        if (state, target) in MOVES
        for actor in who
        if actor in MOVES[state, target].who
    ]
    if direct:
        *_, target, actor = min(direct, key=lambda move: move[:2])
        return [(target, actor)]
    way = (State.IN_PROGRESS, State.RESOLVED)
    is_officer = Who.OFFICER in who
    if is_officer and MEANT[word] == way[1:] and (state, way[0]) in MOVES:
        return [(step, Who.OFFICER) for step in way]
    return []
