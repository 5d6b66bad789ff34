"""The recurring job that warns before a promise is broken, and escalates once it is."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.feedback.clocks import ACKNOWLEDGE, Alarm, alarms, arm, pace_of
from backend.feedback.closing import end_rating, unrated
from backend.feedback.handling import hold
from backend.feedback.history import internal
from backend.feedback.models import Report
from backend.feedback.notices import Notice, tell
from backend.feedback.people import leaders, members_of
from backend.feedback.workflow import Who
from notifications import outbox
from notifications.worker import Handler, Task

WATCH = "feedback.watch"
EVERY = timedelta(minutes=5)
AT_ONCE = 100

NOTICES = {
    (True, False): Notice.ACKNOWLEDGE_SOON,
    (True, True): Notice.ACKNOWLEDGE_LATE,
    (False, False): Notice.RESOLVE_SOON,
    (False, True): Notice.RESOLVE_LATE,
}


def handlers(rated_within: timedelta) -> dict[str, Handler]:
    """What the worker does to keep promises in sight, and to end ratings that nobody gives.

    *rated_within* is how long after its closing a report may be rated.
    """
    return {WATCH: lambda task: watch(task, rated_within)}


def plan(session: Session, now: datetime) -> None:
    """Look now, once in each five minutes however often it is asked for."""
    _put(session, now, _slot(now))


def watch(task: Task, rated_within: timedelta) -> None:
    """Look after every report whose alarm or rating is due, each in its own transaction."""
    now = task.clock()
    _each(task, lambda session: alarmed(session, now), look_after)
    _each(task, lambda session: unrated(session, now - rated_within, AT_ONCE), end_rating)
    with task.sessions.begin() as session:
        _put(session, now, _slot(now) + EVERY)
        task.done(session)


def _each(
    task: Task,
    due: Callable[[Session], Sequence[uuid.UUID]],
    act: Callable[[Session, uuid.UUID, datetime], None],
) -> None:
    while True:
        with task.sessions() as session:
            ids = due(session)
        for report_id in ids:
            with task.sessions.begin() as session:
                act(session, report_id, task.clock())
        if len(ids) < AT_ONCE:
            return


def alarmed(session: Session, now: datetime) -> Sequence[uuid.UUID]:
    """Up to AT_ONCE reports whose alarm is due, the longest due first."""
    due = select(Report.id).where(Report.alarm_at <= now).order_by(Report.alarm_at)
    return session.scalars(due.limit(AT_ONCE)).all()


def look_after(session: Session, report_id: uuid.UUID, now: datetime) -> None:
    """Tell of what is due on a report, record it, and set its next alarm. Raises NotFound."""
    report = hold(session, report_id, now)
    pace = pace_of(session, report)
    since = report.alarmed_at or report.clock_started_at
    # Of a warning and the broken promise that it warned of, the latter alone is told.
    due = {alarm.clock: alarm for alarm in sorted(alarms(report, pace)) if since < alarm.at <= now}
    for alarm in due.values():
        _raise(session, report, alarm, now)
    report.alarmed_at = now
    arm(report, pace)
    session.flush()


def _raise(session: Session, report: Report, alarm: Alarm, now: datetime) -> None:
    session.add(
        internal(
            report.id, "late" if alarm.late else "warning", now, by=Who.SYSTEM, text=alarm.clock
        )
    )
    tell(
        session,
        _whom(session, report, alarm),
        report,
        NOTICES[alarm.clock == ACKNOWLEDGE, alarm.late],
        now,
    )


def _whom(session: Session, report: Report, alarm: Alarm) -> Sequence[uuid.UUID]:
    at_work = list(members_of(session, report.office))
    if report.assignee_id is not None:
        at_work.append(report.assignee_id)
    # What nobody has in hand is the leaders' matter from the first warning on.
    return [*at_work, *leaders(session)] if alarm.late or not at_work else at_work


def _slot(now: datetime) -> datetime:
    return now - timedelta(seconds=now.timestamp() % EVERY.total_seconds())


def _put(session: Session, now: datetime, due: datetime) -> None:
    # The key is the moment it is due, so that several chains of jobs become one.
    outbox.enqueue(session, WATCH, {}, now=now, due_at=due, key=f"{WATCH}:{due:%Y-%m-%dT%H:%M%z}")
