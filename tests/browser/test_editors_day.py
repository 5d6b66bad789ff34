"""An editor's day: written, seen by a second person, scheduled, out, corrected, restored, gone."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from xml.etree import ElementTree

import httpx
import pyotp
import pytest
from PIL import Image
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from backend.accounts.roles import Role
from content.store import utc_now
from tests.browser.conftest import Browser, Site
from tests.conftest import TOWN_TIME

TITLE, CORRECTED = "Chợ hải sản mẫu mở cửa", "Chợ hải sản mẫu mở cửa sớm"
SLUG = "cho-hai-san-mau-mo-cua"


@pytest.fixture
def picture(site: Site) -> Callable[[dict[str, str]], str]:
    """Puts a picture into the library with somebody's cookie; its id."""

    def upload(cookies: dict[str, str]) -> str:
        drawn = io.BytesIO()
        Image.new("RGB", (640, 400), "#0a4d68").save(drawn, "JPEG")
        with httpx.Client(base_url=site.url, cookies=cookies) as http:
            token = http.get("/console").text.partition('name="csrf-token" content="')[2]
            answer = http.post(
                "/api/v1/staff/media",
                files={"file": ("anh.jpg", drawn.getvalue(), "image/jpeg")},
                data={"alt.vi": "Ảnh mẫu", "licence": "CC0-1.0", "credit": "Ảnh minh họa"},
                headers={"X-CSRFToken": token.partition('"')[0]},
            )
        assert answer.status_code in (200, 201), answer.text
        found: str = answer.json()["id"]
        return found

    return upload


def write(desktop: Browser, name: str, text: str) -> None:
    field = desktop.find(f"[name='{name}']")
    desktop.run("arguments[0].scrollIntoView({block: 'center'})", field)
    field.clear()
    field.send_keys(text)


def ask(desktop: Browser, opener: str) -> None:
    """Open the question behind the button with these words."""

    def named(chrome: Chrome) -> object:
        every = chrome.find_elements(By.CSS_SELECTOR, "details.ask > summary")
        return next((one for one in every if one.text.strip() == opener), None)

    summary = desktop.wait().until(named, f"no question {opener!r}")
    desktop.run("arguments[0].scrollIntoView({block: 'center'}); arguments[0].click()", summary)


def answer(desktop: Browser) -> None:
    """Press the button of the question that is open."""
    desktop.find("details.ask[open] button[type=submit]").click()


def in_preview(desktop: Browser, selector: str, words: str = "") -> bool:
    """Whether the preview comes to hold the element of that selector, with these words."""

    def shown(chrome: Chrome) -> bool:
        chrome.switch_to.frame(chrome.find_element(By.ID, "preview"))
        try:
            every = chrome.find_elements(By.CSS_SELECTOR, selector)
            return any(words in one.text for one in every)
        finally:
            chrome.switch_to.default_content()

    return bool(desktop.wait().until(shown, f"{selector} {words!r} is not in the preview"))


def published(site: Site) -> str | None:
    """The title that the API answers."""
    found = httpx.get(f"{site.url}/api/v1/articles/{SLUG}")
    return found.json()["title"] if found.status_code == 200 else None


def in_feed(site: Site) -> list[str | None]:
    """The titles in the RSS feed."""
    feed = httpx.get(f"{site.url}/feeds/announcements.rss")
    assert feed.status_code == 200
    items = ElementTree.fromstring(feed.content).iterfind(".//item/title")  # noqa: S314 - our own
    return [title.text for title in items]


def test_an_editors_day(
    desktop: Browser, site: Site, picture: Callable[[dict[str, str]], str]
) -> None:
    editor, leader = site.hire("Biên tập Mẫu", Role.EDITOR), site.hire("Lãnh đạo Mẫu", Role.LEADER)
    desktop.open("/console")
    desktop.find("#email").send_keys(editor.email)
    desktop.find("#password").send_keys(editor.password, Keys.ENTER)
    code = pyotp.TOTP(editor.secret).at(utc_now() + timedelta(seconds=30))
    desktop.find("#code").send_keys(code, Keys.ENTER)
    assert desktop.shows("Chào Biên tập Mẫu")
    media = picture({"session": editor.cookie})

    desktop.open("/console/articles/new?group=news")
    write(desktop, "title.vi", TITLE)
    write(desktop, "title.en", "The sample market opens")
    write(desktop, "summary.vi", "Dữ liệu minh họa.")
    write(desktop, "body.vi", f"Mở lúc **5 giờ**.\n\n![Ảnh mẫu](media:{media})")
    write(desktop, "body.en", "Opens at *five*.")
    assert in_preview(desktop, "h1", TITLE)
    assert in_preview(desktop, "img[alt='Ảnh mẫu']")
    desktop.press("Lưu và gửi duyệt")
    assert desktop.shows("Đã gửi duyệt.")
    assert published(site) is None

    desktop.be(leader)
    desktop.open("/console")
    desktop.press(TITLE)
    assert in_preview(desktop, "img[alt='Ảnh mẫu']")
    desktop.press("Duyệt")
    assert desktop.shows("Đã duyệt.")
    with site.later() as put_forward:
        at = (utc_now() + timedelta(minutes=30)).astimezone(TOWN_TIME)
        ask(desktop, "Hẹn giờ đăng")
        field = desktop.find("details.ask[open] input[name=at]")
        desktop.run("arguments[0].value = arguments[1]", field, at.strftime("%Y-%m-%dT%H:%M"))
        answer(desktop)
        assert desktop.shows("Đã hẹn giờ.")
        address = desktop.chrome.current_url
        desktop.keep_screenshot("console-review")
        minute = at.replace(second=0, microsecond=0)
        put_forward((minute - utc_now()).total_seconds() - 5)
        assert published(site) is None
        assert TITLE not in in_feed(site)
        put_forward(5)
        assert published(site) == TITLE
        assert TITLE in in_feed(site)
        desktop.open(f"/announcements/{SLUG}")
        assert desktop.shows(TITLE, "h1")
        assert desktop.find("main img[alt='Ảnh mẫu']")

        desktop.be(editor)
        desktop.chrome.get(address.replace("/review", ""))
        write(desktop, "title.vi", CORRECTED)
        desktop.press("Lưu bản nháp")
        assert desktop.shows("Đã lưu bản nháp.")
        assert published(site) == TITLE
        desktop.chrome.get(address)
        ask(desktop, "Đăng ngay")
        answer(desktop)
        assert desktop.shows("Đã đăng.")
        assert published(site) == CORRECTED

        desktop.press("Lịch sử")
        desktop.press("Phiên bản 1")
        ask(desktop, "Khôi phục phiên bản này")
        answer(desktop)
        assert desktop.shows("Đã khôi phục thành bản nháp.")
        assert published(site) == CORRECTED
        ask(desktop, "Đăng ngay")
        answer(desktop)
        assert desktop.shows("Đã đăng.")
        assert published(site) == TITLE

        ask(desktop, "Gỡ xuống")
        answer(desktop)
        assert desktop.shows("Đã gỡ xuống.")
        assert published(site) is None
        assert TITLE not in in_feed(site)
