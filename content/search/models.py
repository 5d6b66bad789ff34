"""The table of all that can be found, and the words in it.

Triggers in the database keep a full-text index beside `search_document`. The index is made by
the migrations: FTS5 on SQLite, tsvector on PostgreSQL.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from content.store import Base, RowId

Folded = Text().with_variant(Text(collation="C"), "postgresql")
"""A folded text, sorted by its letters' codes, so that an index finds beginnings."""


class SearchDocument(Base):
    """One language of one published item; the folded texts hold plain words only.

    *folded_title* has every name of the item, each after the first behind a `|`.
    """

    __tablename__ = "search_document"
    __table_args__ = (
        UniqueConstraint("type", "item_id", "language"),
        Index("ix_search_document_folded_title", "folded_title"),
    )

    id: Mapped[RowId]
    type: Mapped[str]
    item_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    slug: Mapped[str]
    language: Mapped[str]
    title: Mapped[str]
    body: Mapped[str]
    folded_title: Mapped[str] = mapped_column(Folded)
    folded_body: Mapped[str]
    visible_from: Mapped[datetime]
    visible_until: Mapped[datetime | None]
    updated_at: Mapped[datetime]


class SearchWord(Base):
    """A folded word, and how many documents hold it; the word "" counts all documents."""

    __tablename__ = "search_word"

    word: Mapped[str] = mapped_column(Folded, primary_key=True)
    documents: Mapped[int]


class SearchKey(Base):
    """What a word and its misspellings have in common: see `spelling.keys`."""

    __tablename__ = "search_key"
    __table_args__ = {"sqlite_with_rowid": False}

    key: Mapped[str] = mapped_column(Folded, primary_key=True)
    word: Mapped[str] = mapped_column(
        Folded, ForeignKey("search_word.word", ondelete="CASCADE"), primary_key=True
    )
