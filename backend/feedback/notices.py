"""Notices to the staff: which report wants them, and why."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Select, select, update
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from backend.feedback.models import Report
from content.errors import N_
from content.store import Base, RowId


class Notice(StrEnum):
    """Why somebody is told of a report."""

    ASSIGNED = "assigned"
    ANSWERED = "answered"
    REOPENED = "reopened"
    ACKNOWLEDGE_SOON = "acknowledge_soon"
    ACKNOWLEDGE_LATE = "acknowledge_late"
    RESOLVE_SOON = "resolve_soon"
    RESOLVE_LATE = "resolve_late"


NOTICE_WORDS = {
    Notice.ASSIGNED: N_("Report %(code)s was given to you."),
    Notice.ANSWERED: N_("The reporter has answered: report %(code)s."),
    Notice.REOPENED: N_("Report %(code)s was opened again."),
    Notice.ACKNOWLEDGE_SOON: N_("Report %(code)s is to be acknowledged soon."),
    Notice.ACKNOWLEDGE_LATE: N_("Report %(code)s was not acknowledged in time."),
    Notice.RESOLVE_SOON: N_("Report %(code)s is to be resolved soon."),
    Notice.RESOLVE_LATE: N_("Report %(code)s was not resolved in time."),
}
"""What each notice says, as msgids."""


class StaffNotice(Base):
    """A notice in the inbox of a member of staff."""

    __tablename__ = "staff_notice"
    __table_args__ = (Index("ix_staff_notice_inbox", "staff_id", "id"),)

    id: Mapped[RowId]
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    report_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey(Report.id, ondelete="CASCADE"), index=True
    )
    kind: Mapped[str]
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]

    report: Mapped[Report] = relationship()


def tell(
    session: Session, people: Collection[uuid.UUID], report: Report, kind: Notice, now: datetime
) -> None:
    """Put a notice about *report* into the inbox of each of *people*, once."""
    session.add_all(
        StaffNotice(staff_id=person, report_id=report.id, kind=kind, at=now)
        for person in dict.fromkeys(people)
    )


def inbox(staff_id: uuid.UUID, *, unread: bool = False) -> Select[StaffNotice]:
    """Select somebody's notices, or the *unread* ones alone, with their reports."""
    found = (
        select(StaffNotice)
        .where(StaffNotice.staff_id == staff_id)
        .options(joinedload(StaffNotice.report))
    )
    return found.where(StaffNotice.read_at.is_(None)) if unread else found


def mark_read(
    session: Session, staff_id: uuid.UUID, now: datetime, ids: Collection[int] | None = None
) -> None:
    """Note that somebody has read *ids* of the own notices, or all of them."""
    own = update(StaffNotice).where(StaffNotice.staff_id == staff_id, StaffNotice.read_at.is_(None))
    if ids is not None:
        own = own.where(StaffNotice.id.in_(ids))
    session.execute(own.values(read_at=now))
