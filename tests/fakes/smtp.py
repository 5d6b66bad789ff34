"""A mail server on loopback that takes what it is given, or refuses it."""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading
from email.message import EmailMessage
from types import TracebackType
from typing import Any, Self, cast


class FakeSmtp:
    """At `url` while its `with` block runs; `mails` came, and are refused while `refuses`."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refuses = False
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self._server.server_address[1]}"

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

    def _handler(self) -> type[socketserver.StreamRequestHandler]:
        fake = self

        class Session(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self.say("220 fake")
                for line in self.rfile:
                    verb = line[:4].upper()
                    if verb == b"DATA":
                        self.say("354 go on")
                        self.take()
                    elif verb == b"MAIL" and fake.refuses:
                        self.say("451 try later")
                    elif verb == b"QUIT":
                        self.say("221 bye")
                        return
                    else:
                        self.say("250 ok")

            def take(self) -> None:
                lines = list(iter(self.rfile.readline, b".\r\n"))
                policy = cast(Any, email.policy.default)
                fake.mails.append(
                    cast(EmailMessage, email.message_from_bytes(b"".join(lines), policy=policy))
                )
                self.say("250 taken")

            def say(self, line: str) -> None:
                self.wfile.write(f"{line}\r\n".encode())

        return Session
