"""Following an area, and being told of what is reported and resolved there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from backend.feedback.nearby import telling
from notifications import delivery
from notifications.gateway import LogGateway
from notifications.worker import work_off
from tests.api.reports.conftest import Filed, FileReport, Headers
from tests.conftest import TurnableClock
from tests.factories.feedback import NewReportFactory

HERE = {"lat": 18.8, "lng": 105.72}
CLOSE = {"lat": 18.8027, "lng": 105.72}
"""Three hundred metres from HERE."""
PHONE = "+84912345678"

Work = Callable[..., None]


@pytest.fixture
def work(session: Session, clock: TurnableClock) -> Work:
    """Let the worker do what is due; the public waits *delay* hours."""

    def work(delay: float = 0) -> None:
        done = telling.handlers(timedelta(hours=delay)) | delivery.handlers(LogGateway())
        work_off(sessionmaker(session.get_bind()), done, clock)

    return work


def device(client: FlaskClient, headers: Headers | None = None, **changes: Any) -> str:
    """The address of a device that has just been registered."""
    address = f"/api/v1/devices/{uuid4()}"
    body = {
        "kind": "fid",
        "address": address,
        "platform": "web",
        "language": "vi",
        "timezone": "Asia/Ho_Chi_Minh",
    }
    answer = client.put(address, json=body | changes, headers=headers)
    assert answer.status_code == 200, answer.text
    return address


def follow(client: FlaskClient, of: str, headers: Headers | None = None, **wish: Any) -> Any:
    return client.post(f"{of}/areas", json=wish, headers=headers)


def move(client: FlaskClient, officer: Headers, filed: Filed, *states: str) -> None:
    for to in states:
        answer = client.post(
            f"{filed.staff_address}/transition", json={"to": to, "reason": "Vì"}, headers=officer
        )
        assert answer.status_code == 200, answer.text


def told(client: FlaskClient, of: str, headers: Headers | None = None) -> list[str]:
    """What lies in an inbox about areas, the oldest first."""
    items = client.get(f"{of}/inbox", headers=headers).json["items"]
    return [item["body"] for item in reversed(items) if item["kind"] == "nearby"]


def test_a_guests_device_is_told_when_a_report_near_it_is_confirmed_and_resolved(
    client: FlaskClient, officer: Headers, file: FileReport, work: Work
) -> None:
    mine, without_push, elsewhere = device(client), device(client, address=None), device(client)
    for of in (mine, without_push):
        assert follow(client, of, location=CLOSE, radius=500).status_code == 201
    follow(client, elsewhere, location=CLOSE, radius=200)
    filed = file(location=HERE, description="Nhà ông Hùng 0912345678")
    work()
    assert told(client, mine) == []
    move(client, officer, filed, "verified")
    work()
    confirmed = f"Rác thải: cán bộ đã xác nhận. Mã {filed.code}."
    assert told(client, mine) == told(client, without_push) == [confirmed]
    move(client, officer, filed, "in_progress", "resolved")
    work()
    assert told(client, mine) == [confirmed, f"Rác thải: đã được xử lý xong. Mã {filed.code}."]
    assert told(client, elsewhere) == []
    assert "0912345678" not in client.get(f"{mine}/inbox").text


def test_nobody_is_told_before_everybody_may_find_the_report(
    client: FlaskClient, officer: Headers, file: FileReport, work: Work, clock: TurnableClock
) -> None:
    mine = device(client)
    follow(client, mine, quarter="nghi-huong")
    shown, over, hidden, resolved = (file(quarter="nghi-huong") for _ in range(4))
    for filed in (shown, over, hidden, resolved):
        move(client, officer, filed, "verified")
    move(client, officer, over, "rejected")
    move(client, officer, resolved, "in_progress", "resolved")
    client.post(f"{hidden.staff_address}/hide", json={"reason": "Vì"}, headers=officer)
    work(delay=24)
    clock.advance(hours=23)
    work(delay=24)
    assert told(client, mine) == []
    clock.advance(hours=1)
    work(delay=24)
    assert sorted(told(client, mine)) == sorted(
        [
            f"Rác thải: cán bộ đã xác nhận. Mã {shown.code}.",
            f"Rác thải: đã được xử lý xong. Mã {resolved.code}.",
        ]
    )
    client.post(f"{hidden.staff_address}/approve", json={}, headers=officer)
    work(delay=24)
    assert len(told(client, mine)) == 3


def test_a_topic_that_is_muted_tells_nothing(
    client: FlaskClient, officer: Headers, file: FileReport, work: Work
) -> None:
    mine = device(client)
    follow(client, mine, quarter="nghi-huong")
    client.put(f"{mine}/preferences", json={"topics": {"nearby": False}})
    move(client, officer, file(quarter="nghi-huong"), "verified")
    work()
    assert told(client, mine) == []


def test_areas_are_listed_once_each_and_left(
    client: FlaskClient, officer: Headers, file: FileReport, work: Work, clock: TurnableClock
) -> None:
    mine, other = device(client), device(client)
    first = follow(client, mine, quarter="nghi-huong", name="Nhà tôi")
    clock.advance(minutes=1)
    again = follow(client, mine, quarter="nghi-huong")
    assert (first.status_code, again.status_code) == (201, 200)
    clock.advance(minutes=1)
    around = follow(client, mine, location=HERE, radius=300).json
    assert client.get(f"{mine}/areas").json["items"] == [again.json, around]
    assert again.json["name"] == "Nhà tôi"
    assert (around["location"], around["radius"], around["quarter"]) == (HERE, 300, None)
    address = f"{mine}/areas/{again.json['id']}"
    assert client.delete(f"{other}/areas/{again.json['id']}").status_code == 404
    assert client.delete(address).status_code == 204
    assert client.delete(address).status_code == 404
    move(client, officer, file(quarter="nghi-huong"), "verified")
    work()
    assert told(client, mine) == []


def test_an_area_that_cannot_be_names_its_fields(client: FlaskClient) -> None:
    mine = device(client)
    refused: list[tuple[dict[str, Any], set[str]]] = [
        ({}, {"quarter", "location"}),
        ({"quarter": "nghi-huong", "location": HERE, "radius": 300}, {"quarter", "location"}),
        ({"location": HERE}, {"radius"}),
        ({"location": HERE, "radius": 99}, {"radius"}),
        ({"location": HERE, "radius": 5001}, {"radius"}),
        ({"location": {"lat": 21.0, "lng": 105.8}, "radius": 300}, {"location"}),
        ({"quarter": "atlantis"}, {"quarter"}),
    ]
    for wish, wrong in refused:
        answer = follow(client, mine, **wish)
        assert (answer.status_code, set(answer.json["errors"])) == (422, wrong), wish
    assert client.get(f"{mine}/areas").json["items"] == []


def test_nobody_follows_more_than_ten_areas_and_an_unknown_device_none(
    client: FlaskClient,
) -> None:
    mine = device(client)
    for step in range(10):
        follow(client, mine, location={"lat": 18.8 + step / 1000, "lng": 105.72}, radius=300)
    assert follow(client, mine, quarter="nghi-huong").status_code == 409
    assert follow(client, f"/api/v1/devices/{uuid4()}", quarter="nghi-huong").status_code == 404
    assert client.get("/api/v1/me/areas").status_code == 401


def test_the_page_to_follow_areas_offers_every_quarter(client: FlaskClient) -> None:
    page = client.get("/areas?quarter=nghi-huong")
    assert page.status_code == 200
    assert '<option value="nghi-huong" selected>' in page.text
    assert "/areas?quarter=nghi-huong" in client.get("/reports?quarter=nghi-huong").text


@pytest.mark.emulator
def test_a_citizen_is_told_once_on_all_devices_and_not_of_the_own_report(
    client: FlaskClient,
    officer: Headers,
    file: FileReport,
    work: Work,
    as_citizen: Callable[[str], Headers],
) -> None:
    me = as_citizen(PHONE)
    mine = device(client, me)
    follow(client, "/api/v1/me", me, quarter="nghi-huong")
    follow(client, mine, me, quarter="nghi-huong")
    own = client.post(
        "/api/v1/reports", json=NewReportFactory(quarter="nghi-huong"), headers=me
    ).json
    others = file(quarter="nghi-huong")
    for filed in (Filed(own["id"], own["code"], own["access_token"]), others):
        move(client, officer, filed, "verified")
    work()
    confirmed = [f"Rác thải: cán bộ đã xác nhận. Mã {others.code}."]
    assert told(client, "/api/v1/me", me) == told(client, mine, me) == confirmed


@pytest.mark.emulator
def test_areas_leave_with_the_account_and_are_in_its_export(
    client: FlaskClient, as_citizen: Callable[[str], Headers], clock: TurnableClock
) -> None:
    me = as_citizen(PHONE)
    mine, others = device(client, me), device(client)
    follow(client, "/api/v1/me", me, location=HERE, radius=300, name="Nhà tôi")
    clock.advance(minutes=1)
    for of in (mine, others):
        follow(client, of, quarter="nghi-huong")
    areas = client.get("/api/v1/me/export", headers=me).json["areas"]
    assert [(area["name"], area["quarter"]) for area in areas] == [
        ("Nhà tôi", None),
        (None, "nghi-huong"),
    ]
    client.delete("/api/v1/me", headers=me)
    assert client.get(f"{mine}/areas").json["items"] == []
    assert len(client.get(f"{others}/areas").json["items"]) == 1
