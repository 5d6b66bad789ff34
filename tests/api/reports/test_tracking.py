"""Following a report by its code, and what nobody but its reporter learns."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from notifications.messages import Message
from notifications.outbox import Job
from tests.api.reports.conftest import Filed, FileReport, Headers
from tests.conftest import TurnableClock
from tests.factories.feedback import contact

NAME, PHONE, EMAIL = "Kiều Dấu Vết", "0987654321", "dauvet@example.org"
TEXT, PLACE = "Mô tả riêng tư 7351", "Nhà số 7352"
OF_PERSON = (NAME, "Dấu Vết", PHONE, PHONE[1:], EMAIL, "dauvet")
MARKERS = (*OF_PERSON, TEXT, PLACE, "18.7351", "105.7352")


@pytest.fixture
def marked(file: FileReport) -> Filed:
    """A report full of words that are found again wherever they appear."""
    return file(
        description=TEXT,
        place_text=PLACE,
        location={"lat": 18.7351, "lng": 105.7352},
        **contact(name=NAME, phone=PHONE, email=EMAIL),
    )


def test_anybody_follows_a_report_by_its_code(
    client: FlaskClient, file: FileReport, officer: Headers, clock: TurnableClock
) -> None:
    filed = file()
    clock.advance(hours=2)
    client.post(f"{filed.staff_address}/transition", json={"to": "verified"}, headers=officer)
    answer = client.get(f"{filed.tracking}?lang=en")
    assert answer.status_code == 200
    assert answer.json == {
        "code": filed.code,
        "status": "verified",
        "status_label": "Verified",
        "category": {"code": "101", "name": "Rubbish"},
        "created_at": "2026-07-01T08:00:00+07:00",
        "updated_at": "2026-07-01T10:00:00+07:00",
        "expected_at": "2026-07-06T08:00:00+07:00",
        "history": [
            {
                "status": "received",
                "label": "Received",
                "at": "2026-07-01T08:00:00+07:00",
                "note": "",
            },
            {
                "status": "verified",
                "label": "Verified",
                "at": "2026-07-01T10:00:00+07:00",
                "note": "",
            },
        ],
    }


def test_a_code_is_understood_as_people_write_it(client: FlaskClient, file: FileReport) -> None:
    code = file().code
    bare = code.removeprefix("CL-")
    spellings = [
        code.lower(),
        code.replace("-", ""),
        code.replace("-", " "),
        bare,
        bare.replace("0", "O").replace("1", "l"),
        f"%20{code}%20",
    ]
    for spelling in spellings:
        answer = client.get(f"/api/v1/reports/{spelling}")
        assert (answer.status_code, answer.json.get("code")) == (200, code), spelling


def test_an_unknown_code_is_not_found(client: FlaskClient) -> None:
    for code in ("CL-0000-00", "CL", "nothing", "CL-7K3Q-F2X", "x" * 500, "🐟"):
        answer = client.get(f"/api/v1/reports/{code}")
        assert answer.status_code == 404
        assert answer.content_type == "application/problem+json"


def test_the_reporter_sees_what_was_sent_and_the_contact_in_part(
    client: FlaskClient, marked: Filed
) -> None:
    answer = client.get(marked.tracking, headers=marked.headers)
    assert answer.json["description"] == TEXT
    assert answer.json["place_text"] == PLACE
    assert answer.json["location"] == {"lat": 18.7351, "lng": 105.7352}
    assert answer.json["contact"] == {
        "name": "K••• D••• V•••",
        "phone": "•••321",
        "email": "d•••@example.org",
    }
    assert answer.headers["Cache-Control"] == "no-store"


def test_without_the_right_token_nobody_sees_more_or_does_anything(
    client: FlaskClient, marked: Filed, file: FileReport
) -> None:
    wrong = [{"X-Access-Token": token} for token in ("", "wrong", "ä", "x" * 43)]
    for shown in (*wrong, file().headers, {}):
        answer = client.get(marked.tracking, headers=shown)
        assert answer.status_code == 200
        assert "description" not in answer.json
        for act, body in {
            "comments": {"text": "a"},
            "withdraw": {},
            "reopen": {"reason": "a"},
        }.items():
            refused = client.post(f"{marked.address}/{act}", json=body, headers=shown)
            assert refused.status_code == 403
    assert client.get(marked.tracking).json["status"] == "received"


def test_acts_on_a_report_that_does_not_exist_are_not_found(
    client: FlaskClient, file: FileReport
) -> None:
    nowhere, headers = f"/api/v1/reports/{uuid.uuid4()}", file().headers
    for act, body in {
        "comments": {"text": "a"},
        "withdraw": {},
        "reopen": {"reason": "a"},
    }.items():
        answer = client.post(f"{nowhere}/{act}", json=body, headers=headers)
        assert answer.status_code == 404


def test_the_reason_of_a_refusal_is_for_the_reporter_alone(
    client: FlaskClient, file: FileReport, officer: Headers
) -> None:
    filed = file()
    client.post(
        f"{filed.staff_address}/transition",
        json={"to": "rejected", "reason": "Không thuộc địa bàn"},
        headers=officer,
    )
    own = client.get(filed.tracking, headers=filed.headers).json
    assert own["history"][-1]["reason"] == "Không thuộc địa bàn"
    assert "Không thuộc địa bàn" not in client.get(filed.tracking).text


def test_no_public_answer_shows_anything_of_who_reported_or_what_they_wrote(
    app: Flask, client: FlaskClient, marked: Filed
) -> None:
    client.post(f"{marked.address}/comments", json={"text": TEXT}, headers=marked.headers)
    read = 0
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or set()):
            continue
        values: dict[str, object] = dict.fromkeys(rule.arguments, marked.code)
        values |= {name: uuid.UUID(marked.id) for name in rule.arguments if name.endswith("_id")}
        values |= dict.fromkeys(rule.arguments & {"number", "year"}, 1)
        values |= dict.fromkeys(rule.arguments & {"form"}, "json")
        with app.test_request_context():
            address = app.url_for(rule.endpoint, **values)
        body = client.get(address).text
        read += 1
        assert not [marker for marker in MARKERS if marker in body], address
    assert read > 10


def test_no_answer_to_the_staff_shows_who_reported_but_the_contact_itself(
    client: FlaskClient, officer: Headers, marked: Filed
) -> None:
    client.post(f"{marked.staff_address}/transition", json={"to": "verified"}, headers=officer)
    for address in ("/api/v1/staff/reports", f"/api/v1/staff/reports?q={PHONE}"):
        body = client.get(address, headers=officer).text
        assert not [marker for marker in OF_PERSON if marker in body]
    body = client.get(marked.staff_address, headers=officer).text
    assert TEXT in body
    assert not [marker for marker in OF_PERSON if marker in body]


def test_no_log_message_or_queued_job_holds_what_a_reporter_sent(
    client: FlaskClient,
    officer: Headers,
    marked: Filed,
    session: Session,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    with caplog.at_level("DEBUG"):
        client.post(f"{marked.address}/comments", json={"text": TEXT}, headers=marked.headers)
        client.post(f"{marked.staff_address}/transition", json={"to": "verified"}, headers=officer)
        client.get(marked.tracking, headers=marked.headers)
        client.get(f"{marked.staff_address}/contact", headers=officer)
        wrong = client.post(
            "/api/v1/reports",
            json={"category": "no", "description": TEXT, **contact(name=NAME, phone=PHONE)},
        )
    queued = [str(job.payload) for job in session.scalars(select(Job))]
    said = [f"{m.title}{m.body}{m.link}" for m in session.scalars(select(Message))]
    written = capfd.readouterr()
    everything = [caplog.text, written.out, written.err, wrong.text, *queued, *said]
    assert wrong.status_code == 422
    assert "/api/v1/reports" in caplog.text
    for marker in (*MARKERS, marked.code, marked.token):
        assert not [text for text in everything if marker in text], marker
