"""What maps, search engines and printers take of places."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy.orm import Session

from content.publishing import State
from content.seeding import seed, seed_samples
from tests.conftest import TurnableClock
from tests.factories.content import ArticleFactory, PlaceFactory, keep

PUBLIC = "https://town.example"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture
def client(make_app: Callable[..., Flask]) -> FlaskClient:
    """A guest of a town with an address of its own."""
    return make_app(public_url=PUBLIC).test_client()


@pytest.fixture
def town(session: Session) -> None:
    """Some places, one without a point and one not published."""
    keep(
        session,
        PlaceFactory(slug="dao", name={"vi": "Đảo", "en": "Island"}, lat=18.8, lng=105.78),
        PlaceFactory(slug="cho", name={"vi": "Chợ"}, category="market", lat=18.82, lng=105.7),
        PlaceFactory(slug="chua-ro", name={"vi": "Chưa rõ"}),
        PlaceFactory(slug="nhap", name={"vi": "Nháp"}, lat=18.8, lng=105.7, state=State.DRAFT),
    )


def features(client: FlaskClient, query: str = "") -> list[dict[str, Any]]:
    answer = client.get(f"/feeds/places.geojson{query}")
    assert answer.status_code == 200
    assert answer.content_type.startswith("application/geo+json")
    assert answer.json["type"] == "FeatureCollection"
    return list(answer.json["features"])


def test_maps_get_the_places_that_have_a_point(client: FlaskClient, town: None) -> None:
    found = features(client)
    assert [feature["properties"]["slug"] for feature in found] == ["cho", "dao"]
    assert found[1]["geometry"] == {"type": "Point", "coordinates": [105.78, 18.8]}
    assert found[1]["properties"]["url"] == f"{PUBLIC}/places/dao"
    assert features(client, "?lang=en")[1]["properties"]["name"] == "Island"
    inside = features(client, "?bbox=105.75,18.7,105.8,18.9")
    assert [feature["properties"]["slug"] for feature in inside] == ["dao"]
    assert features(client, "?bbox=0,0,1,1") == []
    bad = client.get("/feeds/places.geojson?bbox=1,2,3")
    assert (bad.status_code, list(bad.json["errors"])) == (422, ["bbox"])


def structured(client: FlaskClient, slug: str) -> dict[str, Any] | None:
    page = client.get(f"/places/{slug}").text
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    return json.loads(found[1]) if found else None


@pytest.mark.parametrize(
    ("category", "kind"),
    [
        ("temple", "TouristAttraction"),
        ("beach", ["TouristAttraction", "Beach"]),
        ("guesthouse", "LodgingBusiness"),
        ("hotel", ["LodgingBusiness", "Hotel"]),
        ("restaurant", "Restaurant"),
        ("shop", "Store"),
        ("port", "Place"),
    ],
)
def test_a_page_tells_search_engines_what_kind_of_place_it_is(
    client: FlaskClient, session: Session, category: str, kind: Any
) -> None:
    keep(
        session,
        PlaceFactory(
            slug="noi",
            category=category,
            lat=18.8,
            lng=105.7,
            phone="+842383824123",
            opening_hours="07:00-18:00",
            links=[{"url": "https://example.org", "title": {"vi": "Trang"}}],
        ),
    )
    found = structured(client, "noi")
    assert found is not None
    assert (found["@context"], found["@type"]) == ("https://schema.org", kind)
    assert found["geo"] == {"@type": "GeoCoordinates", "latitude": 18.8, "longitude": 105.7}
    assert found["url"] == f"{PUBLIC}/places/noi"
    assert (found["telephone"], found["openingHours"]) == ("+842383824123", "Mo-Su 07:00-18:00")
    assert found["sameAs"] == ["https://example.org"]


def test_no_text_breaks_out_of_the_structured_data(client: FlaskClient, session: Session) -> None:
    evil = "</script><script>alert(1)</script><!-- \u2028"
    keep(
        session,
        PlaceFactory(slug="noi", name={"vi": evil}, summary={"vi": evil}, aliases=[evil]),
    )
    page = client.get("/places/noi").text
    assert "<script>alert" not in page
    found = structured(client, "noi")
    assert found is not None
    assert (found["name"], found["alternateName"]) == (evil, [evil])


def test_invented_places_are_kept_from_search_engines(
    client: FlaskClient, session: Session
) -> None:
    keep(session, PlaceFactory(slug="mau", name={"vi": "Mẫu"}, is_sample=True))
    assert structured(client, "mau") is None
    assert '<meta name="robots" content="noindex">' in client.get("/places/mau").text
    assert "/places/mau" not in client.get("/sitemap.xml").text


def test_a_place_has_a_qr_code_that_leads_to_its_page(client: FlaskClient, town: None) -> None:
    svg = client.get("/places/dao/qr.svg")
    assert (svg.status_code, svg.content_type.split(";")[0]) == (200, "image/svg+xml")
    assert ElementTree.fromstring(svg.text).tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314
    png = client.get("/places/dao/qr.png")
    assert png.content_type == "image/png"
    with Image.open(BytesIO(png.data)) as image:
        assert image.width == image.height >= 300
    assert png.data != client.get("/places/cho/qr.png").data
    assert "/places/dao/qr.svg" in client.get("/places/dao").text
    for hidden in ("nhap", "khong-co"):
        assert client.get(f"/places/{hidden}/qr.svg").status_code == 404


def test_the_sitemap_names_every_page_once(
    client: FlaskClient, session: Session, clock: TurnableClock
) -> None:
    seed(session, clock())
    seed_samples(session, clock())
    keep(session, ArticleFactory(slug="tin", kind="news"), PlaceFactory(slug="a-b"))
    session.commit()
    answer = client.get("/sitemap.xml")
    assert answer.content_type.startswith("application/xml")
    root = ElementTree.fromstring(answer.data)  # noqa: S314
    addresses = [entry.text or "" for entry in root.iter(f"{SITEMAP}loc")]
    assert len(addresses) == len(set(addresses))
    assert {f"{PUBLIC}/", f"{PUBLIC}/places", f"{PUBLIC}/places/a-b"} <= set(addresses)
    assert f"{PUBLIC}/announcements/tin" in addresses
    assert root.tag == f"{SITEMAP}urlset"
    for address in addresses:
        assert client.get(address.removeprefix(PUBLIC)).status_code == 200, address
    assert client.get("/sitemap-1.xml").status_code == 200
    for number in (0, 2, 99):
        assert client.get(f"/sitemap-{number}.xml").status_code == 404


def test_robots_are_led_to_the_sitemap_and_away_from_staff(client: FlaskClient) -> None:
    lines = client.get("/robots.txt").text.splitlines()
    assert f"Sitemap: {PUBLIC}/sitemap.xml" in lines
    assert "Disallow: /console" in lines
