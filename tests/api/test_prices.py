"""Posted prices: in force on their days, their history kept, corrected by those who sell."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.accounts.roles import Role
from tests.conftest import TurnableClock
from tests.factories.content import PlaceFactory, keep

Headers = dict[str, str]
STAFF = "/api/v1/staff/prices"
CORRECTIONS = "/api/v1/staff/price-corrections"
SQUID = {
    "item": {"vi": "Mực hấp Mẫu", "en": "Sample steamed squid"},
    "unit": {"vi": "kg", "en": "kg"},
    "price_vnd": 300_000,
    "place": "quan-mau",
    "valid_from": "2026-06-01",
    "posted_by": "Quán Mẫu",
    "source": "Bảng giá tại quán",
    "source_document": "https://example.org/bang-gia.pdf",
}


@pytest.fixture(autouse=True)
def town(session: Session, vocabularies: None) -> None:
    """The vocabularies and one restaurant."""
    keep(session, PlaceFactory(slug="quan-mau", name={"vi": "Quán Mẫu"}, category="restaurant"))


@pytest.fixture
def editor(as_staff: Callable[..., Headers]) -> Headers:
    """An editor."""
    return as_staff(Role.EDITOR)


@pytest.fixture
def post(client: FlaskClient, editor: Headers) -> Callable[..., dict[str, Any]]:
    """Post a price with some fields changed; how editors then see it."""

    def posted(**changed: Any) -> dict[str, Any]:
        made = client.post(STAFF, json=SQUID | changed, headers=editor)
        assert made.status_code == 201, made.json
        shown = client.post(f"{STAFF}/{made.json['id']}/publish", headers=editor)
        assert shown.status_code == 200, shown.json
        return dict(shown.json)

    return posted


def listed(client: FlaskClient, **query: str) -> list[dict[str, Any]]:
    answer = client.get("/api/v1/prices", query_string=query)
    assert answer.status_code == 200, answer.json
    return list(answer.json["items"])


def test_a_posted_price_is_read_by_item_and_by_place(
    client: FlaskClient, post: Callable[..., dict[str, Any]]
) -> None:
    post()
    post(item={"vi": "Ghế, ô Mẫu"}, place=None, quarter="thu-thuy", price_max_vnd=400_000)
    (found,) = listed(client, item="muc hap", lang="en")
    assert (found["item"], found["unit"], found["price_vnd"]) == (
        "Sample steamed squid",
        "kg",
        300_000,
    )
    assert found["place"]["slug"] == "quan-mau"
    assert (found["valid_from"], found["valid_until"]) == ("2026-06-01", None)
    assert (found["source"], found["posted_by"]) == ("Bảng giá tại quán", "Quán Mẫu")
    assert found["source_document"] == "https://example.org/bang-gia.pdf"
    assert [price["item"] for price in listed(client, place="quan-mau")] == ["Mực hấp Mẫu"]
    assert listed(client, place=found["place"]["id"], lang="en") == [found]
    assert [price["item"] for price in listed(client, quarter="thu-thuy")] == ["Ghế, ô Mẫu"]
    assert len(listed(client)) == 2
    assert listed(client, place="khong-co") == []
    assert listed(client, item="tàu vũ trụ") == []
    place = client.get("/api/v1/places/quan-mau").json
    assert [price["price_vnd"] for price in place["prices"]] == [300_000]
    assert "300.000" in client.get("/places/quan-mau").text
    assert "Mực hấp Mẫu" in client.get("/prices?item=muc").text


def test_a_draft_price_is_not_read(client: FlaskClient, editor: Headers) -> None:
    client.post(STAFF, json=SQUID, headers=editor)
    assert listed(client) == []
    assert client.get("/api/v1/prices/muc-hap-mau").status_code == 404


def test_a_price_holds_from_its_first_day_to_its_last(
    client: FlaskClient, post: Callable[..., dict[str, Any]], clock: TurnableClock
) -> None:
    post(valid_from="2026-07-03", valid_until="2026-07-04")
    seen = []
    for _ in range(5):
        seen.append([price["price_vnd"] for price in listed(client)])
        clock.advance(days=1)
    assert seen == [[], [], [300_000], [300_000], []]


def test_a_changed_price_closes_the_old_one_and_opens_a_new_one(
    client: FlaskClient,
    post: Callable[..., dict[str, Any]],
    editor: Headers,
    clock: TurnableClock,
) -> None:
    old = post()
    clock.advance(days=2)
    changed = client.patch(f"{STAFF}/{old['id']}", json={"price_vnd": 350_000}, headers=editor)
    assert changed.json["price_vnd"] == 350_000
    assert [price["price_vnd"] for price in listed(client)] == [300_000]

    new = client.post(f"{STAFF}/{old['id']}/publish", headers=editor).json
    assert new["id"] != old["id"]
    assert new["series"] == old["series"]
    clock.advance(minutes=1)
    (found,) = listed(client)
    assert (found["id"], found["price_vnd"]) == (new["id"], 350_000)
    assert found["valid_from"] == "2026-07-03"
    history = client.get(f"/api/v1/prices/{found['slug']}").json["history"]
    assert [(p["price_vnd"], p["valid_from"], p["valid_until"]) for p in history] == [
        (350_000, "2026-07-03", None),
        (300_000, "2026-06-01", "2026-07-02"),
    ]
    closed = client.get(f"{STAFF}/{old['id']}", headers=editor).json
    assert (closed["price_vnd"], closed["standing"]) == (300_000, "expired")
    assert client.get(f"/api/v1/prices/{old['id']}").status_code == 404
    found = client.get("/api/v1/search?q=muc hap&types=price").json["items"]
    assert [hit["id"] for hit in found] == [new["id"]]


def test_a_price_announced_for_later_leaves_the_present_one_in_force(
    client: FlaskClient,
    post: Callable[..., dict[str, Any]],
    editor: Headers,
    clock: TurnableClock,
) -> None:
    old = post()
    later = {"price_vnd": 400_000, "valid_from": "2026-07-10"}
    client.patch(f"{STAFF}/{old['id']}", json=later, headers=editor)
    client.post(f"{STAFF}/{old['id']}/publish", headers=editor)
    assert [price["price_vnd"] for price in listed(client)] == [300_000]
    assert listed(client)[0]["valid_until"] == "2026-07-09"
    clock.moment = clock.moment.replace(day=9, hour=23, minute=59)
    assert [price["price_vnd"] for price in listed(client)] == [300_000]
    clock.advance(minutes=1)
    assert [price["price_vnd"] for price in listed(client)] == [400_000]


def test_a_correction_of_words_stays_the_same_price(
    client: FlaskClient, post: Callable[..., dict[str, Any]], editor: Headers
) -> None:
    old = post()
    client.patch(f"{STAFF}/{old['id']}", json={"source": "Niêm yết tại quầy"}, headers=editor)
    assert client.post(f"{STAFF}/{old['id']}/publish", headers=editor).json["id"] == old["id"]
    assert [price["source"] for price in listed(client)] == ["Niêm yết tại quầy"]


def test_prices_of_a_place_that_is_taken_back_are_not_read(
    client: FlaskClient, post: Callable[..., dict[str, Any]], editor: Headers
) -> None:
    price = post()
    client.post("/api/v1/staff/places/quan-mau/unpublish", headers=editor)
    assert listed(client) == []
    assert client.get(f"/api/v1/prices/{price['id']}").json["place"] is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"price_vnd": -1}, "price_vnd"),
        ({"price_vnd": 1.5}, "price_vnd"),
        ({"price_max_vnd": 200_000}, "price_max_vnd"),
        ({"place": "khong-co"}, "place"),
        ({"quarter": "thu-thuy"}, "quarter"),
        ({"place": None, "quarter": "atlantis"}, "quarter"),
        ({"valid_from": "2026-02-30"}, "valid_from"),
        ({"valid_until": "2026-05-31"}, "valid_until"),
        ({"source_document": "javascript:alert(1)"}, "source_document"),
        ({"expires_at": "2026-12-31T00:00:00+07:00"}, "expires_at"),
    ],
)
def test_what_cannot_be_is_refused_by_its_name(
    client: FlaskClient, editor: Headers, change: dict[str, Any], field: str
) -> None:
    answer = client.post(STAFF, json=SQUID | change, headers=editor)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]
    assert client.get(STAFF, headers=editor).json["items"] == []


@pytest.mark.parametrize("field", ["item", "price_vnd", "source"])
def test_what_is_incomplete_is_not_published(
    client: FlaskClient, editor: Headers, field: str
) -> None:
    draft = {name: value for name, value in SQUID.items() if name != field}
    made = client.post(STAFF, json=draft, headers=editor).json
    answer = client.post(f"{STAFF}/{made['id']}/publish", headers=editor)
    assert (answer.status_code, list(answer.json["errors"])) == (422, [field])


def test_a_change_needs_a_second_person_where_the_town_wants_one(
    make_app: Callable[..., Flask], as_staff: Callable[..., Headers], clock: TurnableClock
) -> None:
    client = make_app(two_person_rule=True).test_client()
    writer, other = as_staff(Role.EDITOR), as_staff(Role.EDITOR)
    made = client.post(STAFF, json=SQUID, headers=writer).json
    address = f"{STAFF}/{made['id']}"

    def published() -> int:
        return client.post(f"{address}/publish", headers=other).status_code

    for change in ({}, {"price_vnd": 310_000}):
        clock.advance(days=1)
        if change:
            client.patch(address, json=change, headers=writer)
        assert published() == 409
        client.post(f"{address}/submit", headers=writer)
        client.post(f"{address}/approve", headers=other)
        assert published() == 200
    clock.advance(minutes=1)
    assert [price["price_vnd"] for price in listed(client)] == [310_000]


CORRECTION = {
    "price_vnd": 320_000,
    "note": "Giá mới từ tháng 7",
    "contact": {"name": "Chủ quán Mẫu", "phone": "0912 345 678"},
    "consent": {"version": "1", "at": "2026-07-01T07:59:00+07:00"},
}


def test_a_correction_that_is_accepted_makes_the_new_price(
    client: FlaskClient,
    post: Callable[..., dict[str, Any]],
    editor: Headers,
    clock: TurnableClock,
) -> None:
    price = post()
    clock.advance(hours=1)
    sent = client.post(f"/api/v1/prices/{price['slug']}/corrections", json=CORRECTION)
    assert sent.status_code == 201
    assert set(sent.json) == {"id", "state", "created_at"}
    (waiting,) = client.get(f"{CORRECTIONS}?state=new", headers=editor).json["items"]
    assert waiting["contact"] == {"name": "Chủ quán Mẫu", "phone": "+84912345678"}
    assert waiting["price"]["price_vnd"] == 300_000

    address = f"{CORRECTIONS}/{sent.json['id']}"
    accepted = client.post(f"{address}/accept", json={}, headers=editor).json
    assert (accepted["state"], accepted["contact"]) == ("accepted", None)
    clock.advance(minutes=1)
    (found,) = listed(client)
    assert (found["price_vnd"], found["id"]) == (320_000, accepted["new_price_id"])
    assert "01/07/2026" in found["source"]
    assert "Chủ quán" not in str(client.get(f"/api/v1/prices/{found['id']}").json)
    assert client.post(f"{address}/refuse", json={"reason": "x"}, headers=editor).status_code == 409
    assert client.get(f"{CORRECTIONS}?state=new", headers=editor).json["items"] == []


def test_a_correction_is_refused_for_a_reason(
    client: FlaskClient, post: Callable[..., dict[str, Any]], editor: Headers
) -> None:
    price = post()
    sent = client.post(f"/api/v1/prices/{price['id']}/corrections", json=CORRECTION).json
    address = f"{CORRECTIONS}/{sent['id']}/refuse"
    bare = client.post(address, json={}, headers=editor)
    assert (bare.status_code, list(bare.json["errors"])) == (422, ["reason"])
    refused = client.post(address, json={"reason": "Không khớp niêm yết"}, headers=editor).json
    assert (refused["state"], refused["reason"]) == ("refused", "Không khớp niêm yết")
    assert refused["contact"] is None
    assert [found["price_vnd"] for found in listed(client)] == [300_000]


def test_a_correction_sent_twice_is_on_file_once(
    client: FlaskClient, post: Callable[..., dict[str, Any]], editor: Headers
) -> None:
    address = f"/api/v1/prices/{post()['id']}/corrections"
    key = {"Idempotency-Key": str(uuid.uuid4())}
    first = client.post(address, json=CORRECTION, headers=key)
    again = client.post(address, json=CORRECTION, headers=key)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    other = client.post(address, json=CORRECTION | {"price_vnd": 1}, headers=key)
    assert other.status_code == 409
    assert (
        client.post(address, json=CORRECTION, headers={"Idempotency-Key": "x"}).status_code == 422
    )
    assert len(client.get(CORRECTIONS, headers=editor).json["items"]) == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"price_vnd": None}, "price_vnd"),
        ({"price_max_vnd": 1}, "price_max_vnd"),
        ({"consent": None}, "consent"),
        ({"consent": {"version": "1", "at": "2027-01-01T00:00:00+07:00"}}, "consent"),
        ({"contact": {"phone": "1"}}, "contact"),
        ({"contact": {"address": "x"}}, "contact"),
    ],
)
def test_a_bad_correction_is_refused_by_its_field(
    client: FlaskClient,
    post: Callable[..., dict[str, Any]],
    editor: Headers,
    change: dict[str, Any],
    field: str,
) -> None:
    answer = client.post(f"/api/v1/prices/{post()['id']}/corrections", json=CORRECTION | change)
    assert (answer.status_code, list(answer.json["errors"])) == (422, [field])
    assert client.get(CORRECTIONS, headers=editor).json["items"] == []


def test_corrections_are_limited_and_only_editors_read_them(
    make_app: Callable[..., Flask],
    post: Callable[..., dict[str, Any]],
    as_staff: Callable[..., Headers],
) -> None:
    client = make_app(ratelimit_enabled=True).test_client()
    address = f"/api/v1/prices/{post()['id']}/corrections"
    codes = [client.post(address, json={"price_vnd": n}).status_code for n in range(12)]
    assert codes == [201] * 10 + [429] * 2
    assert client.get(CORRECTIONS).status_code == 401
    assert client.get(CORRECTIONS, headers=as_staff(Role.OFFICER)).status_code == 403


def test_a_correction_of_no_price_is_not_found(client: FlaskClient, editor: Headers) -> None:
    assert client.post("/api/v1/prices/x/corrections", json=CORRECTION).status_code == 404
    for act, body in (("accept", {}), ("refuse", {"reason": "x"})):
        for key in ("x", str(uuid.uuid4())):
            answer = client.post(f"{CORRECTIONS}/{key}/{act}", json=body, headers=editor)
            assert answer.status_code == 404
