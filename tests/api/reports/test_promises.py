"""What is promised, when clocks stand, and who is told before and after a promise is broken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from backend.accounts.roles import Role
from backend.feedback import watching
from notifications.worker import work_off
from tests.api.reports.conftest import Filed, FileReport, Headers, IdOf, MakeOffice
from tests.conftest import TurnableClock

NOTICES = "/api/v1/staff/notices"


@pytest.fixture
def watch(session: Session, clock: TurnableClock) -> Callable[..., None]:
    """Turn the clock on by a duration, with the worker looking every five minutes."""

    def watch(**duration: float) -> None:
        clock.advance(**duration)
        watching.plan(session, clock())
        session.commit()
        assert (
            work_off(sessionmaker(session.get_bind()), watching.handlers(timedelta(days=14)), clock)
            > 0
        )

    return watch


def move(client: FlaskClient, filed: Filed, to: str, headers: Headers) -> dict[str, Any]:
    answer = client.post(
        f"{filed.staff_address}/transition", json={"to": to, "reason": "Có lý do"}, headers=headers
    )
    assert answer.status_code == 200, answer.text
    moved: dict[str, Any] = answer.json
    return moved


def told(client: FlaskClient, headers: Headers) -> list[str]:
    items = client.get(f"{NOTICES}?lang=en", headers=headers).json["items"]
    return [item["kind"] for item in items]


def promise(client: FlaskClient, filed: Filed) -> str:
    expected: str = client.get(filed.tracking).json["expected_at"]
    return expected


def test_the_promise_moves_by_the_working_time_that_the_town_waits_for_the_reporter(
    client: FlaskClient, officer: Headers, file: FileReport, clock: TurnableClock
) -> None:
    filed = file()
    assert promise(client, filed) == "2026-07-06T08:00:00+07:00"
    assert move(client, filed, "waiting_for_reporter", officer)["waiting_since"] is not None
    clock.advance(hours=25)  # Thursday at nine: seven and a half working hours, and one
    client.post(f"{filed.address}/comments", json={"text": "Đây"}, headers=filed.headers)
    assert promise(client, filed) == "2026-07-07T09:00:00+07:00"
    shown = client.get(filed.staff_address, headers=officer).json
    assert (shown["status"], shown["waiting_since"]) == ("in_progress", None)


def test_a_pause_at_night_moves_nothing(
    client: FlaskClient, officer: Headers, file: FileReport, clock: TurnableClock
) -> None:
    filed = file()
    clock.advance(hours=10)
    move(client, filed, "waiting_for_reporter", officer)
    clock.advance(hours=8)
    client.post(f"{filed.address}/comments", json={"text": "Đây"}, headers=filed.headers)
    assert promise(client, filed) == "2026-07-06T08:00:00+07:00"


def test_a_report_is_not_late_while_the_town_waits_and_is_when_it_was_before(
    client: FlaskClient, officer: Headers, file: FileReport, clock: TurnableClock
) -> None:
    in_time, too_late = file(), file()
    move(client, in_time, "waiting_for_reporter", officer)
    clock.advance(days=7)
    move(client, too_late, "waiting_for_reporter", officer)
    assert client.get(in_time.staff_address, headers=officer).json["is_late"] is False
    assert client.get(too_late.staff_address, headers=officer).json["is_late"] is True
    move(client, file(), "rejected", officer)
    listed = client.get("/api/v1/staff/reports?late=true", headers=officer).json["items"]
    assert [item["code"] for item in listed] == [too_late.code]


def test_an_officers_first_move_acknowledges_and_reopening_promises_anew(
    client: FlaskClient, officer: Headers, file: FileReport, clock: TurnableClock
) -> None:
    filed = file()
    before = client.get(filed.staff_address, headers=officer).json
    assert (before["acknowledge_by"], before["acknowledged_at"]) == (
        "2026-07-02T08:30:00+07:00",
        None,
    )
    clock.advance(minutes=30)
    acknowledged = "2026-07-01T08:30:00+07:00"
    assert move(client, filed, "assigned", officer)["acknowledged_at"] == acknowledged
    clock.advance(days=1)
    closed = move(client, filed, "resolved", officer)
    assert closed["closed_at"] == "2026-07-02T08:30:00+07:00"
    assert closed["acknowledged_at"] == acknowledged
    again = client.post(f"{filed.address}/reopen", json={"reason": "Còn"}, headers=filed.headers)
    assert again.json["expected_at"] == "2026-07-07T08:30:00+07:00"
    shown = client.get(filed.staff_address, headers=officer).json
    assert (shown["acknowledged_at"], shown["closed_at"]) == (None, None)


def test_warnings_go_to_the_office_and_broken_promises_to_the_leaders_too(
    client: FlaskClient,
    as_staff: Callable[..., Headers],
    leader: Headers,
    office: MakeOffice,
    file: FileReport,
    id_of: IdOf,
    watch: Callable[..., None],
) -> None:
    member, stranger = as_staff(Role.OFFICER), as_staff(Role.OFFICER)
    filed = file()
    given = {"office": office("moi-truong", member)}
    client.post(f"{filed.staff_address}/assign", json=given, headers=member)
    watch(days=1)
    assert told(client, member) == []
    watch(days=1, hours=4)  # Friday noon: a quarter of the three days is left
    assert (told(client, member), told(client, leader)) == (["resolve_soon"], [])
    watch(days=3)  # Monday
    assert (told(client, member), told(client, leader)) == (
        ["resolve_late", "resolve_soon"],
        ["resolve_late"],
    )
    watch(days=3)
    assert told(client, stranger) == []
    history = client.get(filed.staff_address, headers=member).json["history"]
    alarms = [(e["kind"], e["text"], e["by"]) for e in history if e["kind"] in ("warning", "late")]
    assert alarms == [("warning", "resolve", "system"), ("late", "resolve", "system")]
    assert "late" not in client.get(filed.tracking, headers=filed.headers).text


def test_what_nobody_has_acknowledged_is_told_to_the_leaders(
    client: FlaskClient, leader: Headers, file: FileReport, watch: Callable[..., None]
) -> None:
    filed = file()
    watch(hours=8)
    watch(hours=17)
    listed = client.get(f"{NOTICES}?lang=en", headers=leader).json["items"]
    assert [item["kind"] for item in listed] == ["acknowledge_late", "acknowledge_soon"]
    assert listed[0]["text"] == f"Report {filed.code} was not acknowledged in time."
    assert listed[0]["code"] == filed.code


def test_of_a_warning_and_a_broken_promise_that_are_due_at_once_the_latter_is_told(
    client: FlaskClient, leader: Headers, file: FileReport, watch: Callable[..., None]
) -> None:
    file()
    watch(days=30)
    assert sorted(told(client, leader)) == ["acknowledge_late", "resolve_late"]
    watch(days=30)
    assert len(told(client, leader)) == 2


def test_nobody_is_told_of_what_waits_for_its_reporter_or_is_closed(
    client: FlaskClient,
    officer: Headers,
    leader: Headers,
    file: FileReport,
    watch: Callable[..., None],
) -> None:
    waiting, closed = file(), file()
    move(client, waiting, "waiting_for_reporter", officer)
    move(client, closed, "rejected", officer)
    watch(days=30)
    assert told(client, leader) == []


def test_notices_are_read_one_by_one_or_all(
    client: FlaskClient,
    leader: Headers,
    officer: Headers,
    file: FileReport,
    watch: Callable[..., None],
) -> None:
    for _ in range(3):
        file()
    watch(days=30)
    first = client.get(f"{NOTICES}?unread=true", headers=leader).json["items"][0]["id"]
    client.post(f"{NOTICES}/read", json={"ids": [first]}, headers=officer)  # not the officer's
    assert len(client.get(f"{NOTICES}?unread=true", headers=leader).json["items"]) == 6
    client.post(f"{NOTICES}/read", json={"ids": [first]}, headers=leader)
    assert len(client.get(f"{NOTICES}?unread=true", headers=leader).json["items"]) == 5
    assert client.post(f"{NOTICES}/read", headers=leader).status_code == 204
    assert client.get(f"{NOTICES}?unread=true", headers=leader).json["items"] == []
    assert len(told(client, leader)) == 6


def test_who_is_given_a_report_is_told_unless_it_was_the_own_act(
    client: FlaskClient,
    as_staff: Callable[..., Headers],
    file: FileReport,
    id_of: IdOf,
) -> None:
    giver, taker = as_staff(Role.OFFICER), as_staff(Role.OFFICER)
    for person in (taker, giver):
        body = {"person": id_of(person)}
        client.post(f"{file().staff_address}/assign", json=body, headers=giver)
    assert (told(client, giver), told(client, taker)) == ([], ["assigned"])


def test_office_hours_and_promises_are_the_towns_to_change(
    client: FlaskClient, admin: Headers, officer: Headers, file: FileReport
) -> None:
    before = file()
    hours = {"hours": "Mo-Su 08:00-12:00"}
    address = "/api/v1/staff/office-hours"
    assert client.get(address, headers=officer).json["hours"].startswith("Mo-Fr 07:30")
    assert client.put(address, json=hours, headers=officer).status_code == 403
    assert client.put(address, json=hours, headers=admin).json == hours
    assert promise(client, file()) == "2026-07-03T12:00:00+07:00"
    said = {"acknowledge_hours": 1, "resolve_hours": 5}
    own = client.put("/api/v1/staff/promises/101", json=said, headers=admin)
    assert (own.json["resolve_hours"], own.json["is_default"]) == (5, False)
    assert promise(client, file()) == "2026-07-02T09:00:00+07:00"
    assert client.delete("/api/v1/staff/promises/101", headers=admin).status_code == 204
    assert promise(client, file()) == "2026-07-03T12:00:00+07:00"
    assert promise(client, before) == "2026-07-06T08:00:00+07:00"
    listed = client.get("/api/v1/staff/promises?lang=en", headers=officer).json["items"]
    urgent = [item["category"]["code"] for item in listed if item["by_clock"]]
    assert urgent == ["204", "501"]


def test_mistakes_in_hours_and_promises_are_named(client: FlaskClient, admin: Headers) -> None:
    for address, body, field in [
        ("office-hours", {"hours": "24/7"}, "hours"),
        ("promises/101", {"acknowledge_hours": 0, "resolve_hours": 1}, "acknowledge_hours"),
        ("promises/101", {"acknowledge_hours": 5, "resolve_hours": 4}, "acknowledge_hours"),
    ]:
        answer = client.put(f"/api/v1/staff/{address}", json=body, headers=admin)
        assert answer.status_code == 422
        assert field in answer.json["errors"]
    said = {"acknowledge_hours": 1, "resolve_hours": 5}
    assert client.put("/api/v1/staff/promises/999", json=said, headers=admin).status_code == 404


def test_days_off_that_staff_enter_move_the_promises_to_come(
    client: FlaskClient, admin: Headers, file: FileReport
) -> None:
    days = [{"date": "2026-07-03", "name": {"vi": "Ngày nghỉ của phường"}}]
    entered = client.put(
        "/api/v1/staff/holidays/2026", json={"days": days, "revision": 0}, headers=admin
    )
    assert entered.status_code == 200
    assert promise(client, file()) == "2026-07-07T08:00:00+07:00"
