"""Painting over a face on the officers' desk, with a finger, a mouse and the keyboard."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image
from selenium.webdriver import ActionChains
from selenium.webdriver.common.keys import Keys

from backend.accounts.roles import Role
from tests.browser.conftest import Browser, Person, Site


@pytest.fixture(scope="session")
def officer(site: Site) -> Person:
    return site.hire("Phạm Văn Mẫu", Role.OFFICER)


def boxes(browser: Browser) -> list[dict[str, int]]:
    fields = browser.chrome.find_elements("css selector", "#drawn input")
    return [json.loads(field.get_attribute("value") or "") for field in fields]


def test_boxes_are_drawn_by_touch_and_mouse_moved_by_keys_and_painted_over(
    phone: Browser, officer: Person, tmp_path: Path
) -> None:
    photo = tmp_path / "anh.jpg"
    Image.new("RGB", (800, 600), "tomato").save(photo)
    phone.command("Emulation.setTouchEmulationEnabled", enabled=True)
    phone.open("/report?category=101")
    phone.find("#description").send_keys("Xe đỗ chắn lối đi")
    phone.find("#place_text").send_keys("Cổng chợ")
    phone.find("#camera").send_keys(str(photo))
    phone.find("#thumbs img")
    phone.press("Gửi phản ánh")
    code = phone.find("#filed .code").text

    phone.be(officer)
    phone.open(f"/console/reports?q={code}")
    phone.press(f"{code} Rác thải")
    phone.press("Che khuôn mặt – Ảnh 1")
    canvas = phone.find("#canvas img")
    phone.run("arguments[0].scrollIntoView({block: 'center'})", canvas)
    frame = phone.run(
        "const r = arguments[0].getBoundingClientRect(); return [r.x, r.y, r.width, r.height]",
        canvas,
    )
    start = {"x": frame[0] + frame[2] / 4, "y": frame[1] + frame[3] / 4}
    end = {"x": frame[0] + frame[2] / 2, "y": frame[1] + frame[3] / 2}
    for kind, points in (("touchStart", [start]), ("touchMove", [end]), ("touchEnd", [])):
        phone.command("Input.dispatchTouchEvent", type=kind, touchPoints=points)
    [drawn] = boxes(phone)
    assert all(abs(drawn[side] - value) <= 4 for side, value in
               {"x": 200, "y": 150, "width": 200, "height": 150}.items()), drawn  # fmt: skip
    assert phone.breaches() == []

    phone.command("Emulation.setTouchEmulationEnabled", enabled=False)
    desk = phone.show_as(1280, 900)
    desk.press("Thêm một khung")
    assert boxes(desk)[1] == {"x": 340, "y": 240, "width": 120, "height": 120}
    desk.type(Keys.ARROW_RIGHT)
    ActionChains(desk.chrome).key_down(Keys.SHIFT).send_keys(Keys.ARROW_DOWN).key_up(
        Keys.SHIFT
    ).perform()
    assert boxes(desk)[1] == {"x": 356, "y": 240, "width": 120, "height": 136}
    desk.type(Keys.DELETE)
    assert len(boxes(desk)) == 1
    desk.press("Hoàn tác bước vừa rồi")
    assert len(boxes(desk)) == 2
    desk.press("Che và lưu")
    assert desk.shows("Đã che", "#said")
    assert desk.shows("đã che", ".shots")
