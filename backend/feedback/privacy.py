"""What a report holds about a person: hiding it, giving it out to that person, erasing it."""

from __future__ import annotations

import re
import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session

from backend.feedback.block_models import ReportSender, SenderBlock
from backend.feedback.closing import ReportRating, ratings_of
from backend.feedback.handling import contact_of
from backend.feedback.models import (
    PhotoUpload,
    Report,
    ReportConfirmation,
    ReportContact,
    ReportContactLook,
    ReportEvent,
    ReportPhoto,
)
from backend.feedback.nearby import following
from backend.feedback.photos import REMOVE_FILES, photos_of
from backend.feedback.reading import events_of, reports_of_citizen
from backend.feedback.workflow import Who
from backend.storage import Storage
from notifications import outbox
from notifications.worker import Handler, Task

PURPOSE = "To ask or tell the reporter about this report."
"""What a contact is kept for, and nothing else; the page on privacy says so under its version."""

FORGOTTEN: dict[str, Any] = {
    "citizen_id": None,
    "description": "",
    "place_text": "",
    "attributes": {},
    "searchable": "",
    "filing_digest": None,
}
"""What a report holds once nothing of its reporter and of the own words is left."""


def masked(contact: ReportContact | None) -> dict[str, str | None] | None:
    """*contact* as its owner recognises it and nobody else can use it."""
    if contact is None:
        return None
    return {
        "name": contact.name and re.sub(r"(?<=\w)\w+", "•••", contact.name),
        "phone": contact.phone and "•••" + contact.phone[-3:],
        "email": contact.email
        and contact.email[0] + "•••" + contact.email[contact.email.find("@") :],
    }


def export_citizen(session: Session, citizen_id: uuid.UUID) -> list[dict[str, Any]]:
    """All that the reports of a citizen hold about the person, ready for JSON.

    Also every look of the staff at the contact, without the name of who looked.
    """
    return [_export(session, report) for report in session.scalars(_by_age(citizen_id))]


def erase_citizen(session: Session, citizen_id: uuid.UUID, now: datetime) -> None:
    """Forget who filed a citizen's reports and what was said in own words and photos.

    What stays is the town's own business: that there was a report of this category at this
    point, and what became of it. The photos' files are removed by a job, once this is
    committed.
    """
    ids = select(Report.id).where(Report.citizen_id == citizen_id).scalar_subquery()
    photos = session.scalars(select(ReportPhoto).where(ReportPhoto.report_id.in_(ids))).all()
    if names := [name for photo in photos for name in photo.files]:
        outbox.enqueue(session, REMOVE_FILES, {"names": names}, now=now)
    session.execute(
        update(ReportRating).where(ReportRating.report_id.in_(ids)).values(comment=None)
    )
    for table in (ReportContact, ReportPhoto, ReportSender, PhotoUpload):
        session.execute(delete(table).where(table.report_id.in_(ids)))
    session.execute(
        update(ReportEvent)
        .where(ReportEvent.report_id.in_(ids), ReportEvent.by == Who.REPORTER)
        .values(text=None)
    )
    session.execute(
        update(Report)
        .where(Report.citizen_id == citizen_id)
        .values(**FORGOTTEN, updated_at=now, version=Report.version + 1)
    )
    # What the person said of others' reports: that somebody saw it too stays, not who.
    session.execute(
        update(ReportConfirmation)
        .where(ReportConfirmation.citizen_id == citizen_id)
        .values(citizen_id=None)
    )
    session.execute(delete(SenderBlock).where(SenderBlock.subject == str(citizen_id)))
    following.erase(session, citizen_id)
    session.expire_all()


def export_of_person(session: Session, citizen_id: uuid.UUID, now: datetime) -> dict[str, Any]:
    """What is held about a citizen beside the own reports: "me too", areas, blocks in force."""
    said = session.execute(
        select(Report.code, ReportConfirmation.at)
        .join(Report, Report.id == ReportConfirmation.report_id)
        .where(ReportConfirmation.citizen_id == citizen_id)
        .order_by(ReportConfirmation.id)
    )
    blocks = session.scalars(
        select(SenderBlock)
        .where(SenderBlock.subject == str(citizen_id), SenderBlock.until > now)
        .order_by(SenderBlock.created_at)
    )
    return {
        "confirmations": [{"code": row.code, "at": row.at.isoformat()} for row in said],
        "areas": following.export(session, citizen_id),
        "blocks": [{"reason": block.reason, "until": block.until.isoformat()} for block in blocks],
    }


def handlers(storage: Storage) -> dict[str, Handler]:
    """What the worker does for erasure: remove the files that no photo names any more."""

    def remove_files(task: Task) -> None:
        for name in task.payload["names"]:
            storage.remove(name)

    return {REMOVE_FILES: remove_files}


def _by_age(citizen_id: uuid.UUID) -> Select[Report]:
    return reports_of_citizen(citizen_id).order_by(Report.created_at, Report.id)


def _export(session: Session, report: Report) -> dict[str, Any]:
    contact = contact_of(session, report.id)
    looks = select(ReportContactLook).where(ReportContactLook.report_id == report.id)
    return {
        "id": str(report.id),
        "code": report.code,
        "category": report.category,
        "status": report.status,
        "description": report.description,
        "location": report.location,
        "place_text": report.place_text,
        "quarter": report.quarter,
        "attributes": report.attributes,
        "anonymous": report.anonymous,
        "source": report.source,
        "contact": contact
        and {"name": contact.name, "phone": contact.phone, "email": contact.email},
        "consent": report.consent_at
        and {
            "version": report.consent_version,
            "at": report.consent_at.isoformat(),
            "purpose": PURPOSE,
        },
        "created_at": report.created_at.isoformat(),
        "updated_at": report.updated_at.isoformat(),
        "expected_at": report.expected_at.isoformat(),
        "history": [
            {
                "at": event.at.isoformat(),
                "kind": event.kind,
                "by": event.by,
                "from": event.from_status,
                "to": event.to_status,
                "text": event.text,
                "public_note": event.public_note,
            }
            for event in events_of(session, report.id)
            if not event.internal
        ],
        "photos": [
            {
                "id": str(photo.id),
                "created_at": photo.created_at.isoformat(),
                "place_of_the_camera": photo.hint,
            }
            for photo in photos_of(session, report.id)
        ],
        "ratings": [
            {
                "rating": given.rating,
                "comment": given.comment,
                "closed_at": given.closed_at.isoformat(),
                "at": given.at.isoformat(),
            }
            for given in ratings_of(session, report.id)
        ],
        "looks_at_contact": [
            {
                "at": look.at.isoformat(),
                "role": look.role,
                "office": look.office,
                "reason": look.reason,
            }
            for look in session.scalars(looks.order_by(ReportContactLook.id))
        ],
    }
