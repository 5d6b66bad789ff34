"""What goes in and out of the addresses of citizens' reports."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext, lazy_gettext
from marshmallow import Schema, fields, validate

from backend import dumping
from backend.feedback.workflow import PUBLIC_WORDS, State
from backend.rest import Localized, Location, Moment, OneOf, Paging, Text, Translated

LONGEST_REASON = 300
"""To look at a contact, which its owner reads."""


class StatusLabel(fields.String):
    """What the state beside it is called in public, in the reader's language."""

    def get_value(self, obj: Any, attr: str, *args: Any, **kwargs: Any) -> Any:
        return super().get_value(obj, "status", *args, **kwargs)

    def _serialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return super()._serialize(gettext(PUBLIC_WORDS[State(value)]), *args, **kwargs)


@dumping.reads(StatusLabel.get_value)
def _status(_: StatusLabel) -> dumping.Write:
    def read(obj: Any) -> Any:
        status = obj.get("status") if type(obj) is dict else None
        return dumping.value_of(obj, "status") if status is None else status

    return read


@dumping.writes(StatusLabel._serialize)
def _label(_: StatusLabel) -> dumping.Write:
    known: dict[State, str] = {}

    def put(status: str) -> str:
        state = State(status)
        if state not in known:
            known[state] = gettext(PUBLIC_WORDS[state])
        return known[state]

    return put


class LookQuery(Schema):
    """Why somebody wants to know who reported; the reporter can read it."""

    reason = Text(LONGEST_REASON, load_default=None)


class Look(Schema):
    """One look of the staff at who reported: not by whom, but for whom and why."""

    at = Moment(required=True)
    code = fields.String(required=True, metadata={"description": "The report's"})
    what = OneOf("contact", "sealed_identity", required=True)
    role = fields.String(required=True, allow_none=True)
    office = fields.String(required=True, allow_none=True)
    office_name = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)


class ReporterContact(Schema):
    """How to reach the reporter; shown to the reporter in part, and to nobody else."""

    name = Text(120, allow_none=True)
    phone = Text(
        40, allow_none=True, metadata={"description": "As people write it: 0912 345 678, +84…"}
    )
    email = fields.Email(
        allow_none=True,
        validate=validate.Length(max=254, error=lazy_gettext("At most {max} characters.")),
    )


class Consent(Schema):
    """That the reporter agreed to have the contact kept, to which text, and when."""

    version = Text(40, least=1, required=True)
    at = Moment(required=True)


class ReportBody(Schema):
    """What a reporter says; a place on the map or in words is needed."""

    category = Text(40, least=1, required=True, metadata={"description": "The code of a leaf"})
    description = Text(4000, least=1, required=True)
    location = fields.Nested(Location, allow_none=True)
    place = Text(
        120, allow_none=True, metadata={"description": "The id or slug of a place of the town"}
    )
    place_text = Text(300, allow_none=True)
    quarter = Text(60, allow_none=True)
    contact = fields.Nested(ReporterContact, allow_none=True)
    anonymous = fields.Boolean(load_default=False)
    consent = fields.Nested(Consent, allow_none=True)
    attributes = fields.Dict(
        keys=fields.String(),
        allow_none=True,
        metadata={"description": "Answers to the category's questions, by their codes"},
    )


class NewReport(ReportBody):
    """What a reporter sends."""

    source = OneOf("app", "page", load_default="app")


class PostedPrice(Schema):
    """A posted price of what a report is about; `times` is how many times as much was asked."""

    item = Translated(required=True)
    unit = Translated()
    price_vnd = fields.Integer(allow_none=True)
    price_max_vnd = fields.Integer(allow_none=True)
    place = Translated(allow_none=True)
    source = fields.String(allow_none=True)
    valid_from = fields.Date(allow_none=True)
    is_sample = fields.Boolean(required=True)
    times = fields.Float(allow_none=True)


class FiledReport(Schema):
    """A report that is on file; the token lets a guest follow it and add to it."""

    id = fields.UUID(required=True)
    code = fields.String(required=True)
    access_token = fields.String(required=True)
    status = fields.String(required=True)
    status_label = StatusLabel(required=True)
    expected_at = Moment(required=True)
    posted_prices = fields.List(fields.Nested(PostedPrice))


