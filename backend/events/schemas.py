"""Events as readers get them, and as editors write them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from flask_babel import lazy_gettext
from marshmallow import Schema, ValidationError, fields, validate

from backend.content_schemas import QUARTER, Code, DraftSchema, SourceSchema
from backend.events.words import in_words
from backend.links import address_of
from backend.media.fields import Html
from backend.rest import Language, Localized, Location, Moment, OneOf, Paging, Text, Translated
from content import town
from content.events.queries import SCHEDULED
from content.events.recurrence import GREGORIAN, LUNAR, MONTHLY, YEARLY
from content.events.rules import CANCELLED, MOVED

BETWEEN = lazy_gettext("Between {min} and {max}.")


class IsoDay(fields.Date):
    """A day, kept as text inside JSON."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return super()._deserialize(value, *args, **kwargs).isoformat()

    def _serialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return value


class IsoMoment(Moment):
    """A moment, kept as text inside JSON."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        moment = super()._deserialize(value, *args, **kwargs)
        try:
            return moment.astimezone(town.TIME).isoformat()
        except OverflowError:
            raise self.make_error("invalid", input=value, obj_type="datetime") from None

    def _serialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        moment = datetime.fromisoformat(value) if value else None
        return super()._serialize(moment, *args, **kwargs)


class Edge(fields.String):
    """A day or a moment in a query; a day counts whole, also where it is the last one."""

    def __init__(self, *, last: bool, **options: Any) -> None:
        self.last = last
        super().__init__(**options)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        # A plus sign that was not escaped arrives as a space.
        text = super()._deserialize(value, *args, **kwargs).strip().replace(" ", "+")
        try:
            if len(text) == len("2026-01-31"):
                day = date.fromisoformat(text) + timedelta(days=self.last)
                return datetime.combine(day, time(), town.TIME)
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is None:
                raise ValueError
            return moment.astimezone(town.TIME)
        except (ValueError, OverflowError):
            raise ValidationError(
                lazy_gettext("Write a day, such as 2026-07-01, or a moment with its offset.")
            ) from None


class RecurrenceSchema(Schema):
    """How an event returns.

    By the Gregorian calendar `rule` holds, in RFC 5545's words (FREQ, INTERVAL, BYDAY, BYMONTHDAY,
    BYMONTH, BYSETPOS, UNTIL or COUNT). By the lunar one `frequency`, `day` (30 is the last day of
    a shorter month), for a yearly one `month`, and perhaps `until`. A yearly event is not held in
    a leap month unless `in_leap_month` says so; a monthly one is.
    """

    calendar = OneOf(GREGORIAN, LUNAR, required=True)
    rule = Text(300, least=1)
    frequency = OneOf(YEARLY, MONTHLY)
    day = fields.Integer(
        strict=True,
        validate=validate.Range(
            1, 30, error=lazy_gettext("A lunar month has 29 or 30 days: between {min} and {max}.")
        ),
    )
    month = fields.Integer(strict=True, validate=validate.Range(1, 12, error=BETWEEN))
    in_leap_month = fields.Boolean()
    until = IsoDay(allow_none=True)


class ExceptionSchema(Schema):
    """A day of the rule that is cancelled, or moved to other days or moments."""

    date = IsoDay(required=True)
    status = OneOf(CANCELLED, MOVED, required=True)
    starts_on = IsoDay(allow_none=True)
    ends_on = IsoDay(allow_none=True)
    starts_at = IsoMoment(allow_none=True)
    ends_at = IsoMoment(allow_none=True)


class ShownExceptionSchema(ExceptionSchema):
    """The same with its note in the reader's language."""

    note = Translated()


class DraftExceptionSchema(ExceptionSchema):
    """The same with its note in all languages."""

    note = Localized(300)


class PlaceOfEventSchema(Schema):
    """The place on file at which it is."""

    id = fields.UUID()
    slug = fields.String()
    name = Translated()


