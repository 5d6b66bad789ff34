"""What another server says of a forwarded report comes back."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient

from tests.api.open311.conftest import Headers, id_of
from tests.api.open311.forwarding.conftest import (
    FORWARDINGS,
    File,
    Forward,
    Move,
    Work,
    status_of,
)
from tests.fakes.open311 import FakeOpen311


def test_a_token_becomes_an_id_and_a_closed_request_closes_ours(
    forward: Forward, confirmed: File, work: Work, fake: FakeOpen311, forwarded: Any,
    client: FlaskClient, officer: Headers, admin: Headers,
) -> None:  # fmt: skip
    forwarding = forward()
    code = confirmed()
    del fake.answers["servicerequestupdates.json"]
    fake.answers["requests.json"] = (200, [{"token": "T/1"}])
    work()
    assert forwarded(forwarding)["state"] == "token"
    fake.answers["tokens/T/1.json"] = (200, [{"service_request_id": "R9", "token": "T/1"}])
    fake.answers["requests.json"] = (200, [{"service_request_id": "R9", "status": "open"}])
    work(6)
    assert forwarded(forwarding)["remote_id"] == "R9"
    listing = client.get(f"{FORWARDINGS}/{forwarding['id']}", headers=admin).json
    assert listing["offers_updates"] is False
    fake.answers["requests.json"] = (
        200,
        [{"service_request_id": "R9", "status": "closed", "status_notes": "Đã làm"}],
    )
    work(6)
    assert status_of(client, officer, code) == "resolved"
    assert forwarded(forwarding)["state"] == "closed"
    calls = len(fake.calls)
    work(20)
    assert "R9" not in str(fake.calls[calls:])


def test_a_server_that_takes_one_id_at_a_time_is_asked_for_one(
    forward: Forward, confirmed: File, work: Work, fake: FakeOpen311, client: FlaskClient,
    officer: Headers,
) -> None:  # fmt: skip
    forward()
    code = confirmed()
    work()
    fake.answers["requests.json"] = (400, [])
    fake.answers["requests/R1.json"] = (200, [{"service_request_id": "R1", "status": "closed"}])
    work(6)
    assert status_of(client, officer, code) == "resolved"


def test_what_the_town_closed_stays_closed_while_the_other_says_open(
    forward: Forward, confirmed: File, work: Work, fake: FakeOpen311, move: Move,
    client: FlaskClient, officer: Headers,
) -> None:  # fmt: skip
    forward()
    code = confirmed()
    work()
    fake.answers["requests.json"] = (200, [{"service_request_id": "R1", "status": "open"}])
    work(6)
    move(code, "in_progress")
    move(code, "resolved")
    work(6)
    assert status_of(client, officer, code) == "resolved"


def test_what_the_workflow_cannot_do_is_left_to_the_staff(
    forward: Forward, confirmed: File, work: Work, fake: FakeOpen311, move: Move,
    client: FlaskClient, officer: Headers,
) -> None:  # fmt: skip
    forward()
    code = confirmed()
    work()
    move(code, "in_progress")
    move(code, "resolved")
    told = {"update_id": "1", "service_request_id": "R1", "status": "DUPLICATE"}
    fake.answers["servicerequestupdates.json"] = (200, [told | {"description": "Trùng"}])
    work(6)
    assert status_of(client, officer, code) == "resolved"
    report = client.get(
        f"/api/v1/staff/reports/{id_of(client, officer, code)}", headers=officer
    ).json
    assert "Tỉnh: DUPLICATE Trùng" in [event["text"] for event in report["history"]]


def test_an_asking_that_fails_is_put_off_longer_each_time(
    forward: Forward, confirmed: File, work: Work, fake: FakeOpen311, client: FlaskClient,
    admin: Headers,
) -> None:  # fmt: skip
    forwarding = forward()
    confirmed()
    work()
    fake.answers["servicerequestupdates.json"] = (500, b"")
    for _ in range(30):
        work(2)
    tries = [call for call in fake.calls if call[1] == "servicerequestupdates.json"]
    assert 2 <= len(tries) <= 4
    listing = client.get(f"{FORWARDINGS}/{forwarding['id']}", headers=admin).json
    assert listing["failures"] == len(tries) - 1
    assert listing["last_error"] == "HTTP 500: no reason given"


# Addresses
