"""What a file is cut into: rows, and what is wrong with them."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from content.errors import N_, Invalid

MOST_ROWS = 5000


@dataclass(frozen=True)
class Problem:
    """What is wrong in a row, and in which field; the row of a file's head is 1."""

    row: int
    field: str
    message: str
    values: dict[str, Any] = dataclasses.field(default_factory=dict)


@dataclass
class Row:
    """One row or feature: its number in the file, and the fields that it says something of.

    With *by_language* it says something only of the languages that it has.
    """

    number: int
    values: dict[str, Any]
    by_language: bool = False
    problems: list[Problem] = dataclasses.field(default_factory=list)

    def wrong(self, field: str, message: str, **values: Any) -> None:
        """Note that something is wrong in *field*, in the row as a whole where it is empty."""
        self.problems.append(Problem(self.number, field, message, values))


def refuse_many(rows: list[Row]) -> None:
    """Raise Invalid where a file has more rows than one import takes."""
    if len(rows) > MOST_ROWS:
        raise Invalid(
            {"file": [N_("The file has more than %(most)s rows: divide it.")]}, most=MOST_ROWS
        )


def mark_repeated(rows: list[Row]) -> None:
    """Give a problem to each row that says the same id or slug as one above it."""
    first: dict[tuple[str, str], int] = {}
    for row in rows:
        for name in ("id", "slug"):
            value = row.values.get(name)
            if not isinstance(value, str) or not value:
                continue
            other = first.setdefault((name, value), row.number)
            if other != row.number:
                row.wrong(name, REPEATED, other=other)


REPEATED = N_("Is the same as in row %(other)s.")
