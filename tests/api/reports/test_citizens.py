"""Reports of citizens who are signed in: theirs by their account, told, exported, erased."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy.orm import Session, sessionmaker

from backend.feedback import uploading
from backend.settings import Settings
from backend.work import handlers
from notifications.worker import work_off
from tests.api.reports.conftest import Filed, FileReport, Headers
from tests.conftest import TurnableClock
from tests.factories.feedback import NewReportFactory, contact

AsCitizen = Callable[[str], Headers]
PHONE, OTHER_PHONE = "+84912345678", "+84987654321"


def file_as(client: FlaskClient, citizen: Headers, **changes: object) -> Filed:
    answer = client.post("/api/v1/reports", json=NewReportFactory(**changes), headers=citizen)
    assert answer.status_code == 201, answer.text
    return Filed(answer.json["id"], answer.json["code"], answer.json["access_token"])


def test_a_citizen_sees_and_completes_the_own_report_without_a_token(
    client: FlaskClient, as_citizen: AsCitizen
) -> None:
    citizen, other = as_citizen(PHONE), as_citizen(OTHER_PHONE)
    filed = file_as(client, citizen)
    assert "description" in client.get(filed.tracking, headers=citizen).json
    assert "description" not in client.get(filed.tracking, headers=other).json
    comment = {"text": "Vẫn còn"}
    address = f"{filed.address}/comments"
    assert client.post(address, json=comment, headers=citizen).status_code == 201
    assert client.post(address, json=comment, headers=other).status_code == 403


def test_a_citizen_lists_the_own_reports_the_newest_first(
    client: FlaskClient, as_citizen: AsCitizen, file: FileReport, clock: TurnableClock
) -> None:
    citizen = as_citizen(PHONE)
    first = file_as(client, citizen)
    clock.advance(minutes=1)
    second = file_as(client, citizen)
    file()
    file_as(client, as_citizen(OTHER_PHONE))
    answer = client.get("/api/v1/me/reports?limit=1&lang=en", headers=citizen).json
    assert [item["code"] for item in answer["items"]] == [second.code]
    assert answer["items"][0]["category"]["name"] == "Rubbish"
    rest = client.get(f"/api/v1/me/reports?cursor={answer['next_cursor']}", headers=citizen).json
    assert [item["code"] for item in rest["items"]] == [first.code]
    assert client.get("/api/v1/me/reports").status_code == 401


def test_a_citizen_is_told_of_every_step_without_anything_personal(
    client: FlaskClient, as_citizen: AsCitizen, officer: Headers
) -> None:
    citizen = as_citizen(PHONE)
    filed = file_as(client, citizen, description="Riêng tư 7354", **contact())
    client.post(f"{filed.staff_address}/transition", json={"to": "verified"}, headers=officer)
    inbox = client.get("/api/v1/me/inbox?lang=vi", headers=citizen)
    bodies = {item["body"] for item in inbox.json["items"]}
    assert bodies == {"Phản ánh đã được tiếp nhận. Cảm ơn bạn.", "Phản ánh đã được xác minh."}
    assert {item["title"] for item in inbox.json["items"]} == {f"Phản ánh {filed.code}"}
    assert "7354" not in inbox.text
    assert "Mẫu" not in inbox.text


def test_a_refused_move_and_a_repeat_tell_nothing(
    client: FlaskClient, as_citizen: AsCitizen, officer: Headers
) -> None:
    citizen = as_citizen(PHONE) | {"Idempotency-Key": "6f9619ff-8b86-d011-b42d-00c04fc964ff"}
    filed = file_as(client, citizen)
    assert client.post("/api/v1/reports", json=NewReportFactory(), headers=citizen).json
    client.post(f"{filed.staff_address}/transition", json={"to": "resolved"}, headers=officer)
    assert len(client.get("/api/v1/me/inbox", headers=citizen).json["items"]) == 1


def test_a_citizen_takes_out_all_that_the_reports_hold(
    client: FlaskClient, as_citizen: AsCitizen, officer: Headers
) -> None:
    citizen = as_citizen(PHONE)
    filed = file_as(client, citizen, **contact())
    client.post(f"{filed.address}/comments", json={"text": "Vẫn còn"}, headers=citizen)
    client.post(f"{filed.staff_address}/note", json={"text": "Ghi chú nội bộ"}, headers=officer)
    client.get(f"{filed.staff_address}/contact", headers=officer)
    export = client.get("/api/v1/me/export", headers=citizen)
    (report,) = export.json["reports"]
    assert report["code"] == filed.code
    assert report["contact"]["phone"] == "+84912345678"
    assert report["consent"]["version"] == "2026-01"
    assert [event["text"] for event in report["history"]] == [None, "Vẫn còn"]
    assert len(report["looks_at_contact"]) == 1
    assert "Ghi chú nội bộ" not in export.text


def test_an_erased_citizen_leaves_a_case_without_words_photos_or_a_person(
    client: FlaskClient,
    as_citizen: AsCitizen,
    officer: Headers,
    settings: Settings,
    clock: TurnableClock,
) -> None:
    citizen = as_citizen(PHONE)
    filed = file_as(client, citizen, description="Riêng tư 7355", **contact())
    photo = BytesIO()
    Image.new("RGB", (20, 20)).save(photo, "JPEG")
    photo.seek(0)
    address = f"{filed.address}/photos"
    client.post(address, data={"photo": (photo, "a.jpg")}, headers=citizen)
    client.post(f"{filed.address}/comments", json={"text": "Riêng tư 7356"}, headers=citizen)
    begun = {"Tus-Resumable": "1.0.0", "Upload-Length": "500"} | citizen
    piece = client.post(f"{address}/uploads", headers=begun).headers["Location"]
    client.patch(
        piece,
        data=b"a piece",
        headers={"Tus-Resumable": "1.0.0", "Upload-Offset": "0"} | citizen,
        content_type="application/offset+octet-stream",
    )
    assert [path for path in settings.uploads_dir.rglob("*") if path.is_file()]
    assert client.delete("/api/v1/me", headers=citizen).status_code == 204
    _work_off(client, settings, clock)

    left = client.get(filed.staff_address, headers=officer)
    assert left.json["status"] == "received"
    assert (left.json["has_contact"], left.json["photos"]) == (False, [])
    assert not [word for word in ("7355", "7356", "Mẫu", "Cạnh chợ") if word in left.text]
    found = client.get("/api/v1/staff/reports?q=7355", headers=officer).json["items"]
    assert found == []
    assert not [path for path in settings.uploads_dir.rglob("*") if path.is_file()]
    assert not [path for path in settings.photos_dir.rglob("*") if path.is_file()]
    assert client.get(filed.tracking).json["category"]["code"] == "101"


def _work_off(client: FlaskClient, settings: Settings, clock: TurnableClock) -> None:
    sessions: sessionmaker[Session] = client.application.extensions["sessions"]
    with sessions.begin() as session:
        uploading.plan(session, clock())
    work_off(sessions, handlers(settings), clock)
