"""The whole path on real parts: the Procfile's processes, Rasa itself, people at each end of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from backend.settings import ROOT
from tests.conftest import free_port
from tests.waiting import until

pytestmark = pytest.mark.integration

QUESTION, UNACCENTED = "hôm nay tắm biển được không", "hom nay tam bien duoc khong"
READY_WITHIN = 180.0


class Town:
    """A town that runs, as `make run` leaves it."""

    def __init__(self, environ: dict[str, str]) -> None:
        self.environ = environ
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{environ['PORT']}", timeout=30)

    def flask(self, *words: str) -> str:
        """What a `flask` command prints."""
        command = [sys.executable, "-m", "flask", "--app", "backend", *words]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environ, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def staff(self, role: str) -> dict[str, str]:
        """Headers of a new member of staff."""
        email = f"{role}@example.org"
        self.flask("staff", "add", email, "--role", role)
        return {"Authorization": f"Bearer {self.flask('staff', 'token', email)}"}

    def get(self, path: str, **options: Any) -> Any:
        """What a read answers."""
        answer = self.http.get(f"/api/v1{path}", **options)
        assert answer.is_success, answer.text
        return answer.json()

    def post(self, path: str, body: dict[str, Any], headers: dict[str, str] | None = None) -> Any:
        """What a write answers."""
        answer = self.http.post(f"/api/v1{path}", json=body, headers=headers)
        assert answer.is_success, answer.text
        return answer.json()

    def ask(self, text: str, **conversation: str) -> dict[str, Any]:
        """The chatbot's answer, its texts joined."""
        answer: dict[str, Any] = self.post("/chat/messages", {"text": text, **conversation})
        answer["said"] = "\n".join(reply["text"] or "" for reply in answer["replies"])
        return answer


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """All processes of the Procfile, on a seeded database of their own."""
    folder = tmp_path_factory.mktemp("town")
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "DATA_DIR": str(folder / "var"),
        **{name: str(free_port()) for name in ("PORT", "CHATBOT_PORT", "ACTIONS_PORT")},
    }
    town = Town(environ)
    town.flask("migrate")
    town.flask("seed", "--sample")
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "backend.up"], cwd=ROOT, env=environ, stdout=log, stderr=log
        )
        try:
            until(lambda: process.poll() is not None or _is_ready(town), READY_WITHIN)
            assert process.poll() is None, Path(log.name).read_text()
            yield town
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)
            town.http.close()


def _is_ready(town: Town) -> bool:
    try:
        return town.http.get("/readyz").is_success
    except httpx.TransportError:
        return False


def observe(town: Town, flag: str, lifeguard: dict[str, str], **also: Any) -> None:
    """Post the same flag at every beach."""
    now = datetime.now(UTC)
    for beach in town.get("/beaches")["items"]:
        observation = {
            "flag": flag,
            "observed_at": (now - timedelta(minutes=1)).isoformat(),
            "valid_until": (now + timedelta(hours=2)).isoformat(),
            "lifeguards_on_duty": True,
            **also,
        }
        town.post(f"/staff/beaches/{beach['id']}/observations", observation, lifeguard)


def test_a_question_about_swimming_is_answered_from_the_flag_that_flies_now(town: Town) -> None:
    for question in (QUESTION, UNACCENTED):
        unknown = town.ask(question)
        assert unknown["intent"]["name"] == "ask_swim_safety"
        assert "Chưa có thông tin" in unknown["said"]

    lifeguard = town.staff("lifeguard")
    observe(town, "red_over_yellow", lifeguard)
    observe(town, "yellow", lifeguard)
    answers = [town.ask(question) for question in (QUESTION, UNACCENTED)]
    for answer in answers:
        assert answer["intent"]["name"] == "ask_swim_safety"
        assert "cờ vàng" in answer["said"]
        assert f"{datetime.now(UTC) + timedelta(hours=7):%d/%m/%Y}" in answer["said"]
        assert {source["type"] for source in answer["sources"]} == {"beach"}
    assert answers[0]["said"].splitlines() == answers[1]["said"].splitlines()

    leader = town.staff("leader")
    town.post("/staff/beaches/all/bans", {"reason": {"vi": "Bão số 9", "en": "Storm"}}, leader)
    for question in (QUESTION, UNACCENTED):
        banned = town.ask(question)["said"]
        assert "CẤM" in banned
        assert "Bão số 9" in banned
    assert town.http.delete("/api/v1/staff/beaches/all/bans", headers=leader).is_success
    assert "cờ vàng" in town.ask(QUESTION)["said"]


