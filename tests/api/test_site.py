"""The public pages, as a browser without JavaScript gets them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date, time
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from content.alerts.models import Issuer
from content.beaches import verbs
from content.beaches.models import Beach
from content.beaches.schedules import WEEK, add_schedule
from content.publishing import Edit
from content.tides.verbs import import_tides
from content.weather.models import WeatherKind
from content.weather.verbs import keep_weather
from tests.conftest import TurnableClock
from tests.factories.content import (
    ArticleFactory,
    BeachFactory,
    ContactFactory,
    PlaceFactory,
    keep,
)
from tests.pages import BROWSER

ISSUER = Issuer("cualo.example", "Exercise")


@pytest.fixture
def beach(session: Session) -> Beach:
    beach = BeachFactory(slug="lan-chau", name={"vi": "Bãi Lan Châu", "en": "Lan Chau beach"})
    keep(session, beach)
    return beach


@pytest.fixture
def lifeguard(clock: TurnableClock) -> Edit:
    return Edit(by="staff:mau", now=clock())


# --- home ---------------------------------------------------------------------------------------


def test_home_says_the_flag_and_what_it_means_in_words_and_since_when(
    page: Any, session: Session, beach: Beach, lifeguard: Edit
) -> None:
    verbs.observe(session, beach, lifeguard, flag="yellow", note="Sóng vừa")
    session.commit()
    home = page("/")
    for words in (
        "Lan Chau beach",
        "Yellow flag: medium hazard",
        "Swim only with great care",
        "08:00 today",
        "holds until 11:00 today",
        "Sóng vừa",
        "/static/flags/yellow.svg",
    ):
        assert words in home
    assert "out of date" not in home


def test_home_never_repeats_a_calm_flag_that_is_out_of_date(
    page: Any, session: Session, beach: Beach, lifeguard: Edit, clock: TurnableClock
) -> None:
    verbs.observe(session, beach, lifeguard, flag="red_over_yellow", lifeguards_on_duty=True)
    session.commit()
    assert "Swim between the flags" in page("/")
    clock.advance(hours=4)
    later = page("/")
    assert "Swim between the flags" not in later
    assert "Not known now" in later
    assert "out of date" in later


def test_home_keeps_a_red_flag_that_is_out_of_date_and_says_so(
    page: Any, session: Session, beach: Beach, lifeguard: Edit, clock: TurnableClock
) -> None:
    verbs.observe(session, beach, lifeguard, flag="red")
    session.commit()
    clock.advance(days=2)
    later = page("/")
    assert "Red flag: high hazard" in later
    assert "Not confirmed" in later


def test_a_ban_stands_on_top_until_it_is_lifted(
    page: Any, session: Session, beach: Beach, lifeguard: Edit
) -> None:
    reason = {"vi": "Bão số 3", "en": "Storm number 3"}
    verbs.ban(session, None, lifeguard, reason=reason, issuer=ISSUER)
    session.commit()
    home = page("/")
    assert home.index("Swimming is banned") < home.index("Swimming now")
    assert "Storm number 3" in home
    assert "until further notice" in home
    assert "Do not enter the water" in home
    verbs.lift_bans(session, None, lifeguard, issuer=ISSUER)
    session.commit()
    assert "Swimming is banned" not in page("/")


def test_a_storm_warning_stands_on_top(page: Any, session: Session, beach: Beach) -> None:
    title = {"vi": "Tin bão khẩn cấp", "en": "Storm warning"}
    keep(session, ArticleFactory(title=title, topics=["storm"]))
    home = page("/")
    assert home.index("Storm warning") < home.index("Swimming now")
    assert "Do not swim: dangerous" in home


def test_home_has_the_newest_notices_and_the_emergency_numbers(page: Any, session: Session) -> None:
    keep(session, *(ArticleFactory() for _ in range(7)))
    keep(session, ArticleFactory(title={"vi": "Nháp", "en": "Secret draft"}, state="draft"))
    home = page("/")
    assert home.count('class="item" href="/announcements/') == 5
    assert "Secret draft" not in home
    for number in ("112", "113", "114", "115"):
        assert f'href="tel:{number}"' in home


def test_home_without_any_content_says_that_nothing_is_known(page: Any) -> None:
    home = page("/")
    assert "There is no information about the beaches yet." in home
    assert "There are no notices at present." in home


# --- what editors publish -----------------------------------------------------------------------


def test_sample_data_is_labelled_wherever_it_is_shown(page: Any, session: Session) -> None:
    keep(session, ArticleFactory(slug="thong-bao-mau", is_sample=True))
    keep(session, PlaceFactory(slug="khach-san-mau-1", is_sample=True))
    keep(session, ContactFactory(is_sample=True))
    for address in (
        "/",
        "/announcements",
        "/announcements/thong-bao-mau",
        "/places",
        "/places/khach-san-mau-1",
        "/contacts",
    ):
        assert "sample data" in page(address), address
        assert "dữ liệu minh hoạ" in page(f"{address}?lang=vi"), address
        page(f"{address}?lang=en")


def test_a_notice_is_shown_in_full_and_its_markup_is_harmless(
    client: FlaskClient, page: Any, session: Session
) -> None:
    body = {"vi": "**Đậm** <script>alert(1)</script> [x](javascript:alert(1))"}
    keep(session, ArticleFactory(slug="cat-dien", title={"vi": "Cắt <điện>"}, body=body))
    page("/announcements/cat-dien")
    answer = client.get("/announcements/cat-dien").text
    assert "<strong>Đậm</strong>" in answer
    assert "<script>alert" not in answer
    assert "<điện>" not in answer
    assert 'href="javascript:' not in answer


def test_guides_have_a_list_of_their_own(page: Any, session: Session) -> None:
    keep(session, ArticleFactory(kind="guide", slug="dac-san", title={"vi": "Đặc sản"}))
    assert "Đặc sản" in page("/guides")
    assert "Đặc sản" not in page("/announcements")
    assert 'href="/guides"' in page("/announcements/dac-san")


def test_the_list_of_notices_goes_on_page_by_page(page: Any, session: Session) -> None:
    keep(session, *(ArticleFactory() for _ in range(25)))
    first = page("/announcements")
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older
    titles = re.findall(r"Announcement \d+", first + page(older[1]))
    assert len(set(titles)) == 25


def test_places_are_found_by_kind_and_by_words_without_accents(
    page: Any, session: Session, vocabularies: None
) -> None:
    keep(session, PlaceFactory(name={"vi": "Đền Vạn Lộc"}, category="temple"))
    keep(session, PlaceFactory(name={"vi": "Khách sạn Mẫu"}, category="hotel"))
    assert "Đền Vạn Lộc" in page("/places?q=den+van+loc")
    sights = page("/places?category=sight")
    assert "Đền Vạn Lộc" in sights
    assert "Khách sạn Mẫu" not in sights
    assert "No place was found." in page("/places?q=xyzxyz")


def test_a_place_shows_what_is_known_and_says_what_is_not(page: Any, session: Session) -> None:
    source = {"fact": "name", "source": "Báo Nghệ An", "confidence": "M"}
    keep(
        session,
        PlaceFactory(slug="den", opening_hours="Mo-Su 07:00-18:00", lat=18.8, lng=105.7,
                     sources=[source]),
    )  # fmt: skip
    shown = page("/places/den")
    assert "Mon-Sun 07:00-18:00" in shown
    assert "open now" in shown
    assert "Báo Nghệ An" in shown
    assert "mlat=18.8" in shown
    assert "no information yet" in shown


# --- language -----------------------------------------------------------------------------------


def test_the_switch_changes_the_language_and_it_stays(client: FlaskClient) -> None:
    vietnamese = client.get("/", headers={"Accept": "text/html"}).text
    assert '<html lang="vi">' in vietnamese
    switch = re.search(r'class="language" href="([^"]+)"', vietnamese)
    assert switch
    switched = client.get(html.unescape(switch[1]))
    assert '<html lang="en">' in switched.text
    assert "Max-Age" in switched.headers["Set-Cookie"]
    assert switched.headers["Cache-Control"] == "no-store"
    assert '<html lang="en">' in client.get("/places").text
    assert '<html lang="vi">' in client.get("/places?lang=vi").text
    assert '<html lang="vi">' in client.get("/places").text


def test_pages_may_be_kept_but_are_asked_for_again(client: FlaskClient) -> None:
    answer = client.get("/", headers=BROWSER)
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert "Cookie" in answer.headers["Vary"]
    again = client.get("/", headers=BROWSER | {"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


# --- errors and ground --------------------------------------------------------------------------


def test_people_get_error_pages_and_programs_get_problems(client: FlaskClient, page: Any) -> None:
    assert "There is no such page here." in page("/nowhere", 404)
    assert "There is nothing named x here." in page("/places/x", 404)
    assert client.get("/nowhere").content_type == "application/problem+json"
    in_api = client.get("/api/v1/nowhere", headers=BROWSER)
    assert in_api.content_type == "application/problem+json"


def test_an_error_page_shows_the_number_of_the_request(client: FlaskClient) -> None:
    answer = client.get("/nowhere", headers=BROWSER | {"X-Request-ID": "page-12345678"})
    assert "page-12345678" in answer.text


ADDRESSES = (
    "/", "/chat", "/report", "/report?category=401", "/track", "/announcements", "/guides",
    "/places", "/contacts", "/privacy", "/nowhere",
)  # fmt: skip


@pytest.fixture
def every_page(client: FlaskClient, vocabularies: None) -> Iterator[tuple[str, str]]:
    return ((address, client.get(address, headers=BROWSER).text) for address in ADDRESSES)


def test_no_page_holds_a_script_or_style_that_the_policy_forbids(
    every_page: Iterator[tuple[str, str]],
) -> None:
    for address, text in every_page:
        assert not re.search(r"<script(?![^>]*\bsrc=)", text), address
        assert not re.search(r"\son\w+=|\sstyle=|javascript:", text), address
        sources = re.findall(r'<(?:script|img|link)[^>]*(?:src|href)="([^"]+)"', text)
        assert all(source.startswith("/") for source in sources), address


def test_every_page_has_its_language_one_heading_and_a_way_past_the_menu(
    every_page: Iterator[tuple[str, str]],
) -> None:
    for address, text in every_page:
        assert '<html lang="en">' in text, address
        assert len(re.findall("<h1", text)) == 1, address
        assert 'href="#main"' in text, address
        assert 'id="main"' in text, address
        assert 'name="viewport"' in text, address


def test_the_manifest_lets_the_pages_be_put_on_a_home_screen(client: FlaskClient) -> None:
    manifest = client.get("/manifest.webmanifest")
    assert manifest.mimetype == "application/manifest+json"
    assert manifest.json["start_url"] == "/"
    with client.get(manifest.json["icons"][0]["src"]) as icon:
        assert icon.status_code == 200


def test_tides_and_weather_are_shown_or_said_to_be_unknown(
    page: Any, session: Session, beach: Beach, clock: TurnableClock
) -> None:
    assert page("/").count("No information yet") == 2
    table = b"station,time,height_m,kind\nMau,2026-07-01T21:03:00+07:00,3.1,high\n"
    import_tides(session, table, Edit(by="someone", now=clock()), dry_run=False)
    values = {"code": 0, "temperature_c": 31.2, "wave_height_m": 0.44}
    keep_weather(session, WeatherKind.AIR, clock(), values, clock())
    session.commit()
    home = page("/")
    assert "No information yet" not in home
    assert "Clear sky" in home
    assert "31 °C" in home
    assert "High tide: " in home
    assert "21:03 today" in home


def test_the_lifeguards_hours_are_shown_as_a_schedule(
    page: Any, session: Session, beach: Beach, clock: TurnableClock
) -> None:
    hours = {"days": list(WEEK), "starts": time(5), "ends": time(7), "valid_from": date(2026, 5, 1)}
    add_schedule(session, beach, hours, Edit(by="someone", now=clock()))
    session.commit()
    home = page("/")
    assert "Lifeguards today: 05:00–07:00" in home
    assert "By their schedule, no lifeguards are on duty" in home
