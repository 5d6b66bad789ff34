"""A real server process, a real Chromium, and a chatbot that says what it is told."""

from __future__ import annotations

import base64
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

import httpx
import pyotp
import pytest
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import ActionChains, Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait
from sqlalchemy.orm import Session

from backend.accounts import staff
from backend.accounts.roles import Role
from backend.database import engine_for
from backend.settings import ROOT
from content import seeding
from content.store import utc_now
from tests.browser import town
from tests.conftest import EMPTY, free_port
from tests.fakes.chatbot import FakeChatbot

PATIENCE = 10
BEACH = "lan-chau"
SCREENSHOTS = ROOT / "docs" / "screenshots"
AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--accept-lang=vi",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


def _write(file: Path, text: str) -> None:
    """Put *text* in the place of what *file* says, so that no reader sees half of it."""
    draft = file.with_suffix(".new")
    draft.write_text(text)
    draft.replace(file)


@dataclass(frozen=True)
class Person:
    """Somebody on the staff: what it takes to sign in, and the cookie of a session."""

    email: str
    password: str
    secret: str
    cookie: str


@dataclass(frozen=True)
class Site:
    """A served town: its address, its database, and a lifeguard's headers for the API."""

    url: str
    database: Path
    lifeguard: dict[str, str]
    environment: dict[str, str] = field(default_factory=dict)

    def hire(self, name: str, *roles: Role) -> Person:
        """A new member of staff, who has set up the authenticator app and is signed in."""
        email, password = f"{os.urandom(4).hex()}@example.org", "biển xanh cát trắng"
        words = [option for role in roles for option in ("--role", role)]
        subprocess.run(
            [sys.executable, "-m", "flask", "--app", "backend", "staff", "add", email, *words,
             "--name", name, "--password-stdin"],
            input=f"{password}\n", text=True, cwd=ROOT, env=self.environment, check=True,
            capture_output=True,
        )  # fmt: skip
        with httpx.Client(base_url=f"{self.url}/console", follow_redirects=True) as browser:
            browser.headers["Accept"] = "text/html"

            def send(path: str, **fields: str) -> str:
                form = re.search('name="csrf-token" content="([^"]+)"', browser.get(path).text)
                assert form
                token = {"csrf_token": form[1]}
                return browser.post(path, data=token | fields).raise_for_status().text

            send("/sign-in", email=email, password=password)
            page = send("/authenticator", setup="authenticator")
            shown = re.search('id="secret">([^<]+)<', page)
            assert shown
            secret = shown[1].replace("-", "")
            send("/code", code=pyotp.TOTP(secret).now())
            return Person(email, password, secret, browser.cookies["session"])

    def observe(self, flag: str | None, **more: Any) -> None:
        """Say by the API which flag flies at BEACH."""
        seen = {"flag": flag, "observed_at": utc_now().isoformat(), **more}
        address = f"{self.url}/api/v1/staff/beaches/{BEACH}/observations"
        httpx.post(address, json=seen, headers=self.lifeguard).raise_for_status()

    @contextmanager
    def later(self) -> Iterator[Callable[[float], None]]:
        """Put the town's clock forward by seconds, until the block ends."""
        file = Path(self.environment[town.AHEAD])
        try:
            yield lambda seconds: _write(file, str(float(file.read_text()) + seconds))
        finally:
            _write(file, "0")

    def session(self) -> Session:
        """A session on the town's database, to look what is on file."""
        return Session(engine_for(f"sqlite:///{self.database}"))


@pytest.fixture(scope="session")
def chatbot_process() -> Iterator[FakeChatbot]:
    with FakeChatbot() as chatbot:
        yield chatbot


@pytest.fixture
def chatbot(chatbot_process: FakeChatbot) -> FakeChatbot:
    """The chatbot, which has heard nothing yet."""
    chatbot_process.heard.clear()
    chatbot_process.status = 200
    return chatbot_process


@pytest.fixture(scope="session")
def site(
    tmp_path_factory: pytest.TempPathFactory, sqlite_templates: Path, chatbot_process: FakeChatbot
) -> Iterator[Site]:
    """The application in a process of its own, with the seeded facts and samples."""
    folder = tmp_path_factory.mktemp("site")
    database = folder / "town.db"
    shutil.copy(sqlite_templates / EMPTY, database)
    site = Site(f"http://127.0.0.1:{free_port()}", database, {})
    with site.session() as session:
        seeding.seed(session, utc_now())
        seeding.seed_samples(session, utc_now())
        account = staff.hire(
            session,
            email="cuu-ho@example.org",
            name="Cứu hộ Mẫu",
            roles=[Role.LIFEGUARD],
            password_hash=None,
            now=utc_now(),
        )
        token = staff.issue_token(session, account, name="browser tests", now=utc_now())
        session.commit()
        session.get_bind().engine.dispose()
    (folder / "ahead").write_text("0")
    environment = {
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{database}",
        "CHATBOT_URL": chatbot_process.url,
        "RATELIMIT_ENABLED": "false",
        "LOG_LEVEL": "WARNING",
        town.AHEAD: str(folder / "ahead"),
        "PATH": os.environ["PATH"],
    }
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--factory"),
        *("--port", site.url.rsplit(":", 1)[1], "--blocking-threads", "8"),
        "tests.browser.town:make",
    ]
    server = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        with httpx.Client(transport=httpx.HTTPTransport(retries=8)) as http:
            http.get(f"{site.url}/healthz", timeout=30).raise_for_status()
        headers = {"Authorization": f"Bearer {token}"}
        yield replace(site, lifeguard=headers, environment=environment)
    finally:
        server.terminate()
        server.wait(PATIENCE)


