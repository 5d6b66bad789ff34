"""Reading places, and editors' work on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from flask_restx import Resource

from backend import current
from backend.accounts import access
from backend.database import session
from backend.holidays.days_off import days_off
from backend.languages import language
from backend.media import showing
from backend.paging import page
from backend.places.schemas import (
    PlaceDetailSchema,
    PlaceDraftSchema,
    PlaceQuery,
    PlaceSchema,
    SuggestionsSchema,
    SuggestQuery,
)
from backend.rest import Namespace, page_of
from backend.staff_content import add_content
from content import publishing
from content.places import queries
from content.places.models import Place
from content.places.rules import check

api = Namespace("places", path="/places", description="What there is in the town")
staff = Namespace("staff-places", path="/staff/places", description="Editors' work on places")

PLACES = page_of(PlaceSchema)
DETAIL = PlaceDetailSchema()
QUERY = PlaceQuery()
SUGGESTIONS = SuggestionsSchema()
TYPED = SuggestQuery()


@api.route("")
class Places(Resource):
    @access.published
    @api.accepts(QUERY, location="query")
    @api.returns(PLACES)
    def get(self, args: dict[str, Any]) -> dict[str, Any]:
        """List places: the nearest first with `near`, else the best match first with `q`."""
        wanted = queries.Wanted(
            **{field.name: args[field.name] for field in fields(queries.Wanted)}
        )
        now = current.now()
        which = queries.places(session, wanted, language=language(), now=now)
        wanted_open = args["open_now"]
        off = days_off()

        def listed(row: Sequence[Any]) -> queries.Listed:
            return queries.Listed(row, row[-len(which.order)] if wanted.near else None)

        found = page(
            session,
            which.statement.with_only_columns(*queries.LISTED),
            which.order,
            limit=args["limit"],
            cursor=args["cursor"],
            finder=which.finder,
            keep=None
            if wanted_open is None
            else lambda place: queries.open_now(place, now, off) is wanted_open,
            item=listed,
        )
        showing.have_at_hand(found["items"])
        return found


@api.route("/suggest")
class Suggestions(Resource):
    @access.published
    @api.accepts(TYPED, location="query")
    @api.returns(SUGGESTIONS)
    def get(self, args: dict[str, Any]) -> dict[str, Any]:
        """The places that what was typed so far may mean, with marks or without."""
        found = queries.suggest(session, args["q"], language=language(), now=current.now())
        return {"items": found}


@api.route("/<key>")
@api.param("key", "An id or a readable address")
class OnePlace(Resource):
    @access.published
    @api.returns(DETAIL)
    def get(self, key: str) -> Place:
        """All that is known of one place."""
        return publishing.find_visible(session, Place, key, current.now())


add_content(staff, Place, PlaceDraftSchema, check)
