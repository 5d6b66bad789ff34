"""A reporter's identity and words, marked, are looked for in everything that leaves the town.

Reports come by app, page, chat, staff, Open311 and from somebody who is signed in; each goes
through the whole workflow. Addresses are taken from the application: a new one is searched too.
"""

from __future__ import annotations

import base64
import io
import json
import re
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts import access
from backend.accounts.roles import Role
from backend.feedback.models import Report, ReportPhoto
from backend.feedback.tokens import access_token
from backend.settings import Settings
from backend.webhooks.models import TYPES
from backend.work import handlers
from content.audit import AuditEntry
from notifications.messages import Message
from notifications.outbox import Job
from notifications.worker import work_off
from tests.conftest import TurnableClock
from tests.emulator.firebase import PROJECT
from tests.fakes.receiver import Receiver

pytestmark = pytest.mark.integration

IDENTITY = ("zqwho", "912987654")
"""In name, e-mail and telephone number: nobody reads it but by the one address for it."""

WORDS = ("zqsaid",)
"""In description, place, answers, comments, ratings and the photo: for the staff alone."""

WHO = {"name": "Zqwho Trần", "phone": "0912 987 654", "email": "zqwho@example.org"}
CONSENT = {"version": "2026-01", "at": "2026-07-01T07:59:00+07:00"}
VALUES = {
    "UUIDConverter": str(uuid.uuid4()), "IntegerConverter": "7", "FloatConverter": "7.0",
    "UnicodeConverter": "x", "PathConverter": "x",
}  # fmt: skip

Headers = dict[str, str]


def found_in(text: str | bytes, marks: tuple[str, ...]) -> list[str]:
    """Which *marks* are in *text*, however it writes letters."""
    plain = text.decode("latin-1") if isinstance(text, bytes) else text
    return [mark for mark in marks if mark in plain.lower()]


def signed_in(name: str) -> Headers:
    """The headers of a citizen whose sign-in is believed unsigned, as with the emulator."""
    now = int(time.time())
    claims = {
        "iss": f"https://securetoken.google.com/{PROJECT}", "aud": PROJECT, "sub": name,
        "user_id": name, "iat": now - 60, "auth_time": now - 60, "exp": now + 3600,
        "phone_number": "+84912987654", "name": "Zqwho", "firebase": {"identities": {}},
    }  # fmt: skip
    parts = ({"alg": "none", "typ": "JWT"}, claims)
    coded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts]
    return {"Authorization": f"Bearer {b'.'.join([*coded, b'']).decode()}"}


def photo() -> io.BytesIO:
    """A photo whose camera wrote the mark and a place into it."""
    exif, file = Image.Exif(), io.BytesIO()
    exif[0x010E] = "Zqsaid"
    exif[0x013B] = "Zqwho"
    exif.get_ifd(0x8825).update({1: "N", 2: (18.0, 48.0, 0.0), 3: "E", 4: (105.0, 43.0, 0.0)})
    Image.new("RGB", (60, 40), "teal").save(file, "JPEG", exif=exif, comment=b"Zqsaid")
    file.seek(0)
    return file


