"""The form of a tide table that can be imported: CSV in UTF-8, checked line by line.

The first line is `station,time,height_m,kind`. A time is an RFC 3339 moment with its offset,
a height is in metres with a decimal point, a kind is `high` or `low`.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from itertools import pairwise
from typing import TypeVar

from content.errors import N_, Invalid
from content.tides.models import TideKind

HEADER = ["station", "time", "height_m", "kind"]
MOST_LINES = 10_000
LONGEST_STATION = 80
HEIGHTS_M = (-5.0, 20.0)
"""The greatest tides on earth stay within this."""

YEARS = range(1990, 2101)

Read = TypeVar("Read")


@dataclass(frozen=True)
class Row:
    """One line of a table; *line* is counted from 1, as an editor shows it."""

    line: int
    station: str
    at: datetime
    height_m: float
    kind: str


class Wrong(Exception):
    """A line breaks a rule; the message says which."""


def read_table(data: bytes) -> list[Row]:
    """The rows of the table in *data*, by station and time.

    Raises Invalid that names every bad line ("line 7") and says what is wrong with it, or
    `file` where the whole cannot be read.
    """
    lines = list(_lines(data))
    number, first = lines[0] if lines else (1, "")
    if [cell.strip() for cell in first.split(",")] != HEADER:
        sentence = N_("The first line must be: station,time,height_m,kind (with commas).")
        raise Invalid({f"line {number}": [sentence]})
    if len(lines) - 1 > MOST_LINES:
        raise Invalid({"file": [N_("At most 10,000 lines at once.")]})
    problems: dict[int, list[str]] = {}
    rows = []
    for number, text in lines[1:]:
        try:
            rows.append(_row(number, text))
        except Wrong as wrong:
            problems[number] = [str(wrong)]
    rows.sort(key=lambda row: (row.station, row.at, row.line))
    for number, sentence in _contradictions(rows):
        problems.setdefault(number, []).append(sentence)
    if problems:
        raise Invalid({f"line {number}": problems[number] for number in sorted(problems)})
    if not rows:
        raise Invalid({"file": [N_("The table has no lines below its header.")]})
    return rows


def _lines(data: bytes) -> Iterator[tuple[int, str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid({"file": [N_("This is no text in UTF-8.")]}) from None
    for number, line in enumerate(StringIO(text, newline=None), start=1):
        if line.strip():
            yield number, line.rstrip("\n")


def _row(number: int, text: str) -> Row:
    try:
        (cells,) = csv.reader([text], strict=True)
    except (csv.Error, ValueError):
        raise Wrong(N_("This line cannot be read: a quotation mark is wrong.")) from None
    if len(cells) != len(HEADER):
        raise Wrong(N_("Must have 4 columns: station, time, height_m, kind."))
    station, time, height, kind = (cell.strip() for cell in cells)
    if not station or len(station) > LONGEST_STATION or not station.isprintable():
        raise Wrong(N_("The station needs a name of at most 80 characters."))
    return Row(number, station, _moment(time), _height(height), _kind(kind))


def _moment(text: str) -> datetime:
    moment = _read(
        datetime.fromisoformat,
        text,
        N_("The time must be written with its offset, as 2026-07-01T05:12:00+07:00."),
    )
    if moment.tzinfo is None or "T" not in text:
        raise Wrong(N_("The time must be written with its offset, as 2026-07-01T05:12:00+07:00."))
    if moment.year not in YEARS:
        raise Wrong(N_("The year must be from 1990 to 2100."))
    return moment


def _height(text: str) -> float:
    sentence = N_("The height must be metres with a decimal point, from -5 to 20.")
    height = _read(float, text, sentence)
    if not math.isfinite(height) or not HEIGHTS_M[0] <= height <= HEIGHTS_M[1]:
        raise Wrong(sentence)
    return height


def _kind(text: str) -> str:
    return _read(TideKind, text, N_("The kind must be high or low.")).value


def _read(reader: Callable[[str], Read], text: str, sentence: str) -> Read:
    try:
        return reader(text)
    except ValueError:
        raise Wrong(sentence) from None


def _contradictions(rows: Iterable[Row]) -> Iterator[tuple[int, str]]:
    """What lines say against the line that comes before them in time at the same station."""
    for before, row in pairwise(rows):
        if before.station != row.station:
            continue
        if before.at == row.at:
            yield row.line, N_("The same station and time as on another line.")
        elif before.kind != row.kind:
            low, high = sorted((before, row), key=lambda r: r.kind != TideKind.LOW)
            if low.height_m >= high.height_m:
                yield row.line, N_("A low tide must be lower than the high tide beside it.")
