"""What citizens see and change of themselves."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from backend.rest import Language, Moment, Paging, Text, Translated


class Me(Schema):
    """The citizen who calls."""

    id = fields.UUID(required=True)
    phone = fields.String(required=True, allow_none=True)
    display_name = fields.String(required=True, allow_none=True)
    language = fields.String(required=True)
    created_at = Moment(required=True)


class MeChange(Schema):
    """What a citizen may change; what is left out stays as it is."""

    display_name = Text(80, allow_none=True)
    language = Language()


class MyMessage(Schema):
    """A message of the town to this citizen, or to a device of this citizen."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    title = Translated(required=True)
    body = Translated(required=True)
    link = fields.String(required=True, allow_none=True)
    emergency = fields.Boolean(required=True)
    created_at = Moment(required=True)
    read_at = Moment(required=True, allow_none=True)
    archived_at = Moment(required=True, allow_none=True)


class InboxQuery(Paging):
    """Which part of an inbox: what lies there, or what was put away."""

    archived: Any = fields.Boolean(load_default=False)


class MyDevice(Schema):
    """A device on which the citizen is signed in."""

    platform = fields.String(required=True)
    language = fields.String(required=True)
    quarter = fields.String(required=True, allow_none=True)
    app_version = fields.String(required=True, allow_none=True)
    created_at = Moment(required=True)
    last_seen_at = Moment(required=True)


class MyExport(Schema):
    """All that is held about the citizen."""

    account = fields.Nested(Me, required=True)
    reports = fields.List(fields.Dict(), required=True)
    confirmations = fields.List(fields.Dict(), required=True)
    areas = fields.List(fields.Dict(), required=True)
    blocks = fields.List(fields.Dict(), required=True)
    devices = fields.List(fields.Nested(MyDevice), required=True)
    messages = fields.List(fields.Nested(MyMessage), required=True)
