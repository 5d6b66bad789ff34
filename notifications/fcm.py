"""Firebase Cloud Messaging: HTTP v1 over a few HTTP/2 connections, many messages at a time."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
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


@dataclass(slots=True)
class _UnderWay:
    """A message whose answer is awaited; *again* once its token was refused."""

    message: PushMessage
    body: bytes
    again: bool = False
    token: str | None = None


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
        in_flight: int = 500,
        connections: int = 6,
        timeout: float = 20.0,
    ) -> None:
        # The wheels of pycurl carry a TLS library of their own, which finds no certificates.
        authorities = str(ca_bundle or certifi.where())
        self._credentials = service_account.Credentials.from_service_account_file(  # type: ignore[no-untyped-call]
            str(credentials_file), scopes=[SCOPE]
        )
        self._oauth = google.auth.transport.urllib3.Request(  # type: ignore[no-untyped-call]
            urllib3.PoolManager(ca_certs=authorities, timeout=timeout)
        )
        project = project_id or self._credentials.project_id
        url = f"{base_url}/v1/projects/{project}/messages:send"
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_PIPELINING, pycurl.PIPE_MULTIPLEX)
        self._multi.setopt(pycurl.M_MAX_HOST_CONNECTIONS, connections)
        self._in_flight = in_flight
        self._make_handle = partial(self._handle, url, authorities, timeout)
        self._idle: list[pycurl.Curl] = []
        self._under_way: dict[pycurl.Curl, _UnderWay] = {}
        self._refused: list[tuple[PushMessage, Outcome]] = []

    def send(self, messages: Sequence[PushMessage]) -> list[Outcome]:
        """Send *messages*; what became of each, in their order."""
        outcomes: dict[int, Outcome] = {}
        places = {id(message): place for place, message in enumerate(messages)}
        waiting = deque(messages)
        while len(outcomes) < len(messages):
            self.hand_over([waiting.popleft() for _ in range(min(self.room, len(waiting)))])
            for message, outcome in self.answers(wait=0.5):
                outcomes[places[id(message)]] = outcome
        return [outcomes[place] for place in range(len(messages))]

    @property
    def room(self) -> int:
        """How many more messages may be under way."""
        return self._in_flight - len(self._under_way)

    def hand_over(self, messages: Sequence[PushMessage]) -> None:
        """Set *messages* on their way; there must be room for them."""
        if not messages:
            return
        if problem := self._authorize():
            self._refused += [(message, problem) for message in messages]
            return
        for message in messages:
            body = orjson.dumps({"message": fcm_message(message)})
            self._launch(_UnderWay(message, body))

    def answers(self, wait: float) -> list[tuple[PushMessage, Outcome]]:
        """What became of messages that were handed over; waits up to *wait* seconds for one."""
        answered, self._refused = self._refused, []
        if not self._under_way:
            return answered
        self._multi.perform()
        answered += self._collect()
        if not answered and self._multi.select(wait) >= 0:
            self._multi.perform()
            answered += self._collect()
        return answered

    def _collect(self) -> list[tuple[PushMessage, Outcome]]:
        answered = []
        for handle, failure in list(self._finished()):
            sent = self._under_way.pop(handle)
            outcome = failure or _outcome(handle)
            self._multi.remove_handle(handle)
            self._idle.append(handle)
            if outcome.code == UNAUTHENTICATED and not sent.again:
                # The token may have been withdrawn before its time.
                if sent.token == self._credentials.token:
                    self._credentials.token = None
                if problem := self._authorize():
                    outcome = problem
                else:
                    self._launch(replace(sent, again=True))
                    continue
            answered.append((sent.message, outcome))
        return answered

    def _launch(self, sent: _UnderWay) -> None:
        handle = self._idle.pop() if self._idle else self._make_handle()
        handle.answer = BytesIO()
        handle.setopt(pycurl.WRITEDATA, handle.answer)
        handle.setopt(pycurl.POSTFIELDS, sent.body)
        handle.setopt(pycurl.HTTPHEADER, self._headers)
        sent.token = self._credentials.token
        self._under_way[handle] = sent
        self._multi.add_handle(handle)

    def _finished(self) -> Iterator[tuple[pycurl.Curl, Outcome | None]]:
        now = time.monotonic()
        while True:
            more, succeeded, failed = self._multi.info_read()
            for handle in succeeded:
                yield handle, None
            for handle, number, reason in failed:
                log.warning("push service cannot be reached", curl=number, reason=reason)
                yield handle, Outcome(Action.RETRY, f"CURL_{number}", broken=now)
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
        # Messages are small, and libcurl would keep 64 kB for each that is under way.
        handle.setopt(pycurl.UPLOAD_BUFFERSIZE, 16 * 1024)
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
