"""Alerts: issued, updated and cancelled, and whom they reach."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts.roles import Role
from content.audit import AuditEntry
from tests.api.alerts.conftest import (
    BANS,
    REASON,
    STAFF,
    STORM,
    Headers,
    Issue,
    act,
    feed,
    in_force,
    pushed,
    status,
)
from tests.conftest import TurnableClock


def test_a_storm_warning_is_in_force_at_once_and_to_its_end(
    client: FlaskClient, issue: Issue, clock: TurnableClock
) -> None:
    assert in_force(client) == []
    made = issue()
    assert made.status_code == 201, made.json
    (alert,) = in_force(client)
    assert alert["id"] == made.json["id"]
    assert (alert["headline"], alert["severity"]) == ("Bão số 5 gần bờ", "Severe")
    assert alert["sent"] == alert["onset"] == "2026-07-01T08:00:00+07:00"
    found = status(client, lang="en")
    assert (found["swimming"], found["confirmed"]) == ("dangerous", True)
    (warning,) = found["warnings"]
    assert (warning["kind"], warning["title"]) == ("alert", "Typhoon No. 5 near the coast")
    assert warning["url"].endswith(f"/alerts/{alert['id']}")
    clock.advance(days=1)
    assert in_force(client) == status(client)["warnings"] == []
    assert status(client)["swimming"] == "unknown"
    assert client.get(f"/api/v1/alerts/{alert['id']}").status_code == 200


def test_the_worst_of_flag_ban_and_storm_wins(
    client: FlaskClient, issue: Issue, as_staff: Callable[..., Headers], leader: Headers
) -> None:
    watched = {"flag": "red_over_yellow", "lifeguards_on_duty": True}
    address = "/api/v1/staff/beaches/xuan-huong/observations"
    lifeguard = as_staff(Role.LIFEGUARD)
    client.post(address, json=watched, headers=lifeguard)
    assert status(client)["swimming"] == "supervised"
    issue()
    assert status(client)["swimming"] == "dangerous"
    client.post(BANS, json={"reason": REASON}, headers=leader)
    assert status(client)["swimming"] == "closed"


def test_a_storm_to_come_warns_now_and_is_dangerous_from_its_onset(
    client: FlaskClient, issue: Issue, clock: TurnableClock
) -> None:
    issue(onset="2026-07-01T20:00:00+07:00")
    found = status(client)
    assert (found["swimming"], len(found["warnings"])) == ("unknown", 1)
    clock.advance(hours=12)
    assert status(client)["swimming"] == "dangerous"


def test_a_warning_of_something_else_does_not_make_swimming_dangerous(
    client: FlaskClient, issue: Issue
) -> None:
    issue(event="marine_life", headline={"vi": "Nhiều sứa"})
    found = status(client)
    assert (found["swimming"], found["warnings"][0]["title"]) == ("unknown", "Nhiều sứa")


def test_a_warning_for_quarters_concerns_their_beaches(client: FlaskClient, issue: Issue) -> None:
    issue(quarters=["nghi-thuy"])
    assert status(client, "cua-hoi")["warnings"] == []
    assert len(status(client, "xuan-huong")["warnings"]) == 1  # its quarter is not known
    assert in_force(client)[0]["areas"] == ["Nghi Thủy"]


@pytest.mark.parametrize("name", ["update", "cancel"])
def test_what_is_no_longer_in_force_is_not_changed(
    client: FlaskClient, issue: Issue, leader: Headers, clock: TurnableClock, name: str
) -> None:
    updated, cancelled, expired = issue().json, issue().json, issue().json
    act(client, leader, updated, "update")
    end = act(client, leader, cancelled, "cancel").json
    clock.advance(days=1)
    for over in (updated, cancelled, end, expired):
        assert act(client, leader, over, name).status_code == 409
    unknown = {"id": "11111111-2222-4333-8444-555555555555"}
    assert act(client, leader, unknown, name).status_code == 404


@pytest.mark.parametrize(
    "ends_at", ["2026-07-01T07:30:00+07:00", "2026-07-01T08:00:00+07:00", "soon", 5]
)
def test_a_ban_does_not_end_before_it_is_imposed_or_changed(
    client: FlaskClient, leader: Headers, ends_at: Any
) -> None:
    ban = client.post(BANS, json={"reason": REASON}, headers=leader).json
    body = {"reason": REASON, "starts_at": "2026-07-01T07:00:00+07:00", "ends_at": ends_at}
    imposed = client.post(BANS, json=body, headers=leader)
    changed = client.patch(f"{BANS}/{ban['id']}", json={"ends_at": ends_at}, headers=leader)
    for answer in (imposed, changed):
        assert (answer.status_code, list(answer.json["errors"])) == (422, ["ends_at"])
    assert len(in_force(client)) == 1
    assert status(client)["ban"]["ends_at"] is None


def test_a_ban_is_changed_at_its_own_beach_alone(client: FlaskClient, leader: Headers) -> None:
    ban = client.post(BANS, json={"reason": REASON}, headers=leader).json
    for key in ("all", "cua-hoi"):
        address = f"{BANS.replace('xuan-huong', key)}/{ban['id']}"
        assert client.patch(address, json={}, headers=leader).status_code == 404


@pytest.mark.parametrize("name", ["update", "cancel"])
def test_the_alert_of_a_ban_ends_with_its_ban_alone(
    client: FlaskClient, leader: Headers, name: str
) -> None:
    client.post(BANS, json={"reason": REASON}, headers=leader)
    (alert,) = in_force(client)
    assert act(client, leader, alert, name).status_code == 409
    assert in_force(client) == [alert]


def test_a_storm_rings_on_phones_once_also_where_all_is_muted(
    session: Session, issue: Issue
) -> None:
    made = issue(quarters=["nghi-hai"]).json
    (message,) = pushed(session)
    assert (message.kind, message.topics, message.emergency) == ("alert", ["safety"], True)
    assert message.title == STORM["headline"]
    assert message.body["en"].startswith("Gusts & waves < 5 m. Keep out of the water")
    assert message.audience == {"quarters": ["nghi-hai"]}
    assert (message.source_id, message.key) == (made["id"], f"alert:{made['id']}")
    assert message.link == f"/alerts/{made['id']}"


def test_each_message_is_pushed_or_not_as_staff_wish(
    client: FlaskClient, session: Session, issue: Issue, leader: Headers
) -> None:
    first = issue(notify=False).json
    assert pushed(session) == []
    second = act(client, leader, first, "update").json
    assert len(pushed(session)) == 1
    end = act(client, leader, second, "cancel", notify=True, reason={"vi": "Bão đã tan."}).json
    told = pushed(session)[-1]
    assert (told.source_id, told.emergency) == (end["id"], False)
    assert told.body["vi"] == "Bão đã tan."


def test_a_lesser_warning_does_not_ring(session: Session, issue: Issue) -> None:
    issue(event="marine_life", severity="Minor")
    assert [message.emergency for message in pushed(session)] == [False]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"event": "swim_ban"}, "event"),
        ({"event": "earthquake"}, "event"),
        ({"event": None}, "event"),
        ({"headline": {"en": "Storm"}}, "headline"),
        ({"headline": {"vi": "x" * 161}}, "headline"),
        ({"headline": "Bão"}, "headline"),
        ({"headline": {"vi": "Bão", "fr": "Tempête"}}, "headline"),
        ({"description": {"vi": "x" * 2001}}, "description"),
        ({"description": {"vi": "nul \x00"}}, "description"),
        ({"instruction": ["chạy"]}, "instruction"),
        ({"severity": "severe"}, "severity"),
        ({"severity": "Bad"}, "severity"),
        ({"urgency": "Past"}, "urgency"),
        ({"urgency": 1}, "urgency"),
        ({"certainty": "Maybe"}, "certainty"),
        ({"onset": "2026-07-01T08:00:00"}, "onset"),
        ({"onset": "tomorrow"}, "onset"),
        ({"onset": "2026-09-01T08:00:00+07:00", "expires": None}, "onset"),
        ({"expires": "2026-07-01T08:00:00+07:00"}, "expires"),
        ({"expires": "2026-06-30T08:00:00+07:00"}, "expires"),
        ({"expires": "2026-09-01T08:00:00+07:00"}, "expires"),
        ({"expires": "2026-07-02"}, "expires"),
        (
            {"onset": "2026-07-03T08:00:00+07:00", "expires": "2026-07-02T08:00:00+07:00"},
            "expires",
        ),
        ({"quarters": ["atlantis"]}, "quarters"),
        ({"quarters": "nghi-hai"}, "quarters"),
        ({"quarters": ["Nghi Hải"]}, "quarters"),
        ({"notify": "perhaps"}, "notify"),
        ({"status": "Actual"}, "status"),
        ({"sent": "2026-07-01T08:00:00+07:00"}, "sent"),
        ({"safe": True}, "safe"),
    ],
)
def test_a_bad_warning_is_refused_by_field_and_nobody_is_warned(
    client: FlaskClient,
    session: Session,
    issue: Issue,
    leader: Headers,
    change: dict[str, Any],
    field: str,
) -> None:
    refused = issue(**change)
    assert refused.status_code == 422, refused.json
    assert list(refused.json["errors"]) == [field]
    assert in_force(client) == feed(client) == pushed(session) == []
    if field == "event":
        return
    kept = issue(notify=False).json
    refused = act(client, leader, kept, "update", **change)
    assert list(refused.json["errors"]) == [field]
    assert [alert["id"] for alert in in_force(client)] == [kept["id"]]
    assert pushed(session) == []


def test_who_does_not_raise_alerts_is_refused(
    client: FlaskClient, as_staff: Callable[..., Headers]
) -> None:
    assert client.post(STAFF, json=STORM).status_code == 401
    for role in (Role.LIFEGUARD, Role.EDITOR, Role.OFFICER):
        assert client.post(STAFF, json=STORM, headers=as_staff(role)).status_code == 403
    assert in_force(client) == []


def test_staff_read_all_that_was_ever_sent(
    client: FlaskClient, issue: Issue, leader: Headers
) -> None:
    first = issue().json
    act(client, leader, first, "cancel")
    client.post(BANS, json={"reason": REASON}, headers=leader)
    every = client.get(STAFF, headers=leader).json["items"]
    assert len(every) == 3
    assert every[0]["status"] == "Exercise"
    storms = client.get(f"{STAFF}?event=storm&limit=1", headers=leader).json
    assert storms["next_cursor"]


def test_every_act_is_in_the_audit(
    client: FlaskClient, session: Session, issue: Issue, leader: Headers
) -> None:
    first = issue().json
    second = act(client, leader, first, "update").json
    act(client, leader, second, "cancel")
    client.post(BANS, json={"reason": REASON}, headers=leader)
    client.delete(BANS, headers=leader)
    session.rollback()
    acts = [
        (entry.type, entry.act)
        for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    ]
    assert acts == [
        ("alert", "issue"), ("alert", "update"), ("alert", "cancel"),
        ("alert", "issue"), ("swim_ban", "ban"), ("alert", "cancel"), ("swim_ban", "lift"),
    ]  # fmt: skip


def test_the_page_of_an_alert_says_whether_it_holds(
    client: FlaskClient, issue: Issue, leader: Headers
) -> None:
    first = issue().json
    page = f"/alerts/{first['id']}"
    home = client.get("/").text
    assert "Bão số 5 gần bờ" in home
    assert 'href="/feeds/cap/alerts.rss"' in home
    assert "Không xuống nước" in client.get(page).text
    end = act(client, leader, first, "cancel").json
    assert end["id"] in client.get(page).text
    over = client.get(f"/alerts/{end['id']}?lang=en").text
    assert "no longer in force" in over
    assert "Bão số 5" not in client.get("/?lang=vi").text
    assert client.get("/alerts/11111111-2222-4333-8444-555555555555").status_code == 404


def test_a_repeat_with_the_same_key_gives_the_same_alert_and_rings_once(
    client: FlaskClient, session: Session, leader: Headers, clock: TurnableClock
) -> None:
    key = leader | {"Idempotency-Key": "6f9619ff-8b86-d011-b42d-00c04fc964ff"}
    first = client.post(STAFF, json=STORM, headers=key)
    assert first.status_code == 201
    clock.advance(days=3)  # also when what it says is over
    again = client.post(STAFF, json=STORM, headers=key)
    assert (again.status_code, again.json) == (200, first.json)
    assert len(pushed(session)) == 1
    assert len(client.get(STAFF, headers=leader).json["items"]) == 1
    for change in ({"severity": "Minor"}, {"notify": False}):
        other = client.post(STAFF, json=STORM | change, headers=key)
        assert other.status_code == 409
        assert "Idempotency-Key" in other.json["detail"]
    bad = client.post(STAFF, json=STORM, headers=leader | {"Idempotency-Key": "1"})
    assert (bad.status_code, list(bad.json["errors"])) == (422, ["Idempotency-Key"])


def test_a_key_used_many_times_at_once_issues_one_alert(
    app: Flask, session: Session, leader: Headers
) -> None:
    key = leader | {"Idempotency-Key": "6f9619ff-8b86-d011-b42d-00c04fc964ff"}

    def send(_: int) -> tuple[int, str]:
        answer = app.test_client().post(STAFF, json=STORM, headers=key)
        return answer.status_code, answer.json["id"]

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, range(4)))
    assert sorted(status for status, _ in answers) == [200, 200, 200, 201]
    assert len({made for _, made in answers}) == 1
    assert len(pushed(session)) == 1
