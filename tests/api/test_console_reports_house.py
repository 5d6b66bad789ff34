"""What administrators and leaders keep around reports: deadlines, blocks, systems, retention."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.accounts.roles import Role
from tests.conftest import TurnableClock
from tests.console import Page, Visitor
from tests.factories.feedback import NewReportFactory, ReportFactory

Hire = Callable[[Role], Visitor]


@pytest.fixture(autouse=True)
def known_words(vocabularies: None) -> None:
    """The seeded vocabularies."""


@pytest.fixture
def hire(client: FlaskClient, as_staff: Callable[..., dict[str, str]]) -> Hire:
    return lambda role: Visitor(client, as_staff(role))


@pytest.fixture
def filed(client: FlaskClient) -> dict[str, Any]:
    """A guest's report."""
    answer: dict[str, Any] = client.post("/api/v1/reports", json=NewReportFactory()).json
    return answer


def linked(page: Page, pattern: str) -> str:
    """The address of the first link or form of that pattern."""
    found = re.search(rf'(?:href|action)="({pattern})"', page.source)
    assert found, f"nothing leads to {pattern}"
    return found[1]


def test_a_sender_is_blocked_by_the_report_and_let_in_again(
    client: FlaskClient, hire: Hire, filed: dict[str, Any]
) -> None:
    leader = hire(Role.LEADER)
    assert "Nobody is blocked" in leader.open("/console/blocks")
    form = {"report": filed["code"], "reason": "Gửi đùa", "until": "2026-07-05T08:00"}
    wrong = leader.send("/console/blocks", **form | {"report": "CL-0000-00", "reason": ""})
    assert wrong.status == 422
    done = leader.send("/console/blocks", **form)
    assert "Blocked. Whoever it is reads why" in done
    assert "until 08:00, 5 Jul 2026" in done or "until 5 Jul 2026" in done
    refused = client.post("/api/v1/reports", json=NewReportFactory())
    assert (refused.status_code, "Gửi đùa" in refused.text) == (403, True)
    ended = leader.send(linked(done, '/console/blocks/[^"]+/end'))
    assert "over since" in ended
    assert client.post("/api/v1/reports", json=NewReportFactory()).status_code == 201
    audit = leader.open("/console/audit", type="sender_block")
    assert "ended" in audit


def test_deadlines_and_office_hours_are_changed_for_the_reports_to_come(
    client: FlaskClient, hire: Hire
) -> None:
    admin = hire(Role.ADMIN)
    page = admin.open("/console/promises", category="101")
    assert page.field("hours").startswith("Mo-Fr")
    change = {"acknowledge_hours": "2", "resolve_hours": "1", "by_clock": "yes"}
    assert "Not later than the resolution." in admin.send("/console/promises/101", **change)
    done = admin.send("/console/promises/101", **change | {"resolve_hours": "3,5"})
    before = page.text.count("its own")
    assert done.text.count("its own") == before + 1
    assert "3.5 h" in done
    due = client.post("/api/v1/reports", json=NewReportFactory(category="101")).json
    assert due["expected_at"] == "2026-07-01T11:30:00+07:00"
    usual = admin.send("/console/promises/101/default")
    assert usual.text.count("its own") == before
    assert admin.send("/console/promises/hours", hours="always").status == 422
    hours = admin.send("/console/promises/hours", hours="Mo-Su 08:00-17:00")
    assert hours.field("hours") == "Mo-Su 08:00-17:00"


def test_a_webhook_is_made_with_its_secret_shown_once_switched_off_and_removed(
    hire: Hire,
) -> None:
    admin = hire(Role.ADMIN)
    wrong = admin.send("/console/webhooks", url="http://127.0.0.1/hook")
    assert "Must be an https address that the public internet knows." in wrong
    made = admin.send("/console/webhooks", url="https://city.example.org/hook", events=["moved"])
    assert re.search(r"whsec_[A-Za-z0-9+/=]{20,}", made.source)
    address = linked(made, "/console/webhooks/[0-9a-f-]{36}")
    page = admin.open(address)
    assert "whsec_" not in page.source
    assert 'value="moved" checked' in page.source
    assert "Write a day and a time." in admin.send(f"{address}/replay")
    again = admin.send(f"{address}/replay", since="2026-07-01T00:00")
    assert "All of it is sent again, in its order." in again
    assert "switched off" in admin.send(f"{address}/off")
    assert "is told" in admin.send(f"{address}/on")
    assert admin.send(f"{address}/dance").status == 404
    changed = admin.send(address, url="https://city.example.org/other")
    assert "https://city.example.org/other" in changed
    assert "No system is told of reports yet." in admin.send(f"{address}/remove")


