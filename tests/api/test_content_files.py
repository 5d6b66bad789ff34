"""Prices, events and contacts as spreadsheets: what is exported comes back unchanged."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.accounts.roles import Role
from content.publishing import State
from content.seeding import seed, seed_samples
from tests.conftest import TurnableClock
from tests.factories.content import ContactFactory, EventFactory, PlaceFactory, keep

Headers = dict[str, str]
STAFF = "/api/v1/staff"
CSV = {"Content-Type": "text/csv"}


@pytest.fixture(autouse=True)
def restaurant(session: Session, vocabularies: None) -> None:
    """A place where prices hold."""
    keep(session, PlaceFactory(slug="quan-mau", name={"vi": "Quán Mẫu"}, category="restaurant"))


@pytest.fixture
def editor(as_staff: Callable[..., Headers]) -> Headers:
    """An editor."""
    return as_staff(Role.EDITOR)


@pytest.fixture
def bring(client: FlaskClient, editor: Headers) -> Callable[..., Any]:
    """Import a file of a kind; with `dry_run=True` only try to."""

    def brought(kind: str, data: str | bytes, **query: Any) -> Any:
        body = data.encode() if isinstance(data, str) else data
        options = {name: str(value).lower() for name, value in query.items()}
        address = f"{STAFF}/{kind}/import"
        return client.post(address, data=body, query_string=options, headers=editor | CSV)

    return brought


def counts(answer: Any) -> tuple[int, int, int]:
    assert answer.status_code == 200, answer.json.get("errors")
    assert answer.json["problems"] == []
    return answer.json["new"], answer.json["changed"], answer.json["unchanged"]


def on_file(client: FlaskClient, editor: Headers, kind: str) -> dict[str, dict[str, Any]]:
    listed = client.get(f"{STAFF}/{kind}?limit=100", headers=editor).json["items"]
    return {piece["slug"]: {**piece, "edited_at": None} for piece in listed}


def exported(client: FlaskClient, editor: Headers, kind: str) -> list[dict[str, str]]:
    answer = client.get(f"{STAFF}/{kind}/export", headers=editor)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


@pytest.fixture
def awkward(session: Session, client: FlaskClient, editor: Headers, clock: TurnableClock) -> None:
    """Events, contacts and prices with all that a file could break; samples beside them."""
    seed(session, clock())
    seed_samples(session, clock())
    moved = {
        "date": "2026-07-11",
        "status": "moved",
        "starts_on": "2026-07-12",
        "note": {"vi": "Mưa"},
    }
    ram = {"calendar": "lunar", "frequency": "yearly", "day": 15, "month": 8}
    keep(
        session,
        EventFactory(
            slug="hoi-mau",
            title={"vi": "=Hội, Mẫu;", "en": ""},
            description={"vi": "Một\nHai"},
            place_text={"vi": "Quảng trường"},
            recurrence={"calendar": "gregorian", "rule": "FREQ=DAILY;COUNT=9"},
            exceptions=[moved],
            lat=18.8,
            lng=105.7,
        ),
        EventFactory(
            slug="ram-mau", recurrence=ram | {"in_leap_month": False, "until": None}, topics=[]
        ),
        EventFactory(
            slug="dem-mau",
            starts_on=None,
            starts_at=datetime(2026, 7, 1, 12, 30, 5, 99, tzinfo=UTC),
            state=State.DRAFT,
        ),
        ContactFactory(slug="truc-mau", phone="+842383824123", note={"vi": "@trực"}, position=7),
    )
    made = client.post(
        f"{STAFF}/prices",
        json={"item": {"vi": "Mực Mẫu"}, "price_vnd": 0, "place": "quan-mau", "source": "Bảng"},
        headers=editor,
    )
    assert made.status_code == 201


@pytest.mark.parametrize("kind", ["prices", "events", "contacts"])
@pytest.mark.parametrize("delimiter", ["comma", "semicolon"])
def test_what_is_exported_comes_back_unchanged(
    client: FlaskClient,
    awkward: None,
    editor: Headers,
    bring: Callable[..., Any],
    kind: str,
    delimiter: str,
) -> None:
    before = on_file(client, editor, kind)
    answer = client.get(f"{STAFF}/{kind}/export?delimiter={delimiter}", headers=editor)
    assert f'filename="{kind}-' in answer.headers["Content-Disposition"]
    assert counts(bring(kind, answer.data, publish=True)) == (0, 0, len(before))
    assert on_file(client, editor, kind) == before


PRICES = "slug,item_vi,unit_vi,price_vnd,place,valid_from,source\n"


def test_a_price_list_is_written_as_vietnamese_write_it_and_published(
    client: FlaskClient, editor: Headers, bring: Callable[..., Any]
) -> None:
    text = PRICES + "muc-mau,Mực Mẫu,kg,300.000,quan-mau,01/06/2026,Bảng giá\n"
    assert counts(bring("prices", text, dry_run=True)) == (1, 0, 0)
    assert on_file(client, editor, "prices") == {}
    assert counts(bring("prices", text, publish=True)) == (1, 0, 0)
    (price,) = client.get("/api/v1/prices").json["items"]
    assert (price["price_vnd"], price["valid_from"]) == (300_000, "2026-06-01")
    assert price["place"]["slug"] == "quan-mau"
    assert exported(client, editor, "prices")[0]["place"] == "quan-mau"


def test_a_new_price_closes_the_old_one_and_the_same_file_changes_nothing_more(
    client: FlaskClient, editor: Headers, bring: Callable[..., Any], clock: TurnableClock
) -> None:
    def shown() -> list[int]:
        return [price["price_vnd"] for price in client.get("/api/v1/prices").json["items"]]

    def file(amount: str, first: str = "01/06/2026") -> str:
        return PRICES + f"muc-mau,Mực Mẫu,kg,{amount},quan-mau,{first},Bảng giá\n"

    for first in ("01/06/2026", ""):
        clock.advance(days=2)
        assert sum(counts(bring("prices", file("300.000", first), publish=True))) == 1
        clock.advance(days=2)
        answer = bring("prices", file("350.000", first), publish=True)
        assert counts(answer) == (0, 1, 0)
        assert answer.json["changes"][0]["slug"] != "muc-mau"
        for _ in range(2):
            assert counts(bring("prices", file("350.000", first), publish=True)) == (0, 0, 1)
            clock.advance(days=2)
        assert shown() == [350_000]
    (row,) = exported(client, editor, "prices")
    assert row["price_vnd"] == "350000"
    history = client.get(f"/api/v1/prices/{row['slug']}").json["history"]
    assert [one["price_vnd"] for one in history] == [350_000, 300_000, 350_000, 300_000]


def test_a_price_of_a_day_to_come_waits_and_is_brought_once(
    client: FlaskClient, editor: Headers, bring: Callable[..., Any], clock: TurnableClock
) -> None:
    today, later = clock().date(), clock().date() + timedelta(days=30)

    def file(amount: int, first: date) -> str:
        return PRICES + f"muc-mau,Mực Mẫu,kg,{amount},,{first:%d/%m/%Y},Bảng giá\n"

    assert counts(bring("prices", file(300_000, today), publish=True)) == (1, 0, 0)
    assert counts(bring("prices", file(350_000, later), publish=True)) == (0, 1, 0)
    assert counts(bring("prices", file(350_000, later), publish=True)) == (0, 0, 1)
    assert [row["price_vnd"] for row in exported(client, editor, "prices")] == ["300000", "350000"]
    both = client.get(f"{STAFF}/prices/export", headers=editor).data
    assert counts(bring("prices", both, publish=True)) == (0, 0, 2)
    (price,) = client.get("/api/v1/prices").json["items"]
    assert price["price_vnd"] == 300_000


def test_two_rows_do_not_speak_of_one_price(
    client: FlaskClient, editor: Headers, bring: Callable[..., Any], clock: TurnableClock
) -> None:
    bring("prices", PRICES + "muc-mau,Mực Mẫu,kg,300000,,,Bảng\n", publish=True)
    clock.advance(days=2)
    answer = bring("prices", PRICES + "muc-mau,Mực Mẫu,kg,350000,,,Bảng\n", publish=True)
    new = answer.json["changes"][0]["slug"]
    rows = "muc-mau,Mực Mẫu,kg,1,,,Bảng\n" + f"{new},Mực Mẫu,kg,2,,,Bảng\n"
    assert list(bring("prices", PRICES + rows).json["errors"]) == ["3.slug"]


def test_a_seasons_programme_is_brought_in_and_published(
    client: FlaskClient, editor: Headers, bring: Callable[..., Any]
) -> None:
    text = (
        "title_vi;starts_on;ends_on;starts_at;recurrence;exceptions;place;place_text_vi\n"
        "Lễ hội Mẫu;30/04/2026;02/05/2026;;;;quan-mau;\n"
        "Nhạc tối Mẫu;;;06/06/2026 19h30;FREQ=WEEKLY;13/06/2026|20/06/2026;;Quảng trường\n"
        "Rằm Mẫu;25/09/2026;;;15/8 ÂL;;;\n"
    )
    assert counts(bring("events", text, publish=True)) == (3, 0, 0)
    events = on_file(client, editor, "events")
    assert events["le-hoi-mau"]["place_id"]
    assert events["nhac-toi-mau"]["starts_at"] == "2026-06-06T19:30:00+07:00"
    june = client.get("/api/v1/events?from=2026-06-01&to=2026-06-30").json["items"]
    assert [(one["date"], one["status"]) for one in june] == [
        ("2026-06-06", "scheduled"), ("2026-06-13", "cancelled"),
        ("2026-06-20", "cancelled"), ("2026-06-27", "scheduled"),
    ]  # fmt: skip
    rows = {row["slug"]: row for row in exported(client, editor, "events")}
    assert rows["ram-mau"]["recurrence"] == "15/8 ÂL"
    assert rows["nhac-toi-mau"]["exceptions"] == "2026-06-13|2026-06-20"
    assert rows["nhac-toi-mau"]["starts_at"] == "2026-06-06 19:30"
    again = "slug,starts_at\nnhac-toi-mau,\n"
    assert list(bring("events", again, publish=True).json["errors"]) == ["2.starts_at"]


def test_contacts_are_brought_in(
    client: FlaskClient, editor: Headers, bring: Callable[..., Any]
) -> None:
    text = "kind,name_vi,phone,position\noffice,Trực Mẫu,0238 3824 123,\nemergency,Khẩn Mẫu,115,1\n"
    assert counts(bring("contacts", text)) == (2, 0, 0)
    made = on_file(client, editor, "contacts")["truc-mau"]
    assert (made["phone"], made["position"], made["state"]) == ("+842383824123", 0, "draft")
    text = "kind,name_vi\noffice,\nking,Vua Mẫu\n"
    assert list(bring("contacts", text).json["errors"]) == ["2.name_vi", "3.kind"]


BROKEN: dict[str, tuple[str, str, str, str]] = {
    "no item": ("prices", "price_vnd\n50000\n", "2.item_vi", "Dòng 2, item_vi"),
    "no such place": ("prices", "item_vi,place\nMực,dau-do\n", "2.place", "Dòng 2, place"),
    "no such quarter": ("prices", "item_vi,quarter\nMực,atlantis\n", "2.quarter", "atlantis"),
    "place and quarter": (
        "prices", "item_vi,place,quarter\nMực,quan-mau,nghi-thu\n", "2.quarter", "hoặc",
    ),
    "range upside down": (
        "prices", "item_vi,price_vnd,price_max_vnd\nMực,5.000,4.000\n", "2.price_max_vnd", "price_",
    ),
    "over before it begins": (
        "prices", "item_vi,valid_from,valid_until\nMực,02/06/2026,01/06/2026\n", "2.valid_until",
        "valid_from",
    ),
    "too dear": ("prices", "item_vi,price_vnd\nMực,2.000.000.000\n", "2.price_vnd", "1000000000"),
    "document that runs": (
        "prices", "item_vi,source_document\nMực,javascript:1\n", "2.source_document", "Dòng 2",
    ),
    "not fit to publish": ("prices", "item_vi,source\nMực,Bảng\n", "2.price_vnd", "Dòng 2"),
    "ends before it begins": (
        "events", "title_vi,starts_on,ends_on\nHội,02/05/2026,30/04/2026\n", "2.ends_on", "Dòng 2",
    ),
    "days and hours": (
        "events", "title_vi,starts_on,starts_at\nHội,02/05/2026,02/05/2026 8:00\n", "2.starts_at",
        "Dòng 2",
    ),
    "rule that is none": (
        "events", "title_vi,starts_on,recurrence\nHội,02/05/2026,FREQ=OFTEN\n", "2.recurrence",
        "Dòng 2",
    ),
    "day that is not of the rule": (
        "events",
        "title_vi,starts_on,recurrence,exceptions\nHội,02/05/2026,FREQ=WEEKLY,03/05/2026\n",
        "2.exceptions", "03/05/2026",
    ),
    "no such topic": ("events", "title_vi,topics\nHội,flying\n", "2.topics", "flying"),
    "moved to nowhere": (
        "events",
        'title_vi,starts_on,exceptions\nHội,02/05/2026,"[{""date"": ""2026-05-02"",'
        ' ""status"": ""moved""}]"\n',
        "2.exceptions", "02/05/2026",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_row_is_refused_with_a_sentence_that_says_where(
    client: FlaskClient, editor: Headers, bring: Callable[..., Any], name: str
) -> None:
    kind, text, place, words = BROKEN[name]
    answer = bring(kind, text, publish=True)
    assert answer.status_code == 422, answer.json
    assert list(answer.json["errors"]) == [place]
    assert words in " ".join(answer.json["errors"][place])
    assert on_file(client, editor, kind) == {}


def test_the_two_person_rule_holds_for_prices_in_a_file(
    make_app: Callable[..., Flask], editor: Headers
) -> None:
    client = make_app(two_person_rule=True).test_client()
    answer = client.post(
        f"{STAFF}/prices/import?publish=true",
        data=(PRICES + "muc-mau,Mực Mẫu,kg,300000,,,Bảng\n").encode(),
        headers=editor | CSV,
    )
    assert answer.status_code == 422
    assert on_file(client, editor, "prices") == {}


def test_only_what_lies_on_a_map_is_exported_as_one(client: FlaskClient, editor: Headers) -> None:
    answer = client.get(f"{STAFF}/prices/export?format=geojson", headers=editor)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["format"]
    answer = client.post(
        f"{STAFF}/events/import", data=b"{}", headers=editor | {"Content-Type": "application/json"}
    )
    assert answer.status_code == 415
