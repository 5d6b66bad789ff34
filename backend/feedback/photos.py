"""The photos of a report: which it has, and adding to them."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Result, Row, select
from sqlalchemy.orm import Session

from backend.feedback.handling import hold
from backend.feedback.history import internal
from backend.feedback.images import Box, cleaned, covered
from backend.feedback.models import Report, ReportPhoto
from backend.feedback.workflow import CLOSED, Who
from backend.storage import Writing
from content.errors import N_, Conflict, Invalid, NotFound
from content.store import one_of, table_of
from notifications import outbox

MOST_PHOTOS = 5
REMOVE_FILES = "feedback.remove_files"
"""A job for the worker: files that no photo names any more."""
MOST_OF_OFFICERS = 20

_photo = table_of(ReportPhoto).c
APPROVED = (
    select(_photo.report_id, _photo.id, _photo.width, _photo.height, _photo.by, _photo.created_at)
    .where(_photo.is_public)
    .order_by(_photo.created_at, _photo.id)
)


def add_photo(
    session: Session,
    files: Writing,
    report: Report,
    data: bytes,
    now: datetime,
    by: Who = Who.REPORTER,
) -> tuple[ReportPhoto, bool]:
    """Add the photo in *data* to *report*; the photo, and whether the report had it before.

    The same file sent again is the same photo. Raises Invalid for what is no photo, Conflict
    beyond MOST_PHOTOS and for a report that is closed. An officer may add MOST_OF_OFFICERS, and
    also when it is closed.
    """
    digest = hashlib.sha256(data).hexdigest()
    known = _photo_of_digest(session, report.id, digest)
    if known and files.storage.holds(known.name):
        return known, True
    # Before the report is held: this takes a while, and nobody else shall wait for it.
    photo = cleaned(data)
    hold(session, report.id, now)
    known = _photo_of_digest(session, report.id, digest)
    if known and files.storage.holds(known.name):
        return known, True
    if known is None:
        check_room(session, report, by)
        known = ReportPhoto(report_id=report.id, digest=digest, created_at=now, by=by)
        session.add(known)
    known.name = files.put(photo.image, ".jpg")
    known.thumbnail_name = files.put(photo.thumbnail, ".jpg")
    known.width, known.height = photo.width, photo.height
    known.hint_lat, known.hint_lng = photo.hint or (None, None)
    known.covered_name = known.covered_thumbnail_name = known.covers = None
    session.flush()
    return known, False


def cover(
    session: Session,
    files: Writing,
    photo: ReportPhoto,
    boxes: Sequence[Box],
    *,
    staff_id: uuid.UUID,
    now: datetime,
) -> None:
    """Let everybody but the reporter and permitted staff see *photo* with *boxes* painted over.

    Each time anew from the original. Raises Invalid for a box that lies outside.
    """
    for number, box in enumerate(boxes):
        if box.x + box.width > photo.width or box.y + box.height > photo.height:
            raise Invalid({f"boxes.{number}": [N_("This box lies outside the photo.")]})
    drawn = covered(files.storage.read(photo.name), boxes)
    hold(session, photo.report_id, now)
    session.refresh(photo)
    if old := [name for name in (photo.covered_name, photo.covered_thumbnail_name) if name]:
        outbox.enqueue(session, REMOVE_FILES, {"names": old}, now=now)
    photo.covers = [asdict(box) for box in boxes]
    photo.covered_name = files.put(drawn.image, ".jpg")
    photo.covered_thumbnail_name = files.put(drawn.thumbnail, ".jpg")
    session.add(internal(photo.report_id, "covered", now, staff_id=staff_id))
    session.flush()


def uncover(session: Session, photo: ReportPhoto, *, staff_id: uuid.UUID, now: datetime) -> None:
    """Take back what was painted over *photo*; the public sees it no more until it is approved.

    Raises Conflict where nothing is painted over.
    """
    hold(session, photo.report_id, now)
    session.refresh(photo)
    names = [name for name in (photo.covered_name, photo.covered_thumbnail_name) if name]
    if not names:
        raise Conflict(N_("Nothing is painted over on this photo."))
    outbox.enqueue(session, REMOVE_FILES, {"names": names}, now=now)
    photo.covered_name = photo.covered_thumbnail_name = photo.covers = None
    photo.is_public = False
    session.add(internal(photo.report_id, "uncovered", now, staff_id=staff_id))
    session.flush()


def photos_of(session: Session, report_id: uuid.UUID) -> Sequence[ReportPhoto]:
    """The photos of a report, in the order they came."""
    return session.scalars(
        select(ReportPhoto)
        .where(ReportPhoto.report_id == report_id)
        .order_by(ReportPhoto.created_at, ReportPhoto.id)
    ).all()


def public_photos(
    session: Session, report_ids: Collection[uuid.UUID]
) -> Mapping[uuid.UUID, Sequence[Row[*tuple[Any, ...]]]]:
    """The photos of reports that an officer approved, by report, in the order they came.

    Of each what lists show: id, width, height, by, created_at.
    """
    found: Result[*tuple[Any, ...]] = session.execute(
        APPROVED.where(one_of(_photo.report_id, report_ids))
    )
    by_report: dict[uuid.UUID, list[Row[*tuple[Any, ...]]]] = {}
    for photo in found:
        by_report.setdefault(photo.report_id, []).append(photo)
    return by_report


def photo_of(session: Session, report_id: uuid.UUID, photo_id: uuid.UUID) -> ReportPhoto:
    """One photo of a report. Raises NotFound."""
    photo = session.get(ReportPhoto, photo_id)
    if photo is None or photo.report_id != report_id:
        raise NotFound(N_("There is no such photo."))
    return photo


def check_shown(photo: ReportPhoto) -> None:
    """Raise NotFound for an officer's photo that no reply has shown to the reporter yet."""
    if photo.by == Who.OFFICER and photo.event_id is None:
        raise NotFound(N_("There is no such photo."))


def _photo_of_digest(session: Session, report_id: uuid.UUID, digest: str) -> ReportPhoto | None:
    return session.scalar(select(ReportPhoto).filter_by(report_id=report_id, digest=digest))


def check_room(session: Session, report: Report, by: Who = Who.REPORTER) -> None:
    """Raise Conflict for a report that is closed, and for one that has all its photos."""
    if report.state in CLOSED and by is Who.REPORTER:
        raise Conflict(N_("The report is closed."))
    most = MOST_PHOTOS if by is Who.REPORTER else MOST_OF_OFFICERS
    if sum(photo.by == by for photo in photos_of(session, report.id)) >= most:
        raise Conflict(N_("A report has at most %(most)s photos."), most=most)