class Town:
    """The application with its addresses, its reports and those who look."""

    def __init__(self, app: Flask, session: Session) -> None:
        self.app, self.session, self.client = app, session, app.test_client()
        self.reports: list[tuple[str, str, Headers]] = []

    def file(
        self, headers: Headers | None = None, address: str = "/api/v1/reports", **changes: Any
    ) -> None:
        """File a marked report by the API."""
        body = {
            "category": "401", "description": "Zqsaid chém giá", "place_text": "Quán Zqsaid",
            "location": {"lat": 18.8, "lng": 105.71}, "contact": WHO, "consent": CONSENT,
            "attributes": {"shop": "Zqsaid", "item": "Zqsaid", "price_asked": 100},
        } | changes  # fmt: skip
        answer = self.client.post(address, json=body, headers=headers or {})
        assert answer.status_code == 201, answer.text

    def find(self, secret: str) -> None:
        """Know every report that is on file, with the token of its reporter."""
        self.session.rollback()
        self.reports = [
            (str(report.id), report.code, {"X-Access-Token": access_token(report.id, secret)})
            for report in self.session.scalars(select(Report))
        ]

    def addresses(self, kinds: tuple[str, ...]) -> Iterator[str]:
        """Every address that can be read under such a rule, about each report there is."""
        photos = self.session.scalars(select(ReportPhoto)).all()
        for route in self.app.url_map.iter_rules():
            with self.app.app_context():
                kind = access.rule_of(route.endpoint, "GET").kind
            if "GET" not in (route.methods or ()) or kind not in kinds:
                continue
            fixed = {
                name: min(getattr(converter, "items", ()), default="")
                or VALUES.get(type(converter).__name__, "x")
                for name, converter in route._converters.items()
            }
            about: list[dict[str, str]] = [{}]
            if "photo_id" in fixed:
                about = [
                    {"report_id": str(each.report_id), "photo_id": str(each.id)} for each in photos
                ]
            elif "report_id" in fixed:
                about = [{"report_id": report_id} for report_id, _, _ in self.reports]
            elif "code" in fixed:
                about = [{"code": code} for _, code, _ in self.reports]
            elif "request_id" in fixed:
                about = [{"request_id": code} for _, code, _ in self.reports]
            for values in about:
                kept = {name: value for name, value in values.items() if name in fixed}
                built = route.build(fixed | kept | dict(route.defaults or {}))
                assert built is not None
                yield built[1]

    def search(self, kinds: tuple[str, ...], marks: tuple[str, ...], headers: Headers) -> int:
        """Read every such address; assert that none answers with a mark. How many there were."""
        leaks, read = {}, 0
        for address in self.addresses(kinds):
            if address.endswith(("/contact", "/sign-out", "/logout")):
                continue
            for query in ("?limit=100", "?q=zq&text=zq&lat=18.8&lng=105.71&extensions=true"):
                answer = self.client.get(address + query, headers=headers)
                read += 1
                assert answer.status_code != 500, (address, answer.text)
                said = answer.get_data() + str(answer.headers).encode()
                if leaked := found_in(said, marks):
                    leaks[address + query] = leaked
        assert leaks == {}
        return read


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def town(
    make_app: Callable[..., Flask], session: Session, vocabularies: None,
    monkeypatch: pytest.MonkeyPatch,
) -> Town:  # fmt: skip
    monkeypatch.setenv("FIREBASE_AUTH_EMULATOR_HOST", "127.0.0.1:9")
    return Town(make_app(webhooks_private=True), session)


def file_from_everywhere(town: Town, settings: Settings, officer: Headers) -> None:
    """Reports by app, by chat, signed in, anonymous, by page, staff and Open311."""
    town.file()
    town.file({"X-Chatbot-Key": settings.chatbot_key, "X-Conversation-Id": "zqwho"})
    town.file(signed_in("reporter"))
    town.file(anonymous=True)
    town.file(officer, "/api/v1/staff/reports")
    page = {
        "key": str(uuid.uuid4()), "category": "101", "description": "Zqsaid", "consent": "yes",
        "place_text": "Zqsaid", "name": WHO["name"], "phone": WHO["phone"], "email": WHO["email"],
        "contact.name": WHO["name"], "contact.phone": WHO["phone"], "photos": (photo(), "a.jpg"),
    }  # fmt: skip
    town.client.post("/report", data=page, content_type="multipart/form-data")
    run = town.app.test_cli_runner().invoke(args=["open311", "key", "add", "City"])
    fields = {
        "api_key": run.output.strip().split()[-1], "service_code": "101", "lat": "18.81",
        "long": "105.72", "description": "Zqsaid", "first_name": "Zqwho", "last_name": "Zqwho",
        "phone": WHO["phone"], "email": WHO["email"], "address_string": "Zqsaid",
    }  # fmt: skip
    sent = town.client.post("/open311/v2/requests.json", data=fields)
    assert sent.status_code in (200, 201), sent.text
    sources = set(town.session.scalars(select(Report.source)))
    assert sources >= {"app", "chat", "page", "staff", "open311"}


