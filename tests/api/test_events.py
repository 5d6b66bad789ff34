"""Events: what takes place when, by both calendars, with days that are cancelled or moved."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.accounts.roles import Role
from content.publishing import State
from content.seeding import seed_vocabularies
from tests.conftest import TOWN_TIME, TurnableClock
from tests.factories.content import EventFactory, PlaceFactory, keep

Headers = dict[str, str]

SATURDAYS = {"calendar": "gregorian", "rule": "FREQ=WEEKLY;BYDAY=SA"}
FULL_MOONS = {"calendar": "lunar", "frequency": "monthly", "day": 15}


@pytest.fixture(autouse=True)
def vocabularies(session: Session, clock: TurnableClock) -> None:
    """The quarters and topics."""
    seed_vocabularies(session, clock())
    session.commit()


@pytest.fixture
def editor(as_staff: Callable[..., Headers]) -> Headers:
    """An editor."""
    return as_staff(Role.EDITOR)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TOWN_TIME)


def listed(client: FlaskClient, **query: Any) -> list[dict[str, Any]]:
    words = {name.rstrip("_"): str(value) for name, value in query.items()}
    answer = client.get("/api/v1/events", query_string=words)
    assert answer.status_code == 200, answer.json
    items: list[dict[str, Any]] = answer.json["items"]
    return items


def days(client: FlaskClient, **query: Any) -> list[tuple[str, str]]:
    return [(item["starts_at"][:10], item["slug"]) for item in listed(client, **query)]


@pytest.fixture
def town(session: Session) -> None:
    """A market, a festival, a race, and what the public must not see."""
    square = PlaceFactory(
        slug="quang-truong", name={"vi": "Quảng trường", "en": "Square"}, lat=18.8, lng=105.7
    )
    keep(session, square)
    keep(
        session,
        EventFactory(
            slug="cho-dem",
            title={"vi": "Chợ đêm", "en": "Night market"},
            starts_on=None,
            starts_at=at("2026-07-04 18:00"),
            ends_at=at("2026-07-04 22:00"),
            recurrence=SATURDAYS,
            place_id=square.id,
            quarter="thu-thuy",
        ),
        EventFactory(
            slug="dem-ram",
            title={"vi": "Đêm rằm", "en": "Full moon"},
            starts_on=date(2026, 1, 1),
            recurrence=FULL_MOONS,
            topics=["events"],
        ),
        EventFactory(
            slug="giai-chay",
            title={"vi": "Giải chạy", "en": "Race"},
            starts_on=date(2026, 6, 29),
            ends_on=date(2026, 7, 2),
            place_text={"vi": "Dọc bãi biển", "en": "Along the beach"},
        ),
        EventFactory(slug="nhap", state=State.DRAFT),
        EventFactory(slug="da-qua", starts_on=date(2026, 6, 20)),
    )


def test_each_occurrence_of_the_next_thirty_days_is_listed_in_order(
    client: FlaskClient, town: None
) -> None:
    assert days(client) == [
        ("2026-06-29", "giai-chay"),
        ("2026-07-04", "cho-dem"),
        ("2026-07-11", "cho-dem"),
        ("2026-07-18", "cho-dem"),
        ("2026-07-25", "cho-dem"),
        ("2026-07-28", "dem-ram"),
    ]


def test_an_occurrence_says_what_when_and_where(client: FlaskClient, town: None) -> None:
    race, market = listed(client, lang="en")[:2]
    assert (race["title"], race["all_day"], race["recurrence"]) == ("Race", True, "")
    assert race["starts_at"] == "2026-06-29T00:00:00+07:00"
    assert race["ends_at"] == "2026-07-03T00:00:00+07:00"
    assert (race["place"], race["place_text"]) == (None, "Along the beach")
    assert market["starts_at"] == "2026-07-04T18:00:00+07:00"
    assert market["ends_at"] == "2026-07-04T22:00:00+07:00"
    assert (market["status"], market["moved_from"], market["date"]) == (
        "scheduled", None, "2026-07-04",
    )  # fmt: skip
    assert market["place"]["slug"] == "quang-truong"
    assert market["location"] == {"lat": 18.8, "lng": 105.7}
    assert market["recurrence"] == "every week on Saturday"
    assert market["url"].endswith("/events/cho-dem")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"from_": "2026-07-03", "to": "2026-07-03"}, []),
        ({"from_": "2026-07-02", "to": "2026-07-02"}, ["giai-chay"]),
        ({"from_": "2026-07-04", "to": "2026-07-04"}, ["cho-dem"]),
        ({"from_": "2026-07-04T21:59:00+07:00", "to": "2026-07-05"}, ["cho-dem"]),
        ({"from_": "2026-07-04T15:00:00Z", "to": "2026-07-05"}, []),
        ({"from_": "2026-07-28T23:59:00+07:00", "to": "2026-07-29"}, ["dem-ram"]),
        ({"q": "cho dem", "to": "2026-07-05"}, ["cho-dem"]),
        ({"q": "full moon"}, ["dem-ram"]),
        ({"topic": "events"}, ["dem-ram"]),
        ({"quarter": "thu-thuy", "to": "2026-07-12"}, ["cho-dem", "cho-dem"]),
        ({"q": "?!"}, []),
        ({"q": "tàu vũ trụ"}, []),
    ],
)
def test_occurrences_are_narrowed(
    client: FlaskClient, town: None, query: dict[str, str], expected: list[str]
) -> None:
    assert [slug for _, slug in days(client, **query)] == expected


def test_those_of_a_place_are_listed(client: FlaskClient, town: None) -> None:
    place = client.get("/api/v1/places/quang-truong").json["id"]
    assert {slug for _, slug in days(client, place=place)} == {"cho-dem"}


def test_pages_follow_each_other_without_gap_or_repeat(client: FlaskClient, town: None) -> None:
    whole = listed(client, to="2026-12-31", limit=100)
    collected: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        address = f"/api/v1/events?to=2026-12-31&limit=4&cursor={cursor}"
        page = client.get(address).json
        collected += page["items"]
        cursor = page["next_cursor"]
    assert collected == whole
    assert len(whole) > 20


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=yesterday", "from"),
        ("from=2026-02-30", "from"),
        ("from=2026-07-01T10:00:00", "from"),
        ("from=1900-01-01", "from"),
        ("from=9999-12-31", "from"),
        ("to=9999-12-31", "to"),
        ("from=2026-07-02&to=2026-07-01", "to"),
        ("from=2026-01-01&to=2029-01-01", "to"),
        ("limit=0", "limit"),
        ("lang=fr", "lang"),
        ("cursor=abc", "cursor"),
        ("cursor=WzFd", "cursor"),
        ("cursor=WyJhIl0", "cursor"),
        ("place=here", "place"),
    ],
)
def test_a_bad_parameter_is_named(client: FlaskClient, town: None, query: str, field: str) -> None:
    answer = client.get(f"/api/v1/events?{query}")
    assert answer.status_code == 422, answer.json
    assert list(answer.json["errors"]) == [field]


def test_one_event_says_when_it_is_next(client: FlaskClient, town: None) -> None:
    found = client.get("/api/v1/events/cho-dem?lang=en").json
    assert found["rule"] == SATURDAYS
    assert found["recurrence"] == "every week on Saturday"
    assert [time["date"] for time in found["occurrences"][:2]] == ["2026-07-04", "2026-07-11"]
    assert len(found["occurrences"]) == 20
    assert found["place"]["name"] == "Square"
    assert client.get(f"/api/v1/events/{found['id']}?lang=en").json == found
    past = client.get("/api/v1/events/da-qua").json
    assert past["occurrences"] == []
    assert client.get("/api/v1/events/nhap").status_code == 404
    assert client.get("/api/v1/events/khong-co").status_code == 404


def test_a_place_that_is_not_published_is_not_shown(
    client: FlaskClient, session: Session, clock: TurnableClock
) -> None:
    hidden = PlaceFactory(slug="kin", state=State.DRAFT)
    keep(session, hidden)
    keep(session, EventFactory(slug="o-day", place_id=hidden.id))
    assert listed(client)[0]["place"] is None
    assert client.get("/api/v1/events/o-day").json["place"] is None


@pytest.mark.parametrize(
    ("rule", "start", "vietnamese", "english"),
    [
        ({"calendar": "lunar", "frequency": "yearly", "day": 12, "month": 2}, date(2026, 3, 30),
         "hằng năm vào ngày 12 tháng 2 âm lịch",
         "every year on day 12 of lunar month 2"),
        (FULL_MOONS, date(2026, 1, 3),
         "hằng tháng vào ngày 15 âm lịch", "every lunar month on day 15"),
        ("FREQ=DAILY;COUNT=3", date(2026, 7, 1),
         "hằng ngày, 3 lần", "every day, 3 times"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;UNTIL=20261231", date(2026, 7, 5),
         "2 tuần một lần vào Thứ Hai, Chủ Nhật, đến 31/12/2026",
         "every 2 weeks on Monday, Sunday, until 31 Dec 2026"),
        ("FREQ=MONTHLY", date(2026, 7, 5), "hằng tháng vào ngày 5", "every month on day 5"),
        ("FREQ=MONTHLY;BYDAY=-1SU", date(2026, 7, 26),
         "hằng tháng vào Chủ Nhật cuối cùng", "every month on the last Sunday"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", date(2026, 7, 31),
         "hằng tháng vào ngày cuối tháng", "every month on its last day"),
        ("FREQ=YEARLY", date(2026, 4, 30), "hằng năm vào 30/4", "every year on 30 April"),
        ("FREQ=YEARLY;BYMONTH=9;BYDAY=1SA", date(2026, 9, 5),
         "hằng năm vào Thứ Bảy đầu tiên trong tháng 9",
         "every year on the first Saturday in September"),
        ("FREQ=MONTHLY;BYDAY=SA;BYSETPOS=2", date(2026, 7, 11),
         "vào những ngày riêng", "on days of its own"),
    ],
)  # fmt: skip
def test_the_rule_is_told_in_words(
    client: FlaskClient, session: Session, rule: Any, start: date, vietnamese: str, english: str
) -> None:
    recurrence = {"calendar": "gregorian", "rule": rule} if isinstance(rule, str) else rule
    keep(session, EventFactory(slug="e", starts_on=start, recurrence=recurrence))
    assert client.get("/api/v1/events/e?lang=vi").json["recurrence"] == vietnamese
    assert client.get("/api/v1/events/e?lang=en").json["recurrence"] == english


def market(**more: Any) -> dict[str, Any]:
    return {
        "title": {"vi": "Chợ phiên", "en": "Market"},
        "starts_at": "2026-07-04T18:00:00+07:00",
        "ends_at": "2026-07-04T22:00:00+07:00",
        "recurrence": SATURDAYS,
        **more,
    }


def published(client: FlaskClient, editor: Headers, body: dict[str, Any]) -> str:
    made = client.post("/api/v1/staff/events", json=body, headers=editor)
    assert made.status_code == 201, made.json
    address = f"/api/v1/staff/events/{made.json['id']}"
    answer = client.post(f"{address}/publish", headers=editor)
    assert answer.status_code == 200, answer.json
    return address


def test_an_editor_cancels_one_day_and_moves_another(client: FlaskClient, editor: Headers) -> None:
    address = published(client, editor, market())
    exceptions = [
        {"date": "2026-07-11", "status": "cancelled", "note": {"vi": "Vì bão", "en": "A storm"}},
        {
            "date": "2026-07-18",
            "status": "moved",
            "starts_at": "2026-07-19T17:00:00+07:00",
            "note": {"vi": "Dời sang Chủ nhật"},
        },
    ]
    changed = client.patch(address, json={"exceptions": exceptions}, headers=editor)
    assert changed.status_code == 200, changed.json
    assert [item["status"] for item in listed(client)] == ["scheduled"] * 4  # not published yet
    client.post(f"{address}/publish", headers=editor)

    found = {item["date"]: item for item in listed(client, lang="en")}
    assert list(found) == ["2026-07-04", "2026-07-11", "2026-07-18", "2026-07-25"]
    cancelled, moved = found["2026-07-11"], found["2026-07-18"]
    assert (cancelled["status"], cancelled["note"]) == ("cancelled", "A storm")
    assert cancelled["starts_at"] == "2026-07-11T18:00:00+07:00"
    assert (moved["status"], moved["note"]) == ("moved", "Dời sang Chủ nhật")
    assert moved["starts_at"] == "2026-07-19T17:00:00+07:00"
    assert moved["ends_at"] == "2026-07-19T21:00:00+07:00"
    assert moved["moved_from"] == "2026-07-18T18:00:00+07:00"
    assert days(client, from_="2026-07-18", to="2026-07-18") == []
    assert days(client, from_="2026-07-19", to="2026-07-19") == [("2026-07-19", "cho-phien")]


def test_a_day_that_is_moved_out_of_the_series_is_found(
    client: FlaskClient, editor: Headers
) -> None:
    body = {
        "title": {"vi": "Lễ hội"},
        "starts_on": "2026-07-10",
        "exceptions": [{"date": "2026-07-10", "status": "moved", "starts_on": "2027-03-01"}],
    }
    published(client, editor, body)
    assert days(client, from_="2027-03-01", to="2027-03-01") == [("2027-03-01", "le-hoi")]
    assert days(client, from_="2026-07-10", to="2026-07-10") == []


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"ends_at": "2026-07-04T17:00:00+07:00"}, "ends_at", "ends before"),
        ({"ends_at": "2027-08-04T17:00:00+07:00"}, "ends_at", "366 days"),
        ({"ends_at": "2026-07-04T17:00:00"}, "ends_at", "datetime"),
        ({"starts_at": "2026-07-04T18:00:00 Mars/Olympus"}, "starts_at", "datetime"),
        ({"starts_on": "2026-07-04"}, "starts_at", "not both"),
        ({"ends_on": "2026-07-04"}, "ends_on", "not both"),
        ({"starts_at": "1999-07-04T18:00:00+07:00"}, "starts_at", "year from 2000"),
        ({"starts_at": "2026-07-05T18:00:00+07:00", "ends_at": None}, "starts_at", "11/07/2026"),
        ({"recurrence": {"calendar": "gregorian"}}, "recurrence", "rule"),
        ({"recurrence": {"calendar": "gregorian", "rule": "FREQ=HOURLY"}}, "recurrence", "FREQ"),
        ({"recurrence": {"calendar": "gregorian", "rule": "FREQ=DAILY;TZID=Mars"}},
         "recurrence", "TZID"),
        ({"recurrence": {"calendar": "gregorian", "rule": "FREQ=DAILY;INTERVAL=0"}},
         "recurrence", "INTERVAL"),
        ({"recurrence": {"calendar": "gregorian", "rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}},
         "recurrence", "no day"),
        ({"recurrence": {"calendar": "gregorian", "rule": "FREQ=DAILY;UNTIL=20260101"}},
         "recurrence", "no day"),
        ({"recurrence": {"calendar": "gregorian", "rule": "FREQ=DAILY", "day": 3}},
         "recurrence", "day"),
        ({"recurrence": {"calendar": "mayan"}}, "recurrence", "gregorian"),
        ({"recurrence": {"calendar": "lunar", "frequency": "yearly", "day": 31, "month": 1}},
         "recurrence", "29 or 30"),
        ({"recurrence": {"calendar": "lunar", "frequency": "yearly", "day": 15, "month": 13}},
         "recurrence", "12"),
        ({"recurrence": {"calendar": "lunar", "frequency": "yearly", "day": 15}},
         "recurrence", "month"),
        ({"recurrence": {"calendar": "lunar", "frequency": "monthly", "day": 15, "month": 2}},
         "recurrence", "month"),
        ({"recurrence": {"calendar": "lunar", "frequency": "yearly", "day": 15, "month": 2,
                         "until": "2026-07-05"}}, "recurrence", "no day"),
        ({"exceptions": [{"date": "2026-07-05", "status": "cancelled"}]},
         "exceptions", "05/07/2026"),
        ({"exceptions": [{"date": "2026-07-11", "status": "cancelled"}] * 2},
         "exceptions", "twice"),
        ({"exceptions": [{"date": "2026-07-11", "status": "moved"}]}, "exceptions", "to when"),
        ({"exceptions": [{"date": "2026-07-11", "status": "moved", "starts_on": "2026-07-12"}]},
         "exceptions", "11/07/2026"),
        ({"exceptions": [{"date": "2026-07-11", "status": "moved",
                          "starts_at": "2026-07-12T18:00:00+07:00",
                          "ends_at": "2026-07-12T17:00:00+07:00"}]}, "exceptions", "ends before"),
        ({"exceptions": [{"date": "2026-07-11", "status": "cancelled",
                          "starts_at": "2026-07-12T18:00:00+07:00"}]}, "exceptions", "cancelled"),
        ({"exceptions": [{"date": "2026-07-11"}]}, "exceptions", "required"),
        ({"place_id": "00000000-0000-4000-8000-000000000000"}, "place_id", "no such place"),
        ({"topics": ["spaceships"]}, "topics", "spaceships"),
        ({"quarter": "atlantis"}, "quarter", "atlantis"),
        ({"first_day": "2026-07-04"}, "first_day", "Unknown"),
    ],
)  # fmt: skip
def test_a_bad_field_is_named_with_a_sentence_and_nothing_is_written(
    client: FlaskClient, editor: Headers, change: dict[str, Any], field: str, words: str
) -> None:
    answer = client.post("/api/v1/staff/events?lang=en", json=market() | change, headers=editor)
    assert answer.status_code == 422, answer.json
    assert list(answer.json["errors"]) == [field]
    assert words in str(answer.json["errors"])
    assert client.get("/api/v1/staff/events", headers=editor).json["items"] == []


def test_what_does_not_fit_together_is_refused_when_it_is_published(
    client: FlaskClient, editor: Headers
) -> None:
    made = client.post("/api/v1/staff/events", json={"title": {"vi": "Sau"}}, headers=editor)
    assert made.status_code == 201
    address = f"/api/v1/staff/events/{made.json['id']}"
    refused = client.post(f"{address}/publish", headers=editor)
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["starts_at"])

    client.patch(address, json={"starts_on": "2026-07-10"}, headers=editor)
    assert client.patch(address, json={"ends_on": "2026-07-09"}, headers=editor).status_code == 200
    refused = client.post(f"{address}/publish", headers=editor)
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["ends_on"])
    assert client.post(f"{address}/preview", headers=editor).status_code in (200, 201)

    client.patch(address, json={"ends_on": None}, headers=editor)
    assert client.post(f"{address}/publish", headers=editor).status_code == 200
    assert days(client) == [("2026-07-10", "sau")]


def test_a_rule_that_changes_is_found_on_its_new_days_and_restored_on_its_old(
    client: FlaskClient, editor: Headers
) -> None:
    address = published(client, editor, market(recurrence=None))
    assert days(client, from_="2028-07-01", to="2028-07-31") == []
    first = client.get(f"{address}/revisions", headers=editor).json["items"][-1]["number"]
    client.patch(address, json={"recurrence": SATURDAYS}, headers=editor)
    client.post(f"{address}/publish", headers=editor)
    assert len(days(client, from_="2028-07-01", to="2028-07-31")) == 5

    client.post(f"{address}/revisions/{first}/restore", headers=editor, json={})
    client.post(f"{address}/publish", headers=editor)
    assert days(client, from_="2028-07-01", to="2028-07-31") == []
    assert days(client) == [("2026-07-04", "cho-phien")]


def test_a_lunar_event_falls_on_the_days_that_vietnam_keeps(
    client: FlaskClient, editor: Headers
) -> None:
    new_year = {"calendar": "lunar", "frequency": "yearly", "day": 1, "month": 1}
    body = {"title": {"vi": "Tết"}, "starts_on": "2007-02-17", "recurrence": new_year}
    published(client, editor, body)
    for day in ("2007-02-17", "2026-02-17", "2027-02-06", "2030-02-02"):
        year = day[:4]
        assert days(client, from_=f"{year}-01-01", to=f"{year}-12-31") == [(day, "tet")]


def test_search_and_sync_know_events(client: FlaskClient, editor: Headers, town: None) -> None:
    hit = client.get("/api/v1/search?q=cho dem&types=event").json["items"][0]
    assert (hit["type"], hit["slug"]) == ("event", "cho-dem")
    new = client.get("/api/v1/sync?lang=en").json
    events = {event["slug"]: event for event in new["changed"]["events"]}
    assert set(events) == {"cho-dem", "dem-ram", "giai-chay", "da-qua"}
    assert events["dem-ram"]["rule"] == FULL_MOONS

    client.post("/api/v1/staff/events/cho-dem/archive", headers=editor)
    later = client.get(f"/api/v1/sync?since={new['cursor']}").json
    assert later["removed"] == [{"type": "events", "id": events["cho-dem"]["id"]}]
    assert client.get("/api/v1/search?q=cho dem&types=event").json["items"] == []


def test_the_facts_and_the_samples_are_seeded_on_their_days(
    client: FlaskClient, app: Flask, clock: TurnableClock
) -> None:
    runner = app.test_cli_runner()
    assert runner.invoke(args=["seed"]).exit_code == 0
    year = listed(client, from_="2026-01-01", to="2027-12-31", limit=100)
    assert days(client, from_="2026-01-01", to="2027-12-31") == [
        ("2026-03-30", "le-hoi-den-mai-bang-thang-hai"),
        ("2026-04-02", "le-ky-yen-den-yen-luong"),
        ("2026-06-17", "le-hoi-den-mai-bang-thang-nam"),
        ("2026-07-28", "le-luc-ngoat-den-yen-luong"),
        ("2027-03-19", "le-hoi-den-mai-bang-thang-hai"),
        ("2027-03-22", "le-ky-yen-den-yen-luong"),
        ("2027-06-07", "le-hoi-den-mai-bang-thang-nam"),
        ("2027-07-18", "le-luc-ngoat-den-yen-luong"),
    ]
    assert {item["place"]["slug"] for item in year} == {"den-mai-bang", "den-yen-luong"}
    for slug in {item["slug"] for item in year}:
        found = client.get(f"/api/v1/events/{slug}").json
        assert {source["confidence"] for source in found["sources"]} <= {"H", "M"}
        assert found["sources"]

    assert runner.invoke(args=["seed", "--sample"]).exit_code == 0
    samples = [item for item in listed(client, limit=100) if item["is_sample"]]
    assert len({item["slug"] for item in samples}) == 3
    for item in samples:
        assert "Mẫu" in item["title"]
        assert "minh hoạ" in item["summary"]
    assert "0 facts, 0 samples" in runner.invoke(args=["seed", "--sample"]).output
    runner.invoke(args=["sample", "remove"])
    assert not [item for item in listed(client, limit=100) if item["is_sample"]]


def test_two_years_of_five_hundred_events_take_well_under_a_second(
    client: FlaskClient, session: Session, clock: TurnableClock
) -> None:
    rules = [SATURDAYS, FULL_MOONS, {"calendar": "gregorian", "rule": "FREQ=MONTHLY"}, None]
    keep(
        session,
        *(
            EventFactory(slug=f"e{n}", starts_on=date(2026, 7, 4), recurrence=rules[n % 4])
            for n in range(500)
        ),
    )
    address = "/api/v1/events?from=2026-07-04&to=2028-07-03&limit=100"
    began = time.process_time()
    answer = client.get(address)
    assert answer.status_code == 200
    assert time.process_time() - began < 1
    assert len(answer.json["items"]) == 100


def test_moments_are_the_towns_wherever_the_server_is(
    client: FlaskClient, session: Session
) -> None:
    # Half past midnight in the town is still the day before in UTC.
    keep(
        session,
        EventFactory(
            slug="giao-thua",
            starts_on=None,
            starts_at=datetime(2026, 7, 3, 17, 30, tzinfo=UTC),
            recurrence=SATURDAYS,
        ),
    )
    found = listed(client)
    assert found[0]["starts_at"] == "2026-07-04T00:30:00+07:00"
    assert (found[0]["date"], found[0]["ends_at"]) == ("2026-07-04", None)
    assert len(found) == 4
