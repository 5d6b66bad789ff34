"""What people send to the chatbot, and all that they may be shown of its answer."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from flask_babel import lazy_gettext
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate, validates_schema

from backend.rest import Location, Moment, OneOf, Text

# An intent and its entities, as Rasa writes what a button stands for: /ask_price{"item": "ghẹ"}
PAYLOAD = re.compile(r"/[a-z][a-z_]{1,63}(\{[^{}\n]*\})?")


def is_payload(payload: str) -> None:
    """Refuse what no button of the chatbot could stand for."""
    matched = PAYLOAD.fullmatch(payload)
    if not matched or not _are_texts(matched[1] or "{}"):
        raise ValidationError(lazy_gettext("Send a button's payload as it was given."))


def _are_texts(entities: str) -> bool:
    try:
        return all(isinstance(value, str) for value in json.loads(entities).values())
    except json.JSONDecodeError:
        return False


def without_command(text: str) -> str:
    """*text* without the leading slash that would make it a command, which only buttons give."""
    return text.lstrip("/ ")


def is_safe_address(address: str) -> None:
    """Refuse an address that is neither on the web nor on this site, such as javascript:."""
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise ValidationError("Not an address.") from error
    on_the_web = parts.scheme in ("http", "https") and parts.netloc
    on_this_site = address.startswith("/") and not parts.netloc and "\\" not in address
    if not (on_the_web or on_this_site):
        raise ValidationError("Not an address of this site or the web.")


class ChatMessage(Schema):
    """One message of a person: a text, or the payload of a button."""

    conversation_id = fields.UUID(metadata={"description": "Leave out to begin"})
    conversation_token = Text(200, metadata={"description": "As given with conversation_id"})
    text = Text(2000, least=1)
    payload = fields.String(
        validate=[validate.Length(max=1000), is_payload],
        metadata={"description": "Of the button pressed"},
    )
    lang = OneOf("vi", "en")
    location = fields.Nested(Location, allow_none=True)
    photo_id = fields.UUID(allow_none=True)

    @validates_schema
    def says_one_thing(self, message: dict[str, Any], **_: Any) -> None:
        """Refuse both a text and a payload, or neither, and a conversation without its token."""
        if ("text" in message) == ("payload" in message):
            raise ValidationError(lazy_gettext("Send either a text or a payload."), "text")
        if "text" in message and not without_command(message["text"]):
            raise ValidationError(lazy_gettext("Say something in words."), "text")
        if "conversation_id" in message and not message.get("conversation_token"):
            raise ValidationError(
                lazy_gettext("A conversation goes on with its token."), "conversation_token"
            )


class WhatIsValid(fields.List):
    """Of a list only the valid items: a bad link costs the link, not the answer about danger."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if not isinstance(value, list):
            raise self.make_error("invalid")
        taken = []
        for item in value:
            with suppress(ValidationError):
                taken.append(self.inner.deserialize(item, **kwargs))
        return taken


class Answered(Schema):
    """A part of what the chatbot answers; what is not named here is not passed on."""

    class Meta:
        unknown = EXCLUDE


class ChatButton(Answered):
    title = fields.String(required=True)
    payload = fields.String(required=True, validate=is_payload)


class ChatLink(Answered):
    title = fields.String(required=True)
    url = fields.String(required=True, validate=is_safe_address)


class ChatReply(Answered):
    text = fields.String(load_default=None, allow_none=True)
    buttons = WhatIsValid(fields.Nested(ChatButton), load_default=list)
    image = fields.String(load_default=None, allow_none=True, validate=is_safe_address)
    links = WhatIsValid(fields.Nested(ChatLink), load_default=list)


class ChatSource(Answered):
    """What a stated fact was read from, and how fresh that was."""

    type = fields.String(required=True)
    id = fields.String(load_default=None, allow_none=True)
    title = fields.String(required=True)
    updated_at = Moment(load_default=None, allow_none=True)


class ChatIntent(Answered):
    name = fields.String(required=True)
    confidence = fields.Float(required=True, validate=validate.Range(0, 1))


class ChatbotAnswer(Answered):
    """What the chatbot answers to the gateway."""

    replies = fields.List(fields.Nested(ChatReply), required=True, validate=validate.Length(min=1))
    sources = WhatIsValid(fields.Nested(ChatSource), load_default=list)
    intent = fields.Nested(ChatIntent, load_default=None, allow_none=True)
    handed_over = fields.Boolean(load_default=False)


class ChatbotTurn(ChatbotAnswer):
    """What the chatbot tells the gateway besides: why it hands over, whether it had no answer."""

    handed_over_for = fields.String(load_default=None, allow_none=True)
    failed = fields.Boolean(load_default=False)


class ChatAnswer(ChatbotAnswer):
    """What is answered to a person, and how to go on.

    `replies` is empty while an officer is waited for or answers: `handed_over` is true then, and
    the officer's words come by `/chat/conversations/{id}/messages`.
    """

    replies = fields.List(fields.Nested(ChatReply), required=True)
    conversation_id = fields.UUID(required=True)
    conversation_token = fields.String(required=True)
    message_id = fields.String(
        metadata={"description": "To rate the answer by, and to read on after"}
    )


class ConversationMessage(Schema):
    """Something that was said in a conversation."""

    id = fields.String()
    at = Moment()
    by = OneOf("person", "bot", "officer", "system")
    text = fields.String()
    replies = fields.List(fields.Nested(ChatReply), attribute="said", dump_default=[])


class ConversationMessages(Schema):
    """What was said after a message, and who answers now."""

    items = fields.List(fields.Nested(ConversationMessage))
    handed_over = fields.Boolean()


class AfterQuery(Schema):
    """After which message."""

    after = fields.Integer(load_default=0, validate=validate.Range(0, 2**62))


class ChatRating(Schema):
    """Whether an answer helped."""

    message_id = fields.Integer(required=True, strict=True, validate=validate.Range(1, 2**62))
    helpful = fields.Boolean(required=True)
    comment = Text(1000, load_default="")


class KeptPhoto(Schema):
    """A photo that the next messages may name."""

    photo_id = fields.UUID()


class PhotoForReport(Schema):
    """The report that gets a photo, with its access token."""

    report_id = fields.UUID(required=True)
    access_token = Text(200, required=True, least=1)
