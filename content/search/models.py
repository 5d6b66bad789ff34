"""The table of all that can be found; triggers in the database keep the full-text index beside it.

The index is made by the migration: FTS5 on SQLite, tsvector on PostgreSQL.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from content.store import Base, RowId


class SearchDocument(Base):
    """One language of one published item; the folded texts hold plain words only."""

    __tablename__ = "search_document"
    __table_args__ = (UniqueConstraint("type", "item_id", "language"),)

    id: Mapped[RowId]
    type: Mapped[str]
    item_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    slug: Mapped[str]
    language: Mapped[str]
    title: Mapped[str]
    body: Mapped[str]
    folded_title: Mapped[str]
    folded_body: Mapped[str]
    visible_from: Mapped[datetime]
    visible_until: Mapped[datetime | None]
    updated_at: Mapped[datetime]
