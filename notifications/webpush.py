"""Web Push: messages to browsers, encrypted (RFC 8291) and signed by the town (RFC 8292)."""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self
from urllib.parse import urlsplit

import orjson
import structlog
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from content.errors import N_, Invalid
from content.store import Clock
from notifications.gateway import SENT, Action, Outcome, PushMessage

log = structlog.get_logger()

KIND = "webpush"
RECORD = 4096
"""Bytes of the one record; what browsers' push services carry."""

LONGEST = RECORD - 86 - 16 - 1
"""Bytes of text in it, beside its header, its tag and the mark of its end."""

USUAL_TTL = 24 * 3600
TOKEN_LASTS = timedelta(hours=12)
AT_A_TIME = 24

Post = Callable[[str, Mapping[str, str], bytes], tuple[int, timedelta | None]]
"""Posts a body: to an address, with headers. The status, and what Retry-After asks for; status
0 where there is no answer."""


@dataclass(frozen=True)
class Subscription:
    """Where a browser is reached, and the keys that only it can open."""

    endpoint: str
    p256dh: bytes
    auth: bytes

    @classmethod
    def parse(cls, address: str) -> Self:
        """The subscription that a browser gives as JSON. Raises Invalid that names `address`."""
        try:
            said = orjson.loads(address)
            endpoint, keys = said["endpoint"], said["keys"]
            p256dh, auth = unpacked(keys["p256dh"]), unpacked(keys["auth"])
            ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), p256dh)
            host = urlsplit(endpoint).hostname
        except (ValueError, TypeError, KeyError, AttributeError):
            host = None
        if not host or len(p256dh) != 65 or len(auth) != 16:
            raise Invalid({"address": [N_("This is no subscription of a browser.")]})
        return cls(endpoint, p256dh, auth)

    @property
    def host(self) -> str:
        """The push service's name."""
        return urlsplit(self.endpoint).hostname or ""

    def as_address(self) -> str:
        """The one way in which it is kept."""
        keys = {"p256dh": packed(self.p256dh), "auth": packed(self.auth)}
        return orjson.dumps({"endpoint": self.endpoint, "keys": keys}).decode()

    def is_of(self, services: Collection[str]) -> bool:
        """Whether its push service is one of *services*: names, or ends that begin with a point."""
        return any(
            self.host.endswith(name) if name.startswith(".") else self.host == name
            for name in services
        )


class Signer:
    """Says that it is the town which sends (VAPID). *secret*: 32 bytes as base64url."""

    def __init__(self, secret: str, contact: str, clock: Clock) -> None:
        self._key = ec.derive_private_key(int.from_bytes(unpacked(secret)), ec.SECP256R1())
        self._contact, self._clock = contact, clock
        self._made: dict[str, tuple[str, datetime]] = {}

    @property
    def public_key(self) -> str:
        """What browsers subscribe with."""
        return packed(_point(self._key))

    def authorization(self, endpoint: str) -> str:
        """The header for that push service; one is made for several hours."""
        parts = urlsplit(endpoint)
        origin, now = f"{parts.scheme}://{parts.netloc}", self._clock()
        made = self._made.get(origin)
        if made is None or made[1] - now < TOKEN_LASTS / 2:
            made = (self._token(origin, now + TOKEN_LASTS), now + TOKEN_LASTS)
            self._made[origin] = made
        return f"vapid t={made[0]}, k={self.public_key}"

    def _token(self, origin: str, until: datetime) -> str:
        claims = {"aud": origin, "exp": int(until.timestamp()), "sub": self._contact}
        parts = [{"typ": "JWT", "alg": "ES256"}, claims]
        said = ".".join(packed(orjson.dumps(part)) for part in parts)
        r, s = decode_dss_signature(self._key.sign(said.encode(), ec.ECDSA(hashes.SHA256())))
        return f"{said}.{packed(r.to_bytes(32) + s.to_bytes(32))}"


