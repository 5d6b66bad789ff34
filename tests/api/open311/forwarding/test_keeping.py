"""Where reports are forwarded to, as administrators keep it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.open311.models import ForwardedReport
from backend.open311.peers import Address, NotReached, Peers
from tests.api.open311.conftest import Headers
from tests.api.open311.forwarding.conftest import (
    FORWARDINGS,
    File,
    Forward,
    Work,
)
from tests.fakes.open311 import FakeOpen311


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/open311/v2",
        "https://127.0.0.1/v2",
        "https://10.0.0.1",
        "https://[::1]/v2",
        "https://[::ffff:10.0.0.1]/v2",
        "https://169.254.169.254/latest",
        "https://user:password@example.org",
        "https://example.org/?q=1",
        "https://example.org:99999",
        "ftp://example.org",
        "example.org",
    ],
)
def test_only_public_https_addresses_are_taken(
    make_app: Callable[..., Flask], admin: Headers, url: str
) -> None:
    body = {"label": "Tỉnh", "category": "101", "url": url, "service_codes": {"*": "1"}}
    answer = make_app().test_client().post(FORWARDINGS, json=body, headers=admin)
    assert answer.status_code == 422
    assert "url" in answer.json["errors"]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "2130706433", "0x7f.1"])
def test_a_name_that_leads_inside_is_never_called(host: str) -> None:
    with pytest.raises(NotReached):
        Peers().requests(Address(url=f"https://{host}:9"), ["1"])
    with pytest.raises(NotReached):
        Peers().requests(Address(url=f"http://{host}:9"), ["1"])


# Administration


def test_a_forwarding_is_kept_by_administrators_and_its_key_never_shown(
    forward: Forward, client: FlaskClient, admin: Headers, officer: Headers
) -> None:
    made = forward(api_key="rất-bí-mật")
    address = f"{FORWARDINGS}/{made['id']}"
    assert made["has_key"] is True
    assert client.get(FORWARDINGS, headers=officer).status_code == 403
    changed = client.patch(address, json={"active": False, "form": "xml"}, headers=admin)
    assert (changed.json["active"], changed.json["form"]) == (False, "xml")
    assert client.patch(address, json={"api_key": None}, headers=admin).json["has_key"] is False
    client.patch(address, json={"api_key": "rất-bí-mật"}, headers=admin)
    for path in (FORWARDINGS, address, "/api/v1/staff/audit"):
        assert "bí-mật" not in client.get(path, headers=admin).text
    assert client.delete(address, headers=admin).status_code == 204
    assert client.get(address, headers=admin).status_code == 404


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"category": None}, 422, "category"),
        ({"category": "999"}, 422, "category"),
        ({"office": "nowhere"}, 422, "office"),
        ({"service_codes": {}}, 422, "service_codes"),
        ({"service_codes": {"999": "1"}}, 422, "service_codes"),
        ({"form": "yaml"}, 422, "form"),
        ({"label": ""}, 422, "label"),
    ],
)
def test_a_forwarding_that_cannot_work_is_refused(
    client: FlaskClient, admin: Headers, changes: dict[str, Any], status: int, field: str
) -> None:
    body = {
        "label": "Tỉnh",
        "category": "101",
        "url": "https://example.org",
        "service_codes": {"*": "1"},
    }
    answer = client.post(FORWARDINGS, json=body | changes, headers=admin)
    assert answer.status_code == status, answer.text
    assert field in answer.json["errors"]


def test_a_forwarding_by_which_reports_went_is_switched_off_not_removed(
    forward: Forward, confirmed: File, work: Work, client: FlaskClient, admin: Headers,
    fake: FakeOpen311, session: Session,
) -> None:  # fmt: skip
    made = forward()
    confirmed()
    work()
    address = f"{FORWARDINGS}/{made['id']}"
    assert client.delete(address, headers=admin).status_code == 409
    client.patch(address, json={"active": False}, headers=admin)
    confirmed()
    calls = len(fake.calls)
    work(10)
    assert len(fake.calls) == calls
    assert client.post(FORWARDINGS, headers=admin, json={
        "label": "Tỉnh", "category": "102", "url": fake.url, "service_codes": {"*": "1"},
    }).status_code == 409  # fmt: skip
    session.rollback()
    assert len(session.scalars(select(ForwardedReport)).all()) == 1
