"""A message to phones at the console: written with its count, looked at, confirmed, watched."""

from __future__ import annotations

import pytest
from sqlalchemy import delete

from backend.accounts.roles import Role
from notifications.devices import Device
from tests.browser.conftest import Browser, Person, Site
from tests.factories.notifications import DeviceFactory


@pytest.fixture(scope="module")
def editor(site: Site) -> Person:
    with site.session() as session:
        session.execute(delete(Device))  # those of other tests
        phones: list[Device] = DeviceFactory.build_batch(12)
        session.add_all([*phones, DeviceFactory(platform="ios")])
        session.commit()
        session.get_bind().engine.dispose()
    return site.hire("Biên tập Mẫu", Role.EDITOR)


def fill(browser: Browser, name: str, text: str) -> None:
    field = browser.find(f"[name='{name}']")
    browser.run("arguments[0].scrollIntoView({block: 'center'})", field)
    field.send_keys(text)


@pytest.mark.parametrize("width", [390, 1280])
def test_a_message_is_written_looked_at_and_confirmed(
    phone: Browser, editor: Person, width: int
) -> None:
    phone.be(editor)
    phone.show_as(width, 900)
    phone.open("/console/campaigns/new")
    assert phone.shows("13 điện thoại", ".reach")
    fill(phone, "title.vi", "Lịch cắt nước (mẫu)")
    fill(phone, "title.en", "Water cut (sample)")
    fill(phone, "body.vi", "Từ 8 giờ sáng mai, mời bà con trữ nước.")
    phone.run("document.querySelector('input[value=ios]').click()")
    assert phone.shows("1 điện thoại", ".reach")
    phone.press("Xem trước khi phát")
    assert phone.shows("Chưa phát gì cả.")
    assert phone.breaches() == []
    phone.press("Xác nhận: tin được gửi ngay")
    assert phone.shows("Đã xác nhận.")
    assert phone.find("#live[hx-trigger]")
    assert phone.breaches() == []
    assert phone.run("return document.documentElement.scrollWidth") <= width
    phone.open("/console/campaigns")
    assert phone.shows("Lịch cắt nước (mẫu)")
