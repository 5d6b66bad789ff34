"""Tide tables: imported whole or not at all, and shown with every beach's status."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.accounts.roles import Role
from tests.conftest import TurnableClock
from tests.factories.content import BeachFactory, keep

Headers = dict[str, str]
Send = Callable[..., Any]

ADDRESS = "/api/v1/staff/tides"
HEADER = "station,time,height_m,kind"
# Invented, as a table of a station that is none.
YESTERDAY = "Trạm Mẫu,2026-06-30T20:10:00+07:00,2.9,high"
MORNING = "Trạm Mẫu,2026-07-01T05:12:00+07:00,0.4,low"
EVENING = "Trạm Mẫu,2026-07-01T21:03:00+07:00,3.1,high"
TOMORROW = "Trạm Mẫu,2026-07-02T06:00:00+07:00,0.5,low"
LATER = "Trạm Mẫu,2026-07-02T21:50:00+07:00,3.2,high"


def table(*lines: str) -> bytes:
    return "\n".join((HEADER, *lines)).encode()


@pytest.fixture(autouse=True)
def beach(session: Session) -> None:
    """One beach."""
    keep(session, BeachFactory(slug="xuan-huong"))


@pytest.fixture
def editor(as_staff: Callable[..., Headers]) -> Headers:
    """An editor."""
    return as_staff(Role.EDITOR)


@pytest.fixture
def send(client: FlaskClient, editor: Headers) -> Send:
    """Send a table as text/csv: `send(table(...), dry_run="true")`."""

    def post(data: bytes, **query: str) -> Any:
        return client.post(
            ADDRESS, data=data, content_type="text/csv", query_string=query, headers=editor
        )

    return post


def tides(client: FlaskClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/api/v1/beaches/xuan-huong/status").json["tide"]
    return found


def times(client: FlaskClient) -> list[str]:
    return [tide["time"][:16] for tide in tides(client)]


def test_without_a_table_no_tide_is_known(client: FlaskClient) -> None:
    assert tides(client) == []


def test_a_table_is_imported_and_shown(client: FlaskClient, editor: Headers, send: Send) -> None:
    answer = send(table(YESTERDAY, MORNING, EVENING, TOMORROW, LATER))
    assert answer.status_code == 201, answer.json
    span = {
        "station": "Trạm Mẫu", "count": 5,
        "first": "2026-06-30T20:10:00+07:00", "last": "2026-07-02T21:50:00+07:00",
    }  # fmt: skip
    assert answer.json == {"dry_run": False, "stations": [span | {"replaced": 0}]}
    assert client.get(ADDRESS, headers=editor).json["items"] == [span]
    assert tides(client)[0] == {
        "station": "Trạm Mẫu", "time": "2026-07-01T05:12:00+07:00", "kind": "low", "height_m": 0.4,
    }  # fmt: skip


def test_the_tides_of_today_and_the_next_high_and_low_are_shown(
    client: FlaskClient, send: Send, clock: TurnableClock
) -> None:
    send(table(YESTERDAY, MORNING, EVENING, TOMORROW, LATER))
    assert times(client) == ["2026-07-01T05:12", "2026-07-01T21:03", "2026-07-02T06:00"]
    clock.advance(hours=14)  # ten in the evening: the high tide of today is over
    assert times(client)[-2:] == ["2026-07-02T06:00", "2026-07-02T21:50"]
    clock.advance(hours=3)  # tomorrow
    assert times(client) == ["2026-07-02T06:00", "2026-07-02T21:50"]
    clock.advance(days=1)  # after the last day of the table
    assert times(client) == []


def test_each_station_has_its_next_tides(client: FlaskClient, send: Send) -> None:
    other = [line.replace("Trạm Mẫu", "Trạm Mẫu 2") for line in (EVENING, TOMORROW)]
    send(table(EVENING, TOMORROW, *other))
    assert [tide["station"] for tide in tides(client)] == ["Trạm Mẫu", "Trạm Mẫu 2"] * 2


def test_a_table_is_taken_as_a_file_of_a_form_as_spreadsheets_write_it(
    client: FlaskClient, editor: Headers
) -> None:
    data = ("\ufeff" + "\r\n".join((HEADER, '"Trạm Mẫu, cảng",' + MORNING[9:], "", ""))).encode()
    form = {"file": (BytesIO(data), "thuy-trieu.csv")}
    assert client.post(ADDRESS, data=form, headers=editor).status_code == 201
    assert tides(client)[0]["station"] == "Trạm Mẫu, cảng"


def test_a_dry_run_says_what_would_happen_and_writes_nothing(
    client: FlaskClient, editor: Headers, send: Send
) -> None:
    send(table(MORNING))
    answer = send(table(MORNING, EVENING), dry_run="true")
    assert answer.status_code == 200
    assert answer.json["dry_run"] is True
    (span,) = answer.json["stations"]
    assert (span["count"], span["replaced"]) == (2, 1)
    assert times(client) == ["2026-07-01T05:12"]


def test_a_corrected_table_replaces_what_it_covers_and_no_more(
    client: FlaskClient, editor: Headers, send: Send
) -> None:
    send(table(YESTERDAY, MORNING, EVENING, TOMORROW))
    moved = EVENING.replace("21:03", "21:15")
    answer = send(table(MORNING.replace("0.4", "0.3"), moved))
    assert answer.json["stations"][0]["replaced"] == 2
    assert times(client) == ["2026-07-01T05:12", "2026-07-01T21:15", "2026-07-02T06:00"]
    assert tides(client)[0]["height_m"] == 0.3
    assert client.get(ADDRESS, headers=editor).json["items"][0]["count"] == 4


def test_lines_may_come_in_any_order(client: FlaskClient, send: Send) -> None:
    assert send(table(EVENING, MORNING)).status_code == 201
    assert times(client) == ["2026-07-01T05:12", "2026-07-01T21:03"]


def test_a_station_is_removed(client: FlaskClient, editor: Headers, send: Send) -> None:
    send(table(MORNING))
    assert client.delete(f"{ADDRESS}/Trạm Mẫu", headers=editor).status_code == 204
    assert tides(client) == []
    assert client.delete(f"{ADDRESS}/Trạm Mẫu", headers=editor).status_code == 404


BAD_LINES = [
    "Trạm Mẫu,2026-07-01T05:12:00+07:00,0.4",
    "Trạm Mẫu,2026-07-01T05:12:00+07:00,0.4,low,",
    "Trạm Mẫu;2026-07-01T05:12:00+07:00;0.4;low",
    "Trạm Mẫu,2026-07-01T05:12:00+07:00,0,4,low",
    '"Trạm Mẫu,2026-07-01T05:12:00+07:00,0.4,low',
    '"Trạm" Mẫu,2026-07-01T05:12:00+07:00,0.4,low',
    ",2026-07-01T05:12:00+07:00,0.4,low",
    "   ,2026-07-01T05:12:00+07:00,0.4,low",
    f"{'x' * 81},2026-07-01T05:12:00+07:00,0.4,low",
    "Trạm\x07Mẫu,2026-07-01T05:12:00+07:00,0.4,low",
    "Trạm\x00Mẫu,2026-07-01T05:12:00+07:00,0.4,low",
    "Trạm Mẫu,2026-07-01T05:12:00,0.4,low",
    "Trạm Mẫu,2026-07-01 05:12:00+07:00,0.4,low",
    "Trạm Mẫu,2026-07-01,0.4,low",
    "Trạm Mẫu,05:12,0.4,low",
    "Trạm Mẫu,1/7/2026 5:12,0.4,low",
    "Trạm Mẫu,2026-02-30T05:12:00+07:00,0.4,low",
    "Trạm Mẫu,2026-07-01T25:12:00+07:00,0.4,low",
    "Trạm Mẫu,0001-01-01T00:00:00+07:00,0.4,low",
    "Trạm Mẫu,9999-12-31T23:59:59-07:00,0.4,low",
    "Trạm Mẫu,,0.4,low",
    "Trạm Mẫu,2026-07-01T05:12:00+07:00,,low",
    "Trạm Mẫu,2026-07-01T05:12:00+07:00,thấp,low",
    "Trạm Mẫu,2026-07-01T05:12:00+07:00,0.4 m,low",
    "Trạm Mẫu,2026-07-01T05:12:00+07:00,nan,low",
    "Trạm Mẫu,2026-07-01T05:12:00+07:00,1e9,low",
    "Trạm Mẫu,2026-07-01T05:12:00+07:00,40,low",
    "Trạm Mẫu,2026-07-01T05:12:00+07:00,-40,low",
    "Trạm Mẫu,2026-07-01T05:12:00+07:00,0.4,",
    "Trạm Mẫu,2026-07-01T05:12:00+07:00,0.4,Low",
    "Trạm Mẫu,2026-07-01T05:12:00+07:00,0.4,nước ròng",
    EVENING,  # the same station and time as the line before
    "Trạm Mẫu,2026-07-01T14:03:00Z,2.0,high",  # the same moment, written otherwise
    "Trạm Mẫu,2026-07-01T23:00:00+07:00,3.1,low",  # as high as the high tide
]


@pytest.mark.parametrize("bad", BAD_LINES)
def test_a_table_with_a_bad_line_is_refused_with_its_number_and_nothing_is_written(
    client: FlaskClient, editor: Headers, send: Send, bad: str
) -> None:
    for query in ({}, {"dry_run": "true"}):
        answer = send(table(EVENING, bad, LATER), **query)
        assert answer.status_code == 422, answer.json
        assert list(answer.json["errors"]) == ["line 3"]
        (sentence,) = answer.json["errors"]["line 3"]
        assert sentence.endswith(".")
    assert client.get(ADDRESS, headers=editor).json["items"] == []


def test_every_bad_line_is_listed_also_after_empty_ones(send: Send) -> None:
    answer = send(table(BAD_LINES[0], MORNING, "", BAD_LINES[11], EVENING, EVENING))
    assert list(answer.json["errors"]) == ["line 2", "line 5", "line 7"]


@pytest.mark.parametrize(
    "first",
    [
        "",
        MORNING,
        "station;time;height_m;kind",
        "station,time,height,kind",
        "time,station,height_m,kind",
        "station,time,height_m,kind,note",
    ],
)
def test_a_table_without_the_header_is_refused(send: Send, first: str) -> None:
    answer = send(f"{first}\n{EVENING}".encode())
    assert answer.status_code == 422
    (sentence,) = next(iter(answer.json["errors"].values()))
    assert "station,time,height_m,kind" in sentence


@pytest.mark.parametrize(
    "data",
    [
        table(),
        table(MORNING).decode().encode("utf-16"),
        table().replace(b"station", b"tr\xe1\xba"),
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        table(*(["x,2026-07-01T05:12:00+07:00,0.4,low"] * 10_001)),
    ],
)
def test_what_is_no_table_is_refused_as_a_whole(send: Send, data: bytes) -> None:
    answer = send(data)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["file"]


def test_an_empty_body_is_no_table(send: Send) -> None:
    assert list(send(b"").json["errors"]) == ["line 1"]


def test_what_is_sent_otherwise_is_refused(client: FlaskClient, editor: Headers) -> None:
    assert client.post(ADDRESS, json={"a": 1}, headers=editor).status_code == 415
    form = {"table": (BytesIO(table(MORNING)), "a.csv")}
    without = client.post(ADDRESS, data=form, headers=editor)
    assert (without.status_code, list(without.json["errors"])) == (422, ["file"])


def test_who_does_not_keep_tides_is_refused(
    client: FlaskClient, as_staff: Callable[..., Headers]
) -> None:
    body = {"data": table(MORNING), "content_type": "text/csv"}
    assert client.post(ADDRESS, **body).status_code == 401
    assert client.post(ADDRESS, headers=as_staff(Role.LIFEGUARD), **body).status_code == 403
