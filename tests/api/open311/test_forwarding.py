"""Reports that go on to another Open311 server, and what comes back from there."""

from __future__ import annotations

import io
import shutil
import socket
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from backend import create_app
from backend.accounts import staff
from backend.accounts.roles import Role
from backend.open311 import relaying
from backend.open311.models import ForwardedReport
from backend.open311.peers import Address, NotReached, Peers
from backend.settings import Settings
from notifications import worker
from tests.api.open311.conftest import V2, Headers, id_of
from tests.conftest import WORDS, TurnableClock
from tests.factories.feedback import NewReportFactory, contact
from tests.factories.files import image
from tests.fakes.open311 import FakeOpen311
from tests.serving import served

FORWARDINGS = "/api/v1/staff/forwardings"
Work = Callable[..., int]
Move = Callable[..., None]
Approve = Callable[[str, str], None]
File = Callable[..., str]
Forward = Callable[..., dict[str, Any]]


@pytest.fixture
def make_settings(settings: Settings) -> Settings:
    """A town that may call servers of its own machine."""
    return replace(settings, open311_private_peers=True)


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    """The application of that town."""
    return make_app(open311_private_peers=True)


@pytest.fixture
def admin(as_staff: Callable[..., Headers]) -> Headers:
    """An administrator."""
    return as_staff(Role.ADMIN)


@pytest.fixture
def fake() -> Iterator[FakeOpen311]:
    """A server of somebody else that takes every request."""
    with FakeOpen311() as server:
        server.answers["requests.json"] = (200, [{"service_request_id": "R1"}])
        server.answers["servicerequestupdates.json"] = (200, [])
        yield server


@pytest.fixture
def work(session: Session, make_settings: Settings, clock: TurnableClock) -> Work:
    """Do what the worker has to do by now, after some *minutes*."""
    sessions = sessionmaker(session.get_bind())

    def act(minutes: float = 0, patience: float = 5.0) -> int:
        session.rollback()
        clock.advance(minutes=minutes)
        with sessions.begin() as planning:
            relaying.plan(planning, clock())
        peers = Peers(private=True, patience=patience)
        return worker.work_off(sessions, relaying.handlers(make_settings, peers), clock)

    return act


@pytest.fixture
def file(client: FlaskClient) -> File:
    """The code of a report that a guest filed."""

    def act(**changes: Any) -> str:
        answer = client.post("/api/v1/reports", json=NewReportFactory(**changes))
        assert answer.status_code == 201, answer.text
        code: str = answer.json["code"]
        return code

    return act


@pytest.fixture
def confirmed(file: File, move: Move) -> File:
    """The code of a report that an officer confirmed."""

    def act(**changes: Any) -> str:
        code = file(**changes)
        move(code, "verified")
        return code

    return act


@pytest.fixture
def forward(client: FlaskClient, admin: Headers, fake: FakeOpen311) -> Forward:
    """Begin to forward a category to the fake, or as given."""

    def act(**changes: Any) -> dict[str, Any]:
        body = {
            "label": "Tỉnh",
            "category": "101",
            "url": fake.url,
            "service_codes": {"101": "waste"},
        } | changes
        answer = client.post(FORWARDINGS, json=body, headers=admin)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json
        return made

    return act


@pytest.fixture
def forwarded(client: FlaskClient, admin: Headers) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """How the one report of a forwarding stands."""

    def find(forwarding: dict[str, Any]) -> dict[str, Any]:
        answer = client.get(f"{FORWARDINGS}/{forwarding['id']}/reports", headers=admin)
        [one] = answer.json["items"]
        found: dict[str, Any] = one
        return found

    return find


@dataclass
class Peer:
    """A second town with our own software: where it answers, and its officer."""

    url: str
    key: str
    client: FlaskClient
    officer: Headers


@pytest.fixture
def peer(
    sqlite_templates: Path, settings: Settings, clock: TurnableClock, tmp_path: Path
) -> Iterator[Peer]:
    """A town of our own software behind real HTTP."""
    home = tmp_path / "peer"
    home.mkdir()
    shutil.copy(sqlite_templates / WORDS, home / "town.db")
    theirs = replace(settings, data_dir=home, database_url=f"sqlite:///{home / 'town.db'}")
    app = create_app(theirs, clock=clock)
    with app.extensions["sessions"].begin() as session:
        person = staff.hire(
            session,
            email="peer@example.org",
            name="Cán bộ Mẫu",
            roles=[Role.OFFICER],
            password_hash=None,
            now=clock(),
        )
        token = staff.issue_token(session, person, name="tests", now=clock())
    key = app.test_cli_runner().invoke(args=["open311", "key", "add", "Cửa Lò"]).output.strip()
    with served(app) as url:
        yield Peer(f"{url}{V2}", key, app.test_client(), {"Authorization": f"Bearer {token}"})
    app.extensions["chatbot"].close()
    app.extensions["engine"].dispose()


def theirs(peer: Peer) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = peer.client.get(
        "/api/v1/staff/reports", headers=peer.officer
    ).json["items"]
    return items


def status_of(client: FlaskClient, officer: Headers, code: str) -> str:
    address = f"/api/v1/staff/reports/{id_of(client, officer, code)}"
    status: str = client.get(address, headers=officer).json["status"]
    return status


def move_there(peer: Peer, to: str, **more: Any) -> None:
    [report] = theirs(peer)
    answer = peer.client.post(
        f"/api/v1/staff/reports/{report['id']}/transition",
        headers=peer.officer,
        json={"to": to} | more,
    )
    assert answer.status_code == 200, answer.text


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
