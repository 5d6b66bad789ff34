"""What somebody says at the counter is filed at the console, given to a person, and read there."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from backend.accounts.roles import Role
from tests.console import Visitor


@pytest.fixture
def officer(
    client: FlaskClient, as_staff: Callable[..., dict[str, str]], vocabularies: None
) -> Visitor:
    return Visitor(client, as_staff(Role.OFFICER))


SAID = {
    "category": "101",
    "description": "Rác chất đống",
    "place_text": "Cổng chợ",
    "contact.name": "Trần Văn Mẫu",
    "contact.phone": "0912 345 678",
    "consent": "yes",
    "key": "6f9619ff-8b86-d011-b42d-00c04fc964ff",
}


def test_it_is_filed_once_and_the_person_can_follow_it_by_the_link(
    client: FlaskClient, officer: Visitor
) -> None:
    assert "File for somebody" in officer.open("/console/reports")
    form = officer.open("/console/reports/new", category="101")
    assert form.field("category") == "101"
    done = officer.send("/console/reports/new", **SAID)
    again = officer.send("/console/reports/new", **SAID)
    codes = [re.search(r"CL-[0-9A-Z-]+", page.text) for page in (done, again)]
    assert len({code[0] for code in codes if code}) == 1
    link = re.search(r"/reports/([^#<]+)#([^<]+)<", html.unescape(done.source))
    assert link
    own = client.get(f"/api/v1/reports/{link[1]}", headers={"X-Access-Token": link[2]}).json
    assert (own["description"], own["contact"]["phone"]) == ("Rác chất đống", "•••678")


def test_what_is_missing_is_said_and_what_was_written_stays(officer: Visitor) -> None:
    without = officer.send("/console/reports/new", **SAID | {"consent": "", "place_text": ""})
    assert without.status == 422
    assert "Rác chất đống" in without
    assert without.field("contact.name") == "Trần Văn Mẫu"
    unknown = officer.send("/console/reports/new", **SAID | {"category": "no"})
    assert unknown.status == 422


def test_a_report_is_given_to_a_person_who_reads_answers_by_their_names(
    client: FlaskClient, officer: Visitor, as_staff: Callable[..., dict[str, str]]
) -> None:
    other = Visitor(client, as_staff(Role.OFFICER))
    body = {
        "category": "401",
        "description": "Bị thu quá giá",
        "place_text": "Quán",
        "attributes.shop": "Quán Mẫu",
        "attributes.item": "Ghẹ",
        "attributes.price_asked": "900.000",
    }
    done = officer.send("/console/reports/new", **body)
    assert done.status == 200, done.refused
    address = re.search(r'/console/reports/[0-9a-f-]{36}(?=")', done.source)
    assert address
    case = officer.open(address[0])
    assert "price_asked" not in re.sub(r'"[^"]*"', "", case.text)
    people = re.findall(r'<option value="([0-9a-f-]{36})">Nguyễn Thị Mẫu', case.text)
    assert len(people) == 2
    for person in people:
        officer.send(f"{address[0]}/assign", person=person)
    mine = [visitor.open("/console/reports", view="mine") for visitor in (officer, other)]
    assert sum(address[0].rpartition("/")[2] in page.source for page in mine) == 1
