"""Beaches as readers get them, and what people on duty send."""

from __future__ import annotations

from flask_babel import lazy_gettext
from marshmallow import Schema, fields, validate

from backend.content_schemas import SourceSchema
from backend.links import url_of
from backend.rest import Language, Localized, Location, Moment, OneOf, Text, Translated
from backend.tides.schemas import TideSchema
from backend.weather.schemas import WeatherSchema
from content.beaches.models import Flag, WaterQuality
from content.beaches.queries import WarningInForce
from content.beaches.schedules import Day
from content.beaches.status import Swimming


class BeachSchema(Schema):
    """A zone of the beach."""

    id = fields.UUID()
    slug = fields.String()
    name = Translated()
    summary = Translated()
    aliases = fields.List(fields.String())
    location = fields.Nested(Location, allow_none=True)
    quarter = fields.String(allow_none=True)
    updated_at = Moment()
    sources = fields.List(fields.Nested(SourceSchema))


class BanSchema(Schema):
    """A ban on swimming; without `ends_at` it holds until it is lifted."""

    id = fields.UUID()
    everywhere = fields.Function(
        lambda ban: ban.beach_id is None,
        metadata={"type": "boolean", "description": "At every beach of the town"},
    )
    reason = Translated()
    starts_at = Moment()
    ends_at = Moment(allow_none=True)


def _url(warning: WarningInForce) -> str:
    return url_of(warning.kind, warning.slug)


class WarningSchema(Schema):
    """An alert, or an announcement on storms or safety, in force."""

    kind = OneOf("alert", "article")
    id = fields.UUID()
    slug = fields.String()
    title = Translated()
    text = Translated()
    issued_at = Moment()
    url = fields.Function(_url, metadata={"type": "string"})


class WaterSchema(Schema):
    """How clean the water was; a matter apart from how dangerous it is."""

    quality = OneOf(*WaterQuality, data_key="class")
    sampled_at = Moment()


class SunSchema(Schema):
    """When the sun rises and sets today."""

    rise = Moment()
    set = Moment()


class HoursSchema(Schema):
    """From when to when on a day, by the town's clocks."""

    starts = fields.Time(format="%H:%M", data_key="from")
    ends = fields.Time(format="%H:%M", data_key="to")


class BeachStatusSchema(Schema):
    """What is known of a beach now.

    `stale`: no observation is in force, so null says that nothing is known. `confirmed`:
    `swimming` rests on something in force now; a red flag stands, not confirmed, after its
    time until somebody sees something newer. Whether lifeguards are on duty is what an
    observation in force says, else what the schedule says (`lifeguards_by`), else null; without
    them nothing is `supervised`. Nothing here ever says that it is safe.
    """

    beach = fields.String(attribute="beach.slug")
    flag = OneOf(*Flag, attribute="verdict.flag", allow_none=True)
    swimming = OneOf(*Swimming, attribute="verdict.swimming")
    stale = fields.Boolean(attribute="verdict.stale")
    confirmed = fields.Boolean(attribute="verdict.confirmed")
    observed_at = Moment(attribute="verdict.observed_at", allow_none=True)
    valid_until = Moment(attribute="verdict.valid_until", allow_none=True)
    lifeguards_on_duty = fields.Boolean(attribute="verdict.lifeguards_on_duty", allow_none=True)
    lifeguards_by = OneOf(
        "observation", "schedule", attribute="verdict.lifeguards_by", allow_none=True
    )
    lifeguard_hours = fields.List(
        fields.Nested(HoursSchema), metadata={"description": "Today's, by the schedule"}
    )
    ban = fields.Nested(BanSchema, attribute="verdict.ban", allow_none=True)
    warnings = fields.List(fields.Nested(WarningSchema))
    water_quality = fields.Nested(WaterSchema, attribute="water_sample", allow_none=True)
    tide = fields.List(
        fields.Nested(TideSchema),
        attribute="tides",
        metadata={"description": "Of today, and the next high and low; empty where not known"},
    )
    sun = fields.Nested(SunSchema)
    weather = fields.Nested(WeatherSchema, allow_none=True)
    note = fields.String(attribute="verdict.note", allow_none=True)


class BeachQuery(Schema):
    """In which language."""

    lang = Language(load_default=None)


class ObservationSchema(Schema):
    """What somebody on duty saw. It holds for three hours unless `valid_until` says otherwise."""

    id = fields.UUID(dump_only=True)
    flag = OneOf(
        *Flag, required=True, allow_none=True, metadata={"description": "null where none flies"}
    )
    observed_at = Moment()
    valid_until = Moment()
    lifeguards_on_duty = fields.Boolean(load_default=None, allow_none=True)
    note = Text(500)
    made_by = fields.String(dump_only=True)


class BanDraftSchema(Schema):
    """A ban on swimming, from now unless `starts_at` says otherwise."""

    id = fields.UUID(dump_only=True)
    reason = Localized(500, required=True)
    starts_at = Moment()
    ends_at = Moment(allow_none=True)
    made_by = fields.String(dump_only=True)


class WaterSampleSchema(Schema):
    """What a laboratory found in the water."""

    id = fields.UUID(dump_only=True)
    quality = OneOf(*WaterQuality, required=True, data_key="class")
    sampled_at = Moment()
    source = Text(300)
    made_by = fields.String(dump_only=True)


class LifeguardScheduleSchema(Schema):
    """The hours in which lifeguards are to be on duty, by the town's clocks.

    `valid_from` and `valid_until` are the first and the last day of the season; without a last
    day it has no end. Schedules of one beach must not overlap.
    """

    id = fields.UUID(dump_only=True)
    days = fields.List(
        OneOf(*Day),
        required=True,
        validate=validate.Length(1, 7, error=lazy_gettext("Name one day at least.")),
        metadata={"description": "In OSM's words: Mo, Tu, We, Th, Fr, Sa, Su"},
    )
    starts = fields.Time(format="%H:%M", data_key="from", required=True)
    ends = fields.Time(format="%H:%M", data_key="to", required=True)
    valid_from = fields.Date(required=True)
    valid_until = fields.Date(allow_none=True)
    note = Text(300)
    made_by = fields.String(dump_only=True)
    updated_at = Moment(dump_only=True)
