"""Taking files into the media library: what they are, the sizes made of them, where they lie."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.media import documents, pictures
from backend.storage import Storage, Writing
from content.errors import N_, Invalid, NotFound
from content.media import library
from content.media.models import ORIGINAL, Kind, Media
from content.publishing import Edit
from notifications import outbox
from notifications.worker import Handler, Task

log = structlog.get_logger()

REMOVE_FILES = "media.remove_files"
SWEEP = "media.sweep"
DAY = timedelta(days=1)
UPLOADS_END_WITHIN = DAY


def take(
    session: Session, files: Writing, data: bytes, name: str, about: Mapping[str, Any], edit: Edit
) -> tuple[Media, bool]:
    """Take the file *data* into the library; the record, and whether it is new there.

    *name* is what the uploader calls it; what it is, is read from its content. *about* are
    alt, licence, credit and source. The same file again is the same record, with the texts it
    had. Raises Invalid that names `file` for what is neither a whole picture nor a whole,
    harmless PDF.
    """
    digest = hashlib.sha256(data).hexdigest()
    known = library.of_digest(session, digest)
    if known and all(files.storage.holds(file["name"]) for file in known.files):
        return known, False
    made = _made_of(data)
    kept = [
        {
            "size": size,
            "name": files.put(content, f".{shown['ext']}"),
            "bytes": len(content),
            **shown,
        }
        for size, content, shown in made
    ]
    if known:  # its files were lost
        known.files = kept
        session.flush()
        return known, False
    original = kept[0]
    item, is_new = library.add(
        session,
        {
            "kind": Kind.DOCUMENT if original["width"] is None else Kind.IMAGE,
            "sha256": digest,
            "name": library.file_name(name, original["ext"]),
            "files": kept,
            **{column: original[column] for column in ("mime", "width", "height", "bytes")},
            **about,
        },
        edit,
    )
    if not is_new:
        files.discard()
    return item, is_new


def remove(session: Session, item: Media, edit: Edit) -> None:
    """Take *item* out of the library; its files are removed by a job, once this is committed.

    Raises Conflict where content still uses it.
    """
    names = library.remove(session, item, edit)
    outbox.enqueue(session, REMOVE_FILES, {"names": names}, now=edit.now)


def sweep(session: Session, files: Storage, now: datetime) -> list[str]:
    """Remove the files that no record names, as a killed upload leaves them; their names.

    Those of the last day stay: an upload writes its files before its record.
    """
    written = set(files.names())
    for kept in session.scalars(select(Media.files)):
        written -= {file["name"] for file in kept}
    left_over = [name for name in sorted(written) if _is_old(files, name, now)]
    for name in left_over:
        files.remove(name)
    return left_over


def _is_old(files: Storage, name: str, now: datetime) -> bool:
    try:
        return files.written_at(name) < now - UPLOADS_END_WITHIN
    except NotFound:  # somebody was faster
        return False


def plan(session: Session, day: datetime) -> None:
    """Sweep on *day*, once however often it is asked for."""
    outbox.enqueue(session, SWEEP, {}, now=day, key=f"{SWEEP}:{day:%Y-%m-%d}")


def handlers(storage: Storage) -> dict[str, Handler]:
    """What the worker does for the library: remove files of what was taken out or never came."""

    def remove_files(task: Task) -> None:
        for name in task.payload["names"]:
            storage.remove(name)

    def sweep_away(task: Task) -> None:
        now = task.clock()
        with task.sessions.begin() as session:
            removed = sweep(session, storage, now)
            plan(session, now + DAY)
            task.done(session)
        log.info("library.swept", removed=len(removed))

    return {REMOVE_FILES: remove_files, SWEEP: sweep_away}


def _made_of(data: bytes) -> list[tuple[str, bytes, dict[str, Any]]]:
    """The files to keep, the original first: size, content, and what they are."""
    if not data:
        raise Invalid({"file": [N_("The file is empty.")]})
    if data.startswith(documents.MARK):
        documents.check(data)
        shown = {"ext": "pdf", "mime": "application/pdf", "width": None, "height": None}
        return [(ORIGINAL, data, shown)]
    return [
        (
            made.size,
            made.data,
            {"ext": made.ext, "mime": made.mime, "width": made.width, "height": made.height},
        )
        for made in pictures.renditions(data)
    ]
