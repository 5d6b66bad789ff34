"""Places as readers get them, and as editors write them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from backend import current, dumping
from backend.content_schemas import (
    QUARTER,
    Code,
    Day,
    DraftSchema,
    Phone,
    SourceSchema,
)
from backend.database import at_hand, session
from backend.holidays.days_off import days_off
from backend.media.fields import ImageDraftSchema, Images
from backend.prices.schemas import PriceSchema
from backend.rest import (
    Box,
    Language,
    Localized,
    Location,
    Moment,
    Paging,
    Point,
    Text,
    Translated,
)
from content.opening import is_opening_hours
from content.places.models import Place
from content.places.queries import open_now
from content.prices.models import Price
from content.prices.queries import prices_by_place
from content.vocabularies.models import Ward
from content.vocabularies.queries import ward_of_quarter


class OpenNow(fields.Boolean):
    """Whether it is open at this moment, by season, exceptions and hours; null when unknown."""

    def get_value(self, obj: Any, *args: Any, **kwargs: Any) -> Any:
        return open_now(obj, current.now(), days_off())


@dumping.reads(OpenNow.get_value, of_the_moment=True)
def _open_now(_: OpenNow) -> Callable[[Place], bool | None]:
    now, off = current.now(), days_off()
    return lambda place: open_now(place, now, off)


class LinkSchema(Schema):
    """Where to read on."""

    url = fields.String()
    title = Translated()


def month_and_day(text: str) -> None:
    """Refuse what is not written as MM-DD."""
    if not re.fullmatch(r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])", text):
        raise ValidationError(_("Must be month and day, such as 04-30."))


class SeasonSchema(Schema):
    """From when to when in every year, both days included; may go over New Year."""

    class Meta:
        include = {
            name: fields.String(
                required=True, validate=month_and_day, metadata={"example": "04-30"}
            )
            for name in ("from", "to")
        }


class OpeningExceptionSchema(Schema):
    """What holds on a day, or from one to another, in place of the usual hours."""

    class Meta:
        include = {"from": Day(), "to": Day()}

    date = Day()
    hours = fields.String(metadata={"description": "In OpenStreetMap's syntax"})
    closed = fields.Boolean()
    note = Translated()


class PlaceWardSchema(Schema):
    """A ward of the state's register."""

    code = fields.String()
    name = Translated()


class WardToday(fields.Nested):
    """The ward that the place's quarter lies in today; null when that is not known."""

    def get_value(self, obj: Any, *args: Any, **kwargs: Any) -> Any:
        if not obj.quarter:
            return None
        known: dict[str, Ward | None] = g.setdefault("wards_today", {})
        if obj.quarter not in known:
            today = current.now().astimezone(current.settings().timezone).date()
            known[obj.quarter] = ward_of_quarter(session, obj.quarter, today)
        return known[obj.quarter]


class PricesHere(fields.List):
    """The posted prices in force at the place."""

    def get_value(self, obj: Any, *args: Any, **kwargs: Any) -> Any:
        known: dict[UUID, list[Price]] = g.setdefault("prices_by_place", {})
        if obj.id not in known:
            ids = {obj.id, *(place.id for place in at_hand(Place))} - known.keys()
            known |= prices_by_place(session, ids, current.now())
        return known[obj.id]


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
    open_now = OpenNow(allow_none=True, dump_only=True)
    price_from = fields.Integer(allow_none=True, metadata={"description": "In VND"})
    phone = fields.String(allow_none=True)
    images = Images()
    is_sample = fields.Boolean()
    updated_at = Moment()
    distance_m = fields.Integer(
        allow_none=True, metadata={"description": "From the point that was asked for"}
    )


class PlaceDetailSchema(PlaceSchema):
    """All that is known of a place."""

    description = Translated()
    aliases = fields.List(fields.String())
    ward = WardToday(PlaceWardSchema, allow_none=True)
    opening_exceptions = fields.List(fields.Nested(OpeningExceptionSchema))
    season = fields.Nested(SeasonSchema, allow_none=True)
    visit_minutes = fields.Integer(
        allow_none=True, metadata={"description": "How long a visit takes"}
    )
    other_phones = fields.List(fields.String())
    links = fields.List(fields.Nested(LinkSchema))
    amenities = fields.List(fields.String())
    accessibility = fields.List(fields.String())
    licence = fields.String(allow_none=True)
    prices = PricesHere(fields.Nested(PriceSchema))
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
    lang = Language(load_default=None)


class SuggestQuery(Schema):
    """What somebody has typed so far."""

    q = Text(200, least=1, required=True)
    lang = Language(load_default=None)


def _opening_hours(text: str) -> None:
    if not is_opening_hours(text):
        raise ValidationError(
            _("Is not in the syntax of opening hours, such as Mo-Su 07:00-18:00.")
        )


class LinkDraftSchema(Schema):
    """A link as an editor gives it."""

    url = fields.URL(required=True, schemes={"http", "https"}, validate=validate.Length(max=500))
    title = Localized(200, required=True)


class OpeningExceptionDraftSchema(Schema):
    """An exception to the opening hours as an editor gives it."""

    class Meta:
        include = {"from": Day(), "to": Day()}

    date = Day()
    hours = fields.String(validate=[validate.Length(max=500), _opening_hours])
    closed = fields.Boolean(truthy={True}, falsy={False})
    note = Localized(300)

    @validates_schema
    def _one_of_each(self, data: dict[str, Any], **rest: Any) -> None:
        if ("date" in data) == ("from" in data) or ("from" in data) != ("to" in data):
            raise ValidationError(_("Give either a date, or from and to."))
        if ("hours" in data) == bool(data.get("closed")):
            raise ValidationError(_("Give either hours, or that it is closed."))


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
    opening_exceptions = fields.List(
        fields.Nested(OpeningExceptionDraftSchema), validate=validate.Length(max=100)
    )
    season = fields.Nested(SeasonSchema, allow_none=True)
    visit_minutes = fields.Integer(
        allow_none=True,
        strict=True,
        validate=validate.Range(1, 20_160, error=lazy_gettext("Between {min} and {max}.")),
        metadata={"description": "How long a visit takes"},
    )
    phone = Phone(allow_none=True)
    other_phones = fields.List(Phone(), validate=validate.Length(max=10))
    links = fields.List(fields.Nested(LinkDraftSchema), validate=validate.Length(max=20))
    amenities = fields.List(Code(), validate=validate.Length(max=40))
    accessibility = fields.List(Code(), validate=validate.Length(max=40))
    licence = Text(
        100, allow_none=True, metadata={"description": "Of the record itself, such as CC-BY-4.0"}
    )
    images = fields.List(fields.Nested(ImageDraftSchema), validate=validate.Length(max=20))
    verified_at = Moment(allow_none=True)
