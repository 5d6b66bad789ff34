"""Finding reports by words in their code, description and place, among however many.

`Report.searchable` holds the folded words with a space around each, so that a word is found by
the same condition on both databases. PostgreSQL has an index of the words beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, cast, func, select, tuple_
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from backend.feedback.models import Report
from content.on_map import Ordering
from content.text import words

WALK = 6_000
"""So many of the newest reports are looked at before the index of words is asked: what many
reports hold is found on the way, and the index is quick for what few hold."""

LONGEST_WORD = 40
"""Letters of a word that count; PostgreSQL's index takes no word of thousands."""


def as_searched(*texts: str) -> str:
    """The words of *texts* as `Report.searchable` holds them."""
    return f" {' '.join(_words(' '.join(texts)))} "


def _words(text: str) -> list[str]:
    return [word[:LONGEST_WORD] for word in words(text)]


def holding(text: Any, asked: Sequence[str]) -> ColumnElement[bool]:
    """Whether *text*, a column as `as_searched` writes it, holds every word that was *asked* for.

    Of the last word the beginning is enough: it may not be finished.
    """
    whole, last = asked[:-1], asked[-1]
    # The longest first: few texts hold it, and the others are then not looked for.
    ordered = sorted(whole, key=len, reverse=True)
    return and_(text.contains(f" {last}"), *(text.contains(f" {word} ") for word in ordered))


def narrowed(found: Select[Report], text: str | None) -> tuple[Select[Report], Worded | None]:
    """*found*, narrowed to what holds the words of *text*, and what finds its newest sooner."""
    asked = _words(text or "")
    if not asked:
        return found, None
    return found.where(holding(Report.searchable, asked)), Worded(found, asked)


@dataclass
class Worded:
    """Finds the newest of *found* that hold all of *asked*; for `paging.page`."""

    found: Select[Report]
    asked: Sequence[str]
    kind: Any = Report

    def find(
        self, session: Session, order: Sequence[Ordering], last: Any, size: int
    ) -> Sequence[Row[Any]]:
        """See `content.on_map.Finder`."""
        after = [] if last is None else [tuple_(*order) < last]
        found = self.found.with_only_columns(Report.id, Report.created_at, Report.searchable).where(
            *after
        )
        if session.get_bind().dialect.name != "postgresql":
            return _newest(session, found, self.asked, None, size)
        walked = _newest(session, found, self.asked, WALK, size)
        if len(walked) == size:
            return walked
        indexed = found.where(_in_index(self.asked)).offset(0).subquery()
        by = indexed.c.created_at.desc(), indexed.c.id.desc()
        rows: Select[Any] = select(indexed.c.id, indexed.c.created_at, indexed.c.id)
        return session.execute(rows.order_by(*by).limit(size)).all()


def _newest(
    session: Session,
    found: Select[*tuple[Any, ...]],
    asked: Sequence[str],
    walk: int | None,
    size: int,
) -> Sequence[Row[Any]]:
    """Those of the newest *walk* of *found* that hold what is *asked*, the newest first."""
    newest = found.order_by(Report.created_at.desc(), Report.id.desc()).limit(walk).subquery()
    by = newest.c.created_at.desc(), newest.c.id.desc()
    rows: Select[Any] = select(newest.c.id, newest.c.created_at, newest.c.id)
    return session.execute(
        rows.where(holding(newest.c.searchable, asked)).order_by(*by).limit(size)
    ).all()


def _in_index(asked: Sequence[str]) -> ColumnElement[bool]:
    """As `holding`, in the words in which the migration made the index."""
    *whole, last = (f"'{word}'" for word in asked)
    query = " & ".join([*whole, f"{last}:*"])
    held = func.array_to_tsvector(func.string_to_array(func.btrim(Report.searchable), " "))
    return held.op("@@", is_comparison=True)(cast(bindparam(None, query), TSQUERY))
