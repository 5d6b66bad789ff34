"""Open-Meteo's two services over real HTTP, answering what a test tells them to."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from wsgiref.types import StartResponse, WSGIEnvironment

from tests.fakes.server import Server

RECORDED = Path(__file__).parent.parent / "fixtures" / "open_meteo"


class FakeOpenMeteo(Server):
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
        super().__init__()

    @property
    def forecast_url(self) -> str:
        return f"{self.url}/v1/forecast"

    @property
    def marine_url(self) -> str:
        return f"{self.url}/v1/marine"

    @property
    def forecast(self) -> dict[str, Any]:
        found: dict[str, Any] = self.answers["/v1/forecast"]
        return found

    @property
    def marine(self) -> dict[str, Any]:
        found: dict[str, Any] = self.answers["/v1/marine"]
        return found

    def _serve(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        self.asked[path] = parse_qs(environ["QUERY_STRING"])
        return self.say(self.answers[path], start)
