"""Recurring work of this room: a due job that puts its successor; there is no cron."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from notifications import devices, outbox
from notifications.worker import Handler, Task

PRUNE = "notifications.prune"
DAY = timedelta(days=1)
DONE_JOBS_ARE_KEPT = 7 * DAY
DEVICES_ARE_KEPT = 270 * DAY
"""How long a device may give no sign: Firebase calls its address dead by then."""

AT_ONCE = 500


def handlers() -> dict[str, Handler]:
    """What a worker needs to keep the queue and the list of devices small."""
    return {PRUNE: prune}


def plan(session: Session, day: datetime) -> None:
    """Put the housekeeping of *day* in the queue, once however often it is asked for."""
    outbox.enqueue(session, PRUNE, {}, now=day, key=f"{PRUNE}:{day:%Y-%m-%d}")


def prune(task: Task) -> None:
    """Remove jobs done a week ago and devices not seen for long, and plan tomorrow's run."""
    now = task.clock()
    forgotten = AT_ONCE
    while forgotten == AT_ONCE:
        with task.sessions.begin() as session:
            forgotten = devices.forget_unseen(
                session, before=now - DEVICES_ARE_KEPT, at_most=AT_ONCE
            )
    with task.sessions.begin() as session:
        outbox.prune(session, before=now - DONE_JOBS_ARE_KEPT)
        plan(session, now + DAY)
        task.done(session)
