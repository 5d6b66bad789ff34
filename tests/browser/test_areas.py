"""Following an area in a real browser, without an account."""

from __future__ import annotations

from tests.browser.conftest import Browser


def test_an_area_is_followed_left_and_followed_again(phone: Browser) -> None:
    phone.stand_at(18.8, 105.72)
    phone.open("/areas?quarter=nghi-huong")
    phone.press("Theo dõi khu vực này")
    assert phone.shows("Bạn đang theo dõi Nghi Hương", "#said")
    phone.press("Dùng vị trí của tôi")
    assert phone.shows("18.8000, 105.7200", "#point")
    phone.press("Theo dõi quanh đây")
    assert phone.shows("500 m quanh 18.8000, 105.7200", "#followed")
    assert phone.breaches() == []

    phone.open("/areas")
    phone.press("Bỏ theo dõi Nghi Hương")
    assert phone.shows("Đã bỏ theo dõi: Nghi Hương", "#said")
    assert len(phone.chrome.find_elements("css selector", "#followed li")) == 1
    phone.press("Theo dõi lại")
    assert phone.shows("Nghi Hương", "#followed")
