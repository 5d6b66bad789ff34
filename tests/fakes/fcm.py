"""Google's two services that push messages need, for real: HTTP/2 over TLS on loopback.

`POST /v1/projects/{project}/messages:send` of FCM's HTTP v1 API and OAuth's `POST /token`, over
HTTP/2 and HTTP/1.1. The server counts what it accepts, by address, and answers as its rules say.
In a test it is `with FakeFcm() as fcm`; `python -m tests.fakes.fcm FOLDER` runs it by itself,
and is then told and asked at `/fake/rules` and `/fake/counts`.
"""

from __future__ import annotations

import json
import re
import secrets
import ssl
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs

import google.auth.jwt
import trustme
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.fakes.http2 import Answer, Request, Server

PROJECT = "demo-town"
ACCOUNT = "pusher@demo-town.iam.gserviceaccount.com"
SCOPES = {
    "https://www.googleapis.com/auth/firebase.messaging",
    "https://www.googleapis.com/auth/cloud-platform",
}
AUDIENCE = "https://oauth2.googleapis.com/token"
"""Whom google-auth makes its assertions for, whatever the token's address is."""

LIMIT = 4096

ERRORS = {
    "INVALID_ARGUMENT": (400, "INVALID_ARGUMENT"),
    "UNREGISTERED": (404, "NOT_FOUND"),
    "SENDER_ID_MISMATCH": (403, "PERMISSION_DENIED"),
    "QUOTA_EXCEEDED": (429, "RESOURCE_EXHAUSTED"),
    "UNAVAILABLE": (503, "UNAVAILABLE"),
    "INTERNAL": (500, "INTERNAL"),
    "THIRD_PARTY_AUTH_ERROR": (401, "UNAUTHENTICATED"),
    "UNSPECIFIED_ERROR": (400, "UNKNOWN"),
}
"""FCM's error codes, with the HTTP status and the canonical code that they come with."""

BARE = {"UNAUTHENTICATED": 401, "PERMISSION_DENIED": 403, "NOT_FOUND": 404}
"""Errors of Google's front, which carry no code of FCM's."""

ADDRESSES = ("token", "fid", "topic", "condition")
FIELDS = {*ADDRESSES, "name", "data", "notification", "android", "apns", "webpush", "fcm_options"}


@dataclass
class Rule:
    """What to do with messages to addresses that match *pattern*, the next *times* times.

    *answer* is one of FCM's codes, "OK", "HANG" (no answer ever), "CLOSE" (the connection breaks
    off), "GOAWAY" (the connection is given up in HTTP/2's manner) or "GARBAGE". With *counted*
    a message is accepted before the answer is lost, which the sender cannot know.
    """

    pattern: str
    answer: str = "OK"
    times: int | None = None
    retry_after: str | None = None
    delay: float = 0.0
    counted: bool = False


