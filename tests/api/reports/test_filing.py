"""Filing a report."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.feedback.models import Report, ReportContact, ReportEvent
from backend.settings import Settings
from tests.api.reports.conftest import FileReport, Headers
from tests.conftest import TurnableClock
from tests.factories.feedback import NewReportFactory, contact

REPORTS = "/api/v1/reports"

MISTAKES: list[tuple[dict[str, Any], str]] = [
    ({"place_text": ""}, "location"),
    ({"place_text": " "}, "place_text"),
    ({"place_text": "", "location": None}, "place_text"),
    ({"location": {"lat": 91, "lng": 105}}, "location"),
    ({"location": {"lat": 18.8}}, "location"),
    ({"location": [18.8, 105.7]}, "location"),
    ({"category": "100"}, "category"),
    ({"category": "no such"}, "category"),
    ({"category": ""}, "category"),
    ({"description": ""}, "description"),
    ({"description": "x" * 4001}, "description"),
    ({"description": None}, "description"),
    ({"quarter": "no-such"}, "quarter"),
    ({"anonymous": "perhaps"}, "anonymous"),
    ({"source": "staff"}, "source"),
    ({"surprise": 1}, "surprise"),
    ({"contact": {"name": "Mẫu"}}, "consent"),
    ({"contact": {"nickname": "Mẫu"}}, "contact"),
    (contact(phone="12"), "contact.phone"),
    (contact(phone="không có"), "contact.phone"),
    (contact(email="mau"), "contact"),
    (contact() | {"consent": {"version": "1", "at": "2026-07-01T08:30:00+07:00"}}, "consent"),
    (contact() | {"consent": {"version": "1", "at": "2026-07-01T08:00:00"}}, "consent"),
    (contact() | {"consent": {"version": "1"}}, "consent"),
    (contact() | {"consent": True}, "consent"),
    ({"attributes": {"shop": "Quán"}}, "attributes.shop"),
    ({"category": "401"}, "attributes.item"),
    ({"category": "401", "attributes": {"shop": 1, "item": "Ghẹ"}}, "attributes.shop"),
    (
        {"category": "401", "attributes": {"shop": "a", "item": "b", "price_asked": "9"}},
        "attributes.price_asked",
    ),
    (
        {"category": "401", "attributes": {"shop": "x" * 501, "item": "b"}},
        "attributes.shop",
    ),
    ({"attributes": ["shop"]}, "attributes"),
]


def on_file(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Report)) or 0


def test_a_guest_files_a_report_and_gets_a_code_a_token_and_a_promise(
    client: FlaskClient,
) -> None:
    answer = client.post(REPORTS, json=NewReportFactory())
    assert answer.status_code == 201
    body = answer.json
    assert re.fullmatch(r"CL-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{2}", body["code"])
    assert body["status"] == "received"
    assert len(body["access_token"]) >= 40
    # Wednesday morning, and three working days on.
    assert body["expected_at"] == "2026-07-06T08:00:00+07:00"


def test_danger_at_the_beach_is_promised_within_hours(client: FlaskClient) -> None:
    answer = client.post(REPORTS, json=NewReportFactory(category="501"))
    assert answer.json["expected_at"] == "2026-07-01T12:00:00+07:00"


def test_a_point_on_the_map_is_place_enough(client: FlaskClient) -> None:
    body = NewReportFactory(location={"lat": 18.79, "lng": 105.72})
    del body["place_text"]
    assert client.post(REPORTS, json=body).status_code == 201


def test_a_contact_is_kept_apart_with_the_phone_in_international_form(
    file: FileReport, session: Session
) -> None:
    filed = file(**contact())
    kept = session.get(ReportContact, uuid.UUID(filed.id))
    assert kept is not None
    assert (kept.name, kept.phone, kept.email) == (
        "Trần Văn Mẫu",
        "+84912345678",
        "mau@example.org",
    )


def test_overcharging_is_filed_with_shop_item_and_price(
    client: FlaskClient, file: FileReport
) -> None:
    answers = {"shop": "Quán Mẫu", "item": "Ghẹ", "price_asked": 900000}
    filed = file(category="401", attributes=answers)
    assert client.get(filed.tracking, headers=filed.headers).json["attributes"] == answers


def test_a_report_with_a_mistake_is_refused_by_the_fields_name(
    client: FlaskClient, session: Session, subtests: pytest.Subtests
) -> None:
    for changes, field in MISTAKES:
        with subtests.test(changes=str(changes)[:80]):
            answer = client.post(REPORTS, json=NewReportFactory(**changes))
            assert answer.status_code == 422, answer.text
            assert answer.content_type == "application/problem+json"
            assert field in answer.json["errors"]
    assert on_file(session) == 0


def test_a_report_without_any_place_is_told_both_ways_to_give_one(client: FlaskClient) -> None:
    answer = client.post(REPORTS, json=NewReportFactory(place_text=""))
    assert set(answer.json["errors"]) == {"location", "place_text"}


def test_a_repeat_with_the_same_key_answers_as_the_first_did(
    client: FlaskClient, session: Session, clock: TurnableClock
) -> None:
    key = {"Idempotency-Key": str(uuid.uuid4())}
    first = client.post(REPORTS, json=NewReportFactory(**contact()), headers=key)
    clock.advance(days=5)
    again = client.post(REPORTS, json=NewReportFactory(**contact()), headers=key)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json == first.json
    assert on_file(session) == 1
    assert session.scalar(select(func.count()).select_from(ReportEvent)) == 1


def test_a_repeat_answers_as_the_first_did_even_when_the_report_moved_on(
    client: FlaskClient, officer: Headers
) -> None:
    key = {"Idempotency-Key": str(uuid.uuid4())}
    first = client.post(REPORTS, json=NewReportFactory(), headers=key)
    client.post(
        f"/api/v1/staff/reports/{first.json['id']}/transition",
        json={"to": "verified"},
        headers=officer,
    )
    assert client.post(REPORTS, json=NewReportFactory(), headers=key).json == first.json


def test_a_key_that_came_with_another_report_is_refused(
    client: FlaskClient, session: Session
) -> None:
    key = {"Idempotency-Key": str(uuid.uuid4())}
    client.post(REPORTS, json=NewReportFactory(), headers=key)
    other = client.post(REPORTS, json=NewReportFactory(description="Khác"), headers=key)
    assert other.status_code == 409
    assert "Idempotency-Key" in other.json["detail"]
    assert on_file(session) == 1


def test_a_key_that_is_no_uuid_is_refused_by_its_name(
    client: FlaskClient, session: Session
) -> None:
    answer = client.post(REPORTS, json=NewReportFactory(), headers={"Idempotency-Key": "1"})
    assert answer.status_code == 422
    assert "Idempotency-Key" in answer.json["errors"]
    assert on_file(session) == 0


def test_the_same_report_sent_many_times_at_once_is_filed_once(
    app: Flask, session: Session
) -> None:
    key, body = {"Idempotency-Key": str(uuid.uuid4())}, NewReportFactory(**contact())

    def send(_: int) -> Any:
        return app.test_client().post(REPORTS, json=body, headers=key)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(16)))
    assert sorted(answer.status_code for answer in answers) == [200] * 15 + [201]
    assert len({answer.data for answer in answers}) == 1
    assert on_file(session) == 1


def test_different_reports_sent_at_once_with_one_key_are_filed_once(
    app: Flask, session: Session
) -> None:
    key = {"Idempotency-Key": str(uuid.uuid4())}

    def send(number: int) -> int:
        body = NewReportFactory(description=f"Việc {number}")
        return app.test_client().post(REPORTS, json=body, headers=key).status_code

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(send, range(8))) == [201] + [409] * 7
    assert on_file(session) == 1


def test_reports_without_a_key_are_each_filed(file: FileReport, session: Session) -> None:
    assert file().code != file().code
    assert on_file(session) == 2


@pytest.fixture
def limited(make_app: Callable[..., Flask]) -> FlaskClient:
    """A guest of an app that counts calls."""
    return make_app(ratelimit_enabled=True).test_client()


def test_who_files_too_many_reports_in_an_hour_is_asked_to_wait(limited: FlaskClient) -> None:
    answers = [limited.post(REPORTS, json=NewReportFactory()) for _ in range(31)]
    assert {answer.status_code for answer in answers[:30]} == {201}
    assert answers[30].status_code == 429
    assert int(answers[30].headers["Retry-After"]) > 0


def test_the_chatbot_is_counted_by_conversation_and_named_as_the_source(
    limited: FlaskClient, settings: Settings, session: Session
) -> None:
    def file(conversation: str) -> int:
        headers = {
            "X-Chatbot-Key": settings.chatbot_key,
            "X-Conversation-Id": conversation,
        }
        return limited.post(REPORTS, json=NewReportFactory(), headers=headers).status_code

    assert {file("one") for _ in range(30)} == {201}
    assert file("one") == 429
    assert file("two") == 201
    assert set(session.scalars(select(Report.source))) == {"chat"}
