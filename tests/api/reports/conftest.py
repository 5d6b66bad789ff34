"""A town with categories and quarters, and a guest who reports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.accounts import staff
from backend.accounts.roles import Role
from backend.feedback.tokens import access_token
from backend.feedback.workflow import CLOSED, State
from backend.settings import Settings
from tests.conftest import TurnableClock
from tests.factories.feedback import NewReportFactory, ReportFactory

Headers = dict[str, str]


@dataclass(frozen=True)
class Filed:
    """A report on file and what its reporter knows of it."""

    id: str
    code: str
    token: str

    @property
    def headers(self) -> Headers:
        """What shows that one is the reporter."""
        return {"X-Access-Token": self.token}

    @property
    def address(self) -> str:
        """Where the reporter adds to it."""
        return f"/api/v1/reports/{self.id}"

    @property
    def tracking(self) -> str:
        """Where anybody follows it."""
        return f"/api/v1/reports/{self.code}"

    @property
    def staff_address(self) -> str:
        """Where the staff work on it."""
        return f"/api/v1/staff/reports/{self.id}"


InState = Callable[[State], Filed]
IdOf = Callable[[Headers], str]
FileReport = Callable[..., Filed]
MakeOffice = Callable[..., str]


@pytest.fixture(autouse=True)
def known_words(vocabularies: None) -> None:
    """The seeded vocabularies."""


@pytest.fixture
def file(client: FlaskClient) -> FileReport:
    """File a guest's report, ordinary but for what is given."""

    def file(**changes: Any) -> Filed:
        answer = client.post("/api/v1/reports", json=NewReportFactory(**changes))
        assert answer.status_code == 201, answer.text
        body = answer.json
        return Filed(body["id"], body["code"], body["access_token"])

    return file


@pytest.fixture
def in_state(session: Session, settings: Settings, clock: TurnableClock) -> InState:
    """A report that stands where the test wants it."""

    def in_state(state: State) -> Filed:
        report = ReportFactory(
            status=state,
            closed_at=clock() if state in CLOSED else None,
            waiting_since=clock() if state is State.WAITING_FOR_REPORTER else None,
        )
        session.add(report)
        session.commit()
        return Filed(str(report.id), report.code, access_token(report.id, settings.secret_key))

    return in_state


@pytest.fixture
def admin(as_staff: Callable[..., Headers]) -> Headers:
    """An administrator, who may do everything."""
    return as_staff(Role.ADMIN)


@pytest.fixture
def id_of(session: Session, clock: TurnableClock) -> IdOf:
    """The id of the member of staff who holds these headers."""

    def find(headers: Headers) -> str:
        row = staff.token_in_force(
            session, headers["Authorization"].removeprefix("Bearer "), clock()
        )
        assert row is not None
        return str(row.staff_id)

    return find


@pytest.fixture
def office(client: FlaskClient, admin: Headers, id_of: IdOf) -> MakeOffice:
    """Make an office with that code and the people who hold these headers; answers the code."""

    def make(code: str, *people: Headers) -> str:
        body = {"code": code, "name": {"vi": f"Đơn vị {code}", "en": f"Office {code}"}}
        members = [id_of(headers) for headers in people]
        made = client.post("/api/v1/staff/offices", json=body | {"members": members}, headers=admin)
        assert made.status_code == 201, made.text
        return code

    return make


@pytest.fixture
def officer(as_staff: Callable[..., Headers]) -> Headers:
    """An officer, who works on reports."""
    return as_staff(Role.OFFICER)


@pytest.fixture
def leader(as_staff: Callable[..., Headers]) -> Headers:
    """A leader, who reads reports and not who sent them."""
    return as_staff(Role.LEADER)
