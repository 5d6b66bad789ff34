"""What goes in and out of the addresses of devices."""

from __future__ import annotations

from datetime import time
from typing import Any

from flask_babel import lazy_gettext
from marshmallow import Schema, fields, post_load, validate

from backend.rest import Language, Moment, OneOf, Text, Translated
from notifications.devices import ADDRESS_KINDS, PLATFORMS, Preferences


class Registration(Schema):
    """An installation of the app, and where push messages reach it."""

    kind = OneOf(*ADDRESS_KINDS, required=True)
    address = Text(
        1024,
        least=1,
        required=True,
        allow_none=True,
        metadata={
            "description": "What FCM gave the app, or a browser's PushSubscription as JSON; kept "
            "secret. null where no push is taken: then "
            "the inbox alone has the messages"
        },
    )
    platform = OneOf(*PLATFORMS, required=True)
    language = Language(required=True)
    timezone = Text(64, least=1, required=True, metadata={"example": "Asia/Ho_Chi_Minh"})
    quarter = Text(60, least=1, load_default=None, allow_none=True)
    app_version = Text(40, least=1, load_default=None, allow_none=True)


class BrowserKey(Schema):
    """The town's public key for Web Push."""

    public_key = fields.String(required=True, allow_none=True)


class RegisteredDevice(Schema):
    """A device as its app may see it; the address is never told again."""

    installation_id = fields.UUID(required=True)
    kind = fields.String(required=True)
    platform = fields.String(required=True)
    language = fields.String(required=True)
    timezone = fields.String(required=True)
    quarter = fields.String(required=True, allow_none=True)
    app_version = fields.String(required=True, allow_none=True)
    signed_in = fields.Function(
        lambda device: device.citizen_id is not None,
        required=True,
        metadata={"type": "boolean", "description": "Whether a citizen's messages come here"},
    )
    last_seen_at = Moment(required=True)
    refresh_at = Moment(
        required=True, metadata={"description": "When the app should register again, at the latest"}
    )


def _time_of_day(**options: Any) -> fields.Time:
    message = lazy_gettext("A time of the day such as 22:00.")
    return fields.Time(
        format="%H:%M",
        required=True,
        error_messages={"invalid": message, "format": message},
        metadata={"example": "22:00"},
        **options,
    )


class QuietHours(Schema):
    """From when to when no push comes, in the device's own time; may go over midnight."""

    start = _time_of_day(data_key="from")
    end = _time_of_day(data_key="to")


class DevicePreferences(Schema):
    """What a device wants to hear; everything is replaced, and what is left out is as new."""

    topics = fields.Dict(
        keys=fields.String(),
        values=fields.Boolean(truthy={True}, falsy={False}),
        load_default=dict,
        metadata={"description": "By topic; one that is not named is on, safety always is"},
    )
    silent = fields.List(
        fields.String(),
        load_default=list,
        validate=validate.Length(max=50, error=lazy_gettext("At most {max}.")),
        metadata={"description": "Topics that come without a sound; safety may be one"},
    )
    quiet_hours = fields.Nested(QuietHours, load_default=None, allow_none=True)
    quarters = fields.List(
        Text(60, least=1),
        load_default=list,
        validate=validate.Length(max=50, error=lazy_gettext("At most {max}.")),
        metadata={"description": "Quarters to hear of beside the device's own"},
    )

    @post_load
    def _as_preferences(self, data: dict[str, Any], **_: Any) -> Preferences:
        quiet: dict[str, time] | None = data["quiet_hours"]
        hours = (quiet["start"], quiet["end"]) if quiet else None
        return Preferences(data["topics"], hours, data["quarters"], data["silent"])

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        if attr == "quiet_hours" and obj.quiet_hours:
            return dict(zip(("start", "end"), obj.quiet_hours, strict=True))
        return super().get_attribute(obj, attr, default)


class Receipt(Schema):
    """That a push message came to the device, or was opened there."""

    delivery_id = fields.String(
        required=True,
        validate=validate.Regexp(r"[0-9]{1,18}\Z", error=lazy_gettext("This is no delivery's id.")),
        metadata={"description": "As in the push message's data"},
    )
    event = OneOf("delivered", "opened", required=True)
    at = Moment(required=True)


class DeviceMessage(Schema):
    """A message in the device's inbox."""

    delivery_id = fields.String(required=True, attribute="id")
    message_id = fields.UUID(required=True)
    kind = fields.String(required=True, attribute="message.kind")
    topics = fields.List(fields.String(), required=True, attribute="message.topics")
    title = Translated(required=True, attribute="message.title")
    body = Translated(required=True, attribute="message.body")
    link = fields.String(required=True, allow_none=True, attribute="message.link")
    emergency = fields.Boolean(required=True, attribute="message.emergency")
    created_at = Moment(required=True, attribute="message.created_at")
    opened_at = Moment(required=True, allow_none=True)
    read_at = Moment(required=True, allow_none=True)
    archived_at = Moment(required=True, allow_none=True)