class ReportCategory(Schema):
    code = fields.String(required=True)
    name = fields.String(required=True)


class PublicStep(Schema):
    """A step of a report's way; `reason` only for the reporter."""

    status = fields.String(required=True)
    label = StatusLabel(required=True)
    at = Moment(required=True)
    note = fields.String(required=True, metadata={"description": "May be empty"})
    reason = fields.String()


class ReporterComment(Schema):
    at = Moment(required=True)
    text = fields.String(required=True)


class ReportPhotoSchema(Schema):
    id = fields.UUID(required=True)
    url = fields.String(required=True)
    thumbnail_url = fields.String(required=True)
    width = fields.Integer(required=True)
    height = fields.Integer(required=True)
    by = fields.String(
        required=True, metadata={"description": "`reporter`, or `officer` for what was done"}
    )
    created_at = Moment(required=True)


class StaffPhoto(ReportPhotoSchema):
    """A photo as the staff see it; `hint` is where the camera says that it stood."""

    hint = fields.Nested(Location, allow_none=True)
    is_covered = fields.Boolean(required=True)
    covers = fields.List(
        fields.Dict(values=fields.Integer()),
        required=True,
        metadata={"description": "What is painted over: x, y, width and height in pixels"},
    )
    is_public = fields.Boolean(required=True)


class ReportPhotos(Schema):
    photos = fields.List(fields.Nested(ReportPhotoSchema), required=True)


class OfficeReply(Schema):
    """What the office said to the reporter, or asked."""

    at = Moment(required=True)
    kind = fields.String(required=True, metadata={"enum": ["reply", "question"]})
    text = fields.String(required=True)
    photos = fields.List(fields.Nested(ReportPhotoSchema), required=True)


class LinkedReport(Schema):
    """Another report that this one belongs to."""

    code = fields.String(required=True)
    status = fields.String(required=True)
    status_label = StatusLabel(required=True)


class NewRating(Schema):
    rating = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(1, 5, error=lazy_gettext("Between {min} and {max}.")),
    )
    comment = Text(2000, load_default="")


class GivenRating(Schema):
    """How content the reporter was with a closing; null where nobody said so in time."""

    rating = fields.Integer(required=True, allow_none=True)
    comment = fields.String(required=True, allow_none=True)
    closed_at = Moment(required=True)
    at = Moment(required=True)


class TrackedReport(Schema):
    """Where a report stands. What follows after `history` only the reporter gets."""

    code = fields.String(required=True)
    status = fields.String(required=True)
    status_label = StatusLabel(required=True)
    category = fields.Nested(ReportCategory, required=True)
    created_at = Moment(required=True)
    updated_at = Moment(required=True)
    expected_at = Moment(required=True)
    history = fields.List(fields.Nested(PublicStep), required=True)
    id = fields.UUID()
    description = fields.String()
    location = fields.Nested(Location, allow_none=True)
    place_text = fields.String()
    quarter = fields.String(allow_none=True)
    attributes = fields.Dict()
    posted_prices = fields.List(fields.Nested(PostedPrice))
    anonymous = fields.Boolean()
    contact = fields.Nested(ReporterContact, allow_none=True)
    photos = fields.List(fields.Nested(ReportPhotoSchema))
    comments = fields.List(fields.Nested(ReporterComment))
    replies = fields.List(fields.Nested(OfficeReply))
    closed_at = Moment(allow_none=True)
    reopen_until = Moment(
        allow_none=True, metadata={"description": "Until when it may be rated and opened again"}
    )
    rating = fields.Nested(GivenRating, allow_none=True)
    duplicate_of = fields.Nested(LinkedReport, allow_none=True)
    split_into = fields.List(fields.Nested(LinkedReport))


class NewComment(Schema):
    text = Text(4000, least=1, required=True)


class Withdrawal(Schema):
    reason = Text(1000, load_default="")


class Reopening(Schema):
    reason = Text(1000, least=1, required=True)


class ReportHead(Schema):
    """What every list tells of a report."""

    id = fields.UUID(required=True)
    code = fields.String(required=True)
    status = fields.String(required=True)
    status_label = StatusLabel(required=True)
    category = fields.Nested(ReportCategory, required=True)
    created_at = Moment(required=True)
    expected_at = Moment(required=True)


