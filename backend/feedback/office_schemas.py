"""What goes in and out of the addresses of offices and routing rules."""

from __future__ import annotations

from flask_babel import lazy_gettext
from marshmallow import Schema, fields, validate

from backend.content_schemas import Code, Phone
from backend.rest import Localized, Moment, Text

CATEGORY = {"description": "A category or the group above it; null for any"}


class OfficeChange(Schema):
    """What may change of an office."""

    name = Localized(200, required=True)
    email = fields.Email(
        allow_none=True,
        validate=validate.Length(max=254, error=lazy_gettext("At most {max} characters.")),
    )
    phone = Phone(short=True, allow_none=True)
    members = fields.List(
        fields.UUID(),
        validate=validate.Length(max=500, error=lazy_gettext("At most {max}.")),
        metadata={"description": "The ids of the staff who work in it"},
    )


class NewOffice(OfficeChange):
    """An office to be made; its code is for good."""

    code = Code(required=True)


class OfficeSchema(NewOffice):
    """An office. Sample data is marked so."""

    is_sample = fields.Boolean(required=True)
    updated_at = Moment(required=True)


class Offices(Schema):
    items = fields.List(fields.Nested(OfficeSchema), required=True)


class RuleDraft(Schema):
    """Which reports fit, and who gets them; what is null fits everything."""

    category = Text(40, allow_none=True, metadata=CATEGORY)
    quarter = Text(60, allow_none=True)
    hours = Text(
        200,
        allow_none=True,
        metadata={"description": "OSM's opening hours, such as `Sa,Su,PH; Mo-Fr 17:00-07:30`"},
    )
    office = Text(80, least=1, required=True, metadata={"description": "The code of an office"})


class RuleSchema(RuleDraft):
    """A rule; the one with the lowest position is asked first."""

    id = fields.UUID(required=True)
    position = fields.Integer(required=True)


class Rules(Schema):
    items = fields.List(fields.Nested(RuleSchema), required=True)


class RuleOrder(Schema):
    rules = fields.List(fields.UUID(), required=True)


class RoutingTrial(Schema):
    """A report that might come."""

    category = Text(40, least=1, required=True)
    quarter = Text(60, allow_none=True)
    at = Moment(allow_none=True, metadata={"description": "By default now"})


class Routed(Schema):
    """Which office would get it, by which rule; both null where no rule fits."""

    office = fields.Nested(OfficeSchema, required=True, allow_none=True)
    rule = fields.Nested(RuleSchema, required=True, allow_none=True)
