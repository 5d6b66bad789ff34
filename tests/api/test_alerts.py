"""Alerts: issued, updated and cancelled, as people and as other systems hear of them."""

from __future__ import annotations

from collections.abc import Callable
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import xmlschema
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts.roles import Role
from content.audit import AuditEntry
from content.seeding import seed_vocabularies
from notifications.messages import Message
from tests.conftest import TurnableClock
from tests.factories.content import BeachFactory, keep

Headers = dict[str, str]
Issue = Callable[..., Any]

STAFF = "/api/v1/staff/alerts"
BANS = "/api/v1/staff/beaches/xuan-huong/bans"
CAP = {"cap": "urn:oasis:names:tc:emergency:cap:1.2"}
SCHEMA = xmlschema.XMLSchema(Path(__file__).parent.parent / "schemas" / "CAP-v1.2.xsd")
STORM = {
    "event": "storm",
    "headline": {"vi": "Bão số 5 gần bờ", "en": "Typhoon No. 5 near the coast"},
    "description": {"vi": "Gió giật cấp 10 & sóng < 5 m.", "en": "Gusts & waves < 5 m."},
    "expires": "2026-07-02T08:00:00+07:00",
}
REASON = {"vi": "Sóng lớn", "en": "High waves"}


@pytest.fixture(autouse=True)
def town(session: Session, clock: TurnableClock) -> None:
    """The quarters, and two beaches."""
    seed_vocabularies(session, clock())
    keep(
        session,
        BeachFactory(slug="xuan-huong", name={"vi": "Bãi Xuân Hương", "en": "Xuan Huong"}),
        BeachFactory(slug="cua-hoi", quarter="nghi-hai"),
    )


@pytest.fixture
def leader(as_staff: Callable[..., Headers]) -> Headers:
    """A leader."""
    return as_staff(Role.LEADER)


@pytest.fixture
def issue(client: FlaskClient, leader: Headers) -> Issue:
    """Issue a storm warning: `issue(severity="Extreme")`."""
    return lambda **change: client.post(STAFF, json=STORM | change, headers=leader)


def act(client: FlaskClient, leader: Headers, alert: dict[str, Any], name: str, **body: Any) -> Any:
    return client.post(f"{STAFF}/{alert['id']}/{name}", json=body, headers=leader)


def in_force(client: FlaskClient) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = client.get("/api/v1/alerts").json["items"]
    return items


def status(client: FlaskClient, slug: str = "xuan-huong", lang: str = "vi") -> dict[str, Any]:
    body: dict[str, Any] = client.get(f"/api/v1/beaches/{slug}/status?lang={lang}").json
    return body


def parsed(data: bytes) -> ET.Element:
    return ET.fromstring(data)  # noqa: S314 - our own document


def document(client: FlaskClient, alert: dict[str, Any]) -> ET.Element:
    """The alert's CAP document, found valid by the schema of OASIS."""
    answer = client.get(f"/feeds/cap/{alert['id']}.xml")
    assert answer.status_code == 200
    assert answer.mimetype == "application/cap+xml"
    SCHEMA.validate(answer.text)
    return parsed(answer.data)


def said(document: ET.Element, *path: str) -> list[str | None]:
    return [found.text for found in document.findall("/".join(f"cap:{p}" for p in path), CAP)]


def feed(client: FlaskClient, **headers: str) -> list[dict[str, str | None]]:
    answer = client.get("/feeds/cap/alerts.rss", headers=headers)
    assert (answer.status_code, answer.mimetype) == (200, "application/rss+xml")
    items = parsed(answer.data).findall("channel/item")
    return [{part.tag: part.text for part in item} for item in items]


def pushed(session: Session) -> list[Message]:
    session.rollback()
    return list(session.scalars(select(Message).order_by(Message.created_at)))


def test_a_storm_warning_is_in_force_at_once_and_to_its_end(
    client: FlaskClient, issue: Issue, clock: TurnableClock
) -> None:
    assert in_force(client) == []
    made = issue()
    assert made.status_code == 201, made.json
    (alert,) = in_force(client)
    assert alert["id"] == made.json["id"]
    assert (alert["headline"], alert["severity"]) == ("Bão số 5 gần bờ", "Severe")
    assert alert["sent"] == alert["onset"] == "2026-07-01T08:00:00+07:00"
    found = status(client, lang="en")
    assert (found["swimming"], found["confirmed"]) == ("dangerous", True)
    (warning,) = found["warnings"]
    assert (warning["kind"], warning["title"]) == ("alert", "Typhoon No. 5 near the coast")
    assert warning["url"].endswith(f"/alerts/{alert['id']}")
    clock.advance(days=1)
    assert in_force(client) == status(client)["warnings"] == []
    assert status(client)["swimming"] == "unknown"
    assert client.get(f"/api/v1/alerts/{alert['id']}").status_code == 200


