"""A leader reads statistics on the console, follows its numbers, and takes papers along."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, unquote
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy.orm import Session

from backend.accounts.roles import Role
from tests.conftest import TOWN_TIME, TurnableClock
from tests.console import Page, Visitor
from tests.factories.feedback import NewReportFactory, ReportFactory
from tests.factories.files import image

Headers = dict[str, str]


@pytest.fixture(autouse=True)
def reports(session: Session, clock: TurnableClock, vocabularies: None) -> None:
    """Two resolved reports and an open one this year, one resolved a year ago."""
    for day, hours, place in (
        ("2026-06-02", 12, (18.81, 105.71)),
        ("2026-06-03", 72, (18.81, 105.71)),
        ("2026-06-29", None, None),
        ("2025-06-01", 24, None),
    ):
        at = datetime.fromisoformat(f"{day}T09:00").replace(tzinfo=TOWN_TIME)
        lat, lng = place or (None, None)
        session.add(
            ReportFactory(
                created_at=at,
                clock_started_at=at,
                expected_at=at + timedelta(hours=48),
                status="resolved" if hours else "received",
                closed_at=at + timedelta(hours=hours) if hours else None,
                quarter="thu-thuy" if place else None,
                lat=lat,
                lng=lng,
            )
        )
    session.commit()


@pytest.fixture
def leader(client: FlaskClient, as_staff: Callable[..., Headers]) -> Visitor:
    return Visitor(client, as_staff(Role.LEADER))


def links(page: Page, within: str) -> dict[str, str]:
    """The numbers of the part with that id that lead somewhere, with their addresses."""
    part = page.text[page.text.index(f'id="{within}"') :]
    part = part[: part.index("</section>")]
    found = re.findall(r'<a href="(/console/reports[^"]*)">(\d+)</a>', part)
    return dict(found)


def codes(page: Page) -> list[str]:
    return re.findall(r"<strong>(CL-[^<]+)</strong>", page.text)


def test_the_page_shows_this_year_beside_the_last(leader: Visitor) -> None:
    page = leader.open("/console/statistics")
    assert page.status == 200
    for words in (
        "200 % more than a year ago (1)",
        "100 % more than a year ago (1)",
        "50 %",
        "a year ago: 100 %",
        "12 h",
        "nine of ten within 3 days",
    ):
        assert words in page, words


@pytest.mark.parametrize("by", ["month", "season", "office", "quarter", "category"])
def test_every_number_leads_to_as_many_reports(leader: Visitor, by: str) -> None:
    page = leader.open("/console/statistics", by=by)
    found = [
        (address, int(number))
        for part in ("by-month", "by-what", "backlog", "heat", "again")
        for address, number in links(page, part).items()
    ]
    assert len(found) > 6
    for address, number in found:
        path, _, query = address.partition("?")
        behind = leader.open(path, **dict(parse_qsl(query)))
        assert len(codes(behind)) == number, address
        assert "The reports behind a number of the statistics" in behind


def test_charts_are_pictures_without_scripts_and_styles(leader: Visitor) -> None:
    page = leader.open("/console/statistics", by="quarter")
    pictures = re.findall(
        r'(?:src|srcset)="data:image/svg\+xml;charset=utf-8,([^"]*)"', page.source
    )
    assert len(pictures) == 10
    words = set()
    for picture in pictures:
        root = ElementTree.fromstring(unquote(picture))  # noqa: S314
        tags = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert tags <= {"svg", "g", "rect", "path", "line", "text", "clipPath"}, tags
        assert not any("style" in element.attrib for element in root.iter())
        words |= {element.text for element in root.iter() if element.tag.endswith("text")}
    assert {"Thu Thuy", "Received"} & words
    assert 'alt="Columns of the reports received' in page.source


def test_a_period_that_is_none_is_said_at_its_field(leader: Visitor) -> None:
    page = leader.open("/console/statistics", **{"from": "2026-02-01", "to": "2026-01-01"})
    assert page.status == 422
    assert "Must not be before the first day." in page
    assert leader.open("/console/statistics", **{"from": "x"}).status == 422


def test_the_desk_keeps_what_a_number_led_to(leader: Visitor) -> None:
    page = leader.open("/console/reports", figure="resolved", **{"from": "2026-06-03"})
    assert len(codes(page)) == 1
    assert '<input type="hidden" name="figure" value="resolved">' in page
    for nonsense in ({"figure": "all"}, {"from": "yesterday"}, {"cell": "1"}, {"cell": "9,9,9"}):
        assert leader.open("/console/reports", **nonsense).status == 200


def test_the_table_for_spreadsheets(client: FlaskClient, leader: Visitor) -> None:
    answer = client.get("/console/statistics.csv?by=quarter", headers=leader.headers)
    assert answer.mimetype == "text/csv"
    assert "thu-thuy,Thu Thủy,2" in answer.text


def read(pdf: bytes) -> str:
    """The words of a PDF with single spaces, after a look at its bounds."""
    assert pdf.startswith(b"%PDF")
    pages = PdfReader(io.BytesIO(pdf)).pages
    text = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))
    assert unicodedata.is_normalized("NFC", text)
    return text


def test_the_report_of_a_month_on_paper(client: FlaskClient, leader: Visitor) -> None:
    vietnamese = leader.headers | {"Accept-Language": "vi"}
    answer = client.get("/console/statistics/month.pdf?from=2026-06-15", headers=vietnamese)
    assert answer.mimetype == "application/pdf"
    text = read(answer.get_data())
    for words in (
        "Báo cáo phản ánh của người dân, tháng 6 năm 2026",
        "từ 01/06/2026 đến 30/06/2026",
        "tăng 200 % so với cùng kỳ năm trước (1)",
        "Giải quyết đúng hạn",
        "Một nửa được giải quyết trong",
        "Thu Thủy 2",
        "Điểm lặp lại nhiều",
    ):
        assert words in text, (words, text)
    # Without a day it is the month before this one.
    assert client.get("/console/statistics/month.pdf", headers=vietnamese).status_code == 200
    wrong = client.get("/console/statistics/month.pdf?from=junk", headers=vietnamese)
    assert wrong.status_code == 422


def test_a_case_on_paper(
    client: FlaskClient, as_staff: Callable[..., Headers], session: Session
) -> None:
    written = "Ổ gà trước chợ Hôm, nguy hiểm buổi tối <b>&</b> 🕳 " + "Nghiêng ngả ạ! " * 5
    contact = {
        "contact": {"name": "Trần Văn Giấu", "phone": "0912345678"},
        "consent": {"version": "1", "at": "2026-07-01T07:59:00+07:00"},
    }
    body: dict[str, Any] = NewReportFactory(
        description=unicodedata.normalize("NFD", written), **contact
    )
    filed = client.post("/api/v1/reports", json=body).json
    added = client.post(
        f"/api/v1/reports/{filed['id']}/photos",
        data={"photo": (io.BytesIO(image()), "a.jpg")},
        headers={"X-Access-Token": filed["access_token"]},
    )
    assert added.status_code == 201, added.text
    officer = as_staff(Role.OFFICER) | {"Accept-Language": "vi"}
    note = {"text": "Đã gọi thợ"}
    client.post(f"/api/v1/staff/reports/{filed['id']}/note", json=note, headers=officer)
    answer = client.get(f"/console/reports/{filed['id']}/case.pdf", headers=officer)
    assert answer.mimetype == "application/pdf"
    assert filed["code"] in answer.headers["Content-Disposition"]
    text = read(answer.get_data())
    for words in (
        filed["code"],
        "Ổ gà trước chợ Hôm, nguy hiểm buổi tối <b>&</b>",
        "Cạnh chợ",
        "Đã gọi thợ",
    ):
        assert words in text, (words, text)
    assert "Giấu" not in text
    assert "912345678" not in text
    images = [
        picture
        for page in PdfReader(io.BytesIO(answer.get_data())).pages
        for picture in page.images
    ]
    assert len(images) == 1


def test_who_may_not_read_statistics_gets_no_page(
    client: FlaskClient, as_staff: Callable[..., Headers]
) -> None:
    officer = as_staff(Role.OFFICER)
    for path in ("statistics", "statistics.csv", "statistics/month.pdf"):
        assert client.get(f"/console/{path}", headers=officer).status_code == 403
    assert "/console/statistics" not in client.get("/console", headers=officer).text
