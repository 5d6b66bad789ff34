"""After a report was closed: rated, opened again, or left alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from backend.feedback import watching
from backend.feedback.workflow import State
from notifications.worker import work_off
from tests.api.reports.conftest import Filed, FileReport, Headers, InState
from tests.conftest import TurnableClock

WITHIN = timedelta(days=14)


@pytest.fixture
def watch(session: Session, clock: TurnableClock) -> Callable[[], None]:
    """Let the worker look now."""

    def watch() -> None:
        watching.plan(session, clock())
        session.commit()
        work_off(sessionmaker(session.get_bind()), watching.handlers(WITHIN), clock)

    return watch


@pytest.fixture
def close(client: FlaskClient, officer: Headers) -> Callable[..., Filed]:
    """Bring a report to its end."""

    def close(filed: Filed, to: str = "resolved") -> Filed:
        for state in ("in_progress", to):
            client.post(
                f"{filed.staff_address}/transition",
                json={"to": state, "reason": "Xong"},
                headers=officer,
            )
        return filed

    return close


def say(client: FlaskClient, filed: Filed, act: str, **body: Any) -> tuple[int, dict[str, Any]]:
    answer = client.post(f"{filed.address}/{act}", json=body, headers=filed.headers)
    return answer.status_code, answer.json


def test_a_closing_is_rated_and_the_rating_changed(
    client: FlaskClient, officer: Headers, file: FileReport, close: Callable[..., Filed]
) -> None:
    filed = close(file())
    status, seen = say(client, filed, "rating", rating=2, comment="Chưa sạch")
    assert (status, seen["rating"]["rating"], seen["rating"]["comment"]) == (200, 2, "Chưa sạch")
    assert seen["reopen_until"] == "2026-07-15T08:00:00+07:00"
    say(client, filed, "rating", rating=5)
    (kept,) = client.get(filed.staff_address, headers=officer).json["ratings"]
    assert (kept["rating"], kept["comment"]) == (5, None)
    assert "rating" not in client.get(filed.tracking).json


def test_a_report_is_rated_once_the_town_has_closed_it_and_not_before(
    client: FlaskClient, in_state: InState, clock: TurnableClock, session: Session
) -> None:
    for state in State:
        expected = 200 if state in (State.RESOLVED, State.REJECTED) else 409
        filed = in_state(state)
        assert say(client, filed, "rating", rating=3)[0] == expected, state


def test_a_rating_that_is_none_is_refused_by_its_name(
    client: FlaskClient, file: FileReport, close: Callable[..., Filed]
) -> None:
    filed = close(file())
    for rating in (0, 6, 2.5, "5", None):
        status, problem = say(client, filed, "rating", rating=rating)
        assert status == 422
        assert "rating" in problem["errors"]
    assert client.post(f"{filed.address}/rating", json={"rating": 1}).status_code == 403


def test_rated_1_reopened_and_closed_again_a_report_has_a_rating_for_each_closing(
    client: FlaskClient,
    officer: Headers,
    file: FileReport,
    close: Callable[..., Filed],
    clock: TurnableClock,
) -> None:
    filed = close(file())
    say(client, filed, "rating", rating=1)
    clock.advance(days=13)
    status, seen = say(client, filed, "reopen", reason="Vẫn còn")
    assert (status, seen["status"], seen["rating"]) == (200, "reopened", None)
    clock.advance(days=1)
    close(filed)
    assert say(client, filed, "rating", rating=4)[1]["rating"]["rating"] == 4
    kept = client.get(filed.staff_address, headers=officer).json["ratings"]
    assert [given["rating"] for given in kept] == [1, 4]


def test_after_the_days_of_grace_a_report_is_neither_rated_nor_reopened_by_its_reporter(
    client: FlaskClient,
    officer: Headers,
    file: FileReport,
    close: Callable[..., Filed],
    clock: TurnableClock,
) -> None:
    filed = close(file())
    clock.advance(days=14, minutes=1)
    for act, body in (("reopen", {"reason": "Vẫn còn"}), ("rating", {"rating": 1})):
        status, problem = say(client, filed, act, **body)
        assert status == 409
        assert "14" in problem["detail"]
    # The town itself may always open it.
    move = {"to": "reopened", "reason": "Sai sót"}
    answer = client.post(f"{filed.staff_address}/transition", json=move, headers=officer)
    assert answer.status_code == 200


def test_the_days_of_grace_are_a_setting(
    make_app: Callable[..., Flask],
    file: FileReport,
    close: Callable[..., Filed],
    clock: TurnableClock,
) -> None:
    filed = close(file())
    clock.advance(days=3)
    patient = make_app(reopen_days=2).test_client()
    assert say(patient, filed, "reopen", reason="Vẫn còn")[0] == 409


def test_a_rating_that_nobody_gives_closes_by_itself(
    client: FlaskClient,
    officer: Headers,
    file: FileReport,
    close: Callable[..., Filed],
    clock: TurnableClock,
    watch: Callable[[], None],
) -> None:
    silent, rated, reopened = (close(file()) for _ in range(3))
    say(client, rated, "rating", rating=5)
    say(client, reopened, "reopen", reason="Vẫn còn")
    clock.advance(days=14, minutes=1)
    watch()
    watch()
    ratings = [
        [given["rating"] for given in client.get(f.staff_address, headers=officer).json["ratings"]]
        for f in (silent, rated, reopened)
    ]
    assert ratings == [[None], [5], []]
    history = client.get(silent.staff_address, headers=officer).json["history"]
    assert (history[-1]["kind"], history[-1]["by"]) == ("unrated", "system")


def test_who_worked_on_a_report_is_told_that_it_was_opened_again(
    client: FlaskClient,
    officer: Headers,
    file: FileReport,
    close: Callable[..., Filed],
    id_of: Callable[[Headers], str],
) -> None:
    filed = file()
    person = {"person": id_of(officer)}
    client.post(f"{filed.staff_address}/assign", json=person, headers=officer)
    close(filed)
    say(client, filed, "reopen", reason="Vẫn còn")
    notices = client.get("/api/v1/staff/notices", headers=officer).json["items"]
    assert [notice["kind"] for notice in notices] == ["reopened"]
