"""Photos that come in pieces: begun, resumed where they broke off, forgotten after a day.

The pieces lie in a folder of this machine until the photo is whole. How far one has come is
what the database says: bytes beyond that, of a request that did not end well, are written over.
"""

from __future__ import annotations

import fcntl
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from backend.feedback.models import PhotoUpload, Report
from backend.feedback.photos import MOST_PHOTOS, add_photo, check_room
from backend.storage import Writing
from content.errors import N_, Conflict, NotFound
from notifications import outbox
from notifications.worker import Handler, Task

KEPT_FOR = timedelta(days=1)
CLEAN = "feedback.drop_uploads"
EVERY = timedelta(hours=1)


def begin(session: Session, report: Report, *, length: int, now: datetime) -> PhotoUpload:
    """Expect a photo of *length* bytes for *report*.

    Raises Conflict for a report that is closed or has all its photos, with those on their way.
    """
    check_room(session, report)
    on_their_way = session.scalar(
        select(func.count())
        .select_from(PhotoUpload)
        .where(
            PhotoUpload.report_id == report.id,
            PhotoUpload.photo_id.is_(None),
            PhotoUpload.expires_at > now,
        )
    )
    if (on_their_way or 0) >= MOST_PHOTOS:
        raise Conflict(N_("A report has at most %(most)s photos."), most=MOST_PHOTOS)
    upload = PhotoUpload(
        report_id=report.id, length=length, received=0, created_at=now, expires_at=now + KEPT_FOR
    )
    session.add(upload)
    session.flush()
    return upload


def upload_of(
    session: Session, report_id: uuid.UUID, upload_id: uuid.UUID, now: datetime
) -> PhotoUpload:
    """One upload of a report. Raises NotFound, also once it has expired."""
    upload = session.get(PhotoUpload, upload_id)
    if upload is None or upload.report_id != report_id or upload.expires_at <= now:
        raise NotFound(N_("There is no such upload, or it has expired."))
    return upload


@contextmanager
def held(folder: Path, upload: PhotoUpload) -> Iterator[BinaryIO]:
    """The file of *upload*, which nobody else writes meanwhile. Raises Conflict."""
    folder.mkdir(parents=True, exist_ok=True)
    with _path(folder, upload.id).open("a+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(N_("Another request is sending this photo.")) from None
        yield file


def receive(
    session: Session,
    file: BinaryIO,
    files: Writing,
    report: Report,
    upload: PhotoUpload,
    *,
    offset: int,
    piece: bytes,
    now: datetime,
) -> None:
    """Keep *piece*, which begins at *offset*; the last one makes the photo.

    The caller holds the upload's *file*. Raises Conflict for another offset than where the
    upload stands, and for more than it said it would be; Invalid for what turns out to be no
    photo, which the caller drops.
    """
    session.refresh(upload)
    kept = _kept(upload, os.fstat(file.fileno()).st_size)
    if offset != kept:
        raise Conflict(N_("%(count)s bytes have come so far: send on from there."), count=kept)
    whole = offset + len(piece)
    if whole > upload.length:
        raise Conflict(N_("This is more than was announced."))
    file.truncate(offset)  # what a request left that did not end well
    file.write(piece)
    file.flush()
    os.fsync(file.fileno())
    if whole == upload.length and upload.photo_id is None:
        file.seek(0)
        photo, _known = add_photo(session, files, report, file.read(), now)
        upload.photo_id = photo.id
    upload.received = whole
    session.flush()


def standing(folder: Path, upload: PhotoUpload) -> int:
    """How many bytes of *upload* are kept, from which the next piece goes on."""
    path = _path(folder, upload.id)
    return _kept(upload, path.stat().st_size if path.exists() else 0)


def _kept(upload: PhotoUpload, size: int) -> int:
    return upload.received if upload.photo_id else min(upload.received, size)


def drop(session: Session, folder: Path, upload: PhotoUpload) -> None:
    """Forget *upload*; a photo that it has made stays."""
    session.delete(upload)
    session.flush()
    remove_pieces(folder, upload.id)


def remove_pieces(folder: Path, upload_id: uuid.UUID) -> None:
    """Remove what has come of an upload; nothing happens where there is nothing."""
    _path(folder, upload_id).unlink(missing_ok=True)


def plan(session: Session, now: datetime) -> None:
    """Clean up in this hour, once however often it is asked for."""
    outbox.enqueue(session, CLEAN, {}, now=now, key=f"{CLEAN}:{now:%Y-%m-%dT%H%z}")


def handlers(folder: Path) -> dict[str, Handler]:
    """What the worker does: forget uploads that have expired, and what is left in *folder*."""

    def clean(task: Task) -> None:
        now = task.clock()
        # Before the rows are read: a file is made after its row is on file.
        lying = list(folder.glob("*"))
        with task.sessions.begin() as session:
            session.execute(delete(PhotoUpload).where(PhotoUpload.expires_at <= now))
            known = {upload_id.hex for upload_id in session.scalars(select(PhotoUpload.id))}
            due = now + EVERY
            outbox.enqueue(
                session, CLEAN, {}, now=now, due_at=due, key=f"{CLEAN}:{due:%Y-%m-%dT%H%z}"
            )
            task.done(session)
        for path in lying:
            if path.name not in known:
                path.unlink(missing_ok=True)

    return {CLEAN: clean}


def _path(folder: Path, upload_id: uuid.UUID) -> Path:
    return folder / upload_id.hex
