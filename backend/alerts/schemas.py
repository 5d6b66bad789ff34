"""Alerts as readers get them, and what staff send."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from backend.content_schemas import Code
from backend.links import url_of
from backend.rest import Language, Localized, Moment, OneOf, Paging, Translated
from content.alerts.models import (
    Alert,
    Certainty,
    Event,
    MessageType,
    Severity,
    Urgency,
)

BY_STAFF = [event for event in Event if event != Event.SWIM_BAN]


def cap_path(alert: Alert) -> str:
    """The path of the alert's CAP document."""
    return f"/feeds/cap/{alert.id}.xml"


class AlertSchema(Schema):
    """A warning. Without `expires` it holds until it is cancelled."""

    id = fields.UUID()
    message_type = OneOf(*MessageType)
    event = OneOf(*Event)
    headline: fields.Field = Translated()
    description: fields.Field = Translated()
    instruction: fields.Field = Translated()
    severity = OneOf(*Severity)
    urgency = OneOf(*Urgency)
    certainty = OneOf(*Certainty)
    areas = fields.List(Translated())
    quarters = fields.List(fields.String())
    sent = Moment()
    onset = Moment()
    expires = Moment(allow_none=True)
    references = fields.List(fields.String(), attribute="refers_to")
    url = fields.Function(
        lambda alert: url_of("alert", alert.identifier), metadata={"type": "string"}
    )
    cap = fields.Function(cap_path, metadata={"type": "string", "description": "As CAP 1.2"})


class StaffAlertSchema(AlertSchema):
    """A message as staff see it, in all languages."""

    headline = fields.Dict(keys=fields.String(), values=fields.String())
    description = fields.Dict(keys=fields.String(), values=fields.String())
    instruction = fields.Dict(keys=fields.String(), values=fields.String())
    reason = fields.Dict(keys=fields.String(), values=fields.String())
    status = fields.String(metadata={"description": "CAP's: Exercise unless in earnest"})
    sender = fields.String()
    superseded_at = Moment(allow_none=True)
    made_by = fields.String()


class AlertUpdateSchema(Schema):
    """What has changed; what is not named stays as it was."""

    headline = Localized(160)
    description = Localized(2000)
    instruction = Localized(1000)
    severity = OneOf(*Severity)
    urgency = OneOf(*Urgency)
    certainty = OneOf(*Certainty)
    onset = Moment()
    expires = Moment(allow_none=True)
    quarters = fields.List(Code(), validate=validate.Length(max=50))
    notify = fields.Boolean(
        load_default=True, metadata={"description": "Push it to phones; an emergency rings"}
    )


class AlertDraftSchema(AlertUpdateSchema):
    """A warning to be issued at once, for some quarters or the whole town."""

    event = OneOf(*BY_STAFF, required=True)


class AlertCancelSchema(Schema):
    """Why a warning ends before its time."""

    reason = Localized(500)
    notify = fields.Boolean(load_default=False)


class AlertQuery(Schema):
    """In which language."""

    lang = Language(load_default=None)


class MessagesQuery(Paging):
    """Which page of all that was ever sent."""

    event: Any = OneOf(*Event, load_default=None)
