"""Reading events, and editors' work on them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_restx import Resource

from backend import current
from backend.accounts import access
from backend.database import session
from backend.events.schemas import (
    EventDetailSchema,
    EventDraftSchema,
    EventQuery,
    OccurrenceSchema,
)
from backend.events.showing import Described, shown
from backend.languages import language
from backend.paging import page_of_sorted
from backend.rest import Namespace, page_of
from backend.staff_content import add_content
from content import publishing
from content.events import queries
from content.events.models import Event
from content.events.queries import Occurrence, Wanted
from content.events.rules import check

api = Namespace("events", path="/events", description="What happens in the town")
staff = Namespace("staff-events", path="/staff/events", description="Editors' work on events")

OCCURRENCES = page_of(OccurrenceSchema)
DETAIL = EventDetailSchema()
QUERY = EventQuery()


@api.route("")
class Events(Resource):
    @access.published
    @api.accepts(QUERY, location="query")
    @api.returns(OCCURRENCES)
    def get(self, args: dict[str, Any]) -> dict[str, Any]:
        """List what takes place in a time, each occurrence by itself, in order."""
        now = current.now()
        since, until = queries.window(args["since"], args["until"], now)
        wanted = Wanted(**{name: args[name] for name in ("topic", "quarter", "place", "q")})
        found: Sequence[Occurrence] = queries.occurrences(
            session, wanted, since, until, language=language(), now=now
        )
        page = page_of_sorted(found, queries.order, limit=args["limit"], cursor=args["cursor"])
        return page | {"items": shown(page["items"])}


@api.route("/<key>")
@api.param("key", "An id or a readable address")
class OneEvent(Resource):
    @access.published
    @api.returns(DETAIL)
    def get(self, key: str) -> Described:
        """One event, and when it takes place next."""
        return Described(publishing.find_visible(session, Event, key, current.now()))


add_content(staff, Event, EventDraftSchema, check)
