"""Reports that go on to another Open311 server, each once."""

from __future__ import annotations

import io
import socket
import uuid
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from backend.open311.models import ForwardedReport
from tests.api.open311.conftest import Headers, id_of
from tests.api.open311.forwarding.conftest import (
    FORWARDINGS,
    Approve,
    File,
    Forward,
    Move,
    Peer,
    Work,
    move_there,
    status_of,
    theirs,
)
from tests.factories.feedback import NewReportFactory, contact
from tests.factories.files import image
from tests.fakes.open311 import FakeOpen311


@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_confirmed_report_goes_out_once_and_what_is_done_there_comes_back(
    forward: Forward, file: File, move: Move, work: Work, peer: Peer, client: FlaskClient,
    officer: Headers, form: str,
) -> None:  # fmt: skip
    forward(url=peer.url, api_key=peer.key, service_codes={"101": "102"}, form=form)
    person = contact(name="TênRiêng", email="rieng@example.org")
    words = "Tôi là TênRiêng, 0912 345 678"
    location = {"lat": 18.8, "lng": 105.72}
    code = file(description=words, location=location, place_text="Nhà TênRiêng", **person)
    work(1)
    assert theirs(peer) == []
    move(code, "verified")
    for _ in range(3):
        work(1)
    [there] = theirs(peer)
    assert there["category"]["code"] == "102"
    assert code in there["description"]
    assert there["location"] == location
    said = peer.client.get(f"/api/v1/staff/reports/{there['id']}", headers=peer.officer).text
    for marker in ("TênRiêng", "rieng@example.org", "345 678"):
        assert marker not in said
    move_there(peer, "in_progress", public_note={"vi": "Xe đang đến"})
    work(6)
    assert status_of(client, officer, code) == "in_progress"
    move_there(peer, "resolved", public_note={"vi": "Đã dọn sạch"})
    work(6)
    assert status_of(client, officer, code) == "resolved"
    history = client.get(f"/api/v1/reports/{code}").json["history"]
    assert [step["note"] for step in history][-2:] == ["Xe đang đến", "Đã dọn sạch"]
    events = len(history)
    work(6)
    assert len(client.get(f"/api/v1/reports/{code}").json["history"]) == events


def test_what_an_officer_approved_goes_with_it(
    forward: Forward, file: File, move: Move, approve: Approve, work: Work, fake: FakeOpen311,
    client: FlaskClient,
) -> None:  # fmt: skip
    forward(service_codes={"*": "misc"}, category="100", jurisdiction="tinh")
    filed = client.post("/api/v1/reports", json=NewReportFactory(quarter="nghi-thuy")).json
    client.post(
        f"/api/v1/reports/{filed['id']}/photos",
        data={"photo": (io.BytesIO(image()), "a.jpg")},
        headers={"X-Access-Token": filed["access_token"]},
    )
    move(filed["code"], "verified")
    approve(filed["code"], "Rác bên đường")
    work()
    [(_, path, fields, key)] = fake.posts()
    assert path == "requests.json"
    assert uuid.UUID(key)
    assert fields["service_code"] == ["misc"]
    assert fields["description"] == [f"Rác bên đường\n\n({filed['code']})"]
    assert fields["address_string"] == ["Nghi Thủy"]
    [link] = fields["media_url"]
    assert client.get(link.removeprefix("http://127.0.0.1:8000")).status_code == 200
    assert fields.keys() <= {"service_code", "description", "address_string", "media_url"}


def test_own_words_go_out_without_addresses_and_numbers_where_that_is_wished(
    forward: Forward, confirmed: File, work: Work, fake: FakeOpen311
) -> None:
    forward(own_words=True)
    code = confirmed(description="Rác, gọi 0912 345 678 hoặc a@b.vn", place_text="Cạnh chợ")
    work()
    [(_, _, fields, _)] = fake.posts()
    assert fields["description"] == [f"Rác, gọi ••• hoặc •••\n\n({code})"]
    assert fields["address_string"] == ["Cạnh chợ"]


def test_an_offices_reports_are_forwarded(
    forward: Forward, confirmed: File, work: Work, fake: FakeOpen311, office: str,
    client: FlaskClient, officer: Headers,
) -> None:  # fmt: skip
    forward(category=None, office=office)
    code = confirmed()
    work()
    assert fake.posts() == []
    address = f"/api/v1/staff/reports/{id_of(client, officer, code)}"
    client.post(f"{address}/assign", headers=officer, json={"office": office})
    work(1)
    assert len(fake.posts()) == 1


