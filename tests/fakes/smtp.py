"""A mail server on loopback that takes what it is given, or refuses it."""

from __future__ import annotations

import email
import email.policy
import socketserver
from email.message import EmailMessage
from typing import Any, cast

from tests.fakes.server import Running


class FakeSmtp(Running):
    """At `url` while its `with` block runs; `mails` came, and are refused while `refuses`."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refuses = False
        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), self._handler())
        server.daemon_threads = True
        super().__init__(server)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

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
