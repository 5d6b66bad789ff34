"""Alerts as other systems read them: CAP 1.2 and the feed; and the alert of a ban."""

from __future__ import annotations

from collections.abc import Callable
from email.utils import parsedate_to_datetime

from flask import Flask
from flask.testing import FlaskClient

from tests.api.alerts.conftest import (
    BANS,
    REASON,
    SCHEMA,
    STAFF,
    STORM,
    Headers,
    Issue,
    act,
    document,
    feed,
    in_force,
    said,
    status,
)
from tests.conftest import TurnableClock


def test_the_cap_document_says_all_of_it_in_both_languages(
    client: FlaskClient, issue: Issue
) -> None:
    made = issue().json
    cap = document(client, made)
    assert said(cap, "identifier") == [made["id"]]
    assert said(cap, "sender") == ["127.0.0.1"]
    assert said(cap, "sent") == ["2026-07-01T08:00:00+07:00"]
    assert said(cap, "status") == ["Exercise"]
    assert said(cap, "msgType") == ["Alert"]
    assert said(cap, "scope") == ["Public"]
    assert said(cap, "references") == []
    assert said(cap, "info", "language") == ["vi-VN", "en-US"]
    assert said(cap, "info", "event") == ["Cảnh báo bão", "Storm warning"]
    assert said(cap, "info", "category") == ["Met", "Met"]
    assert said(cap, "info", "headline") == list(STORM["headline"].values())  # type: ignore[attr-defined]
    assert said(cap, "info", "description")[0] == "Gió giật cấp 10 & sóng < 5 m."
    assert said(cap, "info", "expires") == ["2026-07-02T08:00:00+07:00"] * 2
    assert said(cap, "info", "area", "areaDesc") == ["Cửa Lò", "Cua Lo"]
    assert "Keep out of the water" in str(said(cap, "info", "instruction")[1])


def test_what_has_no_english_is_told_in_the_usual_words(client: FlaskClient, issue: Issue) -> None:
    made = issue(headline={"vi": "Bão số 6"}, description={"vi": "Gió mạnh."}).json
    cap = document(client, made)
    assert said(cap, "info", "headline") == ["Bão số 6", "Storm warning"]
    assert said(cap, "info", "description") == ["Gió mạnh."]


def test_characters_that_xml_has_not_do_not_break_the_feeds(
    client: FlaskClient, issue: Issue
) -> None:
    made = issue(headline={"vi": "Bão\ufffe <số> \uffff7 & ]]> 🌀"}).json
    assert said(document(client, made), "info", "headline")[0] == "Bão <số> 7 & ]]> 🌀"
    assert feed(client)[0]["title"] == "Bão <số> 7 & ]]> 🌀"


def test_in_earnest_is_what_the_settings_call_so(
    make_app: Callable[..., Flask], leader: Headers
) -> None:
    client = make_app(cap_status="Actual", cap_sender="cualo.example").test_client()
    cap = document(client, client.post(STAFF, json=STORM, headers=leader).json)
    assert (said(cap, "status"), said(cap, "sender")) == (["Actual"], ["cualo.example"])
    assert said(cap, "note") == []


def test_an_update_takes_the_place_of_what_it_refers_to(
    client: FlaskClient, issue: Issue, leader: Headers, clock: TurnableClock
) -> None:
    first = issue().json
    clock.advance(hours=2)
    answer = act(client, leader, first, "update", severity="Extreme", expires=None)
    assert answer.status_code == 201, answer.json
    update = answer.json
    assert [alert["id"] for alert in in_force(client)] == [update["id"]]
    assert (update["severity"], update["expires"]) == ("Extreme", None)
    assert update["headline"] == STORM["headline"]
    cap = document(client, update)
    assert said(cap, "msgType") == ["Update"]
    assert said(cap, "references") == [f"127.0.0.1,{first['id']},2026-07-01T08:00:00+07:00"]
    assert said(cap, "info", "expires") == []
    before = document(client, first)
    assert said(before, "msgType") == ["Alert"]
    assert said(before, "info", "severity") == ["Severe", "Severe"]


def test_a_cancel_refers_to_all_that_was_said_before(
    client: FlaskClient, issue: Issue, leader: Headers, clock: TurnableClock
) -> None:
    first = issue().json
    clock.advance(hours=1)
    second = act(client, leader, first, "update", severity="Extreme").json
    clock.advance(hours=1)
    why = {"vi": "Bão đã tan.", "en": "The typhoon has gone."}
    end = act(client, leader, second, "cancel", reason=why)
    assert end.status_code == 201, end.json
    assert in_force(client) == status(client)["warnings"] == []
    assert status(client)["swimming"] == "unknown"
    cap = document(client, end.json)
    assert said(cap, "msgType") == ["Cancel"]
    assert str(said(cap, "references")[0]).split(" ") == [
        f"127.0.0.1,{first['id']},2026-07-01T08:00:00+07:00",
        f"127.0.0.1,{second['id']},2026-07-01T09:00:00+07:00",
    ]
    assert "Bão đã tan." in str(said(cap, "note")[0])
    assert set(said(cap, "info", "urgency")) == {"Past"}


