"""The pages of events, and what pages tell search engines."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.accounts.roles import Role
from tests.factories.content import ArticleFactory, EventFactory, keep

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
