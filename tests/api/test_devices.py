"""Devices through HTTP: registering, preferences, the inbox and receipts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from backend.database import engine_for
from content.vocabularies.models import Quarter, Term, Vocabulary
from notifications import delivery, messages, worker
from notifications.devices import Device
from notifications.gateway import LogGateway
from tests.conftest import TurnableClock

INSTALLATION = f"/api/v1/devices/{uuid4()}"
BODY = {
    "kind": "fid",
    "address": "a-secret-address",
    "platform": "android",
    "language": "vi",
    "timezone": "Asia/Ho_Chi_Minh",
    "quarter": "nghi-thuy",
    "app_version": "1.4.0",
}


@pytest.fixture(autouse=True)
def vocabulary(session: Session) -> None:
    session.add(Quarter(code="nghi-thuy", name={"vi": "Nghi Thủy"}, former_ward_code="16717"))
    session.add(Term(vocabulary=Vocabulary.TOPIC, code="events", name={"vi": "Sự kiện"}))
    session.commit()


@pytest.fixture
def tell(
    session: Session, database_url: str, clock: TurnableClock
) -> Callable[..., messages.Message]:
    """Announces something and lets the worker deliver it: `tell("Cắt nước")`."""

    def announce_and_deliver(title: str = "Cắt nước", **fields: Any) -> messages.Message:
        given: dict[str, Any] = {
            "kind": "announcement",
            "topics": ["announcements"],
            "title": {"vi": title, "en": f"{title} (en)"},
            "body": {"vi": "Từ 8 giờ."},
            "now": clock(),
        }
        message = messages.announce(session, **given | fields)
        session.commit()
        engine = engine_for(database_url)
        worker.work_off(sessionmaker(engine), delivery.handlers(LogGateway()), clock)
        engine.dispose()
        return message

    return announce_and_deliver


def inbox(client: FlaskClient, **query: Any) -> list[dict[str, Any]]:
    answer = client.get(f"{INSTALLATION}/inbox", query_string=query)
    assert answer.status_code == 200
    items: list[dict[str, Any]] = answer.json["items"]
    return items


def test_a_device_is_registered_once_however_often_it_asks(
    client: FlaskClient, session: Session, clock: TurnableClock
) -> None:
    first = client.put(INSTALLATION, json=BODY)
    clock.advance(days=1)
    again = client.put(INSTALLATION, json=BODY | {"language": "en", "quarter": None})

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json == {
        "installation_id": INSTALLATION.rsplit("/", 1)[1],
        "kind": "fid",
        "platform": "android",
        "language": "vi",
        "timezone": "Asia/Ho_Chi_Minh",
        "quarter": "nghi-thuy",
        "app_version": "1.4.0",
        "signed_in": False,
        "last_seen_at": "2026-07-01T08:00:00+07:00",
        "refresh_at": "2026-07-31T08:00:00+07:00",
    }
    assert again.json["language"] == "en"
    assert again.json["last_seen_at"] == "2026-07-02T08:00:00+07:00"
    assert session.scalar(select(func.count()).select_from(Device)) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "email"),
        ("kind", None),
        ("address", ""),
        ("address", "a" * 1025),
        ("address", 5),
        ("platform", "windows"),
        ("language", "fr"),
        ("timezone", "Asia/Cua_Lo"),
        ("timezone", "../../etc/passwd"),
        ("quarter", "atlantis"),
        ("app_version", "1" * 41),
        ("owner", "me"),
    ],
)
def test_a_registration_that_cannot_be_names_its_field(
    client: FlaskClient, session: Session, field: str, value: Any
) -> None:
    answer = client.put(INSTALLATION, json=BODY | {field: value})

    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert list(answer.json["errors"]) == [field]
    assert session.scalar(select(func.count()).select_from(Device)) == 0


@pytest.mark.parametrize("field", ["kind", "address", "platform", "language", "timezone"])
def test_what_is_missing_is_named(client: FlaskClient, field: str) -> None:
    body = {name: value for name, value in BODY.items() if name != field}

    assert list(client.put(INSTALLATION, json=body).json["errors"]) == [field]


def test_an_installation_is_named_by_a_uuid(client: FlaskClient) -> None:
    answer = client.put("/api/v1/devices/my-phone", json=BODY)

    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["installation_id"]


def test_signing_in_attaches_the_device_and_signing_out_detaches_it(
    client: FlaskClient, as_citizen: Callable[[str], dict[str, str]]
) -> None:
    citizen = as_citizen("+84912345678")

    assert client.put(INSTALLATION, json=BODY, headers=citizen).json["signed_in"] is True
    assert client.put(INSTALLATION, json=BODY).json["signed_in"] is False


def test_a_forged_sign_in_is_refused_and_changes_nothing(
    client: FlaskClient, session: Session
) -> None:
    forged = {"Authorization": "Bearer forged"}

    assert client.put(INSTALLATION, json=BODY, headers=forged).status_code == 401
    assert session.scalar(select(func.count()).select_from(Device)) == 0


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("DELETE", "", None),
        ("GET", "/preferences", None),
        ("PUT", "/preferences", {}),
        ("GET", "/inbox", None),
        (
            "POST",
            "/receipts",
            {"delivery_id": "1", "event": "opened", "at": "2026-07-01T08:00:00+07:00"},
        ),
    ],
)
def test_an_unknown_device_is_not_found(
    client: FlaskClient, method: str, path: str, body: dict[str, Any] | None
) -> None:
    assert client.open(INSTALLATION + path, method=method, json=body).status_code == 404


def test_a_device_that_is_deleted_is_forgotten(
    client: FlaskClient, session: Session, tell: Callable[..., Any]
) -> None:
    client.put(INSTALLATION, json=BODY)
    tell()

    assert client.delete(INSTALLATION).status_code == 204
    assert client.get(f"{INSTALLATION}/inbox").status_code == 404
    for table in (Device, messages.InboxItem):
        assert session.scalar(select(func.count()).select_from(table)) == 0


def test_preferences_are_kept_and_replaced(client: FlaskClient) -> None:
    client.put(INSTALLATION, json=BODY)
    address = f"{INSTALLATION}/preferences"
    new = {
        "topics": {
            "safety": True,
            "announcements": True,
            "reports": True,
            "nearby": True,
            "events": True,
        },
        "silent": [],
        "quiet_hours": None,
        "quarters": [],
    }
    assert client.get(address).json == new

    wanted = {
        "topics": {"events": False},
        "silent": ["safety"],
        "quiet_hours": {"from": "22:00", "to": "06:30"},
        "quarters": ["nghi-thuy"],
    }
    kept = new | wanted | {"topics": new["topics"] | {"events": False}}  # type: ignore[operator]
    assert client.put(address, json=wanted).json == kept
    assert client.get(address).json == kept
    assert client.put(address, json={}).json == new


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"topics": {"safety": False}}, "topics"),
        ({"topics": {"gossip": True}}, "topics"),
        ({"topics": {"events": "no"}}, "topics"),
        ({"topics": []}, "topics"),
        ({"silent": ["gossip"]}, "silent"),
        ({"silent": "safety"}, "silent"),
        ({"quiet_hours": {"from": "22:00"}}, "quiet_hours"),
        ({"quiet_hours": {"from": "25:00", "to": "06:00"}}, "quiet_hours"),
        ({"quiet_hours": {"from": "22:00", "to": "22:00"}}, "quiet_hours"),
        ({"quiet_hours": {"from": 22, "to": 6}}, "quiet_hours"),
        ({"quarters": ["atlantis"]}, "quarters"),
        ({"quarters": "nghi-thuy"}, "quarters"),
        ({"volume": 11}, "volume"),
    ],
)
def test_preferences_that_cannot_be_name_their_field_and_change_nothing(
    client: FlaskClient, wanted: dict[str, Any], field: str
) -> None:
    client.put(INSTALLATION, json=BODY)
    address = f"{INSTALLATION}/preferences"
    before = client.get(address).json

    answer = client.put(address, json={"topics": {"events": False}} | wanted)

    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]
    assert client.get(address).json == before


def test_the_inbox_has_what_the_device_was_told_once_the_newest_first(
    client: FlaskClient, tell: Callable[..., messages.Message]
) -> None:
    client.put(INSTALLATION, json=BODY)
    tell("Cũ")
    message = tell("Mới", link="/bai-viet/moi")
    tell("Của quý khác", topics=["events"])

    items = inbox(client)

    assert [item["title"] for item in items] == ["Của quý khác", "Mới", "Cũ"]
    assert items[1] == {
        "delivery_id": items[1]["delivery_id"],
        "message_id": str(message.id),
        "kind": "announcement",
        "topics": ["announcements"],
        "title": "Mới",
        "body": "Từ 8 giờ.",
        "link": "/bai-viet/moi",
        "emergency": False,
        "created_at": "2026-07-01T08:00:00+07:00",
        "opened_at": None,
        "read_at": None,
        "archived_at": None,
    }
    assert inbox(client, lang="en")[0]["title"] == "Của quý khác (en)"
    assert len(inbox(client, limit=2)) == 2


def test_the_inbox_goes_on_page_by_page(
    client: FlaskClient, tell: Callable[..., messages.Message]
) -> None:
    client.put(INSTALLATION, json=BODY)
    for number in range(5):
        tell(str(number))
    seen, cursor = [], None
    while True:
        answer = client.get(f"{INSTALLATION}/inbox", query_string={"limit": 2, "cursor": cursor})
        seen += [item["title"] for item in answer.json["items"]]
        cursor = answer.json["next_cursor"]
        if cursor is None:
            break

    assert seen == ["4", "3", "2", "1", "0"]


def test_the_address_is_never_told(client: FlaskClient, tell: Callable[..., Any]) -> None:
    answers = [client.put(INSTALLATION, json=BODY)]
    tell()
    answers += [
        client.get(f"{INSTALLATION}/{part}", headers={"Accept": "application/json"})
        for part in ("preferences", "inbox")
    ]

    assert all("secret" not in answer.text for answer in answers)
    assert all(answer.headers["Cache-Control"] == "no-store" for answer in answers)


def test_a_receipt_is_noted_once_and_not_in_the_future(
    client: FlaskClient, clock: TurnableClock, tell: Callable[..., messages.Message]
) -> None:
    client.put(INSTALLATION, json=BODY)
    tell()
    [item] = inbox(client)
    receipt = {"delivery_id": item["delivery_id"], "event": "opened"}
    ahead = (clock() + timedelta(days=3)).isoformat()

    noted = client.post(f"{INSTALLATION}/receipts", json=receipt | {"at": ahead})
    assert (noted.status_code, noted.text) == (204, "")
    opened = inbox(client)[0]["opened_at"]
    assert opened == "2026-07-01T08:00:00+07:00"

    clock.advance(hours=1)
    client.post(f"{INSTALLATION}/receipts", json=receipt | {"at": clock().isoformat()})
    assert inbox(client)[0]["opened_at"] == opened


def test_a_receipt_of_another_device_is_not_found(
    client: FlaskClient, clock: TurnableClock, tell: Callable[..., messages.Message]
) -> None:
    client.put(INSTALLATION, json=BODY)
    tell()
    [item] = inbox(client)
    other = f"/api/v1/devices/{uuid4()}"
    client.put(other, json=BODY | {"address": "another"})

    receipt = {
        "delivery_id": item["delivery_id"],
        "event": "opened",
        "at": clock().isoformat(),
    }

    assert client.post(f"{other}/receipts", json=receipt).status_code == 404
    assert inbox(client)[0]["opened_at"] is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("delivery_id", 1),
        ("delivery_id", "9" * 19),
        ("delivery_id", "one"),
        ("delivery_id", "1\n"),
        ("event", "ignored"),
        ("at", "yesterday"),
        ("at", "2026-07-01T08:00:00"),
    ],
)
def test_a_receipt_that_cannot_be_names_its_field(
    client: FlaskClient, field: str, value: Any
) -> None:
    client.put(INSTALLATION, json=BODY)
    receipt = {"delivery_id": "1", "event": "opened", "at": "2026-07-01T08:00:00+07:00"}

    answer = client.post(f"{INSTALLATION}/receipts", json=receipt | {field: value})

    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]


def test_a_citizens_own_message_comes_to_the_device_until_the_citizen_signs_out(
    client: FlaskClient,
    session: Session,
    clock: TurnableClock,
    as_citizen: Callable[[str], dict[str, str]],
    tell: Callable[..., messages.Message],
) -> None:
    citizen = as_citizen("+84912345678")
    client.put(INSTALLATION, json=BODY, headers=citizen)
    citizen_id = session.scalars(select(Device.citizen_id)).one()
    assert citizen_id
    messages.notify(
        session,
        citizen_id,
        kind="report",
        topics=["reports"],
        title={"vi": "Đã xử lý"},
        body={"vi": ""},
        now=clock(),
    )
    tell()

    assert {item["kind"] for item in inbox(client)} == {"report", "announcement"}
    client.put(INSTALLATION, json=BODY)
    assert {item["kind"] for item in inbox(client)} == {"announcement"}
    mine = client.get("/api/v1/me/inbox", headers=citizen).json["items"]
    assert [message["title"] for message in mine] == ["Đã xử lý"]
