"""Updates that other systems post by Open311."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from backend.feedback.models import ReportEvent
from tests.api.open311.conftest import V2, Headers, count, of_staff, xml_of

Post = Callable[..., TestResponse]
Posted = Callable[..., str]
Move = Callable[..., None]
Run = Callable[..., str]


@pytest.fixture
def tell(client: FlaskClient, key: str) -> Callable[..., TestResponse]:
    """Post an update: `tell(code, "FIXED", description="…")`."""

    def send(code: str, status: str, form: str = "json", **changes: Any) -> TestResponse:
        fields = {
            "api_key": key,
            "service_request_id": code,
            "update_id": str(uuid.uuid4()),
            "status": status,
            "updated_datetime": "2026-07-01T08:00:00Z",
            "description": "Đã có người đến",
        } | changes
        return client.post(f"{V2}/servicerequestupdates.{form}", data=fields)

    return send


Tell = Callable[..., TestResponse]


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["IN_PROGRESS"], "in_progress"),
        (["INVESTIGATING"], "verified"),
        (["ACTION_SCHEDULED", "INVESTIGATING"], "in_progress"),
        (["INTERNAL_REFERRAL"], "assigned"),
        (["FIXED"], "resolved"),
        (["CLOSED"], "resolved"),
        (["NO_FURTHER_ACTION"], "rejected"),
        (["NOT_COUNCILS_RESPONSIBILITY"], "rejected"),
        (["DUPLICATE"], "duplicate"),
        (["CANCELLED"], "withdrawn"),
        (["FIXED", "REOPEN"], "reopened"),
        (["FIXED", "OPEN"], "reopened"),
        (["in progress", "fixed - council"], "resolved"),
        (["OPEN"], "received"),
        (["IN_PROGRESS", "OPEN"], "in_progress"),
    ],
)
def test_an_update_moves_the_report_through_the_workflow(
    posted: Posted,
    tell: Tell,
    client: FlaskClient,
    officer: Headers,
    words: list[str],
    status: str,
) -> None:
    code = posted()
    for word in words:
        answer = tell(code, word)
        assert answer.status_code == 200, answer.text
    assert of_staff(client, officer, code)["status"] == status


def test_an_update_is_taken_once(
    posted: Posted, tell: Tell, client: FlaskClient, officer: Headers
) -> None:
    code = posted()
    first = tell(code, "IN_PROGRESS", update_id="u1")
    assert first.json == [{"update_id": "u1"}]
    again = tell(code, "FIXED", update_id="u1")
    assert again.status_code == 400
    assert "already exists" in again.json[0]["description"]
    assert "already exists" in tell(code, "FIXED", "xml", update_id="u1").text
    assert of_staff(client, officer, code)["status"] == "in_progress"
    assert xml_of(tell(code, "FIXED", "xml", update_id="u2")).findtext(
        "request_update/update_id"
    ) == ("u2")


@pytest.mark.parametrize(
    ("changes", "status", "named"),
    [
        ({"api_key": ""}, 403, "api_key"),
        ({"status": ""}, 400, "status"),
        ({"status": "MELTED"}, 400, "status"),
        ({"update_id": ""}, 400, "update_id"),
        ({"service_request_id": ""}, 400, "service_request_id"),
        ({"service_request_id": "CL-0000-00"}, 400, "service_request_id"),
        ({"updated_datetime": "now"}, 400, "updated_datetime"),
        ({"media_url": "ftp://x"}, 400, "media_url"),
        ({"status": "NO_FURTHER_ACTION", "description": ""}, 400, "description"),
        ({"status": "ACTION_SCHEDULED", "description": ""}, 400, "description"),
    ],
)
def test_an_update_that_cannot_be_taken_changes_nothing(
    posted: Posted,
    tell: Tell,
    session: Session,
    move: Move,
    changes: dict[str, str],
    status: int,
    named: str,
) -> None:
    code = posted()
    move(code, "in_progress")
    before = count(session, ReportEvent)
    answer = tell(code, **{"status": "FIXED"} | changes)
    assert answer.status_code == status, answer.text
    assert named in answer.json[0]["description"]
    assert count(session, ReportEvent) == before


def test_a_move_that_the_workflow_does_not_have_is_refused_clearly(
    posted: Posted, tell: Tell
) -> None:
    code = posted()
    tell(code, "FIXED")
    answer = tell(code, "IN_PROGRESS", "xml")
    assert answer.status_code == 400
    assert "status" in (xml_of(answer).findtext("error/description") or "")


def test_a_refused_update_may_come_again(
    posted: Posted, tell: Tell, move: Move, client: FlaskClient, officer: Headers
) -> None:
    code = posted()
    tell(code, "FIXED")
    assert tell(code, "DUPLICATE", update_id="u").status_code == 400
    move(code, "reopened", reason="Chưa xong")
    assert tell(code, "DUPLICATE", update_id="u").status_code == 200


def test_an_office_speaks_for_everybody_about_its_own_reports_only(
    run: Run, posted: Posted, tell: Tell, client: FlaskClient, officer: Headers, office: str
) -> None:
    of_office = run("open311", "key", "add", "Đội môi trường", "--office", office)
    silent = run("open311", "key", "add", "Đội im", "--office", office, "--no-updates")
    code = posted()
    assert tell(code, "IN_PROGRESS", api_key=of_office).status_code == 403
    report = of_staff(client, officer, code)
    client.post(
        f"/api/v1/staff/reports/{report['id']}/assign", headers=officer, json={"office": office}
    )
    assert tell(code, "IN_PROGRESS", api_key=silent).status_code == 403
    assert tell(code, "IN_PROGRESS", api_key=of_office).status_code == 200
    assert (
        tell(code, "IN_PROGRESS", api_key=of_office, description="Xe đang đến").status_code == 200
    )
    said = [update["description"] for update in client.get(f"{V2}/servicerequestupdates.json").json]
    assert said[-2:] == ["Đã có người đến", "Xe đang đến"]
    assert tell(code, "CANCELLED", api_key=of_office).status_code == 200
    assert of_staff(client, officer, code)["status"] == "rejected"
    [found] = client.get(f"{V2}/requests/{code}.json?lang=en").json
    assert found["agency_responsible"] == "Environment"


def test_the_words_of_a_reporter_stay_with_the_staff(
    posted: Posted, tell: Tell, client: FlaskClient, officer: Headers, move: Move
) -> None:
    code = posted()
    move(code, "in_progress")
    words = "Tôi là hàng xóm, nhà số 7"
    assert tell(code, "OPEN", description=words, email="x@example.org").status_code == 200
    assert tell(code, "FIXED", description=words).status_code == 200
    assert words in [event["text"] for event in of_staff(client, officer, code)["history"]]
    for path in ("servicerequestupdates.json", "requests.json", f"requests/{code}.xml"):
        assert words not in client.get(f"{V2}/{path}").text
