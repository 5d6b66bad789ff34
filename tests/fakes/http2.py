"""A small HTTPS server in a thread, over HTTP/2 and HTTP/1.1, that can also misbehave."""

from __future__ import annotations

import asyncio
import json
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

import h2.config
import h2.connection
import h2.events
import h2.exceptions
import h11


@dataclass
class Request:
    """What a client asked; names of headers in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes = b""


@dataclass
class Answer:
    """What to answer, and how: *manner* "HANG" never, "CLOSE" and "GOAWAY" break off instead."""

    status: int
    content: Any
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    manner: str = "ANSWER"

    @property
    def body(self) -> bytes:
        """The content as JSON, or as it is when it is a text."""
        content = self.content
        return (content if isinstance(content, str) else json.dumps(content)).encode()

    @property
    def fields(self) -> list[tuple[str, str]]:
        """The headers to send."""
        return [
            ("content-type", "application/json"),
            ("content-length", str(len(self.body))),
            *self.headers.items(),
        ]


Answering = Callable[[Request], Answer]


class Server:
    """Listens on a free port of loopback from `start` to `stop`."""

    def __init__(self, answer: Answering, context: ssl.SSLContext) -> None:
        context.set_alpn_protocols(["h2", "http/1.1"])
        self.answer = answer
        self.port = 0
        self.connections = 0
        self.protocols: set[str] = set()
        self._context = context
        self._transports: set[asyncio.Transport] = set()
        self._loop = asyncio.new_event_loop()
        self._listening = threading.Event()
        self._thread = threading.Thread(target=self._run, name="fake server", daemon=True)

    def start(self) -> None:
        """Listen."""
        self._thread.start()
        if not self._listening.wait(timeout=20):
            raise TimeoutError("the fake server does not listen")

    def stop(self) -> None:
        """Close every connection, and end."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self) -> None:
        loop = self._loop
        listening = loop.run_until_complete(
            loop.create_server(lambda: Connection(self), "127.0.0.1", 0, ssl=self._context)
        )
        self.port = listening.sockets[0].getsockname()[1]
        self._listening.set()
        loop.run_forever()
        listening.close()
        for transport in set(self._transports):
            transport.abort()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()


class Connection(asyncio.Protocol):
    """One connection, which speaks what TLS agreed on."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._spoken: Http1 | Http2 | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.server._transports.add(self.transport)
        self.server.connections += 1
        agreed = transport.get_extra_info("ssl_object").selected_alpn_protocol() or "http/1.1"
        self.server.protocols.add(agreed)
        self._spoken = Http2(self) if agreed == "h2" else Http1(self)

    def data_received(self, data: bytes) -> None:
        if self._spoken:
            self._spoken.receive(data)

    def connection_lost(self, _: Exception | None) -> None:
        self.server._transports.discard(self.transport)

    def reply(self, request: Request, send: Callable[[Answer], None]) -> None:
        """Answer *request* through *send*, in the manner and at the time that was asked for."""
        answer = self.server.answer(request)
        if answer.manner == "HANG":
            return
        act = self.transport.abort if answer.manner == "CLOSE" else lambda: self._send(send, answer)
        if answer.delay:
            asyncio.get_running_loop().call_later(answer.delay, act)
        else:
            act()

    def _send(self, send: Callable[[Answer], None], answer: Answer) -> None:
        if not self.transport.is_closing():
            send(answer)


class Http2:
    """Frames of HTTP/2."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._h2 = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        self._requests: dict[int, Request] = {}
        self._h2.initiate_connection()
        self._flush()

    def receive(self, data: bytes) -> None:
        """Take what came over the wire."""
        try:
            for event in self._h2.receive_data(data):
                self._take(event)
        except h2.exceptions.ProtocolError:
            self._connection.transport.close()
        self._flush()

    def _take(self, event: h2.events.Event) -> None:
        match event:
            case h2.events.RequestReceived():
                headers = {_text(name): _text(value) for name, value in event.headers}
                self._requests[event.stream_id] = Request(
                    headers[":method"], headers[":path"], headers
                )
            case h2.events.DataReceived():
                self._requests[event.stream_id].body += event.data
                self._h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            case h2.events.StreamEnded():
                stream = event.stream_id
                request = self._requests.pop(stream)
                self._connection.reply(request, lambda answer: self._send(stream, answer))
            case h2.events.StreamReset():
                self._requests.pop(event.stream_id, None)

    def _send(self, stream: int, answer: Answer) -> None:
        if answer.manner == "GOAWAY":
            self._h2.close_connection(last_stream_id=max(stream - 2, 0))
            self._flush()
            self._connection.transport.close()
            return
        try:
            self._h2.send_headers(stream, [(":status", str(answer.status)), *answer.fields])
            self._h2.send_data(stream, answer.body, end_stream=True)
        except (h2.exceptions.StreamClosedError, h2.exceptions.StreamIDTooLowError):
            return  # the client lost patience; h2 forgets a reset stream, or keeps it a while
        self._flush()

    def _flush(self) -> None:
        if data := self._h2.data_to_send():
            self._connection.transport.write(data)


class Http1:
    """Requests of HTTP/1.1, one after another."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._h11 = h11.Connection(h11.SERVER)
        self._request: Request | None = None

    def receive(self, data: bytes) -> None:
        """Take what came over the wire."""
        self._h11.receive_data(data)
        while True:
            event = self._h11.next_event()
            match event:
                case h11.Request():
                    headers = {_text(name): _text(value) for name, value in event.headers}
                    self._request = Request(_text(event.method), _text(event.target), headers)
                case h11.Data():
                    assert self._request is not None
                    self._request.body += bytes(event.data)
                case h11.EndOfMessage():
                    assert self._request is not None
                    self._connection.reply(self._request, self._send)
                    return
                case _:
                    return

    def _send(self, answer: Answer) -> None:
        transport = self._connection.transport
        if answer.manner == "GOAWAY":
            transport.close()
            return
        for event in (
            h11.Response(status_code=answer.status, headers=answer.fields),
            h11.Data(data=answer.body),
            h11.EndOfMessage(),
        ):
            transport.write(self._h11.send(event) or b"")
        if self._h11.our_state is h11.MUST_CLOSE:
            transport.close()
        else:
            self._h11.start_next_cycle()


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value
