"""Firebase Cloud Messaging: HTTP v1 over a few HTTP/2 connections, many messages at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import certifi
import google.auth.exceptions
import google.auth.transport.urllib3
import orjson
import pycurl
import structlog
import urllib3
from google.oauth2 import service_account

from notifications.gateway import SENT, Action, Outcome, PushMessage
from notifications.payload import fcm_message

log = structlog.get_logger()

SCOPE = "https://www.googleapis.com/auth/firebase.messaging"
QUOTA_WAIT = timedelta(minutes=1)
"""What Google asks for when an answer 429 does not say how long to wait."""

UNAUTHENTICATED = "UNAUTHENTICATED"

ACTIONS = {
    "UNREGISTERED": Action.PRUNE,
    "INVALID_ARGUMENT": Action.BURY,
    "SENDER_ID_MISMATCH": Action.ALARM,
    "THIRD_PARTY_AUTH_ERROR": Action.ALARM,
    UNAUTHENTICATED: Action.ALARM,
    "PERMISSION_DENIED": Action.ALARM,
    "NOT_FOUND": Action.ALARM,
    "QUOTA_EXCEEDED": Action.RETRY,
    "RESOURCE_EXHAUSTED": Action.RETRY,
    "UNAVAILABLE": Action.RETRY,
    "INTERNAL": Action.RETRY,
}
"""FCM's error codes, and the canonical codes of answers that carry none of FCM's own.

A plain NOT_FOUND means a wrong project, not a dead address: only UNREGISTERED prunes.
"""


class FcmGateway:
    """Sends through FCM with a service account.

    At most *in_flight* messages are under way on at most *connections* connections, which
    stay open between calls. Answers that take longer than *timeout* seconds count as lost.
    """

    def __init__(
        self,
        credentials_file: Path,
        *,
        project_id: str | None = None,
        base_url: str = "https://fcm.googleapis.com",
        ca_bundle: Path | None = None,
        in_flight: int = 400,
        connections: int = 4,
        timeout: float = 20.0,
    ) -> None:
        # The wheels of pycurl carry a TLS library of their own, which finds no certificates.
        authorities = str(ca_bundle or certifi.where())
        self._credentials = service_account.Credentials.from_service_account_file(  # type: ignore[no-untyped-call]
            str(credentials_file), scopes=[SCOPE]
        )
        self._oauth = google.auth.transport.urllib3.Request(  # type: ignore[no-untyped-call]
            urllib3.PoolManager(ca_certs=authorities)
        )
        project = project_id or self._credentials.project_id
        url = f"{base_url}/v1/projects/{project}/messages:send"
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_PIPELINING, pycurl.PIPE_MULTIPLEX)
        self._multi.setopt(pycurl.M_MAX_HOST_CONNECTIONS, connections)
        self._idle = [self._handle(url, authorities, timeout) for _ in range(in_flight)]

    def send(self, messages: Sequence[PushMessage]) -> list[Outcome]:
        """Send *messages*; what became of each, in their order."""
        bodies = [orjson.dumps({"message": fcm_message(message)}) for message in messages]
        outcomes = self._send(bodies)
        refused = [i for i, outcome in enumerate(outcomes) if outcome.code == UNAUTHENTICATED]
        if refused:  # the token may have been withdrawn before its time
            self._credentials.token = None
            for i, outcome in zip(refused, self._send([bodies[i] for i in refused]), strict=True):
                outcomes[i] = outcome
        return outcomes

    def _send(self, bodies: Sequence[bytes]) -> list[Outcome]:
        if not bodies:
            return []
        if problem := self._authorize():
            return [problem] * len(bodies)
        outcomes: dict[int, Outcome] = {}
        waiting = iter(enumerate(bodies))
        under_way: dict[pycurl.Curl, int] = {}
        self._launch(waiting, under_way)
        while under_way:
            self._multi.perform()
            for handle, failure in self._finished():
                outcomes[under_way.pop(handle)] = failure or _outcome(handle)
                self._multi.remove_handle(handle)
                self._idle.append(handle)
            self._launch(waiting, under_way)
            if under_way:
                self._multi.select(0.5)
        return [outcomes[i] for i in range(len(bodies))]

    def _launch(
        self, waiting: Iterator[tuple[int, bytes]], under_way: dict[pycurl.Curl, int]
    ) -> None:
        while self._idle:
            following = next(waiting, None)
            if following is None:
                return
            number, body = following
            handle = self._idle.pop()
            handle.answer = BytesIO()
            handle.setopt(pycurl.WRITEDATA, handle.answer)
            handle.setopt(pycurl.POSTFIELDS, body)
            handle.setopt(pycurl.HTTPHEADER, self._headers)
            under_way[handle] = number
            self._multi.add_handle(handle)

    def _finished(self) -> Iterator[tuple[pycurl.Curl, Outcome | None]]:
        while True:
            more, succeeded, failed = self._multi.info_read()
            for handle in succeeded:
                yield handle, None
            for handle, number, reason in failed:
                log.warning("push service cannot be reached", curl=number, reason=reason)
                yield handle, Outcome(Action.RETRY, f"CURL_{number}")
            if not more:
                return

    def _authorize(self) -> Outcome | None:
        """Have a valid token in the headers, or say what hinders it."""
        if not self._credentials.valid:
            try:
                self._credentials.refresh(self._oauth)
            except google.auth.exceptions.GoogleAuthError as error:
                # Not its text, which may repeat the account's assertion.
                log.warning("no token from the push service", error=type(error).__name__)
                unreachable = isinstance(error, google.auth.exceptions.TransportError)
                action = Action.RETRY if unreachable or error.retryable else Action.ALARM
                return Outcome(action, "NO_TOKEN")
        self._headers = [
            f"Authorization: Bearer {self._credentials.token}",
            "Content-Type: application/json",
        ]
        return None

    @staticmethod
    def _handle(url: str, authorities: str, timeout: float) -> pycurl.Curl:
        handle = pycurl.Curl()
        handle.setopt(pycurl.URL, url)
        handle.setopt(pycurl.POST, 1)
        handle.setopt(pycurl.CAINFO, authorities)
        handle.setopt(pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_2TLS)
        handle.setopt(pycurl.PIPEWAIT, 1)
        handle.setopt(pycurl.CONNECTTIMEOUT, 10)
        handle.setopt(pycurl.TIMEOUT_MS, int(timeout * 1000))
        handle.setopt(pycurl.NOSIGNAL, 1)
        return handle


def _outcome(handle: Any) -> Outcome:
    status = handle.getinfo(pycurl.RESPONSE_CODE)
    if status == 200:
        return SENT
    code = _error_code(handle.answer.getvalue(), status)
    action = ACTIONS.get(code) or (Action.RETRY if status >= 500 else Action.BURY)
    retry_after = None
    if action is Action.RETRY:
        seconds = handle.getinfo(pycurl.RETRY_AFTER)
        retry_after = timedelta(seconds=seconds) if seconds else None
        if status == 429 and retry_after is None:
            retry_after = QUOTA_WAIT
    return Outcome(action, code, retry_after)


def _error_code(answer: bytes, status: int) -> str:
    """FCM's own code where the answer has one, else the canonical code, else the status."""
    try:
        error = orjson.loads(answer)["error"]
        for detail in error.get("details", ()):
            if detail.get("@type", "").endswith("FcmError"):
                return str(detail["errorCode"])
        return str(error["status"])
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
        return UNAUTHENTICATED if status == 401 else f"HTTP_{status}"