class EventSchema(Schema):
    """An event with its rule, for whoever computes its days; `recurrence` is the rule in words."""

    id = fields.UUID()
    slug = fields.String()
    title = Translated()
    summary = Translated()
    description_html = Html(attribute="description")
    place_id = fields.UUID(allow_none=True)
    place_text = Translated()
    quarter = fields.String(allow_none=True)
    topics = fields.List(fields.String())
    location = fields.Nested(Location, allow_none=True)
    all_day = fields.Boolean()
    starts_on = fields.Date(allow_none=True)
    ends_on = fields.Date(allow_none=True)
    starts_at = Moment(allow_none=True)
    ends_at = Moment(allow_none=True)
    rule = fields.Nested(RecurrenceSchema, attribute="recurrence", allow_none=True)
    recurrence = fields.Function(in_words, metadata={"type": "string"})
    exceptions = fields.List(fields.Nested(ShownExceptionSchema))
    is_sample = fields.Boolean()
    updated_at = Moment()
    sources = fields.List(fields.Nested(SourceSchema))
    url = fields.Function(address_of, metadata={"type": "string"})


class TimeSchema(Schema):
    """One time that an event takes place; whole days end at the midnight after the last one."""

    date = fields.Date(
        attribute="day",
        metadata={"description": "The day of its rule: its name, wherever it is moved"},
    )
    starts_at = Moment()
    ends_at = Moment(allow_none=True)
    status = OneOf(SCHEDULED, CANCELLED, MOVED)
    moved_from = Moment(allow_none=True)
    note = Translated()


class EventDetailSchema(EventSchema):
    """An event, where it is, and when it takes place next."""

    place = fields.Nested(PlaceOfEventSchema, allow_none=True)
    occurrences = fields.List(fields.Nested(TimeSchema))


class OccurrenceSchema(Schema):
    """One time that an event takes place; whole days end at the midnight after the last one."""

    id = fields.UUID(attribute="event.id")
    slug = fields.String(attribute="event.slug")
    title = Translated(attribute="event.title")
    summary = Translated(attribute="event.summary")
    place = fields.Nested(PlaceOfEventSchema, allow_none=True)
    place_text = Translated(attribute="event.place_text")
    quarter = fields.String(attribute="event.quarter", allow_none=True)
    topics = fields.List(fields.String(), attribute="event.topics")
    location = fields.Nested(Location, allow_none=True)
    date = fields.Date(
        attribute="occurrence.day",
        metadata={"description": "The day of its rule: its name, wherever it is moved"},
    )
    starts_at = Moment(attribute="occurrence.starts_at")
    ends_at = Moment(attribute="occurrence.ends_at", allow_none=True)
    all_day = fields.Boolean(attribute="event.all_day")
    status = OneOf(SCHEDULED, CANCELLED, MOVED, attribute="occurrence.status")
    moved_from = Moment(attribute="occurrence.moved_from", allow_none=True)
    note = Translated(attribute="occurrence.note")
    recurrence = fields.String()
    is_sample = fields.Boolean(attribute="event.is_sample")
    updated_at = Moment(attribute="event.updated_at")
    url = fields.String()


class EventQuery(Paging):
    """Which events; by default those of the next 30 days."""

    since = Edge(
        last=False,
        data_key="from",
        load_default=None,
        metadata={"description": "A day or a moment; now by default"},
    )
    until = Edge(
        last=True,
        data_key="to",
        load_default=None,
        metadata={"description": "A day (counted whole) or a moment, at most two years later"},
    )
    q = Text(200, load_default=None)
    topic = Text(60, load_default=None)
    quarter = Text(60, load_default=None)
    place = fields.UUID(load_default=None)
    lang = Language(load_default=None)


class EventDraftSchema(DraftSchema):
    """An event as editors see and write it, in all languages.

    Whole days have `starts_on` and perhaps `ends_on`, the last day; else `starts_at` and
    perhaps `ends_at`. With a rule these are the times of the first occurrence.
    """

    slug = Code()
    title = Localized(200, draft=True, required=True)
    summary = Localized(500, draft=True)
    description = Localized(20_000, draft=True)
    place_id = fields.UUID(allow_none=True)
    place_text = Localized(200, draft=True)
    quarter = Code(allow_none=True, metadata=QUARTER)
    topics = fields.List(Code(), validate=validate.Length(max=10))
    location = fields.Nested(Location, allow_none=True)
    starts_on = fields.Date(allow_none=True, load_default=None)
    ends_on = fields.Date(allow_none=True, load_default=None)
    starts_at = Moment(allow_none=True, load_default=None)
    ends_at = Moment(allow_none=True, load_default=None)
    recurrence = fields.Nested(RecurrenceSchema, allow_none=True, load_default=None)
    exceptions = fields.List(
        fields.Nested(DraftExceptionSchema),
        validate=validate.Length(max=200, error=lazy_gettext("At most {max}.")),
        load_default=list,
    )
