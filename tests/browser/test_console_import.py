"""Bringing files in, in a real browser: what is wrong by row, then one button that writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.accounts.roles import Role
from tests.browser.conftest import Browser, Person, Site

HEAD = "slug,name_vi,category,lat,lng\n"


@pytest.fixture(scope="session")
def keeper(site: Site) -> Person:
    return site.hire("Biên tập Mẫu", Role.EDITOR)


def test_a_file_is_corrected_tried_and_written_without_leaving_the_page(
    desktop: Browser, keeper: Person, tmp_path: Path
) -> None:
    broken, mended = tmp_path / "loi.csv", tmp_path / "dung.csv"
    broken.write_text(HEAD + "cho-nhap-mau,Chợ nhập Mẫu,market,18.8,\n", encoding="utf-8")
    mended.write_text(HEAD + "cho-nhap-mau,Chợ nhập Mẫu,market,18.8,105.7\n", encoding="utf-8")
    desktop.be(keeper)
    desktop.open("/console")
    desktop.press("Nhập và xuất dữ liệu")

    desktop.find("#file").send_keys(str(broken))
    desktop.press("Kiểm tra tệp")
    assert desktop.shows("1 lỗi: chưa ghi gì", "#outcome h2")
    assert desktop.shows("lng", ".problems tbody")
    assert_readable(desktop)
    desktop.keep_screenshot("console-import-problems")

    desktop.find("#file").send_keys(str(mended))
    desktop.press("Kiểm tra tệp")
    assert desktop.shows("Chợ nhập Mẫu", "#outcome .rows")
    assert_readable(desktop)
    desktop.press("Ghi toàn bộ")
    assert desktop.shows("Đã ghi toàn bộ", "#outcome h2")
    assert_readable(desktop)
    desktop.press("Đến danh sách")
    assert desktop.shows("Chợ nhập Mẫu")


def test_a_price_list_is_brought_in_from_a_phone(
    phone: Browser, keeper: Person, tmp_path: Path
) -> None:
    file = tmp_path / "gia.csv"
    head = "item_vi,price_vnd,valid_from,source\n"
    file.write_text(head + "Mực nhập Mẫu,300.000,30/4/2026,Bảng giá Mẫu\n", encoding="utf-8")
    phone.be(keeper)
    phone.open("/console/import")
    phone.press("Giá niêm yết")
    assert phone.shows("Xuất toàn bộ")
    phone.find("#file").send_keys(str(file))
    phone.press("Kiểm tra tệp")
    assert phone.shows("Mực nhập Mẫu", "#outcome .rows")
    phone.press("Ghi toàn bộ")
    assert phone.shows("Đã ghi toàn bộ", "#outcome h2")
    assert phone.breaches() == []
    phone.press("Đến danh sách")
    assert phone.shows("Mực nhập Mẫu")


def assert_readable(browser: Browser) -> None:
    """On a phone as at a desk, in the light as in the dark."""
    for width, scheme in ((390, "light"), (390, "dark"), (1280, "dark"), (1280, "light")):
        browser.show_as(width, 900, **{"prefers-color-scheme": scheme})
        assert browser.breaches() == []
        assert browser.run("return document.documentElement.scrollWidth") <= width
