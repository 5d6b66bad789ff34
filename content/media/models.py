"""Pictures and documents of the library."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from content.changes import SEEN
from content.store import Base, Edited, Key, Localized

ORIGINAL = "original"
"""The size that every file has: the picture at its largest, the document as it came."""


class Kind(StrEnum):
    """What a file is."""

    IMAGE = "image"
    DOCUMENT = "document"


class Media(Edited, Base):
    """A picture or a document, what it shows, and who has the rights in it.

    *sha256* is the digest of what was uploaded; *width* and *height* in pixels, of a picture
    only; *bytes* of the file that readers get. *alt* says what is seen or read there.
    *files* are its sizes as {size, name: in the storage, ext, mime, width, height, bytes}.
    *searchable* is folded text.
    """

    __tablename__ = "media"
    __table_args__ = {"info": SEEN}

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(index=True)
    sha256: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    mime: Mapped[str]
    width: Mapped[int | None]
    height: Mapped[int | None]
    bytes: Mapped[int]
    alt: Mapped[Localized]
    licence: Mapped[str]
    credit: Mapped[str]
    source: Mapped[str] = mapped_column(default="")
    files: Mapped[list[dict[str, Any]]]
    searchable: Mapped[str]

    def described(self) -> dict[str, Any]:
        """What editors say of it, ready for JSON."""
        return {
            name: getattr(self, name) for name in ("name", "alt", "licence", "credit", "source")
        }

    def file(self, size: str = ORIGINAL) -> dict[str, Any] | None:
        """The file of that *size*, or None."""
        return next((file for file in self.files if file["size"] == size), None)


class Shown(Base):
    """The public has been shown this file *since* then: it is no secret any more."""

    __tablename__ = "media_shown"

    media_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("media.id", ondelete="CASCADE"), primary_key=True
    )
    since: Mapped[datetime]