class ReportFilter(Schema):
    """Which reports somebody asks for; what is not given is not asked."""

    status = fields.String(
        load_default=None, metadata={"description": "One state, or several with commas"}
    )
    category = fields.String(load_default=None)
    quarter = fields.String(load_default=None)


class MyReport(ReportHead):
    """A report in its reporter's own list."""

    description = fields.String(required=True)
    updated_at = Moment(required=True)


class StaffReportQuery(ReportFilter, Paging):
    q = fields.String(load_default=None, validate=validate.Length(max=200))
    office = fields.String(load_default=None, metadata={"description": "An office's code"})
    mine = fields.Boolean(
        load_default=False, metadata={"description": "Only what is assigned to the caller"}
    )
    late = fields.Boolean(
        load_default=False, metadata={"description": "Only open reports whose promise is broken"}
    )


class StaffReportItem(MyReport):
    """A report in the staff's list; who reported is not in it."""

    location = fields.Nested(Location, allow_none=True)
    place_text = fields.String(required=True)
    quarter = fields.String(allow_none=True)
    source = fields.String(required=True)
    anonymous = fields.Boolean(required=True)
    office = fields.String(allow_none=True, metadata={"description": "Its code"})
    office_name = fields.String(allow_none=True)
    assignee_id = fields.UUID(allow_none=True)
    acknowledge_by = Moment(required=True)
    acknowledged_at = Moment(allow_none=True)
    waiting_since = Moment(
        allow_none=True,
        metadata={"description": "Since when the clock stands; the promise moves by that time"},
    )
    closed_at = Moment(allow_none=True)
    is_late = fields.Boolean(required=True)
    is_public = fields.Boolean(
        required=True, metadata={"description": "Everybody finds it, once the delay has passed"}
    )
    public_description = fields.String(allow_none=True)
    confirmations = fields.Integer(required=True)
    version = fields.Integer(required=True)


class StaffStep(Schema):
    """Anything that happened to a report."""

    at = Moment(required=True)
    kind = fields.String(required=True)
    by = fields.String(required=True)
    staff_id = fields.UUID(allow_none=True)
    from_status = fields.String(allow_none=True)
    to_status = fields.String(allow_none=True)
    text = fields.String(allow_none=True)
    public_note = Localized(2000, allow_none=True)
    internal = fields.Boolean(required=True)


class StaffLinkedReport(LinkedReport):
    """The same, for staff."""

    id = fields.UUID(required=True)


class StaffReport(StaffReportItem):
    """A report as the staff work on it. The contact has an address of its own."""

    attributes = fields.Dict(required=True)
    posted_prices = fields.List(fields.Nested(PostedPrice))
    photos = fields.List(fields.Nested(StaffPhoto), required=True)
    has_contact = fields.Boolean(
        required=True, metadata={"description": "False also where the reporter stays unknown"}
    )
    allowed = fields.List(
        fields.String(), required=True, metadata={"description": "States to move to"}
    )
    history = fields.List(fields.Nested(StaffStep), required=True)
    ratings = fields.List(fields.Nested(GivenRating), required=True)
    duplicate_of = fields.Nested(StaffLinkedReport, required=True, allow_none=True)
    duplicates = fields.List(fields.Nested(StaffLinkedReport), required=True)
    split_from = fields.Nested(StaffLinkedReport, required=True, allow_none=True)
    split_into = fields.List(fields.Nested(StaffLinkedReport), required=True)


class ReportMove(Schema):
    """A move to another state. The reporter reads the reason, everybody the public note."""

    to = OneOf(*State, required=True)
    reason = Text(1000, load_default="")
    public_note = Localized(2000, allow_none=True)
    version = fields.Integer(
        allow_none=True,
        strict=True,
        metadata={"description": "Refuse the move when the report has changed since"},
    )


class ReportNote(Schema):
    text = Text(4000, least=1, required=True)


class ReportAssignment(Schema):
    """Who works on a report from now on; an office, a person or both."""

    office = Text(120, allow_none=True, metadata={"description": "Its code"})
    person = fields.UUID(allow_none=True)
