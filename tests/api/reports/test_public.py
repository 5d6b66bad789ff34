"""What everybody sees of reports, and "me too"."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.api.reports.conftest import Filed, FileReport, Headers
from tests.conftest import TurnableClock
from tests.factories.files import image

HERE = {"lat": 18.8, "lng": 105.72}


def public(client: FlaskClient, **query: Any) -> list[dict[str, Any]]:
    answer = client.get("/api/v1/reports", query_string=query)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json["items"]
    return items


def codes(client: FlaskClient, **query: Any) -> list[str]:
    return [item["code"] for item in public(client, **query)]


def move(client: FlaskClient, officer: Headers, filed: Filed, to: str) -> None:
    answer = client.post(
        f"{filed.staff_address}/transition", json={"to": to, "reason": "Vì"}, headers=officer
    )
    assert answer.status_code == 200, answer.text


def approve(client: FlaskClient, officer: Headers, filed: Filed, **body: Any) -> Any:
    return client.post(f"{filed.staff_address}/approve", json=body, headers=officer)


def test_a_report_is_public_once_an_officer_confirmed_it_and_says_nothing_unapproved(
    client: FlaskClient, officer: Headers, file: FileReport
) -> None:
    filed = file(description="Nhà ông Hùng 0912345678 đổ rác", location=HERE)
    assert codes(client) == []
    move(client, officer, filed, "verified")
    [item] = public(client)
    assert item["code"] == filed.code
    assert item["location"] == HERE
    assert item["description"] is None
    assert "0912345678" not in client.get("/api/v1/reports").text
    approve(client, officer, filed, description="Đổ rác bên đường")
    assert public(client)[0]["description"] == "Đổ rác bên đường"


@pytest.mark.parametrize("closing", ["rejected", "duplicate"])
def test_what_turns_out_to_be_nothing_is_no_longer_public(
    client: FlaskClient, officer: Headers, file: FileReport, closing: str
) -> None:
    filed = file()
    move(client, officer, filed, "verified")
    move(client, officer, filed, closing)
    assert codes(client) == []
    assert approve(client, officer, filed).status_code == 409


def test_what_an_officer_hides_stays_hidden_until_it_is_approved(
    client: FlaskClient, officer: Headers, file: FileReport
) -> None:
    filed = file()
    move(client, officer, filed, "verified")
    hidden = client.post(
        f"{filed.staff_address}/hide", json={"reason": "Người gửi lo ngại"}, headers=officer
    )
    assert hidden.json["is_public"] is False
    move(client, officer, filed, "in_progress")
    assert codes(client) == []
    approve(client, officer, filed)
    assert codes(client) == [filed.code]


def test_the_public_waits_as_long_as_the_town_says(
    make_app: Callable[..., Flask], officer: Headers, file: FileReport, clock: TurnableClock
) -> None:
    client = make_app(public_reports_delay_hours=24).test_client()
    filed = file()
    move(client, officer, filed, "verified")
    clock.advance(hours=23)
    assert codes(client) == []
    clock.advance(hours=1)
    assert codes(client) == [filed.code]


def test_the_list_is_narrowed_by_box_state_category_and_quarter(
    client: FlaskClient, officer: Headers, file: FileReport
) -> None:
    here = file(location=HERE, quarter="nghi-huong")
    there = file(location={"lat": 18.9, "lng": 105.9}, category="201")
    for filed in (here, there):
        move(client, officer, filed, "verified")
    move(client, officer, there, "in_progress")
    assert codes(client, bbox="105.7,18.7,105.8,18.85") == [here.code]
    assert codes(client, status="in_progress,resolved") == [there.code]
    assert codes(client, category="100") == [here.code]
    assert codes(client, quarter="nghi-huong") == [here.code]
    refused = client.get("/api/v1/reports?status=lost&bbox=1")
    assert refused.status_code == 422


def test_a_photo_is_for_everybody_once_it_is_approved(
    client: FlaskClient, officer: Headers, file: FileReport
) -> None:
    filed = file()
    sent = client.post(
        f"{filed.address}/photos",
        data={"photo": (io.BytesIO(image()), "a.jpg")},
        headers=filed.headers,
    )
    [photo] = sent.json["photos"]
    move(client, officer, filed, "verified")
    assert client.get(photo["url"]).status_code == 403
    other = file()
    assert approve(client, officer, other, photos=[photo["id"]]).status_code in (409, 422)
    approve(client, officer, filed, photos=[photo["id"]])
    [item] = public(client)
    assert [shown["id"] for shown in item["photos"]] == [photo["id"]]
    assert client.get(item["photos"][0]["url"]).mimetype == "image/jpeg"
    approve(client, officer, filed)
    assert client.get(photo["url"]).status_code == 403


class TestMeToo:
    """Joining an open report instead of filing another."""

    def similar(self, client: FlaskClient, **query: Any) -> list[dict[str, Any]]:
        near = {"lat": 18.8003, "lng": 105.7203, "category": "101", "text": "rac"} | query
        answer = client.get("/api/v1/reports/similar", query_string=near)
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json["items"]
        return items

    def test_what_is_near_and_of_one_kind_is_shown_the_likeliest_first(
        self, client: FlaskClient, officer: Headers, file: FileReport
    ) -> None:
        file(location={"lat": 18.9, "lng": 105.72})
        other_kind = file(location={"lat": 18.8004, "lng": 105.7204}, category="102")
        same = file(location=HERE)
        closed = file(location=HERE)
        move(client, officer, closed, "rejected")
        found = self.similar(client)
        assert [each["code"] for each in found] == [same.code, other_kind.code]
        assert 40 < found[0]["distance_m"] < 55
        assert found[0]["description"] is None

    def test_each_person_counts_once(self, client: FlaskClient, file: FileReport) -> None:
        filed = file(location=HERE)
        first = client.post(f"{filed.address}/confirmations")
        again = client.post(f"{filed.address}/confirmations")
        elsewhere = client.post(
            f"{filed.address}/confirmations", environ_base={"REMOTE_ADDR": "10.0.0.2"}
        )
        assert [a.status_code for a in (first, again, elsewhere)] == [201, 200, 201]
        assert elsewhere.json == {"code": filed.code, "confirmations": 2, "following": False}

    def test_a_closed_report_takes_no_more(
        self, client: FlaskClient, officer: Headers, file: FileReport
    ) -> None:
        filed = file()
        move(client, officer, filed, "rejected")
        assert client.post(f"{filed.address}/confirmations").status_code == 409

    @pytest.mark.emulator
    def test_a_citizen_who_joins_is_told_of_each_step(
        self,
        client: FlaskClient,
        officer: Headers,
        file: FileReport,
        as_citizen: Callable[[str], Headers],
    ) -> None:
        filed, neighbour = file(location=HERE), as_citizen("+84912345679")
        joined = client.post(f"{filed.address}/confirmations", headers=neighbour)
        assert joined.json["following"] is True
        move(client, officer, filed, "in_progress")
        [message] = client.get("/api/v1/me/inbox", headers=neighbour).json["items"]
        assert filed.code in message["title"]
        assert message["body"] == "Phản ánh đang được xử lý."
