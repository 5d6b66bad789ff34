"""The chatbot's own HTTP interface, as seen from here."""

from __future__ import annotations

from typing import Any

import httpx
import orjson
from flask import Flask
from marshmallow import ValidationError

from backend.chat.schemas import ChatbotAnswer
from backend.settings import Settings

ANSWER = ChatbotAnswer()


# Reading the certificates takes as long as making all the rest of an app.
TLS = httpx.create_ssl_context()


class ChatbotUnavailable(Exception):
    """The chatbot is down, too slow, or said what cannot be passed on."""


class Chatbot:
    """Talks to the chatbot over connections that are kept open."""

    def __init__(self, url: str, key: str, timeout: float) -> None:
        self._http = httpx.Client(
            base_url=url,
            timeout=timeout,
            headers={"X-Chatbot-Key": key},
            trust_env=False,
            verify=TLS,
        )

    def ask(self, message: dict[str, Any]) -> dict[str, Any]:
        """What the chatbot answers to *message*, in the shape of ChatbotAnswer.

        Raises ChatbotUnavailable when there is no such answer in time.
        """
        try:
            answer = self._http.post("/webhooks/town/webhook", json=message).raise_for_status()
            checked: dict[str, Any] = ANSWER.load(orjson.loads(answer.content))
        except (httpx.HTTPError, orjson.JSONDecodeError, ValidationError) as error:
            raise ChatbotUnavailable(type(error).__name__) from error
        return checked

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()


def init_app(app: Flask, settings: Settings) -> None:
    """Give *app* its line to the chatbot."""
    app.extensions["chatbot"] = Chatbot(
        settings.chatbot_url, settings.chatbot_key, settings.chatbot_timeout
    )