def test_the_feed_lists_every_message_with_the_address_of_its_document(
    client: FlaskClient, issue: Issue, leader: Headers, clock: TurnableClock
) -> None:
    first = issue().json
    clock.advance(minutes=5)
    act(client, leader, first, "cancel")
    end, begin = feed(client)
    assert [item["category"] for item in (end, begin)] == ["Cancel", "Alert"]
    assert begin["title"] == "Bão số 5 gần bờ"
    assert begin["guid"] == first["id"]
    assert str(begin["link"]).endswith(f"/feeds/cap/{first['id']}.xml")
    path = str(begin["link"]).removeprefix("http://127.0.0.1:8000")
    SCHEMA.validate(client.get(path).text)
    sent = parsedate_to_datetime(str(begin["pubDate"]))
    assert sent.isoformat() == "2026-07-01T08:00:00+07:00"
    english = feed(client, **{"Accept-Language": "en"})
    assert english[1]["title"] == "Typhoon No. 5 near the coast"


def test_the_feed_keeps_what_holds_and_forgets_what_is_long_over(
    client: FlaskClient, issue: Issue, clock: TurnableClock
) -> None:
    issue()
    issue(headline={"vi": "Không hạn"}, expires=None)
    clock.advance(days=31)
    assert [item["title"] for item in feed(client)] == ["Không hạn"]


def test_a_ban_is_an_alert_that_holds_until_it_is_lifted(
    client: FlaskClient, leader: Headers, clock: TurnableClock
) -> None:
    client.post(BANS, json={"reason": REASON}, headers=leader)
    (alert,) = in_force(client)
    assert (alert["event"], alert["expires"]) == ("swim_ban", None)
    cap = document(client, alert)
    assert said(cap, "info", "event") == ["Cấm tắm biển", "Swimming banned"]
    assert said(cap, "info", "description") == ["Sóng lớn", "High waves"]
    assert said(cap, "info", "area", "areaDesc") == ["Bãi Xuân Hương", "Xuan Huong"]
    assert said(cap, "info", "expires") == []
    clock.advance(days=40)
    assert in_force(client) == [alert]
    assert status(client)["warnings"] == []  # the ban is told as a ban
    client.delete(BANS, headers=leader)
    assert in_force(client) == []
    (item,) = feed(client)
    end = document(client, {"id": item["guid"]})
    assert said(end, "msgType") == ["Cancel"]
    assert str(said(end, "references")[0]).split(",")[1] == alert["id"]


def test_a_ban_that_changes_updates_its_alert(
    client: FlaskClient, leader: Headers, clock: TurnableClock
) -> None:
    ban = client.post(BANS, json={"reason": REASON}, headers=leader).json
    (first,) = in_force(client)
    clock.advance(hours=1)
    end = {"ends_at": "2026-07-01T12:00:00+07:00"}
    changed = client.patch(f"{BANS}/{ban['id']}", json=end, headers=leader)
    assert changed.status_code == 200, changed.json
    assert status(client)["ban"]["ends_at"] == end["ends_at"]
    (second,) = in_force(client)
    cap = document(client, second)
    assert said(cap, "msgType") == ["Update"]
    assert first["id"] in str(said(cap, "references")[0])
    assert said(cap, "info", "expires") == ["2026-07-01T12:00:00+07:00"] * 2
    clock.advance(hours=3)
    assert in_force(client) == []
    over = client.patch(f"{BANS}/{ban['id']}", json={"ends_at": None}, headers=leader)
    assert over.status_code == 409
    assert client.delete(BANS, headers=leader).status_code == 204  # nothing is left to cancel
    assert [item["category"] for item in feed(client)] == ["Update", "Alert"]


def test_no_alert_ever_says_safe(client: FlaskClient, issue: Issue, leader: Headers) -> None:
    first = issue().json
    end = act(client, leader, first, "cancel").json
    texts = [
        client.get(address).text.lower()
        for alert in (first, end)
        for address in (f"/feeds/cap/{alert['id']}.xml", f"/api/v1/alerts/{alert['id']}")
    ]
    for text in [*texts, client.get("/feeds/cap/alerts.rss").text.lower()]:
        assert "an toàn" not in text
        assert "allclear" not in text


def test_a_document_that_breaks_the_schema_would_be_seen(client: FlaskClient, issue: Issue) -> None:
    text = client.get(f"/feeds/cap/{issue().json['id']}.xml").text
    SCHEMA.validate(text)
    for wrong in (
        text.replace("+07:00</sent>", "Z</sent>"),
        text.replace("<urgency>Expected", "<urgency>Soon"),
        text.replace("<scope>Public</scope>", ""),
    ):
        assert wrong != text
        assert not SCHEMA.is_valid(wrong)
