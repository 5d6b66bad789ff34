"""Finding: by words with marks or without, by beginnings, in spite of misspellings.

However many documents there are, only some hundreds of them are ranked: those whose titles
hold the words, then those whose texts do. Where these do not answer well, words are taken for
misspellings of others; where nothing holds all words, for too many words.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, func, null, or_, select
from sqlalchemy.orm import Session

from content.search.asking import Question, Term, doubt, read
from content.search.highlighting import highlight
from content.search.matching import (
    Condition,
    matches,
    search_index,
    title_matches,
)
from content.search.models import SearchDocument
from content.search.ranking import Rank, rank
from content.search.vocabulary import HIGHEST

MOST_RANKED = 300
"""How many documents of each kind of match are ranked."""

MOST_BEGINNINGS = 40

TEXT = 3000
"""Characters of a text that are ranked."""

GOOD = 0.6
"""A score that leaves no doubt that words were meant as they were typed."""

ENOUGH = 0.6
"""How much of a question an answer has to hold, by the weight of its words."""

RARE_WORDS = 4
"""How many of the rarest words are tried in pairs where nothing holds all."""

FAR = 0.75
"""Answers that are worse than the best one by more than this share are left out."""


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


@dataclass(frozen=True)
class _Found:
    document: int
    item: uuid.UUID
    language: str
    title: str
    rank: Rank


class _Finding:
    """One search: what was found so far, by item, each by its best document."""

    def __init__(
        self, session: Session, language: str, types: Collection[str], now: datetime
    ) -> None:
        self.session = session
        self.language = language
        self.types = sorted(types)
        self.now = now
        self.best: dict[uuid.UUID, _Found] = {}

    def ranked(self) -> list[_Found]:
        """The best first; of equals those with short titles."""
        return sorted(
            self.best.values(),
            key=lambda found: (-found.rank.score, len(found.title), found.title, found.item.hex),
        )

    @property
    def top(self) -> float:
        """The best score so far."""
        return max((found.rank.score for found in self.best.values()), default=0.0)

    def starting(self, question: Question) -> None:
        """Find titles that begin with what was typed."""
        letters = " ".join(question.typed)
        title = SearchDocument.folded_title
        self._add(
            question.terms,
            (title >= letters, title < letters + HIGHEST),
            order=title,
            limit=MOST_BEGINNINGS,
        )

    def titled(self, question: Question, terms: Sequence[Term]) -> int:
        """Find titles that hold all of *terms*. Answers how many documents."""
        return self._add(question.terms, (title_matches(self._asked(terms)),))

    def telling(self, question: Question, terms: Sequence[Term]) -> int:
        """Find documents that hold all of *terms* anywhere. Answers how many."""
        return self._add(question.terms, (matches(self._asked(terms)),), texts=True)

    def _asked(self, terms: Sequence[Term]) -> Condition:
        return Condition([tuple(term.words) for term in terms], self.types)

    def _add(
        self,
        terms: Sequence[Term],
        conditions: Sequence[ColumnElement[bool] | Any],
        *,
        texts: bool = False,
        order: Any = None,
        limit: int = MOST_RANKED,
    ) -> int:
        document = SearchDocument
        text = func.substr(document.folded_body, 1, TEXT) if texts else null()
        statement = select(
            document.id, document.item_id, document.language, document.folded_title, text
        ).where(*conditions, document.visible_from <= self.now, self._unexpired())
        if order is None:
            statement = statement.select_from(search_index).join(
                document, document.id == search_index.c.rowid
            )
        else:
            statement = statement.order_by(order)
            if self.types:
                statement = statement.where(document.type.in_(self.types))
        rows = self.session.execute(statement.limit(limit)).all()
        for key, item, language, title, body in rows:
            found = _Found(key, item, language, title, rank(terms, title, body))
            known = self.best.get(item)
            if found.rank.held >= ENOUGH and (
                known is None
                or (found.rank.score, language == self.language)
                > (known.rank.score, known.language == self.language)
            ):
                self.best[item] = found
        return len(rows)

    def _unexpired(self) -> ColumnElement[bool]:
        until = SearchDocument.visible_until
        return or_(until.is_(None), until > self.now)


def find(
    session: Session,
    query: str,
    *,
    language: str,
    now: datetime,
    types: Collection[str] = (),
    limit: int = 20,
) -> list[Hit]:
    """What the public sees at *now* and answers *query*, at most *limit* items, best first.

    The last word may be a beginning; misspelt words are taken for near ones. Texts of every
    language are searched; the answer is in *language* where it can be. *types* narrows to some
    types of content.
    """
    question, found = _search(session, query, language, now, types, limit)
    return _hits(session, question, found[:limit], language)


def suggest(
    session: Session,
    typed: str,
    *,
    language: str,
    now: datetime,
    types: Collection[str] = (),
    limit: int = 8,
) -> list[Hit]:
    """What `find` finds by its names alone, while somebody types; *highlight* is of the title."""
    question, found = _search(session, typed, language, now, types, limit, titles_only=True)
    return _hits(session, question, found[:limit], language, titles_only=True)


def find_ids(
    session: Session,
    query: str,
    *,
    language: str,
    now: datetime,
    types: Collection[str] = (),
    limit: int = 200,
) -> list[uuid.UUID]:
    """The ids of what `find` finds, without the cost of showing it."""
    _, found = _search(session, query, language, now, types, limit)
    return [one.item for one in found[:limit]]


def _search(
    session: Session,
    query: str,
    language: str,
    now: datetime,
    types: Collection[str],
    limit: int,
    *,
    titles_only: bool = False,
) -> tuple[Question, list[_Found]]:
    question = read(session, query)
    if not question.terms:
        return question, []
    finding = _Finding(session, language, types, now)
    finding.starting(question)
    _look(finding, question, limit, titles_only=titles_only)
    if finding.top < GOOD and len(question.terms) > 1:
        doubted = doubt(session, question)
        _look(finding, doubted, limit, titles_only=titles_only)
        if not finding.best:
            _look_for_some(finding, question, titles_only=titles_only)
        question = doubted
    ranked = finding.ranked()
    return question, [found for found in ranked if found.rank.score >= finding.top * (1 - FAR)]


def _look(finding: _Finding, question: Question, limit: int, *, titles_only: bool) -> None:
    needed = question.needed
    if not all(term.words for term in needed):
        return
    titles = finding.titled(question, needed)
    if not titles_only and titles < max(limit, MOST_RANKED // 3):
        finding.telling(question, needed)


def _look_for_some(finding: _Finding, question: Question, *, titles_only: bool) -> None:
    """Find what holds two of the rarest words, or one where there are but two."""
    known = sorted((t for t in question.needed if t.words), key=attrgetter("weight"), reverse=True)
    for terms in _some(known[:RARE_WORDS]):
        finding.titled(question, terms)
        if not titles_only:
            finding.telling(question, terms)


def _some(terms: Sequence[Term]) -> Iterator[Sequence[Term]]:
    return iter(combinations(terms, 2 if len(terms) > 2 else 1))


def _hits(
    session: Session,
    question: Question,
    found: Sequence[_Found],
    language: str,
    *,
    titles_only: bool = False,
) -> list[Hit]:
    """*found* as it is shown: in *language* where the item has it."""
    rows = session.scalars(
        select(SearchDocument).where(SearchDocument.id.in_([one.document for one in found]))
    )
    documents = {document.id: document for document in rows}
    asked = [term.words for term in question.terms]
    translated = _in_language(session, found, language)
    hits = []
    for one in found:
        document = documents[one.document]
        shown = translated.get(one.item, document)
        texts = (
            [shown.title]
            if titles_only
            else [shown.body, shown.title, document.body, document.title]
        )
        marked = (highlight(text, asked) for text in texts)
        hits.append(
            Hit(
                type=document.type,
                id=document.item_id,
                slug=document.slug,
                title=shown.title,
                highlight=next(filter(None, marked), ""),
                updated_at=document.updated_at,
                score=round(one.rank.score, 4),
            )
        )
    return hits


def _in_language(
    session: Session, found: Sequence[_Found], language: str
) -> dict[uuid.UUID, SearchDocument]:
    """The documents in *language* of items that were found in another, by the item's id."""
    missing = [one.item for one in found if one.language != language]
    if not missing:
        return {}
    others = select(SearchDocument).where(
        SearchDocument.item_id.in_(missing), SearchDocument.language == language
    )
    return {document.item_id: document for document in session.scalars(others)}
