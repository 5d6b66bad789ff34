"""A system of the city that receives webhooks, and answers what a test tells it to."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from http.client import responses
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from tests.fakes.server import Server


@dataclass(frozen=True)
class Received:
    """One message as it came."""

    id: str
    timestamp: str
    signature: str
    path: str
    body: bytes

    @property
    def said(self) -> dict[str, Any]:
        """What it says."""
        said: dict[str, Any] = json.loads(self.body)
        return said


class Receiver(Server):
    """`status` and `headers` are those of every answer; `received` holds all that came."""

    def __init__(self) -> None:
        super().__init__()
        self.headers: list[tuple[str, str]] = []
        self.received: list[Received] = []

    def types(self) -> list[str]:
        """What was told, in the order in which it came."""
        return [message.said["type"] for message in self.received]

    def _serve(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        self.received.append(
            Received(
                environ["HTTP_WEBHOOK_ID"],
                environ["HTTP_WEBHOOK_TIMESTAMP"],
                environ["HTTP_WEBHOOK_SIGNATURE"],
                environ["PATH_INFO"],
                body,
            )
        )
        self._may_speak.wait(10)
        start(f"{self.status} {responses[self.status]}", self.headers)
        return [b""]
