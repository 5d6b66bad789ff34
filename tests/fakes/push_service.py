"""A browser and its push service: takes messages, checks who signed them, and reads them."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterable
from http.client import responses
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.fakes.server import Server


def raw(text: str) -> bytes:
    """What base64url without padding stands for."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def text(of: bytes) -> str:
    """*of* as base64url without padding."""
    return base64.urlsafe_b64encode(of).rstrip(b"=").decode()


class Browser:
    """Keys that one browser made, and what it reads with them."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._auth = os.urandom(16)
        self.point = self._key.public_key().public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint
        )

    def subscription(self, endpoint: str) -> str:
        """What the page hands to the town."""
        keys = {"p256dh": text(self.point), "auth": text(self._auth)}
        return json.dumps({"endpoint": endpoint, "expirationTime": None, "keys": keys})

    def read(self, body: bytes) -> dict[str, Any]:
        """The message in *body*. Raises InvalidTag where it was not for this browser."""
        salt, length = body[:16], body[20]
        point, sealed = body[21 : 21 + length], body[21 + length :]
        sender = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        shared = self._key.exchange(ec.ECDH(), sender)
        info = b"WebPush: info\x00" + self.point + point
        material = HKDF(hashes.SHA256(), 32, self._auth, info).derive(shared)
        secret = HKDF(hashes.SHA256(), 16, salt, b"Content-Encoding: aes128gcm\x00")
        nonce = HKDF(hashes.SHA256(), 12, salt, b"Content-Encoding: nonce\x00")
        plain = AESGCM(secret.derive(material)).decrypt(nonce.derive(material), sealed, None)
        assert plain[-1:] == b"\x02"
        said: dict[str, Any] = json.loads(plain[:-1])
        return said


class PushService(Server):
    """`received` holds headers and body of all that came, `status` and `headers` its answer."""

    def __init__(self) -> None:
        super().__init__()
        self.headers: list[tuple[str, str]] = []
        self.received: list[tuple[dict[str, str], bytes]] = []

    def claims(self, public_key: str) -> dict[str, Any]:
        """What the last message's signature says. Raises InvalidSignature for another signer's."""
        scheme, _, rest = self.received[-1][0]["AUTHORIZATION"].partition(" ")
        assert scheme == "vapid"
        given = dict(part.strip().split("=", 1) for part in rest.split(","))
        assert given["k"] == public_key
        head, claims, signature = given["t"].split(".")
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw(public_key))
        r, s = raw(signature)[:32], raw(signature)[32:]
        key.verify(
            encode_dss_signature(int.from_bytes(r), int.from_bytes(s)),
            f"{head}.{claims}".encode(),
            ec.ECDSA(hashes.SHA256()),
        )
        said: dict[str, Any] = json.loads(raw(claims))
        return said

    def _serve(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        headers = {
            name.removeprefix("HTTP_"): str(value)
            for name, value in environ.items()
            if name.startswith("HTTP_")
        }
        self.received.append((headers, body))
        start(f"{self.status} {responses[self.status]}", self.headers)
        return [b""]