class WebPushStream:
    """A Stream to browsers: AT_A_TIME calls at once, to no other push service than *services*."""

    def __init__(self, signer: Signer, services: Collection[str], post: Post) -> None:
        self._signer, self._services, self._post = signer, services, post
        self._pool = ThreadPoolExecutor(AT_A_TIME, thread_name_prefix="webpush")
        self._under_way: dict[Future[Outcome], PushMessage] = {}

    @property
    def room(self) -> int:
        """Enough: what is more than AT_A_TIME waits in here."""
        return 1000

    def hand_over(self, messages: Sequence[PushMessage]) -> None:
        """Set *messages* on their way."""
        for message in messages:
            self._under_way[self._pool.submit(self._send, message)] = message

    def answers(self, wait: float) -> list[tuple[PushMessage, Outcome]]:
        """What became of messages since the last call."""
        done = _done(self._under_way, wait)
        return [(self._under_way.pop(future), future.result()) for future in done]

    def _send(self, push: PushMessage) -> Outcome:
        try:
            return self._sent(push)
        except Exception as error:  # one browser's odd address stops nobody else
            log.warning("no push to a browser", error=type(error).__name__)
            return Outcome(Action.BURY, "INVALID_ARGUMENT")

    def _sent(self, push: PushMessage) -> Outcome:
        subscription = Subscription.parse(push.address)
        if not subscription.is_of(self._services):
            return Outcome(Action.BURY, "UNKNOWN_SERVICE")
        text = orjson.dumps(content(push))
        if len(text) > LONGEST:
            return Outcome(Action.BURY, "PAYLOAD_TOO_LARGE")
        urgent = (push.manner.priority or ("high" if push.emergency else "normal")) == "high"
        headers = {
            "Authorization": self._signer.authorization(subscription.endpoint),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(USUAL_TTL if push.ttl is None else push.ttl),
            "Urgency": "high" if urgent else "normal",
        }
        if push.manner.collapse_key:
            headers["Topic"] = push.manner.collapse_key
        status, after = self._post(subscription.endpoint, headers, encrypted(text, subscription))
        return outcome_of(status, after)


def outcome_of(status: int, after: timedelta | None) -> Outcome:
    """What a push service's status means: 404 and 410 alone say that nobody listens there."""
    if 200 <= status < 300:
        return SENT
    if status in (404, 410):
        return Outcome(Action.PRUNE, "UNREGISTERED")
    if status in (0, 408, 429) or status >= 500:
        return Outcome(Action.RETRY, f"HTTP_{status}", after)
    return Outcome(Action.BURY, f"HTTP_{status}")


def content(push: PushMessage) -> dict[str, Any]:
    """What the page's service worker is told."""
    said: dict[str, Any] = {
        "title": push.title,
        "body": push.body,
        "tag": push.manner.collapse_key or str(push.message_id),
        "delivery_id": str(push.delivery_id),
    }
    more = {"link": push.link, "image": push.manner.image, "silent": push.silent or None}
    return said | {name: value for name, value in more.items() if value is not None}


def encrypted(
    text: bytes,
    subscription: Subscription,
    *,
    key: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """*text* as only that browser can read it. *key* and *salt* are made anew unless given."""
    own, salt = key or ec.generate_private_key(ec.SECP256R1()), salt or os.urandom(16)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), subscription.p256dh)
    shared, point = own.exchange(ec.ECDH(), theirs), _point(own)
    info = b"WebPush: info\0" + subscription.p256dh + point
    material = _derived(subscription.auth, shared, info, 32)
    secret = _derived(salt, material, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(salt, material, b"Content-Encoding: nonce\0", 12)
    head = salt + RECORD.to_bytes(4) + bytes([len(point)]) + point
    return head + AESGCM(secret).encrypt(nonce, text + b"\x02", None)


def packed(raw: bytes) -> str:
    """*raw* as base64url without its padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unpacked(text: str) -> bytes:
    """What `packed` made. Raises ValueError."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars="-_", validate=True)
    except binascii.Error as error:
        raise ValueError("is no base64url") from error


def _derived(salt: bytes, material: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(material)


def _point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _done(futures: Collection[Future[Outcome]], seconds: float) -> Collection[Future[Outcome]]:
    return wait(futures, seconds, FIRST_COMPLETED).done if futures else ()
