"""The console in a real browser: a lifeguard's day on a phone, an administrator's at a desk."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pyotp
import pytest
from PIL import Image
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
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


@pytest.fixture(scope="session")
def admin(site: Site) -> Person:
    return site.hire("Quản trị Mẫu", Role.ADMIN)


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


def push(desktop: Browser, selector: str) -> None:
    """Click what stands there, in the middle of the window, clear of the bar at its foot."""
    element = desktop.find(selector)
    desktop.run("arguments[0].scrollIntoView({block: 'center'})", element)
    element.click()


def sign(desktop: Browser, name: str, text: str) -> None:
    """Type *text* into the field of that name."""
    field = desktop.find(f"[name='{name}']")
    desktop.run("arguments[0].scrollIntoView({block: 'center'})", field)
    field.click()
    field.send_keys(text)


def in_preview(desktop: Browser, words: str) -> bool:
    """Whether the preview comes to show *words*."""

    def shown(chrome: Chrome) -> bool:
        chrome.switch_to.frame(chrome.find_element(By.ID, "preview"))
        try:
            return words in chrome.find_element(By.TAG_NAME, "body").text
        finally:
            chrome.switch_to.default_content()

    return bool(desktop.wait().until(shown, f"{words!r} is not in the preview"))


def test_an_editor_writes_side_by_side_with_the_preview_and_a_second_person_publishes(
    desktop: Browser, site: Site
) -> None:
    editor, leader = site.hire("Biên tập Mẫu", Role.EDITOR), site.hire("Lãnh đạo Mẫu", Role.LEADER)
    desktop.be(editor)
    desktop.open("/console/articles?group=news")
    desktop.press("Viết bài mới")
    sign(desktop, "title.vi", "Lễ hội mẫu")
    sign(desktop, "title.en", "Sample festival")
    sign(desktop, "summary.vi", "Chương trình mẫu cuối tuần này.")
    sign(desktop, "body.vi", "Mở cửa lúc 8 giờ.\nMời bà con cùng dự.")
    assert in_preview(desktop, "Mở cửa lúc 8 giờ.")
    sign(desktop, "body.en", "Opens at eight.")
    push(desktop, "[lang=vi] .tools [data-before='## ']")
    assert in_preview(desktop, "Mời bà con cùng dự.")
    desktop.run("document.querySelector('[name=preview_language][value=en]').click()")
    assert in_preview(desktop, "Sample festival")
    desktop.run("document.querySelector('[name=preview_language][value=vi]').click()")
    assert in_preview(desktop, "Lễ hội mẫu")
    desktop.run("scrollTo(0, 0)")
    desktop.keep_screenshot("console-editor")
    ActionChains(desktop.chrome).key_down(Keys.CONTROL).send_keys("s").key_up(
        Keys.CONTROL
    ).perform()
    assert desktop.shows("Đã lưu bản nháp.")
    desktop.press("Lưu và gửi duyệt")
    assert desktop.shows("Đã gửi duyệt.")

    desktop.be(leader)
    desktop.open("/console")
    desktop.press("Lễ hội mẫu")
    assert in_preview(desktop, "Mở cửa lúc 8 giờ.")
    desktop.press("Duyệt")
    assert desktop.shows("Đã duyệt.")
    desktop.find("details.ask summary").click()
    desktop.run("scrollTo(0, 0)")
    desktop.keep_screenshot("console-review")
    desktop.find("details.ask[open] button").click()
    assert desktop.shows("Đã đăng.")
    assert desktop.breaches() == []
    desktop.open("/announcements")
    assert desktop.shows("Lễ hội mẫu")


def test_what_is_written_survives_a_lost_connection_and_a_lost_session(
    desktop: Browser, admin: Person
) -> None:
    desktop.be(admin)
    desktop.open("/console/articles/new?group=news")
    sign(desktop, "title.vi", "Bài chưa mất")
    desktop.go_offline()
    desktop.press("Lưu bản nháp")
    assert desktop.shows("Không có trả lời")
    desktop.go_offline(False)
    desktop.command("Network.clearBrowserCookies")
    desktop.press("Lưu bản nháp")
    assert desktop.shows("đăng nhập", ".said.error")
    assert desktop.find("[name='title.vi']").get_attribute("value") == "Bài chưa mất"
    desktop.be(admin)
    desktop.press("Lưu bản nháp")
    assert desktop.shows("Đã lưu bản nháp.")


def test_a_list_is_searched_while_one_types(desktop: Browser, admin: Person) -> None:
    desktop.be(admin)
    desktop.open("/console/articles?group=answers")
    sign(desktop, "q", "khong co bai nay")
    assert desktop.shows("Không có gì phù hợp.", "#found")
    assert "q=khong" in desktop.chrome.current_url
    desktop.press("Hiện tất cả")
    assert desktop.find("#found .rows, #found .empty")


def test_a_pin_is_dropped_on_the_map_and_the_position_is_taken(
    desktop: Browser, admin: Person
) -> None:
    desktop.be(admin)
    desktop.open("/console/places/new")
    sign(desktop, "name.vi", "Chòi cứu hộ mẫu")
    desktop.find("#category option[value=toilet], #category option:last-of-type").click()
    place = desktop.find("#map")
    desktop.run("document.querySelector('#map').scrollIntoView({block: 'center'})")
    ActionChains(desktop.chrome).move_to_element(place).click().perform()
    assert desktop.find("#map .pin")
    assert float(desktop.find("#lat").get_attribute("value")) == pytest.approx(18.8, abs=0.2)
    desktop.keep_screenshot("console-place")
    desktop.stand_at(18.82222, 105.72222)
    desktop.press("Dùng vị trí của tôi")
    assert desktop.shows("± 12 m", "#stand-said")
    assert desktop.find("#lng").get_attribute("value") == "105.72222"
    desktop.press("Lưu bản nháp")
    assert desktop.shows("Đã lưu bản nháp.")
    assert desktop.find("#map .pin")
    assert desktop.breaches() == []


def test_a_picture_is_uploaded_and_chosen_for_a_text(
    desktop: Browser, admin: Person, tmp_path: Path
) -> None:
    picture = tmp_path / "bien.jpg"
    Image.effect_noise((1600, 1200), 40).convert("RGB").save(picture)
    desktop.be(admin)
    desktop.open("/console/media/new")
    desktop.find("#file").send_keys(str(picture))
    sign(desktop, "alt.vi", "Sóng biển mẫu")
    sign(desktop, "licence", "CC0-1.0")
    sign(desktop, "credit", "Ảnh mẫu")
    desktop.press("Tải lên")
    assert desktop.shows("Đã có trong thư viện.")
    desktop.open("/console/media")
    assert desktop.shows("Sóng biển mẫu", "#found")
    desktop.keep_screenshot("console-media")

    desktop.open("/console/articles/new?group=news")
    sign(desktop, "title.vi", "Bài có ảnh")
    push(desktop, "#image [data-pick]")
    desktop.find("#picker [data-picked]").click()
    assert desktop.shows("Sóng biển mẫu", "#image")
    push(desktop, "[lang=vi] .tools [data-pick]")
    desktop.find("#picker [data-picked]").click()
    body = desktop.find("textarea[name='body.vi']").get_attribute("value")
    assert body.startswith("![Sóng biển mẫu](media:")
    assert in_preview(desktop, "Ảnh mẫu")
    desktop.press("Lưu bản nháp")
    assert desktop.shows("Sóng biển mẫu", "#image")


def test_a_month_of_the_calendar(desktop: Browser, admin: Person) -> None:
    desktop.be(admin)
    desktop.open("/console/calendar")
    assert desktop.find(".month")
    desktop.keep_screenshot("console-calendar")
    desktop.open("/console")
    desktop.keep_screenshot("console-today")


def test_a_tide_table_is_checked_where_it_was_chosen_and_then_taken_in(
    desktop: Browser, admin: Person, tmp_path: Path
) -> None:
    table = tmp_path / "trieu.csv"
    line = "Mẫu,2027-01-01T05:12:00+07:00,2.4,high"
    table.write_text(f"station,time,height_m,kind\n{line.replace('2.4', '2,4')}\n")
    desktop.be(admin)
    desktop.open("/console/tides")
    desktop.find("#file").send_keys(str(table))
    desktop.press("Kiểm tra tệp")
    assert desktop.shows("4 cột", "#checked")
    assert desktop.breaches() == []
    table.write_text(f"station,time,height_m,kind\n{line}\n")
    desktop.find("#file").send_keys(str(table))
    desktop.press("Kiểm tra tệp")
    assert desktop.shows("Mọi dòng đều đúng.", "#checked")
    desktop.press("Nạp bảng")
    assert desktop.shows("Đã lưu 1 lần nước lớn, nước ròng của trạm Mẫu.")
    desktop.find("main > section:nth-of-type(2) .ask summary").click()
    desktop.press("Xóa bảng")
    assert desktop.shows("Đã xóa toàn bộ bảng triều")


def test_a_warning_is_looked_at_before_it_is_sent_and_ended(phone: Browser, admin: Person) -> None:
    phone.be(admin)
    phone.open("/console/alerts/new")
    sign(phone, "headline.vi", "Diễn tập: sóng lớn")
    phone.press("Xem trước khi phát")
    assert phone.shows("Chưa phát gì cả.")
    assert phone.breaches() == []
    phone.keep_screenshot("console-warning")
    phone.press("Phát ngay")
    assert phone.shows("Diễn tập: sóng lớn", ".alerts")
    phone.press("Kết thúc cảnh báo Diễn tập: sóng lớn")
    phone.press("Xem trước khi phát")
    phone.press("Kết thúc cảnh báo ngay")
    assert phone.shows("Đã hết hiệu lực: Diễn tập: sóng lớn", ".rows")
