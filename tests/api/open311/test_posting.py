"""What other systems post by Open311: requests with answers, links and photos."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from backend.feedback.models import Report, ReportContact, ReportPhoto
from tests.api.open311.conftest import V2, Headers, count, of_staff, xml_of
from tests.factories.files import image

Post = Callable[..., TestResponse]
Posted = Callable[..., str]
Move = Callable[..., None]
Run = Callable[..., str]


def test_a_request_is_answered_200_with_its_id(
    post: Post, client: FlaskClient, officer: Headers
) -> None:
    answer = post(account_id="42", first_name="Văn", last_name="Trần", phone="0912 345 678")
    assert answer.status_code == 200
    [said] = answer.json
    assert said["account_id"] == "42"
    assert "token" not in said
    report = of_staff(client, officer, said["service_request_id"])
    assert report["source"] == "open311"
    assert report["location"] == {"lat": 18.81, "lng": 105.72}
    contact = client.get(f"/api/v1/staff/reports/{report['id']}/contact", headers=officer).json
    assert contact == {"name": "Trần Văn", "phone": "+84912345678", "email": None}
    root = xml_of(post("xml"))
    assert root.tag == "service_requests"
    assert root.findtext("request/service_request_id")


def test_the_id_serves_as_a_token(posted: Posted, client: FlaskClient) -> None:
    code = posted()
    assert client.get(f"{V2}/tokens/{code}.json").json == [
        {"service_request_id": code, "token": code}
    ]
    root = xml_of(client.get(f"{V2}/tokens/{code}.xml"))
    assert root.findtext("request/service_request_id") == code


@pytest.mark.parametrize("form", ["json", "xml"])
@pytest.mark.parametrize(
    ("changes", "status", "named"),
    [
        ({"api_key": None}, 403, "api_key"),
        ({"api_key": ""}, 403, "api_key"),
        ({"api_key": "wrong"}, 403, "api_key"),
        ({"jurisdiction_id": "elsewhere"}, 404, "jurisdiction_id"),
        ({"service_code": None}, 400, "service_code"),
        ({"service_code": "100"}, 400, "service_code"),
        ({"service_code": "no"}, 400, "service_code"),
        ({"lat": None, "long": None}, 400, "address_string"),
        ({"long": ""}, 400, "long"),
        ({"lat": "north"}, 400, "lat"),
        ({"lat": "nan"}, 400, "lat"),
        ({"lat": "91"}, 400, "lat"),
        ({"lat": None, "long": None, "address_id": "nowhere"}, 400, "address_id"),
        ({"description": "x" * 4001}, 400, "description"),
        ({"description": "a\x00b"}, 400, "description"),
        ({"phone": "12"}, 400, "phone"),
        ({"email": "nobody"}, 400, "email"),
        ({"media_url": "file:///etc/passwd"}, 400, "media_url"),
        ({"media_url": "javascript:alert(1)"}, 400, "media_url"),
        ({"service_code": "401"}, 400, "attribute[40101]"),
        ({"attribute[40101]": "x"}, 400, "attribute[40101]"),
    ],
)
def test_a_request_that_cannot_be_filed_is_refused_by_the_fields_name(
    post: Post, session: Session, form: str, changes: dict[str, Any], status: int, named: str
) -> None:
    answer = post(form, **changes)
    assert answer.status_code == status, answer.text
    assert named in answer.text
    assert count(session, Report) == 0
    if form == "json":
        assert answer.json[0]["code"] == status
    else:
        assert xml_of(answer).findtext("error/code") == str(status)


def test_a_place_may_be_said_by_address_or_by_quarter(
    posted: Posted, client: FlaskClient, officer: Headers
) -> None:
    nowhere = {"lat": None, "long": None}
    by_words = of_staff(client, officer, posted(**nowhere, address_string="Cạnh chợ"))
    assert (by_words["place_text"], by_words["location"]) == ("Cạnh chợ", None)
    quarters = client.get("/api/v1/vocabularies").json["quarters"]
    by_quarter = of_staff(client, officer, posted(**nowhere, address_id=quarters[0]["code"]))
    assert by_quarter["quarter"] == quarters[0]["code"]
    assert by_quarter["place_text"] == quarters[0]["name"]


def test_attributes_answer_the_questions_in_both_spellings(
    posted: Posted, client: FlaskClient, officer: Headers
) -> None:
    code = posted(
        service_code="401",
        **{
            "attribute[40101]": "Quán mẫu",
            "attribute[40102][]": "Mực nướng",
            "attribute[40103]": "350000",
            "attribute[40104]": "",
        },
    )
    answers = of_staff(client, officer, code)["attributes"]
    assert answers["shop"] == "Quán mẫu"
    assert answers["item"] == "Mực nướng"
    assert answers["price_asked"] == 350000


def test_a_number_that_is_none_is_refused(post: Post) -> None:
    answer = post(
        service_code="401",
        **{
            "attribute[40101]": "Quán mẫu",
            "attribute[40102]": "Mực",
            "attribute[40103]": "nhiều",
        },
    )
    assert answer.status_code == 400
    assert "attribute[40103]" in answer.json[0]["description"]


def test_links_are_kept_for_the_staff_and_shown_to_nobody_else(
    posted: Posted, client: FlaskClient, officer: Headers, move: Move
) -> None:
    # Were it fetched, the test would fail: it may reach nothing but this machine.
    links = ["https://photos.example/1.jpg", "https://photos.example/2.jpg"]
    code = posted(media_url=links)
    history = of_staff(client, officer, code)["history"]
    assert "\n".join(links) in [event["text"] for event in history]
    move(code, "verified")
    assert "photos.example" not in client.get(f"{V2}/requests.json").text
    assert "photos.example" not in client.get(f"/api/v1/reports/{code}").text


def test_files_become_photos_whatever_their_field_is_called(
    posted: Posted, session: Session
) -> None:
    posted(
        media=(io.BytesIO(image()), "a.jpg"),
        another=(io.BytesIO(image(size=(30, 20))), "b.jpg"),
        empty=(io.BytesIO(b""), ""),
    )
    assert count(session, ReportPhoto) == 2


def test_what_is_no_photo_is_refused_with_the_whole_request(post: Post, session: Session) -> None:
    answer = post(media=(io.BytesIO(b"GIF89a no"), "a.jpg"))
    assert answer.status_code == 400
    assert "media" in answer.json[0]["description"]
    six = [(io.BytesIO(image(size=(30, 20 + n))), "a.jpg") for n in range(6)]
    assert post(media=six).status_code == 400
    assert count(session, Report) == 0


def multipart(key: str, boundary: str) -> bytes:
    fields = {"api_key": key, "service_code": "101", "lat": "18.81", "long": "105.72"}
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n'
        f"Content-Type: text/plain; charset=UTF-8\r\n\r\n{value}\r\n".encode()
        for name, value in fields.items()
    ]
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="media"; filename="a.jpg"\r\n'
        "Content-Type: image/jpeg\r\nContent-Transfer-Encoding: binary\r\n\r\n"
    ).encode()
    return b"".join([*parts, head, image(), b"\r\n", f"--{boundary}--\r\n".encode()])


@pytest.mark.parametrize(
    "header",
    [
        "multipart/form-data; boundary====1751331600000===",
        "multipart/form-data;boundary====1751331600000===; charset=utf-8",
        'multipart/form-data; boundary="===1751331600000==="',
        "Multipart/Form-Data; Boundary====1751331600000===",
    ],
)
def test_a_boundary_with_equals_signs_is_read_quoted_or_not(
    client: FlaskClient, key: str, session: Session, header: str
) -> None:
    answer = client.post(
        f"{V2}/requests.json", data=multipart(key, "===1751331600000==="), content_type=header
    )
    assert answer.status_code == 200, answer.text
    assert count(session, ReportPhoto) == 1


def test_the_same_idempotency_key_files_once(
    client: FlaskClient, key: str, session: Session
) -> None:
    fields = {"api_key": key, "service_code": "101", "address_string": "Cạnh chợ"}
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    answers = [
        client.post(f"{V2}/requests.json", data=fields, headers=headers).json for _ in range(2)
    ]
    assert answers[0] == answers[1]
    assert count(session, Report) == 1


def test_a_contact_is_kept_with_the_consent_the_other_system_asked_for(
    posted: Posted, session: Session
) -> None:
    posted()
    assert count(session, ReportContact) == 0
    posted(email="mau@example.org")
    report = session.scalar(
        select(Report).join(ReportContact, ReportContact.report_id == Report.id)
    )
    assert report is not None
    assert report.consent_version == "open311"


def test_limits_answer_in_the_shape_of_open311(
    make_app: Callable[..., Flask], posted: Posted
) -> None:
    code = posted()
    client = make_app(ratelimit_enabled=True).test_client()
    answers = [client.get(f"{V2}/requests/{code}.json") for _ in range(61)]
    assert answers[-1].status_code == 429
    assert answers[-1].json[0]["code"] == 429
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_photos_may_be_larger_than_other_bodies_but_not_without_end(
    make_app: Callable[..., Flask], key: str, session: Session
) -> None:
    client = make_app(max_body_bytes=100_000, max_photo_bytes=300_000).test_client()
    fields = {"api_key": key, "service_code": "101", "address_string": "Cạnh chợ"}

    def send(padding: int) -> TestResponse:
        media = (io.BytesIO(image() + bytes(padding)), "a.jpg")
        return client.post(f"{V2}/requests.json", data=fields | {"media": media})

    taken = send(150_000)
    assert taken.status_code == 200, taken.text
    assert count(session, ReportPhoto) == 1
    refused = send(300_000)
    assert refused.status_code == 400
    assert refused.json[0]["code"] == 400


def test_a_key_is_printed_once_listed_and_revoked(
    run: Run, key: str, client: FlaskClient, office: str
) -> None:
    assert "office" in run("open311", "key", "add", "Khác", "--office", "none", exit_code=2)
    run("open311", "key", "add", "Đội môi trường", "--office", office, "--no-updates")
    listed = run("open311", "key", "list")
    assert key not in listed
    assert "FixMyStreet" in listed
    assert "env  no updates  Đội môi trường" in listed
    assert "already" in run("open311", "key", "add", "FixMyStreet", exit_code=1)
    run("open311", "key", "revoke", "FixMyStreet")
    assert "revoked" in run("open311", "key", "list")
    assert run("open311", "key", "revoke", "nobody", exit_code=1)
    answer = client.post(f"{V2}/requests.json", data={"api_key": key, "service_code": "101"})
    assert answer.status_code == 403


# Updates
