"""The feeds: events as iCalendar, notices as RSS."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from xml.etree import ElementTree as ET

import icalendar
from dateutil.rrule import rrulestr
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.api.feeds.conftest import at
from tests.conftest import TurnableClock
from tests.factories.content import ArticleFactory, EventFactory, keep


def calendar(client: FlaskClient, address: str = "/feeds/events.ics") -> icalendar.Calendar:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert all(len(line) <= 75 for line in answer.data.split(b"\r\n"))
    return icalendar.Calendar.from_ical(answer.data)


def titled(feed: icalendar.Calendar, title: str) -> list[Any]:
    return [entry for entry in feed.walk("VEVENT") if title in str(entry["summary"])]


def test_a_series_is_one_entry_with_its_rule_its_gaps_and_its_moved_days(
    client: FlaskClient, town: None
) -> None:
    feed = calendar(client)
    master, cancelled, moved = titled(feed, "Chợ đêm; rượu, cá")
    assert master["dtstart"].dt == at("2026-07-04 18:00")
    assert master["dtend"].dt == at("2026-07-04 22:00")
    assert master["dtstart"].params["TZID"] == "Asia/Ho_Chi_Minh"
    assert master["location"] == "Quảng trường"
    assert "Món ngon\nmỗi tối" in str(master["description"])
    rule = rrulestr(master["rrule"].to_ical().decode(), dtstart=master["dtstart"].dt)
    assert [f"{day:%m-%d}" for day in rule] == ["07-04", "07-11", "07-18", "07-25", "08-01"]
    assert [gap.dt for gap in master["exdate"].dts] == [at("2026-07-11 18:00")]
    assert (cancelled["status"], cancelled["dtstart"].dt) == ("CANCELLED", at("2026-07-11 18:00"))
    assert cancelled["uid"] != master["uid"]
    assert "Vì bão" in str(cancelled["description"])
    assert moved["uid"] == master["uid"]
    assert moved["recurrence-id"].dt == at("2026-07-18 18:00")
    assert (moved["dtstart"].dt, moved["dtend"].dt) == (
        at("2026-07-19 17:00"), at("2026-07-19 21:00"),
    )  # fmt: skip
    (zone,) = feed.walk("VTIMEZONE")
    assert zone["tzid"] == "Asia/Ho_Chi_Minh"


def test_a_lunar_series_is_written_out_for_three_years(client: FlaskClient, town: None) -> None:
    entries = titled(calendar(client), "Lễ hội")
    assert [entry["dtstart"].dt for entry in entries] == [
        date(2026, 3, 30), date(2027, 3, 19), date(2028, 3, 7),
    ]  # fmt: skip
    assert all(entry["dtend"].dt - entry["dtstart"].dt == timedelta(days=1) for entry in entries)
    assert len({entry["uid"] for entry in entries}) == 3
    assert not any("rrule" in entry for entry in entries)


def test_a_single_event_that_is_cancelled_says_so(client: FlaskClient, town: None) -> None:
    (race,) = titled(calendar(client), "Giải chạy")
    assert race["status"] == "CANCELLED"
    assert (race["dtstart"].dt, race["dtend"].dt) == (date(2026, 7, 10), date(2026, 7, 12))


def test_names_and_bytes_stay_while_nothing_changes(
    client: FlaskClient, town: None, clock: TurnableClock
) -> None:
    first = client.get("/feeds/events.ics")
    clock.advance(days=40)
    later = client.get("/feeds/events.ics", headers={"If-None-Match": first.headers["ETag"]})
    assert later.status_code == 304
    clock.advance(days=300)
    names = {str(entry["uid"]) for entry in calendar(client).walk("VEVENT")}
    assert names & {str(e["uid"]) for e in icalendar.Calendar.from_ical(first.data).walk("VEVENT")}


def test_what_is_over_or_not_published_is_left_out(client: FlaskClient, town: None) -> None:
    titles = {str(entry["summary"]) for entry in calendar(client).walk("VEVENT")}
    assert titles == {"Chợ đêm; rượu, cá", "Lễ hội", "Giải chạy"}


def test_the_calendar_is_english_where_that_is_asked_for(client: FlaskClient, town: None) -> None:
    answer = client.get("/feeds/events.ics?lang=en", headers={"Accept-Language": "vi"})
    assert answer.headers["Content-Language"] == "en"
    assert "Events in Cua Lo" in answer.text
    assert "Night market" in answer.text
    plain = client.get("/feeds/events.ics", headers={"Accept-Language": "en"})
    assert plain.headers["Content-Language"] == "vi"
    assert "Night market" not in plain.text
    assert client.get("/feeds/events.ics?lang=xx").headers["Content-Language"] == "vi"


def test_one_event_can_be_put_into_a_calendar(client: FlaskClient, town: None) -> None:
    feed = calendar(client, "/feeds/events/giai-chay.ics")
    assert len(feed.walk("VEVENT")) == 1
    assert client.get("/feeds/events/nhap.ics").status_code == 404
    assert client.get("/feeds/events/khong-co.ics").status_code == 404


def test_a_series_of_whole_days_ends_on_a_day(client: FlaskClient, session: Session) -> None:
    rule = {"calendar": "gregorian", "rule": "FREQ=DAILY;UNTIL=20260712"}
    keep(session, EventFactory(title={"vi": "Hội"}, recurrence=rule))
    counted = {"calendar": "gregorian", "rule": "FREQ=DAILY;COUNT=3"}
    keep(session, EventFactory(title={"vi": "Đếm"}, recurrence=counted))
    feed = calendar(client)
    assert titled(feed, "Hội")[0]["rrule"]["UNTIL"] == [date(2026, 7, 12)]
    assert titled(feed, "Đếm")[0]["rrule"]["COUNT"] == [3]


# --- announcements ------------------------------------------------------------------------------


def channel(client: FlaskClient, query: str = "") -> ET.Element:
    answer = client.get(f"/feeds/announcements.rss{query}")
    assert answer.status_code == 200
    assert answer.content_type == "application/rss+xml; charset=utf-8"
    found = ET.fromstring(answer.data).find("channel")  # noqa: S314 - our own
    assert found is not None
    return found


def texts(parent: ET.Element, name: str) -> list[str]:
    return [element.text or "" for element in parent.iter(name)]


def test_the_newest_notices_come_first_in_vietnamese(client: FlaskClient, notices: None) -> None:
    found = channel(client)
    items = found.findall("item")
    assert [item.findtext("title") for item in items] == ["Bão số 3 & gió <mạnh>", "Tin", "Ghim"]
    storm = items[0]
    assert (storm.findtext("link") or "").endswith("/announcements/bao-so-3")
    assert parsedate_to_datetime(storm.findtext("pubDate") or "") == datetime(
        2026, 7, 1, 0, 0, tzinfo=UTC
    )
    description = storm.findtext("description") or ""
    assert "<strong>Cấm</strong>" in description
    assert "<script" not in description
    assert texts(storm, "category") == ["storm"]
    assert len(set(texts(found, "guid"))) == 3
    assert found.findtext("language") == "vi"
    own = found.find("{http://www.w3.org/2005/Atom}link")
    assert own is not None
    assert own.attrib["href"].endswith("/feeds/announcements.rss")


def test_the_notices_are_english_where_that_is_asked_for(
    client: FlaskClient, notices: None
) -> None:
    found = channel(client, "?lang=en")
    assert found.findtext("title") == "Notices of Cua Lo"
    assert found.findtext("item/title") == "Storm 3"
    own = found.find("{http://www.w3.org/2005/Atom}link")
    assert own is not None
    assert own.attrib["href"].endswith("?lang=en")


def test_what_is_scheduled_appears_at_its_minute(
    client: FlaskClient, session: Session, clock: TurnableClock
) -> None:
    assert channel(client).findall("item") == []
    keep(session, ArticleFactory(slug="mai", published_at=clock() + timedelta(minutes=5)))
    assert channel(client).findall("item") == []
    clock.advance(minutes=5)
    assert len(channel(client).findall("item")) == 1