class FakeFcm:
    """FCM and OAuth on a free port; `url`, `ca_bundle` and `credentials_file` lead to them."""

    def __init__(self, folder: Path | None = None, project: str = PROJECT) -> None:
        self._folder = folder or Path(tempfile.mkdtemp())
        self._project = project
        self._rules: list[Rule] = []
        self._tokens: dict[str, float] = {}
        self._accepted: Counter[str] = Counter()
        self._changed = threading.Condition()
        self.messages: list[dict[str, Any]] = []
        self.requests = 0
        self.tokens_given = 0
        self.token_seconds = 3600
        self.token_error: Answer | None = None
        self._server = Server(self._answer, self._certify())

    @property
    def url(self) -> str:
        """Where FCM is, as FCM_BASE_URL wants it."""
        return f"https://localhost:{self._server.port}"

    @property
    def ca_bundle(self) -> Path:
        """The certificate authority to trust."""
        return self._folder / "ca.pem"

    @property
    def credentials_file(self) -> Path:
        """The key of a service account that this OAuth knows."""
        return self._folder / "service-account.json"

    @property
    def connections(self) -> int:
        """How many connections were ever opened."""
        return self._server.connections

    @property
    def protocols(self) -> set[str]:
        """The protocols that were spoken: "h2", "http/1.1"."""
        return self._server.protocols

    def __enter__(self) -> Self:
        self._server.start()
        self._write_credentials()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.stop()

    def rule(self, pattern: str, answer: str = "OK", **options: Any) -> None:
        """Answer messages to addresses that match *pattern* as the Rule says. Newest first."""
        self._rules.insert(0, Rule(pattern, answer, **options))

    def forget_rules(self) -> None:
        """Accept everything again."""
        self._rules.clear()

    def withdraw_tokens(self) -> None:
        """Accept none of the tokens given so far."""
        self._tokens.clear()

    @property
    def accepted(self) -> Counter[str]:
        """How many messages were accepted, by address."""
        with self._changed:
            return self._accepted.copy()

    def wait_for(self, accepted: int, timeout: float = 60) -> None:
        """Return as soon as that many messages were accepted. Raises TimeoutError."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._accepted.total() >= accepted, timeout):
                raise TimeoutError(f"{self._accepted.total()} of {accepted} messages came")

    # --- answers ---------------------------------------------------------------------------

    def _answer(self, request: Request) -> Answer:
        routes: dict[tuple[str, str], Callable[[Request], Answer]] = {
            ("POST", "/token"): self._give_token,
            ("POST", f"/v1/projects/{self._project}/messages:send"): self._send,
            ("POST", "/fake/rules"): self._take_rules,
            ("GET", "/fake/counts"): self._tell_counts,
        }
        route = routes.get((request.method, request.path))
        return route(request) if route else bare_error("NOT_FOUND")

    def _give_token(self, request: Request) -> Answer:
        if self.token_error:
            return self.token_error
        form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        if form.get("grant_type") != "urn:ietf:params:oauth:grant-type:jwt-bearer":
            return Answer(400, {"error": "unsupported_grant_type"})
        try:
            claims = google.auth.jwt.decode(
                form.get("assertion", ""), self._public_key, audience=AUDIENCE
            )
        except (ValueError, google.auth.exceptions.GoogleAuthError) as error:
            return Answer(400, {"error": "invalid_grant", "error_description": str(error)})
        if claims.get("iss") != ACCOUNT or SCOPES.isdisjoint(claims.get("scope", "").split()):
            return Answer(400, {"error": "invalid_scope"})
        token = secrets.token_urlsafe(32)
        self._tokens[token] = time.monotonic() + self.token_seconds
        self.tokens_given += 1
        return Answer(
            200,
            {"access_token": token, "expires_in": self.token_seconds, "token_type": "Bearer"},
        )

    def _send(self, request: Request) -> Answer:
        self.requests += 1
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind != "Bearer" or self._tokens.get(token, 0) < time.monotonic():
            return bare_error("UNAUTHENTICATED")
        try:
            asked = json.loads(request.body)
            message, is_trial = asked["message"], asked.get("validate_only", False)
            address = check(message)
        except (ValueError, KeyError, TypeError) as error:
            return bad_request(str(error))
        rule = self._rule_for(address)
        if not is_trial and (rule is None or rule.answer == "OK" or rule.counted):
            self._accept(address, message)
        return answer_of(rule, self._project) if rule else accepted(self._project)

    def _accept(self, address: str, message: dict[str, Any]) -> None:
        with self._changed:
            self._accepted[address] += 1
            self.messages.append(message)
            self._changed.notify_all()

    def _rule_for(self, address: str) -> Rule | None:
        for rule in self._rules:
            if re.fullmatch(rule.pattern, address) and rule.times != 0:
                if rule.times is not None:
                    rule.times -= 1
                return rule
        return None

    def _take_rules(self, request: Request) -> Answer:
        self._rules = [Rule(**rule) for rule in json.loads(request.body)]
        return Answer(200, [asdict(rule) for rule in self._rules])

    def _tell_counts(self, _: Request) -> Answer:
        accepted = self.accepted
        return Answer(200, {"total": accepted.total(), "by_address": accepted})

    # --- keys ------------------------------------------------------------------------------

    def _certify(self) -> ssl.SSLContext:
        authority = trustme.CA()
        authority.cert_pem.write_to_path(self.ca_bundle)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
        return context

    def _write_credentials(self) -> None:
        key = account_key()
        self._public_key = key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        private = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        account = {
            "type": "service_account",
            "project_id": self._project,
            "private_key_id": "fake",
            "private_key": private.decode(),
            "client_email": ACCOUNT,
            "client_id": "1",
            "token_uri": f"{self.url}/token",
        }
        self.credentials_file.write_text(json.dumps(account))


@cache
def account_key() -> rsa.RSAPrivateKey:
    """The service account's key; making one takes a while, so a process has one."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def check(message: dict[str, Any]) -> str:
    """The address of *message*. Raises ValueError for what FCM would not take."""
    if unknown := set(message) - FIELDS:
        raise ValueError(f"Unknown name {sorted(unknown)} at 'message'")
    given = [message[kind] for kind in ADDRESSES if message.get(kind)]
    if len(given) != 1:
        raise ValueError("Exactly one address is needed")
    if not all(isinstance(value, str) for value in message.get("data", {}).values()):
        raise ValueError("Invalid value at 'message.data'")
    if len(json.dumps(message.get("notification", {}) | message.get("data", {}))) > 4 * LIMIT:
        raise ValueError("Message is too big")
    carried = [*message.get("notification", {}).items(), *message.get("data", {}).items()]
    if sum(len(text.encode()) for pair in carried for text in pair) > LIMIT:
        raise ValueError("Message is too big")
    return str(given[0])


