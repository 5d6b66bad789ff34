"""What goes in and out of the addresses of what officers do to reports."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from backend.feedback.bulk import MOST
from backend.feedback.photos import MOST_PHOTOS
from backend.feedback.schemas import ReportBody, StaffReport
from backend.feedback.workflow import State
from backend.rest import Localized, Location, OneOf, Text


class ReportReply(Schema):
    """Words to the reporter, in Vietnamese at least, and photos of what was done."""

    text = Localized(4000, required=True)
    photos = fields.List(
        fields.UUID(),
        validate=validate.Length(max=20, error=lazy_gettext("At most {max}.")),
        metadata={"description": "The ids of photos that were added to the report before"},
    )


class ReportQuestion(Schema):
    text = Localized(4000, required=True)


class Recategorisation(Schema):
    category = Text(40, least=1, required=True, metadata={"description": "The code of a leaf"})
    reason = Text(1000, load_default="")


class Merger(Schema):
    """The report that goes on, and why this one is the same; the reporter reads the reason."""

    into = fields.UUID(required=True)
    reason = Text(1000, least=1, required=True)


class ReportPart(Schema):
    """What becomes a report of its own; by default where the first one is."""

    category = Text(40, least=1, required=True, metadata={"description": "The code of a leaf"})
    description = Text(4000, least=1, required=True)
    location = fields.Nested(Location, allow_none=True)
    place_text = Text(300, allow_none=True)
    quarter = Text(60, allow_none=True)
    attributes = fields.Dict(keys=fields.String(), allow_none=True)
    photos = fields.List(
        fields.UUID(),
        load_default=list,
        validate=validate.Length(max=MOST_PHOTOS, error=lazy_gettext("At most {max}.")),
        metadata={"description": "Photos of the first report that the part gets, too"},
    )


class ReportForSomebody(ReportBody):
    """What somebody said at a desk or on the telephone."""


class StaffFiledReport(StaffReport):
    """The report as staff see it, and the token that its reporter is given to follow it."""

    access_token = fields.String(required=True)


class BulkAct(Schema):
    """One act on many reports: a transition or an assignment."""

    reports = fields.List(
        fields.UUID(),
        required=True,
        validate=validate.Length(1, MOST, error=lazy_gettext("Between {min} and {max}.")),
    )
    act = OneOf("transition", "assign", required=True)
    to = OneOf(*State)
    reason = Text(1000, load_default="")
    public_note = Localized(2000, allow_none=True)
    office = Text(120, allow_none=True, metadata={"description": "Its code"})
    person = fields.UUID(allow_none=True)

    @validates_schema
    def complete(self, values: dict[str, Any], **_: Any) -> None:
        """A transition needs to know where to."""
        if values.get("act") == "transition" and "to" not in values:
            raise ValidationError(lazy_gettext("Missing data for required field."), "to")


class BulkFailure(Schema):
    report = fields.UUID(required=True)
    detail = fields.String(required=True)
    errors = fields.Dict(metadata={"description": "What is wrong, by the field's name"})


class BulkOutcome(Schema):
    """The reports that it was done to, and why not to the others."""

    bulk_id = fields.UUID(required=True)
    done = fields.List(fields.UUID(), required=True)
    failed = fields.List(fields.Nested(BulkFailure), required=True)
