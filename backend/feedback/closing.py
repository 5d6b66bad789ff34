"""After a report was closed: its rating, opening it again, and an end to both."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.feedback.handling import hold, step
from backend.feedback.history import internal
from backend.feedback.models import Report
from backend.feedback.workflow import State, Who
from content.errors import N_, Conflict
from content.store import Base, RowId

RATED = frozenset({State.RESOLVED, State.REJECTED})
"""What the town closed by its own decision, and people may judge."""

REOPEN_DAYS = 14


class ReportRating(Base):
    """How content the reporter was with one closing, from 1 to 5; None where nobody said."""

    __tablename__ = "report_rating"
    __table_args__ = (UniqueConstraint("report_id", "closed_at"),)

    id: Mapped[RowId]
    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Report.id, ondelete="CASCADE"))
    closed_at: Mapped[datetime]
    rating: Mapped[int | None]
    comment: Mapped[str | None]
    at: Mapped[datetime]


def rate(
    session: Session,
    report_id: uuid.UUID,
    rating: int,
    comment: str,
    *,
    now: datetime,
    within: timedelta,
) -> Report:
    """Judge how a report was closed, from 1 to 5; once more changes the judgement.

    Raises NotFound, and Conflict where it is not closed, or was for longer than *within*.
    """
    report = hold(session, report_id, now)
    if report.state not in RATED or report.closed_at is None:
        raise Conflict(N_("A report is rated once the town has closed it."))
    if now > report.closed_at + within:
        raise Conflict(
            N_("A report can be rated within %(days)s days of its closing."), days=within.days
        )
    given = session.scalar(
        select(ReportRating).filter_by(report_id=report.id, closed_at=report.closed_at)
    )
    if given is None:
        given = ReportRating(report_id=report.id, closed_at=report.closed_at)
        session.add(given)
    given.rating, given.comment, given.at = rating, comment or None, now
    report.unrated_since = None
    session.add(internal(report.id, "rated", now, by=Who.REPORTER, text=str(rating)))
    session.flush()
    return report


def reopen(
    session: Session, report_id: uuid.UUID, reason: str, *, now: datetime, within: timedelta
) -> Report:
    """Let the reporter say that a report was closed too early.

    Raises NotFound; Conflict where the workflow has no such move, or it was closed for longer
    than *within*; Invalid without a reason.
    """
    report = hold(session, report_id, now)
    if report.closed_at is not None and now > report.closed_at + within:
        raise Conflict(
            N_("A report can be opened again within %(days)s days of its closing: file another."),
            days=within.days,
        )
    step(session, report, State.REOPENED, Who.REPORTER, now, reason=reason)
    session.flush()
    return report


def ratings_of(session: Session, report_id: uuid.UUID) -> Sequence[ReportRating]:
    """The judgements of a report's closings, from the first to the last."""
    return session.scalars(
        select(ReportRating).where(ReportRating.report_id == report_id).order_by(ReportRating.id)
    ).all()


def unrated(session: Session, before: datetime, most: int) -> Sequence[uuid.UUID]:
    """Up to *most* reports that were closed *before* and that nobody has rated."""
    found = select(Report.id).where(Report.unrated_since < before)
    return session.scalars(found.order_by(Report.unrated_since).limit(most)).all()


def end_rating(session: Session, report_id: uuid.UUID, now: datetime) -> None:
    """Note that nobody has rated how a report was closed. Raises NotFound."""
    report = hold(session, report_id, now)
    if report.unrated_since is None:
        return  # rated or reopened in this moment
    session.add(
        ReportRating(
            report_id=report.id,
            closed_at=report.unrated_since,
            rating=None,
            comment=None,
            at=now,
        )
    )
    report.unrated_since = None
    session.add(internal(report.id, "unrated", now, by=Who.SYSTEM))
    session.flush()
