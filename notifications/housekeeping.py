"""Recurring work of this room: a due job that puts its successor; there is no cron."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from notifications import outbox
from notifications.worker import Handler, Task

PRUNE = "notifications.prune"
DAY = timedelta(days=1)
DONE_JOBS_ARE_KEPT = 7 * DAY


def handlers() -> dict[str, Handler]:
    """What a worker needs to keep the queue small."""
    return {PRUNE: prune}


def plan(session: Session, day: datetime) -> None:
    """Put the housekeeping of *day* in the queue, once however often it is asked for."""
    outbox.enqueue(session, PRUNE, {}, now=day, key=f"{PRUNE}:{day:%Y-%m-%d}")


def prune(task: Task) -> None:
    """Remove the jobs that were done a week ago, and plan tomorrow's housekeeping."""
    now = task.clock()
    with task.sessions.begin() as session:
        outbox.prune(session, before=now - DONE_JOBS_ARE_KEPT)
        plan(session, now + DAY)
        task.done(session)
