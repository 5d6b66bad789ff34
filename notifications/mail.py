"""E-mail to staff, by the SMTP server that the town has."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from typing import Protocol
from urllib.parse import unquote, urlsplit

import structlog

log = structlog.get_logger()

PATIENCE = 20.0


class Mailer(Protocol):
    """Carries e-mail."""

    def send(self, to: str, subject: str, text: str, *, message_id: str) -> None:
        """Hand one mail over. Raises OSError or SMTPException, to be tried again."""
        ...


class SmtpMailer:
    """Hands mail to the server at *url*: smtps:// speaks TLS, smtp:// as soon as it is offered.

    A password is never sent without TLS. *message_id* is what servers and readers know a
    repeated mail by.
    """

    def __init__(self, url: str, sender: str, *, tls: ssl.SSLContext | None = None) -> None:
        parts = urlsplit(url)
        self._secure = parts.scheme == "smtps"
        self._host = parts.hostname or "localhost"
        self._port = parts.port or (465 if self._secure else 587)
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._sender = sender
        self._tls = tls or ssl.create_default_context()

    def send(self, to: str, subject: str, text: str, *, message_id: str) -> None:
        """Hand one mail over. Raises OSError or SMTPException."""
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self._sender, to, subject
        mail["Message-ID"] = f"<{message_id}@{self._sender.rpartition('@')[2].rstrip('>')}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(text)
        with self._connected() as server:
            if self._user:
                server.login(self._user, self._password)
            server.send_message(mail)
        log.info("mail handed over", message_id=message_id)

    def _connected(self) -> smtplib.SMTP:
        if self._secure:
            return smtplib.SMTP_SSL(self._host, self._port, timeout=PATIENCE, context=self._tls)
        server = smtplib.SMTP(self._host, self._port, timeout=PATIENCE)
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=self._tls)
        elif self._user:
            server.close()
            raise smtplib.SMTPNotSupportedError("no password without TLS")
        return server
