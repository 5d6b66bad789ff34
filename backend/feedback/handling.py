"""What happens to a report once it is on file: moves, comments, notes, assignment."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.feedback import clocks, publicity
from backend.feedback.history import internal
from backend.feedback.messages import tell_reporter
from backend.feedback.models import Report, ReportContact, ReportContactLook, ReportEvent
from backend.feedback.nearby import jobs as nearby
from backend.feedback.notices import Notice, tell
from backend.feedback.offices import check_office
from backend.feedback.people import check_people, members_of, offices_of
from backend.feedback.workflow import CLOSED, State, Who, check_move
from content import audit
from content.errors import N_, Conflict, Invalid, NotFound, Refused
from content.publishing import Edit
from content.store import Localized


def hold(
    session: Session, report_id: uuid.UUID, now: datetime, version: int | None = None
) -> Report:
    """The report as it is now, held against every other writer until the transaction ends.

    Raises NotFound, and Conflict where it has changed since *version*.
    """
    # An UPDATE locks the row on PostgreSQL and the database on SQLite, and reads what is
    # committed; two people who act at once are thus served one after the other.
    report = session.scalar(
        update(Report)
        .where(Report.id == report_id)
        .values(version=Report.version + 1, updated_at=now)
        .returning(Report),
        execution_options={"populate_existing": True, "synchronize_session": False},
    )
    if report is None:
        raise NotFound(N_("There is no such report."))
    if version is not None and report.version != version + 1:
        raise Conflict(N_("Somebody else has changed the report since: look at it again."))
    return report


def move(
    session: Session,
    report_id: uuid.UUID,
    to: State,
    *,
    by: Who,
    now: datetime,
    staff_id: uuid.UUID | None = None,
    reason: str | None = None,
    public_note: Localized | None = None,
    version: int | None = None,
) -> Report:
    """Move a report to another state, record it and tell the reporter.

    Raises NotFound; Conflict for a move that the workflow does not have, or when the report
    has changed since *version*; Invalid for a move without its reason.
    """
    report = hold(session, report_id, now, version)
    step(session, report, to, by, now, staff_id=staff_id, reason=reason, note=public_note)
    return report


def step(
    session: Session,
    report: Report,
    to: State,
    by: Who,
    now: datetime,
    *,
    staff_id: uuid.UUID | None = None,
    reason: str | None = None,
    note: Localized | None = None,
) -> None:
    """Move a *report* that is held, record it and tell the reporter.

    Raises Conflict for a move that the workflow does not have; Invalid without its reason.
    """
    before, was_confirmed = report.state, report.confirmed_at is not None
    check_move(before, to, by, reason)
    report.status = to
    publicity.follow(report, by, now)
    clocks.moved(session, report, before, by, now)
    if before is State.DUPLICATE:
        report.duplicate_of_id = None
    event = ReportEvent(
        report_id=report.id,
        at=now,
        kind="moved",
        by=by,
        staff_id=staff_id,
        from_status=before,
        to_status=to,
        text=reason or None,
        public_note=note,
    )
    session.add(event)
    session.flush()
    tell_reporter(session, report, event, now)
    if report.confirmed_at is not None and not was_confirmed:
        nearby.put(session, report, nearby.PUBLISHED, now)
    if to is State.RESOLVED:
        nearby.put(session, report, nearby.RESOLVED, now)
    if to is State.REOPENED and by is Who.REPORTER:
        tell(session, _in_charge(session, report), report, Notice.REOPENED, now)


def take_back(
    session: Session, report: Report, to: State, now: datetime, *, staff_id: uuid.UUID, reason: str
) -> None:
    """Undo that *report*, which is held, was resolved or rejected by mistake: it is *to* again.

    No move of the workflow, so its promise stays what it was; its reporter is told all the same.
    """
    before = report.state
    report.status = to
    clocks.taken_back(session, report, now)
    event = ReportEvent(
        report_id=report.id,
        at=now,
        kind="moved",
        by=Who.OFFICER,
        staff_id=staff_id,
        from_status=before,
        to_status=to,
        text=reason,
    )
    session.add(event)
    session.flush()
    tell_reporter(session, report, event, now)


def _in_charge(session: Session, report: Report) -> Sequence[uuid.UUID]:
    if report.assignee_id is not None:
        return [report.assignee_id]
    return members_of(session, report.office)


def comment(session: Session, report_id: uuid.UUID, text: str, now: datetime) -> Report:
    """Add what the reporter has to say; where the town waits for it, the work goes on.

    Raises NotFound, and Conflict for a report that is closed.
    """
    report = hold(session, report_id, now)
    if report.state in CLOSED:
        raise Conflict(N_("The report is closed: reopen it, or file another."))
    session.add(
        ReportEvent(report_id=report.id, at=now, kind="comment", by=Who.REPORTER, text=text)
    )
    if report.state is State.WAITING_FOR_REPORTER:
        step(session, report, State.IN_PROGRESS, Who.REPORTER, now)
        tell(session, _in_charge(session, report), report, Notice.ANSWERED, now)
    session.flush()
    return report


def note(
    session: Session, report_id: uuid.UUID, text: str, *, staff_id: uuid.UUID, now: datetime
) -> Report:
    """Add a note that only staff read. Raises NotFound."""
    report = hold(session, report_id, now)
    session.add(internal(report.id, "note", now, staff_id=staff_id, text=text))
    session.flush()
    return report


def assign(
    session: Session,
    report_id: uuid.UUID,
    *,
    office: str | None,
    person: uuid.UUID | None,
    staff_id: uuid.UUID,
    now: datetime,
) -> Report:
    """Say which office and which person work on a report; None for nobody yet.

    Where the workflow has the move, the report becomes `assigned`, and the reporter is told.
    *office* is a code. Raises NotFound, Conflict for a report that is closed, and Invalid when
    neither is given or one is not known.
    """
    if office is None and person is None:
        needed = [N_("Name an office or a person.")]
        raise Invalid({"office": needed, "person": needed})
    if office:
        check_office(session, office)
    if person:
        check_people(session, [person], "person")
    report = hold(session, report_id, now)
    if report.state in CLOSED:
        raise Conflict(N_("The report is closed."))
    report.office, report.assignee_id = office, person
    session.add(assigned(report, staff_id, now))
    if person and person != staff_id:
        tell(session, [person], report, Notice.ASSIGNED, now)
    if report.state in (State.RECEIVED, State.VERIFIED, State.REOPENED):
        step(session, report, State.ASSIGNED, Who.OFFICER, now, staff_id=staff_id)
    session.flush()
    return report


def assigned(report: Report, staff_id: uuid.UUID, now: datetime) -> ReportEvent:
    """That an officer gave *report* to the office and the person who have it now."""
    return internal(report.id, "assigned", now, staff_id=staff_id, text=report.office)


def look_at_contact(
    session: Session,
    report_id: uuid.UUID,
    *,
    staff_id: uuid.UUID,
    may_unseal: bool,
    now: datetime,
    role: str | None = None,
    reason: str | None = None,
) -> ReportContact:
    """The reporter's contact, and a record of who looked at it.

    *role* is what lets them, *reason* why they need it; the reporter reads both. Raises NotFound
    where none was given, Refused where the reporter wishes to stay unknown, but for one who
    *may_unseal* it and says why.
    """
    report = session.get(Report, report_id)
    if report is None:
        raise NotFound(N_("There is no such report."))
    if report.anonymous and not may_unseal:
        raise Refused(N_("The reporter wishes to stay unknown."))
    contact = contact_of(session, report_id)
    if contact is None:
        raise NotFound(N_("The reporter left no contact."))
    if report.anonymous and not reason:
        raise Invalid({"reason": [N_("Say why: the reporter wishes to stay unknown.")]})
    if report.anonymous:
        edit, sealed = Edit(str(staff_id), now), ("report_contact", str(report_id))
        audit.record(session, edit, act="unseal", subject=sealed, note=reason or "")
    own = offices_of(session, staff_id)
    session.add(
        ReportContactLook(
            report_id=report_id,
            staff_id=staff_id,
            at=now,
            role=role,
            office=report.office if report.office in own else next(iter(own), None),
            reason=reason or None,
            sealed=report.anonymous,
        )
    )
    session.flush()
    return contact


def contact_of(session: Session, report_id: uuid.UUID) -> ReportContact | None:
    """The reporter's contact, for the reporter's own eyes."""
    return session.scalar(select(ReportContact).where(ReportContact.report_id == report_id))
