"""Offices, the rules that give them reports, and who sees what an office has."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.accounts.roles import Role
from content.audit import entries
from tests.api.reports.conftest import FileReport, Headers, IdOf, MakeOffice
from tests.conftest import TurnableClock

OFFICES, RULES = "/api/v1/staff/offices", "/api/v1/staff/routing-rules"
AddRule = Callable[..., str]


@pytest.fixture
def rule(client: FlaskClient, admin: Headers) -> AddRule:
    """Add a rule behind all others; answers its id."""

    def add(office: str, **fits: str) -> str:
        made = client.post(RULES, json={"office": office} | fits, headers=admin)
        assert made.status_code == 201, made.text
        rule_id: str = made.json["id"]
        return rule_id

    return add


def routed(client: FlaskClient, headers: Headers, **report: Any) -> tuple[str | None, str | None]:
    answer = client.post(f"{RULES}/try", json={"category": "101"} | report, headers=headers)
    assert answer.status_code == 200, answer.text
    office, found = answer.json["office"], answer.json["rule"]
    return office and office["code"], found and found["id"]


def test_an_office_is_made_changed_and_listed_with_its_people(
    client: FlaskClient, admin: Headers, officer: Headers, office: MakeOffice, id_of: IdOf
) -> None:
    office("moi-truong", officer)
    change = {"phone": "0238 3824 123", "email": "mt@example.org"}
    changed = client.patch(f"{OFFICES}/moi-truong", json=change, headers=admin)
    assert changed.status_code == 200, changed.text
    listed = client.get(OFFICES, headers=officer).json["items"]
    assert listed == [changed.json]
    assert listed[0]["name"] == {"vi": "Đơn vị moi-truong", "en": "Office moi-truong"}
    assert listed[0]["members"] == [id_of(officer)]
    assert (listed[0]["phone"], listed[0]["is_sample"]) == ("+842383824123", False)


def test_mistakes_in_offices_and_rules_are_named(
    client: FlaskClient, admin: Headers, office: MakeOffice, subtests: pytest.Subtests
) -> None:
    office("moi-truong")
    fine = {"code": "ha-tang", "name": {"vi": "Hạ tầng"}}
    mistakes: list[tuple[str, dict[str, Any], str]] = [
        (OFFICES, fine | {"code": "Hạ tầng"}, "code"),
        (OFFICES, fine | {"name": {"en": "Streets"}}, "name"),
        (OFFICES, fine | {"phone": "không có"}, "phone"),
        (OFFICES, fine | {"email": "không có"}, "email"),
        (OFFICES, fine | {"members": [str(uuid.uuid4())]}, "members"),
        (RULES, {"office": "nowhere"}, "office"),
        (RULES, {"office": "moi-truong", "category": "999"}, "category"),
        (RULES, {"office": "moi-truong", "quarter": "vinh"}, "quarter"),
        (RULES, {"office": "moi-truong", "hours": "ban đêm"}, "hours"),
        (f"{RULES}/try", {"category": "999"}, "category"),
        (f"{RULES}/try", {"category": "100"}, "category"),
        (f"{RULES}/try", {"category": "101", "quarter": "vinh"}, "quarter"),
        (f"{RULES}/try", {"category": "101", "at": "2026-07-01T08:00:00"}, "at"),
    ]
    for address, body, field in mistakes:
        with subtests.test(address=address, field=field):
            answer = client.post(address, json=body, headers=admin)
            assert answer.status_code == 422, answer.text
            assert field in answer.json["errors"]
    taken = client.post(OFFICES, json=fine | {"code": "moi-truong"}, headers=admin)
    assert taken.status_code == 409
    assert len(client.get(OFFICES, headers=admin).json["items"]) == 1
    assert client.get(RULES, headers=admin).json["items"] == []


def test_the_first_rule_that_fits_decides(
    client: FlaskClient, officer: Headers, office: MakeOffice, rule: AddRule
) -> None:
    for code in ("dem", "cho", "rac", "moi-truong", "mot-cua"):
        office(code)
    night = rule("dem", hours="Mo-Su 22:00-06:00")
    market = rule("cho", category="100", quarter="nghi-thuy")
    rubbish = rule("rac", category="101")
    environment = rule("moi-truong", category="100")
    rest = rule("mot-cua")
    for report, expected in [
        ({"at": "2026-07-01T23:00:00+07:00"}, ("dem", night)),
        ({"at": "2026-07-01T06:00:00+07:00"}, ("rac", rubbish)),
        ({}, ("rac", rubbish)),
        ({"quarter": "nghi-thuy"}, ("cho", market)),
        ({"quarter": "nghi-thuy", "category": "102"}, ("cho", market)),
        ({"quarter": "nghi-tan", "category": "102"}, ("moi-truong", environment)),
        ({"category": "202"}, ("mot-cua", rest)),
    ]:
        assert routed(client, officer, **report) == expected, report


def test_public_holidays_count_in_the_hours_of_a_rule(
    client: FlaskClient, officer: Headers, office: MakeOffice, rule: AddRule
) -> None:
    rule(office("truc-le"), hours="PH")
    assert routed(client, officer, at="2026-02-17T10:00:00+07:00")[0] == "truc-le"  # Tết
    assert routed(client, officer, at="2026-02-24T10:00:00+07:00")[0] is None


def test_rules_are_asked_in_the_order_that_was_given_last(
    client: FlaskClient, admin: Headers, office: MakeOffice, rule: AddRule
) -> None:
    first, second = rule(office("a")), rule(office("b"))
    assert routed(client, admin) == ("a", first)
    ordered = client.put(f"{RULES}/order", json={"rules": [second, first]}, headers=admin)
    assert [item["id"] for item in ordered.json["items"]] == [second, first]
    assert routed(client, admin) == ("b", second)
    for wrong in ([second], [second, second], [first, second, str(uuid.uuid4())]):
        refused = client.put(f"{RULES}/order", json={"rules": wrong}, headers=admin)
        assert refused.status_code == 422
        assert "rules" in refused.json["errors"]
    assert routed(client, admin) == ("b", second)


def test_a_rule_is_changed_and_removed(
    client: FlaskClient, admin: Headers, office: MakeOffice, rule: AddRule, session: Session
) -> None:
    only = rule(office("a"), category="101")
    office("b")
    change = {"office": "b", "category": None, "quarter": "nghi-tan"}
    assert client.patch(f"{RULES}/{only}", json=change, headers=admin).json["office"] == "b"
    assert routed(client, admin, category="202", quarter="nghi-tan") == ("b", only)
    assert client.delete(f"{RULES}/{only}", headers=admin).status_code == 204
    assert client.delete(f"{RULES}/{only}", headers=admin).status_code == 404
    assert routed(client, admin, quarter="nghi-tan") == (None, None)
    acts = [entry.act for entry in session.scalars(entries(kind="routing rule"))]
    assert acts == ["create", "change", "delete"]


def test_a_report_goes_to_the_office_of_its_rule_when_it_is_filed(
    client: FlaskClient, officer: Headers, office: MakeOffice, rule: AddRule, file: FileReport
) -> None:
    rule(office("moi-truong"), category="100")
    filed, other = file(), file(category="202")
    routed_to = client.get(filed.staff_address, headers=officer).json
    assert (routed_to["office"], routed_to["status"]) == ("moi-truong", "received")
    last = routed_to["history"][-1]
    assert (last["kind"], last["by"], last["text"]) == ("assigned", "system", "moi-truong")
    assert "moi-truong" not in client.get(filed.tracking, headers=filed.headers).text
    assert client.get(other.staff_address, headers=officer).json["office"] is None


def test_an_officer_sees_what_the_own_office_has_and_what_no_office_has_yet(
    client: FlaskClient,
    as_staff: Callable[..., Headers],
    leader: Headers,
    admin: Headers,
    office: MakeOffice,
    rule: AddRule,
    file: FileReport,
    id_of: IdOf,
) -> None:
    clean, streets, reception = (as_staff(Role.OFFICER) for _ in range(3))
    rule(office("moi-truong", clean), category="100")
    rule(office("ha-tang", streets), category="200")
    rubbish, lamp, other = file(), file(category="202"), file(category="901")

    def seen(headers: Headers, query: str = "") -> set[str]:
        listed = client.get(f"/api/v1/staff/reports{query}", headers=headers).json["items"]
        return {item["code"] for item in listed}

    everything = {rubbish.code, lamp.code, other.code}
    assert seen(clean) == {rubbish.code, other.code}
    assert seen(streets) == {lamp.code, other.code}
    assert seen(reception) == seen(leader) == seen(admin) == everything
    assert seen(admin, "?office=ha-tang") == {lamp.code}
    assert client.get(rubbish.staff_address, headers=streets).status_code == 403
    for act, body in {"transition": {"to": "verified"}, "note": {"text": "a"}}.items():
        answer = client.post(f"{rubbish.staff_address}/{act}", json=body, headers=streets)
        assert answer.status_code == 403
    assert client.get(f"{rubbish.staff_address}/contact", headers=streets).status_code == 403
    mine = {"office": "moi-truong", "person": id_of(streets)}
    client.post(f"{rubbish.staff_address}/assign", json=mine, headers=clean)
    assert seen(streets, "?mine=true") == {rubbish.code}
    assert client.get(rubbish.staff_address, headers=streets).status_code == 200


def test_an_office_that_has_work_or_rules_stays(
    client: FlaskClient, admin: Headers, office: MakeOffice, rule: AddRule, file: FileReport
) -> None:
    only = rule(office("moi-truong"))
    filed = file()
    assert client.delete(f"{OFFICES}/moi-truong", headers=admin).status_code == 409
    client.delete(f"{RULES}/{only}", headers=admin)
    assert client.delete(f"{OFFICES}/moi-truong", headers=admin).status_code == 409
    reject = {"to": "rejected", "reason": "Không có thật"}
    client.post(f"{filed.staff_address}/transition", json=reject, headers=admin)
    assert client.delete(f"{OFFICES}/moi-truong", headers=admin).status_code == 204
    assert client.get(f"{OFFICES}/moi-truong", headers=admin).status_code == 404
    assert client.get(filed.staff_address, headers=admin).json["office"] == "moi-truong"


def test_only_administrators_change_offices_and_rules(
    client: FlaskClient, officer: Headers, leader: Headers, office: MakeOffice, rule: AddRule
) -> None:
    only = rule(office("a"))
    for headers in (officer, leader):
        calls = [
            client.post(OFFICES, json={"code": "b", "name": {"vi": "b"}}, headers=headers),
            client.patch(f"{OFFICES}/a", json={}, headers=headers),
            client.delete(f"{OFFICES}/a", headers=headers),
            client.post(RULES, json={"office": "a"}, headers=headers),
            client.delete(f"{RULES}/{only}", headers=headers),
            client.put(f"{RULES}/order", json={"rules": [only]}, headers=headers),
        ]
        assert {call.status_code for call in calls} == {403}


def test_sample_offices_say_so_and_are_removed_with_the_samples(
    app: Flask, client: FlaskClient, admin: Headers, file: FileReport, clock: TurnableClock
) -> None:
    run = app.test_cli_runner()
    assert run.invoke(args=["seed", "--sample"]).exit_code == 0
    listed = client.get(OFFICES, headers=admin).json["items"]
    assert listed
    for item in listed:
        assert item["is_sample"]
        assert "Mẫu" in item["name"]["vi"]
    filed = file()
    assert client.get(filed.staff_address, headers=admin).json["office"] == "don-vi-mau-moi-truong"
    assert run.invoke(args=["sample", "remove"]).exit_code == 0
    assert client.get(OFFICES, headers=admin).json["items"] == []
    assert client.get(RULES, headers=admin).json["items"] == []
    assert client.get(filed.staff_address, headers=admin).json["office"] is None
