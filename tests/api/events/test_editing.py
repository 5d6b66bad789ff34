"""Editors' work on events: days cancelled and moved, rules that change, what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.api.events.conftest import (
    FULL_MOONS,
    SATURDAYS,
    Headers,
    days,
    listed,
    market,
    published,
)


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
