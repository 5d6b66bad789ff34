"""A chatbot that answers over real HTTP what a test tells it to."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable
from http.client import responses
from types import TracebackType
from typing import Any, Self
from wsgiref.simple_server import WSGIRequestHandler, make_server
from wsgiref.types import StartResponse, WSGIEnvironment


class Quiet(WSGIRequestHandler):
    """Writes no line for each request."""

    def log_message(self, *_: Any) -> None:
        pass


class FakeChatbot:
    """A server on a free port of loopback: `with FakeChatbot() as chatbot: chatbot.url`.

    `heard` holds each message with its key; `answer`, `status` and `raw` say what to answer;
    while `silent` is set it keeps the caller waiting.
    """

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.paths: list[str] = []
        self.answer: dict[str, Any] = reply("Chào bạn!")
        self.status = 200
        self.raw: bytes | None = None
        self.on_message: Callable[[], None] = lambda: None
        self._may_speak = threading.Event()
        self._may_speak.set()
        self._server = make_server("127.0.0.1", 0, self._serve, handler_class=Quiet)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def fall_silent(self) -> None:
        """Keep every caller waiting until the end."""
        self._may_speak.clear()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._may_speak.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _serve(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length)
        if environ["REQUEST_METHOD"] == "POST":
            self.paths.append(environ["PATH_INFO"])
            self.heard.append(json.loads(body))
            self.keys.append(environ.get("HTTP_X_CHATBOT_KEY"))
            self.on_message()
        self._may_speak.wait(10)
        start(f"{self.status} {responses[self.status]}", [("Content-Type", "application/json")])
        return [json.dumps(self.answer).encode() if self.raw is None else self.raw]


def reply(text: str, **more: Any) -> dict[str, Any]:
    """An answer of one reply; *more* is put over it."""
    return {
        "replies": [{"text": text, "buttons": [], "image": None, "links": []}],
        "sources": [],
        "intent": {"name": "greet", "confidence": 0.97},
        "handed_over": False,
    } | more
