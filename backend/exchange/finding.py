"""What rows name by their ids and slugs, looked up for the whole file at once."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.exchange.rows import Row
from content import publishing
from content.publishing import Publishable

CHUNK = 500


@dataclass
class Known:
    """The pieces that a file names, and what their editors last wrote of them."""

    session: Session
    pieces: dict[str, Publishable] = field(default_factory=dict)
    copies: dict[uuid.UUID, Publishable] = field(default_factory=dict)

    def find(self, key: object) -> Publishable | None:
        """The piece with the id or slug *key*."""
        return self.pieces.get(str(key))

    def copy(self, piece: Publishable) -> Publishable:
        """What the editors of *piece* had written before this file came."""
        if piece.id not in self.copies:
            self.copies[piece.id] = publishing.working_copy(self.session, piece)
        return self.copies[piece.id]


def look_up(session: Session, kind: type[Publishable], rows: Sequence[Row]) -> Known:
    """The pieces of *kind* that *rows* name."""
    keys = {
        str(row.values[name])
        for row in rows
        for name in ("id", "slug")
        if isinstance(row.values.get(name), str)
    }
    slugs = sorted(key for key in keys if key.isprintable())
    ids = [found for key in slugs if (found := _uuid(key))]
    known = Known(session)
    for column, wanted in ((kind.id, ids), (kind.slug, slugs)):
        for start in range(0, len(wanted), CHUNK):
            part: Sequence[Any] = wanted[start : start + CHUNK]
            for piece in session.scalars(select(kind).where(column.in_(part))):
                known.pieces |= {str(piece.id): piece, piece.slug: piece}
    pieces = list({piece.id: piece for piece in known.pieces.values()}.values())
    for start in range(0, len(pieces), CHUNK):
        some = pieces[start : start + CHUNK]
        copies = publishing.working_copies(session, some)
        known.copies |= {piece.id: copy for piece, copy in zip(some, copies, strict=True)}
    return known


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
