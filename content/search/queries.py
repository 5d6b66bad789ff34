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

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from content.search import candidates
from content.search.asking import Question, Term, doubt, read
from content.search.highlighting import highlight
from content.search.matching import Condition
from content.search.models import SearchDocument
from content.search.ranking import Judge, Rank
from content.search.vocabulary import HIGHEST

MOST_BEGINNINGS, MOST_TITLES, MOST_TEXTS = 40, 200, 100
"""How many documents of each kind of match are ranked."""

ENOUGH_TITLES = 50
"""Where so many titles hold the words, texts are not asked as well."""

GOOD = 0.6
"""A score that leaves no doubt that words were meant as they were typed."""

ENOUGH = 0.6
"""How much of a question an answer has to hold, by the weight of its words."""

RARE_WORDS = 4
"""How many of the rarest words are tried in pairs where nothing holds all."""

DOUBTED = 3
"""How many of the rarest words are tried for being misspellings of words that exist."""

RARE = 1000
"""A word in at most so many texts tells enough of them to look for it in spite of doubts."""

FEW = 4000
"""So many documents are faster compared than guessed at."""

FAR = 0.75
"""Answers that are worse than the best one by more than this share are left out."""


_weight = attrgetter("weight")


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
    type: str
    item: str | uuid.UUID
    language: str
    title: str
    rank: Rank

    @property
    def id(self) -> uuid.UUID:
        """The item's id."""
        return uuid.UUID(self.item) if isinstance(self.item, str) else self.item


def _documents(clauses: Sequence[Sequence[Term]]) -> int:
    """At most how many documents hold all terms of one of *clauses*."""
    return sum(min(term.documents for term in clause) for clause in clauses)


class _Finding:
    """One search: what was found so far, by item, each by its best document."""

    def __init__(
        self, session: Session, language: str, types: Collection[str], now: datetime
    ) -> None:
        self.session = session
        self.language = language
        self.types = sorted(types)
        self.on_postgresql = session.get_bind().dialect.name == "postgresql"
        self.now = now
        self.best: dict[str | uuid.UUID, _Found] = {}

    def ranked(self) -> list[_Found]:
        """The best first; of equals those with short titles."""
        return sorted(
            self.best.values(),
            key=lambda found: (-found.rank.score, len(found.title), found.title, found.item),
        )

    @property
    def top(self) -> float:
        """The best score so far."""
        return max((found.rank.score for found in self.best.values()), default=0.0)

    def starting(self, question: Question) -> None:
        """Find titles that begin with what was typed."""
        first = " ".join(question.typed)
        self._add(
            candidates.STARTING,
            question,
            MOST_BEGINNINGS,
            first=first,
            last=first + HIGHEST,
            any_type=not self.types,
            types=self.types,
        )

    def titled(self, question: Question, clauses: Sequence[Sequence[Term]]) -> int:
        """Find titles that hold all terms of one of *clauses*. Answers how many documents."""
        few = self.on_postgresql and _documents(clauses) <= FEW
        statement = candidates.IN_FEW_TITLES if few else candidates.TITLED
        return self._add(statement, question, MOST_TITLES, asked=self._asked(clauses))

    def telling(self, question: Question, clauses: Sequence[Sequence[Term]]) -> None:
        """Find documents that hold all terms of one of *clauses* anywhere."""
        few = self.on_postgresql and _documents(clauses) <= FEW
        statement = candidates.IN_FEW_TEXTS if few else candidates.TELLING
        self._add(statement, question, MOST_TEXTS, asked=self._asked(clauses))

    def telling_of_rare_words(self, question: Question, clauses: Sequence[Sequence[Term]]) -> None:
        """Find documents that hold all terms of one of those *clauses* with a rare term.

        What is in many texts is no sign that one of them was meant.
        """
        if rare := [clause for clause in clauses if _documents([clause]) <= RARE]:
            self.telling(question, rare)

    def _asked(self, clauses: Sequence[Sequence[Term]]) -> Condition:
        """*clauses* for the index, the most telling words first: they leave least to compare."""
        return Condition(
            [
                [tuple(term.words) for term in sorted(clause, key=_weight, reverse=True)]
                for clause in clauses
            ],
            self.types,
        )

    def _add(self, statement: Select[Any], question: Question, most: int, **asked: Any) -> int:
        bound = {"now": self.now, "most": most, **asked}
        rows = self.session.execute(statement, bound).all()
        judge = Judge(question.terms)
        for key, kind, item, language, title, body in rows:
            rank = judge.rank(title, body)
            known = self.best.get(item)
            if rank.held >= ENOUGH and (
                known is None
                or (rank.score, language == self.language)
                > (known.rank.score, known.language == self.language)
            ):
                self.best[item] = _Found(key, kind, item, language, title, rank)
        return len(rows)


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
    return [one.id for one in found[:limit]]


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
    needed = question.needed
    if all(term.words for term in needed):
        titles = finding.titled(question, [needed])
        if not titles_only and titles < min(limit, ENOUGH_TITLES):
            finding.telling(question, [needed])
    if finding.top < GOOD and len(needed) > 1:
        question = _doubt(finding, question, titles_only=titles_only)
    least = finding.top * (1 - FAR)
    return question, [found for found in finding.ranked() if found.rank.score >= least]


def _doubt(finding: _Finding, question: Question, *, titles_only: bool) -> Question:
    """Find what answers if one word was meant to be another, else what holds some of the words.

    Answers the question with the corrections.
    """
    doubted = doubt(finding.session, question)
    typed = question.needed
    if all(term.words for term in typed):
        clauses = list(_one_corrected(typed, doubted.needed))
        finding.titled(doubted, clauses)
        if not finding.best and not titles_only:
            finding.telling_of_rare_words(doubted, clauses)
    if not finding.best and (clauses := list(_some(question.needed))):
        finding.titled(question, clauses)
        if not titles_only:
            finding.telling_of_rare_words(question, clauses)
    return doubted


def _one_corrected(typed: Sequence[Term], corrected: Sequence[Term]) -> Iterator[Sequence[Term]]:
    """For each of the most telling words a clause in which it alone is corrected.

    Of the other words each clause demands the most telling as they were typed. Where there are
    more, one clause leaves the rest open, so that any of them may be the misspelt one.
    """
    telling = sorted(range(len(typed)), key=lambda i: typed[i].weight, reverse=True)
    for i in telling[:DOUBTED]:
        others = [other for other in telling if other != i][:DOUBTED]
        yield [corrected[i], *(typed[other] for other in others)]
    if len(telling) > DOUBTED:
        yield [typed[i] for i in telling[:DOUBTED]]


def _some(terms: Sequence[Term]) -> Iterator[Sequence[Term]]:
    """Each two of the most telling of *terms*, or each one where there are but two."""
    known = [term for term in terms if term.words]
    telling = sorted(known, key=_weight, reverse=True)[:RARE_WORDS]
    return iter(combinations(telling, 2 if len(telling) > 2 else 1))


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
        shown = translated.get(document.item_id, document)
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
    missing = [one for one in found if one.language != language]
    if not missing:
        return {}
    others = select(SearchDocument).where(
        SearchDocument.type.in_(sorted({one.type for one in missing})),
        SearchDocument.item_id.in_([one.id for one in missing]),
        SearchDocument.language == language,
    )
    return {document.item_id: document for document in session.scalars(others)}
