"""Places, prices, events, contacts, the library and the calendar on the console."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy.orm import Session

from backend.accounts.roles import Role
from tests.conftest import TurnableClock
from tests.console import Page, Visitor
from tests.factories.content import ArticleFactory, keep

PLACE = {
    "name.vi": "Chợ mẫu",
    "name.en": "Sample market",
    "category": "market",
    "lat": "18,81234",
    "lng": "105.71",
    "price_from": "50.000",
    "other_phones": "0912 345 678\r\n\r\n0912345679",
    "aliases": "chợ cũ",
    "opening_hours": "Mo-Su 05:00-11:00",
}
PRICE = {
    "item.vi": "Mực một nắng",
    "item.en": "Dried squid",
    "unit.vi": "kg",
    "price_vnd": "450.000",
    "source": "Bảng giá mẫu",
}
EVENT = {
    "title.vi": "Lễ mẫu",
    "title.en": "Sample feast",
    "length": "days",
    "starts_on": "2026-07-18",
    "returns": "",
}
CONTACT = {"kind": "office", "name.vi": "Ban mẫu", "name.en": "Sample board", "phone": "113"}


@pytest.fixture
def editor(
    client: FlaskClient,
    as_staff: Callable[..., dict[str, str]],
    vocabularies: None,
) -> Visitor:
    return Visitor(client, as_staff(Role.EDITOR))


def own(page: Page) -> str:
    """The address of the piece that *page* is about."""
    found = re.search(r"/console/\w+/[0-9a-f-]{36}", page.path)
    assert found, f"{page.path} {page.status} {page.refused}"
    return found[0]


def test_a_place_is_kept_with_its_point_and_shown(editor: Visitor, client: FlaskClient) -> None:
    page = editor.send("/console/places/new", **PLACE | {"verified": "yes"})
    one = own(page)
    assert page.field("lat") == "18.81234"
    editor.send(f"{one}/do/publish")
    place = client.get("/api/v1/places/cho-mau").json
    assert place["location"] == {"lat": 18.81234, "lng": 105.71}
    assert place["price_from"] == 50_000
    assert place["other_phones"] == ["+84912345678", "+84912345679"]
    assert place["verified_at"] == "2026-07-01T08:00:00+07:00"
    opened = editor.open("/console/places/new")
    assert '"name": "Sample market"' in opened
    assert "Sample market" in editor.send("/console/places/preview", **PLACE, preview_language="en")


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"category": "nonsense"}, "category"),
        ({"category": ""}, "category"),
        ({"lng": ""}, "location"),
        ({"lat": "north"}, "lat"),
        ({"lat": "123"}, "location.lat"),
        ({"price_from": "cheap"}, "price_from"),
        ({"visit_minutes": "-5"}, "visit_minutes"),
        ({"opening_hours": "always"}, "opening_hours"),
        ({"season_from": "04-30"}, "season"),
        ({"season_from": "4/30", "season_to": "08-31"}, "season.from"),
        ({"phone": "none"}, "phone"),
        ({"images": "{broken"}, "images"),
        ({"amenities": "throne"}, "amenities"),
    ],
)
def test_what_is_wrong_with_a_place_is_said_beside_its_field(
    editor: Visitor, changed: dict[str, Any], wrong: str
) -> None:
    page = editor.send("/console/places/new", **PLACE | changed)
    assert page.status == 422
    assert f'href="#{wrong}"' in page
    assert "Chợ mẫu" in page


def test_the_map_needs_no_other_server_unless_one_is_named(
    editor: Visitor, make_app: Callable[..., Flask]
) -> None:
    assert 'data-tiles=""' in editor.open("/console/places/new")
    tiles = "https://maps.example/{z}/{x}/{y}.png"
    with_map = make_app(map_tiles_url=tiles).test_client()
    answer = with_map.get("/console/places/new", headers=editor.headers | {"Accept": "text/html"})
    assert tiles in answer.text
    assert "img-src 'self' https://maps.example" in answer.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]


def test_a_changed_price_becomes_a_new_one_and_the_old_one_stays(
    editor: Visitor, client: FlaskClient, clock: TurnableClock
) -> None:
    one = own(editor.send("/console/prices/new", **PRICE))
    editor.send(f"{one}/do/publish")
    clock.advance(days=1)
    form = editor.open(one)
    changed = PRICE | {"price_vnd": "500000", "revision": form.field("revision")}
    editor.send(one, **changed, valid_from=form.field("valid_from"), slug=form.field("slug"))
    page = editor.send(f"{one}/do/publish")
    assert own(page) != one
    assert "here it is. The old one stays." in page
    assert f'href="{one}/review"' in page  # the price before, in the history beside it
    assert "Public now" in page
    assert "500,000" in editor.open(f"{one}/history")
    listed = client.get("/api/v1/prices?item=squid").json["items"]
    assert [price["price_vnd"] for price in listed] == [500_000]
    history = client.get(f"/api/v1/prices/{listed[0]['id']}").json["history"]
    assert [price["price_vnd"] for price in history] == [500_000, 450_000]


def test_a_price_that_begins_later_is_said_to_be_scheduled_and_the_present_one_goes_on(
    editor: Visitor, client: FlaskClient, clock: TurnableClock
) -> None:
    one = own(editor.send("/console/prices/new", **PRICE))
    editor.send(f"{one}/do/publish")
    form = editor.open(one)
    changed = PRICE | {"price_vnd": "500000", "revision": form.field("revision")}
    later = changed | {"valid_from": "2026-07-10", "then": "publish"}
    page = editor.send(one, **later, slug=form.field("slug"))
    assert own(page) != one
    assert "Scheduled. It appears by itself." in page
    assert "The public sees it now." not in page
    assert client.get("/api/v1/prices").json["items"][0]["price_vnd"] == 450_000
    clock.advance(days=9)
    assert client.get("/api/v1/prices").json["items"][0]["price_vnd"] == 500_000


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"price_vnd": "a lot"}, "price_vnd"),
        ({"price_max_vnd": "1"}, "price_max_vnd"),
        ({"place": "nowhere"}, "place"),
        ({"valid_from": "2026-02-30"}, "valid_from"),
        ({"source_document": "a book"}, "source_document"),
    ],
)
def test_what_is_wrong_with_a_price_is_said_beside_its_field(
    editor: Visitor, changed: dict[str, Any], wrong: str
) -> None:
    page = editor.send("/console/prices/new", **PRICE | changed)
    assert page.status == 422
    assert f'href="#{wrong}"' in page


@pytest.mark.parametrize(
    ("act", "fields", "says", "costs"),
    [
        ("accept", {}, "Accepted:", 400_000),
        ("accept", {"valid_from": "2026-07-20"}, "Accepted:", 450_000),
        ("accept", {"valid_from": "soon"}, "Not a valid date.", 450_000),
        ("refuse", {"reason": "Sai nơi bán"}, "Refused:", 450_000),
        ("refuse", {}, "This is needed.", 450_000),
    ],
)
def test_a_correction_is_decided(
    editor: Visitor,
    client: FlaskClient,
    clock: TurnableClock,
    act: str,
    fields: dict[str, str],
    says: str,
    costs: int,
) -> None:
    one = own(editor.send("/console/prices/new", **PRICE))
    editor.send(f"{one}/do/publish")
    clock.advance(days=1)
    price = client.get("/api/v1/prices").json["items"][0]
    client.post(f"/api/v1/prices/{price['id']}/corrections", json={"price_vnd": 400_000})
    assert "One correction of a price" in editor.open("/console")
    page = editor.open("/console/prices/corrections")
    assert "Dried squid" in page
    found = re.search(rf'action="(/console/prices/corrections/[^"]+/{act})"', page.text)
    assert found
    assert says in editor.send(found[1], **fields)
    assert client.get("/api/v1/prices").json["items"][0]["price_vnd"] == costs
    decided = says.endswith(":")
    assert ("One correction of a price" in editor.open("/console")) is not decided
    if decided:
        page = editor.open("/console/prices/corrections", state=f"{act}ed".replace("ee", "e"))
        assert "Nguyễn Thị Mẫu" in page
        assert ("The new price" in page) is (act == "accept")


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ({"returns": ""}, ["2026-07-18"]),
        (
            {"returns": "weekly", "until": "2026-08-01", "cancelled": "2026-07-25"},
            ["2026-07-18", "2026-07-25", "2026-08-01"],
        ),
        ({"returns": "rule", "rule": "FREQ=DAILY;COUNT=2"}, ["2026-07-18", "2026-07-19"]),
        (
            {"returns": "lunar_monthly", "lunar_day": "5", "until": "2026-08-31"},
            ["2026-07-18", "2026-08-17"],
        ),
    ],
)
def test_an_event_returns_as_its_form_says_also_after_it_was_opened_again(
    editor: Visitor, client: FlaskClient, rule: dict[str, str], days: list[str]
) -> None:
    one = own(editor.send("/console/events/new", **EVENT | rule))
    opened = editor.open(one)
    for name, value in rule.items():
        assert value in opened, name
    editor.send(f"{one}/do/publish")
    listed = client.get("/api/v1/events?from=2026-07-01&to=2026-08-31").json["items"]
    assert [event["date"] for event in listed] == days
    cancelled = [event["date"] for event in listed if event["status"] == "cancelled"]
    assert cancelled == rule.get("cancelled", "").split()


def test_an_event_of_hours_is_kept_by_the_towns_clocks(
    editor: Visitor, client: FlaskClient
) -> None:
    hours = {"length": "hours", "starts_at": "2026-07-18T19:00", "ends_at": "2026-07-18T21:00"}
    one = own(editor.send("/console/events/new", **EVENT | hours))
    assert editor.open(one).field("starts_at") == "2026-07-18T19:00"
    editor.send(f"{one}/do/publish")
    event = client.get("/api/v1/events/le-mau").json
    assert event["starts_at"] == "2026-07-18T19:00:00+07:00"
    assert event["all_day"] is False
    assert "Sample feast" in editor.send(
        "/console/events/preview", **EVENT | hours, preview_language="en"
    )


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"title.vi": "", "title.en": ""}, "title"),
        ({"length": "eternity"}, "length"),
        ({"starts_on": "2026-02-30"}, "starts_on"),
        ({"ends_on": "2026-07-01"}, "ends_on"),
        ({"returns": "often"}, "returns"),
        ({"returns": "rule"}, "rule"),
        ({"returns": "rule", "rule": "FREQ=SOMETIMES"}, "recurrence"),
        ({"returns": "lunar_yearly", "lunar_day": "31", "lunar_month": "1"}, "recurrence.day"),
        ({"returns": "lunar_monthly"}, "lunar_day"),
        ({"returns": "daily", "cancelled": "someday"}, "exceptions.date"),
        ({"place_id": "nowhere"}, "place_id"),
    ],
)
def test_what_is_wrong_with_an_event_is_said_beside_its_field(
    editor: Visitor, changed: dict[str, Any], wrong: str
) -> None:
    page = editor.send("/console/events/new", **EVENT | changed)
    assert page.status == 422
    assert f'href="#{wrong}' in page


def test_a_contact_is_kept_and_shown(editor: Visitor, client: FlaskClient) -> None:
    one = own(editor.send("/console/contacts/new", **CONTACT))
    editor.send(f"{one}/do/publish")
    listed = client.get("/api/v1/contacts").json["items"]
    assert [contact["phone"] for contact in listed] == ["113"]
    page = editor.send("/console/contacts/new", **CONTACT | {"phone": "call me"})
    assert 'href="#phone"' in page


@pytest.mark.parametrize("desk", ["places", "prices", "events", "contacts"])
def test_an_empty_desk_says_what_to_do(editor: Visitor, desk: str) -> None:
    page = editor.open(f"/console/{desk}")
    assert "Nothing is written yet." in page
    assert f'href="/console/{desk}/new"' in page


def picture(colour: str = "teal") -> io.BytesIO:
    """A small JPEG."""
    data = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(data, "JPEG")
    data.seek(0)
    return data


ABOUT = {"alt.vi": "Biển mẫu", "alt.en": "Sample sea", "licence": "CC0-1.0", "credit": "Mẫu"}


def upload(editor: Visitor, file: io.BytesIO, name: str = "sea.jpg", **changed: str) -> Page:
    return editor.send("/console/media/new", **ABOUT | changed, file=(file, name))


def test_a_picture_is_uploaded_described_chosen_and_stays_while_it_is_used(
    editor: Visitor, session: Session
) -> None:
    page = upload(editor, picture())
    one = own(page)
    assert "It is in the library." in page
    assert "has had this file already" in upload(editor, picture())
    media_id = one.rsplit("/", 1)[1]
    assert media_id in editor.open("/console/media/picker", kind="image", q="biển")
    assert "Sample sea" in editor.open("/console/media/picked", name="image", id=media_id)
    assert "Saved." in editor.send(one, **ABOUT | {"name": "sea.jpg", "alt.en": "Our sea"})
    keep(session, ArticleFactory(title={"vi": "Bài có ảnh"}, image={"media_id": media_id}))
    page = editor.send(f"{one}/remove")
    assert "It is still used in: Bài có ảnh." in page


def test_a_file_that_no_content_uses_is_removed(editor: Visitor) -> None:
    one = own(upload(editor, picture("navy")))
    assert "It is out of the library." in editor.send(f"{one}/remove")
    assert editor.open(one).status == 404


@pytest.mark.parametrize(
    ("file", "changed", "wrong"),
    [
        (b"not a picture", {}, "file"),
        (b"", {}, "file"),
        (None, {"licence": ""}, "licence"),
        (None, {"alt.vi": ""}, "alt"),
    ],
)
def test_an_upload_that_cannot_be_taken_is_refused_beside_the_field(
    editor: Visitor, file: bytes | None, changed: dict[str, str], wrong: str
) -> None:
    page = upload(editor, picture() if file is None else io.BytesIO(file), **changed)
    assert page.status == 422
    assert f'href="#{wrong}"' in page
    assert "The library is empty." in editor.open("/console/media")


def test_the_calendar_shows_what_appears_ends_and_takes_place(
    editor: Visitor, session: Session, clock: TurnableClock
) -> None:
    keep(
        session,
        ArticleFactory(
            title={"vi": "Sắp hết", "en": "Ends soon"}, expires_at=clock().replace(day=20)
        ),
        ArticleFactory(
            title={"vi": "Sắp có", "en": "Comes soon"}, published_at=clock().replace(day=10)
        ),
    )
    one = own(editor.send("/console/events/new", **EVENT))
    editor.send(f"{one}/do/publish")
    page = editor.open("/console/calendar")
    for words in ("July 2026", "Ends soon", "Comes soon", "Sample feast"):
        assert words in page
    other = editor.open("/console/calendar", month="2026-09")
    assert "September 2026" in other
    assert "Ends soon" not in other
    assert editor.open("/console/calendar", month="nonsense").status == 200
