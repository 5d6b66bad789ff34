"""After a set time a closed report names nobody any more, and that can be proved.

What stays is the town's own business: what was wrong where, what became of it, and the words and
photos that an officer had approved for everybody.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, exists, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.feedback.block_models import ReportSender
from backend.feedback.closing import ReportRating
from backend.feedback.history import internal
from backend.feedback.models import (
    PhotoUpload,
    Report,
    ReportConfirmation,
    ReportContact,
    ReportEvent,
    ReportPhoto,
)
from backend.feedback.photos import REMOVE_FILES
from backend.feedback.privacy import FORGOTTEN
from backend.feedback.workflow import Who
from content.store import Base, RowId
from notifications import messages, outbox
from notifications.worker import Handler, Task

RETAIN = "feedback.retain"
DAY = timedelta(days=1)
AT_ONCE = 200
SPOKEN = ("moved", "comment", "reply", "question", "note", "hidden", "approved")
"""Events whose text people wrote; that of the others is a code, a number or a clock's name."""

ABOUT_A_PERSON = (ReportContact, ReportConfirmation, ReportSender, PhotoUpload)


class RetentionRun(Base):
    """That reports closed before a moment were anonymised, and how many there were."""

    __tablename__ = "retention_run"

    id: Mapped[RowId]
    at: Mapped[datetime] = mapped_column(index=True)
    closed_before: Mapped[datetime]
    anonymised: Mapped[int]


def handlers(keep: timedelta) -> dict[str, Handler]:
    """What the worker does so that nothing is kept longer than *keep* after closing."""
    return {RETAIN: lambda task: retain(task, keep)}


def plan(session: Session, day: datetime) -> None:
    """Anonymise on that *day*, once however often it is asked for."""
    outbox.enqueue(session, RETAIN, {}, now=day, key=f"{RETAIN}:{day:%Y-%m-%d}")


def retain(task: Task, keep: timedelta) -> None:
    """Anonymise all that is due, some at a time, and record it; then plan tomorrow."""
    now = task.clock()
    total = 0
    while True:
        with task.sessions.begin() as session:
            done = anonymise_due(session, now - keep, now)
        total += done
        if done < AT_ONCE:
            break
    with task.sessions.begin() as session:
        session.add(RetentionRun(at=now, closed_before=now - keep, anonymised=total))
        tomorrow = now + DAY
        key = f"{RETAIN}:{tomorrow:%Y-%m-%d}"
        outbox.enqueue(session, RETAIN, {}, now=now, due_at=tomorrow, key=key)
        task.done(session)


