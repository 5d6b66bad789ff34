"""A town with two beaches, a leader who warns, and what people and other systems then read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import xmlschema
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts.roles import Role
from notifications.messages import Message
from tests.factories.content import BeachFactory, keep

Headers = dict[str, str]
Issue = Callable[..., Any]
STAFF = "/api/v1/staff/alerts"
BANS = "/api/v1/staff/beaches/xuan-huong/bans"
CAP = {"cap": "urn:oasis:names:tc:emergency:cap:1.2"}
SCHEMA = xmlschema.XMLSchema(Path(__file__).parents[2] / "schemas" / "CAP-v1.2.xsd")
STORM = {
    "event": "storm",
    "headline": {"vi": "Bão số 5 gần bờ", "en": "Typhoon No. 5 near the coast"},
    "description": {"vi": "Gió giật cấp 10 & sóng < 5 m.", "en": "Gusts & waves < 5 m."},
    "expires": "2026-07-02T08:00:00+07:00",
}
REASON = {"vi": "Sóng lớn", "en": "High waves"}


@pytest.fixture(autouse=True)
def town(session: Session, vocabularies: None) -> None:
    """The quarters, and two beaches."""
    keep(
        session,
        BeachFactory(slug="xuan-huong", name={"vi": "Bãi Xuân Hương", "en": "Xuan Huong"}),
        BeachFactory(slug="cua-hoi", quarter="nghi-hai"),
    )


@pytest.fixture
def leader(as_staff: Callable[..., Headers]) -> Headers:
    """A leader."""
    return as_staff(Role.LEADER)


@pytest.fixture
def issue(client: FlaskClient, leader: Headers) -> Issue:
    """Issue a storm warning: `issue(severity="Extreme")`."""
    return lambda **change: client.post(STAFF, json=STORM | change, headers=leader)


def act(client: FlaskClient, leader: Headers, alert: dict[str, Any], name: str, **body: Any) -> Any:
    return client.post(f"{STAFF}/{alert['id']}/{name}", json=body, headers=leader)


def in_force(client: FlaskClient) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = client.get("/api/v1/alerts").json["items"]
    return items


def status(client: FlaskClient, slug: str = "xuan-huong", lang: str = "vi") -> dict[str, Any]:
    body: dict[str, Any] = client.get(f"/api/v1/beaches/{slug}/status?lang={lang}").json
    return body


def parsed(data: bytes) -> ET.Element:
    return ET.fromstring(data)  # noqa: S314 - our own document


def document(client: FlaskClient, alert: dict[str, Any]) -> ET.Element:
    """The alert's CAP document, found valid by the schema of OASIS."""
    answer = client.get(f"/feeds/cap/{alert['id']}.xml")
    assert answer.status_code == 200
    assert answer.mimetype == "application/cap+xml"
    SCHEMA.validate(answer.text)
    return parsed(answer.data)


def said(document: ET.Element, *path: str) -> list[str | None]:
    return [found.text for found in document.findall("/".join(f"cap:{p}" for p in path), CAP)]


def feed(client: FlaskClient, **headers: str) -> list[dict[str, str | None]]:
    answer = client.get("/feeds/cap/alerts.rss", headers=headers)
    assert (answer.status_code, answer.mimetype) == (200, "application/rss+xml")
    items = parsed(answer.data).findall("channel/item")
    return [{part.tag: part.text for part in item} for item in items]


def pushed(session: Session) -> list[Message]:
    session.rollback()
    return list(session.scalars(select(Message).order_by(Message.created_at)))
