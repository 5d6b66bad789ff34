"""The chatbot as it is, in a browser: a report with a photo, a crash, an officer who answers."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.keys import Keys
from sqlalchemy import select

from backend.accounts.roles import Role
from backend.chat import handover
from backend.feedback.models import Report, ReportPhoto
from backend.settings import ROOT
from content.store import utc_now
from tests.browser.conftest import FLAGS, Browser, Site
from tests.conftest import free_port
from tests.factories.files import image
from tests.fakes.chatbot import FakeChatbot, reply
from tests.waiting import until

STARTED = 120
"""Seconds that a chatbot may take to be ready on a busy machine."""


@pytest.fixture
def second(tmp_path: Path, site: Site) -> Iterator[Browser]:
    """Another person's browser."""
    options = ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for flag in (*FLAGS, f"--user-data-dir={tmp_path / 'second'}"):
        options.add_argument(flag)
    chrome = Chrome(options, Service("/usr/bin/chromedriver"))
    yield Browser(chrome, site.url).show_as(1280, 900)
    chrome.quit()


class Rasa:
    """The real chatbot and its actions, before the town under test."""

    def __init__(self, site: Site, folder: Path) -> None:
        port, actions_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{port}"
        key = Path(site.environment["DATA_DIR"], "chatbot-key").read_text().strip()
        self._environment = {
            "PATH": os.environ["PATH"],
            "BACKEND_URL": site.url,
            "PUBLIC_URL": site.url,
            "CHATBOT_KEY": key,
            "CHATBOT_PORT": str(port),
            "ACTIONS_PORT": str(actions_port),
            "SANIC_HOST": "127.0.0.1",
            "TRACKER_DATABASE_URL": f"sqlite:///{folder / 'trackers.sqlite3'}",
        }
        self._actions = self._run(
            "-m", "rasa_sdk", "--quiet", "--actions", "actions", "--port", str(actions_port)
        )
        self.start()

    def _run(self, *command: str) -> subprocess.Popen[bytes]:
        python = ROOT / "chatbot" / ".venv" / "bin" / "python"
        return subprocess.Popen(
            [python, "-W", "ignore", *command],
            cwd=ROOT / "chatbot",
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self._server = self._run("serve.py")
        until(self._answers, STARTED)

    def _answers(self) -> bool:
        assert self._server.poll() is None, "the chatbot has ended: is there a model?"
        try:
            return httpx.get(f"{self.url}/", timeout=1, trust_env=False).is_success
        except httpx.HTTPError:
            return False

    def kill(self) -> None:
        """End the server as a crash does."""
        self._server.kill()
        self._server.wait(30)

    def close(self) -> None:
        """End both."""
        for process in (self._server, self._actions):
            process.kill()
            process.wait(30)


@pytest.fixture
def rasa(site: Site, chatbot: FakeChatbot, tmp_path: Path) -> Iterator[Rasa]:
    """The real chatbot, to which the town's gateway talks during this test."""
    rasa = Rasa(site, tmp_path)
    chatbot.relay = rasa.url
    yield rasa
    chatbot.relay = None
    rasa.close()


def ask(browser: Browser, text: str) -> None:
    browser.find("#text").send_keys(text, Keys.ENTER)


def until_office_hours(site: Site, put_forward: Callable[[float], None]) -> None:
    """Turn the town's clock to ten minutes after the office has opened next."""
    now = utc_now()
    with site.session() as session:
        opening = handover.opens_at(session, now)
    if opening is not None:
        put_forward((opening - now + timedelta(minutes=10)).total_seconds())


def test_a_report_with_a_photo_is_filed_by_talking_and_a_crash_in_between_costs_nothing(
    phone: Browser, site: Site, rasa: Rasa, tmp_path: Path
) -> None:
    photo = tmp_path / "den.jpg"
    photo.write_bytes(image())
    began = datetime.now().astimezone()
    phone.open("/chat")
    ask(phone, "đèn đường trước nhà tôi hỏng mấy hôm nay rồi")
    assert phone.shows("Đèn đường", "#log")
    phone.press("Đúng")
    assert phone.shows("Sự việc ở đâu", "#log")
    rasa.kill()
    rasa.start()
    ask(phone, "trước cổng chợ Nghi Thủy")
    assert phone.shows("Bạn có ảnh", "#log")
    phone.chrome.find_element("id", "photo").send_keys(str(photo))
    assert phone.shows("đã nhận 1 ảnh", "#log")
    phone.press("Xong")
    assert phone.shows("để lại số điện thoại", "#log")
    phone.press("Không, gửi ẩn danh")
    assert phone.shows("Ảnh: 1", "#log")
    phone.press("Gửi")
    assert phone.shows("phường đã nhận phản ánh", "#log")
    with site.session() as session:
        (report,) = session.scalars(select(Report).where(Report.created_at >= began)).all()
        photos = session.scalars(select(ReportPhoto).where(ReportPhoto.report_id == report.id))
        assert len(photos.all()) == 1
        assert report.code in phone.find("#log").text


def test_an_officer_in_another_browser_answers_and_the_bot_takes_over_again(
    phone: Browser, second: Browser, site: Site, chatbot: FakeChatbot
) -> None:
    officer = site.hire("Cán bộ Mẫu", Role.OFFICER)
    second.open("/console/sign-in")
    second.be(officer)
    with site.later() as put_forward:
        until_office_hours(site, put_forward)
        chatbot.answer = reply(
            "Mình chuyển bạn tới cán bộ.", handed_over=True, handed_over_for="asked"
        )
        phone.open("/chat")
        ask(phone, "cho tôi gặp cán bộ")
        assert phone.shows("Cán bộ đọc cuộc trò chuyện này", "#log")
        ask(phone, "tôi để quên ví ở bãi tắm")
        assert phone.shows("tôi để quên ví ở bãi tắm", "#log")

        second.open("/console/chats")
        second.press("Đang chờ cán bộ")
        assert second.shows("tôi để quên ví ở bãi tắm")
        assert second.breaches() == []
        second.find("#text").send_keys("Anh ra chòi cứu hộ số 2 nhé")
        second.press("Gửi")
        assert phone.shows("Anh ra chòi cứu hộ số 2 nhé", "#log")
        assert phone.breaches() == []
        ask(phone, "vâng cảm ơn")
        assert second.shows("vâng cảm ơn")

        second.press("Kết thúc trò chuyện")
        second.find("details[open] button[type=submit]").click()
        assert phone.shows("Trợ lý tự động trả lời tiếp", "#log")
        chatbot.answer = reply("Chào bạn!")
        ask(phone, "xin chào")
        assert phone.shows("Chào bạn!", "#log")
