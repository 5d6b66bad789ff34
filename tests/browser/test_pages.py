"""The public pages in a real browser, on a phone and on a desk."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.browser.conftest import Browser, Site
from tests.fakes.chatbot import FakeChatbot

ADDRESSES = (
    "/",
    "/chat",
    "/report",
    "/report?category=401",
    "/reports",
    "/areas",
    "/track",
    "/track?code=nonsense",
    "/announcements",
    "/guides",
    "/places",
    "/places/dao-lan-chau",
    "/events",
    "/events?q=den",
    "/events/le-ky-yen-den-yen-luong",
    "/contacts",
    "/privacy",
    "/nowhere",
)


def test_home_shows_the_flag_that_was_just_set_by_the_api(phone: Browser, site: Site) -> None:
    site.observe("red", note="Sóng lớn")
    phone.open("/")
    assert phone.shows("Cờ đỏ: rất nguy hiểm", "#beach-lan-chau")
    assert phone.shows("Không tắm: nguy hiểm", "#beach-lan-chau")
    assert phone.shows("Sóng lớn", "#beach-lan-chau")
    picture = phone.find("#beach-lan-chau .state img")
    assert phone.run("return arguments[0].naturalWidth", picture) > 0
    site.observe("yellow")
    phone.open("/")
    assert phone.shows("Chỉ tắm khi thật cẩn thận", "#beach-lan-chau")


def test_the_switch_makes_the_pages_english_and_they_stay_so(phone: Browser) -> None:
    phone.open("/")
    assert phone.find("html").get_attribute("lang") == "vi"
    phone.press("English")
    assert phone.shows("Swimming now")
    phone.press("Ask")
    assert phone.shows("Ask about Cua Lo")
    phone.press("Tiếng Việt")
    assert phone.shows("Hỏi về Cửa Lò")


def test_everything_on_home_is_reached_by_the_keyboard_and_seen_when_it_is(
    desktop: Browser,
) -> None:
    desktop.open("/")
    reached = []
    while (element := desktop.type(Keys.TAB)).tag_name != "body":
        assert element.accessible_name, element.get_attribute("outerHTML")
        assert element.value_of_css_property("outline-style") != "none", element.accessible_name
        assert desktop.run(
            "const r = arguments[0].getBoundingClientRect();"
            "return r.width > 0 && r.left >= 0 && r.bottom > 0 && r.top < innerHeight", element
        ), element.accessible_name  # fmt: skip
        reached.append(element.accessible_name)
    assert reached[0] == "Đến thẳng nội dung"
    links = {
        link.accessible_name
        for link in desktop.chrome.find_elements(By.CSS_SELECTOR, "a[href]")
        if link.is_displayed()
    }
    assert links <= set(reached)


def test_the_skip_link_leads_past_the_menu(desktop: Browser) -> None:
    desktop.open("/")
    desktop.type(Keys.TAB)
    desktop.type(Keys.ENTER)
    focused = desktop.type(Keys.TAB)
    assert desktop.run("return document.querySelector('main').contains(arguments[0])", focused)


@pytest.mark.parametrize("address", ADDRESSES)
def test_axe_finds_no_serious_breach_and_the_page_writes_no_error(
    phone: Browser, address: str
) -> None:
    phone.open(address)
    assert phone.breaches() == []
    phone.show_as(390, 844, **{"prefers-color-scheme": "dark"})
    assert phone.breaches() == []
    phone.show_as(1280, 900)
    assert phone.breaches() == []
    written = [entry["message"] for entry in phone.chrome.get_log("browser")]
    missing = address in ("/nowhere", "/track?code=nonsense")
    assert [line for line in written if not (missing and "404" in line)] == []


@pytest.mark.parametrize("address", ADDRESSES)
def test_pages_fit_the_screen_and_are_large_enough_to_touch(phone: Browser, address: str) -> None:
    phone.open(address)
    for width in (320, 390, 768, 1280):
        phone.show_as(width, 844)
        assert phone.run("return document.documentElement.scrollWidth") <= width, width
    small = phone.run(
        "return [...document.querySelectorAll('button, input:not([type=hidden]), select, .menu a')]"
        ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 24)"
        ".map(e => e.outerHTML)"
    )
    assert small == []


def test_pages_say_the_same_without_javascript(phone: Browser, site: Site) -> None:
    site.observe("purple")
    phone.command("Emulation.setScriptExecutionDisabled", value=True)
    try:
        phone.open("/")
        home = phone.command("DOM.getDocument", depth=-1)["root"]["nodeId"]
        text = phone.command("DOM.getOuterHTML", nodeId=home)["outerHTML"]
        assert "Cờ tím" in text
    finally:
        phone.command("Emulation.setScriptExecutionDisabled", value=False)


def test_screenshots_of_home_and_chat(phone: Browser, site: Site, chatbot: FakeChatbot) -> None:
    site.observe("yellow", lifeguards_on_duty=True, note="Sóng vừa, gió nhẹ.")
    phone.open("/")
    assert phone.shows("Cờ vàng", "#beach-lan-chau")
    phone.keep_screenshot("home")
    chatbot.answer["replies"] = [
        {
            "text": "Bãi Lan Châu đang treo cờ vàng: nguy hiểm vừa.\nChỉ tắm khi thật cẩn thận.",
            "buttons": [{"title": "Ý nghĩa các màu cờ", "payload": "/ask_flag_meaning"}],
            "image": None,
            "links": [],
        }
    ]
    phone.open("/chat")
    phone.press("Hôm nay tắm biển được không?")
    assert phone.shows("Chỉ tắm khi thật cẩn thận.", "#log")
    phone.keep_screenshot("chat")
    phone.show_as(1280, 800)
    phone.open("/")
    phone.keep_screenshot("home-wide")