def test_an_announcement_reaches_a_device_once_and_is_told_by_the_chatbot(town: Town) -> None:
    device = f"/devices/{uuid.uuid4()}"
    registered = town.http.put(
        f"/api/v1{device}",
        json={
            "kind": "token", "address": "an-address", "platform": "android",
            "language": "vi", "timezone": "Asia/Ho_Chi_Minh", "app_version": "1.0",
        },
    )  # fmt: skip
    assert registered.is_success, registered.text
    editor = town.staff("editor")
    announcement = town.post(
        "/staff/articles",
        {
            "kind": "announcement",
            "title": {"vi": "Lịch phun thuốc muỗi", "en": "Mosquito spraying"},
            "body": {"vi": "Sáng thứ bảy.", "en": "On Saturday morning."},
        },
        editor,
    )
    for _ in range(2):
        town.post(f"/staff/articles/{announcement['id']}/publish", {}, editor)

    until(lambda: bool(town.get(f"{device}/inbox")["items"]))
    titles = [item["title"] for item in town.get(f"{device}/inbox")["items"]]
    assert titles == ["Lịch phun thuốc muỗi"]
    assert "Lịch phun thuốc muỗi" in town.ask("phường có thông báo gì mới không")["said"]
    page = town.http.get("/", headers={"Accept": "text/html"})
    assert "Lịch phun thuốc muỗi" in page.text


def test_a_report_told_to_the_chatbot_is_on_file_and_an_officer_moves_it(town: Town) -> None:
    turn = town.ask("tôi muốn phản ánh rác thải chất đống trước chợ, bốc mùi hôi")
    conversation = {name: turn[name] for name in ("conversation_id", "conversation_token")}
    assert turn["intent"]["name"] == "report_issue"
    code = _answer_until_filed(town, turn, conversation)

    officer = town.staff("officer")
    (report,) = town.get("/staff/reports", headers=officer)["items"]
    assert report["code"] == code
    town.post(
        f"/staff/reports/{report['id']}/transition",
        {"to": "in_progress", "public_note": {"vi": "Đội vệ sinh đang đến."}},
        officer,
    )
    tracked = town.get(f"/reports/{code}")
    assert tracked["status"] == "in_progress"
    assert tracked["history"][-1]["note"] == "Đội vệ sinh đang đến."
    told = town.ask(f"phản ánh {code} tới đâu rồi", **conversation)
    assert code in told["said"]
    assert "Đang xử lý" in told["said"]


def _answer_until_filed(town: Town, turn: dict[str, Any], conversation: dict[str, str]) -> str:
    """Answer what the form asks, as a person does, until the report has a code."""
    answers = iter(["trước cổng chợ Nghi Thủy", "không", "không"])
    for _ in range(10):
        before = {item["code"] for item in _codes(turn)}
        if before:
            return before.pop()
        payloads = [b["payload"] for reply in turn["replies"] for b in reply["buttons"]]
        agreeing = [payload for payload in payloads if "affirm" in payload]
        if agreeing:
            body: dict[str, Any] = {"payload": agreeing[0]}
        else:
            body = {"text": next(answers)}
        turn = town.post("/chat/messages", {**body, **conversation})
    raise AssertionError(turn)


def _codes(turn: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"code": link["url"].rsplit("/", 1)[1]}
        for reply in turn["replies"]
        for link in reply["links"]
        if "/reports/" in link["url"]
    ]
