"""Full-text conditions in SQLAlchemy, compiled for FTS5 and for PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Dialect, Integer, Text, bindparam, column, table
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

search_index = table("search_index", column("rowid", Integer))
search_titles = table("search_index_title", column("rowid", Integer))

Group = Sequence[str]
"""Folded words, one of which has to occur."""


Clause = Sequence[Group]
"""Groups, of each of which a word has to occur."""


@dataclass(frozen=True)
class Condition:
    """What a document has to be: as one of *clauses* says, and of one of *types* if any."""

    clauses: Sequence[Clause]
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
            asked = " | ".join(_all_of(clause, "'", " & ", " | ") for clause in value.clauses)
            types = [f"@{kind}" for kind in value.types]
            return f"({asked}) & " + _one_of(types, "'", " | ") if types else asked
        asked = " OR ".join(_all_of(clause, '"', " AND ", " OR ") for clause in value.clauses)
        asked = f"{{{self.columns}}} : ({asked})"
        if value.types:
            asked += " AND type : " + _one_of(value.types, '"', " OR ")
        return asked


class Anywhere(InTitle):
    """A condition on titles and texts together."""

    cache_ok = True
    columns = "folded_title folded_body"


def _all_of(clause: Clause, quote: str, every: str, either: str) -> str:
    return "(" + every.join(_one_of(group, quote, either) for group in clause) + ")"


def _one_of(group: Group, quote: str, operator: str) -> str:
    return "(" + operator.join(f"{quote}{word}{quote}" for word in group) + ")"


class title_matches(FunctionElement[bool]):  # noqa: N801 - reads as a function in a query
    """Whether a row of `search_titles` fits the `Condition` that is bound to *name*.

    It carries no Boolean type: SQLAlchemy would compare it with 1, which FTS5 does not take.
    """

    inherit_cache = True
    kind: type[InTitle] = InTitle
    index = search_titles.name

    def __init__(self, name: str) -> None:
        super().__init__(bindparam(name, type_=self.kind()))


class matches(title_matches):  # noqa: N801 - reads as a function in a query
    """Whether a row of `search_index`, title and text together, fits the condition."""

    inherit_cache = True
    kind = Anywhere
    index = search_index.name


@compiles(title_matches, "sqlite")
@compiles(matches, "sqlite")
def _on_sqlite(element: title_matches, compiler: SQLCompiler, **kw: Any) -> str:
    return f"{element.index} MATCH {compiler.process(element.clauses, **kw)}"


@compiles(title_matches, "postgresql")
@compiles(matches, "postgresql")
def _on_postgresql(element: title_matches, compiler: SQLCompiler, **kw: Any) -> str:
    # In the statement and not beside it: how many documents hold the words decides how it is best
    # answered, and a prepared statement would be answered one way whatever they are.
    kw["literal_execute"] = True
    asked = compiler.process(element.clauses, **kw)
    return f"{element.index}.words @@ CAST({asked} AS tsquery)"
