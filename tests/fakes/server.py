"""A service of somebody else, over real HTTP, that answers what a test tells it to."""

from __future__ import annotations

import json
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterable
from http.client import responses
from socketserver import TCPServer
from types import TracebackType
from typing import Any, Self
from wsgiref.simple_server import WSGIRequestHandler, make_server
from wsgiref.types import StartResponse, WSGIEnvironment


class Quiet(WSGIRequestHandler):
    """Writes no line for each request."""

    def log_message(self, *_: Any) -> None:
        pass


class Running:
    """A server at `port` of loopback that runs while its `with` block does."""

    def __init__(self, server: TCPServer) -> None:
        self._server = server
        self.port: int = server.server_address[1]
        self._thread = threading.Thread(target=server.serve_forever, args=(0.02,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class Server(Running, ABC):
    """A server at `url`, a free port of loopback, while its `with` block runs.

    `status` is that of every answer, `raw` bytes in the place of any.
    """

    def __init__(self) -> None:
        self.status = 200
        self.raw: bytes | None = None
        self._may_speak = threading.Event()
        self._may_speak.set()
        super().__init__(make_server("127.0.0.1", 0, self._serve, handler_class=Quiet))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def fall_silent(self) -> None:
        """Keep every caller waiting until the end."""
        self._may_speak.clear()

    def __exit__(self, *of_error: Any) -> None:
        self._may_speak.set()
        super().__exit__(*of_error)

    @abstractmethod
    def _serve(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer one request, by `say`."""

    def say(self, answer: Any, start: StartResponse) -> Iterable[bytes]:
        """Answer *answer* as JSON, once the server may speak."""
        self._may_speak.wait(10)
        start(f"{self.status} {responses[self.status]}", [("Content-Type", "application/json")])
        return [json.dumps(answer).encode() if self.raw is None else self.raw]
