"""The ground every table stands on: the declarative base and the column types."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Any, cast

import orjson
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CursorResult,
    DateTime,
    Dialect,
    Integer,
    MetaData,
    SQLColumnExpression,
    Table,
    Text,
    Uuid,
    literal,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The present moment, aware, in UTC: the default clock."""
    return datetime.now(UTC)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored in UTC and answered in UTC by both databases.

    Raises ValueError for a naive datetime, which could mean any moment of a day.
    """

    impl = DateTime
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """What a value is: cursors of lists restore it."""
        return datetime

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs an offset from UTC")
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: Any) -> Any:
        # Shorter than what would be made of the above: lists hold thousands of moments.
        if dialect.name != "sqlite":
            return lambda value: None if value is None else value.astimezone(UTC)
        read = datetime.fromisoformat
        return lambda value: None if value is None else read(value + "+00:00")


class Json(TypeDecorator[Any]):
    """JSON on SQLite, JSONB on PostgreSQL (`with_variant` renders wrongly in Alembic)."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        kind = JSONB if dialect.name == "postgresql" else JSON
        return dialect.type_descriptor(kind(none_as_null=True))

    def result_processor(self, dialect: Dialect, coltype: Any) -> Any:
        if dialect.name != "sqlite":
            return super().result_processor(dialect, coltype)
        # SQLite answers a number that was kept in a column of JSON as a number.
        return lambda value: orjson.loads(value) if type(value) is str else value


Localized = dict[str, str]
"""A text by language code, such as {"vi": "Biển", "en": "Sea"}."""

Key = Annotated[uuid.UUID, mapped_column(Uuid, primary_key=True, default=uuid.uuid4)]
"""A primary key nobody can guess."""

RowId = Annotated[
    int, mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
]
"""A counted primary key, for tables of millions of rows that nobody addresses from outside."""


class Base(DeclarativeBase):
    """Names every constraint, so that migrations can refer to it on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        str: Text,
        datetime: UtcDateTime,
        dict[str, Any]: Json,
        dict[str, str]: Json,
        list[str]: Json,
        list[dict[str, Any]]: Json,
    }


class Timestamped:
    """When a row came to be and when it last changed; verbs set both from their clock."""

    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, index=True)


class Located:
    """A point on earth in WGS84 decimal degrees, or none."""

    lat: Mapped[float | None] = mapped_column(index=True)
    lng: Mapped[float | None]

    @property
    def location(self) -> dict[str, float] | None:
        """The point as {lat, lng}."""
        if self.lat is None or self.lng is None:
            return None
        return {"lat": self.lat, "lng": self.lng}

    @location.setter
    def location(self, point: Mapping[str, float] | None) -> None:
        self.lat, self.lng = (point["lat"], point["lng"]) if point else (None, None)


SEED = "seed"
"""In `changed_by`: no person has touched the row since it was seeded."""


class Edited(Timestamped):
    """Who changed the row last: the id of a member of staff, or SEED."""

    changed_by: Mapped[str] = mapped_column(default=SEED)


def insert_into(session: Session, table: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT into *table* that knows ON CONFLICT in the session's database."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def table_of(kind: type[Base]) -> Table:
    """The table of *kind*, for statements that need no objects: these are made once."""
    return cast(Table, kind.__table__)


@cache
def _insert_unless_there(kind: type[Base], dialect: str, keys: tuple[str, ...]) -> Any:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = insert(table_of(kind)).on_conflict_do_nothing(index_elements=keys or None)
    # Nothing is asked back but whether there is a row more.
    return statement.inline().execution_options(preserve_rowcount=True)


def put(session: Session, kind: type[Base], values: Mapping[str, Any], *keys: str) -> bool:
    """Insert a row of *kind*; False, and nothing done, where one has its *keys* already.

    Without *keys* any unique columns count. No object is made of the row, and nothing that
    listens to objects hears of it.
    """
    statement = _insert_unless_there(kind, session.get_bind().dialect.name, keys)
    return cast(CursorResult[Any], session.execute(statement, values)).rowcount == 1


class holds(FunctionElement[bool]):  # noqa: N801 - reads as a function in a query
    """Whether the JSON list *column* holds the text *value*: `holds(Place.tags, "free")`."""

    type = Boolean()
    inherit_cache = True


@compiles(holds, "sqlite")
def _holds_on_sqlite(element: holds, compiler: SQLCompiler, **kw: Any) -> str:
    column, value = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"EXISTS (SELECT 1 FROM json_each({column}) AS held WHERE held.value = {value})"  # noqa: S608


@compiles(holds, "postgresql")
def _holds_on_postgresql(element: holds, compiler: SQLCompiler, **kw: Any) -> str:
    column, value = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"jsonb_exists({column}, {value})"


class position_in(FunctionElement[int]):  # noqa: N801 - reads as a function in a query
    """Where the key *column* stands in a list of *keys*: order by `position_in(Place.id, keys)`.

    One text is sent, however many keys there are.
    """

    type = Integer()
    inherit_cache = True

    def __init__(self, column: SQLColumnExpression[uuid.UUID], keys: Iterable[uuid.UUID]) -> None:
        super().__init__(column, literal(" ".join(key.hex for key in keys)))


@compiles(position_in, "sqlite")
def _position_in_on_sqlite(element: position_in, compiler: SQLCompiler, **kw: Any) -> str:
    column, keys = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"instr({keys}, {column})"


@compiles(position_in, "postgresql")
def _position_in_on_postgresql(element: position_in, compiler: SQLCompiler, **kw: Any) -> str:
    column, keys = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"strpos({keys}, replace(CAST({column} AS text), '-', ''))"


class one_of(FunctionElement[bool]):  # noqa: N801 - reads as a function in a query
    """Whether the key *column* is one of *keys*: `where(one_of(Report.id, keys))`.

    One text is sent, however many keys there are, so that it is the same statement each time.
    """

    type = Boolean()
    inherit_cache = True

    def __init__(self, column: SQLColumnExpression[Any], keys: Iterable[uuid.UUID]) -> None:
        super().__init__(column, literal(" ".join(key.hex for key in keys)))


@compiles(one_of, "sqlite")
def _one_of_on_sqlite(element: one_of, compiler: SQLCompiler, **kw: Any) -> str:
    column, keys = (compiler.process(clause, **kw) for clause in element.clauses)
    listed = f"""'["' || replace({keys}, ' ', '","') || '"]'"""
    return f"{column} IN (SELECT value FROM json_each({listed}))"  # noqa: S608


@compiles(one_of, "postgresql")
def _one_of_on_postgresql(element: one_of, compiler: SQLCompiler, **kw: Any) -> str:
    column, keys = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"{column} = ANY (CAST(string_to_array({keys}, ' ') AS uuid[]))"
