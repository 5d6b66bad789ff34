"""Lifeguard hours, water samples and tide tables, kept at the console and read by the public."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.accounts.roles import Role
from tests.console import Page, Visitor
from tests.factories.content import BeachFactory, keep

SUMMER = {
    "days": ["Mo", "We", "Sa"],
    "from": "05:00",
    "to": "17:30",
    "valid_from": "2026-05-01",
    "valid_until": "2026-09-30",
    "note": "Theo kế hoạch mẫu",
}
TIDES = """station,time,height_m,kind
Mẫu,2026-07-01T05:12:00+07:00,2.4,high
Mẫu,2026-07-01T12:30:00+07:00,0.7,low
"""


@pytest.fixture(autouse=True)
def beaches(session: Session) -> None:
    keep(
        session,
        BeachFactory(slug="lan-chau", name={"vi": "Bãi Lan Châu", "en": "Lan Chau beach"}),
        BeachFactory(slug="cua-hoi", name={"vi": "Bãi Cửa Hội", "en": "Cua Hoi beach"}),
    )


@pytest.fixture
def admin(client: FlaskClient, as_staff: Callable[..., dict[str, str]]) -> Visitor:
    return Visitor(client, as_staff(Role.ADMIN))


@pytest.fixture
def status(client: FlaskClient) -> Callable[..., Any]:
    """What the public reads of a beach."""
    return lambda slug="lan-chau": client.get(f"/api/v1/beaches/{slug}/status").json


def addresses(page: Page, ending: str) -> list[str]:
    """The forms of *page* whose address ends so."""
    return re.findall(rf'action="([^"]*{ending})"', page.text)


def test_hours_are_put_on_file_at_two_beaches_changed_and_removed(
    admin: Visitor, status: Callable[..., Any]
) -> None:
    assert "No hours are on file" in admin.open("/console/hours")
    page = admin.send("/console/hours/new", beaches=["lan-chau", "cua-hoi"], **SUMMER)
    assert (page.path, page.status) == ("/console/hours", 200)
    assert "05:00 – 17:30" in page
    assert "this season" in page
    # The clock stands at a Wednesday.
    for slug in ("lan-chau", "cua-hoi"):
        assert status(slug)["lifeguard_hours"] == [{"from": "05:00", "to": "17:30"}]

    one = re.findall(r'href="(/console/hours/lan-chau/[^"]+)"', page.text)[0]
    form = admin.open(one)
    assert form.field("from") == "05:00"
    assert 'value="We" checked' in form
    assert 'value="Tu" checked' not in form
    changed = admin.send(one, **SUMMER | {"to": "18:00"})
    assert "The hours are changed." in changed
    assert status()["lifeguard_hours"] == [{"from": "05:00", "to": "18:00"}]

    page = admin.send(f"{one}/remove")
    assert "The hours are removed." in page
    assert (status()["lifeguard_hours"], status()["lifeguards_on_duty"]) == ([], None)
    assert admin.open(one).status == 404


def test_overlapping_hours_are_refused_with_the_beach_and_the_hours_and_nothing_is_kept(
    admin: Visitor, status: Callable[..., Any]
) -> None:
    admin.send("/console/hours/new", beaches=["cua-hoi"], **SUMMER)
    late = SUMMER | {"days": ["We"], "from": "17:00", "to": "19:00"}
    page = admin.send("/console/hours/new", beaches=["lan-chau", "cua-hoi"], **late)
    assert page.status == 422
    hours = "Mon,Wed,Sat 05:00-17:30, valid 01/05/2026 – 30/09/2026."
    assert f"Cua Hoi beach: Overlaps the schedule {hours}" in page
    assert page.field("from") == "17:00"
    assert 'value="lan-chau" checked' in page
    assert status()["lifeguard_hours"] == []


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"beaches": []}, "beaches"),
        ({"days": []}, "days"),
        ({"days": ["Xx"]}, "days"),
        ({"from": ""}, "from"),
        ({"from": "25:00"}, "from"),
        ({"to": "04:00"}, "to"),
        ({"valid_from": "soon"}, "valid_from"),
        ({"valid_until": "2026-04-01"}, "valid_until"),
        ({"note": "x" * 301}, "note"),
    ],
)
def test_what_is_wrong_with_hours_stands_beside_its_field(
    admin: Visitor, status: Callable[..., Any], change: dict[str, Any], wrong: str
) -> None:
    page = admin.send("/console/hours/new", **{"beaches": ["lan-chau"]} | SUMMER | change)
    assert page.status == 422
    assert f'href="#{wrong}"' in page
    assert status()["lifeguard_hours"] == []


def test_a_water_sample_is_entered_and_a_wrong_one_removed(
    admin: Visitor, status: Callable[..., Any], client: FlaskClient
) -> None:
    assert "No result is on file" in admin.open("/console/water")
    sample = {"beach": "lan-chau", "sampled_at": "2026-06-30T07:00", "source": "Phòng mẫu, 12/QT"}
    admin.send("/console/water/new", **sample, **{"class": "good"})
    page = admin.send(
        "/console/water/new", **sample | {"sampled_at": "2026-07-01T07:00"}, **{"class": "poor"}
    )
    assert "The result is on file." in page
    assert status()["water_quality"]["class"] == "poor"
    assert "Phòng mẫu, 12/QT" in page

    page = admin.send(addresses(page, "/remove")[0])
    assert "The result before it counts again." in page
    known = status()["water_quality"]
    assert (known["class"], known["sampled_at"]) == ("good", "2026-06-30T07:00:00+07:00")
    left = addresses(page, "/remove")[0]
    api = left.replace("/console/water/", "/api/v1/staff/beaches/").replace("/remove", "")
    api = api.replace("lan-chau/", "lan-chau/water-samples/")
    assert client.delete(api, headers=admin.headers).status_code == 204
    assert client.delete(api, headers=admin.headers).status_code == 404
    assert status()["water_quality"] is None


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"beach": ""}, "beach"),
        ({"class": "safe"}, "class"),
        ({"sampled_at": "2026-07-03T07:00"}, "sampled_at"),
        ({"sampled_at": ""}, "sampled_at"),
        ({"source": ""}, "source"),
    ],
)
def test_what_is_wrong_with_a_sample_stands_beside_its_field(
    admin: Visitor, status: Callable[..., Any], change: dict[str, str], wrong: str
) -> None:
    sample = {"beach": "lan-chau", "sampled_at": "2026-06-30T07:00", "source": "x", "class": "good"}
    page = admin.send("/console/water/new", **sample | change)
    assert page.status == 422
    assert f'href="#{wrong}"' in page
    assert status()["water_quality"] is None


def send_table(admin: Visitor, table: bytes | str, then: str, **more: str) -> Page:
    data = table.encode() if isinstance(table, str) else table
    file = (io.BytesIO(data), "tides.csv")
    return admin.send("/console/tides", file=file, then=then, **more)


def test_a_tide_table_is_checked_taken_in_replaced_and_removed(
    admin: Visitor, status: Callable[..., Any]
) -> None:
    page = send_table(admin, TIDES, "check")
    assert "Every line is good. Nothing is written yet." in page
    assert "Mẫu: 2 tides, from 01/07/2026 to 01/07/2026." in page
    assert status()["tide"] == []

    page = send_table(admin, TIDES, "import")
    assert (page.path, page.status) == ("/console/tides", 200)
    assert "2 tides of Mẫu are on file." in page
    assert [tide["kind"] for tide in status()["tide"]] == ["high", "low"]

    page = send_table(admin, TIDES, "check")
    assert "They take the place of 2 that are on file." in page
    corrected = TIDES.replace("2.4", "2.5")
    page = send_table(admin, corrected, "import")
    assert page.status == 422
    assert "2 tides are on file of these days: tick that they are replaced." in page
    assert status()["tide"][0]["height_m"] == 2.4
    send_table(admin, corrected, "import", replace="yes")
    assert status()["tide"][0]["height_m"] == 2.5

    page = admin.send(addresses(admin.open("/console/tides"), "/remove")[0])
    assert "All tides of Mẫu are removed." in page
    assert status()["tide"] == []


@pytest.mark.parametrize("then", ["check", "import"])
def test_bad_lines_of_a_tide_table_are_shown_by_number_with_what_stands_there(
    admin: Visitor, status: Callable[..., Any], then: str
) -> None:
    page = send_table(admin, TIDES.replace("0.7,low", "0,7,low").replace("2.4", "hai"), then)
    assert page.status == 422
    assert re.search(r'<th scope="row">2</th><td>The height must be .*?hai', page.text)
    assert re.search(r'<th scope="row">3</th><td>Must have 4 columns.*?0,7,low', page.text)
    assert status()["tide"] == []


@pytest.mark.parametrize(
    "table", [b"", b"\xff\xfe\x00", b"a,b\n1,2\n", b"station,time,height_m,kind\n"]
)
def test_what_is_no_tide_table_is_refused_in_words(admin: Visitor, table: bytes) -> None:
    page = send_table(admin, table, "import")
    assert page.status == 422
    assert "Nothing was taken in:" in page


def test_a_file_to_begin_with_passes_the_check(admin: Visitor, client: FlaskClient) -> None:
    answer = client.get("/console/tides/example.csv", headers=admin.headers)
    assert answer.mimetype == "text/csv"
    assert "Every line is good." in send_table(admin, answer.data, "check")


@pytest.mark.parametrize(
    ("role", "words"),
    [
        (Role.LEADER, {"Lifeguard hours"}),
        (Role.EDITOR, {"Tide tables", "Days off"}),
        (Role.LIFEGUARD, set()),
    ],
)
def test_the_menu_leads_to_what_a_role_keeps(
    client: FlaskClient, as_staff: Callable[..., dict[str, str]], role: Role, words: set[str]
) -> None:
    menu = Visitor(client, as_staff(role)).open("/console").text
    menu = menu[: menu.index("<main")]
    named = {"Lifeguard hours", "Water samples", "Tide tables"}
    assert {word for word in named | words if f"<span>{word}</span>" in menu} == words