def anonymise_due(session: Session, closed_before: datetime, now: datetime) -> int:
    """Anonymise at most AT_ONCE reports that were closed before a moment; how many those were."""
    due = (
        select(Report.id)
        .where(Report.closed_at < closed_before, to_anonymise())
        .order_by(Report.closed_at)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    ids = session.scalars(due).all()
    if ids:
        _anonymise(session, ids, now)
    return len(ids)


def to_anonymise() -> ColumnElement[bool]:
    """True of a report that was not anonymised since it was closed last."""
    return or_(Report.anonymised_at.is_(None), Report.anonymised_at < Report.closed_at)


def _anonymise(session: Session, ids: Sequence[uuid.UUID], now: datetime) -> None:
    _strip_photos(session, ids, now)
    for table in ABOUT_A_PERSON:
        session.execute(delete(table).where(table.report_id.in_(ids)))
    rated = update(ReportRating).where(ReportRating.report_id.in_(ids))
    session.execute(rated.values(comment=None))
    spoken = or_(ReportEvent.by == Who.REPORTER, ReportEvent.kind.in_(SPOKEN))
    # The number of a rating is what the statistics count.
    session.execute(
        update(ReportEvent)
        .where(ReportEvent.report_id.in_(ids), spoken, ReportEvent.kind != "rated")
        .values(text=None)
    )
    answers = ReportEvent.kind.in_(("reply", "question"))
    session.execute(
        update(ReportEvent).where(ReportEvent.report_id.in_(ids), answers).values(public_note=None)
    )
    messages.forget_source(session, [("report", str(report_id)) for report_id in ids])
    session.execute(
        update(Report)
        .where(Report.id.in_(ids))
        .values(
            **FORGOTTEN,
            consent_version=None,
            consent_at=None,
            anonymised_at=now,
            version=Report.version + 1,
        )
    )
    session.add_all(internal(report_id, "anonymised", now, by=Who.SYSTEM) for report_id in ids)
    session.flush()
    session.expire_all()


def _strip_photos(session: Session, ids: Sequence[uuid.UUID], now: datetime) -> None:
    """Keep what everybody may see and what officers took; the files of all else go by a job."""
    photos = session.scalars(select(ReportPhoto).where(ReportPhoto.report_id.in_(ids))).all()
    gone: list[str] = []
    for photo in photos:
        if photo.by == Who.REPORTER and not photo.is_public:
            gone += photo.files
            session.delete(photo)
            continue
        photo.hint_lat = photo.hint_lng = None
        if photo.covered_name and photo.covered_thumbnail_name:
            gone += [photo.name, photo.thumbnail_name]
            photo.name, photo.thumbnail_name = photo.covered_name, photo.covered_thumbnail_name
            photo.covered_name = photo.covered_thumbnail_name = photo.covers = None
    if gone:
        outbox.enqueue(session, REMOVE_FILES, {"names": gone}, now=now)
    session.flush()


def held(session: Session, closed_before: datetime) -> Mapping[str, int]:
    """How many reports closed before a moment still hold what, by looking at the data itself.

    Empty where nothing is held.
    """
    old = select(Report.id).where(Report.closed_at < closed_before)
    about = [
        (table.__tablename__, exists().where(table.report_id == Report.id))
        for table in ABOUT_A_PERSON
    ]
    own_words = (Report.description != "") | (Report.place_text != "") | (Report.searchable != "")
    own_photo = (ReportPhoto.by == Who.REPORTER) & ~ReportPhoto.is_public
    hint = ReportPhoto.hint_lat.is_not(None) | ReportPhoto.covered_name.is_not(None)
    comment = (ReportEvent.by == Who.REPORTER) & (ReportEvent.kind != "rated")
    questions: list[tuple[str, Any]] = [
        *about,
        ("citizen", Report.citizen_id.is_not(None)),
        ("words", own_words),
        ("photos", exists().where(ReportPhoto.report_id == Report.id, own_photo | hint)),
        (
            "comments",
            exists().where(
                ReportEvent.report_id == Report.id,
                comment | ReportEvent.kind.in_(SPOKEN),
                ReportEvent.text.is_not(None),
            ),
        ),
        (
            "ratings",
            exists().where(ReportRating.report_id == Report.id, ReportRating.comment.is_not(None)),
        ),
    ]
    counts = {name: _count(session, old.where(asked)) for name, asked in questions}
    return {name: count for name, count in counts.items() if count}


def _count(session: Session, found: Select[uuid.UUID]) -> int:
    return session.scalar(select(func.count()).select_from(found.subquery())) or 0


def last_run(session: Session) -> RetentionRun | None:
    """The newest record of the job."""
    return session.scalar(select(RetentionRun).order_by(RetentionRun.id.desc()).limit(1))


def last_runs(session: Session, most: int) -> Sequence[RetentionRun]:
    """The newest *most* records of the job, the newest first."""
    return session.scalars(select(RetentionRun).order_by(RetentionRun.id.desc()).limit(most)).all()


def coming(session: Session, now: datetime, keep: timedelta) -> dict[str, int]:
    """How many closed reports are to be anonymised: now, within a week, within 30 days, at all."""
    until = now - keep
    limits = {"now": until, "week": until + 7 * DAY, "month": until + 30 * DAY}
    counted = [
        func.count().filter(Report.closed_at < limit).label(name) for name, limit in limits.items()
    ]
    waiting = select(*counted, func.count().label("all")).where(
        Report.closed_at.is_not(None), to_anonymise()
    )
    return dict(session.execute(waiting).one()._mapping)
