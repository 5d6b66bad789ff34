"""The service worker of the public pages shows what the town pushes to the browser."""

from __future__ import annotations

import json

from selenium.common.exceptions import WebDriverException

from tests.browser.conftest import Browser, Site

READY = """
const done = arguments[arguments.length - 1];
navigator.serviceWorker.ready.then(() => done(true));
"""
SHOWN = """
const done = arguments[arguments.length - 1];
navigator.serviceWorker.ready
  .then((worker) => worker.getNotifications())
  .then((shown) => shown.map(
    ({ title, body, tag, silent, data }) => ({ title, body, tag, silent, data })))
  .then(done);
"""


def test_a_push_is_shown_with_its_words_and_where_it_leads(phone: Browser, site: Site) -> None:
    phone.command("Browser.grantPermissions", origin=site.url, permissions=["notifications"])
    phone.open("/report")
    assert phone.chrome.execute_async_script(READY)
    message = {
        "title": "Cấm tắm (mẫu)",
        "body": "Sóng lớn.",
        "tag": "bao-so-3",
        "link": "/announcements",
        "silent": True,
        "delivery_id": "7",
    }
    phone.command("ServiceWorker.enable")
    for number in range(30):  # the browser counts its registrations
        try:
            phone.command(
                "ServiceWorker.deliverPushMessage",
                origin=site.url,
                registrationId=str(number),
                data=json.dumps(message),
            )
        except WebDriverException:
            continue

    shown = phone.wait().until(lambda chrome: chrome.execute_async_script(SHOWN))

    assert shown == [
        {
            "title": "Cấm tắm (mẫu)",
            "body": "Sóng lớn.",
            "tag": "bao-so-3",
            "silent": True,
            "data": {"link": "/announcements", "delivery_id": "7"},
        }
    ]
