"""The statements that ask for what is ranked: hundreds of documents that the public sees."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Integer,
    Select,
    Table,
    bindparam,
    func,
    null,
    or_,
    select,
    true,
    type_coerce,
)
from sqlalchemy.types import NullType

from content.search.matching import (
    is_among,
    matches,
    search_index,
    search_titles,
    title_matches,
)
from content.search.models import SearchDocument
from content.store import UtcDateTime

TEXT = 3000
"""Characters of a text that are ranked."""

NOW = bindparam("now", type_=UtcDateTime())
MOST = bindparam("most", type_=Integer())


document = cast(Table, SearchDocument.__table__).c
"""Columns and not attributes, as nothing of a candidate has to be loaded as an object."""


def _visible(*conditions: ColumnElement[bool] | Any, texts: bool = False) -> Select[Any]:
    """Select what is ranked of documents that the public sees; made once, as that takes longer
    than to ask for them."""
    return (
        select(
            document.id,
            document.type,
            # As the database has it: hundreds are ranked, of which few are shown.
            type_coerce(document.item_id, NullType()),
            document.language,
            document.folded_title,
            func.substr(document.folded_body, 1, TEXT) if texts else null(),
        )
        .where(
            *conditions,
            document.visible_from <= NOW,
            or_(document.visible_until.is_(None), document.visible_until > NOW),
        )
        .limit(MOST)
    )


STARTING = _visible(
    document.folded_title >= bindparam("first"),
    document.folded_title < bindparam("last"),
    or_(
        bindparam("any_type", type_=Boolean()).is_(true()),
        document.type.in_(bindparam("types", expanding=True)),
    ),
).order_by(document.folded_title)
TITLED = _visible(document.id == search_titles.c.rowid, title_matches("asked"))
TELLING = _visible(document.id == search_index.c.rowid, matches("asked"), texts=True)
IN_FEW_TITLES = _visible(is_among(document.id, title_matches("asked")))
IN_FEW_TEXTS = _visible(is_among(document.id, matches("asked")), texts=True)
