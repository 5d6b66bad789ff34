"""The signature of a message, as Standard Webhooks 1.0 says."""

from __future__ import annotations

import base64
import hashlib
import hmac
import uuid
from datetime import datetime

PREFIX = "whsec_"


def secret_of(webhook_id: uuid.UUID, app_secret: str) -> str:
    """The secret of a webhook. It is derived from the app's secret and stored nowhere."""
    salted = hmac.new(app_secret.encode(), b"webhook:" + webhook_id.bytes, hashlib.sha256)
    return PREFIX + base64.b64encode(salted.digest()).decode()


def headers(message_id: uuid.UUID, now: datetime, body: bytes, secret: str) -> dict[str, str]:
    """The headers by which a receiver knows who sent *body*, when, and that it is whole."""
    timestamp = str(int(now.timestamp()))
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = b".".join((str(message_id).encode(), timestamp.encode(), body))
    signature = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return {
        "webhook-id": str(message_id),
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{signature}",
    }