def test_a_server_that_asks_to_wait_is_asked_again_then(
    forward: Forward, confirmed: File, work: Work, fake: FakeOpen311, forwarded: Any
) -> None:
    forwarding = forward()
    confirmed()
    fake.answers["requests.json"] = (503, b"busy")
    fake.headers = [("Retry-After", "600")]
    work()
    work(9)
    assert len(fake.posts()) == 1
    assert forwarded(forwarding)["state"] == "waiting"
    fake.answers["requests.json"] = (200, [{"service_request_id": 77}])
    work(2)
    assert len(fake.posts()) == 2
    assert forwarded(forwarding)["state"] == "sent"
    assert forwarded(forwarding)["remote_id"] == "77"


def test_a_server_that_is_down_is_tried_later(
    forward: Forward, confirmed: File, work: Work, fake: FakeOpen311, forwarded: Any
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    forwarding = forward(url=f"http://127.0.0.1:{port}")
    confirmed()
    work()
    assert forwarded(forwarding)["state"] == "waiting"
    assert forwarded(forwarding)["error"] == "ConnectError"


@pytest.mark.parametrize(
    "answer", [(500, b"oops"), (200, b"<html>"), (200, []), (302, b""), (200, b"[" * 100_000)]
)
def test_what_may_have_arrived_is_never_sent_again_by_itself(
    forward: Forward, confirmed: File, work: Work, fake: FakeOpen311, forwarded: Any,
    client: FlaskClient, admin: Headers, answer: tuple[int, Any],
) -> None:  # fmt: skip
    forwarding = forward()
    confirmed()
    fake.answers["requests.json"] = answer
    work()
    work(120)
    assert len(fake.posts()) == 1
    sent = forwarded(forwarding)
    assert sent["state"] == "unsure"
    fake.answers["requests.json"] = (200, [{"service_request_id": "R1"}])
    again = f"{FORWARDINGS}/{forwarding['id']}/reports/{sent['id']}/resend"
    assert client.post(again, headers=admin).status_code == 200
    work()
    assert len(fake.posts()) == 2
    assert forwarded(forwarding)["state"] == "sent"
    assert client.post(again, headers=admin).status_code == 409


def test_a_server_that_does_not_answer_in_time_may_have_it(
    forward: Forward, confirmed: File, work: Work, fake: FakeOpen311, forwarded: Any
) -> None:
    forwarding = forward()
    confirmed()
    fake.fall_silent()
    work(patience=0.3)
    assert forwarded(forwarding)["state"] == "unsure"


def test_a_server_that_knows_our_keys_is_sent_the_same_again(
    forward: Forward, confirmed: File, work: Work, fake: FakeOpen311, forwarded: Any
) -> None:
    forwarding = forward(is_idempotent=True)
    confirmed()
    fake.answers["requests.json"] = (500, b"oops")
    work()
    fake.answers["requests.json"] = (200, [{"service_request_id": "R1"}])
    work(5)
    assert len(fake.posts()) == 2
    assert len({key for *_, key in fake.posts()}) == 1
    assert forwarded(forwarding)["state"] == "sent"


def test_a_sender_that_died_leaves_what_it_was_sending_unsure(
    forward: Forward, confirmed: File, work: Work, fake: FakeOpen311, forwarded: Any,
    session: Session,
) -> None:  # fmt: skip
    forwarding = forward()
    confirmed()
    fake.answers["requests.json"] = (429, b"")
    work()
    session.execute(update(ForwardedReport).values(state="sending"))
    session.commit()
    work(5)
    assert len(fake.posts()) == 1
    assert forwarded(forwarding)["state"] == "unsure"


def test_a_refusal_is_kept_with_its_reason(
    forward: Forward, confirmed: File, work: Work, fake: FakeOpen311, forwarded: Any
) -> None:
    forwarding = forward()
    confirmed()
    fake.answers["requests.json"] = (400, [{"code": 400, "description": "lat is outside"}])
    work()
    work(60)
    assert len(fake.posts()) == 1
    sent = forwarded(forwarding)
    assert (sent["state"], sent["error"]) == ("refused", "HTTP 400: lat is outside")
