"""The access token of a report: shows, without an account, that one is its reporter."""

from __future__ import annotations

import hashlib
import uuid

from itsdangerous import Signer


def access_token(report_id: uuid.UUID, secret: str) -> str:
    """The token of that report. It is derived from the app's *secret* and stored nowhere."""
    return _signer(secret).get_signature(report_id.bytes).decode()


def opens(token: str, report_id: uuid.UUID, secret: str) -> bool:
    """Whether *token* is that report's."""
    return _signer(secret).verify_signature(report_id.bytes, token)


def _signer(secret: str) -> Signer:
    return Signer(secret, salt="report-access", digest_method=hashlib.sha256)
