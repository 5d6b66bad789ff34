"""Another town's Open311 server that answers what a test tells it to, and remembers its callers."""

from __future__ import annotations

import json
from collections.abc import Iterable
from http.client import responses
from typing import Any
from urllib.parse import parse_qs
from wsgiref.types import StartResponse, WSGIEnvironment

from tests.fakes.server import Server

Call = tuple[str, str, dict[str, list[str]], str]


class FakeOpen311(Server):
    """`answers` holds a status and a body for each path; `calls` what was asked.

    A body that is not bytes is written as JSON. `headers` go with every answer.
    """

    def __init__(self) -> None:
        super().__init__()
        self.answers: dict[str, tuple[int, Any]] = {}
        self.headers: list[tuple[str, str]] = []
        self.calls: list[Call] = []

    def posts(self) -> list[Call]:
        """The requests that were filed."""
        return [call for call in self.calls if call[0] == "POST"]

    def _serve(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        sent = environ["wsgi.input"].read(length).decode()
        path = environ["PATH_INFO"].removeprefix("/")
        fields = parse_qs(sent or environ["QUERY_STRING"])
        key = environ.get("HTTP_IDEMPOTENCY_KEY", "")
        self.calls.append((environ["REQUEST_METHOD"], path, fields, key))
        self._may_speak.wait(10)
        status, body = self.answers.get(path, (404, [{"code": 404, "description": "not here"}]))
        start(f"{status} {responses[status]}", [("Content-Type", "text/plain"), *self.headers])
        return [body if isinstance(body, bytes) else json.dumps(body).encode()]
