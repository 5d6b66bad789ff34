"""What goes in and out of the addresses of office hours, promises and notices."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from marshmallow import Schema, fields, validate

from backend.feedback.notices import NOTICE_WORDS, Notice
from backend.feedback.schemas import ReportCategory
from backend.rest import Moment, Paging, Text

HOURS = validate.Range(0, 10_000, min_inclusive=False)


class OfficeHours(Schema):
    """When the offices are open; public holidays are days off beside it."""

    hours = Text(
        500,
        least=1,
        required=True,
        metadata={"description": "Such as `Mo-Fr 07:30-11:30,13:30-17:00; Sa 07:30-11:30`"},
    )


class PromiseDraft(Schema):
    """How soon reports of a category are answered: in working hours, or by the clock."""

    acknowledge_hours = fields.Float(required=True, validate=HOURS)
    resolve_hours = fields.Float(required=True, validate=HOURS)
    by_clock = fields.Boolean(load_default=False)


class PromiseSchema(PromiseDraft):
    category = fields.Nested(ReportCategory, required=True)
    is_default = fields.Boolean(required=True)


class Promises(Schema):
    items = fields.List(fields.Nested(PromiseSchema), required=True)


class NoticeQuery(Paging):
    unread = fields.Boolean(load_default=False)


class NoticeText(fields.String):
    """What a notice says, in the reader's language."""

    def get_value(self, obj: Any, *args: Any, **kwargs: Any) -> Any:
        return gettext(NOTICE_WORDS[Notice(obj.kind)], code=obj.report.code)


class StaffNoticeSchema(Schema):
    """A notice about a report."""

    id = fields.Integer(required=True)
    kind = fields.String(required=True)
    text = NoticeText(required=True)
    at = Moment(required=True)
    read_at = Moment(allow_none=True)
    report_id = fields.UUID(required=True)
    code = fields.String(required=True, attribute="report.code")


class NoticesRead(Schema):
    """Which notices were read; all of them where none is named."""

    ids = fields.List(
        fields.Integer(strict=True, validate=validate.Range(1, 2**62)),
        allow_none=True,
        validate=validate.Length(max=500),
    )
