"""What is known of a place beyond its name: hours, season, telephones, amenities, ward, rights."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.accounts.roles import Role
from tests.conftest import TurnableClock
from tests.factories.content import PlaceFactory, keep

Headers = dict[str, str]
DRAFT = {"slug": "chua-mau", "name": {"vi": "Chùa Mẫu"}, "category": "pagoda"}


pytestmark = pytest.mark.usefixtures("vocabularies")


@pytest.fixture
def editor(as_staff: Callable[..., Headers]) -> Headers:
    """An editor."""
    return as_staff(Role.EDITOR)


@pytest.fixture
def publish(client: FlaskClient, editor: Headers) -> Callable[..., dict[str, Any]]:
    """Publish a pagoda with the given fields; what the public then reads of it."""

    def published(**values: Any) -> dict[str, Any]:
        made = client.post("/api/v1/staff/places", json=DRAFT | values, headers=editor)
        assert made.status_code == 201, made.json
        client.post("/api/v1/staff/places/chua-mau/publish", headers=editor)
        found: dict[str, Any] = client.get("/api/v1/places/chua-mau?lang=en").json
        return found

    return published


def test_the_public_reads_everything_that_an_editor_wrote(
    publish: Callable[..., dict[str, Any]], client: FlaskClient
) -> None:
    found = publish(
        quarter="nghi-tan",
        amenities=["toilet", "parking"],
        accessibility=["step-free"],
        visit_minutes=90,
        phone="0238 3824 123",
        other_phones=["0912.345.678", "1900 1234"],
        links=[{"url": "https://example.org/chua", "title": {"vi": "Trang", "en": "Site"}}],
        season={"from": "03-01", "to": "09-30"},
        opening_hours="07:00-18:00",
        opening_exceptions=[{"date": "2026-09-02", "closed": True, "note": {"vi": "Nghỉ lễ"}}],
        licence="CC-BY-4.0",
        verified_at="2026-06-01T08:00:00+07:00",
    )
    assert found["phone"] == "+842383824123"
    assert found["other_phones"] == ["+84912345678", "19001234"]
    assert found["links"] == [{"url": "https://example.org/chua", "title": "Site"}]
    assert found["season"] == {"from": "03-01", "to": "09-30"}
    assert found["opening_exceptions"] == [
        {"date": "2026-09-02", "closed": True, "note": "Nghỉ lễ"}
    ]
    assert (found["amenities"], found["accessibility"]) == (["toilet", "parking"], ["step-free"])
    assert (found["visit_minutes"], found["licence"]) == (90, "CC-BY-4.0")
    assert found["verified_at"] == "2026-06-01T08:00:00+07:00"
    page = client.get("/places/chua-mau?lang=en").text
    for words in ("0238 3824 123", "1.5 hours", "Toilet, Parking", "Step-free", "Nghỉ lễ", "Site"):
        assert words in page
    assert "1 March" in page


def test_a_place_lies_today_in_the_ward_that_its_quarter_became_part_of(
    client: FlaskClient, session: Session, clock: TurnableClock
) -> None:
    keep(
        session,
        PlaceFactory(slug="cho", quarter="nghi-thuy"),
        PlaceFactory(slug="huong", quarter="nghi-huong"),
        PlaceFactory(slug="xa", quarter=None),
    )

    def ward(slug: str) -> Any:
        return client.get(f"/api/v1/places/{slug}").json["ward"]

    assert ward("cho") == {"code": "16732", "name": "Cửa Lò"}
    assert ward("xa") is None
    clock.moment = clock.moment.replace(year=2025, month=6, day=30)
    session.query(type(PlaceFactory())).update({"published_at": clock.moment})
    session.commit()
    assert ward("cho") == {"code": "16717", "name": "Nghi Thủy"}
    assert ward("huong") == {"code": "16732", "name": "Nghi Hương"}


@pytest.mark.parametrize(
    ("values", "month", "day", "hour", "expected"),
    [
        ({"season": {"from": "03-01", "to": "09-30"}}, 7, 1, 8, None),
        ({"season": {"from": "03-01", "to": "09-30"}}, 12, 1, 8, False),
        ({"season": {"from": "11-01", "to": "02-29"}}, 1, 15, 8, None),
        ({"season": {"from": "11-01", "to": "02-29"}}, 7, 1, 8, False),
        ({"opening_exceptions": [{"date": "2026-07-01", "closed": True}]}, 7, 1, 8, False),
        ({"opening_exceptions": [{"date": "2026-07-01", "closed": True}]}, 7, 2, 8, None),
        (
            {
                "opening_hours": "24/7",
                "opening_exceptions": [{"date": "2026-07-01", "hours": "off"}],
            },
            7, 1, 8, False,
        ),
        (
            {
                "opening_hours": "off",
                "opening_exceptions": [
                    {"from": "2026-06-30", "to": "2026-07-02", "hours": "18:00-22:00"}
                ],
            },
            7, 2, 19, True,
        ),
        ({"opening_hours": "07:00-18:00", "opening_exceptions": []}, 7, 1, 19, False),
    ],
)  # fmt: skip
def test_season_and_exceptions_go_before_the_usual_hours(
    client: FlaskClient,
    session: Session,
    clock: TurnableClock,
    values: dict[str, Any],
    month: int,
    day: int,
    hour: int,
    expected: bool | None,
) -> None:
    keep(session, PlaceFactory(slug="quan", **values))
    clock.moment = clock.moment.replace(month=month, day=day, hour=hour)
    assert client.get("/api/v1/places/quan").json["open_now"] is expected
    for asked in ("true", "false"):
        listed = client.get(f"/api/v1/places?open_now={asked}").json["items"]
        assert bool(listed) is (str(expected).lower() == asked)


ALT = {"url": "https://example.org/a.jpg", "width": 10, "height": 10}
IMAGE = ALT | {"alt": {"vi": "Cổng"}, "licence": "CC0-1.0", "credit": "Mẫu"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"phone": "115"}, "phone"),
        ({"phone": "12345"}, "phone"),
        ({"phone": "0912 345 678 máy lẻ 5"}, "phone"),
        ({"phone": "call us"}, "phone"),
        ({"other_phones": ["0912345678", "x"]}, "other_phones"),
        ({"amenities": ["helipad"]}, "amenities"),
        ({"accessibility": ["helipad"]}, "accessibility"),
        ({"visit_minutes": 0}, "visit_minutes"),
        ({"links": [{"url": "javascript:alert(1)", "title": {"vi": "x"}}]}, "links"),
        ({"links": [{"url": "https://example.org"}]}, "links"),
        ({"season": {"from": "13-01", "to": "09-30"}}, "season"),
        ({"season": {"from": "02-30", "to": "09-30"}}, "season"),
        ({"season": {"from": "03-01"}}, "season"),
        ({"opening_exceptions": [{"date": "2026-02-30", "closed": True}]}, "opening_exceptions"),
        ({"opening_exceptions": [{"date": "20260901", "closed": True}]}, "opening_exceptions"),
        ({"opening_exceptions": [{"date": "2026-09-02"}]}, "opening_exceptions"),
        ({"opening_exceptions": [{"closed": True}]}, "opening_exceptions"),
        ({"opening_exceptions": [{"from": "2026-09-02", "closed": True}]}, "opening_exceptions"),
        (
            {"opening_exceptions": [{"date": "2026-09-02", "hours": "off", "closed": True}]},
            "opening_exceptions",
        ),
        (
            {"opening_exceptions": [{"from": "2026-09-02", "to": "2026-09-01", "closed": True}]},
            "opening_exceptions",
        ),
        (
            {
                "opening_exceptions": [
                    {"from": "2026-09-01", "to": "2026-09-03", "closed": True},
                    {"date": "2026-09-02", "hours": "08:00-10:00"},
                ]
            },
            "opening_exceptions",
        ),
        ({"images": [{**IMAGE, "licence": ""}]}, "images"),
        ({"images": [{**IMAGE, "alt": {"en": "Gate"}}]}, "images"),
        ({"images": [ALT]}, "images"),
        ({"name": {"vi": "Chùa", "xx": "?"}}, "name"),
        ({"location": {"lat": 18.8, "lng": 181}}, "location"),
    ],
)
def test_what_cannot_be_is_refused_by_its_name(
    client: FlaskClient, editor: Headers, change: dict[str, Any], field: str
) -> None:
    answer = client.post("/api/v1/staff/places", json=DRAFT | change, headers=editor)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]
    assert client.get("/api/v1/staff/places", headers=editor).json["items"] == []


def test_only_contacts_may_have_emergency_and_service_numbers(
    client: FlaskClient, editor: Headers
) -> None:
    office = {"kind": "office", "name": {"vi": "Cơ quan Mẫu"}}
    for given, kept in (("115", "115"), ("10 22", "1022"), ("+84 238 3824 123", "+842383824123")):
        answer = client.post(
            "/api/v1/staff/contacts", json=office | {"phone": given}, headers=editor
        )
        assert answer.json["phone"] == kept
    answer = client.post("/api/v1/staff/contacts", json=office | {"phone": "1"}, headers=editor)
    assert list(answer.json["errors"]) == ["phone"]


def test_a_language_is_added_by_its_code(
    make_app: Callable[..., Flask], as_staff: Callable[..., Headers]
) -> None:
    client, editor = make_app(languages=("vi", "en", "ko")).test_client(), as_staff(Role.EDITOR)
    named = DRAFT | {"name": {"vi": "Chùa Mẫu", "ko": "견본 사찰"}}
    assert client.post("/api/v1/staff/places", json=named, headers=editor).status_code == 201
    client.post("/api/v1/staff/places/chua-mau/publish", headers=editor)
    for language, name in (("ko", "견본 사찰"), ("en", "Chùa Mẫu"), ("vi", "Chùa Mẫu")):
        read = client.get(f"/api/v1/places?lang={language}")
        assert read.json["items"][0]["name"] == name
        assert read.headers["Content-Language"] == language
    asked = client.get("/api/v1/places", headers={"Accept-Language": "ko-KR,ko;q=0.9,en;q=0.5"})
    assert asked.json["items"][0]["name"] == "견본 사찰"
    assert client.get("/api/v1/search?q=사찰&lang=ko").json["items"][0]["title"] == "견본 사찰"
    known = client.get("/api/v1/vocabularies").json["languages"]
    assert {"code": "ko", "name": "한국어"} in known
    without = make_app().test_client()
    assert without.get("/api/v1/places?lang=ko").status_code == 422


def test_amenities_and_accessibility_are_vocabularies(client: FlaskClient) -> None:
    found = client.get("/api/v1/vocabularies?lang=en").json
    assert {"code": "toilet", "name": "Toilet"} in found["amenities"]
    assert {"code": "step-free", "name": "Step-free entrance"} in found["accessibility"]
