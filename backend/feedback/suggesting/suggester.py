"""The suggestion itself: from written sentences, the categories' keywords and decided reports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.feedback.suggesting.classifier import Classifier, Guess, counted
from backend.feedback.suggesting.models import CategoryCount, CategoryLesson
from content.vocabularies.models import Term, Vocabulary
from content.vocabularies.queries import terms

SENTENCES = Path(__file__).with_name("sentences.tsv")
MOST = 3
LEAST = 0.05
"""What is less likely than that is not worth a line."""


class Suggester:
    """Suggests categories; one in each process, taught anew when there is something to learn."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._learned: tuple[Any, ...] | None = None
        self._classifier = Classifier({})

    def suggest(self, session: Session, text: str) -> Sequence[Guess]:
        """At most MOST categories that *text* may mean, the likeliest first; maybe none."""
        classifier = self._taught(session)
        likely = [guess for guess in classifier.guesses(text) if guess.probability >= LEAST]
        return likely[:MOST]

    def _taught(self, session: Session) -> Classifier:
        of_terms = select(func.max(Term.updated_at), func.count(Term.id))
        newest = (
            session.scalar(select(func.max(CategoryLesson.round))),
            *session.execute(of_terms.where(Term.vocabulary == Vocabulary.REPORT)).one(),
        )
        if newest != self._learned:
            with self._lock:
                if newest != self._learned:
                    self._classifier = Classifier(known(session))
                    self._learned = newest
        return self._classifier


def known(session: Session) -> dict[int, dict[str, int]]:
    """All that is known of the categories there are, as counts."""
    leaves = _leaves(terms(session, Vocabulary.REPORT))
    codes = {term.code for term in leaves}
    written = [pair for pair in sentences() if pair[0] in codes]
    counts = counted([*written, *_keywords(leaves)])
    rows = session.execute(
        select(CategoryCount.bucket, CategoryCount.category, CategoryCount.count).where(
            CategoryCount.count > 0
        )
    )
    for bucket, category, count in rows:
        if category in codes:
            counts.setdefault(bucket, defaultdict(int))[category] += count
    return counts


@cache
def sentences() -> Sequence[tuple[str, str]]:
    """The sentences that were written to begin with: a category's code and a text."""
    lines = SENTENCES.read_text(encoding="utf-8").splitlines()
    return [(code, text) for code, _, text in (line.partition("\t") for line in lines)]


def _leaves(every: Sequence[Term]) -> list[Term]:
    groups = {term.parent for term in every}
    return [term for term in every if term.code not in groups]


def _keywords(leaves: Sequence[Term]) -> Iterator[tuple[str, str]]:
    for term in leaves:
        for text in (*term.name.values(), *term.keywords):
            yield term.code, text
