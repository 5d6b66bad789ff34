"""Places as files: what is exported comes back unchanged, and broken files say where."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.accounts.roles import Role
from content.publishing import State
from content.seeding import seed, seed_samples
from tests.conftest import TurnableClock
from tests.factories.content import PlaceFactory, keep

Headers = dict[str, str]
EXPORT, IMPORT = "/api/v1/staff/places/export", "/api/v1/staff/places/import"
CSV, GEOJSON = "text/csv", "application/geo+json"
FORMATS = [("csv", CSV), ("csv&delimiter=semicolon", CSV), ("geojson", GEOJSON)]


pytestmark = pytest.mark.usefixtures("vocabularies")


@pytest.fixture
def editor(as_staff: Callable[..., Headers]) -> Headers:
    """An editor."""
    return as_staff(Role.EDITOR)


@pytest.fixture
def bring(client: FlaskClient, editor: Headers) -> Callable[..., Any]:
    """Import a file; with `dry_run=True` only try to."""

    def brought(data: str | bytes, kind: str = CSV, **query: Any) -> Any:
        body = data.encode() if isinstance(data, str) else data
        options = {name: str(value).lower() for name, value in query.items()}
        return client.post(
            IMPORT, data=body, query_string=options, headers=editor | {"Content-Type": kind}
        )

    return brought


def counts(answer: Any) -> tuple[int, int, int]:
    assert answer.status_code == 200, answer.json
    return answer.json["new"], answer.json["changed"], answer.json["unchanged"]


def on_file(client: FlaskClient, editor: Headers) -> list[dict[str, Any]]:
    listed = client.get("/api/v1/staff/places?limit=100", headers=editor).json["items"]
    return [{**place, "revision": None, "edited_at": None} for place in listed]


@pytest.fixture
def awkward(session: Session) -> None:
    """Places with all that a file could break."""
    keep(
        session,
        PlaceFactory(
            slug="cong-thuc",
            name={"vi": '=HYPERLINK("http://x","y")', "en": "'=quoted"},
            summary={"vi": 'Có dấu phẩy, chấm phẩy; và "ngoặc"', "en": "@SUM(1)"},
            description={"vi": "Dòng một\nDòng hai\n\n- mục"},
            aliases=["a|b", "[c]", "+d"],
            lat=18.81667000000001,
            lng=-105.5,
            phone="+842383824123",
            other_phones=["19001234"],
            tags=["free"],
            amenities=["toilet", "wifi"],
            links=[{"url": "https://example.org/?a=1,2", "title": {"vi": "Trang"}}],
            season={"from": "04-30", "to": "09-15"},
            opening_exceptions=[{"date": "2026-09-02", "closed": True, "note": {"vi": "Lễ"}}],
            visit_minutes=90,
            price_from=0,
            verified_at=datetime(2026, 5, 1, 2, 3, 4, 567890, tzinfo=UTC),
            sources=[{"fact": "Giờ", "source": "Một nguồn", "confidence": "M"}],
        ),
        PlaceFactory(slug="chi-co-ten", name={"vi": "Chỉ có tên"}),
        PlaceFactory(slug="ban-nhap", name={"vi": "Bản nháp"}, state=State.DRAFT),
    )


@pytest.mark.parametrize(("form", "kind"), FORMATS)
def test_what_is_exported_comes_back_unchanged(
    client: FlaskClient,
    session: Session,
    awkward: None,
    editor: Headers,
    bring: Callable[..., Any],
    clock: TurnableClock,
    form: str,
    kind: str,
) -> None:
    seed(session, clock())
    seed_samples(session, clock())
    session.commit()
    client.patch(
        "/api/v1/staff/places/den-van-loc", json={"phone": "0238 3824 123"}, headers=editor
    )
    before = on_file(client, editor)
    exported = client.get(f"{EXPORT}?format={form}", headers=editor)
    assert exported.status_code == 200
    assert "attachment" in exported.headers["Content-Disposition"]
    answer = bring(exported.data, kind)
    assert counts(answer) == (0, 0, len(before))
    assert on_file(client, editor) == before


def test_a_spreadsheet_takes_no_exported_cell_for_a_formula(
    client: FlaskClient, awkward: None, editor: Headers
) -> None:
    data = client.get(EXPORT, headers=editor).data
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    row = next(row for row in rows if row["slug"] == "cong-thuc")
    assert row["name_vi"].startswith("'=")
    assert row["phone"] == "'+842383824123"
    texts = [cell for row in rows for name, cell in row.items() if name not in ("lat", "lng")]
    assert not [cell for cell in texts if cell.startswith(tuple("=+-@\t\r"))]


HEAD = "slug,name_vi,name_en,category,lat,lng,opening_hours\n"


def test_a_file_makes_drafts_of_what_is_new_and_changes_what_it_names(
    client: FlaskClient, session: Session, editor: Headers, bring: Callable[..., Any]
) -> None:
    keep(
        session,
        PlaceFactory(
            slug="cu", name={"vi": "Cũ", "en": "Old"}, category="temple", quarter="nghi-thu"
        ),
    )
    text = (
        HEAD
        + "cu,Cũ mới,,temple,,,\nmoi,Mới,New,pagoda,18.8,105.7,24/7\n,Không tên miền,,sight,,,\n"
    )
    assert counts(bring(text, dry_run=True)) == (2, 1, 0)
    assert [place["slug"] for place in on_file(client, editor)] == ["cu"]

    answer = bring(text)
    assert counts(answer) == (2, 1, 0)
    assert answer.json["changes"][0] == {
        "row": 2, "slug": "cu", "action": "changed", "fields": ["name"],
    }  # fmt: skip
    places = {place["slug"]: place for place in on_file(client, editor)}
    assert set(places) == {"cu", "moi", "khong-ten-mien"}
    assert places["cu"]["name"] == {"vi": "Cũ mới"}
    assert places["cu"]["quarter"] == "nghi-thu"
    assert (places["moi"]["state"], places["moi"]["location"]) == (
        "draft",
        {"lat": 18.8, "lng": 105.7},
    )
    assert client.get("/api/v1/places/cu").json["name"] == "Cũ"
    history = client.get("/api/v1/staff/places/cu/revisions", headers=editor).json["items"]
    assert history[0]["act"] == "change"
    assert counts(bring(text.replace(",Không tên miền,,sight,,,\n", ""))) == (0, 0, 2)


def test_a_file_is_published_by_who_may(
    client: FlaskClient, editor: Headers, bring: Callable[..., Any]
) -> None:
    assert counts(bring(HEAD + "moi,Mới,,sight,18.8,105.7,\n", publish=True)) == (1, 0, 0)
    assert client.get("/api/v1/places/moi").json["name"] == "Mới"
    assert counts(bring(HEAD + "moi,Đổi,,sight,18.8,105.7,\n", publish=True)) == (0, 1, 0)
    assert client.get("/api/v1/places/moi").json["name"] == "Đổi"


def test_the_two_person_rule_holds_for_files(
    make_app: Callable[..., Flask], editor: Headers
) -> None:
    client = make_app(two_person_rule=True).test_client()
    answer = client.post(
        f"{IMPORT}?publish=true",
        data=(HEAD + "moi,Mới,,sight,,,\n").encode(),
        headers=editor | {"Content-Type": CSV},
    )
    assert answer.status_code == 422
    assert client.get("/api/v1/staff/places", headers=editor).json["items"] == []


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + HEAD + "a,Tên,,sight,18.8,105.7,\n",
        "\ufeff" + (HEAD + "a,Tên,,sight,18.8,105.7,\n").replace("\n", "\r\n"),
        HEAD.replace(",", ";") + 'a;Tên;;sight;"18,8";105,7;\n',
        "sep=;\r\n" + HEAD.replace(",", ";") + "a;Tên;;sight;18,8;105,7;\n",
        HEAD.replace(",", "\t") + "a\tTên\t\tsight\t18.8\t105.7\t\n",
        HEAD + "\n,,,,,,\na,Tên,,sight,18.8,105.7,\n\n",
        HEAD.replace("lat", " Lat ") + " a , Tên ,, sight ,18.8, 105.7 ,\n",
    ],
)
def test_files_are_read_as_spreadsheets_write_them(
    client: FlaskClient, editor: Headers, bring: Callable[..., Any], text: str
) -> None:
    assert counts(bring(text)) == (1, 0, 0)
    (place,) = on_file(client, editor)
    assert (place["slug"], place["name"]["vi"]) == ("a", "Tên")
    assert place["location"] == {"lat": 18.8, "lng": 105.7}


def test_a_file_may_come_with_a_form(client: FlaskClient, editor: Headers) -> None:
    file = (io.BytesIO((HEAD + "a,Tên,,sight,,,\n").encode()), "places.csv")
    answer = client.post(f"{IMPORT}?dry_run=true", data={"file": file}, headers=editor)
    assert counts(answer) == (1, 0, 0)
    assert client.post(IMPORT, data=b"x", headers=editor).status_code == 415


def feature(**changed: Any) -> str:
    whole = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [105.7, 18.8]},
        "properties": {"name": {"vi": "Tên"}, "category": "sight"},
    }
    return json.dumps({"type": "FeatureCollection", "features": [whole | changed]})


def row(**changed: str) -> str:
    values = {"slug": "a", "name_vi": "Tên", "category": "sight"} | changed
    text = io.StringIO()
    writer = csv.DictWriter(text, list(values))
    writer.writeheader()
    writer.writerow(values)
    return text.getvalue()


BROKEN: dict[str, tuple[str | bytes, str, str, str]] = {
    "empty": ("", CSV, "file", "rỗng"),
    "only a head": (HEAD, CSV, "file", "không có địa điểm"),
    "no head": ("1,2,3\n4,5,6\n", CSV, "file", "Dòng 1"),
    "unknown column": ("slug,colour\na,red\n", CSV, "file", "colour"),
    "column twice": ("slug,name_vi,name_vi\na,b,c\n", CSV, "file", "name_vi"),
    "column without a name": ("slug,,name_vi\na,b,c\n", CSV, "file", "cột 2"),
    "legacy encoding": ("slug,name_vi\na,Bãi\n".encode("latin-1"), CSV, "file", "Dòng 2"),
    "UTF-16": ((HEAD + "a,b,,sight,,,\n").encode("utf-16"), CSV, "file", "UTF-8"),
    "an image": (b"\x89PNG\r\n\x1a\n\x00\x00\x00", CSV, "file", "Dòng 1"),
    "zero bytes": (HEAD + "a,T\0n,,sight,,,\n", CSV, "file", "Dòng 2"),
    "quotation mark left open": (HEAD + 'a,"Tên,,sight,,,\n', CSV, "file", "Dòng 2"),
    "text after a quotation mark": (HEAD + 'a,"Tên"x,,sight,,,\n', CSV, "file", "Dòng 2"),
    "too few cells": (HEAD + "a,Tên\n", CSV, "2", "Dòng 2: Có 2 ô"),
    "too many cells": (HEAD + "a,Tên,,sight,,,,,\n", CSV, "2", "Dòng 2: Có 9 ô"),
    "too many rows": (HEAD + ",Tên,,sight,,,\n" * 5001, CSV, "file", "5000"),
    "no name": (row(name_vi=""), CSV, "2.name_vi", "Dòng 2, name_vi"),
    "no category": (row(category=""), CSV, "2.category", "Dòng 2, category"),
    "unknown category": (row(category="spaceport"), CSV, "2.category", "spaceport"),
    "unknown quarter": (row(quarter="atlantis"), CSV, "2.quarter", "atlantis"),
    "unknown amenity": (row(amenities="wifi|helipad"), CSV, "2.amenities", "helipad"),
    "latitude alone": (row(lat="18.8", lng=""), CSV, "2.lng", "Dòng 2, lng"),
    "latitude in words": (row(lat="18°48'", lng="105.7"), CSV, "2.lat", "Dòng 2, lat"),
    "latitude off the earth": (row(lat="91", lng="105.7"), CSV, "2.lat", "Dòng 2, lat"),
    "opening hours": (row(opening_hours="whenever"), CSV, "2.opening_hours", "opening_hours"),
    "telephone": (row(phone="12345"), CSV, "2.phone", "Dòng 2, phone"),
    "price with dots": (row(price_from="50.000"), CSV, "2.price_from", "Dòng 2, price_from"),
    "season": (row(season="summer"), CSV, "2.season", "Dòng 2, season"),
    "day that no year has": (row(season="02-30/09-01"), CSV, "2.season", "02-30"),
    "links that are no JSON": (row(links="http://x"), CSV, "2.links", "Dòng 2, links"),
    "link that runs": (
        row(links='[{"url": "javascript:1", "title": {"vi": "x"}}]'), CSV, "2.links", "1, url",
    ),
    "image without a licence": (
        row(images='[{"url": "https://x.org/a.jpg", "width": 1, "height": 1}]'),
        CSV, "2.images", "licence",
    ),
    "address that is none": (row(slug="Not A Slug"), CSV, "2.slug", "Dòng 2, slug"),
    "unknown id": (row(id="11111111-2222-4333-8444-555555555555"), CSV, "2.id", "Dòng 2, id"),
    "same address twice": (HEAD + "a,Một,,sight,,,\na,Hai,,sight,,,\n", CSV, "3.slug", "dòng 2"),
    "name too long": (row(name_vi="x" * 201), CSV, "2.name_vi", "Dòng 2, name_vi"),
    "expired before it is seen": (row(expires_at="yesterday"), CSV, "2.expires_at", "expires_at"),
    "JSON cut off": ('{"type": "FeatureCollection", "features": [', GEOJSON, "file", "JSON"),
    "JSON of something else": ('{"type": "Topology"}', GEOJSON, "file", "FeatureCollection"),
    "features that are no list": (
        '{"type": "FeatureCollection", "features": {}}', GEOJSON, "file", "features",
    ),
    "no feature": ('{"type": "FeatureCollection", "features": [1]}', GEOJSON, "1", "Dòng 1"),
    "a line": (
        feature(geometry={"type": "LineString", "coordinates": [[1, 2], [3, 4]]}),
        GEOJSON, "1.geometry", "Point",
    ),
    "coordinates in words": (
        feature(geometry={"type": "Point", "coordinates": ["a", "b"]}),
        GEOJSON, "1.geometry", "lng, lat",
    ),
    "coordinates the wrong way round": (
        feature(geometry={"type": "Point", "coordinates": [18.8, 105.7]}),
        GEOJSON, "1.lat", "Dòng 1, lat",
    ),
    "no properties": (feature(properties=None), GEOJSON, "1.properties", "properties"),
    "unknown property": (
        feature(properties={"name": {"vi": "x"}, "category": "sight", "colour": "red"}),
        GEOJSON, "1.colour", "colour",
    ),
    "a name that is no text": (
        feature(properties={"name": 5, "category": "sight"}), GEOJSON, "1.name", "Dòng 1, name",
    ),
    "language that is not offered": (
        feature(properties={"name": {"vi": "x", "xx": "y"}, "category": "sight"}),
        GEOJSON, "1.name_xx", "vi, en",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_with_a_sentence_that_says_where(
    client: FlaskClient, editor: Headers, bring: Callable[..., Any], name: str
) -> None:
    data, kind, place, words = BROKEN[name]
    answer = bring(data, kind)
    assert answer.status_code == 422, answer.json
    assert answer.content_type == "application/problem+json"
    assert list(answer.json["errors"]) == [place]
    assert words in " ".join(answer.json["errors"][place])
    assert on_file(client, editor) == []


def test_a_dry_run_lists_every_problem_and_counts_what_would_be_done(
    client: FlaskClient, session: Session, editor: Headers, bring: Callable[..., Any]
) -> None:
    keep(session, PlaceFactory(slug="cu", name={"vi": "Cũ"}, category="sight"))
    text = HEAD + (
        "cu,Cũ,,sight,,,\nmoi,Mới,,sight,,,\n,,,spaceport,91,105.7,whenever\nsai,Sai,,sight,1,,\n"
    )
    answer = bring(text, dry_run=True)
    assert counts(answer) == (1, 0, 1)
    found = [(problem["row"], problem["field"]) for problem in answer.json["problems"]]
    assert sorted(found) == [
        (4, "category"), (4, "lat"), (4, "name_vi"), (4, "opening_hours"), (5, "lng"),
    ]  # fmt: skip
    for problem in answer.json["problems"]:
        assert problem["message"].startswith(f"Dòng {problem['row']}, {problem['field']}: ")
    refused = bring(text)
    assert refused.status_code == 422
    assert len(refused.json["errors"]) == 5
    assert [place["slug"] for place in on_file(client, editor)] == ["cu"]


def test_a_file_that_is_too_large_is_refused(
    make_app: Callable[..., Flask], editor: Headers
) -> None:
    client = make_app(max_import_bytes=2000).test_client()
    answer = client.post(IMPORT, data=b"x" * 2001, headers=editor | {"Content-Type": CSV})
    assert answer.status_code == 413


def test_only_editors_export_and_import(
    client: FlaskClient, as_staff: Callable[..., Headers]
) -> None:
    officer = as_staff(Role.OFFICER)
    assert client.get(EXPORT).status_code == 401
    assert client.get(EXPORT, headers=officer).status_code == 403
    assert client.post(IMPORT, headers=officer | {"Content-Type": CSV}).status_code == 403
