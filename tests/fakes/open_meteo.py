"""Open-Meteo's two services over real HTTP, answering what a test tells them to."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable
from http.client import responses
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs
from wsgiref.simple_server import make_server
from wsgiref.types import StartResponse, WSGIEnvironment

from tests.fakes.chatbot import Quiet

RECORDED = Path(__file__).parent.parent / "fixtures" / "open_meteo"


class FakeOpenMeteo:
    """A server on a free port of loopback, with `forecast_url` and `marine_url`.

    `answers` holds the answer of each service by its path, `status` the status of both, `raw`
    bytes in the place of any answer; `asked` holds the queries. While `silent` it says nothing.
    """

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {
            "/v1/forecast": json.loads((RECORDED / "forecast.json").read_text()),
            "/v1/marine": json.loads((RECORDED / "marine.json").read_text()),
        }
        self.asked: dict[str, dict[str, list[str]]] = {}
        self.status = 200
        self.raw: bytes | None = None
        self._may_speak = threading.Event()
        self._may_speak.set()
        self._server = make_server("127.0.0.1", 0, self._serve, handler_class=Quiet)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def forecast_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/v1/forecast"

    @property
    def marine_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/v1/marine"

    @property
    def forecast(self) -> dict[str, Any]:
        found: dict[str, Any] = self.answers["/v1/forecast"]
        return found

    @property
    def marine(self) -> dict[str, Any]:
        found: dict[str, Any] = self.answers["/v1/marine"]
        return found

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
        path = environ["PATH_INFO"]
        self.asked[path] = parse_qs(environ["QUERY_STRING"])
        self._may_speak.wait(10)
        start(f"{self.status} {responses[self.status]}", [("Content-Type", "application/json")])
        return [json.dumps(self.answers[path]).encode() if self.raw is None else self.raw]
