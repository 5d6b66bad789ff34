"""Full-text conditions in SQLAlchemy, compiled for FTS5 and for PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Dialect, Integer, Text, column, literal, table
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

search_index = table("search_index", column("rowid", Integer))

Group = Sequence[str]
"""Folded words, one of which has to occur."""


@dataclass(frozen=True)
class Condition:
    """What a document has to hold: a word of each group, and one of the types if any are given."""

    groups: Sequence[Group]
    types: Sequence[str] = ()


class InTitle(TypeDecorator[Condition]):
    """A condition on titles in the query language of each database.

    Each word is quoted, so that none is taken for an operator.
    """

    impl = Text
    cache_ok = True
    columns = "folded_title"

    def process_bind_param(self, value: Condition | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        if dialect.name == "postgresql":
            marked = [f"@{kind}" for kind in value.types]
            groups = [*value.groups, marked] if marked else value.groups
            return " & ".join(_one_of(group, "'", " | ") for group in groups)
        words = " AND ".join(_one_of(group, '"', " OR ") for group in value.groups)
        asked = f"{{{self.columns}}} : ({words})"
        if value.types:
            asked += f" AND type : {_one_of(value.types, chr(34), ' OR ')}"
        return asked


class Anywhere(InTitle):
    """A condition on titles and texts together."""

    cache_ok = True
    columns = "folded_title folded_body"


def _one_of(group: Group, quote: str, operator: str) -> str:
    return "(" + operator.join(f"{quote}{word}{quote}" for word in group) + ")"


class title_matches(FunctionElement[bool]):  # noqa: N801 - reads as a function in a query
    """Whether the title of a row of `search_index` fits the condition.

    It carries no Boolean type: SQLAlchemy would compare it with 1, which FTS5 does not take.
    """

    inherit_cache = True
    kind: type[InTitle] = InTitle

    def __init__(self, condition: Condition) -> None:
        super().__init__(literal(condition, self.kind))


class matches(title_matches):  # noqa: N801 - reads as a function in a query
    """Whether title and text of a row of `search_index` together fit the condition."""

    inherit_cache = True
    kind = Anywhere


@compiles(title_matches, "sqlite")
@compiles(matches, "sqlite")
def _on_sqlite(element: title_matches, compiler: SQLCompiler, **kw: Any) -> str:
    return f"search_index MATCH {compiler.process(element.clauses, **kw)}"


@compiles(title_matches, "postgresql")
@compiles(matches, "postgresql")
def _on_postgresql(element: title_matches, compiler: SQLCompiler, **kw: Any) -> str:
    words = "words" if isinstance(element, matches) else "title_words"
    return f"search_index.{words} @@ CAST({compiler.process(element.clauses, **kw)} AS tsquery)"
