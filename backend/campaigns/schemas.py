"""Campaigns as staff write and see them."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from marshmallow import Schema, ValidationError, fields, validate

from backend.alerts.schemas import BY_STAFF
from backend.content_schemas import Code
from backend.rest import Language, Localized, Moment, OneOf, Paging, Text
from notifications.campaigns import CampaignState
from notifications.devices import PLATFORMS
from notifications.manner import INTERRUPTIONS, PRIORITIES

SENT = "sent"
STATES = (*CampaignState, SENT)


class CampaignAudienceSchema(Schema):
    """Who is meant; what is left out or empty does not narrow it."""

    quarters = fields.List(Code(), validate=validate.Length(max=50))
    languages = fields.List(Language(), validate=validate.Length(max=10))
    topics = fields.List(Code(), validate=validate.Length(max=20))
    platforms = fields.List(OneOf(*PLATFORMS), validate=validate.Length(max=5))


class CampaignRampSchema(Schema):
    """Some devices first, the others later."""

    percent = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(1, 99, error=lazy_gettext("Between {min} and {max}.")),
    )
    minutes = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(1, 1440, error=lazy_gettext("Between {min} and {max}.")),
    )


def _link(text: str) -> None:
    inside = text.startswith("/") and not text.startswith("//")
    if any(c.isspace() for c in text) or not (inside or text.startswith("https://")):
        raise ValidationError(_("Where the message leads: https://… or a page of ours, /…."))


class CampaignDraftSchema(Schema):
    """What to say: an article, or a title and a body by language; and to whom."""

    article_id = fields.UUID(load_default=None, allow_none=True)
    title = Localized(200, draft=True)
    body = Localized(4000, draft=True)
    audience = fields.Nested(CampaignAudienceSchema, load_default=dict)
    send_at = Moment(
        load_default=None, allow_none=True, metadata={"description": "None: once it is confirmed"}
    )
    expires_at = Moment(
        load_default=None, allow_none=True, metadata={"description": "Of no use after that"}
    )
    emergency = fields.Boolean(
        load_default=False,
        metadata={"description": "Two persons confirm; it wakes people; a warning goes beside it"},
    )
    event = OneOf(*BY_STAFF, load_default=None, allow_none=True)
    dry_run = fields.Boolean(
        load_default=False, metadata={"description": "Check and count; nothing is kept"}
    )
    link = fields.String(
        load_default=None, allow_none=True, validate=[validate.Length(max=500), _link]
    )
    image = Text(500, least=1, load_default=None, allow_none=True)
    channel = Text(40, least=1, load_default=None, allow_none=True)
    collapse_key = Text(32, least=1, load_default=None, allow_none=True)
    priority = OneOf(*PRIORITIES, load_default=None, allow_none=True)
    interruption = OneOf(*INTERRUPTIONS, load_default=None, allow_none=True)
    ramp = fields.Nested(CampaignRampSchema, load_default=None, allow_none=True)


class CampaignCountsSchema(Schema):
    """How far it came, in devices: numbers without names."""

    inbox = fields.Integer()
    accepted = fields.Integer()
    delivered = fields.Integer()
    opened = fields.Integer()
    waiting = fields.Integer()
    failed = fields.Integer()
    failures = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        metadata={"description": "By the push service's own word"},
    )


class CampaignConfirmationSchema(Schema):
    """Who stood for it, and when."""

    by = fields.String(attribute="made_by")
    at = Moment(attribute="made_at")


class CampaignSchema(Schema):
    """A campaign. `id` is null for a dry run, of which nothing is kept."""

    id = fields.UUID(allow_none=True)
    state = OneOf(*STATES)
    dry_run = fields.Boolean()
    article_id = fields.UUID(allow_none=True)
    title = fields.Dict(keys=fields.String(), values=fields.String())
    body = fields.Dict(keys=fields.String(), values=fields.String())
    shortened = fields.List(
        fields.String(), metadata={"description": "Languages in which phones get less of the body"}
    )
    validated = fields.String(
        allow_none=True,
        metadata={"description": "A dry run: what FCM says, `ok` or its own word; null: not asked"},
    )
    link = fields.String(allow_none=True)
    audience = fields.Nested(CampaignAudienceSchema)
    topics = fields.List(fields.String())
    send_at = Moment(allow_none=True)
    expires_at = Moment(allow_none=True)
    emergency = fields.Boolean()
    event = fields.String(allow_none=True)
    ramp = fields.Nested(CampaignRampSchema, allow_none=True)
    reach = fields.Integer(metadata={"description": "Devices that fit: counted, not sent to yet"})
    confirmations_needed = fields.Integer(
        metadata={"description": "How many persons have still to confirm"}
    )
    confirmations = fields.List(fields.Nested(CampaignConfirmationSchema))
    counts = fields.Nested(CampaignCountsSchema)
    made_by = fields.String()
    made_at = Moment()
    begun_at = Moment(allow_none=True)
    cancelled_at = Moment(allow_none=True)
    note = fields.String(allow_none=True)


class CampaignQuery(Paging):
    """Which campaigns."""

    state: Any = OneOf(*CampaignState, load_default=None)


class ResentSchema(Schema):
    """For how many devices it is tried again."""

    devices = fields.Integer(required=True)
