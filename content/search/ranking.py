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

SIDE_BY_SIDE = 0.25
"""What words gain that stand in the text in the order in which they were typed."""

PLAIN, COVERED, IN_ORDER, AT_START = 0.62, 0.22, 0.12, 0.04
"""Shares of a title's score: having the words; few others; in order; from the first word on."""


_InText = tuple[float, float]
"""How likely a word of the text is the one that was typed, and what it is worth."""


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
    best = Rank(0.0, 0.0)
    in_body = _in_text(terms, folded_body) if folded_body is not None else [(0.0, 0.0)] * len(terms)
    everywhere = [word for name in names for word in name]
    for name in names:
        one = _rank(terms, name, everywhere, in_body)
        if one.score > best.score:
            best = one
    return best


def _rank(
    terms: Sequence[Term], name: Sequence[str], all_names: Sequence[str], in_body: Sequence[_InText]
) -> Rank:
    total = gained = held = 0.0
    places: list[int] = []
    for term, (meant_in_text, text_worth) in zip(terms, in_body, strict=True):
        likely, place = _best(term, name)
        meant = likely
        if place < 0 and len(all_names) > len(name):
            meant = _best(term, all_names)[0]
            likely = IN_OTHER_NAME * meant
        if place >= 0:
            places.append(place)
        worth = max(likely, text_worth)
        total += term.weight
        gained += term.weight * worth
        held += term.weight * max(meant, meant_in_text)
    if not total:
        return Rank(0.0, 0.0)
    covered = len(set(places)) / len(name) if name else 0.0
    follows = sum(after - before == 1 for before, after in pairwise(places))
    in_order = (follows + 1) / len(terms) if places else 0.0
    shape = PLAIN + COVERED * covered + IN_ORDER * in_order + AT_START * (0 in places)
    return Rank(gained / total * shape, held / total)


def _best(term: Term, words: Sequence[str]) -> tuple[float, int]:
    """How likely the likeliest of *words* is meant by *term*, and where it stands, or -1."""
    likely, place = 0.0, -1
    for position, word in enumerate(words):
        here = term.words.get(word, 0.0)
        if here > likely:
            likely, place = here, position
    return likely, place


def _in_text(terms: Sequence[Term], text: str) -> list[_InText]:
    held = set(text.split())
    found = [
        max(held & term.words.keys(), key=lambda word: (term.words[word], word), default="")
        for term in terms
    ]
    worth = [IN_TEXT] * len(terms)
    padded = f" {text} "
    for i, (first, second) in enumerate(pairwise(found)):
        if first and second and f" {first} {second} " in padded:
            worth[i] = worth[i + 1] = IN_TEXT + SIDE_BY_SIDE
    likely = [term.words.get(word, 0.0) for term, word in zip(terms, found, strict=True)]
    return [(meant, meant * share) for meant, share in zip(likely, worth, strict=True)]
