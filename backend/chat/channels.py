"""Other people's chats: Facebook Messenger and Zalo Official Accounts, told apart here alone."""

from __future__ import annotations

import hashlib
import hmac
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from backend import outgoing
from backend.settings import Settings

MESSENGER, ZALO = "messenger", "zalo"
_LONGEST = {MESSENGER: 2000, ZALO: 2000}
_MOST_BUTTONS = 13
_PATIENCE = 10.0
_LARGEST = 100_000


@dataclass(frozen=True)
class Heard:
    """What somebody wrote on another channel; *key* is the channel's own name of the message."""

    channel: str
    sender: str
    key: str
    text: str = ""
    payload: str | None = None
    location: dict[str, float] | None = None


class NotDelivered(Exception):
    """The channel did not take an answer; the message says why."""


def conversation_of(channel: str, sender: str, secret: str) -> uuid.UUID:
    """The conversation of a person there: always the same, and not to be guessed."""
    digest = hmac.new(secret.encode(), f"chat:{channel}:{sender}".encode(), hashlib.sha256)
    return uuid.UUID(bytes=digest.digest()[:16], version=4)


def is_from_messenger(body: bytes, signature: str, app_secret: str) -> bool:
    """Whether *signature* (X-Hub-Signature-256) is Facebook's of *body*."""
    wanted = "sha256=" + hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(signature.encode(), wanted.encode())


def is_from_zalo(body: bytes, signature: str, app_id: str, secret_key: str) -> bool:
    """Whether *signature* (X-ZEvent-Signature) is Zalo's of *body*, which holds its timestamp."""
    try:
        timestamp = str(orjson.loads(body)["timestamp"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return False
    signed = app_id.encode() + body + timestamp.encode() + secret_key.encode()
    wanted = "mac=" + hashlib.sha256(signed).hexdigest()
    return hmac.compare_digest(signature.encode(), wanted.encode())


def from_messenger(body: Mapping[str, Any]) -> Iterable[Heard]:
    """The messages in an event of a page; what is no message, or our own, is left out."""
    for entry in body.get("entry") or []:
        for event in entry.get("messaging") or []:
            message, postback = event.get("message") or {}, event.get("postback") or {}
            sender = str((event.get("sender") or {}).get("id") or "")
            key = str(message.get("mid") or postback.get("mid") or event.get("timestamp") or "")
            pressed = (message.get("quick_reply") or postback).get("payload")
            point = _point(message.get("attachments"), "lat", "long")
            text = str(message.get("text") or "")
            if sender and key and not message.get("is_echo") and (text or pressed or point):
                yield Heard(MESSENGER, sender, key, text, pressed, point)


def from_zalo(body: Mapping[str, Any]) -> Iterable[Heard]:
    """The message in an event of an Official Account; none in one of another kind."""
    if not str(body.get("event_name") or "").startswith("user_send_"):
        return
    message = body.get("message") or {}
    sender = str((body.get("sender") or {}).get("id") or "")
    key, text = str(message.get("msg_id") or ""), str(message.get("text") or "")
    point = _point(message.get("attachments"), "latitude", "longitude")
    if sender and key and (text or point):
        yield Heard(ZALO, sender, key, text, None, point)


def _point(attachments: Any, lat: str, lng: str) -> dict[str, float] | None:
    for attachment in attachments or []:
        point = (attachment.get("payload") or {}).get("coordinates") or {}
        try:
            return {"lat": float(point[lat]), "lng": float(point[lng])}
        except (KeyError, TypeError, ValueError):
            continue
    return None


def chosen(text: str, buttons: list[dict[str, str]]) -> str | None:
    """The payload of the button whose number or title was typed; None for other words."""
    typed = text.strip().rstrip(".").lower()
    for number, button in enumerate(buttons, 1):
        if typed in (str(number), button["title"].lower()):
            return button["payload"]
    return None


def buttons_of(replies: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """All buttons of *replies*, in the order in which `deliver` counts them."""
    return [button for reply in replies for button in reply.get("buttons") or []][:_MOST_BUTTONS]


def deliver(settings: Settings, channel: str, sender: str, replies: list[dict[str, Any]]) -> None:
    """Send *replies* to a person there. Raises NotDelivered."""
    buttons = buttons_of(replies)
    texts = [_with_links(reply) for reply in replies]
    texts = [text for text in texts if text]
    for position, text in enumerate(texts):
        last = buttons if position == len(texts) - 1 else []
        send = _to_messenger if channel == MESSENGER else _to_zalo
        send(settings, sender, text[: _LONGEST[channel]], last)


def _with_links(reply: Mapping[str, Any]) -> str:
    links = [f"{link['title']}: {link['url']}" for link in reply.get("links") or []]
    return "\n".join(part for part in [reply.get("text") or "", *links] if part)


def _to_messenger(
    settings: Settings, sender: str, text: str, buttons: list[dict[str, str]]
) -> None:
    quick = [
        {"content_type": "text", "title": button["title"][:20], "payload": button["payload"]}
        for button in buttons
    ]
    message = {"text": text} | ({"quick_replies": quick} if quick else {})
    body = {"recipient": {"id": sender}, "messaging_type": "RESPONSE", "message": message}
    _post(
        f"{settings.messenger_url}/me/messages",
        body,
        {"Authorization": f"Bearer {settings.messenger_page_token or ''}"},
        private=not settings.production,
    )


def _to_zalo(settings: Settings, sender: str, text: str, buttons: list[dict[str, str]]) -> None:
    numbered = [f"{number}. {button['title']}" for number, button in enumerate(buttons, 1)]
    body = {"recipient": {"user_id": sender}, "message": {"text": "\n".join([text, *numbered])}}
    _post(
        f"{settings.zalo_url}/oa/message/cs",
        body,
        {"access_token": settings.zalo_access_token or ""},
        private=not settings.production,
    )


def _post(url: str, body: dict[str, Any], headers: dict[str, str], *, private: bool) -> None:
    try:
        answer = outgoing.call(
            "POST",
            url,
            private=private,
            patience=_PATIENCE,
            largest=_LARGEST,
            headers={"Content-Type": "application/json", **headers},
            content=orjson.dumps(body),
        )
    except outgoing.CallError as error:
        raise NotDelivered(str(error)) from None
    # Zalo answers 200 with an error in the body.
    try:
        problem = orjson.loads(answer.body).get("error")
    except (orjson.JSONDecodeError, AttributeError):
        problem = None
    if answer.status >= 300 or problem:
        raise NotDelivered(f"answered {answer.status}")
