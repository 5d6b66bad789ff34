"""Places as readers get them, and as editors write them."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
from marshmallow import Schema, ValidationError, fields, validate

from backend import current
from backend.content_schemas import (
    QUARTER,
    Code,
    DraftSchema,
    SourceSchema,
)
from backend.holidays.days_off import days_off
from backend.rest import (
    Box,
    Localized,
    Location,
    Moment,
    OneOf,
    Paging,
    Point,
    Text,
    Translated,
)
from content.opening import is_opening_hours
from content.places.queries import open_now


class OpenNow(fields.Boolean):
    """Whether a place is open at this moment; null when unknown."""

    def _serialize(self, value: Any, attr: Any, obj: Any, **kwargs: Any) -> Any:
        return open_now(obj, current.now(), days_off())


class ImageSchema(Schema):
    """An image, and who has the rights in it."""

    url = fields.String()
    width = fields.Integer()
    height = fields.Integer()
    alt = Translated()
    licence = fields.String()
    credit = fields.String()


class PlaceSchema(Schema):
    """A place in a list."""

    id = fields.UUID()
    slug = fields.String()
    name = Translated()
    category = fields.String()
    tags = fields.List(fields.String())
    summary = Translated()
    location = fields.Nested(Location, allow_none=True)
    address = Translated()
    quarter = fields.String(allow_none=True)
    opening_hours = fields.String(
        allow_none=True, metadata={"description": "In OpenStreetMap's syntax"}
    )
    open_now = OpenNow(attribute="opening_hours", allow_none=True, dump_only=True)
    price_from = fields.Integer(allow_none=True, metadata={"description": "In VND"})
    phone = fields.String(allow_none=True)
    images = fields.List(fields.Nested(ImageSchema))
    is_sample = fields.Boolean()
    updated_at = Moment()
    distance_m = fields.Integer(
        allow_none=True, metadata={"description": "From the point that was asked for"}
    )


class PlaceDetailSchema(PlaceSchema):
    """All that is known of a place."""

    description = Translated()
    aliases = fields.List(fields.String())
    amenities = fields.List(fields.String())
    prices: fields.Constant = fields.Constant([])
    sources = fields.List(fields.Nested(SourceSchema))
    verified_at = Moment(allow_none=True)


class SuggestionSchema(Schema):
    """A place that somebody may mean."""

    id = fields.UUID()
    slug = fields.String()
    name = Translated()
    category = fields.String()
    location = fields.Nested(Location, allow_none=True)


class SuggestionsSchema(Schema):
    """The places that somebody may mean, the likeliest first."""

    items = fields.List(fields.Nested(SuggestionSchema))


class PlaceQuery(Paging):
    """Which places."""

    category = Text(60, load_default=None)
    tag = Text(60, load_default=None)
    quarter = Text(60, load_default=None)
    q = Text(200, load_default=None)
    near = Point(load_default=None, metadata={"description": "lat,lng"})
    radius = fields.Float(
        load_default=None,
        validate=validate.Range(1, 100_000, error=lazy_gettext("Between {min} and {max}.")),
        metadata={"description": "In metres around `near`"},
    )
    bbox = Box(load_default=None, metadata={"description": "west,south,east,north"})
    open_now = fields.Boolean(load_default=None)
    lang = OneOf("vi", "en", load_default=None)


class SuggestQuery(Schema):
    """What somebody has typed so far."""

    q = Text(200, least=1, required=True)
    lang = OneOf("vi", "en", load_default=None)


def _opening_hours(text: str) -> None:
    if not is_opening_hours(text):
        raise ValidationError(
            lazy_gettext("Is not in the syntax of opening hours, such as Mo-Su 07:00-18:00.")
        )


class ImageDraftSchema(Schema):
    """An image as an editor gives it."""

    url = fields.URL(required=True)
    width = fields.Integer(required=True, strict=True, validate=validate.Range(1, 20_000))
    height = fields.Integer(required=True, strict=True, validate=validate.Range(1, 20_000))
    alt = Localized(300, required=True)
    licence = Text(100, least=1, required=True)
    credit = Text(200, least=1, required=True)


class PlaceDraftSchema(DraftSchema):
    """A place as editors see and write it, in all languages."""

    slug = Code()
    name = Localized(200, draft=True, load_default=dict)
    summary = Localized(500, draft=True)
    description = Localized(20_000, draft=True)
    aliases = fields.List(Text(200, least=1), validate=validate.Length(max=20))
    category = Code(required=True)
    tags = fields.List(Code(), validate=validate.Length(max=20))
    location = fields.Nested(Location, allow_none=True)
    address = Localized(300, draft=True)
    quarter = Code(allow_none=True, metadata=QUARTER)
    opening_hours = fields.String(
        allow_none=True, validate=[validate.Length(max=500), _opening_hours]
    )
    price_from = fields.Integer(
        allow_none=True, strict=True, validate=validate.Range(0, 1_000_000_000)
    )
    phone = Text(40, allow_none=True)
    amenities = fields.List(Code(), validate=validate.Length(max=40))
    images = fields.List(fields.Nested(ImageDraftSchema), validate=validate.Length(max=20))
    verified_at = Moment(allow_none=True)
