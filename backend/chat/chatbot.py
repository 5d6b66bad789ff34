"""The chatbot's own HTTP interface, as seen from here."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

import httpx
import orjson
from flask import Flask
from marshmallow import ValidationError

from backend.chat.schemas import ChatbotTurn
from backend.settings import Settings

ANSWER = ChatbotTurn()


# Reading the certificates takes as long as making all the rest of an app.
TLS = httpx.create_ssl_context()


class ChatbotUnavailable(Exception):
    """The chatbot is down, too slow, or said what cannot be passed on."""


class Chatbot:
    """Talks to the chatbot's processes over connections that are kept open.

    Each conversation has a process of its own among *urls*, so that its turns keep their order.
    """

    def __init__(self, urls: Sequence[str], key: str, timeout: float) -> None:
        self._https = [
            httpx.Client(
                base_url=url,
                timeout=timeout,
                headers={"X-Chatbot-Key": key},
                trust_env=False,
                verify=TLS,
            )
            for url in urls
        ]

    def ask(self, message: dict[str, Any]) -> dict[str, Any]:
        """What the chatbot answers to *message*, in the shape of ChatbotTurn.

        Raises ChatbotUnavailable when there is no such answer in time.
        """
        http = self._of(str(message["conversation_id"]))
        try:
            answer = http.post("/webhooks/town/webhook", json=message).raise_for_status()
            checked: dict[str, Any] = ANSWER.load(orjson.loads(answer.content))
        except (httpx.HTTPError, orjson.JSONDecodeError, ValidationError) as error:
            raise ChatbotUnavailable(type(error).__name__) from error
        return checked

    def danger(self, conversation: str, text: str) -> str | None:
        """The intent of danger that *text* cries out; None for none, and while nobody answers."""
        try:
            answer = self._of(conversation).post("/webhooks/town/danger", json={"text": text})
            found = orjson.loads(answer.raise_for_status().content).get("danger")
        except (httpx.HTTPError, orjson.JSONDecodeError, AttributeError):
            return None
        return found if found in ("report_emergency", "report_lost_person") else None

    def _of(self, conversation: str) -> httpx.Client:
        return self._https[zlib.crc32(conversation.encode()) % len(self._https)]

    def close(self) -> None:
        """Give the connections back."""
        for http in self._https:
            http.close()


def init_app(app: Flask, settings: Settings) -> None:
    """Give *app* its line to the chatbot."""
    app.extensions["chatbot"] = Chatbot(
        settings.chatbot_urls, settings.chatbot_key, settings.chatbot_timeout
    )
