"""What the schemas of all content share."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
from marshmallow import Schema, fields, validate

from backend.rest import Moment, OneOf, Paging, Text
from content.publishing import State

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


class DraftSchema(Schema):
    """What editors see of every piece of content.

    `revision` counts the changes. Send the one you have read, here or in If-Match, and a
    change on the ground of an older one is refused.
    """

    id = fields.UUID(dump_only=True)
    state = OneOf(*State, dump_only=True)
    published_at = Moment(dump_only=True, allow_none=True)
    expires_at = Moment(allow_none=True)
    sources = fields.List(fields.Nested(SourceSchema), validate=validate.Length(max=50))
    is_sample = fields.Boolean(dump_only=True)
    revision = fields.Integer(strict=True, validate=validate.Range(1, 1_000_000_000))
    changed_by = fields.String(dump_only=True)
    created_at = Moment(dump_only=True)
    updated_at = Moment(dump_only=True)


class DraftQuery(Paging):
    """Which content, for editors."""

    state = OneOf(*State, load_default=None)
    q = Text(200, load_default=None, metadata={"description": "A part of the address"})
