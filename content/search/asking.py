"""Reading what somebody typed: which words of the documents each typed word may stand for."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from sqlalchemy.orm import Session

from content.search import spelling, vocabulary
from content.search.filing import folded

MOST_WORDS = 12
"""More words than these of one question add cost and no meaning."""

MOST_ENDINGS = 12
"""How many words one beginning stands for."""

MOST_CORRECTIONS = 12

MISTRUST = 0.7
"""How much less a correction of a word counts that documents do hold as it was typed."""

SMALL = frozenset(
    [
        *("o", "dau", "co", "nao", "gi", "la", "how", "do", "i", "what", "where", "is", "are"),
        *("the", "of", "in", "at", "on", "to", "for", "and", "a", "an"),
    ]
)
"""Words of questions, which a document need not hold."""

WEIGHT_OF_SMALL = 0.25
WEIGHT_OF_UNKNOWN = 0.5


@dataclass(frozen=True)
class Term:
    """A typed word; *words* are those it may stand for, from 0 to 1 how likely.

    *weight* says how much the word tells: a rare one tells more. *documents* is how many
    documents hold one of *words*, at most.
    """

    typed: str
    words: dict[str, float]
    weight: float
    documents: int
    needed: bool = True


@dataclass(frozen=True)
class Question:
    """What was typed, folded, and what it may mean."""

    typed: Sequence[str]
    terms: Sequence[Term]
    documents: int

    @property
    def needed(self) -> list[Term]:
        """The terms that a good answer holds: all but small words, unless there are no others."""
        return [term for term in self.terms if term.needed] or list(self.terms)


def read(session: Session, query: str) -> Question:
    """What *query* asks for; words that no document holds are taken for misspellings.

    The last word may be a beginning.
    """
    typed = folded(query)[:MOST_WORDS]
    pairs = [first + second for first, second in pairwise(typed)]
    counts = vocabulary.counts(session, {vocabulary.ALL, *typed, *pairs})
    documents = counts.pop(vocabulary.ALL, 0)
    if not typed or not documents:
        return Question(typed, [], documents)
    typed = _without_blanks(typed, counts)
    endings = vocabulary.beginning(session, typed[-1], MOST_ENDINGS)
    strange = [word for word in typed if word not in counts and (word != typed[-1] or not endings)]
    near = _near(session, strange, counts)
    pieces = _pieces(session, [word for word in strange if word not in near], counts)
    terms: list[Term] = []
    for position, word in enumerate(typed):
        if word in pieces:
            terms += [_term(piece, {piece: 1.0}, counts, documents) for piece in pieces[word]]
            continue
        words = near.get(word, {}) | ({word: 1.0} if word in counts else {})
        if position == len(typed) - 1:
            counts |= endings
            words = _endings(word, endings) | words
        terms.append(_term(word, words, counts, documents))
    return Question(typed, terms, documents)


def doubt(session: Session, question: Question) -> Question:
    """*question* with corrections also of words that some document holds as they were typed."""
    counts: dict[str, int] = {}
    near = _near(session, {term.typed for term in question.terms}, counts)
    return replace(
        question,
        terms=[_doubted(term, near.get(term.typed, {}), counts) for term in question.terms],
    )


def _doubted(term: Term, near: Mapping[str, float], counts: Mapping[str, int]) -> Term:
    others = {word: likely * MISTRUST for word, likely in near.items() if word not in term.words}
    documents = term.documents + sum(counts[word] for word in others)
    return replace(term, words=others | term.words, documents=documents)


def _near(
    session: Session, typed: Collection[str], counts: dict[str, int]
) -> dict[str, dict[str, float]]:
    """For each of *typed* the words it may be a misspelling of, counted in *counts* too."""
    shared = {
        word: {*spelling.keys(word), spelling.without_telex(word)}
        for word in typed
        if len(word) >= spelling.SHORTEST
    }
    holders = vocabulary.sharing(session, set().union(*shared.values()))
    found: dict[str, dict[str, float]] = {}
    for word, its in shared.items():
        candidates: dict[str, int] = {}
        for key in its:
            candidates |= holders.get(key, {})
        if nearest := spelling.nearest(word, candidates, MOST_CORRECTIONS):
            found[word] = nearest
            counts |= {other: candidates[other] for other in nearest}
    return found


def _pieces(
    session: Session, strange: Collection[str], counts: dict[str, int]
) -> dict[str, list[str]]:
    """Those of *strange* that are words without blanks between them, cut into these."""
    wanted = set().union(*map(spelling.syllables_in, strange))
    if not wanted:
        return {}
    known = vocabulary.counts(session, wanted)
    cut = {word: spelling.split(word, known) for word in strange}
    counts |= known
    return {word: pieces for word, pieces in cut.items() if pieces}


def _without_blanks(typed: Sequence[str], counts: Mapping[str, int]) -> list[str]:
    """*typed* with two neighbours joined where documents rather hold the joined word."""
    words = list(typed[:1])
    for word in typed[1:]:
        pair = words[-1] + word
        if counts.get(pair, 0) > min(counts.get(words[-1], 0), counts.get(word, 0)):
            words[-1] = pair
        else:
            words.append(word)
    return words


def _endings(letters: str, endings: Mapping[str, int]) -> dict[str, float]:
    """How likely each word is what *letters* begin: less, the more letters are missing."""
    return {word: max(0.7, 0.95 - 0.03 * (len(word) - len(letters))) for word in endings}


def _term(typed: str, words: dict[str, float], counts: Mapping[str, int], documents: int) -> Term:
    likeliest = max(words, key=lambda word: words[word], default=None)
    weight = math.log1p(documents / (1 + (counts[likeliest] if likeliest else 0)))
    holding = sum(counts[word] for word in words)
    if typed in SMALL:
        return Term(typed, words, weight * WEIGHT_OF_SMALL, holding, needed=False)
    return Term(typed, words, weight if words else weight * WEIGHT_OF_UNKNOWN, holding)
