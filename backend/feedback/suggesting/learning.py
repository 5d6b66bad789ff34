"""Learning categories from reports that an officer has decided: a due job, a little each day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from backend.feedback.models import Report, ReportEvent
from backend.feedback.suggesting.classifier import features
from backend.feedback.suggesting.models import CategoryCount, CategoryLesson
from content.store import insert_into
from notifications import outbox
from notifications.worker import Handler, Task

LEARN = "feedback.learn_categories"
DAY = timedelta(days=1)
AT_ONCE = 200
"""Reports of one training; what is left comes in another, right after it."""

ROWS = 5_000
"""Counts written by one statement: SQLite takes at most 32,766 values."""


def plan(session: Session, day: datetime) -> None:
    """Learn on that *day*, once however often it is asked for."""
    outbox.enqueue(session, LEARN, {}, now=day, due_at=day, key=f"{LEARN}:{day:%Y-%m-%d}")


def handlers() -> dict[str, Handler]:
    """What the worker does for the suggestion of categories."""

    def run(task: Task) -> None:
        now = task.clock()
        with task.sessions.begin() as session:
            learned = learn(session)
            if learned == AT_ONCE:
                outbox.enqueue(session, LEARN, {}, now=now)
            else:
                tomorrow = now + DAY
                key = f"{LEARN}:{tomorrow:%Y-%m-%d}"
                outbox.enqueue(session, LEARN, {}, now=now, due_at=tomorrow, key=key)
            task.done(session)

    return {LEARN: run}


def learn(session: Session) -> int:
    """Learn from reports decided since the last training; from how many.

    A report is decided once an officer took it for true or gave it another category. What was
    learned of it under another category is unlearned.
    """
    decided = _to_learn(session)
    if not decided:
        return 0
    change: dict[tuple[int, str], int] = defaultdict(int)
    for report, before in decided:
        for bucket in features(report.description):
            change[bucket, report.category] += 1
            if before is not None:
                change[bucket, before] -= 1
    _add(session, [(*key, count) for key, count in change.items() if count])
    number = (session.scalar(select(func.max(CategoryLesson.round))) or 0) + 1
    for report, _before in decided:
        values = {"category": report.category, "round": number}
        session.execute(
            insert_into(session, CategoryLesson)
            .values(report_id=report.id, **values)
            .on_conflict_do_update(index_elements=["report_id"], set_=values)
        )
    return len(decided)


def _to_learn(session: Session) -> Sequence[tuple[Report, str | None]]:
    """Decided reports that were not learned as they stand, with the category learned before."""
    lesson = CategoryLesson
    recategorised = select(ReportEvent.report_id).where(ReportEvent.kind == "recategorised")
    found = session.execute(
        select(Report, lesson.category)
        .outerjoin(lesson, lesson.report_id == Report.id)
        .where(
            or_(Report.confirmed_at.is_not(None), Report.id.in_(recategorised)),
            Report.description != "",  # nothing is left of an erased one
            or_(lesson.category.is_(None), lesson.category != Report.category),
        )
        .order_by(Report.created_at, Report.id)
        .limit(AT_ONCE)
    )
    return [(row[0], row[1]) for row in found]


def _add(session: Session, counts: Sequence[tuple[int, str, int]]) -> None:
    # In one order everywhere, so that two trainings at once do not wait for each other in a ring.
    rows = [
        {"bucket": bucket, "category": category, "count": count}
        for bucket, category, count in sorted(counts)
    ]
    for start in range(0, len(rows), ROWS):
        statement = insert_into(session, CategoryCount).values(rows[start : start + ROWS])
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["bucket", "category"],
                set_={"count": CategoryCount.count + statement.excluded.count},
            )
        )
