"""What every test may ask for: a database of its own, a clock to turn, an app and a client."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session, sessionmaker

from backend import create_app, migrating
from backend.accounts import staff
from backend.accounts.roles import Role
from backend.database import engine_for
from backend.settings import Settings
from content.seeding import seed_vocabularies
from tests import postgresql
from tests.emulator import firebase
from tests.postgresql import free_port
from tests.routing import compile_rules_once

TOWN_TIME = ZoneInfo("Asia/Ho_Chi_Minh")
MORNING = datetime(2026, 7, 1, 8, 0, tzinfo=TOWN_TIME)

compile_rules_once()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what signs citizens in, which takes npm and seconds, so that it can be left out."""
    for item in items:
        if "running_emulator" in getattr(item, "fixturenames", ()):
            item.add_marker("emulator")


class TurnableClock:
    """A clock that stands still until a test turns it."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, **duration: float) -> None:
        """Turn the clock on by *duration*, in timedelta's words."""
        self.moment += timedelta(**duration)


@pytest.fixture
def clock() -> TurnableClock:
    """Eight in the morning of a summer's day in the town."""
    return TurnableClock(MORNING)


EMPTY, WORDS = "template_empty", "template_words"
"""Databases to be copied: the newest schema, and the same with the vocabularies."""


def build_template(url: str, name: str) -> None:
    engine = engine_for(url)
    migrating.upgrade(engine)
    if name == WORDS:
        with sessionmaker(engine).begin() as session:
            seed_vocabularies(session, MORNING)
    engine.dispose()


@pytest.fixture(scope="session")
def sqlite_templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of SQLite's templates."""
    folder = tmp_path_factory.mktemp("sqlite")
    for name in (EMPTY, WORDS):
        build_template(f"sqlite:///{folder / name}", name)
    return folder


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """A PostgreSQL server of our own, its address without a database's name."""
    with postgresql.running() as address:
        yield address


@pytest.fixture(scope="session")
def postgresql_admin(postgresql_server: str) -> Iterator[Engine]:
    """A connection that may create databases, beside PostgreSQL's templates."""
    engine = create_engine(f"{postgresql_server}/postgres", isolation_level="AUTOCOMMIT")
    for name in (EMPTY, WORDS):
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        build_template(f"{postgresql_server}/{name}", name)
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database of the test's own, once of each kind.

    It is empty, but for the vocabularies where the test uses them.
    """
    template = WORDS if "vocabularies" in request.fixturenames else EMPTY
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_templates") / template, tmp_path / "town.db")
        yield f"sqlite:///{tmp_path / 'town.db'}"
        return
    server = request.getfixturevalue("postgresql_server")
    admin = request.getfixturevalue("postgresql_admin")
    name = f"town_{os.urandom(6).hex()}"
    with admin.connect() as connection:
        # Since version 15 the default writes every page to the log, four times slower here.
        version = connection.dialect.server_version_info or (0,)
        strategy = "STRATEGY FILE_COPY" if version >= (15,) else ""
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template} {strategy}"))
    yield f"{server}/{name}"
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def vocabularies(database_url: str) -> None:
    """The seeded wards, quarters, categories and topics: `database_url` puts them on file."""


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """The settings of the app under test."""
    return Settings(
        data_dir=tmp_path,
        database_url=database_url,
        secret_key="a secret for tests, of more than 32 characters",
        chatbot_key="a key for tests, of more than 32 characters",
        firebase_project_id=firebase.PROJECT,
        ratelimit_enabled=False,
    )


@pytest.fixture
def make_app(settings: Settings, clock: TurnableClock) -> Iterator[Callable[..., Flask]]:
    """Makes the application with some settings changed: `make_app(ratelimit_enabled=True)`."""
    made: list[Flask] = []

    def make(**changed: Any) -> Flask:
        made.append(create_app(replace(settings, **changed), clock=clock))
        return made[-1]

    yield make
    for app in made:
        app.extensions["chatbot"].close()
        app.extensions["engine"].dispose()


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    """The whole application."""
    return make_app()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A guest who calls the application."""
    return app.test_client()


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    """A session on the test's database, to arrange what the town knows."""
    engine = engine_for(database_url)
    with sessionmaker(engine)() as session:
        yield session
    engine.dispose()


@pytest.fixture
def as_staff(session: Session, clock: TurnableClock) -> Callable[..., dict[str, str]]:
    """Headers of a new member of staff with the given roles: `as_staff(Role.EDITOR)`."""

    def headers(*roles: Role) -> dict[str, str]:
        account = staff.hire(
            session,
            email=f"{os.urandom(4).hex()}@example.org",
            name="Nguyễn Thị Mẫu",
            roles=roles,
            password_hash=None,
            now=clock(),
        )
        token = staff.issue_token(session, account, name="tests", now=clock())
        session.commit()
        return {"Authorization": f"Bearer {token}"}

    return headers


@pytest.fixture(scope="session")
def running_emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[firebase.Emulator]:
    """A Firebase Authentication emulator of our own."""
    ports = (free_port(), free_port(), free_port())
    with firebase.running(tmp_path_factory.mktemp("firebase"), ports) as emulator:
        yield emulator


@pytest.fixture
def emulator(
    running_emulator: firebase.Emulator, monkeypatch: pytest.MonkeyPatch
) -> firebase.Emulator:
    """The emulator, to which firebase-admin turns in this test."""
    monkeypatch.setenv("FIREBASE_AUTH_EMULATOR_HOST", running_emulator.host)
    return running_emulator


@pytest.fixture
def as_citizen(emulator: firebase.Emulator) -> Callable[[str], dict[str, str]]:
    """Headers of the citizen with a phone: `as_citizen("+84912345678")`."""
    return lambda phone: {"Authorization": f"Bearer {emulator.sign_in(phone)}"}
