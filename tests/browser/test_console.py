"""The console in a real browser: a lifeguard's day on a phone, an administrator's at a desk."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest
from selenium.webdriver.common.keys import Keys

from backend.accounts.roles import Role
from content.store import utc_now
from tests.browser.conftest import Browser, Person, Site

PAGES = (
    "/console",
    "/console/beaches",
    "/console/beaches/lan-chau/flag",
    "/console/beaches/lan-chau/flag/red",
    "/console/beaches/lan-chau/ban",
    "/console/beaches/all/lift",
    "/console/alerts",
    "/console/alerts/new",
    "/console/hours",
    "/console/hours/new?beach=lan-chau",
    "/console/water",
    "/console/water/new",
    "/console/tides",
    "/console/holidays/2026",
    "/console/staff",
    "/console/staff/new",
    "/console/articles?group=news",
    "/console/articles/new?group=news",
    "/console/articles/new?group=answers&kind=procedure",
    "/console/campaigns",
    "/console/campaigns/new",
    "/console/places",
    "/console/places/new",
    "/console/prices",
    "/console/prices/new",
    "/console/prices/corrections",
    "/console/events",
    "/console/events/new",
    "/console/contacts/new",
    "/console/calendar",
    "/console/media",
    "/console/media/new",
    "/console/import",
    "/console/import?kind=prices",
    "/console/import?kind=events",
    "/console/statistics",
    "/console/statistics?by=category&from=2026-01-15&to=2026-06-10",
    "/console/chats",
    "/console/questions",
    "/console/audit",
    "/console/notices",
    "/console/reports",
    "/console/reports/new",
    "/console/reports/new?category=401",
    "/console/promises",
    "/console/promises?category=101",
    "/console/blocks",
    "/console/retention?check=yes",
    "/console/open311",
    "/console/open311/forwardings/new",
    "/console/webhooks",
    "/console/routing",
    "/console/offices",
    "/console/reply-templates",
    "/console/password",
    "/console/nowhere",
)
"""Every kind of page that an administrator sees."""


@pytest.fixture(scope="session")
def lifeguard(site: Site) -> Person:
    return site.hire("Cứu hộ Mẫu", Role.LIFEGUARD)


def tap(phone: Browser, selector: str) -> None:
    """Tap what stands there with a thumb; it has to be in sight and large enough for one."""
    element = phone.find(selector)
    box = phone.run(
        "arguments[0].scrollIntoView({block: 'nearest'});"
        "const r = arguments[0].getBoundingClientRect();"
        "return [r.x + r.width / 2, r.y + r.height / 2, r.width, r.height]",
        element,
    )
    assert min(box[2:]) >= 44, f"{selector} is too small for a thumb: {box}"
    touch = {"x": box[0], "y": box[1]}
    phone.command("Input.dispatchTouchEvent", type="touchStart", touchPoints=[touch])
    phone.command("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])


def test_a_lifeguard_signs_in_and_posts_a_flag_with_three_taps(phone: Browser, site: Site) -> None:
    person = site.hire("Nguyễn Văn Mẫu", Role.LIFEGUARD)
    phone.open("/console")
    phone.find("#email").send_keys(person.email)
    phone.find("#password").send_keys(person.password, Keys.ENTER)
    # The code of this half minute was used up on the first day; the next one is good already.
    code = pyotp.TOTP(person.secret).at(utc_now() + timedelta(seconds=30))
    phone.find("#code").send_keys(code, Keys.ENTER)
    assert phone.shows("Chào Nguyễn Văn Mẫu")

    tap(phone, "#beach-lan-chau a.press")
    tap(phone, "a[href$='/flag/red']")
    assert phone.shows("Cờ đỏ", "h1")
    tap(phone, "button[name=on_duty][value=yes]")

    assert phone.shows("Đã đăng", ".posted")
    phone.open("/")
    assert phone.shows("Cờ đỏ: rất nguy hiểm", "#beach-lan-chau")


def test_a_lifeguards_day(phone: Browser, lifeguard: Person, site: Site) -> None:
    site.observe(None)
    phone.be(lifeguard)
    phone.open("/console/beaches")
    phone.keep_screenshot("console-beaches")
    tap(phone, "#beach-lan-chau a.press")
    assert phone.find("a[href$='/flag/red_over_yellow']")
    phone.keep_screenshot("console-flag")
    tap(phone, "a[href$='/flag/red_over_yellow']")
    phone.find("button[value=yes]")
    phone.keep_screenshot("console-confirm")
    tap(phone, "button[value=yes]")
    assert phone.shows("Đã đăng", ".posted")

    tap(phone, "#beach-lan-chau a.press")
    tap(phone, "a[href$='/flag/purple']")
    tap(phone, "button[value=no]")
    assert phone.shows("Cờ tím", ".posted")
    tap(phone, "#beach-lan-chau form button")
    assert phone.shows("Đã hoàn tác.")
    assert phone.shows("Cờ đỏ trên vàng", "#beach-lan-chau")

    phone.press("Cấm tắm Bãi tắm Lan Châu")
    phone.press("Cấm tắm ngay")
    assert phone.shows("Cấm tắm ở bãi này", "#beach-lan-chau")
    phone.open("/")
    assert phone.shows("Không xuống nước", "#beach-lan-chau")
    phone.open("/console/beaches")
    phone.press("Bỏ lệnh cấm Bãi tắm Lan Châu")
    phone.press("Đúng, bỏ lệnh cấm")
    assert phone.shows("Đã bỏ lệnh cấm.")


def test_a_flag_posted_without_a_network_says_so_and_goes_out_at_the_next_try(
    phone: Browser, lifeguard: Person
) -> None:
    phone.be(lifeguard)
    phone.open("/console/beaches/lan-chau/flag/yellow")
    phone.go_offline()
    tap(phone, "button[value=yes]")
    assert phone.shows("Không có trả lời")
    phone.go_offline(False)
    tap(phone, "button[value=yes]")
    assert phone.shows("Cờ vàng", ".posted")


def test_all_of_it_goes_by_the_keyboard_alone(desktop: Browser, lifeguard: Person) -> None:
    desktop.be(lifeguard)
    desktop.open("/console/beaches")
    desktop.type(Keys.TAB)
    desktop.type(Keys.ENTER)  # past the menu
    for _ in range(30):
        if "/lan-chau/flag" in (desktop.type(Keys.TAB).get_attribute("href") or ""):
            break
    desktop.type(Keys.ENTER)
    assert desktop.shows("đang treo cờ nào?", "h1")
    while not (desktop.type(Keys.TAB).get_attribute("href") or "").endswith("/flag/yellow"):
        assert desktop.focused.value_of_css_property("outline-style") != "none"
    desktop.type(Keys.ENTER)
    assert desktop.shows("Cờ vàng", "h1")
    while desktop.type(Keys.TAB).get_attribute("value") != "no":
        pass
    desktop.type(Keys.ENTER)
    assert desktop.shows("Đã đăng", ".posted")


def test_the_menu_of_a_phone_opens_and_closes_by_keyboard_and_leads_on(
    phone: Browser, admin: Person
) -> None:
    phone.be(admin)
    phone.open("/console")
    assert not phone.run("return document.querySelector('#menu').checkVisibility()")
    phone.press("Mục lục")
    assert phone.find("#menu nav a")
    phone.type(Keys.ESCAPE)
    assert not phone.run("return document.querySelector('#menu').checkVisibility()")
    phone.press("Mục lục")
    phone.press("Cán bộ và vai trò")
    assert phone.shows("Quản trị Mẫu")


def test_an_administrator_invites_somebody_and_takes_the_account_back(
    desktop: Browser, admin: Person
) -> None:
    desktop.be(admin)
    desktop.open("/console/staff/new")
    desktop.find("#name").send_keys("Trần Thị Mẫu")
    desktop.find("#email").send_keys("mau@example.org")
    desktop.press("Tạo tài khoản và mật khẩu đầu tiên")
    assert desktop.shows("Chọn ít nhất một vai trò.")
    assert desktop.focused.get_attribute("role") == "alert"
    desktop.find("input[value=officer]").click()
    desktop.press("Tạo tài khoản và mật khẩu đầu tiên")
    assert desktop.shows("Mật khẩu của Trần Thị Mẫu", "h1")
    desktop.press("Tôi đã chép lại")
    desktop.find(".ask:last-of-type summary").click()
    desktop.keep_screenshot("console-staff")
    desktop.press("Khóa")
    assert desktop.shows("Đã khóa tài khoản")


@pytest.mark.parametrize("address", PAGES)
def test_axe_finds_no_serious_breach_and_the_page_writes_no_error(
    phone: Browser, admin: Person, address: str
) -> None:
    phone.be(admin)
    phone.open(address)
    assert phone.breaches() == []
    dark = {"prefers-color-scheme": "dark", "prefers-reduced-motion": "reduce"}
    phone.show_as(390, 844, **dark)
    assert phone.breaches() == []
    phone.show_as(1280, 900)
    assert phone.breaches() == []
    written = [entry["message"] for entry in phone.chrome.get_log("browser")]
    assert [line for line in written if not (address.endswith("nowhere") and "404" in line)] == []


@pytest.mark.parametrize("address", PAGES)
def test_pages_fit_the_screen(phone: Browser, admin: Person, address: str) -> None:
    phone.be(admin)
    phone.open(address)
    for width in (320, 390, 768, 1280):
        phone.show_as(width, 844)
        assert phone.run("return document.documentElement.scrollWidth") <= width, width
