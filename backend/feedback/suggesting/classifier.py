"""A small classifier of sentences: naive Bayes by what the other categories do not say.

It is "complement" naive Bayes, which holds up better than the usual one where categories have
few sentences. It reads folded words, pairs of words and pieces of three or four letters, so that
accents do not matter and a slip of the finger costs little.
"""

from __future__ import annotations

import itertools
import math
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from content.text import words

BUCKETS = 1 << 18
PIECES = (3, 4)
WORD_WEIGHT, PIECE_WEIGHT = 3.0, 1.0
SMOOTHING = 1.0
SHARPNESS = 4.0
"""Where the probabilities fit best how often it is right; see tests/bench/bench_categories.py."""

Counts = Mapping[int, Mapping[str, int]]
"""How many sentences of each category have a feature, by the feature's bucket."""


@dataclass(frozen=True)
class Guess:
    """A category and how likely it is, from 0 to 1."""

    code: str
    probability: float


def features(text: str) -> dict[int, float]:
    """What *text* is known by: numbers of buckets, each with its weight.

    Numbers are left out: those of telephones and houses say nothing of the matter.
    A bucket does not tell which word it stands for.
    """
    said = [word for word in words(text) if not word.isdigit()]
    pieces = f" {' '.join(said)} "
    found = {
        _bucket(pieces[at : at + length]): PIECE_WEIGHT
        for length in PIECES
        for at in range(len(pieces) - length + 1)
    }
    found |= {_bucket(f"word {word}"): WORD_WEIGHT for word in said}
    found |= {
        _bucket(f"pair {one} {next_one}"): WORD_WEIGHT for one, next_one in itertools.pairwise(said)
    }
    return found


def _bucket(feature: str) -> int:
    return zlib.crc32(feature.encode()) % BUCKETS


def counted(sentences: Iterable[tuple[str, str]]) -> dict[int, dict[str, int]]:
    """The counts of *sentences*, pairs of a category's code and a text."""
    counts: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for code, text in sentences:
        for bucket in features(text):
            counts[bucket][code] += 1
    return counts


class Classifier:
    """Guesses categories from *counts*."""

    def __init__(self, counts: Counts) -> None:
        self.counts = counts
        self.sums = {bucket: sum(row.values()) for bucket, row in counts.items()}
        totals: dict[str, int] = defaultdict(int)
        for row in counts.values():
            for code, count in row.items():
                totals[code] += count
        every = sum(totals.values()) + SMOOTHING * len(counts)
        self.others = {code: math.log(every - total) for code, total in totals.items()}

    def guesses(self, text: str) -> Sequence[Guess]:
        """Every category, the likeliest first; none where nothing of *text* is known."""
        known = {bucket: weight for bucket, weight in features(text).items() if bucket in self.sums}
        if not known:
            return []
        # What does not differ between categories is left out.
        scores = {code: sum(known.values()) * others for code, others in self.others.items()}
        for bucket, weight in known.items():
            every = self.sums[bucket] + SMOOTHING
            for code, count in self.counts[bucket].items():
                scores[code] += weight * (math.log(every) - math.log(every - count))
        # Features of one sentence depend on each other, so a long one would be all too sure.
        sharpness = SHARPNESS / math.sqrt(len(known))
        best = max(scores.values())
        shares = {code: math.exp((score - best) * sharpness) for code, score in scores.items()}
        whole = sum(shares.values())
        found = [Guess(code, share / whole) for code, share in shares.items()]
        return sorted(found, key=lambda guess: (-guess.probability, guess.code))
