"""An administrator says on the console which office gets a report."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from backend.accounts.roles import Role
from tests.console import Page, Visitor
from tests.factories.feedback import NewReportFactory

pytestmark = pytest.mark.usefixtures("vocabularies")


@pytest.fixture
def admin(client: FlaskClient, as_staff: Callable[..., dict[str, str]]) -> Visitor:
    return Visitor(client, as_staff(Role.ADMIN))


def office(admin: Visitor, code: str, name: str) -> Page:
    return admin.send("/console/offices", code=code, **{"name.vi": name, "name.en": name})


def rule_addresses(page: Page) -> list[str]:
    return re.findall(r"(/console/routing/[0-9a-f-]{36})/up", page.text)


@pytest.fixture
def two_rules(admin: Visitor) -> Page:
    office(admin, "moi-truong", "Tổ môi trường (Mẫu)")
    office(admin, "dien", "Tổ điện (Mẫu)")
    admin.send("/console/routing", office="dien")
    return admin.send("/console/routing", office="moi-truong", category="101")


def tried(admin: Visitor, **fields: str) -> Page:
    return admin.send("/console/routing/try", try_category="101", **fields)


def test_the_first_rule_that_fits_gives_a_report_its_office(
    admin: Visitor, client: FlaskClient, two_rules: Page
) -> None:
    assert 'role="status">any category' in tried(admin)
    _all, rubbish = rule_addresses(two_rules)
    admin.send(f"{rubbish}/up")
    assert "Tổ môi trường" in tried(admin).text.partition('id="try"')[2][:250]
    filed = client.post("/api/v1/reports", json=NewReportFactory()).json
    page = admin.open(f"/console/reports/{filed['id']}")
    assert "Tổ môi trường (Mẫu)" in page
    admin.send(f"{rubbish}/remove")
    assert len(rule_addresses(admin.open("/console/routing"))) == 1


def test_what_is_wrong_with_a_rule_or_an_office_is_said_and_nothing_is_kept(
    admin: Visitor, two_rules: Page
) -> None:
    refused = admin.send("/console/routing", office="dien", hours="nửa đêm")
    assert refused.status == 422
    assert "Write hours as OpenStreetMap does" in refused
    assert len(rule_addresses(admin.open("/console/routing"))) == 2
    assert office(admin, "Tổ", "Tổ").status == 422
    assert office(admin, "dien", "Khác").status == 422


def test_an_office_is_changed_and_one_with_a_rule_stays(admin: Visitor, two_rules: Page) -> None:
    admin.send("/console/offices/dien", **{"name.vi": "Tổ chiếu sáng (Mẫu)", "phone": "0912345678"})
    assert "Tổ chiếu sáng (Mẫu)" in admin.open("/console/offices/dien")
    kept = admin.send("/console/offices/dien/remove")
    assert "Removed." not in kept
    assert "Tổ chiếu sáng (Mẫu)" in kept


def test_an_officer_does_not_make_the_rules(
    client: FlaskClient, as_staff: Callable[..., dict[str, str]]
) -> None:
    officer = Visitor(client, as_staff(Role.OFFICER))
    assert officer.open("/console/routing").status == 403
    assert officer.open("/console/offices").status == 403
