"""Counts and the spread of times, of any number of reports."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from backend.feedback.statistics.facts import measures_of
from backend.feedback.statistics.models import COUNTS

Spread = dict[int, tuple[int, int]]
"""How many, and their total, by bucket."""


@dataclass
class Tally:
    """Counts, and the spread of each measure."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    spreads: dict[str, Spread] = field(default_factory=lambda: defaultdict(dict))

    def add(self, other: Tally) -> None:
        """Add what the *other* has."""
        for name, number in other.counts.items():
            self.counts[name] += number
        for measure, spread in other.spreads.items():
            for bucket, (number, total) in spread.items():
                self.add_measured(measure, bucket, number, total)

    def add_fact(self, fact: dict[str, Any], sign: int, *, measured: bool = True) -> None:
        """Add what one report counts for, or take it off with a *sign* of -1.

        Its times and its rating count where they are *measured*.
        """
        counts = self.counts
        for name in COUNTS:
            if fact[name]:
                counts[name] += sign
        if not measured:
            return
        for measure, bucket, amount in measures_of(fact):
            self.add_measured(measure, bucket, sign, sign * amount)

    def add_measured(self, measure: str, bucket: int, number: int, total: int) -> None:
        """Add *number* amounts of this *total* to a bucket."""
        before = self.spreads[measure].get(bucket, (0, 0))
        self.spreads[measure][bucket] = (before[0] + number, before[1] + total)

    def measured(self, measure: str) -> int:
        """How many were measured."""
        return sum(number for number, _ in self.spreads[measure].values())

    def mean(self, measure: str) -> float | None:
        """The mean, which is exact; None where nothing was measured."""
        number = self.measured(measure)
        total = sum(total for _, total in self.spreads[measure].values())
        return total / number if number else None

    def percentile(self, measure: str, share: float) -> int | None:
        """The smallest amount that this *share* of all does not exceed: the nearest rank.

        It is the mean of the bucket in which that rank lies: exact where all in it are equal,
        and never off by more than a bucket is wide, 9 percent. None where nothing was measured.
        """
        rank = math.ceil(share * self.measured(measure))
        passed = 0
        for _, (number, total) in sorted(self.spreads[measure].items()):
            passed += number
            if number and passed >= rank:
                return round(total / number)
        return None
