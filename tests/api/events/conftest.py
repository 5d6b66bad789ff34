"""A town with its vocabularies, an editor, and events of both calendars."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.accounts.roles import Role
from content.publishing import State
from tests.conftest import TOWN_TIME
from tests.factories.content import EventFactory, PlaceFactory, keep

Headers = dict[str, str]
SATURDAYS = {"calendar": "gregorian", "rule": "FREQ=WEEKLY;BYDAY=SA"}
FULL_MOONS = {"calendar": "lunar", "frequency": "monthly", "day": 15}


@pytest.fixture(autouse=True)
def known_words(vocabularies: None) -> None:
    """The seeded vocabularies."""


@pytest.fixture
def editor(as_staff: Callable[..., Headers]) -> Headers:
    """An editor."""
    return as_staff(Role.EDITOR)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TOWN_TIME)


def listed(client: FlaskClient, **query: Any) -> list[dict[str, Any]]:
    words = {name.rstrip("_"): str(value) for name, value in query.items()}
    answer = client.get("/api/v1/events", query_string=words)
    assert answer.status_code == 200, answer.json
    items: list[dict[str, Any]] = answer.json["items"]
    return items


def days(client: FlaskClient, **query: Any) -> list[tuple[str, str]]:
    return [(item["starts_at"][:10], item["slug"]) for item in listed(client, **query)]


@pytest.fixture
def town(session: Session) -> None:
    """A market, a festival, a race, and what the public must not see."""
    square = PlaceFactory(
        slug="quang-truong", name={"vi": "Quảng trường", "en": "Square"}, lat=18.8, lng=105.7
    )
    keep(session, square)
    keep(
        session,
        EventFactory(
            slug="cho-dem",
            title={"vi": "Chợ đêm", "en": "Night market"},
            starts_on=None,
            starts_at=at("2026-07-04 18:00"),
            ends_at=at("2026-07-04 22:00"),
            recurrence=SATURDAYS,
            place_id=square.id,
            quarter="thu-thuy",
        ),
        EventFactory(
            slug="dem-ram",
            title={"vi": "Đêm rằm", "en": "Full moon"},
            starts_on=date(2026, 1, 1),
            recurrence=FULL_MOONS,
            topics=["events"],
        ),
        EventFactory(
            slug="giai-chay",
            title={"vi": "Giải chạy", "en": "Race"},
            starts_on=date(2026, 6, 29),
            ends_on=date(2026, 7, 2),
            place_text={"vi": "Dọc bãi biển", "en": "Along the beach"},
        ),
        EventFactory(slug="nhap", state=State.DRAFT),
        EventFactory(slug="da-qua", starts_on=date(2026, 6, 20)),
    )


def market(**more: Any) -> dict[str, Any]:
    return {
        "title": {"vi": "Chợ phiên", "en": "Market"},
        "starts_at": "2026-07-04T18:00:00+07:00",
        "ends_at": "2026-07-04T22:00:00+07:00",
        "recurrence": SATURDAYS,
        **more,
    }


def published(client: FlaskClient, editor: Headers, body: dict[str, Any]) -> str:
    made = client.post("/api/v1/staff/events", json=body, headers=editor)
    assert made.status_code == 201, made.json
    address = f"/api/v1/staff/events/{made.json['id']}"
    answer = client.post(f"{address}/publish", headers=editor)
    assert answer.status_code == 200, answer.json
    return address
