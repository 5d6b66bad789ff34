"""Photos sent in a conversation: kept until a report gets them, a day at most."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.chat.models import ChatPhoto
from backend.feedback.images import cleaned
from backend.feedback.models import Report
from backend.feedback.photos import add_photo
from backend.storage import Storage, Writing
from content.errors import N_, Conflict, NotFound

KEPT = timedelta(days=1)
MOST = 10


def storage(data_dir: Path) -> Storage:
    """Where they lie."""
    return Storage.in_folder(data_dir / "chat")


def add(
    session: Session, files: Writing, conversation_id: uuid.UUID, data: bytes, now: datetime
) -> ChatPhoto:
    """Keep the photo in *data*, drawn anew. Raises Invalid for no photo, Conflict beyond MOST."""
    held = select(func.count()).where(ChatPhoto.conversation_id == conversation_id)
    if (session.scalar(held.select_from(ChatPhoto)) or 0) >= MOST:
        raise Conflict(N_("A conversation holds at most %(most)s photos at once."), most=MOST)
    photo = ChatPhoto(
        id=uuid.uuid4(),
        conversation_id=conversation_id,
        name=files.put(cleaned(data).image, ".jpg"),
        created_at=now,
    )
    session.add(photo)
    session.flush()
    return photo


def give(
    session: Session,
    kept: Storage,
    files: Writing,
    photo_id: uuid.UUID,
    conversation_id: uuid.UUID,
    report: Report,
    now: datetime,
) -> None:
    """Add a photo of the conversation to *report*; once, however often it is asked for.

    Raises NotFound for a photo that is not of this conversation, Conflict where it has no room.
    """
    photo = session.get(ChatPhoto, photo_id)
    if photo is None or photo.conversation_id != conversation_id:
        raise NotFound(N_("There is no such photo."))
    add_photo(session, files, report, kept.read(photo.name), now)


def forget_old(session: Session, kept: Storage, now: datetime) -> None:
    """Remove what nobody has used for KEPT."""
    for photo in session.scalars(select(ChatPhoto).where(ChatPhoto.created_at < now - KEPT)):
        kept.remove(photo.name)
        session.delete(photo)
