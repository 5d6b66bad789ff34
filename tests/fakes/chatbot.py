"""A chatbot that answers over real HTTP what a test tells it to."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import httpx

from tests.fakes.server import Server


class FakeChatbot(Server):
    """A server on a free port of loopback: `with FakeChatbot() as chatbot: chatbot.url`.

    `heard` holds each message with its key; `answer`, `status` and `raw` say what to answer;
    while `silent` is set it keeps the caller waiting. With `relay`, the address of a real chatbot,
    that one answers.
    """

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.paths: list[str] = []
        self.answer: dict[str, Any] = reply("Chào bạn!")
        self.on_message: Callable[[], None] = lambda: None
        self.relay: str | None = None
        super().__init__()

    def _serve(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length)
        if environ["REQUEST_METHOD"] == "POST":
            self.paths.append(environ["PATH_INFO"])
            self.heard.append(json.loads(body))
            self.keys.append(environ.get("HTTP_X_CHATBOT_KEY"))
            self.on_message()
            if self.relay:
                return self.say(self._relayed(environ, body), start)
        return self.say(self.answer, start)

    def _relayed(self, environ: WSGIEnvironment, body: bytes) -> dict[str, Any]:
        answer = httpx.post(
            f"{self.relay}{environ['PATH_INFO']}",
            content=body,
            headers={"X-Chatbot-Key": environ.get("HTTP_X_CHATBOT_KEY", "")},
            timeout=30,
            trust_env=False,
        )
        heard: dict[str, Any] = answer.raise_for_status().json()
        return heard


def reply(text: str, **more: Any) -> dict[str, Any]:
    """An answer of one reply; *more* is put over it."""
    return {
        "replies": [{"text": text, "buttons": [], "image": None, "links": []}],
        "sources": [],
        "intent": {"name": "greet", "confidence": 0.97},
        "handed_over": False,
    } | more
