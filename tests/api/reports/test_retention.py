"""Retention: after a set time closed reports name nobody, which a command proves."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from backend.accounts.roles import Role
from backend.feedback import retention
from backend.feedback.models import Report
from backend.settings import Settings
from backend.work import handlers
from notifications.worker import work_off
from tests.api.reports.conftest import Filed, FileReport, Headers, MakeOffice
from tests.conftest import TurnableClock
from tests.factories.feedback import contact
from tests.factories.files import image

Work = Callable[[], None]


@pytest.fixture
def work(app: Flask, settings: Settings, clock: TurnableClock) -> Work:
    """Let the worker anonymise what is due, and remove the files."""
    sessions: sessionmaker[Session] = app.extensions["sessions"]

    def run() -> None:
        with sessions.begin() as session:
            retention.plan(session, clock())
        work_off(sessions, handlers(settings), clock)

    return run


def check(app: Flask) -> Any:
    return app.test_cli_runner().invoke(args=["retention", "check"])


@pytest.fixture
def closed(client: FlaskClient, officer: Headers, file: FileReport) -> Filed:
    """A report that says much about its reporter, closed and rated."""
    filed = file(
        description="Trước nhà tôi, Trần Văn Bí Mật", place_text="Số 7 ngõ Bí Mật",
        location={"lat": 18.81, "lng": 105.71}, **contact(),
    )  # fmt: skip
    photos = {"photo": [(BytesIO(image(colour=colour)), "a.jpg") for colour in ("red", "blue")]}
    sent = client.post(f"{filed.address}/photos", data=photos, headers=filed.headers)
    assert sent.status_code == 201
    client.post(f"{filed.address}/comments", json={"text": "Bí Mật"}, headers=filed.headers)
    client.post(f"{filed.staff_address}/note", json={"text": "Ông Bí Mật"}, headers=officer)
    client.post(f"{filed.staff_address}/transition", json={"to": "verified"}, headers=officer)
    approval = {"description": "Rác bên đường", "photos": [sent.json["photos"][0]["id"]]}
    client.post(f"{filed.staff_address}/approve", json=approval, headers=officer)
    client.post(f"{filed.staff_address}/transition", json={"to": "in_progress"}, headers=officer)
    moved = {"to": "resolved", "reason": "Đã dọn cho ông Bí Mật"}
    client.post(f"{filed.staff_address}/transition", json=moved, headers=officer)
    rating = {"rating": 2, "comment": "Bí Mật"}
    assert client.post(
        f"{filed.address}/rating", json=rating, headers=filed.headers
    ).status_code in (200, 201)
    return filed


def test_a_closed_report_names_nobody_after_the_time_and_what_everybody_saw_stays(
    app: Flask, client: FlaskClient, officer: Headers, admin: Headers, closed: Filed,
    clock: TurnableClock, work: Work, settings: Settings,
) -> None:  # fmt: skip
    clock.advance(days=364)
    work()
    assert "Bí Mật" in client.get(closed.staff_address, headers=officer).text
    clock.advance(days=2)
    work()
    shown = client.get(closed.staff_address, headers=officer)
    assert "Bí Mật" not in shown.text
    assert (shown.json["description"], shown.json["has_contact"]) == ("", False)
    assert shown.json["location"] == {"lat": 18.81, "lng": 105.71}
    assert shown.json["public_description"] == "Rác bên đường"
    assert len(shown.json["photos"]) == 1
    assert client.get(shown.json["photos"][0]["url"], headers=officer).status_code == 200
    files = [path for path in settings.photos_dir.rglob("*") if path.is_file()]
    assert len(files) == 2
    assert [step["to_status"] for step in shown.json["history"] if step["to_status"]] == [
        "received", "verified", "in_progress", "resolved",
    ]  # fmt: skip
    found = client.get("/api/v1/staff/reports?q=Bí+Mật", headers=admin).json["items"]
    assert found == []


def test_an_open_report_is_kept_however_old(
    client: FlaskClient, officer: Headers, file: FileReport, clock: TurnableClock, work: Work
) -> None:
    filed = file(description="Ổ gà")
    clock.advance(days=1000)
    work()
    assert client.get(filed.staff_address, headers=officer).json["description"] == "Ổ gà"


def test_the_check_fails_while_anything_older_is_held(
    app: Flask, closed: Filed, clock: TurnableClock, work: Work, session: Session
) -> None:
    assert check(app).exit_code == 0
    clock.advance(days=367)
    failed = check(app)
    assert failed.exit_code == 1
    for held in ("report_contact", "words", "photos", "comments", "ratings"):
        assert held in failed.output
    work()
    proved = check(app)
    assert proved.exit_code == 0
    assert "1 reports anonymised" in proved.output

    # It looks at the data and believes no mark.
    report = session.scalars(select(Report)).one()
    report.description = "Bí Mật"
    session.commit()
    assert check(app).exit_code == 1


def test_a_report_that_was_opened_again_and_closed_is_anonymised_again(
    app: Flask, client: FlaskClient, officer: Headers, admin: Headers, closed: Filed,
    clock: TurnableClock, work: Work,
) -> None:  # fmt: skip
    clock.advance(days=367)
    work()
    clock.advance(hours=1)
    again = {"to": "reopened", "reason": "Sai"}
    assert client.post(
        f"{closed.staff_address}/transition", json=again, headers=admin
    ).status_code == 200  # fmt: skip
    client.post(f"{closed.address}/comments", json={"text": "Bí Mật"}, headers=closed.headers)
    for to in ("in_progress", "resolved"):
        client.post(f"{closed.staff_address}/transition", json={"to": to}, headers=officer)
    clock.advance(days=300)
    work()
    assert "Bí Mật" in client.get(closed.staff_address, headers=officer).text
    clock.advance(days=67)
    work()
    assert "Bí Mật" not in client.get(closed.staff_address, headers=officer).text
    assert check(app).exit_code == 0


def test_the_command_anonymises_without_the_worker(
    app: Flask, closed: Filed, clock: TurnableClock
) -> None:
    clock.advance(days=367)
    ran = app.test_cli_runner().invoke(args=["retention", "run"])
    assert (ran.exit_code, "Anonymised: 1 reports." in ran.output) == (0, True)
    assert check(app).exit_code == 0


def test_the_reporter_reads_each_look_but_not_the_name(
    client: FlaskClient, as_staff: Callable[..., Headers], file: FileReport, office: MakeOffice,
    clock: TurnableClock,
) -> None:  # fmt: skip
    member = as_staff(Role.OFFICER)
    office("do-thi", member)
    filed = file(**contact())
    log = f"{filed.address}/access-log"
    assert client.get(log, headers=filed.headers).json["items"] == []
    looked = client.get(f"{filed.staff_address}/contact?reason=Hỏi+số+nhà", headers=member)
    assert looked.status_code == 200
    answer = client.get(f"{log}?lang=en", headers=filed.headers)
    [look] = answer.json["items"]
    assert (look["what"], look["role"], look["office"], look["office_name"], look["reason"]) == (
        "contact", "officer", "do-thi", "Office do-thi", "Hỏi số nhà",
    )  # fmt: skip
    assert look["code"] == filed.code
    assert "Nguyễn Thị Mẫu" not in answer.text
    assert client.get(log).status_code == 403
    assert client.get(log, headers={"X-Access-Token": "x"}).status_code == 403


def test_a_sealed_identity_is_shown_for_a_reason_that_the_reporter_reads(
    client: FlaskClient, admin: Headers, file: FileReport
) -> None:
    filed = file(anonymous=True, **contact())
    without = client.get(f"{filed.staff_address}/contact", headers=admin)
    assert (without.status_code, list(without.json["errors"])) == (422, ["reason"])
    assert client.get(
        f"{filed.staff_address}/contact?reason=Tòa+án+yêu+cầu", headers=admin
    ).status_code == 200  # fmt: skip
    [look] = client.get(f"{filed.address}/access-log", headers=filed.headers).json["items"]
    assert (look["what"], look["reason"]) == ("sealed_identity", "Tòa án yêu cầu")


def test_a_citizen_reads_the_looks_at_all_own_reports_and_exports_the_rest(
    client: FlaskClient, as_citizen: Callable[[str], Headers], officer: Headers, file: FileReport
) -> None:
    citizen, other = as_citizen("+84912345678"), as_citizen("+84987654321")
    body = {"category": "101", "description": "Rác", "place_text": "Chợ", **contact()}
    mine = client.post("/api/v1/reports", json=body, headers=citizen).json
    client.get(f"/api/v1/staff/reports/{mine['id']}/contact", headers=officer)
    [look] = client.get("/api/v1/me/access-log", headers=citizen).json["items"]
    assert look["code"] == mine["code"]
    assert client.get("/api/v1/me/access-log", headers=other).json["items"] == []
    assert client.get("/api/v1/me/access-log").status_code == 401

    theirs = file()
    client.post(f"{theirs.address}/confirmations", headers=citizen)
    export = client.get("/api/v1/me/export", headers=citizen).json
    assert [said["code"] for said in export["confirmations"]] == [theirs.code]
    assert export["reports"][0]["looks_at_contact"][0]["role"] == "officer"
    assert export["reports"][0]["consent"]["purpose"]
    assert client.delete("/api/v1/me", headers=citizen).status_code == 204
    assert client.get(theirs.tracking).status_code == 200
