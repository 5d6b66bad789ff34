"""People who report and follow while everything breaks, and what was acknowledged to them."""

from __future__ import annotations

import base64
import json
import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.emulator.firebase import PROJECT
from tests.factories.feedback import contact
from tests.factories.files import image

CITIZENS = 5
GIVE_UP_AFTER = 180.0
Headers = dict[str, str]


def signed_in(number: int) -> Headers:
    """The headers of a citizen, as the app has them after a sign-in."""
    now = int(time.time())
    claims = {
        "iss": f"https://securetoken.google.com/{PROJECT}", "aud": PROJECT, "auth_time": now - 60,
        "sub": f"citizen-{number}", "user_id": f"citizen-{number}", "iat": now - 60,
        "exp": now + 7200, "phone_number": f"+8491234567{number}",
        "firebase": {"sign_in_provider": "phone", "identities": {}},
    }  # fmt: skip
    parts = ({"alg": "none", "typ": "JWT"}, claims)
    coded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts]
    return {"Authorization": f"Bearer {b'.'.join([*coded, b'']).decode()}"}


@dataclass
class Life:
    """A report as its people live through it, and what the server acknowledged of that."""

    number: int
    key: str = field(default_factory=lambda: str(uuid.uuid4()))
    id: str = ""
    code: str = ""
    token: str = ""
    photos: list[bytes] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    perhaps: list[str] = field(default_factory=list)
    status: str = "received"

    @property
    def citizen(self) -> Headers:
        """Every other reporter is signed in."""
        return signed_in(self.number // 2 % CITIZENS) if self.number % 2 else {}


class Storm:
    """Clients that go on whatever breaks, and count what they asked and what broke."""

    def __init__(self, url: str, officer: Headers) -> None:
        self.url, self.officer = url, officer
        self.asked, self.broken = Counter[str](), Counter[str]()
        self.done = 0
        self.failures: list[BaseException] = []
        self._lock = threading.Lock()
        self._client = threading.local()

    def once(self, kind: str, method: str, path: str, **options: Any) -> httpx.Response | None:
        """One request; None where the connection broke or the server could not."""
        client: httpx.Client = self._client.value
        try:
            answer: httpx.Response | None = client.request(method, self.url + path, **options)
        except httpx.TransportError:
            answer = None
        if answer is not None and answer.status_code >= 500:
            answer = None
        with self._lock:
            self.asked[kind] += 1
            self.done += answer is not None
            self.broken[kind] += answer is None
        return answer

    def until_answered(self, kind: str, method: str, path: str, **options: Any) -> httpx.Response:
        """Ask again and again, as apps do."""
        give_up = time.monotonic() + GIVE_UP_AFTER
        while (answer := self.once(kind, method, path, **options)) is None:
            assert time.monotonic() < give_up, "the server never came back"
            threading.Event().wait(0.1)
        return answer

    def file(self, life: Life) -> None:
        body = {
            "category": "101",
            "description": f"Rác số {life.number}",
            "location": {"lat": 18.8 + life.number / 1e5, "lng": 105.71},
            **contact(name=f"Người {life.number}"),
        }
        answer = self.until_answered(
            "filing", "POST", "/api/v1/reports", json=body,
            headers=life.citizen | {"Idempotency-Key": life.key},
        )  # fmt: skip
        assert answer.status_code in (200, 201), answer.text
        said = answer.json()
        assert not life.id or life.id == said["id"]
        life.id, life.code, life.token = said["id"], said["code"], said["access_token"]

    def photo(self, life: Life) -> None:
        data = image(size=(40, 30), colour=f"#{life.number * 7 % 0xFFFFFF:06x}", quality=90)
        answer = self.until_answered(
            "photo", "POST", f"/api/v1/reports/{life.id}/photos", files={"photo": data},
            headers={"X-Access-Token": life.token},
        )  # fmt: skip
        assert answer.status_code in (200, 201), answer.text
        life.photos.append(data)

    def comment(self, life: Life) -> None:
        text = f"Vẫn còn {uuid.uuid4()}"
        answer = self.once(
            "comment", "POST", f"/api/v1/reports/{life.id}/comments", json={"text": text},
            headers={"X-Access-Token": life.token},
        )  # fmt: skip
        if answer is None:
            life.perhaps.append(text)
            return
        assert answer.status_code == 201, answer.text
        life.comments.append(text)

    def move(self, life: Life, to: str) -> None:
        path = f"/api/v1/staff/reports/{life.id}/transition"
        answer = self.until_answered("move", "POST", path, json={"to": to}, headers=self.officer)
        # What broke may have been done all the same; then it is not done again.
        assert answer.status_code in (200, 409), answer.text
        life.status = to

    def read(self, life: Life) -> None:
        headers = {"X-Access-Token": life.token}
        shown = self.until_answered("read", "GET", f"/api/v1/reports/{life.code}", headers=headers)
        assert shown.status_code == 200, shown.text
        said = {comment["text"] for comment in shown.json()["comments"]}
        assert said >= set(life.comments)

    def browse(self, life: Life) -> None:
        path, headers = random.choice(  # noqa: S311 - not a secret
            [
                ("/api/v1/reports", {}),
                ("/api/v1/staff/reports", self.officer),
                (f"/api/v1/staff/reports/{life.id}", self.officer),
            ]
        )
        assert self.until_answered("list", "GET", path, headers=headers).status_code == 200

    def live(self, life: Life) -> None:
        """One report's life: about seven requests, of which three change something."""
        self.file(life)
        if life.number % 3 == 0:
            self.file(life)  # the app never saw the answer, and sends it again days later
        self.read(life)
        if life.number % 4 == 0:
            self.photo(life)
        if life.number % 3:
            self.comment(life)
        self.move(life, "verified")
        self.browse(life)
        if life.number % 2:
            self.move(life, "in_progress")
        self.read(life)

    def run(self, lives: Iterator[Life], until_done: int, lived: list[Life]) -> None:
        """Live one life after the other until that many requests are done."""
        try:
            with httpx.Client(timeout=30) as self._client.value:
                for life in lives:
                    if self.done >= until_done or self.failures:
                        return
                    lived.append(life)
                    self.live(life)
        except BaseException as error:
            self.failures.append(error)
            raise
