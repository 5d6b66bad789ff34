"""What the schemas of all content share."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from marshmallow import Schema, ValidationError, fields, validate

from backend.rest import Moment, OneOf, Paging, Text
from content import phones
from content.publishing import Standing, State

QUARTER = {"description": "A quarter's code"}


class SourceSchema(Schema):
    """Where a fact comes from: confidence is H (several sources), M (one good one) or L."""

    fact = Text(500, required=True)
    source = Text(500, required=True)
    confidence = OneOf("H", "M", "L", required=True)


class Code(fields.String):
    """A word of a vocabulary or a readable address, such as `nghi-thuy`."""

    def __init__(self, **options: Any) -> None:
        form = validate.Regexp(
            r"[a-z0-9]+(-[a-z0-9]+)*\Z", error=lazy_gettext("Small letters, digits and hyphens.")
        )
        super().__init__(validate=[form, validate.Length(max=80)], **options)


class Phone(fields.String):
    """A telephone number, kept in one form; with *short* also 115 and the like."""

    def __init__(self, *, short: bool = False, **options: Any) -> None:
        self.short = short
        super().__init__(validate=validate.Length(max=40), **options)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, *args, **kwargs)
        try:
            return phones.normalise(text, short=self.short)
        except ValueError:
            raise ValidationError(
                _("Is no telephone number, such as 0238 3824 123 or +84 912 345 678.")
            ) from None


class Day(fields.String):
    """A day of the calendar, written and kept as YYYY-MM-DD."""

    def __init__(self, **options: Any) -> None:
        super().__init__(validate=self._check, metadata={"format": "date"}, **options)

    def _check(self, text: str) -> None:
        try:
            plain = date.fromisoformat(text).isoformat() == text
        except ValueError:
            plain = False
        if not plain:
            raise ValidationError(_("Must be a day, such as 2026-09-02."))


class DraftSchema(Schema):
    """What editors see of every piece of content: its newest text, also if not yet published.

    `state` is where the piece stands, `stage` where a draft of changes to something published
    does (null: there is none), `standing` what the public sees of it now. `revision` counts the
    changes. Send the one you have read, here or in If-Match, and a change on the ground of an
    older one is refused. A draft may be incomplete until it is published.
    """

    id = fields.UUID(dump_only=True)
    state = OneOf(*State, dump_only=True)
    stage = OneOf(*State, dump_only=True, allow_none=True)
    standing = OneOf(*Standing, dump_only=True)
    published_at = Moment(dump_only=True, allow_none=True)
    expires_at = Moment(allow_none=True)
    due_at = Moment(
        dump_only=True,
        allow_none=True,
        metadata={"description": "When the drafted changes appear by themselves"},
    )
    sources = fields.List(fields.Nested(SourceSchema), validate=validate.Length(max=50))
    is_sample = fields.Boolean(dump_only=True)
    revision = fields.Integer(strict=True, validate=validate.Range(1, 1_000_000_000))
    changed_by = fields.String(dump_only=True)
    created_at = Moment(dump_only=True)
    updated_at = Moment(dump_only=True)
    edited_at = Moment(dump_only=True)
    warnings = fields.List(
        fields.String(),
        dump_only=True,
        metadata={"description": "What an editor should look at, such as a link to a draft"},
    )


class DraftQuery(Paging):
    """Which content, for editors."""

    state = OneOf(*State, load_default=None)
    standing = OneOf(*Standing, load_default=None)
    stage = OneOf(State.DRAFT, State.REVIEW, State.APPROVED, load_default=None)
    q = Text(200, load_default=None, metadata={"description": "A part of the address"})


class ScheduleSchema(Schema):
    """From when on the public sees it."""

    at = Moment(required=True)


class ExpirySchema(Schema):
    """Until when the public sees it; null for no end."""

    at = Moment(required=True, allow_none=True)


class LockSchema(Schema):
    """Who has a piece open for editing; `take_over` takes it from somebody else."""

    take_over = fields.Boolean(load_only=True, load_default=False)
    held_by = fields.String(dump_only=True)
    name = fields.String(dump_only=True)
    until = Moment(dump_only=True)


class RevisionSchema(Schema):
    """What somebody did, and the number of the revision it made."""

    number = fields.Integer()
    act = fields.String()
    made_by = fields.String()
    name = fields.String(metadata={"description": "The person's name, where it is known"})
    made_at = Moment()


class RevisionsSchema(Schema):
    """The revisions of a piece, the newest first."""

    items = fields.List(fields.Nested(RevisionSchema))


class DifferenceSchema(Schema):
    """A field, or one language of it, before and after."""

    field = fields.String()
    before = fields.Raw(allow_none=True)
    after = fields.Raw(allow_none=True)


class RevisionDetailSchema(RevisionSchema):
    """A revision: all fields as they then were, and what it changed."""

    values = fields.Dict(keys=fields.String())
    differences = fields.List(fields.Nested(DifferenceSchema))


class RestoreSchema(Schema):
    """The revision that was read before, as for every change."""

    revision = fields.Integer(
        strict=True, load_default=None, validate=validate.Range(1, 1_000_000_000)
    )


class PreviewSchema(Schema):
    """An address that shows the draft to whoever has it, until it lapses."""

    url = fields.String()
    api_url = fields.String()
    expires_at = Moment()
