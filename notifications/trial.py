"""Asking FCM whether it would take a message, so that nobody gets it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import certifi
import google.auth.exceptions
import google.auth.transport.urllib3
import orjson
import structlog
import urllib3
from google.oauth2 import service_account

from notifications.fcm import SCOPE
from notifications.gateway import PushMessage
from notifications.payload import fcm_message

log = structlog.get_logger()

OK, UNAVAILABLE = "ok", "UNAVAILABLE"


def verdict(
    messages: Sequence[PushMessage],
    credentials_file: Path,
    *,
    project_id: str | None = None,
    base_url: str = "https://fcm.googleapis.com",
    ca_bundle: Path | None = None,
    timeout: float = 4.0,
) -> str:
    """OK where FCM would take each of *messages*, else its word for the first that it would not.

    UNAVAILABLE where it does not answer within *timeout* seconds each.
    """
    credentials = service_account.Credentials.from_service_account_file(  # type: ignore[no-untyped-call]
        str(credentials_file), scopes=[SCOPE]
    )
    pool = urllib3.PoolManager(
        ca_certs=str(ca_bundle or certifi.where()), timeout=timeout, retries=False
    )
    session = google.auth.transport.urllib3.AuthorizedHttp(credentials, http=pool)  # type: ignore[no-untyped-call]
    url = f"{base_url}/v1/projects/{project_id or credentials.project_id}/messages:send"
    try:
        for message in messages:
            body = orjson.dumps({"validate_only": True, "message": fcm_message(message)})
            answer = session.request(
                "POST", url, body=body, headers={"Content-Type": "application/json"}
            )
            if answer.status != 200:
                return _word(answer.data, answer.status)
    except (urllib3.exceptions.HTTPError, google.auth.exceptions.GoogleAuthError) as error:
        log.warning("push service cannot be asked", error=type(error).__name__)
        return UNAVAILABLE
    finally:
        pool.clear()
    return OK


def _word(answer: bytes, status: int) -> str:
    try:
        return str(orjson.loads(answer)["error"]["status"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return f"HTTP_{status}"
