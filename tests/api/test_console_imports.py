"""Files brought in on the console: tried first, then written whole or not at all."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.accounts.roles import Role
from tests.console import Page, Visitor
from tests.factories.content import ContactFactory, PlaceFactory, keep

ADDRESS = "/console/import"
GOOD = "slug,name_vi,name_en,category,lat,lng\ncho-cu,Chợ mẫu mới,,market,,\nben-mau,Bến mẫu,Sample pier,sight,18.8,105.7\n"  # noqa: E501
BAD = (
    "slug,name_vi,category,lat,lng\ncho-cu,Chợ mẫu mới,market,,\n,,sight,18.8,\n,Bến mẫu,throne,,\n"
)


@pytest.fixture
def editor(
    client: FlaskClient,
    as_staff: Callable[..., dict[str, str]],
    session: Session,
    vocabularies: None,
) -> Visitor:
    keep(
        session,
        PlaceFactory(slug="cho-cu", name={"vi": "Chợ mẫu", "en": "Sample market"}),
    )
    return Visitor(client, as_staff(Role.EDITOR))


def bring(editor: Visitor, text: str, **fields: str) -> Page:
    """Choose a file and press a button: the one that tries it, unless *then* says another."""
    file = (io.BytesIO(text.encode()), "places.csv")
    return editor.send(ADDRESS, **{"then": "try", "file": file} | fields)


def write(editor: Visitor, text: str, **fields: str) -> Page:
    """Try a file, then press the button that writes it."""
    tried = bring(editor, text, **fields).field("tried")
    return bring(editor, text, then="write", tried=tried, **fields)


def on_file(editor: Visitor) -> dict[str, tuple[str, str]]:
    """The places by address: their Vietnamese name and how they stand."""
    listed = editor.client.get("/api/v1/staff/places", headers=editor.headers).json["items"]
    return {place["slug"]: (place["name"]["vi"], place["standing"]) for place in listed}


def test_a_file_is_tried_and_nothing_is_written(editor: Visitor) -> None:
    page = bring(editor, GOOD)
    assert page.status == 200
    assert "Nothing is wrong. This is what it would do:" in page
    assert "<strong>1</strong> new" in page
    assert "<strong>1</strong> changes" in page
    assert "Write all of it" in page
    assert list(on_file(editor)) == ["cho-cu"]


def test_one_button_writes_all_of_it_as_drafts(editor: Visitor) -> None:
    page = write(editor, GOOD)
    assert "All of it is written" in page
    assert "They are drafts" in page
    assert on_file(editor) == {"cho-cu": ("Chợ mẫu mới", "live"), "ben-mau": ("Bến mẫu", "draft")}
    shown = editor.client.get("/api/v1/places/cho-cu?lang=vi").json["name"]
    assert shown == "Chợ mẫu"
    assert "there is nothing to change" in bring(editor, GOOD)


def test_who_may_publish_can_publish_what_a_file_brings(editor: Visitor) -> None:
    assert "The public sees it now." in write(editor, GOOD, publish="yes")
    assert editor.client.get("/api/v1/places/cho-cu?lang=vi").json["name"] == "Chợ mẫu mới"
    assert editor.client.get("/api/v1/places/ben-mau").status_code == 200


def test_every_problem_is_shown_by_row_and_nothing_is_written(editor: Visitor) -> None:
    tried = bring(editor, GOOD).field("tried")
    for page in (bring(editor, BAD), bring(editor, BAD, then="write", tried=tried)):
        assert page.status == 422
        assert "3 things are wrong: nothing was written" in page
        rows = re.findall(r'<th scope="row">(\d+)</th> <td><code>(\w+)</code>', page.text)
        assert sorted(rows) == [("3", "lng"), ("3", "name_vi"), ("4", "category")]
        assert "Not known: throne." in page
        assert "Write all of it" not in page
    assert on_file(editor) == {"cho-cu": ("Chợ mẫu", "live")}


def test_a_file_that_was_not_the_one_that_was_tried_is_only_tried(editor: Visitor) -> None:
    tried = bring(editor, GOOD).field("tried")
    other = GOOD.replace("Bến mẫu", "Bến khác")
    page = bring(editor, other, then="write", tried=tried)
    assert "This is not the file that was checked before" in page
    assert list(on_file(editor)) == ["cho-cu"]
    page = bring(editor, other, then="write", tried=page.field("tried"))
    assert "All of it is written" in page
    assert on_file(editor)["ben-mau"][0] == "Bến khác"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "The file is empty."),
        ("a,b\n1,2\n", "Row 1 has to name the columns"),
        ('name_vi,category\n"Chợ,market\n', "a quotation mark is not closed"),
        ('{"type": "Feature"}', "This JSON is no GeoJSON FeatureCollection."),
        ("name_vi,category,colour\nChợ,market,red\n", "Row 1: there is no column “colour”."),
    ],
)
def test_what_is_no_file_of_places_is_refused_with_a_sentence(
    editor: Visitor, text: str, says: str
) -> None:
    page = bring(editor, text)
    assert page.status == 422
    assert says in page
    assert "the whole file" in page


def test_exports_stand_beside_it(editor: Visitor) -> None:
    page = editor.open(ADDRESS)
    for way in re.findall(r'href="(/api/v1/staff/places/export[^"]*)"', page.text):
        answer = editor.client.get(way, headers=editor.headers)
        assert answer.status_code == 200
        assert "cho-cu" in answer.text
    assert page.text.count("/api/v1/staff/places/export") == 3


PRICES = "item_vi,price_vnd,valid_from,source\nMực Mẫu,300.000,01/06/2026,Bảng giá Mẫu\n"


def test_each_kind_shows_its_columns_and_its_ways_out(editor: Visitor) -> None:
    assert "<code>category</code>" in editor.open(ADDRESS)
    for kind, column in (("prices", "price_vnd"), ("events", "recurrence"), ("contacts", "kind")):
        page = editor.open(ADDRESS, kind=kind)
        assert f"<code>{column}</code>" in page
        assert page.text.count(f"/api/v1/staff/{kind}/export") == 2
        assert "GeoJSON" not in page
    assert "places/export" in editor.open(ADDRESS, kind="nothing")


def test_a_price_list_is_written_and_published(editor: Visitor) -> None:
    page = write(editor, PRICES, kind="prices", publish="yes")
    assert "All of it is written" in page
    assert "/console/prices?q=muc-mau" in page
    (price,) = editor.client.get("/api/v1/prices").json["items"]
    assert price["price_vnd"] == 300_000
    broken = bring(editor, PRICES.replace("300.000", "rẻ"), kind="prices")
    assert '<code>price_vnd</code><br><small class="soft">Price in đồng</small>' in broken
    assert "Must be whole đồng" in broken


def test_a_file_that_was_tried_as_one_kind_is_not_written_as_another(
    editor: Visitor, session: Session
) -> None:
    keep(session, ContactFactory(slug="cho-cu"))
    text = "slug,name_vi\ncho-cu,Tên mới\n"
    tried = bring(editor, text).field("tried")
    page = bring(editor, text, kind="contacts", then="write", tried=tried)
    assert "This is not the file that was checked before" in page
    assert "All of it is written" in bring(editor, text, then="write", tried=tried)


def test_nobody_publishes_by_a_file_past_a_second_person(
    editor: Visitor, make_app: Callable[..., Flask]
) -> None:
    careful = Visitor(make_app(two_person_rule=True).test_client(), editor.headers)
    assert 'name="publish"' not in careful.open(ADDRESS)
    assert "They are drafts" in write(careful, GOOD, publish="yes")
    assert on_file(careful)["ben-mau"] == ("Bến mẫu", "draft")


def test_whoever_has_no_business_here_is_refused(
    client: FlaskClient, as_staff: Callable[..., dict[str, str]]
) -> None:
    lifeguard = Visitor(client, as_staff(Role.LIFEGUARD))
    assert lifeguard.open(ADDRESS).status == 403
    assert bring(lifeguard, GOOD).status == 403
