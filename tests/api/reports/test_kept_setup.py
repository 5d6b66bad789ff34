"""What processes keep in memory of the town: a change in one holds in all from then on."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from tests.api.reports.conftest import Headers, MakeOffice
from tests.factories.feedback import NewReportFactory

RULES, HOURS = "/api/v1/staff/routing-rules", "/api/v1/staff/office-hours"


def test_a_change_that_another_process_makes_holds_for_the_next_report(
    client: FlaskClient, make_app: Callable[..., Flask], admin: Headers, office: MakeOffice
) -> None:
    office("moi-truong")
    beside = make_app().test_client()

    def filed() -> dict[str, object]:
        answer = beside.post("/api/v1/reports", json=NewReportFactory(category="101"))
        assert answer.status_code == 201, answer.text
        shown = beside.get(f"/api/v1/staff/reports/{answer.json['id']}", headers=admin).json
        return {"office": shown["office"], "expected_at": shown["expected_at"]}

    before = filed()
    assert before["office"] is None
    rule = client.post(RULES, json={"office": "moi-truong", "category": "101"}, headers=admin)
    assert rule.status_code == 201, rule.text
    assert filed()["office"] == "moi-truong"
    assert client.delete(f"{RULES}/{rule.json['id']}", headers=admin).status_code == 204
    assert filed() == before

    entered = client.put(HOURS, json={"hours": "Mo-Fr 08:00-09:00"}, headers=admin)
    assert entered.status_code == 200, entered.text
    assert str(filed()["expected_at"]) < str(before["expected_at"])


def test_an_office_is_called_by_its_new_name_in_every_process(
    client: FlaskClient, make_app: Callable[..., Flask], admin: Headers, office: MakeOffice
) -> None:
    office("moi-truong")
    client.post(RULES, json={"office": "moi-truong"}, headers=admin)
    client.post("/api/v1/reports", json=NewReportFactory())
    beside = make_app().test_client()

    def name() -> object:
        (shown,) = beside.get("/api/v1/staff/reports", headers=admin).json["items"]
        return shown["office_name"]

    assert name() == "Đơn vị moi-truong"
    named = {"name": {"vi": "Đội Môi trường", "en": "Environment team"}}
    assert client.patch("/api/v1/staff/offices/moi-truong", json=named, headers=admin).json
    assert name() == "Đội Môi trường"
