"""Against abuse: limits by address, device and person, and blocks that say why and until when."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from backend.feedback import blocking
from backend.feedback.block_models import ReportSender
from backend.feedback.models import Report
from notifications import worker
from tests.api.reports.conftest import Filed, Headers
from tests.conftest import TurnableClock
from tests.factories.feedback import NewReportFactory, contact

BLOCKS = "/api/v1/staff/blocks"
REASON = "Gửi nhiều phản ánh sai sự thật"
UNTIL = "2026-07-08T08:00:00+07:00"


def sent(
    client: FlaskClient, *, address: str = "10.0.0.1", device: str | None = None, **headers: str
) -> TestResponse:
    if device:
        headers |= {"X-Installation-Id": device}
    origin = {"REMOTE_ADDR": address}
    return client.post(
        "/api/v1/reports", json=NewReportFactory(), headers=headers, environ_base=origin
    )


def block(client: FlaskClient, admin: Headers, **whom: Any) -> TestResponse:
    body = {"reason": REASON, "until": UNTIL} | whom
    return client.post(BLOCKS, json=body, headers=admin)


def listed(client: FlaskClient, admin: Headers) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = client.get(BLOCKS, headers=admin).json["items"]
    return items


class TestBlocks:
    """Who is blocked files nothing and is told why."""

    def test_a_device_is_blocked_by_its_report_and_told_why_and_until_when(
        self, client: FlaskClient, admin: Headers, clock: TurnableClock
    ) -> None:
        filed = sent(client, device="one").json
        made = block(client, admin, report=filed["id"])
        assert (made.status_code, made.json["kind"]) == (201, "device")
        assert made.json["report_code"] == filed["code"]
        refused = sent(client, device="one", address="10.0.0.9")
        assert refused.status_code == 403
        assert refused.content_type == "application/problem+json"
        assert REASON in refused.json["detail"]
        assert "08/07/2026" in refused.json["detail"]
        assert sent(client, device="two").status_code == 201
        assert sent(client).status_code == 201
        clock.advance(days=7, seconds=1)
        assert sent(client, device="one").status_code == 201

    def test_without_a_device_its_address_is_blocked(
        self, client: FlaskClient, admin: Headers
    ) -> None:
        filed = sent(client).json
        assert block(client, admin, report=filed["id"]).json["kind"] == "address"
        assert sent(client, device="new").status_code == 403
        assert sent(client, address="10.0.0.2").status_code == 201
        assert block(client, admin, address="10.0.0.2").status_code == 201
        assert sent(client, address="10.0.0.2").status_code == 403

    @pytest.mark.emulator
    def test_a_citizen_is_blocked_on_every_device(
        self, client: FlaskClient, admin: Headers, as_citizen: Callable[[str], Headers]
    ) -> None:
        citizen = as_citizen("+84912345678")
        filed = sent(client, device="one", **citizen).json
        assert block(client, admin, report=filed["id"]).json["kind"] == "citizen"
        assert sent(client, device="two", address="10.0.0.5", **citizen).status_code == 403
        assert sent(client, device="one").status_code == 201

    def test_a_blocked_sender_does_not_say_me_too_but_follows_the_own_report(
        self, client: FlaskClient, admin: Headers
    ) -> None:
        own, other = sent(client).json, sent(client, address="10.0.0.2").json
        block(client, admin, report=own["id"])
        origin = {"REMOTE_ADDR": "10.0.0.1"}
        me_too = f"/api/v1/reports/{other['id']}/confirmations"
        assert client.post(me_too, environ_base=origin).status_code == 403
        tracking, token = f"/api/v1/reports/{own['code']}", {"X-Access-Token": own["access_token"]}
        followed = client.get(tracking, headers=token, environ_base=origin)
        assert followed.json["description"]

    def test_a_repeat_of_what_was_filed_before_is_still_answered(
        self, client: FlaskClient, admin: Headers
    ) -> None:
        key = {"Idempotency-Key": str(uuid.uuid4())}
        filed = sent(client, **key).json
        block(client, admin, report=filed["id"])
        again = sent(client, **key)
        assert (again.status_code, again.json["code"]) == (200, filed["code"])

    def test_the_page_says_so_and_keeps_what_was_written(
        self, client: FlaskClient, admin: Headers
    ) -> None:
        block(client, admin, address="127.0.0.1")
        form = {"category": "101", "description": "Chữ còn đây", "place_text": "Chợ"}
        answer = client.post("/report", data=form, headers={"Accept": "text/html"})
        assert answer.status_code == 422
        assert REASON in answer.text
        assert "Chữ còn đây" in answer.text

    def test_a_block_ends_early_and_stays_on_file(
        self, client: FlaskClient, admin: Headers
    ) -> None:
        filed = sent(client).json
        made = block(client, admin, report=filed["id"]).json
        assert [item["in_force"] for item in listed(client, admin)] == [True]
        assert client.delete(f"{BLOCKS}/{made['id']}", headers=admin).status_code == 204
        assert sent(client).status_code == 201
        [item] = listed(client, admin)
        assert (item["in_force"], item["reason"]) == (False, REASON)
        acts = client.get("/api/v1/staff/audit?type=sender_block", headers=admin).json["items"]
        assert {entry["act"] for entry in acts} == {"create", "end"}

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({}, "report"),
            ({"address": "10.0.0.1", "citizen": str(uuid.uuid4())}, "citizen"),
            ({"address": "somewhere"}, "address"),
            ({"address": "10.0.0.1", "reason": ""}, "reason"),
            ({"address": "10.0.0.1", "until": "2026-07-01T07:00:00+07:00"}, "until"),
            ({"address": "10.0.0.1", "until": "2036-07-01T07:00:00+07:00"}, "until"),
        ],
    )
    def test_a_block_that_makes_no_sense_is_refused(
        self, client: FlaskClient, admin: Headers, body: dict[str, Any], field: str
    ) -> None:
        refused = block(client, admin, **body)
        assert refused.status_code == 422
        assert field in refused.json["errors"]
        assert listed(client, admin) == []

    def test_an_officer_blocks_nobody(self, client: FlaskClient, officer: Headers) -> None:
        assert block(client, officer, address="10.0.0.1").status_code == 403

    def test_from_where_a_report_came_is_forgotten_after_a_month(
        self,
        app: Flask,
        client: FlaskClient,
        admin: Headers,
        session: Session,
        clock: TurnableClock,
    ) -> None:
        filed = sent(client, device="one").json
        assert "one" not in {row.device for row in session.scalars(select(ReportSender))}
        clock.advance(days=30)
        blocking.plan(session, clock())
        session.commit()
        worker.work_off(app.extensions["sessions"], blocking.handlers(), clock)
        session.rollback()
        assert session.scalars(select(ReportSender)).all() == []
        until = "2026-08-08T08:00:00+07:00"
        refused = block(client, admin, report=filed["id"], until=until)
        assert refused.json["errors"].keys() == {"report"}


def test_one_device_sends_so_many_reports_in_an_hour_from_any_address(
    make_app: Callable[..., Flask], clock: TurnableClock
) -> None:
    client = make_app(ratelimit_enabled=True).test_client()
    answers = [sent(client, device="one", address=f"10.0.1.{n}").status_code for n in range(16)]
    assert answers == [201] * 15 + [429]
    assert sent(client, device="two", address="10.0.1.99").status_code == 201


class TestSealed:
    """Who wishes to stay unknown is known to one role alone, and each look is recorded."""

    @pytest.fixture
    def filed(self, client: FlaskClient) -> Filed:
        body = NewReportFactory(anonymous=True, **contact())
        made = client.post("/api/v1/reports", json=body).json
        return Filed(made["id"], made["code"], made["access_token"])

    def test_handlers_do_not_see_who_it_was(
        self, client: FlaskClient, filed: Filed, officer: Headers
    ) -> None:
        assert client.get(f"{filed.staff_address}/contact", headers=officer).status_code == 403
        assert "Mẫu" not in client.get(filed.staff_address, headers=officer).text

    def test_the_role_that_may_unseal_it_does_so_on_record(
        self, client: FlaskClient, filed: Filed, admin: Headers, session: Session
    ) -> None:
        looked = client.get(
            f"{filed.staff_address}/contact?reason=B%C3%A1o+tin+gi%E1%BA%A3", headers=admin
        )
        assert looked.json["name"] == "Trần Văn Mẫu"
        [entry] = client.get("/api/v1/staff/audit?type=report_contact", headers=admin).json["items"]
        assert entry["act"] == "unseal"
        report = session.scalars(select(Report)).one()
        assert str(report.id) in str(entry)
