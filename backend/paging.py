"""Opaque cursors over a stable order, so that a page stays right while rows are added."""

from __future__ import annotations

import base64
from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Row, Select, tuple_
from sqlalchemy.orm import Session

from content.errors import N_, Invalid
from content.on_map import Finder, Ordering
from content.store import one_of

SIEVE = 100
"""How many rows are read at once where not every row is kept."""


def page(
    session: Session,
    statement: Select[Any],
    order: Sequence[Ordering],
    *,
    limit: int,
    cursor: str | None,
    descending: bool = False,
    keep: Callable[[Any], bool] | None = None,
    item: Callable[[Sequence[Any]], Any] = itemgetter(0),
    finder: Finder | None = None,
) -> dict[str, Any]:
    """One page of *statement*, which selects one entity, as {"items": …, "next_cursor": …}.

    *order* are expressions that together are unique; the cursor holds their values in the last
    row. *keep* leaves out items by a rule that the database cannot compute. A statement that
    selects columns says by *item* what it makes of a row, which ends with the values of *order*.
    *finder* finds the rows sooner than *statement*, in the same direction. Raises Invalid for a
    cursor that was not made here.
    """
    directions = [column.desc() if descending else column.asc() for column in order]
    ordered = statement.add_columns(*order).order_by(*directions)
    size = limit + 1 if keep is None else max(limit + 1, SIEVE)
    last = _decode(cursor, order) if cursor else None
    kept: list[tuple[Any, tuple[Any, ...]]] = []
    while len(kept) <= limit:
        if finder is None:
            after = _after(ordered, order, last, descending).limit(size)
            chunk: Sequence[Row[Any]] = session.execute(after).all()
            seen = chunk
        else:
            seen = finder.find(session, order, last, size)
            ids = [row[0] for row in seen]
            chunk = session.execute(ordered.where(one_of(finder.kind.id, ids))).all()
        read = [(item(row), tuple(row)[-len(order) :]) for row in chunk]
        kept += [pair for pair in read if keep is None or keep(pair[0])]
        if len(seen) < size:
            break
        last = tuple(seen[-1])[-len(order) :]
    more = len(kept) > limit
    return {
        "items": [kept_item for kept_item, _ in kept[:limit]],
        "next_cursor": _encode(kept[limit - 1][1]) if more else None,
    }


def page_of_sorted(
    items: Sequence[Any],
    key: Callable[[Any], tuple[str, ...]],
    *,
    limit: int,
    cursor: str | None,
) -> dict[str, Any]:
    """One page of *items*, which are computed and sorted by a *key* of texts, unique for each.

    Raises Invalid for a cursor that was not made here.
    """
    keys = [key(item) for item in items]
    first = 0
    if cursor:
        last = _decode_texts(cursor, len(keys[0]) if keys else None)
        first = bisect_right(keys, last)
    chosen = items[first : first + limit]
    more = first + limit < len(items)
    return {
        "items": chosen,
        "next_cursor": _encode(keys[first + limit - 1]) if more else None,
    }


def _after(
    statement: Select[Any], order: Sequence[Ordering], last: Any, descending: bool
) -> Select[Any]:
    if last is None:
        return statement
    place = tuple_(*order)
    return statement.where(place < last if descending else place > last)


def _encode(values: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(list(values))).rstrip(b"=").decode()


def _decode(cursor: str, order: Sequence[Ordering]) -> tuple[Any, ...]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        values = orjson.loads(base64.urlsafe_b64decode(padded.encode()))
        return tuple(
            _restored(value, column.type.python_type)
            for value, column in zip(values, order, strict=True)
        )
    except (ValueError, TypeError, AttributeError, OverflowError):
        raise Invalid({"cursor": [N_("This cursor was not given by this list.")]}) from None


def _decode_texts(cursor: str, count: int | None) -> tuple[str, ...]:
    try:
        values = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        values = None
    if (
        not isinstance(values, list)
        or not all(isinstance(value, str) for value in values)
        or (count is not None and len(values) != count)
    ):
        raise Invalid({"cursor": [N_("This cursor was not given by this list.")]})
    return tuple(values)


def _restored(value: Any, kind: type) -> Any:
    if kind is datetime:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError
        return moment
    if kind is UUID:
        return UUID(value)
    if kind is float and isinstance(value, int):
        return float(value)
    if type(value) is not kind or "\0" in str(value):
        raise ValueError
    if isinstance(value, int) and abs(value) >= 2**63:
        raise ValueError
    return value