def test_the_worst_of_flag_ban_and_storm_wins(
    client: FlaskClient, issue: Issue, as_staff: Callable[..., Headers], leader: Headers
) -> None:
    watched = {"flag": "red_over_yellow", "lifeguards_on_duty": True}
    address = "/api/v1/staff/beaches/xuan-huong/observations"
    lifeguard = as_staff(Role.LIFEGUARD)
    client.post(address, json=watched, headers=lifeguard)
    assert status(client)["swimming"] == "supervised"
    issue()
    assert status(client)["swimming"] == "dangerous"
    client.post(BANS, json={"reason": REASON}, headers=leader)
    assert status(client)["swimming"] == "closed"


def test_a_storm_to_come_warns_now_and_is_dangerous_from_its_onset(
    client: FlaskClient, issue: Issue, clock: TurnableClock
) -> None:
    issue(onset="2026-07-01T20:00:00+07:00")
    found = status(client)
    assert (found["swimming"], len(found["warnings"])) == ("unknown", 1)
    clock.advance(hours=12)
    assert status(client)["swimming"] == "dangerous"


def test_a_warning_of_something_else_does_not_make_swimming_dangerous(
    client: FlaskClient, issue: Issue
) -> None:
    issue(event="marine_life", headline={"vi": "Nhiều sứa"})
    found = status(client)
    assert (found["swimming"], found["warnings"][0]["title"]) == ("unknown", "Nhiều sứa")


def test_a_warning_for_quarters_concerns_their_beaches(client: FlaskClient, issue: Issue) -> None:
    issue(quarters=["nghi-thuy"])
    assert status(client, "cua-hoi")["warnings"] == []
    assert len(status(client, "xuan-huong")["warnings"]) == 1  # its quarter is not known
    assert in_force(client)[0]["areas"] == ["Nghi Thủy"]


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


@pytest.mark.parametrize("name", ["update", "cancel"])
def test_what_is_no_longer_in_force_is_not_changed(
    client: FlaskClient, issue: Issue, leader: Headers, clock: TurnableClock, name: str
) -> None:
    updated, cancelled, expired = issue().json, issue().json, issue().json
    act(client, leader, updated, "update")
    end = act(client, leader, cancelled, "cancel").json
    clock.advance(days=1)
    for over in (updated, cancelled, end, expired):
        assert act(client, leader, over, name).status_code == 409
    unknown = {"id": "11111111-2222-4333-8444-555555555555"}
    assert act(client, leader, unknown, name).status_code == 404


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


@pytest.mark.parametrize(
    "ends_at", ["2026-07-01T07:30:00+07:00", "2026-07-01T08:00:00+07:00", "soon", 5]
)
def test_a_ban_does_not_end_before_it_is_imposed_or_changed(
    client: FlaskClient, leader: Headers, ends_at: Any
) -> None:
    ban = client.post(BANS, json={"reason": REASON}, headers=leader).json
    body = {"reason": REASON, "starts_at": "2026-07-01T07:00:00+07:00", "ends_at": ends_at}
    imposed = client.post(BANS, json=body, headers=leader)
    changed = client.patch(f"{BANS}/{ban['id']}", json={"ends_at": ends_at}, headers=leader)
    for answer in (imposed, changed):
        assert (answer.status_code, list(answer.json["errors"])) == (422, ["ends_at"])
    assert len(in_force(client)) == 1
    assert status(client)["ban"]["ends_at"] is None


def test_a_ban_is_changed_at_its_own_beach_alone(client: FlaskClient, leader: Headers) -> None:
    ban = client.post(BANS, json={"reason": REASON}, headers=leader).json
    for key in ("all", "cua-hoi"):
        address = f"{BANS.replace('xuan-huong', key)}/{ban['id']}"
        assert client.patch(address, json={}, headers=leader).status_code == 404


@pytest.mark.parametrize("name", ["update", "cancel"])
def test_the_alert_of_a_ban_ends_with_its_ban_alone(
    client: FlaskClient, leader: Headers, name: str
) -> None:
    client.post(BANS, json={"reason": REASON}, headers=leader)
    (alert,) = in_force(client)
    assert act(client, leader, alert, name).status_code == 409
    assert in_force(client) == [alert]


def test_a_storm_rings_on_phones_once_also_where_all_is_muted(
    session: Session, issue: Issue
) -> None:
    made = issue(quarters=["nghi-hai"]).json
    (message,) = pushed(session)
    assert (message.kind, message.topics, message.emergency) == ("alert", ["safety"], True)
    assert message.title == STORM["headline"]
    assert message.body["en"].startswith("Gusts & waves < 5 m. Keep out of the water")
    assert message.audience == {"quarters": ["nghi-hai"]}
    assert (message.source_id, message.key) == (made["id"], f"alert:{made['id']}")
    assert message.link == f"/alerts/{made['id']}"


def test_each_message_is_pushed_or_not_as_staff_wish(
    client: FlaskClient, session: Session, issue: Issue, leader: Headers
) -> None:
    first = issue(notify=False).json
    assert pushed(session) == []
    second = act(client, leader, first, "update").json
    assert len(pushed(session)) == 1
    end = act(client, leader, second, "cancel", notify=True, reason={"vi": "Bão đã tan."}).json
    told = pushed(session)[-1]
    assert (told.source_id, told.emergency) == (end["id"], False)
    assert told.body["vi"] == "Bão đã tan."


