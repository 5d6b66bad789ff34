"""Search over all published content."""

from __future__ import annotations

from typing import Any

from flask_restx import Resource

from backend import current
from backend.accounts import access
from backend.database import session
from backend.languages import language
from backend.rest import Namespace
from backend.search.schemas import HitsSchema, SearchQuery
from content.search import find

api = Namespace("search", path="/search", description="Finding anything that is published")

HITS = HitsSchema()
QUERY = SearchQuery()


@api.route("")
class Search(Resource):
    @access.published
    @api.accepts(QUERY, location="query")
    @api.returns(HITS)
    def get(self, args: dict[str, Any]) -> dict[str, Any]:
        """Find by words, with marks or without; where nothing has them, by what looks alike."""
        hits = find(
            session,
            args["q"],
            language=language(),
            now=current.now(),
            types=args["types"],
            limit=args["limit"],
        )
        return {"items": hits}
