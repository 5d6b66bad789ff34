"""The two clocks of a report, acknowledgement and resolution, as its moves start and stop them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy.orm import Session

from backend.feedback.deadlines import NOTHING, ByClock, Pace, WorkingTime, promise_from
from backend.feedback.models import Report, ReportEvent
from backend.feedback.promises import working_time
from backend.feedback.workflow import CLOSED, State, Who
from content import town
from content.vocabularies.models import Term, Vocabulary
from content.vocabularies.queries import find_term

ACKNOWLEDGE, RESOLVE = "acknowledge", "resolve"
WARNED_BEFORE = 4
"""A warning comes when this part of the time is left: a quarter."""


@dataclass(frozen=True, order=True)
class Alarm:
    """Something that officers are told *at* a moment unless they act before."""

    at: datetime
    clock: str
    late: bool


def started(
    session: Session, category: Term | None, now: datetime, zone: tzinfo = town.TIME
) -> dict[str, Any]:
    """The columns of a report of *category* whose clocks start *now*."""
    return begun(category.promise if category else None, working_time(session, zone), now)


def begun(said: Mapping[str, Any] | None, working: WorkingTime, now: datetime) -> dict[str, Any]:
    """The same, of a category whose promise is *said*, as `promise_from` reads it."""
    promise = promise_from(said, working)
    pace = promise.pace(working)
    acknowledge_by = pace.add(now, promise.acknowledge)
    return {
        "clock_started_at": now,
        "acknowledge_by": acknowledge_by,
        "expected_at": pace.add(now, promise.resolve),
        "by_clock": promise.by_clock,
        "alarm_at": _warning(pace, now, acknowledge_by),
    }


def moved(session: Session, report: Report, before: State, by: Who, now: datetime) -> None:
    """Start, stop and move the clocks of *report*, which has just left the state *before*."""
    pace = pace_of(session, report)
    state = report.state
    if before is State.WAITING_FOR_REPORTER and report.waiting_since is not None:
        report.expected_at = resumed(pace, report.expected_at, report.waiting_since, now)
        report.waiting_since = None
    if state is State.WAITING_FOR_REPORTER:
        report.waiting_since = now
    if state is State.REOPENED:
        for name, value in started(session, _category(session, report), now).items():
            setattr(report, name, value)
        report.acknowledged_at = report.alarmed_at = None
        pace = pace_of(session, report)
    if by is Who.OFFICER and report.acknowledged_at is None:
        report.acknowledged_at = now
    report.closed_at = now if state in CLOSED else None
    report.unrated_since = now if state in (State.RESOLVED, State.REJECTED) else None
    arm(report, pace)


def taken_back(session: Session, report: Report, now: datetime) -> None:
    """Let the clocks of *report* run on, which was closed by mistake and no longer is."""
    report.closed_at = report.unrated_since = None
    report.waiting_since = now if report.state is State.WAITING_FOR_REPORTER else None
    arm(report, pace_of(session, report))


def acknowledged(session: Session, report: Report, now: datetime) -> None:
    """Stop the first clock of *report*: an officer has spoken to its reporter."""
    if report.acknowledged_at is None:
        report.acknowledged_at = now
        arm(report, pace_of(session, report))


def resumed(pace: Pace, promised: datetime, since: datetime, now: datetime) -> datetime:
    """The moment *promised*, moved by the time that passed while the clock stood from *since*."""
    stood = pace.between(since, now)
    return pace.add(promised, stood) if stood > NOTHING else promised


def recategorised(session: Session, report: Report, history: Sequence[ReportEvent]) -> None:
    """Promise *report* what its new category says, from when its clocks were started.

    *history* is what happened to it, in order: the times it waited for its reporter count out.
    """
    category = _category(session, report)
    for name, value in started(session, category, report.clock_started_at).items():
        setattr(report, name, value)
    pace = pace_of(session, report)
    since: datetime | None = None
    for event in history:
        if event.at < report.clock_started_at or event.to_status is None:
            continue
        if event.to_status == State.WAITING_FOR_REPORTER:
            since = event.at
        elif since is not None:
            report.expected_at = resumed(pace, report.expected_at, since, event.at)
            since = None
    arm(report, pace)


def _category(session: Session, report: Report) -> Term | None:
    return find_term(session, Vocabulary.REPORT, report.category)


def pace_of(session: Session, report: Report) -> Pace:
    """The way in which time passes towards what *report* was promised."""
    return ByClock() if report.by_clock else working_time(session)


def arm(report: Report, pace: Pace) -> None:
    """Set the next moment at which somebody has to look after *report*, or none."""
    since = report.alarmed_at or report.clock_started_at
    report.alarm_at = min(
        (alarm.at for alarm in alarms(report, pace) if alarm.at > since), default=None
    )


def alarms(report: Report, pace: Pace) -> Iterator[Alarm]:
    """Every alarm of *report* as it stands, past ones too; none while its clocks stand."""
    if report.state in CLOSED or report.waiting_since is not None:
        return
    start = report.clock_started_at
    if report.acknowledged_at is None:
        yield Alarm(_warning(pace, start, report.acknowledge_by), ACKNOWLEDGE, late=False)
        yield Alarm(report.acknowledge_by, ACKNOWLEDGE, late=True)
    yield Alarm(_warning(pace, start, report.expected_at), RESOLVE, late=False)
    yield Alarm(report.expected_at, RESOLVE, late=True)


def is_late(report: Report, now: datetime) -> bool:
    """Whether the promise is broken: the clock stands while the town waits for the reporter."""
    return report.state not in CLOSED and report.expected_at < (report.waiting_since or now)


def _warning(pace: Pace, start: datetime, promised: datetime) -> datetime:
    return pace.before(promised, pace.between(start, promised) / WARNED_BEFORE)
