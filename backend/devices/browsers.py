"""Web Push as this town is set up: its keys, the push services that it calls, the way there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from backend import current, outgoing
from backend.settings import Settings
from content.errors import N_, Invalid
from content.store import Clock
from notifications.webpush import Signer, Subscription, WebPushStream

PATIENCE = 10.0
LARGEST_ANSWER = 65_536


def signer(settings: Settings, clock: Clock) -> Signer | None:
    """Who signs messages to browsers; None where Web Push is switched off."""
    if settings.webpush_private_key is None:
        return None
    return Signer(settings.webpush_private_key, settings.public_url, clock)


def public_key() -> str | None:
    """What browsers subscribe with; None where Web Push is switched off."""
    found = signer(current.settings(), current.now)
    return found.public_key if found else None


def address_of(text: str) -> str:
    """A browser's subscription as it is kept.

    Raises Invalid for what is none, for a push service that is not called from here, and where
    Web Push is switched off.
    """
    settings = current.settings()
    if settings.webpush_private_key is None:
        raise Invalid({"kind": [N_("Messages to browsers are switched off here.")]})
    subscription = Subscription.parse(text)
    known = subscription.is_of(settings.webpush_services)
    private = settings.webhooks_private
    if not known or not outgoing.may_be_called(subscription.endpoint, private=private):
        raise Invalid({"address": [N_("This push service is not known here.")]})
    return subscription.as_address()


def stream(settings: Settings, clock: Clock) -> WebPushStream | None:
    """The way to browsers; None where Web Push is switched off."""
    found = signer(settings, clock)
    if found is None:
        return None

    def post(url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, timedelta | None]:
        try:
            answer = outgoing.call(
                "POST", url, private=settings.webhooks_private, patience=PATIENCE,
                largest=LARGEST_ANSWER, headers=headers, content=body,
            )  # fmt: skip
        except outgoing.CallError:
            return 0, None
        return answer.status, outgoing.wait_asked(answer.headers.get("Retry-After"))

    return WebPushStream(found, settings.webpush_services, post)
