"""What goes in and out of the addresses of followed areas."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
from marshmallow import Schema, fields, post_load, validate

from backend.feedback.nearby.following import LEAST_RADIUS, MOST_RADIUS, Wish
from backend.rest import Location, Moment, Text


class NewArea(Schema):
    """An area to follow: either a quarter, or a point and how far around it."""

    name = Text(60, allow_none=True, metadata={"description": "What you call it"})
    quarter = Text(60, least=1, allow_none=True)
    location = fields.Nested(Location, allow_none=True)
    radius = fields.Integer(
        strict=True,
        allow_none=True,
        validate=validate.Range(
            LEAST_RADIUS, MOST_RADIUS, error=lazy_gettext("Between {min} and {max} metres.")
        ),
        metadata={"description": "Metres around the point"},
    )

    @post_load
    def _as_wish(self, data: dict[str, Any], **_: Any) -> Wish:
        point = data.get("location") or {}
        return Wish(
            quarter=data.get("quarter"),
            lat=point.get("lat"),
            lng=point.get("lng"),
            radius=data.get("radius"),
            name=(data.get("name") or "").strip() or None,
        )


class Area(Schema):
    """An area that the caller follows."""

    id = fields.UUID(required=True)
    name = fields.String(required=True, allow_none=True)
    quarter = fields.String(required=True, allow_none=True)
    location = fields.Nested(Location, required=True, allow_none=True)
    radius = fields.Integer(required=True, allow_none=True)
    created_at = Moment(required=True)


class Areas(Schema):
    """What the caller follows, the oldest first."""

    items = fields.List(fields.Nested(Area), required=True)
