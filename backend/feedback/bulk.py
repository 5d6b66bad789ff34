"""One act on many reports, and taking the last one back."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.feedback.handling import assigned, hold, step, take_back
from backend.feedback.models import Report
from backend.feedback.reach import Reach
from backend.feedback.reading import report_of_id
from backend.feedback.workflow import CLOSED, State, Who
from content.errors import N_, Conflict, DomainError, NotFound
from content.store import Base, Key

MOST = 100
UNDONE = "Hoàn tác / Undone"
UNCLOSED_AGAIN = (State.RESOLVED, State.REJECTED)
"""Closings that an officer does to many reports, and takes back."""

Act = Callable[[Session, uuid.UUID], Report]


class ReportBulk(Base):
    """One act on many reports by one person.

    *items* are {report, version, status, office, assignee, acknowledged, confirmed}: what each
    was before, and its version after.
    """

    __tablename__ = "report_bulk"

    id: Mapped[Key]
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    act: Mapped[str]
    at: Mapped[datetime]
    items: Mapped[list[dict[str, Any]]]
    undone_at: Mapped[datetime | None]


@dataclass
class Outcome:
    """The reports that an act was done to, and why it was not done to the others."""

    bulk_id: uuid.UUID
    done: list[uuid.UUID] = field(default_factory=list)
    failed: list[tuple[uuid.UUID, DomainError]] = field(default_factory=list)


def apply(
    session: Session,
    act: Act,
    ids: Sequence[uuid.UUID],
    reach: Reach,
    *,
    name: str,
    now: datetime,
) -> Outcome:
    """Do *act*, called *name*, to each of the reports *ids* within *reach*.

    Each is committed by itself; where one is refused, the others are done all the same.
    """
    bulk = ReportBulk(staff_id=reach.staff_id, act=name, at=now, items=[])
    session.add(bulk)
    session.commit()
    outcome = Outcome(bulk.id)
    for report_id in dict.fromkeys(ids):
        try:
            report = report_of_id(session, report_id)
            reach.check(report)
            before = {
                "report": str(report_id),
                "status": report.status,
                "office": report.office,
                "assignee": str(report.assignee_id) if report.assignee_id else None,
                "acknowledged": _written(report.acknowledged_at),
                "confirmed": _written(report.confirmed_at),
            }
            report = act(session, report_id)
        except DomainError as error:
            session.rollback()
            outcome.failed.append((report_id, error))
            continue
        bulk.items = [*bulk.items, before | {"version": report.version}]
        session.commit()
        outcome.done.append(report_id)
    return outcome


def undo(session: Session, reach: Reach, now: datetime) -> Outcome:
    """Take back the last act of that person on many reports, which was not taken back yet.

    A report goes back where nobody has touched it since and where the workflow has the way
    back; one that was closed is open again and keeps its promise. Each is committed by itself.
    Raises NotFound where there is nothing to take back.
    """
    bulk = session.scalar(
        select(ReportBulk)
        .where(ReportBulk.staff_id == reach.staff_id)
        .order_by(ReportBulk.at.desc(), ReportBulk.id)
        .limit(1)
    )
    if bulk is None or bulk.undone_at is not None:
        raise NotFound(N_("There is nothing to take back."))
    bulk.undone_at = now
    items = list(bulk.items)
    session.commit()
    outcome = Outcome(bulk.id)
    for item in items:
        report_id = uuid.UUID(item["report"])
        try:
            _put_back(session, report_id, item, reach, now)
        except DomainError as error:
            session.rollback()
            outcome.failed.append((report_id, error))
            continue
        session.commit()
        outcome.done.append(report_id)
    return outcome


def _put_back(
    session: Session, report_id: uuid.UUID, item: dict[str, Any], reach: Reach, now: datetime
) -> None:
    report = hold(session, report_id, now)
    if report.version != item["version"] + 1:
        raise Conflict(N_("Somebody has changed the report since."))
    before = State(item["status"])
    if report.state in UNCLOSED_AGAIN and before not in CLOSED:
        report.acknowledged_at = _read(item.get("acknowledged"))
        report.confirmed_at = _read(item.get("confirmed"))
        take_back(session, report, before, now, staff_id=reach.staff_id, reason=UNDONE)
    elif report.state is not before:
        step(
            session,
            report,
            before,
            Who.OFFICER,
            now,
            staff_id=reach.staff_id,
            reason=UNDONE,
        )
    assignee = uuid.UUID(item["assignee"]) if item["assignee"] else None
    if (report.office, report.assignee_id) != (item["office"], assignee):
        report.office, report.assignee_id = item["office"], assignee
        session.add(assigned(report, reach.staff_id, now))
    session.flush()


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _read(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
