"""A town that forwards reports, servers that it forwards to, and their people."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from backend import create_app
from backend.accounts import staff
from backend.accounts.roles import Role
from backend.open311 import relaying
from backend.open311.peers import Peers
from backend.settings import Settings
from notifications import worker
from tests.api.open311.conftest import V2, Headers, id_of
from tests.conftest import WORDS, TurnableClock
from tests.factories.feedback import NewReportFactory
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
