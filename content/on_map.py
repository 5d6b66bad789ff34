"""Finding what lies in a box or near a point, among however many, on both databases.

Every row keeps the cell of the earth that it lies in, a number on a curve through all cells (a
Z-order curve): neighbours have near numbers, so a box is a few ranges of an ordinary index. A
kind that is to be found inherits `OnMap` and has two indexes that hold all that conditions and
order ask for, so that no row is read for being looked at: one that begins with `cell`, `lat`,
`lng`, one that begins with what its lists are ordered by.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import orjson
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    Select,
    Text,
    bindparam,
    case,
    column,
    func,
    select,
    tuple_,
)
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, mapped_column, validates
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from content.store import Located

METRES_PER_DEGREE = 111_195
WHOLE_EARTH = 403 * METRES_PER_DEGREE
"""Metres within which everything is near, on a plane of 360° by 180°."""

Point = tuple[float, float]
"""(lat, lng)"""
Box = tuple[float, float, float, float]
"""(west, south, east, north)"""

Ordering = InstrumentedAttribute[Any] | ColumnElement[Any]

BITS = 24
"""Of each axis: a cell is about 2.4 m wide."""
SIDE = 8
"""How many cells a box is wide or high at most, of the size that it is looked up by."""
FEW = 2_000
"""So many entries of an index are sorted sooner than a whole order is walked through."""
FIRST_REACH = 100.0
"""Metres around a point that are searched first."""


def cell_of(lat: float | None, lng: float | None) -> int | None:
    """The number of the cell that a point lies in; None without a point."""
    if lat is None or lng is None:
        return None
    return _spread(_step(lng + 180)) | _spread(_step(lat + 90)) << 1


def ranges_of(box: Box) -> list[tuple[int, int]]:
    """Ranges of cells, first and last, that together hold *box* and little more."""
    west, south, east, north = box
    left, right = _step(west + 180), _step(east + 180)
    low, high = _step(south + 90), _step(north + 90)
    level = 0
    while (right >> level) - (left >> level) >= SIDE or (high >> level) - (low >> level) >= SIDE:
        level += 1
    cells = sorted(
        _spread(x) | _spread(y) << 1
        for x in range(left >> level, (right >> level) + 1)
        for y in range(low >> level, (high >> level) + 1)
    )
    found: list[list[int]] = []
    for cell in cells:
        if found and found[-1][1] == cell:
            found[-1][1] = cell + 1
        else:
            found.append([cell, cell + 1])
    return [(first << 2 * level, (end << 2 * level) - 1) for first, end in found]


def _step(degrees: float) -> int:
    return min(max(int(degrees / 360 * (1 << BITS)), 0), (1 << BITS) - 1)


def _spread(number: int) -> int:
    """The bits of *number* with a gap after each."""
    number = (number | number << 16) & 0x0000FFFF0000FFFF
    number = (number | number << 8) & 0x00FF00FF00FF00FF
    number = (number | number << 4) & 0x0F0F0F0F0F0F0F0F
    number = (number | number << 2) & 0x3333333333333333
    return (number | number << 1) & 0x5555555555555555


def _cell_of_row(context: DefaultExecutionContext) -> int | None:
    row = context.get_current_parameters()  # type: ignore[no-untyped-call]
    return cell_of(row.get("lat"), row.get("lng"))


class OnMap(Located):
    """Something that is found by where it lies. The cell follows lat and lng by itself.

    Only a bulk UPDATE of lat or lng has to set the cell, too.
    """

    lat: Mapped[float | None] = mapped_column()
    cell: Mapped[int | None] = mapped_column(
        BigInteger, default=_cell_of_row, info={"derived": True}
    )

    @validates("lat", "lng")
    def _moved(self, name: str, value: float | None) -> float | None:
        other = self.lng if name == "lat" else self.lat
        self.cell = cell_of(value, other) if name == "lat" else cell_of(other, value)
        return value


def in_box(kind: type[OnMap], box: Box) -> ColumnElement[bool]:
    """Whether a row of *kind* lies in *box*; one without a point never does."""
    west, south, east, north = box
    return kind.lat.between(south, north) & kind.lng.between(west, east)


def square_distance(kind: type[Located], near: Point) -> ColumnElement[float | None]:
    """The square of the metres between a row and *near*, on the plane that touches it.

    Within a town the error is far below a metre, and every SQL can compute and compare it.
    """
    lat, lng = near
    north = (kind.lat - lat) * METRES_PER_DEGREE
    east = (kind.lng - lng) * (METRES_PER_DEGREE * math.cos(math.radians(lat)))
    return north * north + east * east


def box_around(near: Point, metres: float) -> Box:
    """A box that holds the circle of *metres* around *near*, cut at the poles and at 180°."""
    lat, lng = near
    high = metres / METRES_PER_DEGREE * 1.000001
    shrunk = max(math.cos(math.radians(lat)), 1e-9)
    wide = high / shrunk
    return max(lng - wide, -180), max(lat - high, -90), min(lng + wide, 180), min(lat + high, 90)


def unindexed(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """*condition*, for which no index is used.

    A database without statistics would take the index on states, which holds nearly everything,
    rather than look at the few rows that something else has found. And as PostgreSQL expects few
    rows to be equal to something, and many not to be, it looks up cells before it asks this.
    """
    return case((condition, 1), else_=0) != 0


class _ranges(FunctionElement[Any]):  # noqa: N801 - reads as a function in a query
    """A table of the ranges in a JSON text, [[low, high], …]."""

    inherit_cache = True


@compiles(_ranges, "sqlite")
def _ranges_on_sqlite(element: _ranges, compiler: SQLCompiler, **kw: Any) -> str:
    given = compiler.process(element.clauses, **kw)
    return (
        "(SELECT json_extract(value, '$[0]') AS low, json_extract(value, '$[1]') AS high"  # noqa: S608
        f" FROM json_each({given}))"
    )


@compiles(_ranges, "postgresql")
def _ranges_on_postgresql(element: _ranges, compiler: SQLCompiler, **kw: Any) -> str:
    given = compiler.process(element.clauses, **kw)
    return (
        "(SELECT CAST(pair->>0 AS bigint) AS low, CAST(pair->>1 AS bigint) AS high"  # noqa: S608
        f" FROM jsonb_array_elements(CAST({given} AS jsonb)) AS given(pair) OFFSET 0)"
    )


def in_cells(statement: Select[*tuple[Any, ...]], kind: Any, box: Box) -> Select[*tuple[Any, ...]]:
    """*statement*, of rows of *kind* in the cells that hold *box*, looked up by cell.

    Conditions are given as `unindexed`, `in_box` among them: the cells hold a little more.
    """
    given = bindparam(None, orjson.dumps(ranges_of(box)).decode(), type_=Text())
    ranges = _ranges(given).table_valued(column("low", BigInteger), column("high", BigInteger))
    return statement.join_from(ranges, kind, kind.cell.between(ranges.c.low, ranges.c.high))


class Finder(Protocol):
    """What finds the rows of a page by an index, before any of them is read."""

    kind: Any
    """The mapped class of the rows."""

    def find(
        self, session: Session, order: Sequence[Ordering], last: Any, size: int
    ) -> Sequence[Row[Any]]:
        """The id of each, then the values of *order*: the first *size* after the values *last*."""
        ...


@dataclass
class Inside:
    """Finds the rows of *kind* in *box* that fulfil *conditions*.

    Few of them are taken out of the box and sorted; where there are many, the order is walked
    through until enough lie in the box. So neither a full town nor a large box costs much.
    """

    kind: Any
    box: Box
    conditions: Sequence[ColumnElement[bool]]
    kept: Sequence[ColumnElement[bool]] = ()
    """Conditions of the indexes themselves, where they do not hold every row."""
    descending: bool = False

    def find(
        self, session: Session, order: Sequence[Ordering], last: Any, size: int
    ) -> Sequence[Row[Any]]:
        """See `Finder`."""
        after = _after(order, last, self.descending)
        conditions = [*self.conditions, in_box(self.kind, self.box), *after]
        looked = in_cells(select(self.kind.id), self.kind, self.box).where(*self.kept)
        looked = select(func.count()).select_from(looked.limit(FEW + 1).subquery())
        if session.scalars(looked).one() <= FEW:
            inside = _inside(self.kind, self.box, order, conditions).where(*self.kept)
            return _sorted(session, inside, size, self.descending)
        walk = select(self.kind.id, *order).where(*self.kept, *map(unindexed, conditions))
        walk = walk.order_by(*_directed(order, self.descending))
        return session.execute(walk.limit(size)).all()


@dataclass
class Nearest:
    """Finds the rows of *kind* around *near* that fulfil *conditions*, at most *radius* metres.

    For an order that begins with `square_distance`. The circle grows until the page is full.
    """

    kind: Any
    near: Point
    radius: float | None
    conditions: Sequence[ColumnElement[bool]]
    most: float = field(init=False)

    def __post_init__(self) -> None:
        self.most = self.radius or WHOLE_EARTH

    def find(
        self, session: Session, order: Sequence[Ordering], last: Any, size: int
    ) -> Sequence[Row[Any]]:
        """See `Finder`."""
        reach = max(FIRST_REACH, math.sqrt(last[0]) * 1.1 if last else 0)
        square = square_distance(self.kind, self.near)
        while True:
            reach = min(reach, self.most)
            box = box_around(self.near, reach)
            within = [*self.conditions, square <= reach**2, *_after(order, last)]
            found = _sorted(session, _inside(self.kind, box, order, within), size)
            if len(found) == size or reach == self.most:
                return found
            # As if all were as dense as here, and a little more.
            growth = 1.2 * math.sqrt(size / len(found)) if found else 8
            reach *= min(max(growth, 1.5), 8)


def _inside(
    kind: Any, box: Box, order: Sequence[Ordering], conditions: Sequence[ColumnElement[bool]]
) -> Select[*tuple[Any, ...]]:
    """What is in *box*, by ids and *order*."""
    named = [expression.label(f"order_{n}") for n, expression in enumerate(order)]
    inside = in_cells(select(kind.id.label("id"), *named), kind, box)
    return inside.where(*map(unindexed, conditions))


def _sorted(
    session: Session, inside: Select[*tuple[Any, ...]], size: int, descending: bool = False
) -> Sequence[Row[Any]]:
    """The first of what is *inside*, by all of its columns but the id.

    The offset keeps what is found apart from what is sorted: databases would rather walk through
    an index that is sorted already, however few rows on the way lie in the box.
    """
    found = inside.offset(0).subquery()
    by = _directed(list(found.c)[1:], descending)
    return session.execute(select(found).order_by(*by).limit(size)).all()


def _directed(order: Sequence[Ordering], descending: bool) -> list[Any]:
    return [each.desc() if descending else each.asc() for each in order]


def _after(
    order: Sequence[Ordering], last: Any, descending: bool = False
) -> list[ColumnElement[bool]]:
    if last is None:
        return []
    return [tuple_(*order) < last if descending else tuple_(*order) > last]
