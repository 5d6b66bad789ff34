"""How well a document answers a question: pure arithmetic over a few hundred candidates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from content.search.asking import Term

IN_TEXT = 0.45
"""What a word in the text is worth beside the same word in a title."""

IN_OTHER_NAME = 0.8
"""What a word of another name of the same thing is worth."""

PLAIN, COVERED, IN_ORDER, AT_START = 0.52, 0.18, 0.26, 0.04
"""Shares of a title's score: having the words; few others; in order; from the first word on."""

TOLD, TOLD_IN_ORDER = 0.3, 0.42
"""Shares of a text's score: having the words; side by side, in the order as typed."""

NEXT_BUT_ONE = 0.5
"""What two words are worth that should stand side by side and have one between them."""


@dataclass(frozen=True)
class Rank:
    """How good an answer is, from 0 to 1, and how much of the question it holds."""

    score: float
    held: float


def rank(terms: Sequence[Term], folded_title: str, folded_body: str | None) -> Rank:
    """How well a document with these folded texts answers *terms*.

    *folded_body* is None where only titles count.
    """
    names = [name.split() for name in folded_title.split(" | ")]
    everywhere = [word for name in names for word in name]
    told = [0.0] * len(terms)
    best = Rank(0.0, 0.0)
    if folded_body is not None:
        told, best = _told(terms, folded_body)
    for name in names:
        one = _named(terms, name, everywhere, told)
        if one.score > best.score:
            best = Rank(one.score, max(one.held, best.held))
    return best


def _named(
    terms: Sequence[Term], name: Sequence[str], all_names: Sequence[str], told: Sequence[float]
) -> Rank:
    total = gained = held = 0.0
    places: list[int] = []
    for term, likely_told in zip(terms, told, strict=True):
        likely, place = _best(term, name)
        worth = likely
        if place >= 0:
            places.append(place)
        elif len(all_names) > len(name):
            likely = _best(term, all_names)[0]
            worth = IN_OTHER_NAME * likely
        total += term.weight
        gained += term.weight * max(worth, IN_TEXT * likely_told)
        held += term.weight * max(likely, likely_told)
    if not total:
        return Rank(0.0, 0.0)
    covered = len(set(places)) / len(name) if name else 0.0
    steps = [after - before for before, after in pairwise(places)]
    follows = steps.count(1) + NEXT_BUT_ONE * steps.count(2)
    in_order = (follows + 1) / len(terms) if places else 0.0
    shape = PLAIN + COVERED * covered + IN_ORDER * in_order + AT_START * (0 in places)
    return Rank(gained / total * shape, held / total)


def _told(terms: Sequence[Term], text: str) -> tuple[list[float], Rank]:
    """How likely each term is in *text*, and how well the text alone answers."""
    words = set(text.split())
    found = [
        max(words & term.words.keys(), key=lambda word: (term.words[word], word), default="")
        for term in terms
    ]
    likely = [term.words.get(word, 0.0) for term, word in zip(terms, found, strict=True)]
    total = sum(term.weight for term in terms)
    held = sum(term.weight * told for term, told in zip(terms, likely, strict=True))
    if not held:
        return likely, Rank(0.0, 0.0)
    padded = f" {text} "
    follows = sum(f" {first} {second} " in padded for first, second in pairwise(found))
    shape = TOLD + TOLD_IN_ORDER * follows / max(1, len(terms) - 1)
    return likely, Rank(held / total * shape, held / total)


def _best(term: Term, words: Sequence[str]) -> tuple[float, int]:
    """How likely the likeliest of *words* is meant by *term*, and where it stands, or -1."""
    likely, place = 0.0, -1
    for position, word in enumerate(words):
        here = term.words.get(word, 0.0)
        if here > likely:
            likely, place = here, position
    return likely, place
