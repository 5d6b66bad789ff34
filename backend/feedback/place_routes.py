"""Which place and quarter words or a point mean, before a report is filed."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_restx import Resource
from marshmallow import Schema, fields, validate

from backend import current
from backend.accounts import access
from backend.database import session
from backend.feedback import whereabouts
from backend.languages import language
from backend.limits import limiter
from backend.rest import Location, Namespace, Point, Translated
from content.errors import N_, Invalid
from content.places.models import Place
from content.vocabularies import areas

api = Namespace("report-place", description="The place of a report", path="/reports")


class PlaceQuery(Schema):
    """Words as people say where something is, or a point."""

    text = fields.String(load_default="", validate=validate.Length(max=300))
    point = Point(load_default=None, metadata={"description": "lat,lng"})


class MeantPlace(Schema):
    id = fields.UUID(required=True)
    slug = fields.String(required=True)
    name = Translated(required=True)
    address = Translated()
    location = fields.Nested(Location, allow_none=True)
    quarter = fields.String(allow_none=True)


class Meant(Schema):
    """What is meant. `outcome` is found, ambiguous, outside or unknown."""

    outcome = fields.String(
        required=True,
        metadata={"description": "`found`, `ambiguous` (then ask), `outside` or `unknown`"},
    )
    message = fields.String(required=True, metadata={"description": "To show; maybe empty"})
    quarter = fields.String(allow_none=True)
    place = fields.Nested(MeantPlace, allow_none=True)
    candidates = fields.List(fields.Nested(MeantPlace), required=True)


@api.route("/place")
class PlaceOfReport(Resource):
    @access.anyone
    @limiter.limit("120 per minute", override_defaults=False)
    @api.accepts(PlaceQuery(), location="query")
    @api.returns(Meant())
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """Which place and quarter are meant; where several may be, which they are."""
        if query["point"]:
            return of_point(*query["point"])
        if not query["text"].strip():
            raise Invalid({"text": [N_("Say where: a point on the map, or the place in words.")]})
        return of_words(query["text"])


def of_point(lat: float, lng: float) -> dict[str, Any]:
    """The quarter of a point, or that it lies outside the town."""
    box = current.settings().town_box
    try:
        whereabouts.check_inside(lat, lng, box)
    except Invalid:
        return _meant("outside", _(whereabouts.OUTSIDE))
    quarter = areas.read(session).at(lat, lng)
    return _meant("found" if quarter else "unknown", quarter=quarter)


def of_words(text: str) -> dict[str, Any]:
    """The place that *text* names, or those it may mean."""
    now = current.now()
    quarter = areas.read(session).named(text)
    place = whereabouts.one_named(session, text, now)
    if place is not None:
        if whereabouts.is_out_of_town(place):
            return _meant("outside", _(whereabouts.OUTSIDE), place=place)
        return _meant("found", place=place, quarter=quarter or place.quarter)
    found = whereabouts.candidates(session, text, language(), now)
    if len(found) > 1:
        return _meant("ambiguous", _("Which of these do you mean?"), quarter=quarter, among=found)
    return _meant("found" if quarter else "unknown", quarter=quarter, among=found)


def _meant(
    outcome: str,
    message: str = "",
    *,
    place: Place | None = None,
    quarter: str | None = None,
    among: Any = (),
) -> dict[str, Any]:
    return {
        "outcome": outcome,
        "message": message,
        "quarter": quarter,
        "place": place,
        "candidates": among,
    }
