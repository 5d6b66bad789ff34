"""Filing and finding: by words with marks or without, by beginnings, by what looks alike."""

from __future__ import annotations

import math
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from unicodedata import normalize

from rapidfuzz import fuzz, process
from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from content.search.highlighting import highlight
from content.search.matching import matches, relevance, search_index
from content.search.models import SearchDocument
from content.text import words

MOST_WORDS = 12
"""More words than these of one question add cost and no meaning."""

ALIKE = 80.0
"""How alike, of 100, a title has to be to stand for a question that finds nothing."""


@dataclass(frozen=True)
class Searchable:
    """What one language of an item is found by; *also* are names that count as its title."""

    title: str
    body: str
    also: str = ""


@dataclass(frozen=True)
class Entry:
    """One language of one item, with the time in which it may be found."""

    type: str
    item_id: uuid.UUID
    slug: str
    language: str
    texts: Searchable
    visible_from: datetime
    visible_until: datetime | None
    updated_at: datetime


@dataclass(frozen=True)
class Hit:
    """One item found; *highlight* is safe HTML with the found words in <mark>."""

    type: str
    id: uuid.UUID
    slug: str
    title: str
    highlight: str
    updated_at: datetime
    score: float


def index(session: Session, entry: Entry) -> None:
    """Put *entry* into the index; `forget` has removed what stood there."""
    texts = entry.texts
    session.add(
        SearchDocument(
            type=entry.type,
            item_id=entry.item_id,
            slug=entry.slug,
            language=entry.language,
            title=normalize("NFC", texts.title),
            body=normalize("NFC", texts.body),
            folded_title=" ".join(words(f"{texts.title} {texts.also}")),
            folded_body=" ".join(words(texts.body)),
            visible_from=entry.visible_from,
            visible_until=entry.visible_until,
            updated_at=entry.updated_at,
        )
    )


def forget(session: Session, kind: str, item_id: uuid.UUID) -> None:
    """Remove every language of the item from the index."""
    session.execute(
        delete(SearchDocument).where(SearchDocument.type == kind, SearchDocument.item_id == item_id)
    )


def find(
    session: Session,
    query: str,
    *,
    language: str,
    now: datetime,
    types: Collection[str] = (),
    limit: int = 20,
) -> list[Hit]:
    """What the public sees at *now* and holds all words of *query*, best first.

    The last word may be a beginning. Where nothing holds them, the titles that look most
    alike. Texts of every language are searched; the answer is in *language* where it can be.
    *types* narrows to some types of content.
    """
    asked = words(query)[:MOST_WORDS]
    if not asked:
        return []
    found = _holding(session, asked, types, now, limit) or _alike(session, asked, types, now, limit)
    best: dict[uuid.UUID, tuple[SearchDocument, float]] = {}
    for document, score in found:
        best.setdefault(document.item_id, (document, score))
    chosen = list(best.values())[:limit]
    translated = _in_language(session, [document for document, _ in chosen], language)
    return [
        _hit(translated.get(document.item_id, document), document, score, asked)
        for document, score in chosen
    ]


def _hit(shown: SearchDocument, found: SearchDocument, score: float, asked: list[str]) -> Hit:
    marked = highlight(shown.body, asked) or highlight(shown.title, asked)
    return Hit(
        type=found.type,
        id=found.item_id,
        slug=found.slug,
        title=shown.title,
        highlight=marked or highlight(found.body, asked) or highlight(found.title, asked),
        updated_at=found.updated_at,
        score=round(score, 4),
    )


def _visible(types: Collection[str], now: datetime) -> list[ColumnElement[bool]]:
    conditions = [
        SearchDocument.visible_from <= now,
        or_(SearchDocument.visible_until.is_(None), SearchDocument.visible_until > now),
    ]
    return [*conditions, SearchDocument.type.in_(types)] if types else conditions


def _holding(
    session: Session, asked: list[str], types: Collection[str], now: datetime, limit: int
) -> Sequence[tuple[SearchDocument, float]]:
    score = relevance(asked).label("score")
    statement = (
        select(SearchDocument, score)
        .select_from(search_index)
        .join(SearchDocument, SearchDocument.id == search_index.c.rowid)
        .where(matches(asked), *_visible(types, now))
        .order_by(score.desc(), SearchDocument.id)
        .limit(limit * 2)  # an item may be found in each of its languages
    )
    rows = [(document, score) for document, score in session.execute(statement)]
    return sorted(rows, key=lambda row: _distance(row[0], " ".join(asked)))


def _distance(document: SearchDocument, asked: str) -> float:
    """Titles that begin with *asked* are near, the shortest nearest; all others are far."""
    return len(document.title) if document.folded_title.startswith(asked) else math.inf


def _alike(
    session: Session, asked: list[str], types: Collection[str], now: datetime, limit: int
) -> Sequence[tuple[SearchDocument, float]]:
    titles = select(SearchDocument.id, SearchDocument.folded_title).where(*_visible(types, now))
    nearest = process.extract(
        " ".join(asked),
        dict(session.execute(titles).all()),
        scorer=fuzz.WRatio,
        limit=limit * 2,
        score_cutoff=ALIKE,
    )
    scores = {key: score / 100 for _, score, key in nearest}
    documents = session.scalars(select(SearchDocument).where(SearchDocument.id.in_(scores)))
    return sorted(
        ((document, scores[document.id]) for document in documents),
        key=lambda pair: (-pair[1], pair[0].id),
    )


def _in_language(
    session: Session, documents: Collection[SearchDocument], language: str
) -> dict[uuid.UUID, SearchDocument]:
    """The documents of the same items in *language*, by the item's id."""
    own = {document.item_id: document for document in documents if document.language == language}
    missing = {document.item_id for document in documents} - own.keys()
    if missing:
        others = session.scalars(
            select(SearchDocument).where(
                SearchDocument.item_id.in_(missing), SearchDocument.language == language
            )
        )
        own |= {document.item_id: document for document in others}
    return own