def drive(town: Town, officer: Headers, report: tuple[str, str, Headers]) -> None:
    """One report's whole way, with the marks in whatever its reporter says."""
    report_id, _, token = report
    own, staff = f"/api/v1/reports/{report_id}", f"/api/v1/staff/reports/{report_id}"

    def move(to: str) -> None:
        body = {"to": to, "reason": "Theo quy định"}
        answer = town.client.post(f"{staff}/transition", json=body, headers=officer)
        assert answer.status_code == 200, answer.text

    def say(act: str, **body: Any) -> None:
        answer = town.client.post(f"{own}/{act}", json=body, headers=token)
        assert answer.status_code in (200, 201), answer.text

    sent = town.client.post(f"{own}/photos", data={"photo": (photo(), "zqwho.jpg")}, headers=token)
    assert sent.status_code in (200, 201)
    move("verified")
    note = {"text": "Zqwho gọi: Zqsaid"}
    town.client.post(f"{staff}/note", json=note, headers=officer)
    move("in_progress")
    move("waiting_for_reporter")
    say("comments", text="Zqsaid, gọi 0912987654 gặp Zqwho")
    move("resolved")
    say("rating", rating=1, comment="Zqsaid")
    say("reopen", reason="Zqsaid vẫn thế")
    approval = {"description": "Bán quá giá niêm yết", "photos": [sent.json["photos"][0]["id"]]}
    assert town.client.post(f"{staff}/approve", json=approval, headers=officer).status_code == 200
    move("in_progress")
    move("resolved")


def test_no_answer_log_message_or_queue_tells_who_reported_or_what_was_said(
    town: Town, settings: Settings, clock: TurnableClock, receiver: Receiver,
    as_staff: Callable[..., Headers], capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    session, client = town.session, town.client
    officer, admin = as_staff(Role.OFFICER), as_staff(Role.ADMIN)
    subscription = {"url": f"{receiver.url}/hook", "events": list(TYPES)}
    assert (
        client.post("/api/v1/staff/webhooks", json=subscription, headers=admin).status_code == 201
    )
    device = {"kind": "fcm", "address": "token", "platform": "android", "language": "vi"}
    client.post("/api/v1/devices", json=device, headers=signed_in("reporter"))
    file_from_everywhere(town, settings, officer)
    town.find(settings.secret_key)
    assert len(town.reports) == 7
    for report in town.reports:
        drive(town, officer, report)
    for broken in ({"category": "nope"}, {"location": "zqsaid"}, {"quarter": "zqsaid"}):
        body = {"category": "101", "description": "Zqsaid", "contact": WHO} | broken
        answer = client.post("/api/v1/reports", json=body)
        assert answer.status_code == 422
        assert not found_in(answer.text, IDENTITY)
    work_off(town.app.extensions["sessions"], handlers(replace(settings, webhooks_private=True)),
             clock)  # fmt: skip
    clock.advance(hours=1)

    read = town.search(("public", "published", "anyone"), IDENTITY + WORDS, {})
    other = signed_in("somebody-else") | {"Accept-Language": "en"}
    other_account = client.patch("/api/v1/me", json={"display_name": "Khác"}, headers=other)
    assert other_account.status_code == 200
    for address in ("/api/v1/me/export", "/api/v1/me/reports", "/api/v1/me/inbox"):
        assert not found_in(client.get(address, headers=other).get_data(), WORDS), address
    leader = as_staff(Role.LEADER)
    for report_id, _, _ in town.reports:
        shown = client.get(f"/api/v1/staff/reports/{report_id}", headers=leader).json
        described = json.dumps({name: shown[name] for name in shown if name != "history"})
        assert not found_in(described, IDENTITY)

    session.rollback()
    for column in (Job.payload, Job.last_error, Message.title, Message.body, Message.link,
                   AuditEntry.before, AuditEntry.after, AuditEntry.note):  # fmt: skip
        kept = json.dumps(list(session.scalars(select(column))), ensure_ascii=False)
        assert not found_in(kept, IDENTITY + WORDS), column
    assert receiver.received
    for message in receiver.received:
        assert not found_in(message.body, IDENTITY + WORDS)
    written = "".join(capfd.readouterr()) + caplog.text
    assert not found_in(written, IDENTITY + WORDS), re.findall(r".*zq.*", written, re.I)[:3]
    for file in settings.photos_dir.rglob("*"):
        if file.is_file():
            assert not found_in(file.read_bytes(), ("zqwho", "zqsaid", "exif")), file
    print(f"{read} answers searched")  # noqa: T201 - the figure is what this test is for
