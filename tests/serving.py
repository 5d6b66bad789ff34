"""An application over real HTTP, for clients that open connections themselves."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from wsgiref.simple_server import make_server
from wsgiref.types import WSGIApplication

from tests.fakes.server import Quiet


@contextmanager
def served(app: WSGIApplication) -> Iterator[str]:
    """Serve *app* on a free port of loopback; its address."""
    server = make_server("127.0.0.1", 0, app, handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