def test_a_key_for_another_system_is_shown_once_and_revoked(
    client: FlaskClient, hire: Hire
) -> None:
    admin = hire(Role.ADMIN)
    made = admin.send("/console/open311/keys", key_label="FixMyStreet", may_update="yes")
    key = re.search(r'class="secret"[^>]*>([^<]+)<', made.source)
    assert key
    body = {"service_code": "101", "description": "Rác", "lat": "18.8", "long": "105.72"}
    post = {"api_key": key[1]} | body
    assert client.post("/open311/v2/requests.json", data=post).status_code in (200, 201)
    page = admin.open("/console/open311")
    assert key[1] not in page.source
    assert "may post updates" in page
    taken = admin.send("/console/open311/keys", key_label="FixMyStreet")
    assert taken.status == 422
    gone = admin.send(linked(page, '/console/open311/keys/[^"]+/revoke'))
    assert "Revoked" in gone
    assert client.post("/open311/v2/requests.json", data=post).status_code == 403


def test_reports_are_forwarded_by_a_form_that_keeps_the_key_it_does_not_show(
    hire: Hire,
) -> None:
    admin = hire(Role.ADMIN)
    form = {
        "label": "Tỉnh",
        "category": "100",
        "url": "https://tinh.example.org/open311/v2",
        "service_codes": "101 = TRASH\n* = OTHER",
        "api_key": "a secret key",
        "form": "json",
    }
    wrong = admin.send(
        "/console/open311/forwardings/new", **form | {"service_codes": "TRASH", "url": "x"}
    )
    assert "Write one line for each" in wrong
    made = admin.send("/console/open311/forwardings/new", **form)
    assert "Reports that are confirmed from now on go this way." in made
    assert "a secret key" not in made.source
    assert "101 = TRASH" in made
    changed = admin.send(made.path, **form | {"label": "Tỉnh Nghệ An", "api_key": ""})
    assert "Tỉnh Nghệ An" in changed
    assert "Switch on" in admin.send(f"{made.path}/off")
    assert "No report goes on to another system." in admin.send(f"{made.path}/remove")


def test_retention_says_what_comes_and_proves_what_is_done(
    app: Flask, hire: Hire, session: Session, clock: TurnableClock
) -> None:
    leader = hire(Role.LEADER)
    session.add(ReportFactory(status="resolved", closed_at=clock(), description="Tên tôi là Mẫu"))
    session.commit()
    clock.advance(days=362)
    assert re.search(r"in the next 7 days</dt><dd>1<", leader.open("/console/retention").text)
    clock.advance(days=5)
    held = leader.open("/console/retention", check="yes")
    assert "still hold:" in held
    assert "reporters' words: 1" in held
    app.test_cli_runner().invoke(args=["retention", "run"])
    proved = leader.open("/console/retention", check="yes")
    assert "names anybody" in proved
    assert "one report anonymised" in proved


def test_an_officer_reads_the_own_notices_and_what_is_new(
    client: FlaskClient, hire: Hire, filed: dict[str, Any], clock: TurnableClock
) -> None:
    officer = hire(Role.OFFICER)
    assert "Nothing yet." in officer.open("/console/notices")
    officer.send(f"/console/reports/{filed['id']}/take")
    address = f"/console/reports/{filed['id']}"
    officer.send(f"{address}/question", **{"text.vi": "Ở đâu?"})
    client.post(
        f"/api/v1/reports/{filed['id']}/comments",
        json={"text": "Ở chợ"},
        headers={"X-Access-Token": filed["access_token"]},
    )
    page = officer.open("/console/notices")
    assert f"The reporter has answered: report {filed['code']}." in page
    assert linked(page, address)
    assert 'mark wait">new' in page.source
    assert 'mark wait">new' not in officer.send("/console/notices/read").source
