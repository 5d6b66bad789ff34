"""What goes in and out of the addresses of forwardings."""

from __future__ import annotations

from marshmallow import Schema, fields

from backend.rest import Moment, OneOf, Paging, Text


class ForwardingChange(Schema):
    """Which reports go on to which server, and what that one calls our categories."""

    label = Text(80, least=1, required=True, metadata={"description": "What the staff call it"})
    category = Text(
        40, allow_none=True, metadata={"description": "A category or the group above it"}
    )
    office = Text(80, allow_none=True, metadata={"description": "The code of an office"})
    url = Text(
        300,
        least=1,
        required=True,
        metadata={"description": "What stands before /requests.json, such as https://x/open311/v2"},
    )
    jurisdiction = Text(200, allow_none=True)
    form = OneOf("json", "xml")
    service_codes = fields.Dict(
        keys=Text(40, least=1),
        values=Text(100, least=1),
        required=True,
        metadata={"description": "Their service_code for each of our categories; `*` for others"},
    )
    own_words = fields.Boolean(
        metadata={
            "description": "Send the reporter's words, without addresses and numbers, where no "
            "officer has approved any"
        }
    )
    is_idempotent = fields.Boolean(
        metadata={"description": "The server knows Idempotency-Key: sending again is harmless"}
    )
    active = fields.Boolean()
    api_key = Text(
        400, allow_none=True, load_only=True, metadata={"description": "Stored, never shown"}
    )


class ForwardingSchema(ForwardingChange):
    """A forwarding, and how the last asking went."""

    id = fields.UUID(required=True)
    has_key = fields.Boolean(required=True)
    offers_updates = fields.Boolean(allow_none=True, required=True)
    polled_at = Moment(allow_none=True, required=True)
    next_poll_at = Moment(required=True)
    failures = fields.Integer(required=True)
    last_error = fields.String(allow_none=True, required=True)


class Forwardings(Schema):
    items = fields.List(fields.Nested(ForwardingSchema), required=True)


class ForwardedQuery(Paging):
    state = fields.String(load_default=None)


class ForwardedReportSchema(Schema):
    """How far a report has come on its way to the other server."""

    id = fields.UUID(required=True)
    report_id = fields.UUID(required=True)
    state = fields.String(
        required=True,
        metadata={"description": "waiting, sending, token, sent, refused, unsure or closed"},
    )
    remote_id = fields.String(allow_none=True, required=True)
    remote_status = fields.String(allow_none=True, required=True)
    error = fields.String(allow_none=True, required=True)
    sent_at = Moment(allow_none=True, required=True)
    created_at = Moment(required=True)
    updated_at = Moment(required=True)
