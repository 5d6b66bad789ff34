"""What goes in and out of the addresses of webhooks."""

from __future__ import annotations

from flask_babel import lazy_gettext
from marshmallow import Schema, fields, validate

from backend.rest import Moment, OneOf, Paging, Text
from backend.webhooks.models import TYPES, Progress


class WebhookChange(Schema):
    """Whom to tell of what."""

    url = Text(1000, least=1, required=True, metadata={"description": "An https address"})
    events = fields.List(
        OneOf(*TYPES),
        validate=validate.Length(max=len(TYPES), error=lazy_gettext("At most {max}.")),
        metadata={"description": "Types of events; none means all"},
    )
    active = fields.Boolean()


class WebhookSchema(WebhookChange):
    """A webhook, without its secret."""

    id = fields.UUID(required=True)
    failures = fields.Integer(
        required=True, metadata={"description": "Tries since it last took something"}
    )
    paused_until = Moment(required=True, allow_none=True)
    stopped_because = fields.String(required=True, allow_none=True)
    created_at = Moment(required=True)
    updated_at = Moment(required=True)


class NewWebhook(WebhookSchema):
    """A webhook that was just made, with its secret: it is shown this once."""

    secret = fields.String(required=True)


class Webhooks(Schema):
    items = fields.List(fields.Nested(WebhookSchema), required=True)


class Replay(Schema):
    """What to send again: all since a moment, or one delivery."""

    since = Moment(allow_none=True)
    delivery = fields.UUID(allow_none=True)


class Replaying(Schema):
    """That it will be sent."""

    queued = fields.Boolean(required=True)


class DeliveryQuery(Paging):
    """Which deliveries to list."""

    state = OneOf(*Progress, load_default=None)


class DeliverySchema(Schema):
    """What became of one event; its id is the `webhook-id` of every try."""

    id = fields.UUID(required=True)
    type = fields.String(required=True)
    state = OneOf(*Progress, required=True)
    attempts = fields.Integer(required=True)
    status = fields.Integer(
        required=True, allow_none=True, metadata={"description": "HTTP's, of the last try"}
    )
    error = fields.String(required=True, allow_none=True)
    created_at = Moment(required=True)
    tried_at = Moment(required=True, allow_none=True)
    settled_at = Moment(required=True, allow_none=True)
