"""The days that a question is about, as they were linked and are kept between two turns."""

from datetime import date
from typing import Any, NamedTuple, Optional


class Day(NamedTuple):
    """A day, or the days from `first` to `last`."""

    first: date
    last: date

    @property
    def in_words(self) -> str:
        """As it is written in an answer: "30/04/2026" or "30/04/2026 – 02/05/2026"."""
        first, last = f"{self.first:%d/%m/%Y}", f"{self.last:%d/%m/%Y}"
        return first if first == last else f"{first} – {last}"

    def kept(self) -> list[str]:
        """As it is kept between two turns."""
        return [self.first.isoformat(), self.last.isoformat()]


def day_of(kept: Any) -> Optional[Day]:
    """The days that `Day.kept` was made of; None for anything else."""
    try:
        first, last = map(date.fromisoformat, kept)
    except (TypeError, ValueError):
        return None
    return Day(first, last)
