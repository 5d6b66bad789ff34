"""Numbers to call."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.accounts.roles import Role
from tests.factories.content import ContactFactory, keep

DRAFT = {"kind": "office", "name": {"vi": "Cơ quan Mẫu"}, "phone": "0238 3824 123"}


def test_emergency_numbers_come_first_in_their_order(client: FlaskClient, session: Session) -> None:
    keep(
        session,
        ContactFactory(slug="co-quan"),
        ContactFactory(slug="113", kind="emergency", phone="113", position=2),
        ContactFactory(slug="115", kind="emergency", phone="115", position=1),
    )
    items = client.get("/api/v1/contacts").json["items"]
    assert [item["slug"] for item in items] == ["115", "113", "co-quan"]
    emergency = client.get("/api/v1/contacts?kind=emergency").json["items"]
    assert [item["phone"] for item in emergency] == ["115", "113"]


def test_an_editor_adds_a_number(
    client: FlaskClient, as_staff: Callable[..., dict[str, str]]
) -> None:
    editor = as_staff(Role.EDITOR)
    made = client.post("/api/v1/staff/contacts", json=DRAFT, headers=editor)
    assert made.status_code == 201
    assert client.get("/api/v1/contacts").json["items"] == []
    client.post(f"/api/v1/staff/contacts/{made.json['id']}/publish", headers=editor)
    (found,) = client.get("/api/v1/contacts").json["items"]
    assert (found["name"], found["phone"]) == ("Cơ quan Mẫu", "+842383824123")
    (hit,) = client.get("/api/v1/search?q=co quan").json["items"]
    assert hit["type"] == "contact"


@pytest.mark.parametrize(
    ("change", "field"),
    [({"kind": "friend"}, "kind"), ({"name": "text"}, "name"), ({"phone": 113}, "phone")],
)
def test_a_bad_field_is_named(
    client: FlaskClient,
    as_staff: Callable[..., dict[str, str]],
    change: dict[str, object],
    field: str,
) -> None:
    editor = as_staff(Role.EDITOR)
    answer = client.post("/api/v1/staff/contacts", json=DRAFT | change, headers=editor)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]
