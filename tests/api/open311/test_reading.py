"""What other systems read by Open311: services, requests, updates; in JSON and in XML."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from content.vocabularies.models import Term, Vocabulary
from tests.api.open311.conftest import V2, Headers, check_schema, id_of, xml_of
from tests.conftest import TurnableClock
from tests.factories.files import image

Move = Callable[..., None]
Posted = Callable[..., str]
Approve = Callable[[str, str], None]


def test_the_discovery_names_the_endpoint_and_its_forms(client: FlaskClient) -> None:
    answer = client.get("/open311/discovery.json")
    assert answer.content_type == "application/json; charset=utf-8"
    [endpoint] = answer.json["endpoints"]
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint["url"].endswith("/open311/v2")
    assert endpoint["type"] == "test"
    root = xml_of(client.get("/open311/discovery.xml"))
    assert root.tag == "discovery"
    assert [form.text for form in root.findall("endpoints/endpoint/formats/format")] == [
        "text/xml",
        "application/json",
    ]


def test_services_are_the_leaves_grouped_by_what_is_above_them(client: FlaskClient) -> None:
    services = client.get(f"{V2}/services.json?lang=en").json
    check_schema("services", services)
    for service in services:
        check_schema("service", service)
    by_code = {service["service_code"]: service for service in services}
    assert "100" not in by_code
    assert by_code["101"]["group"] == "Environment"
    assert "rubbish" in by_code["101"]["keywords"].split(",")
    assert by_code["101"]["metadata"] is False
    assert by_code["401"]["metadata"] is True
    root = xml_of(client.get(f"{V2}/services.xml?lang=en"))
    assert root.tag == "services"
    assert {one.findtext("service_code") for one in root.findall("service")} == set(by_code)
    assert root[0].findtext("metadata") in ("true", "false")


def test_a_definition_asks_the_categorys_questions_by_numeric_codes(client: FlaskClient) -> None:
    definition = client.get(f"{V2}/services/401.json?lang=en").json
    check_schema("service-definition", definition)
    attributes = definition["attributes"]
    assert [attribute["order"] for attribute in attributes] == list(range(1, len(attributes) + 1))
    assert [int(attribute["code"]) for attribute in attributes][:2] == [40101, 40102]
    assert attributes[0]["description"] == "Name of the shop or seller"
    assert attributes[0]["required"] is True
    root = xml_of(client.get(f"{V2}/services/401.xml"))
    assert root.tag == "service_definition"
    assert root.findtext("attributes/attribute/datatype") == "string"


def test_a_choice_is_listed_with_its_values(client: FlaskClient, session: Session) -> None:
    term = session.query(Term).filter_by(vocabulary=Vocabulary.REPORT, code="202").one()
    term.attributes = [
        {
            "code": "colour",
            "name": {"vi": "Màu", "en": "Colour"},
            "datatype": "singlevaluelist",
            "required": False,
            "values": [{"key": "w", "name": {"vi": "Trắng", "en": "White"}}],
        }
    ]
    session.commit()
    [attribute] = client.get(f"{V2}/services/202.json").json["attributes"]
    check_schema("service-definition", {"service_code": "202", "attributes": [attribute]})
    assert attribute["values"] == [{"key": "w", "name": "Trắng"}]
    root = xml_of(client.get(f"{V2}/services/202.xml"))
    assert root.findtext("attributes/attribute/values/value/name") == "Trắng"


@pytest.mark.parametrize("form", ["json", "xml"])
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("services/100.", 404),
        ("services/999.", 404),
        ("requests/CL-0000-00.", 404),
        ("requests/x.", 404),
        ("tokens/x.", 404),
        ("nothing.", 404),
        ("requests.", 400),
        ("services.{}?jurisdiction_id=elsewhere", 404),
        ("requests.{}?status=later", 400),
        ("requests.{}?start_date=yesterday", 400),
        ("requests.{}?start_date=2026-01-01T00:00:00", 400),
        ("requests.{}?start_date=2026-01-01T00:00:00Z&end_date=2026-06-01T00:00:00Z", 400),
        ("requests.{}?start_date=2026-06-02T00:00:00Z&end_date=2026-06-01T00:00:00Z", 400),
        ("requests.{}?page=0", 400),
        ("requests.{}?page=one", 400),
        ("requests.{}?page_size=1001", 400),
        ("servicerequestupdates.{}?end_date=9999-99-99T00:00:00Z", 400),
    ],
)
def test_errors_come_in_the_form_that_was_asked_for(
    client: FlaskClient, form: str, path: str, status: int
) -> None:
    if path == "requests.":
        answer = client.get(f"{V2}/requests.{form}?start_date=%00")
    else:
        answer = client.get(f"{V2}/" + (path.format(form) if "{}" in path else path + form))
    assert answer.status_code == status, answer.text
    if form == "json":
        assert answer.json[0]["code"] == status
        assert answer.json[0]["description"]
    else:
        root = xml_of(answer)
        assert root.tag == "errors"
        assert root.findtext("error/code") == str(status)
        assert root.findtext("error/description")


def test_a_parameter_without_a_value_counts_as_absent(client: FlaskClient) -> None:
    empty = "jurisdiction_id=&status=&start_date=&page=&service_code=&service_request_id="
    assert client.get(f"{V2}/requests.json?{empty}").json == []
    assert client.get(f"{V2}/services.json?jurisdiction_id=127.0.0.1").status_code == 200


def test_only_what_an_officer_confirmed_is_listed(
    client: FlaskClient, posted: Posted, move: Move
) -> None:
    code = posted(address_string="Nhà bà Mẫu", address_id="nghi-thuy", first_name="Mẫu")
    assert client.get(f"{V2}/requests.json").json == []
    assert client.get(f"{V2}/servicerequestupdates.json").json == []
    move(code, "verified", public_note={"vi": "Đã xem"})
    [found] = client.get(f"{V2}/requests.json").json
    check_schema("requests", [found])
    check_schema("request", found)
    assert found["service_request_id"] == code
    assert found["status"] == "open"
    assert found["status_notes"] == "Đã xem"
    assert found["description"] is None
    assert found["media_url"] is None
    assert (found["lat"], found["long"]) == (18.81, 105.72)
    assert (found["address_id"], found["address"]) == ("nghi-thuy", "Nghi Thủy")
    assert datetime.fromisoformat(found["requested_datetime"]).utcoffset() is not None
    root = xml_of(client.get(f"{V2}/requests.xml"))
    assert root.findtext("request/service_request_id") == code
    assert root.findtext("request/lat") == "18.81"


def test_words_and_photos_are_shown_once_an_officer_approved_them(
    client: FlaskClient, posted: Posted, move: Move, approve: Approve, session: Session
) -> None:
    code = posted(media=(io.BytesIO(image()), "a.jpg"))
    move(code, "verified")
    approve(code, "Rác bên đường")
    [found] = client.get(f"{V2}/requests.json?extensions=true").json
    check_schema("request", found)
    assert found["description"] == "Rác bên đường"
    assert found["extended_attributes"]["media_urls"] == [found["media_url"]]
    path = found["media_url"].removeprefix("http://127.0.0.1:8000")
    assert client.get(path).content_type == "image/jpeg"
    root = xml_of(client.get(f"{V2}/requests/{code}.xml?extensions=true"))
    assert root.findtext("request/media_url") == found["media_url"]
    assert root.findtext("request/extended_attributes/media_urls/media_url") == found["media_url"]


def test_what_an_officer_hid_is_not_listed(
    client: FlaskClient, posted: Posted, move: Move, officer: Headers
) -> None:
    code = posted()
    move(code, "verified")
    staff_address = f"/api/v1/staff/reports/{id_of(client, officer, code)}"
    answer = client.post(f"{staff_address}/hide", headers=officer, json={"reason": "Có tên"})
    assert answer.status_code == 200
    assert client.get(f"{V2}/requests.json").json == []
    assert client.get(f"{V2}/servicerequestupdates.json").json == []


def test_what_was_rejected_disappears_also_when_its_reporter_reopens_it(
    client: FlaskClient, posted: Posted, move: Move, key: str
) -> None:
    code = posted()
    move(code, "verified")
    move(code, "rejected", reason="Không đúng sự thật")
    assert client.get(f"{V2}/requests.json").json == []
    answer = client.post(
        f"{V2}/servicerequestupdates.json",
        data={
            "api_key": key,
            "service_request_id": code,
            "update_id": "1",
            "status": "REOPEN",
            "description": "Đúng mà",
        },
    )
    assert answer.status_code == 200, answer.text
    assert client.get(f"{V2}/requests.json").json == []
    move(code, "in_progress")
    assert len(client.get(f"{V2}/requests.json").json) == 1


def test_by_its_id_anybody_learns_where_a_request_stands_and_no_more(
    client: FlaskClient, posted: Posted
) -> None:
    code = posted()
    [found] = client.get(f"{V2}/requests/{code}.json").json
    check_schema("request", found)
    assert found["status"] == "open"
    assert found["service_code"] == "101"
    assert found["description"] is found["lat"] is found["address"] is None
    listed = client.get(f"{V2}/requests.json?service_request_id={code.lower()},x&status=closed")
    assert listed.json == [found]


def test_a_system_finds_what_it_filed_itself(
    client: FlaskClient, posted: Posted, key: str, move: Move
) -> None:
    code = posted()
    listed = client.get(f"{V2}/requests.json?api_key={key}").json
    assert [found["service_request_id"] for found in listed] == [code]
    move(code, "rejected", reason="Trùng")
    [update] = client.get(f"{V2}/servicerequestupdates.json?api_key={key}").json
    assert update["status"] == "NO_FURTHER_ACTION"
    assert "Trùng" not in str(update)


def test_requests_are_filtered_and_paged(
    client: FlaskClient, posted: Posted, move: Move, clock: TurnableClock
) -> None:
    codes = []
    for service_code in ("101", "102", "102"):
        codes.append(posted(service_code=service_code))
        move(codes[-1], "in_progress")
        clock.advance(minutes=1)
    move(codes[1], "resolved")

    def ids(query: str) -> list[str]:
        found = client.get(f"{V2}/requests.json?{query}").json
        return [one["service_request_id"] for one in found]

    assert ids("") == codes[::-1]
    assert ids("status=closed") == [codes[1]]
    assert ids("status=open") == [codes[2], codes[0]]
    assert ids("status=open,closed") == codes[::-1]
    assert ids("service_code=102") == [codes[2], codes[1]]
    assert ids("service_code=101,102") == codes[::-1]
    assert ids("page_size=2") == codes[:0:-1]
    assert ids("page=2&page_size=2") == codes[:1]
    assert ids("page=3&page_size=2") == []
    assert ids("start_date=2026-07-01T08:00:30%2B07:00") == codes[:0:-1]
    assert ids("start_date=2026-07-01T08:00:30+07:00") == codes[:0:-1]
    assert ids("end_date=2026-07-01T01:00:30Z") == codes[:1]
    clock.advance(days=91)
    assert ids("") == []
    assert ids("start_date=2026-07-01T00:00:00Z") == codes[::-1]


def test_extensions_tell_the_finer_state(client: FlaskClient, posted: Posted, move: Move) -> None:
    code = posted()
    move(code, "in_progress")
    [plain] = client.get(f"{V2}/requests/{code}.json").json
    [fine] = client.get(f"{V2}/requests/{code}.json?extensions=true").json
    assert "extended_attributes" not in plain
    assert fine["extended_attributes"]["detailed_status"] == "IN_PROGRESS"
    assert fine["status"] == "open"
    root = xml_of(client.get(f"{V2}/requests/{code}.xml?extensions=true"))
    assert root.findtext("request/extended_attributes/detailed_status") == "IN_PROGRESS"


def test_updates_tell_each_step_in_the_staffs_public_words(
    client: FlaskClient, posted: Posted, move: Move, clock: TurnableClock
) -> None:
    code = posted()
    for step in ("verified", "in_progress", "resolved"):
        clock.advance(minutes=1)
        move(code, step, public_note={"vi": f"Ghi chú {step}"}, reason="Nội bộ")
    updates = client.get(f"{V2}/servicerequestupdates.json").json
    assert [update["status"] for update in updates] == ["INVESTIGATING", "IN_PROGRESS", "FIXED"]
    assert {update["service_request_id"] for update in updates} == {code}
    assert updates[2]["description"] == "Ghi chú resolved"
    assert updates[2]["updated_datetime"] == "2026-07-01T08:03:00+07:00"
    assert len({update["update_id"] for update in updates}) == 3
    late = client.get(f"{V2}/servicerequestupdates.xml?start_date=2026-07-01T01:02:30Z&page_size=5")
    [update] = xml_of(late).findall("request_update")
    assert update.findtext("status") == "FIXED"
    assert "Nội bộ" not in client.get(f"{V2}/servicerequestupdates.json").text


def test_nothing_public_tells_who_reported(
    client: FlaskClient, posted: Posted, move: Move, key: str
) -> None:
    markers = {
        "first_name": "TênRiêng",
        "last_name": "HọRiêng",
        "phone": "0912345678",
        "email": "rieng@example.org",
        "device_id": "may-rieng",
        "account_id": "tai-khoan-rieng",
    }
    code = posted(
        **markers,
        description="Gọi tôi: 0912 345 678 hoặc rieng@example.org",
        address_string="Nhà HọRiêng",
    )
    move(code, "in_progress")
    for path in (
        "requests.json",
        "requests.xml",
        f"requests.json?api_key={key}",
        f"requests/{code}.json?extensions=true",
        "servicerequestupdates.json",
        f"tokens/{code}.json",
    ):
        said = client.get(f"{V2}/{path}").text
        for marker in (*markers.values(), "912345678", "0912 345 678"):
            assert marker not in said, (path, marker)
