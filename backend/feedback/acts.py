"""What officers say and change: replies, questions, another category."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.feedback import clocks
from backend.feedback.filing import routed
from backend.feedback.handling import hold, step
from backend.feedback.history import internal
from backend.feedback.messages import tell_of_category, tell_of_reply
from backend.feedback.models import Report, ReportEvent, ReportPhoto
from backend.feedback.reading import events_of
from backend.feedback.routing import route
from backend.feedback.workflow import CLOSED, State, Who
from content.errors import N_, Conflict, Invalid
from content.store import Localized
from content.vocabularies.queries import report_category


def reply(
    session: Session,
    report_id: uuid.UUID,
    text: Localized,
    *,
    staff_id: uuid.UUID,
    now: datetime,
    photos: Collection[uuid.UUID] = (),
) -> Report:
    """Say something to the reporter, with photos that officers have added before.

    It acknowledges the report. Raises NotFound, Conflict for a report that was withdrawn, and
    Invalid for photos that are not the officers' own or were shown before.
    """
    report = hold(session, report_id, now)
    if report.state is State.WITHDRAWN:
        raise Conflict(N_("The report was withdrawn."))
    event = _said(session, report, "reply", text, staff_id, now)
    _show(session, report, photos, event)
    clocks.acknowledged(session, report, now)
    tell_of_reply(session, report, event, now)
    session.flush()
    return report


def ask(
    session: Session,
    report_id: uuid.UUID,
    text: Localized,
    *,
    staff_id: uuid.UUID,
    now: datetime,
) -> Report:
    """Ask the reporter something, and wait for the answer with the clock standing.

    Raises NotFound, and Conflict where the workflow has no such move.
    """
    report = hold(session, report_id, now)
    _said(session, report, "question", text, staff_id, now)
    step(session, report, State.WAITING_FOR_REPORTER, Who.OFFICER, now, staff_id=staff_id)
    session.flush()
    return report


def recategorise(
    session: Session,
    report_id: uuid.UUID,
    category: str,
    *,
    staff_id: uuid.UUID,
    now: datetime,
    reason: str = "",
) -> Report:
    """File a report under another category: promised and routed as that says.

    Where no rule fits, its office keeps it. Of the answers those stay that the new category
    asks for too. Raises NotFound, Conflict for a report that is closed, and Invalid for what is
    no category to file under.
    """
    term = report_category(session, category)
    report = hold(session, report_id, now)
    if report.state in CLOSED:
        raise Conflict(N_("The report is closed."))
    before, report.category = report.category, category
    asked = {question["code"] for question in term.attributes}
    report.attributes = {
        code: answer for code, answer in report.attributes.items() if code in asked
    }
    clocks.recategorised(session, report, events_of(session, report.id))
    event = internal(
        report.id,
        "recategorised",
        now,
        staff_id=staff_id,
        text=f"{before} → {category}" + (f": {reason}" if reason else ""),
    )
    session.add(event)
    rule = route(session, category=term, quarter=report.quarter, at=now)
    if rule and rule.office != report.office:
        report.office, report.assignee_id = rule.office, None
        session.add(routed(report, now))
    session.flush()
    if before != category:
        tell_of_category(session, report, term.name, event, now)
    return report


def _said(
    session: Session,
    report: Report,
    kind: str,
    text: Localized,
    staff_id: uuid.UUID,
    now: datetime,
) -> ReportEvent:
    event = ReportEvent(
        report_id=report.id,
        at=now,
        kind=kind,
        by=Who.OFFICER,
        staff_id=staff_id,
        public_note=text,
    )
    session.add(event)
    session.flush()
    return event


def _show(
    session: Session, report: Report, photos: Collection[uuid.UUID], event: ReportEvent
) -> None:
    found = session.scalars(
        select(ReportPhoto).where(
            ReportPhoto.id.in_(photos),
            ReportPhoto.report_id == report.id,
            ReportPhoto.by == Who.OFFICER,
            ReportPhoto.event_id.is_(None),
        )
    ).all()
    if len(found) != len(set(photos)):
        raise Invalid({"photos": [N_("Add the photos to this report first, each for one reply.")]})
    for photo in found:
        photo.event_id = event.id