def test_a_lesser_warning_does_not_ring(session: Session, issue: Issue) -> None:
    issue(event="marine_life", severity="Minor")
    assert [message.emergency for message in pushed(session)] == [False]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"event": "swim_ban"}, "event"),
        ({"event": "earthquake"}, "event"),
        ({"event": None}, "event"),
        ({"headline": {"en": "Storm"}}, "headline"),
        ({"headline": {"vi": "x" * 161}}, "headline"),
        ({"headline": "Bão"}, "headline"),
        ({"headline": {"vi": "Bão", "fr": "Tempête"}}, "headline"),
        ({"description": {"vi": "x" * 2001}}, "description"),
        ({"description": {"vi": "nul \x00"}}, "description"),
        ({"instruction": ["chạy"]}, "instruction"),
        ({"severity": "severe"}, "severity"),
        ({"severity": "Bad"}, "severity"),
        ({"urgency": "Past"}, "urgency"),
        ({"urgency": 1}, "urgency"),
        ({"certainty": "Maybe"}, "certainty"),
        ({"onset": "2026-07-01T08:00:00"}, "onset"),
        ({"onset": "tomorrow"}, "onset"),
        ({"onset": "2026-09-01T08:00:00+07:00", "expires": None}, "onset"),
        ({"expires": "2026-07-01T08:00:00+07:00"}, "expires"),
        ({"expires": "2026-06-30T08:00:00+07:00"}, "expires"),
        ({"expires": "2026-09-01T08:00:00+07:00"}, "expires"),
        ({"expires": "2026-07-02"}, "expires"),
        (
            {"onset": "2026-07-03T08:00:00+07:00", "expires": "2026-07-02T08:00:00+07:00"},
            "expires",
        ),
        ({"quarters": ["atlantis"]}, "quarters"),
        ({"quarters": "nghi-hai"}, "quarters"),
        ({"quarters": ["Nghi Hải"]}, "quarters"),
        ({"notify": "perhaps"}, "notify"),
        ({"status": "Actual"}, "status"),
        ({"sent": "2026-07-01T08:00:00+07:00"}, "sent"),
        ({"safe": True}, "safe"),
    ],
)
def test_a_bad_warning_is_refused_by_field_and_nobody_is_warned(
    client: FlaskClient,
    session: Session,
    issue: Issue,
    leader: Headers,
    change: dict[str, Any],
    field: str,
) -> None:
    refused = issue(**change)
    assert refused.status_code == 422, refused.json
    assert list(refused.json["errors"]) == [field]
    assert in_force(client) == feed(client) == pushed(session) == []
    if field == "event":
        return
    kept = issue(notify=False).json
    refused = act(client, leader, kept, "update", **change)
    assert list(refused.json["errors"]) == [field]
    assert [alert["id"] for alert in in_force(client)] == [kept["id"]]
    assert pushed(session) == []


def test_who_does_not_raise_alerts_is_refused(
    client: FlaskClient, as_staff: Callable[..., Headers]
) -> None:
    assert client.post(STAFF, json=STORM).status_code == 401
    for role in (Role.LIFEGUARD, Role.EDITOR, Role.OFFICER):
        assert client.post(STAFF, json=STORM, headers=as_staff(role)).status_code == 403
    assert in_force(client) == []


def test_staff_read_all_that_was_ever_sent(
    client: FlaskClient, issue: Issue, leader: Headers
) -> None:
    first = issue().json
    act(client, leader, first, "cancel")
    client.post(BANS, json={"reason": REASON}, headers=leader)
    every = client.get(STAFF, headers=leader).json["items"]
    assert len(every) == 3
    assert every[0]["status"] == "Exercise"
    storms = client.get(f"{STAFF}?event=storm&limit=1", headers=leader).json
    assert storms["next_cursor"]


def test_every_act_is_in_the_audit(
    client: FlaskClient, session: Session, issue: Issue, leader: Headers
) -> None:
    first = issue().json
    second = act(client, leader, first, "update").json
    act(client, leader, second, "cancel")
    client.post(BANS, json={"reason": REASON}, headers=leader)
    client.delete(BANS, headers=leader)
    session.rollback()
    acts = [
        (entry.type, entry.act)
        for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    ]
    assert acts == [
        ("alert", "issue"), ("alert", "update"), ("alert", "cancel"),
        ("alert", "issue"), ("swim_ban", "ban"), ("alert", "cancel"), ("swim_ban", "lift"),
    ]  # fmt: skip


def test_the_page_of_an_alert_says_whether_it_holds(
    client: FlaskClient, issue: Issue, leader: Headers
) -> None:
    first = issue().json
    page = f"/alerts/{first['id']}"
    assert "Bão số 5 gần bờ" in client.get("/").text
    assert "Không xuống nước" in client.get(page).text
    end = act(client, leader, first, "cancel").json
    assert end["id"] in client.get(page).text
    over = client.get(f"/alerts/{end['id']}?lang=en").text
    assert "no longer in force" in over
    assert "Bão số 5" not in client.get("/?lang=vi").text
    assert client.get("/alerts/11111111-2222-4333-8444-555555555555").status_code == 404


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
