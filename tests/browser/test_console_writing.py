"""Writing and publishing at the console in a real browser: texts, pins, pictures, tables."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from backend.accounts.roles import Role
from tests.browser.conftest import Browser, Person, Site


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
