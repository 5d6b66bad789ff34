"""Filing what is published, so that it can be found."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from unicodedata import normalize

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from content.search import vocabulary
from content.search.models import SearchDocument
from content.text import words

LONGEST_WORD = 40
"""Letters of a word that count; nobody types more of them."""

LONGEST_TITLE = 600
"""Characters of all folded names, within what PostgreSQL can index."""

BATCH = 500
BETWEEN_NAMES = " | "


@dataclass(frozen=True)
class Searchable:
    """What one language of an item is found by; *also* has names that count as its title,
    one a line."""

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


def index(session: Session, entry: Entry) -> None:
    """Put *entry* into the index; `forget` has removed what stood there."""
    index_all(session, [entry])


def index_all(session: Session, entries: Iterable[Entry]) -> None:
    """Put *entries* into the index, many at a time; `forget` has removed what stood there."""
    rows = map(_row, entries)
    while batch := list(islice(rows, BATCH)):
        session.execute(insert(SearchDocument), batch)
        for row in batch:
            vocabulary.count(session, _held(row["folded_title"], row["folded_body"]), +1)


def forget(session: Session, kind: str, item_id: uuid.UUID) -> None:
    """Remove every language of the item from the index."""
    its = (SearchDocument.type == kind, SearchDocument.item_id == item_id)
    texts = select(SearchDocument.folded_title, SearchDocument.folded_body).where(*its)
    for title, body in session.execute(texts).all():
        vocabulary.count(session, _held(title, body), -1)
    session.execute(delete(SearchDocument).where(*its))


def folded(text: str) -> list[str]:
    """The words of *text* as the index holds them."""
    return [word[:LONGEST_WORD] for word in words(text)]


def _row(entry: Entry) -> dict[str, Any]:
    texts = entry.texts
    names = [" ".join(folded(name)) for name in (texts.title, *texts.also.splitlines())]
    return {
        "type": entry.type,
        "item_id": entry.item_id,
        "slug": entry.slug,
        "language": entry.language,
        "title": normalize("NFC", texts.title),
        "body": normalize("NFC", texts.body),
        "folded_title": BETWEEN_NAMES.join(filter(None, names))[:LONGEST_TITLE].rstrip(" |"),
        "folded_body": " ".join(folded(texts.body)),
        "visible_from": entry.visible_from,
        "visible_until": entry.visible_until,
        "updated_at": entry.updated_at,
    }


def _held(*folded_texts: str) -> Iterator[str]:
    return (word for text in folded_texts for word in text.split() if word != "|")
