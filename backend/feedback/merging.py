"""Reports that belong together: several that tell of one thing, one that tells of several."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, tzinfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.feedback.confirming import join
from backend.feedback.filing import Contact, Filing, file_report
from backend.feedback.handling import contact_of, hold, step
from backend.feedback.history import internal
from backend.feedback.messages import followers
from backend.feedback.models import Report, ReportConfirmation, ReportPhoto
from backend.feedback.photos import photos_of
from backend.feedback.workflow import CLOSED, State, Who
from backend.storage import Writing
from content.errors import N_, Conflict, Invalid


def merge(
    session: Session,
    report_id: uuid.UUID,
    into: uuid.UUID,
    *,
    reason: str,
    staff_id: uuid.UUID,
    secret: str,
    now: datetime,
) -> Report:
    """Close a report as a duplicate of the one *into*, and lead all who follow it there.

    Its reporter and those who said "me too" count there; *secret* is the app's. What was merged
    into it before belongs to the other one from now on. Raises NotFound; Invalid for the same
    report and for a missing reason; Conflict where the workflow has no such move and where the
    other one was rejected, withdrawn or is a duplicate itself.
    """
    if into == report_id:
        raise Invalid({"into": [N_("This is the same report.")]})
    # In one order, so that two who merge the same two reports do not wait for each other.
    held = {key: hold(session, key, now) for key in sorted((report_id, into))}
    report, main = held[report_id], held[into]
    if main.state is State.DUPLICATE:
        raise Conflict(N_("The other report is a duplicate itself: name the one it belongs to."))
    if main.state in (State.REJECTED, State.WITHDRAWN):
        raise Conflict(N_("The other report was given up: nothing can be followed there."))
    step(session, report, State.DUPLICATE, Who.OFFICER, now, staff_id=staff_id, reason=reason)
    report.duplicate_of_id = main.id
    session.execute(
        update(Report).where(Report.duplicate_of_id == report.id).values(duplicate_of_id=main.id)
    )
    for person, citizen_id in _people(session, report):
        if citizen_id is None or citizen_id != main.citizen_id:
            join(session, main, person, citizen_id=citizen_id, secret=secret, now=now)
    _link(session, "merged", report, main, staff_id, now)
    session.flush()
    return report


def _people(session: Session, report: Report) -> Iterator[tuple[str, uuid.UUID | None]]:
    """Who reported and who said "me too"; a guest by a word that means nobody else."""
    yield str(report.citizen_id or report.id), report.citizen_id
    for citizen_id in followers(session, report.id):
        yield str(citizen_id), citizen_id
    guests = select(ReportConfirmation.who).where(
        ReportConfirmation.report_id == report.id, ReportConfirmation.citizen_id.is_(None)
    )
    for who in session.scalars(guests).all():
        yield who, None


def split(
    session: Session,
    report_id: uuid.UUID,
    part: Filing,
    *,
    photos: Collection[uuid.UUID] = (),
    files: Writing,
    staff_id: uuid.UUID,
    now: datetime,
    town_time: tzinfo,
) -> Report:
    """File *part* of what a report tells as one of its own, for the same reporter.

    Where *part* does not say where, it is where the report is. It gets copies of *photos*, which
    are for nobody until they are approved. Raises NotFound, Conflict for a report that is closed,
    and Invalid as filing does and for photos of another report.
    """
    report = hold(session, report_id, now)
    if report.state in CLOSED:
        raise Conflict(N_("The report is closed."))
    filed, _ = file_report(
        session,
        _completed(session, part, report),
        now=now,
        town_time=town_time,
        source="staff",
        citizen_id=report.citizen_id,
        staff_id=staff_id,
    )
    filed.split_from_id = report.id
    _copy_photos(session, files, report, filed, photos)
    _link(session, "split", report, filed, staff_id, now)
    session.flush()
    return filed


def _copy_photos(
    session: Session, files: Writing, report: Report, part: Report, chosen: Collection[uuid.UUID]
) -> None:
    """Copies with files of their own: each report forgets its photos when its time has come."""
    found = [photo for photo in photos_of(session, report.id) if photo.id in set(chosen)]
    if len(found) != len(set(chosen)):
        raise Invalid({"photos": [N_("This report has no such photo.")]})

    def copied(name: str | None) -> str | None:
        return files.put(files.storage.read(name), ".jpg") if name else None

    for photo in found:
        session.add(
            ReportPhoto(
                report_id=part.id,
                digest=photo.digest,
                name=copied(photo.name),
                thumbnail_name=copied(photo.thumbnail_name),
                width=photo.width,
                height=photo.height,
                by=photo.by,
                created_at=photo.created_at,
                covered_name=copied(photo.covered_name),
                covered_thumbnail_name=copied(photo.covered_thumbnail_name),
                covers=photo.covers,
                hint_lat=photo.hint_lat,
                hint_lng=photo.hint_lng,
            )
        )


def _completed(session: Session, part: Filing, report: Report) -> Filing:
    contact = contact_of(session, report.id)
    elsewhere = part.lat is not None or bool(part.place_text)
    return Filing(
        category=part.category,
        description=part.description,
        lat=part.lat if elsewhere else report.lat,
        lng=part.lng if elsewhere else report.lng,
        place_text=part.place_text if elsewhere else report.place_text,
        quarter=part.quarter or report.quarter,
        anonymous=report.anonymous,
        contact=Contact(name=contact.name, phone=contact.phone, email=contact.email)
        if contact
        else Contact(),
        consent_version=report.consent_version,
        consent_at=report.consent_at,
        attributes=part.attributes,
    )


def linked(session: Session, report: Report) -> dict[str, Sequence[Report]]:
    """The reports that belong to *report*: what it is a duplicate of and has as duplicates,
    what it was split from and into.
    """
    around = select(Report).order_by(Report.created_at, Report.id)
    return {
        "duplicate_of": session.scalars(around.where(Report.id == report.duplicate_of_id)).all(),
        "duplicates": session.scalars(around.where(Report.duplicate_of_id == report.id)).all(),
        "split_from": session.scalars(around.where(Report.id == report.split_from_id)).all(),
        "split_into": session.scalars(around.where(Report.split_from_id == report.id)).all(),
    }


def _link(
    session: Session,
    kind: str,
    report: Report,
    other: Report,
    staff_id: uuid.UUID,
    now: datetime,
) -> None:
    session.add_all(
        internal(one.id, kind, now, staff_id=staff_id, text=its_other.code)
        for one, its_other in ((report, other), (other, report))
    )
