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


@dataclass(frozen=True, slots=True)
class Rank:
    """How good an answer is, from 0 to 1, and how much of the question it holds."""

    score: float
    held: float


NO_ANSWER = Rank(0.0, 0.0)


class Judge:
    """Ranks documents by how well they answer *terms*.

    What each word may mean is turned round once for all of them: a word of a document is looked
    up once, however many words were typed and however many each may stand for.
    """

    def __init__(self, terms: Sequence[Term]) -> None:
        self.weights = [term.weight for term in terms]
        self.total = sum(self.weights)
        self.nothing = [0.0] * len(terms)
        self.nowhere = [-1] * len(terms)
        self.meant: dict[str, list[tuple[int, float]]] = {}
        for number, term in enumerate(terms):
            for word, likely in term.words.items():
                self.meant.setdefault(word, []).append((number, likely))
        self.words = frozenset(self.meant)

    def rank(self, folded_title: str, folded_body: str | None) -> Rank:
        """How well a document with these folded texts answers.

        *folded_body* is None where only titles count.
        """
        if not self.total:
            return NO_ANSWER
        told, best = (self.nothing, NO_ANSWER) if folded_body is None else self._told(folded_body)
        names = [name.split() for name in folded_title.split(" | ")]
        anywhere = self.nothing
        if len(names) > 1:
            anywhere = self._found([word for name in names for word in name])[0]
        for name in names:
            one = self._named(name, anywhere, told)
            if one.score > best.score:
                best = Rank(one.score, max(one.held, best.held))
        return best

    def _named(self, name: Sequence[str], anywhere: Sequence[float], told: Sequence[float]) -> Rank:
        """How well *name* answers, with what is in the other names and in the text."""
        gained = held = 0.0
        places: list[int] = []
        for weight, here, place, elsewhere, likely_told in zip(
            self.weights, *self._found(name), anywhere, told, strict=True
        ):
            likely = worth = here
            if place >= 0:
                places.append(place)
            elif elsewhere:
                likely, worth = elsewhere, IN_OTHER_NAME * elsewhere
            gained += weight * max(worth, IN_TEXT * likely_told)
            held += weight * max(likely, likely_told)
        if not places:
            return Rank(gained / self.total * PLAIN, held / self.total)
        steps = [after - before for before, after in pairwise(places)]
        follows = steps.count(1) + NEXT_BUT_ONE * steps.count(2)
        shape = (
            PLAIN
            + COVERED * len(set(places)) / len(name)
            + IN_ORDER * (follows + 1) / len(self.weights)
            + AT_START * (0 in places)
        )
        return Rank(gained / self.total * shape, held / self.total)

    def _found(self, words: Sequence[str]) -> tuple[list[float], list[int]]:
        """For each term how likely the likeliest of *words* is meant, and where it stands or -1."""
        likely, places = self.nothing.copy(), self.nowhere.copy()
        for position, word in enumerate(words):
            for number, here in self.meant.get(word, ()):
                if here > likely[number]:
                    likely[number], places[number] = here, position
        return likely, places

    def _told(self, text: str) -> tuple[list[float], Rank]:
        """How likely each term is in *text*, and how well the text alone answers."""
        found = [(0.0, "")] * len(self.weights)
        for word in self.words.intersection(text.split()):
            for number, likely in self.meant[word]:
                found[number] = max(found[number], (likely, word))
        told = [likely for likely, _ in found]
        held = sum(weight * likely for weight, likely in zip(self.weights, told, strict=True))
        if not held:
            return told, NO_ANSWER
        padded = f" {text} "
        follows = sum(
            f" {first} {second} " in padded
            for (_, first), (_, second) in pairwise(found)
            if first and second
        )
        shape = TOLD + TOLD_IN_ORDER * follows / max(1, len(told) - 1)
        return told, Rank(held / self.total * shape, held / self.total)
