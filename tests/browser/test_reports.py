"""Filing and following a report in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from selenium.webdriver.common.keys import Keys
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend.feedback.models import Report, ReportContact, ReportPhoto
from tests.browser.conftest import Browser, Site

CODE = "#filed .code"


@pytest.fixture(autouse=True)
def on_file(site: Site) -> Iterator[Session]:
    """What is on file; no report at the beginning of a test."""
    with site.session() as session:
        session.execute(delete(Report))
        session.commit()
        yield session
        session.get_bind().engine.dispose()


@pytest.fixture
def photos(tmp_path: Path) -> list[str]:
    names = [tmp_path / name for name in ("rac.jpg", "rac-2.png")]
    for shade, name in zip(("navy", "teal"), names, strict=True):
        Image.new("RGB", (640, 480), shade).save(name)
    return [str(name) for name in names]


def describe(browser: Browser, text: str = "Rác chất đống bên đường") -> None:
    browser.find("#description").send_keys(text)


def test_a_report_with_photos_and_position_is_filed_and_followed(
    phone: Browser, on_file: Session, photos: list[str]
) -> None:
    phone.stand_at(18.8123456, 105.7234567)
    phone.open("/report")
    phone.press("Rác thải")
    describe(phone)
    phone.press("Dùng vị trí hiện tại của tôi")
    assert phone.shows("sai số khoảng 12 m", "#position-state")
    phone.find("#photos").send_keys("\n".join(photos))
    phone.find("[name='contact.name']").send_keys("Trần Văn Mẫu")
    phone.find("#consent").click()
    phone.press("Gửi phản ánh")
    code = phone.find(CODE).text
    assert phone.breaches() == []

    report = on_file.scalars(select(Report)).one()
    assert (report.code, report.source) == (code, "page")
    assert (report.lat, report.lng) == (18.812346, 105.723457)
    assert len(on_file.scalars(select(ReportPhoto)).all()) == 2
    assert on_file.scalars(select(ReportContact)).one().name == "Trần Văn Mẫu"

    phone.press("Theo dõi phản ánh này")
    assert phone.shows("Đã tiếp nhận", "#timeline")
    assert phone.shows("Rác chất đống bên đường", "#own")
    phone.find("#own .thumbs img")
    assert "#" not in phone.chrome.current_url
    assert phone.breaches() == []

    phone.open("/track")
    assert phone.shows(code, "#mine")
    phone.find("#code").send_keys(code.lower().replace("-", " "), Keys.ENTER)
    assert phone.shows("Đã tiếp nhận", "#timeline")


def test_another_device_with_the_code_sees_only_where_it_stands(phone: Browser) -> None:
    phone.open("/report?category=101")
    describe(phone, "Chuyện riêng")
    phone.find("#place_text").send_keys("Nhà số 5")
    phone.press("Gửi phản ánh")
    code = phone.find(CODE).text
    phone.forget()
    phone.open(f"/reports/{code}")
    assert phone.shows("Đã tiếp nhận", "#timeline")
    assert "Chuyện riêng" not in phone.find("main").text


def test_a_report_written_without_a_connection_is_filed_once_by_itself(
    phone: Browser, on_file: Session, photos: list[str]
) -> None:
    phone.open("/report?category=101")
    describe(phone)
    phone.find("#place_text").send_keys("Cạnh chợ")
    phone.find("#photos").send_keys(photos[0])
    phone.go_offline()
    phone.press("Gửi phản ánh")
    assert phone.shows("lưu trên máy", "#summary")
    assert phone.shows("Rác chất đống", "#waiting")
    assert on_file.scalars(select(Report)).all() == []
    phone.go_offline(False)
    code = phone.find(CODE).text
    on_file.rollback()
    assert on_file.scalars(select(Report.code)).all() == [code]
    assert len(on_file.scalars(select(ReportPhoto).join(Report)).all()) == 1
    assert phone.breaches() == []


def test_a_report_that_waits_is_sent_from_another_page_later(
    phone: Browser, on_file: Session
) -> None:
    phone.open("/report?category=101")
    describe(phone)
    phone.find("#place_text").send_keys("Cạnh chợ")
    phone.run("window.fetch = async () => { throw new TypeError('lost'); }")
    phone.press("Gửi phản ánh")
    assert phone.shows("lưu trên máy", "#summary")
    phone.open("/track")
    assert phone.shows("Đã gửi", "#waiting")
    [code] = on_file.scalars(select(Report.code)).all()
    assert phone.shows(code, "#waiting")
    phone.open("/track")
    assert phone.shows(code, "#mine")


def test_what_is_refused_later_stays_with_the_reason(phone: Browser, on_file: Session) -> None:
    phone.open("/report?category=101")
    phone.find("#place_text").send_keys("Cạnh chợ")
    phone.run(
        "const send = window.fetch;"
        "window.fetch = async () => { window.fetch = send; throw new TypeError('lost'); }"
    )
    phone.press("Gửi phản ánh")
    assert phone.shows("lưu trên máy", "#summary")
    phone.open("/track")
    assert phone.shows("Cần điền mục này", "#waiting")
    assert on_file.scalars(select(Report)).all() == []
    phone.press("Bỏ")
    phone.wait().until(lambda chrome: not chrome.find_element("id", "waiting").is_displayed())


def test_an_answer_that_is_lost_on_its_way_files_once(phone: Browser, on_file: Session) -> None:
    phone.open("/report?category=101")
    describe(phone)
    phone.find("#place_text").send_keys("Cạnh chợ")
    # The first answer is lost on its way back, after the town has filed the report.
    phone.run(
        "const send = window.fetch;"
        "window.fetch = async (...said) => {"
        "  window.fetch = send; await send(...said); throw new TypeError('lost'); }"
    )
    phone.press("Gửi phản ánh")
    assert phone.shows("mất kết nối", "#summary")
    phone.press("Gửi phản ánh")
    code = phone.find(CODE).text
    assert on_file.scalars(select(Report.code)).all() == [code]


def test_words_suggest_the_category_and_are_kept(phone: Browser) -> None:
    phone.open("/report")
    phone.find("#text").send_keys("quán karaoke mở nhạc ồn ào suốt đêm")
    assert phone.shows("Tiếng ồn", "#guesses")
    assert phone.breaches() == []
    phone.find("#guesses button").click()
    assert (
        phone.find("#description").get_attribute("value") == "quán karaoke mở nhạc ồn ào suốt đêm"
    )


def test_a_double_click_files_once(phone: Browser, on_file: Session) -> None:
    phone.open("/report?category=101")
    describe(phone)
    phone.find("#place_text").send_keys("Cạnh chợ")
    phone.run("const f = document.getElementById('report'); f.requestSubmit(); f.requestSubmit()")
    code = phone.find(CODE).text
    assert on_file.scalars(select(Report.code)).all() == [code]


def test_what_is_wrong_stands_next_to_its_field(phone: Browser, on_file: Session) -> None:
    phone.open("/report?category=401")
    phone.find("[name='contact.phone']").send_keys("12")
    phone.press("Gửi phản ánh")
    assert phone.shows("xem lại các mục", "#summary")
    assert phone.shows("Cần điền mục này", "#error-description")
    assert phone.find("#description").get_attribute("aria-invalid") == "true"
    describe(phone, "Bị thu giá quá cao")
    phone.press("Gửi phản ánh")
    assert phone.shows("Cần điền mục này", "[id='error-attributes.shop']")
    assert phone.shows("không phải số điện thoại", "[id='error-contact.phone']")
    assert phone.shows("khi bạn đồng ý", "#error-consent")
    assert phone.find("#description").get_attribute("aria-invalid") is None
    assert phone.breaches() == []
    assert on_file.scalars(select(Report)).all() == []


def test_a_report_is_filed_by_the_keyboard_alone(desktop: Browser, on_file: Session) -> None:
    desktop.open("/report?category=101")
    written = {"description": "Rác chất đống", "place_text": "Cạnh chợ Nghi Thủy"}
    while (focused := desktop.type(Keys.TAB)).get_attribute("type") != "submit":
        if text := written.pop(focused.get_attribute("id") or "", None):
            desktop.type(text)
    assert written == {}
    desktop.type(Keys.ENTER)
    code = desktop.find(CODE).text
    assert on_file.scalars(select(Report.code)).all() == [code]
    assert desktop.focused.get_attribute("id") == "filed"
