"""Public holidays as readers get them, and as staff enter them."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
from marshmallow import Schema, fields, post_load, validate

from backend.rest import Language, Localized, Moment, Translated
from content.holidays.computed import Holiday

CONFIRMED = {"description": "False while the state has yet to say that it is a day off"}


class HolidaySchema(Schema):
    """A public holiday."""

    date = fields.Date()
    name = Translated()
    confirmed = fields.Boolean(metadata=CONFIRMED)


class HolidaysSchema(Schema):
    """The public holidays of a year, in order."""

    year = fields.Integer()
    items = fields.List(fields.Nested(HolidaySchema), attribute="days")
    is_computed = fields.Boolean(
        metadata={"description": "True until staff have entered the days of this year"}
    )


class HolidayQuery(Schema):
    """Which year; the present one by default."""

    year = fields.Integer(load_default=None)
    lang = Language(load_default=None)


class HolidayDraftSchema(Schema):
    """A public holiday as staff enter it."""

    date = fields.Date(required=True)
    name = Localized(200, required=True)
    confirmed = fields.Boolean(load_default=True, metadata=CONFIRMED)

    @post_load
    def made(self, values: dict[str, Any], **_: Any) -> Holiday:
        return Holiday(**values)


class HolidayYearSchema(Schema):
    """The public holidays of a year as staff enter them: all of them, in place of the former.

    `revision` is the one that was read, 0 while the days are computed.
    """

    year = fields.Integer(dump_only=True)
    days = fields.List(
        fields.Nested(HolidayDraftSchema),
        required=True,
        validate=validate.Length(max=60, error=lazy_gettext("At most {max}.")),
    )
    revision = fields.Integer(required=True, strict=True, validate=validate.Range(0, 1_000_000_000))
    is_computed = fields.Boolean(dump_only=True)
    computed = fields.List(
        fields.Nested(HolidayDraftSchema),
        dump_only=True,
        metadata={"description": "The days of law, to begin with"},
    )
    changed_by = fields.String(dump_only=True, allow_none=True)
    updated_at = Moment(dump_only=True, allow_none=True)
