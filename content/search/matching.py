"""Full-text conditions in SQLAlchemy, compiled for FTS5 and for PostgreSQL."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Dialect, Float, Integer, Text, column, literal, table
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

search_index = table("search_index", column("rowid", Integer))


class Words(TypeDecorator[list[str]]):
    """Folded words, sent in the query language of each database: all of them, the last one
    as the beginning of a word. Each is quoted, so that no word is taken for an operator.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: list[str] | None, dialect: Dialect) -> str | None:
        if not value:
            return None
        if dialect.name == "postgresql":
            return " & ".join(f"'{word}'" for word in value) + ":*"
        return " ".join(f'"{word}"' for word in value) + "*"


class matches(FunctionElement[bool]):  # noqa: N801 - reads as a function in a query
    """Whether a row of `search_index` has all the words: `matches(words)`.

    It carries no Boolean type: SQLAlchemy would compare it with 1, which FTS5 does not take.
    """

    inherit_cache = True

    def __init__(self, words: list[str]) -> None:
        super().__init__(literal(words, Words))


class relevance(FunctionElement[float]):  # noqa: N801 - reads as a function in a query
    """How well a row that matches the words does so: more is better, a title counts tenfold."""

    type = Float()
    inherit_cache = True

    def __init__(self, words: list[str]) -> None:
        super().__init__(literal(words, Words))


@compiles(matches, "sqlite")
def _matches_on_sqlite(element: matches, compiler: SQLCompiler, **kw: Any) -> str:
    return f"search_index MATCH {compiler.process(element.clauses, **kw)}"


@compiles(matches, "postgresql")
def _matches_on_postgresql(element: matches, compiler: SQLCompiler, **kw: Any) -> str:
    return f"search_index.words @@ to_tsquery('simple', {compiler.process(element.clauses, **kw)})"


@compiles(relevance, "sqlite")
def _relevance_on_sqlite(element: relevance, compiler: SQLCompiler, **kw: Any) -> str:
    return "-bm25(search_index, 10.0, 1.0)"


@compiles(relevance, "postgresql")
def _relevance_on_postgresql(element: relevance, compiler: SQLCompiler, **kw: Any) -> str:
    words = compiler.process(element.clauses, **kw)
    # 1: divide by the logarithm of the length, as a long page holds any word.
    return f"ts_rank(search_index.words, to_tsquery('simple', {words}), 1)"