class Browser:
    """Chromium as a person uses it, in the words of the tests."""

    def __init__(self, chrome: Chrome, url: str) -> None:
        self.chrome, self.url = chrome, url

    def show_as(self, width: int, height: int, **media: str) -> Self:
        """A window of that size in CSS pixels, with the media features in *media*."""
        self.command(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=2 if width < 600 else 1,
            mobile=width < 600,
        )
        features = [{"name": name, "value": value} for name, value in media.items()]
        self.command("Emulation.setEmulatedMedia", features=features)
        return self

    def forget(self) -> None:
        """Forget cookies, storage and the page."""
        self.chrome.get("about:blank")
        self.command("Storage.clearDataForOrigin", origin=self.url, storageTypes="all")
        self.command("Network.clearBrowserCookies")
        self.command("Browser.resetPermissions")

    def command(self, name: str, **parameters: Any) -> dict[str, Any]:
        """One command of the DevTools protocol."""
        answer: dict[str, Any] = self.chrome.execute_cdp_cmd(name, parameters)
        return answer

    def open(self, path: str) -> None:
        self.chrome.get(self.url + path)

    def be(self, person: Person) -> None:
        """Go on with the session of *person*."""
        self.command("Network.enable")
        cookie = {"name": "session", "value": person.cookie, "url": self.url}
        self.command("Network.setCookies", cookies=[cookie])

    def find(self, selector: str) -> WebElement:
        """The visible element of that CSS selector, once there is one."""

        def visible(chrome: Chrome) -> WebElement | None:
            found = chrome.find_elements(By.CSS_SELECTOR, selector)
            return next((element for element in found if element.is_displayed()), None)

        wait = self.wait()
        element: WebElement = wait.until(visible, f"nothing visible at {selector}")
        return element

    def wait(self) -> WebDriverWait[Chrome]:
        """Patience for what a page becomes, also while it is being replaced."""
        stale = [StaleElementReferenceException]
        return WebDriverWait(self.chrome, PATIENCE, ignored_exceptions=stale)

    def shows(self, text: str, within: str = "main") -> bool:
        """Whether *text* appears to be read within the element of that selector."""
        wait = self.wait()
        wait.until(
            lambda chrome: any(
                text in element.text for element in chrome.find_elements(By.CSS_SELECTOR, within)
            ),
            f"{text!r} is not shown in {within}",
        )
        return True

    def press(self, words: str) -> None:
        """Click the button, link or summary whose accessible name is *words*."""

        def named(chrome: Chrome) -> WebElement | None:
            found = chrome.find_elements(By.CSS_SELECTOR, "a, button, summary")
            fitting = (e for e in found if e.is_displayed() and e.accessible_name.strip() == words)
            return next(fitting, None)

        wait = self.wait()
        element = wait.until(named, f"nothing to press: {words}")
        # As a person does, past the bars that stand at the top and the bottom of a phone.
        self.run("arguments[0].scrollIntoView({block: 'center'})", element)
        element.click()

    def type(self, keys: str) -> WebElement:
        """Press *keys* on whatever has the focus; what has it then."""
        ActionChains(self.chrome).send_keys(keys).perform()
        return self.focused

    @property
    def focused(self) -> WebElement:
        element: WebElement = self.chrome.switch_to.active_element
        return element

    def run(self, script: str, *arguments: Any) -> Any:
        return self.chrome.execute_script(script, *arguments)

    def stand_at(self, lat: float, lng: float) -> None:
        """Let pages ask for the position, and answer this one."""
        self.command("Browser.grantPermissions", permissions=["geolocation"], origin=self.url)
        self.command("Emulation.setGeolocationOverride", latitude=lat, longitude=lng, accuracy=12)

    def go_offline(self, offline: bool = True) -> None:
        """Cut the connection, or give it back."""
        self.command("Network.enable")
        self.command(
            "Network.emulateNetworkConditions",
            offline=offline,
            latency=0,
            downloadThroughput=-1,
            uploadThroughput=-1,
        )

    def breaches(self) -> list[str]:
        """What axe-core finds serious or worse on the present page."""
        self.run(AXE.read_text(encoding="utf-8"))
        found = self.chrome.execute_async_script(
            "axe.run({resultTypes: ['violations']}).then(arguments[0])"
        )
        return [
            f"{violation['id']}: {node['html']} {node['failureSummary']}"
            for violation in found["violations"]
            if violation["impact"] in ("serious", "critical")
            for node in violation["nodes"]
        ]

    def keep_screenshot(self, name: str) -> None:
        """Keep a picture for the README, where that is asked for by UPDATE_SCREENSHOTS=1."""
        if os.environ.get("UPDATE_SCREENSHOTS") != "1":
            return
        taken = self.command("Page.captureScreenshot", format="png")
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        (SCREENSHOTS / f"{name}.png").write_bytes(base64.b64decode(taken["data"]))


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory, site: Site) -> Iterator[Browser]:
    options = ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    chrome = Chrome(options, Service("/usr/bin/chromedriver"))
    chrome.set_script_timeout(30)
    yield Browser(chrome, site.url)
    chrome.quit()


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Browser]:
    """A phone, 390 CSS pixels wide, that has never been here; its log is empty."""
    chromium.forget()
    chromium.chrome.get_log("browser")
    yield chromium.show_as(390, 844)
    chromium.go_offline(False)


@pytest.fixture
def desktop(phone: Browser) -> Browser:
    """A window 1280 CSS pixels wide."""
    return phone.show_as(1280, 900)


@pytest.fixture(scope="session")
def admin(site: Site) -> Person:
    """An administrator, who sees every page of the console."""
    return site.hire("Quản trị Mẫu", Role.ADMIN)
