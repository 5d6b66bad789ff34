"""Reading reports: by code, by citizen, and as the staff list them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from backend.feedback import codes
from backend.feedback.models import Report, ReportEvent
from backend.feedback.reach import Reach
from backend.feedback.setup import Setup, read
from backend.feedback.workflow import CLOSED
from content.errors import N_, NotFound
from content.on_map import unindexed


def report_of_code(session: Session, typed: str) -> Report:
    """The report whose code *typed* means. Raises NotFound."""
    code = codes.normalised(typed)
    report = session.scalar(select(Report).where(Report.code == code)) if code else None
    if report is None:
        raise NotFound(N_("There is no report with this code."))
    return report


def report_of_id(session: Session, report_id: uuid.UUID) -> Report:
    """The report *report_id*. Raises NotFound."""
    report = session.get(Report, report_id)
    if report is None:
        raise NotFound(N_("There is no such report."))
    return report


def reports_of_citizen(citizen_id: uuid.UUID) -> Select[Report]:
    """Select what a citizen filed while signed in."""
    return select(Report).where(Report.citizen_id == citizen_id)


def reports_for_staff(
    session: Session,
    reach: Reach,
    *,
    statuses: Sequence[str] = (),
    category: str | None = None,
    quarter: str | None = None,
    office: str | None = None,
    assignee: uuid.UUID | None = None,
    late_at: datetime | None = None,
    setup: Setup | None = None,
) -> Select[Report]:
    """Select the reports within *reach* that fit every criterion that is given.

    A category of two levels means all below it too. *late_at* leaves those whose promise is
    broken at that moment. *setup* is read where the caller has not kept it.
    """
    found = select(Report).where(reach.clause())
    if office:
        found = found.where(Report.office == office)
    if assignee:
        found = found.where(Report.assignee_id == assignee)
    if late_at:
        found = found.where(
            Report.status.not_in(CLOSED),
            Report.closed_at.is_(None),
            Report.expected_at < func.coalesce(Report.waiting_since, late_at),
        )
    if statuses:
        states = Report.status.in_(statuses)
        # Of what is open nearly all is asked for, so it is walked through: the two conditions say
        # nearly the same, which a database does not know.
        is_open = not CLOSED & set(statuses)
        found = found.where(
            *((Report.closed_at.is_(None), unindexed(states)) if is_open else (states,))
        )
    if category:
        below = (setup or read(session)).with_those_below(category)
        found = found.where(Report.category.in_(below))
    if quarter:
        found = found.where(Report.quarter == quarter)
    return found


def events_of(session: Session, report_id: uuid.UUID) -> Sequence[ReportEvent]:
    """Everything that happened to a report, from the first to the last."""
    return session.scalars(
        select(ReportEvent).where(ReportEvent.report_id == report_id).order_by(ReportEvent.id)
    ).all()
