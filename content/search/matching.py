"""Full-text conditions in SQLAlchemy, compiled for FTS5 and for PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Dialect, Integer, Text, bindparam, column, table
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
    index = search_titles.name

    def process_bind_param(self, value: Condition | None, dialect: Dialect) -> str | None:
        """The condition for FTS5."""
        if value is None:
            return None
        asked = " OR ".join(
            "(" + " AND ".join(_one_of(group, '"', " OR ") for group in clause) + ")"
            for clause in value.clauses
        )
        asked = f"{{{self.columns}}} : ({asked})"
        if value.types:
            asked += " AND type : " + _one_of(value.types, '"', " OR ")
        return asked

    def literal_processor(self, dialect: Dialect) -> Callable[[Condition], str]:
        """The condition for PostgreSQL, as SQL.

        Each group is compared by itself: of one comparison with a long query GIN looks into
        every part for every document that has any of its words.
        """
        return self._comparisons

    def _comparisons(self, condition: Condition) -> str:
        types = [[f"@{kind}" for kind in condition.types]] if condition.types else []
        return "({})".format(
            " OR ".join(
                "(" + " AND ".join(self._comparison(group) for group in [*clause, *types]) + ")"
                for clause in condition.clauses
            )
        )

    def _comparison(self, group: Group) -> str:
        asked = _one_of(group, "'", " | ").replace("'", "''")
        return f"{self.index}.words @@ CAST('{asked}' AS tsquery)"


class Anywhere(InTitle):
    """A condition on titles and texts together."""

    cache_ok = True
    columns = "folded_title folded_body"
    index = search_index.name


def _one_of(group: Group, quote: str, operator: str) -> str:
    return "(" + operator.join(f"{quote}{word}{quote}" for word in group) + ")"


class title_matches(FunctionElement[bool]):  # noqa: N801 - reads as a function in a query
    """Whether a row of `search_titles` fits the `Condition` that is bound to *name*.

    It carries no Boolean type: SQLAlchemy would compare it with 1, which FTS5 does not take.
    """

    inherit_cache = True
    kind: type[InTitle] = InTitle

    def __init__(self, name: str) -> None:
        super().__init__(bindparam(name, type_=self.kind()))


class matches(title_matches):  # noqa: N801 - reads as a function in a query
    """Whether a row of `search_index`, title and text together, fits the condition."""

    inherit_cache = True
    kind = Anywhere


class is_among(FunctionElement[bool]):  # noqa: N801 - reads as a function in a query
    """Whether *column* is the number of one of the rows that fit *condition*, which are few.

    On PostgreSQL alone. Its planner believes that a limit is soon reached by reading the table
    from its beginning, and does not know what it costs to compare words there.
    """

    inherit_cache = True

    def __init__(self, column: ColumnElement[int], condition: title_matches) -> None:
        self.index = condition.kind.index
        super().__init__(column, condition)


@compiles(title_matches, "sqlite")
@compiles(matches, "sqlite")
def _on_sqlite(element: title_matches, compiler: SQLCompiler, **kw: Any) -> str:
    return f"{element.kind.index} MATCH {compiler.process(element.clauses, **kw)}"


@compiles(title_matches, "postgresql")
@compiles(matches, "postgresql")
def _on_postgresql(element: title_matches, compiler: SQLCompiler, **kw: Any) -> str:
    # In the statement and not beside it: how many documents hold the words decides how it is best
    # answered, and a prepared statement would be answered one way whatever they are.
    kw["literal_execute"] = True
    return compiler.process(element.clauses, **kw)


@compiles(is_among, "postgresql")
def _is_among(element: is_among, compiler: SQLCompiler, **kw: Any) -> str:
    column, condition = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"{column} = ANY (ARRAY (SELECT rowid FROM {element.index} WHERE {condition}))"  # noqa: S608
