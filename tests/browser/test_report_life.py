"""A report's life in a real browser from both sides: its reporter's phone, the officer's desk."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from selenium.webdriver.support.expected_conditions import staleness_of
from selenium.webdriver.support.ui import Select

from backend.accounts.roles import Role
from tests.browser.conftest import Browser, Person, Site


@pytest.fixture(scope="session")
def officer(site: Site) -> Person:
    return site.hire("Lê Thị Mẫu", Role.OFFICER)


class Life:
    """One browser that is now the reporter's phone, now the officer's desk.

    The phone keeps the report's token in its storage, the desk its session in a cookie: neither
    is of use to the other.
    """

    def __init__(self, browser: Browser, officer: Person) -> None:
        self.browser, self.officer, self.code, self.case = browser, officer, "", ""

    def as_reporter(self) -> Browser:
        self.browser.command("Network.clearBrowserCookies")
        self.browser.show_as(390, 844).open(f"/reports/{self.code}")
        self.browser.find("#own")
        return self.browser

    def as_officer(self) -> Browser:
        self.browser.be(self.officer)
        self.browser.show_as(1280, 900).open(self.case or "/console/reports")
        return self.browser

    def move(self, state: str, reason: str = "") -> None:
        desk = self.as_officer()
        desk.press("Đổi trạng thái")
        Select(desk.find("#to")).select_by_value(state)
        desk.find("#reason").send_keys(reason)
        desk.press("Đổi")
        assert desk.shows("Đã đổi trạng thái", "#said")

    def say(self, field: str, words: str, button: str, photo: str = "") -> None:
        desk = self.as_officer()
        desk.press("Trả lời hoặc hỏi")
        desk.find(f"#{field}-vi").send_keys(words)
        if photo:
            desk.find("#shots").send_keys(photo)
        desk.press(button)
        desk.find("#said .said")


def test_a_report_is_filed_asked_about_answered_closed_rated_reopened_and_closed_again(
    phone: Browser, officer: Person, tmp_path: Path
) -> None:
    before, after = tmp_path / "truoc.jpg", tmp_path / "sau.jpg"
    Image.new("RGB", (640, 480), "saddlebrown").save(before)
    Image.new("RGB", (640, 480), "seagreen").save(after)
    life = Life(phone, officer)

    phone.open("/report?category=101")
    phone.find("#description").send_keys("Rác chất đống trước cổng chợ")
    phone.find("#place_text").send_keys("Cổng chợ")
    phone.find("#photos").send_keys(str(before))
    phone.press("Gửi phản ánh")
    life.code = phone.find("#filed .code").text

    desk = life.as_officer()
    desk.press(f"{life.code} Rác thải")
    assert desk.shows("Rác chất đống trước cổng chợ", "#case")
    desk.find("#case .shots img")
    desk.keep_screenshot("console-reports")
    assert desk.breaches() == []
    desk.press("Tôi nhận xử lý")
    assert desk.shows("Bạn đã nhận xử lý.", "#said")
    life.case = "/console/reports?view=mine&id=" + desk.chrome.current_url.rpartition("id=")[2]

    life.say("question", "Rác ở cổng nào ạ?", "Gửi câu hỏi")
    reporter = life.as_reporter()
    assert reporter.shows("Rác ở cổng nào ạ?", "#talk")
    reporter.find("#comment").send_keys("Cổng phía đông")
    reporter.press("Gửi")
    assert reporter.shows("Cổng phía đông", "#talk")
    assert reporter.shows("Đang xử lý", "#timeline")

    life.say("reply", "Đã dọn xong, cảm ơn bạn.", "Gửi trả lời", photo=str(after))
    life.move("resolved")

    reporter = life.as_reporter()
    assert reporter.shows("Đã dọn xong, cảm ơn bạn.", "#talk")
    reporter.find("#talk .thumbs img")
    reporter.find("#verdict")
    assert reporter.breaches() == []
    star = reporter.find("[name=rating][value='1']")
    reporter.run("arguments[0].scrollIntoView({block: 'center'})", star)
    star.click()
    reporter.find("#rating-comment").send_keys("Rác vẫn còn")
    reporter.press("Đánh giá")
    reporter.wait().until(staleness_of(star))
    reporter.find("[name=rating][value='1']:checked")
    reporter.press("Chưa xong: mở lại phản ánh")
    reporter.find("#reopen-reason").send_keys("Rác vẫn còn một nửa")
    reporter.press("Mở lại")
    assert reporter.shows("Đã mở lại", "main .message")

    desk = life.as_officer()
    assert desk.shows("Rác vẫn còn một nửa", "#case")
    assert desk.shows("1/5: Rác vẫn còn", "#case")
    life.move("in_progress")
    life.move("resolved")

    assert life.as_reporter().shows("Đã xử lý", "main .message")
