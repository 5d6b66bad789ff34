"""Prices as readers get them, as editors write them, and as businesses correct them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from marshmallow import Schema, ValidationError, fields, post_load, validate
from sqlalchemy import select

from backend import current
from backend.content_schemas import QUARTER, Code, DraftSchema, Phone
from backend.database import at_hand, session
from backend.rest import Language, Localized, Moment, OneOf, Paging, Text, Translated
from content import publishing
from content.errors import NotFound
from content.places.models import Place
from content.prices.models import CorrectionState, Price
from content.prices.queries import history
from content.prices.verbs import end

MOST_VND = 1_000_000_000


def amount(**options: Any) -> fields.Integer:
    """A sum of money in whole đồng."""
    return fields.Integer(
        strict=True,
        validate=validate.Range(0, MOST_VND, error=lazy_gettext("Between {min} and {max}.")),
        **options,
    )


def web_link(**options: Any) -> fields.URL:
    """An address that a browser opens."""
    return fields.URL(schemes={"http", "https"}, validate=validate.Length(max=500), **options)


class PricedPlaceSchema(Schema):
    """The place where a price holds."""

    id = fields.UUID()
    slug = fields.String()
    name = Translated()


class PricedPlace(fields.Nested):
    """The place where a price holds, if the public sees it."""

    def get_value(self, obj: Any, *args: Any, **kwargs: Any) -> Any:
        if not obj.place_id:
            return None
        known: dict[UUID, Place | None] = g.setdefault("priced_places", {})
        if obj.place_id not in known:
            ids = {price.place_id for price in at_hand(Price) if price.place_id}
            ids = (ids | {obj.place_id}) - known.keys()
            places = session.scalars(select(Place).where(Place.id.in_(ids)))
            known |= dict.fromkeys(ids) | {place.id: place for place in places}
        place = known[obj.place_id]
        return place if place and place.is_visible(current.now()) else None


class History(fields.List):
    """What a price is and was, the newest first."""

    def get_value(self, obj: Any, *args: Any, **kwargs: Any) -> Any:
        return history(session, obj, current.now())


class PeriodSchema(Schema):
    """A price, and when it held; the days are included, null is without end."""

    unit = Translated()
    price_vnd = fields.Integer()
    price_max_vnd = fields.Integer(
        allow_none=True, metadata={"description": "Where it is a range, up to this"}
    )
    valid_from = fields.Date(allow_none=True)
    valid_until = fields.Date(allow_none=True)
    posted_by = fields.String(allow_none=True)
    source = fields.String(allow_none=True)
    source_document = fields.String(allow_none=True, metadata={"description": "A link"})


class PriceSchema(PeriodSchema):
    """A posted price, in đồng; without place and quarter it holds in the whole town."""

    id = fields.UUID()
    slug = fields.String()
    item = Translated()
    place = PricedPlace(PricedPlaceSchema, allow_none=True)
    quarter = fields.String(allow_none=True)
    is_sample = fields.Boolean()
    updated_at = Moment()


class PriceDetailSchema(PriceSchema):
    """A posted price and what it was before."""

    history = History(fields.Nested(PeriodSchema))


class PriceQuery(Paging):
    """Which prices."""

    item = Text(200, load_default=None, metadata={"description": "Words of the item"})
    place = Text(100, load_default=None, metadata={"description": "A place's id or address"})
    quarter = Text(60, load_default=None, metadata=QUARTER)
    lang = Language(load_default=None)


class PlaceReference(fields.String):
    """A place by its id or its readable address; kept and answered as its id."""

    def _serialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return None if value is None else str(value)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, *args, **kwargs)
        try:
            return publishing.find(session, Place, text).id
        except NotFound:
            raise ValidationError(_("There is no such place.")) from None


class PriceDraftSchema(DraftSchema):
    """A price as editors see and write it, in all languages.

    When a published price is changed and published again, the old one is closed and a new one
    opened, which has an id of its own and is valid from `valid_from` or today on.
    """

    slug = Code()
    series = fields.UUID(dump_only=True)
    item = Localized(200, draft=True, load_default=dict)
    unit = Localized(60, draft=True)
    price_vnd = amount(allow_none=True)
    price_max_vnd = amount(allow_none=True)
    place = PlaceReference(attribute="place_id", allow_none=True)
    quarter = Code(allow_none=True, metadata=QUARTER)
    valid_from = fields.Date(allow_none=True)
    valid_until = fields.Date(allow_none=True)
    expires_at = Moment(dump_only=True, allow_none=True)
    posted_by = Text(200, allow_none=True)
    source = Text(500, allow_none=True)
    source_document = web_link(allow_none=True)

    @post_load
    def _hide_what_is_over(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        if "valid_until" in data:
            last = data["valid_until"]
            data["expires_at"] = end(last) if last else None
        return data


class SenderSchema(Schema):
    """How to reach whoever sent a correction; editors see it until they have decided."""

    name = Text(120)
    phone = Phone()
    email = fields.Email(validate=validate.Length(max=254))


class SenderConsentSchema(Schema):
    """That the sender agreed to have the contact kept, to which text, and when."""

    version = Text(40, least=1, required=True)
    at = Moment(required=True)


class NewCorrectionSchema(Schema):
    """What the price is now; a contact is kept only with consent."""

    price_vnd = amount(required=True)
    price_max_vnd = amount(load_default=None, allow_none=True)
    note = Text(1000, load_default="")
    contact = fields.Nested(SenderSchema, load_default=None, allow_none=True)
    consent = fields.Nested(SenderConsentSchema, load_default=None, allow_none=True)


class SentCorrectionSchema(Schema):
    """That a correction is on file."""

    id = fields.UUID()
    state = OneOf(*CorrectionState)
    created_at = Moment()


class CorrectionSchema(SentCorrectionSchema):
    """A correction as editors see it."""

    price = fields.Nested(PriceSchema)
    price_vnd = fields.Integer()
    price_max_vnd = fields.Integer(allow_none=True)
    note = fields.String()
    contact = fields.Nested(SenderSchema, allow_none=True)
    reason = fields.String()
    new_price_id = fields.UUID(allow_none=True)
    decided_at = Moment(allow_none=True)
    decided_by = fields.String(allow_none=True)


class CorrectionQuery(Paging):
    """Which corrections."""

    state = OneOf(*CorrectionState, load_default=None)


class AcceptanceSchema(Schema):
    """From when on the corrected price is valid, today for none, and where it is written."""

    valid_from = fields.Date(load_default=None, allow_none=True)
    source_document = web_link(load_default=None, allow_none=True)


class RefusalSchema(Schema):
    """Why the price stays as it is."""

    reason = Text(1000, least=1, required=True)
