"""Public reports for others: GeoJSON, CSV, RSS, and the page with its list and map."""

from __future__ import annotations

import csv
from collections.abc import Callable
from io import StringIO
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.api.reports.conftest import Filed, FileReport, Headers
from tests.factories.feedback import contact
from tests.pages import BROWSER, shown

HERE = {"lat": 18.8, "lng": 105.72}
OUTPUTS = ("/api/v1/reports.geojson", "/api/v1/reports.csv", "/feeds/reports.rss", "/reports")
SECRETS = ("Bí mật 7361", "Trần Văn Mẫu", "912345678", "mau@example.org", "Nhà 7362")


def verify(client: FlaskClient, officer: Headers, filed: Filed, words: str | None = None) -> None:
    moved = client.post(
        f"{filed.staff_address}/transition", json={"to": "verified"}, headers=officer
    )
    assert moved.status_code == 200
    body = {"description": words}
    client.post(f"{filed.staff_address}/approve", json=body, headers=officer)


@pytest.fixture
def two(client: FlaskClient, officer: Headers, file: FileReport) -> tuple[Filed, Filed]:
    """Two confirmed reports in two quarters, and one that nobody has looked at."""
    private = {"description": SECRETS[0], "place_text": SECRETS[4], **contact()}
    one = file(location=HERE, quarter="nghi-huong", **private)
    other = file(category="201", quarter="nghi-tan", **private)
    file(location=HERE, **private)
    verify(client, officer, one, "=Rác bên đường")
    verify(client, officer, other)
    return one, other


def table(client: FlaskClient, **query: str) -> list[dict[str, str]]:
    answer = client.get("/api/v1/reports.csv", query_string=query)
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(StringIO(answer.text)))


def entries(client: FlaskClient, address: str = "/feeds/reports.rss") -> list[ET.Element]:
    answer = client.get(address)
    assert answer.mimetype == "application/rss+xml"
    return ET.fromstring(answer.data).findall("channel/item")  # noqa: S314 - our own


@pytest.mark.parametrize("address", OUTPUTS)
def test_no_output_says_who_reported_or_what_nobody_approved(
    client: FlaskClient, two: tuple[Filed, Filed], address: str
) -> None:
    answer = client.get(address, headers=BROWSER)
    assert answer.status_code == 200
    assert two[0].code in answer.text
    assert not [secret for secret in SECRETS if secret in answer.text]


def test_the_map_has_what_has_a_point(client: FlaskClient, two: tuple[Filed, Filed]) -> None:
    answer = client.get("/api/v1/reports.geojson")
    assert answer.content_type == "application/geo+json"
    [feature] = answer.json["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [105.72, 18.8]}
    assert feature["properties"]["code"] == two[0].code
    assert feature["properties"]["status_label"] == "Đã xác minh"
    for bbox, count in (("105.7,18.7,105.8,18.9", 1), ("106,18,107,19", 0)):
        inside = client.get(f"/api/v1/reports.geojson?bbox={bbox}").json["features"]
        assert len(inside) == count
    assert client.get("/api/v1/reports.geojson?bbox=1").status_code == 422


def test_the_table_has_all_that_fit_and_no_formulas(
    client: FlaskClient, two: tuple[Filed, Filed]
) -> None:
    rows = table(client)
    assert {row["code"] for row in rows} == {filed.code for filed in two}
    [one] = table(client, quarter="nghi-huong")
    assert one["description"] == "'=Rác bên đường"
    assert (one["lat"], one["lng"], one["category_name"]) == ("18.8", "105.72", "Rác thải")
    assert one["created_at"] == "2026-07-01T08:00:00+07:00"
    assert table(client, category="200")[0]["code"] == two[1].code
    assert table(client, since="2026-07-02T00:00:00+07:00") == []
    document = client.get("/api/v1/swagger.json").json
    described = document["paths"]["/reports.csv"]["get"]["description"]
    assert all(name in described for name in rows[0])


def test_the_feed_is_of_the_town_or_of_a_quarter(
    client: FlaskClient, two: tuple[Filed, Filed]
) -> None:
    assert len(entries(client)) == 2
    [entry] = entries(client, "/feeds/reports.rss?quarter=nghi-tan&lang=en")
    assert entry.findtext("title") == "Pothole: Verified"
    assert (entry.findtext("link") or "").endswith(f"/reports/{two[1].code}")
    title = ET.fromstring(client.get("/feeds/reports.rss?quarter=nghi-tan").data)  # noqa: S314
    assert "Nghi Tân" in (title.findtext("channel/title") or "")


class TestPage:
    """What people report, for those who look."""

    def page(self, client: FlaskClient, **query: str) -> str:
        answer = client.get("/reports", query_string=query, headers=BROWSER)
        assert answer.status_code == 200, answer.text
        return shown(answer)

    def test_it_lists_what_is_confirmed_and_is_narrowed(
        self, client: FlaskClient, two: tuple[Filed, Filed]
    ) -> None:
        everything = client.get("/reports", headers=BROWSER).text
        assert all(filed.code in everything for filed in two)
        narrowed = client.get("/reports?quarter=nghi-tan&status=nonsense", headers=BROWSER).text
        assert two[1].code in narrowed
        assert two[0].code not in narrowed
        assert "There are no such reports." in self.page(client, quarter="nghi-thu")

    def test_me_too_is_counted_and_thanked_for(
        self, client: FlaskClient, two: tuple[Filed, Filed]
    ) -> None:
        said = client.post(f"/reports/{two[0].code}/me-too", headers=BROWSER)
        assert said.status_code == 303
        thanked = shown(client.get(said.headers["Location"], headers=BROWSER))
        assert "that you see it too is counted" in thanked
        assert "1 people see it too" in self.page(client)

    def test_pictures_of_the_map_may_come_from_the_towns_server_of_maps(
        self, make_app: Callable[..., Flask]
    ) -> None:
        tiles = "https://maps.example/{z}/{x}/{y}.png"
        answer = make_app(map_tiles_url=tiles).test_client().get("/reports", headers=BROWSER)
        assert "https://maps.example" in answer.headers["Content-Security-Policy"]
        assert tiles in answer.text


class TestStart:
    """Words first, then the category: without scripts too."""

    def start(self, client: FlaskClient, **form: Any) -> str:
        answer = client.post("/report/start", data=form, headers=BROWSER)
        assert answer.status_code == 200, answer.text
        return str(answer.text)

    def test_words_suggest_categories_with_how_sure(self, client: FlaskClient) -> None:
        page = self.start(client, text="quán karaoke mở nhạc ồn ào suốt đêm")
        assert 'value="104"' in page
        assert "% likely" in page

    def test_choosing_one_keeps_the_words(self, client: FlaskClient) -> None:
        page = self.start(client, text="Nhạc ồn ào suốt đêm", category="104")
        assert "Nhạc ồn ào suốt đêm</textarea>" in page
        assert 'name="category" value="104"' in page

    def test_words_that_say_nothing_lead_to_the_list(self, client: FlaskClient) -> None:
        assert "Please choose from the list below." in self.start(client, text="0912")
        lost = client.post("/report/start", data={"category": "x"}, headers=BROWSER)
        assert lost.status_code == 302
