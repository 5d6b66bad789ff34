"""Contacts as readers get them, and as editors write them."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from backend.content_schemas import Code, DraftSchema, Phone, SourceSchema
from backend.rest import Language, Localized, Moment, OneOf, Paging, Translated
from content.contacts.models import ContactKind


class PublicContactSchema(Schema):
    """A number to call, or an office."""

    id = fields.UUID()
    slug = fields.String()
    kind = OneOf(*ContactKind)
    name = Translated()
    phone = fields.String(allow_none=True)
    address = Translated()
    note = Translated()
    is_sample = fields.Boolean()
    updated_at = Moment()
    sources = fields.List(fields.Nested(SourceSchema))


class ContactQuery(Paging):
    """Which contacts."""

    kind = OneOf(*ContactKind, load_default=None)
    lang = Language(load_default=None)


class ContactDraftSchema(DraftSchema):
    """A contact as editors see and write it, in all languages."""

    slug = Code()
    kind = OneOf(*ContactKind, required=True)
    name = Localized(200, draft=True, load_default=dict)
    phone = Phone(short=True, allow_none=True)
    address = Localized(300, draft=True)
    note = Localized(1000, draft=True)
    position = fields.Integer(strict=True, validate=validate.Range(0, 10_000))
