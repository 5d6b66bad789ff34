"""What takes place: expanded, narrowed, paged and told in words."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from content.publishing import State
from tests.api.events.conftest import FULL_MOONS, SATURDAYS, days, listed
from tests.conftest import TurnableClock
from tests.factories.content import EventFactory, PlaceFactory, keep


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
