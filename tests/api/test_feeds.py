"""What others subscribe to: events as a calendar, announcements as RSS, data for search engines."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from xml.etree import ElementTree as ET

import icalendar
import pytest
from dateutil.rrule import rrulestr
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.accounts.roles import Role
from content.publishing import State
from tests.conftest import TOWN_TIME, TurnableClock
from tests.factories.content import ArticleFactory, EventFactory, PlaceFactory, keep

SATURDAYS = {"calendar": "gregorian", "rule": "FREQ=WEEKLY;BYDAY=SA;UNTIL=20260801"}
YEARLY = {"calendar": "lunar", "frequency": "yearly", "day": 12, "month": 2}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TOWN_TIME)


@pytest.fixture
def town(session: Session) -> None:
    """A market by the week, a festival by the moon, a race that is cancelled."""
    square = PlaceFactory(
        slug="quang-truong", name={"vi": "Quảng trường", "en": "Square"}, lat=18.8, lng=105.7
    )
    keep(session, square)
    keep(
        session,
        EventFactory(
            slug="cho-dem",
            title={"vi": "Chợ đêm; rượu, cá", "en": "Night market"},
            summary={"vi": "Món ngon\nmỗi tối", "en": "Good food"},
            starts_on=None,
            starts_at=at("2026-07-04 18:00"),
            ends_at=at("2026-07-04 22:00"),
            recurrence=SATURDAYS,
            exceptions=[
                {"date": "2026-07-11", "status": "cancelled", "note": {"vi": "Vì bão"}},
                {
                    "date": "2026-07-18",
                    "status": "moved",
                    "starts_at": "2026-07-19T17:00:00+07:00",
                },
            ],
            place_id=square.id,
        ),
        EventFactory(
            slug="le-hoi",
            title={"vi": "Lễ hội"},
            starts_on=date(2026, 1, 1),
            recurrence=YEARLY,
            place_text={"vi": "Đền"},
        ),
        EventFactory(
            slug="giai-chay",
            title={"vi": "Giải chạy"},
            starts_on=date(2026, 7, 10),
            ends_on=date(2026, 7, 11),
            exceptions=[{"date": "2026-07-10", "status": "cancelled"}],
        ),
        EventFactory(slug="nhap", state=State.DRAFT),
        EventFactory(slug="nam-ngoai", starts_on=date(2025, 6, 20)),
    )


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


@pytest.fixture
def notices(session: Session, clock: TurnableClock) -> None:
    """Announcements of several days, a guide, and one that is not published."""
    keep(
        session,
        ArticleFactory(
            slug="bao-so-3",
            title={"vi": "Bão số 3 & gió <mạnh>", "en": "Storm 3"},
            summary={"vi": "Không ra biển", "en": "Stay ashore"},
            body={"vi": "**Cấm** tắm <script>alert(1)</script>", "en": "**No** swimming"},
            topics=["storm"],
            published_at=clock() - timedelta(hours=1),
        ),
        ArticleFactory(
            slug="ghim", pinned=True, title={"vi": "Ghim"}, published_at=clock() - timedelta(days=2)
        ),
        ArticleFactory(
            slug="tin", kind="news", title={"vi": "Tin"}, published_at=clock() - timedelta(days=1)
        ),
        ArticleFactory(slug="cam-nang", kind="guide", title={"vi": "Cẩm nang"}),
        ArticleFactory(slug="nhap", state=State.DRAFT),
    )


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


# --- data for search engines --------------------------------------------------------------------


def structured(client: FlaskClient, address: str) -> Any:
    text = client.get(address, headers={"Accept": "text/html"}).text
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert len(found) <= 1
    return json.loads(found[0]) if found else None


def test_the_page_of_an_event_tells_search_engines_its_next_times(
    client: FlaskClient, town: None
) -> None:
    first, cancelled, moved, *_ = structured(client, "/events/cho-dem?lang=en")
    assert first["@context"] == "https://schema.org"
    assert (first["@type"], first["name"]) == ("Event", "Night market")
    assert first["startDate"] == "2026-07-04T18:00:00+07:00"
    assert first["endDate"] == "2026-07-04T22:00:00+07:00"
    assert first["location"]["name"] == "Square"
    assert first["location"]["geo"]["latitude"] == 18.8
    assert cancelled["eventStatus"] == "https://schema.org/EventCancelled"
    assert moved["eventStatus"] == "https://schema.org/EventRescheduled"
    assert moved["previousStartDate"] == "2026-07-18T18:00:00+07:00"
    festival = structured(client, "/events/le-hoi")[0]
    assert (festival["startDate"], festival["endDate"]) == ("2027-03-19", "2027-03-19")


def test_the_page_of_an_announcement_tells_search_engines_what_it_is(
    client: FlaskClient, session: Session, notices: None
) -> None:
    found = structured(client, "/announcements/bao-so-3")
    assert found["@type"] == "SpecialAnnouncement"
    assert found["name"] == "Bão số 3 & gió <mạnh>"
    assert found["text"] == "Không ra biển"
    assert found["datePosted"] == "2026-07-01T07:00:00+07:00"
    assert found["spatialCoverage"]["name"] == "Cửa Lò"
    assert structured(client, "/announcements/tin") is None


def test_no_text_ends_the_data_or_becomes_a_script(client: FlaskClient, session: Session) -> None:
    bad = "</script><script>alert('x')</script><!-- \u2028 & "
    keep(
        session,
        ArticleFactory(slug="a", title={"vi": bad}),
        EventFactory(slug="e", title={"vi": bad}, place_text={"vi": bad}),
    )
    for address, name in (("/announcements/a", None), ("/events/e", "location")):
        page = client.get(address, headers={"Accept": "text/html"}).text
        assert "<script>alert" not in page
        found = structured(client, address)
        assert found["name"] == bad
        assert name is None or found[name]["name"] == bad


def test_what_is_only_a_sample_is_not_told_to_search_engines(
    client: FlaskClient, session: Session
) -> None:
    keep(
        session,
        ArticleFactory(slug="a", is_sample=True),
        EventFactory(slug="e", is_sample=True),
    )
    assert structured(client, "/announcements/a") is None
    assert structured(client, "/events/e") is None


# --- pages --------------------------------------------------------------------------------------


def page(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address, headers={"Accept": "text/html", "Accept-Language": "en"})
    assert answer.status_code == status
    assert answer.mimetype == "text/html"
    return re.sub(r"\s+", " ", answer.text)


def test_the_month_is_shown_day_by_day_from_today_on(client: FlaskClient, town: None) -> None:
    text = page(client, "/events")
    for words in (
        "July 2026",
        "Saturday, 4 July 2026",
        "lunar 20/5",
        "Night market",
        "18:00 to 22:00",
        "Square",
        "every week on Saturday",
        "cancelled",
        "moved",
        "Sunday, 19 July 2026",
        "/feeds/events.ics",
        'rel="next" href="/events?month=2026-08"',
        'aria-current="page"',
    ):
        assert words in text, words
    assert "June" not in text


@pytest.mark.parametrize(
    ("query", "there", "missing"),
    [
        ("month=2027-03", "Lễ hội", "Night market"),
        ("month=2026-09", "No event is known for these days.", "Lễ hội"),
        ("q=le hoi", "19 March 2027", "Night market"),
        ("q=tau vu tru", "No event was found.", "Lễ hội"),
        ("month=nonsense", "July 2026", "Lễ hội"),
        ("month=9999-12", "July 2026", "Lễ hội"),
        ("month=2031-01", "July 2026", "Lễ hội"),
    ],
)
def test_other_months_and_words_are_found(
    client: FlaskClient, town: None, query: str, there: str, missing: str
) -> None:
    text = page(client, f"/events?{query}")
    assert there in text
    assert missing not in text


def test_an_event_has_a_page(client: FlaskClient, town: None) -> None:
    text = page(client, "/events/cho-dem")
    for words in (
        "Night market",
        "Good food",
        "every week on Saturday, until 1 Aug 2026",
        '<a href="/places/quang-truong">Square</a>',
        "Saturday, 4 July 2026: 18:00 to 22:00",
        "<s>Saturday, 11 July 2026: 18:00 to 22:00</s>",
        "Sunday, 19 July 2026: 17:00 to 21:00",
        "/feeds/events/cho-dem.ics",
    ):
        assert words in text, words
    assert "It is over" in page(client, "/events/nam-ngoai")
    page(client, "/events/nhap", 404)


def test_a_draft_that_does_not_fit_together_can_still_be_previewed(
    client: FlaskClient, as_staff: Callable[..., dict[str, str]]
) -> None:
    editor = as_staff(Role.EDITOR)
    body = {"title": {"vi": "Nháp"}, "starts_on": "2026-07-10"}
    made = client.post("/api/v1/staff/events", json=body, headers=editor).json
    address = f"/api/v1/staff/events/{made['id']}"
    for change in (
        {"ends_on": "2026-07-01"},
        {"exceptions": [{"date": "2026-07-10", "status": "moved"}]},
        {"recurrence": {"calendar": "gregorian", "rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}},
        {"starts_on": None},
    ):
        answer = client.patch(address, json=change, headers=editor)
        assert answer.status_code == 200, answer.json
        link = client.post(f"{address}/preview", headers=editor).json
        for url in (link["url"], link["api_url"]):
            assert (
                client.get(url.split("//")[1].partition("/")[2].join(["/", ""])).status_code == 200
            )
