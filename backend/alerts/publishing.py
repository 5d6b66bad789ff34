"""Issuing alerts, and telling people's phones of them, in one transaction."""

from __future__ import annotations

from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from backend import current
from backend.links import path_of
from backend.settings import Settings
from content.alerts.models import Alert, Event, Issuer, MessageType, Severity
from content.store import Localized
from notifications import messages
from notifications.audience import Audience
from notifications.devices import SAFETY
from notifications.messages import Message

RINGS = (Severity.EXTREME, Severity.SEVERE)


def issuer() -> Issuer:
    """Who speaks for this town to other systems."""
    return issuer_of(current.settings())


def issuer_of(settings: Settings) -> Issuer:
    """Who speaks for the town of *settings*."""
    sender = settings.cap_sender or urlsplit(settings.public_url).hostname or "localhost"
    return Issuer(sender=sender, status=settings.cap_status)


def push(session: Session, alert: Alert) -> Message:
    """Push *alert* to the phones in its quarters, once; a storm also where all is muted.

    Answers what they are told.

    Raises Invalid where its headline is too long for a push.
    """
    return messages.announce(
        session,
        kind="alert",
        topics=[SAFETY],
        title=alert.headline,
        body=_body(alert),
        now=alert.sent,
        audience=Audience(quarters=alert.quarters),
        link=path_of("alert", alert.identifier),
        source=("alert", alert.identifier),
        emergency=_is_emergency(alert),
        key=f"alert:{alert.id}",
    )


def _is_emergency(alert: Alert) -> bool:
    if alert.message_type == MessageType.CANCEL:
        return False
    return alert.event == Event.STORM or alert.severity in RINGS


def _body(alert: Alert) -> Localized:
    texts = (alert.reason,) if alert.message_type == MessageType.CANCEL else (
        alert.description, alert.instruction,
    )  # fmt: skip
    return {
        language: " ".join(text[language] for text in texts if text.get(language))
        for language in alert.headline
    }
