"""Search over all published content."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_restx import Resource

from backend import current
from backend.accounts import access
from backend.database import session
from backend.languages import language
from backend.rest import Namespace
from backend.search.schemas import HitsSchema, SearchQuery, SuggestQuery
from content.search import Hit, find, suggest

api = Namespace("search", path="/search", description="Finding anything that is published")

HITS = HitsSchema()
QUERY = SearchQuery()
TYPED = SuggestQuery()


@api.route("")
class Search(Resource):
    @access.published
    @api.accepts(QUERY, location="query")
    @api.returns(HITS)
    def get(self, args: dict[str, Any]) -> dict[str, Any]:
        """Find by words, with marks or without, by beginnings, and in spite of misspellings."""
        return _hits(find, args)


@api.route("/suggest")
class Names(Resource):
    @access.public
    @api.accepts(TYPED, location="query")
    @api.returns(HITS)
    def get(self, args: dict[str, Any]) -> dict[str, Any]:
        """What may be meant by what was typed so far, by names alone."""
        return _hits(suggest, args)


def _hits(search: Callable[..., list[Hit]], args: dict[str, Any]) -> dict[str, Any]:
    found = search(
        session,
        args["q"],
        language=language(),
        now=current.now(),
        types=args["types"],
        limit=args["limit"],
    )
    return {"items": found}