def accepted(project: str) -> Answer:
    """FCM's answer to a message that it took."""
    return Answer(200, {"name": f"projects/{project}/messages/{secrets.token_hex(8)}"})


def answer_of(rule: Rule, project: str) -> Answer:
    """What *rule* says to answer."""
    match rule.answer:
        case "OK":
            answer = accepted(project)
        case "HANG" | "CLOSE" | "GOAWAY":
            answer = Answer(200, None, manner=rule.answer)
        case "GARBAGE":
            answer = Answer(502, "<html>Bad gateway</html>")
        case code if code in BARE:
            answer = bare_error(code)
        case code:
            answer = fcm_error(code)
    if rule.retry_after is not None:
        answer.headers["retry-after"] = rule.retry_after
    answer.delay = rule.delay
    return answer


def fcm_error(code: str) -> Answer:
    """An error with FCM's own *code* in its details."""
    status, canonical = ERRORS[code]
    detail = {
        "@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError",
        "errorCode": code,
    }
    return error(status, canonical, f"The fake says {code}", detail)


def bare_error(canonical: str) -> Answer:
    """An error of Google's front, without a code of FCM's."""
    return error(BARE[canonical], canonical, f"The fake says {canonical}")


def bad_request(reason: str) -> Answer:
    """The answer to a message that breaks the API's rules."""
    violation = {"field": "message", "description": reason}
    detail = {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [violation]}
    return error(400, "INVALID_ARGUMENT", reason, detail)


def error(status: int, canonical: str, message: str, *details: dict[str, Any]) -> Answer:
    """An error in the form that all of Google's services give it."""
    told = {"code": status, "message": message, "status": canonical, "details": list(details)}
    return Answer(status, {"error": told})


def main(folder: str) -> None:
    """Run by itself, its keys in *folder*, until it is stopped."""
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    with FakeFcm(place) as fcm:
        sys.stdout.write(
            f"FCM_BASE_URL={fcm.url}\nFCM_CA_BUNDLE={fcm.ca_bundle}\n"
            f"GOOGLE_APPLICATION_CREDENTIALS={fcm.credentials_file}\n"
        )
        sys.stdout.flush()
        threading.Event().wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
