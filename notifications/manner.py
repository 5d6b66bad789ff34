"""How a message comes to a phone: with or without sound, for how long, in whose place."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from content.errors import N_, Invalid

Priority = Literal["high", "normal"]
PRIORITIES: tuple[Priority, ...] = ("high", "normal")

Interruption = Literal["passive", "active", "time-sensitive"]
INTERRUPTIONS: tuple[Interruption, ...] = ("passive", "active", "time-sensitive")

LONGEST_TTL = 28 * 24 * 3600
"""Seconds that FCM keeps a message for a phone that cannot be reached."""

_KEY = re.compile(r"[A-Za-z0-9_-]{1,32}")
_CHANNEL = re.compile(r"[A-Za-z0-9_.-]{1,40}")


@dataclass(frozen=True)
class Manner:
    """What may be said of a message beside its words; None leaves it to what is usual.

    *ttl*: seconds after which it is not worth pushing. *collapse_key*: a later message with the
    same key takes its place on the phone. *channel*: Android's; the first topic if not given.
    *interruption*: Apple's level. *image*: an https address.
    """

    ttl: int | None = None
    collapse_key: str | None = None
    priority: Priority | None = None
    channel: str | None = None
    interruption: Interruption | None = None
    image: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The form in which a message keeps it."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    @classmethod
    def from_json(cls, kept: dict[str, Any] | None) -> Self:
        """What `as_json` kept."""
        return cls(**(kept or {}))

    def check(self) -> None:
        """Raise Invalid that names each field with a value that push services refuse."""
        wrong: dict[str, list[str]] = {}
        if self.ttl is not None and not 0 < self.ttl <= LONGEST_TTL:
            wrong["ttl"] = [N_("From one second to 28 days.")]
        if self.collapse_key is not None and not _KEY.fullmatch(self.collapse_key):
            wrong["collapse_key"] = [N_("Up to 32 letters, digits, - and _.")]
        if self.channel is not None and not _CHANNEL.fullmatch(self.channel):
            wrong["channel"] = [N_("Up to 40 letters, digits, -, _ and points.")]
        if self.image is not None and not _is_https(self.image):
            wrong["image"] = [N_("An address that begins with https://.")]
        if wrong:
            raise Invalid(wrong)


USUAL = Manner()


def _is_https(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and len(address) <= 500
