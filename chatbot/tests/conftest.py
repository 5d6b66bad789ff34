"""The trained chatbot as real processes, in front of a small town."""

import os
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Optional

import httpx
import pytest

import train
from tests import numbers
from tests.backend import Town

HERE = Path(train.HERE)
KEY = "a-key"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Bot:
    """A running chatbot: its HTTP address, and a way to restart it."""

    def __init__(self, town: Town, folder: Path) -> None:
        port, actions_port = _free_port(), _free_port()
        self.url = f"http://127.0.0.1:{port}"
        self._environment = {
            **os.environ,
            "BACKEND_URL": town.url,
            "PUBLIC_URL": "https://town.test",
            "CHATBOT_KEY": KEY,
            "CHATBOT_PORT": str(port),
            "ACTIONS_PORT": str(actions_port),
            "SANIC_HOST": "127.0.0.1",
            "DATA_DIR": str(folder),  # names of this town are kept there
            "TRACKER_DATABASE_URL": f"sqlite:///{folder / 'trackers.sqlite3'}",
        }
        self._log = (folder / "log.txt").open("w")
        self.log = folder / "log.txt"
        self._actions = self._start(
            "-m", "rasa_sdk", "--actions", "actions", "--port", str(actions_port)
        )
        self.start()

    def _start(self, *command: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, *command],
            cwd=HERE,
            env=self._environment,
            stdout=self._log,
            stderr=self._log,
        )

    def start(self) -> None:
        """Start the server and wait until it has said that it is ready."""
        said = self.log.read_text().count("The chatbot is ready.")
        self._server = self._start("serve.py")
        deadline = time.monotonic() + 120
        while self.log.read_text().count("The chatbot is ready.") == said:
            assert self._server.poll() is None, self.log.read_text()[-3000:]
            assert time.monotonic() < deadline, self.log.read_text()[-3000:]
            time.sleep(0.2)

    def stop(self) -> None:
        """Stop the server, as a restart does."""
        self._server.terminate()
        self._server.wait(30)

    def kill(self) -> None:
        """End the server as a crash does."""
        self._server.kill()
        self._server.wait(30)

    def close(self) -> None:
        """Stop both processes."""
        self.stop()
        self._actions.terminate()
        self._actions.wait(30)
        self._log.close()


class Conversation:
    """One person talking with the bot."""

    def __init__(self, bot: Bot, town: Town) -> None:
        self._bot = bot
        self._town = town
        self.id = str(uuid.uuid4())
        self.last: dict[str, Any] = {}
        self.said: list[str] = []

    def send(self, **message: Any) -> httpx.Response:
        """One turn, as the gateway sends it."""
        return httpx.post(
            f"{self._bot.url}/webhooks/town/webhook",
            json={"conversation_id": self.id, **message},
            headers={"X-Chatbot-Key": KEY},
            timeout=30,
        )

    def say(self, text: Optional[str] = None, **message: Any) -> str:
        """The bot's whole answer to `text`, as one text."""
        message = {"text": text, **message} if text is not None else message
        self.last = self.send(**message).raise_for_status().json()
        self.said += numbers.spoken(message)
        numbers.assert_none_invented(self.last, [*self._town.said, *self.said])
        return "\n".join(reply["text"] or "" for reply in self.last["replies"])

    def press(self, title: str) -> str:
        """The answer to the button of the last reply with this title."""
        buttons = [b for reply in self.last["replies"] for b in reply["buttons"]]
        payload = next(b["payload"] for b in buttons if b["title"] == title)
        return self.say(payload=payload)


@pytest.fixture(scope="session")
def _town() -> Iterator[Town]:
    town = Town()
    yield town
    town.close()


@pytest.fixture(scope="session")
def bot(_town: Town, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    """The chatbot and its action server, started once."""
    train.main()
    bot = Bot(_town, tmp_path_factory.mktemp("bot"))
    yield bot
    bot.close()


@pytest.fixture
def town(_town: Town) -> Town:
    """The town behind the bot, as new."""
    _town.reset()
    return _town


@pytest.fixture
def person(bot: Bot, town: Town) -> Conversation:
    """A person who has said nothing yet."""
    return Conversation(bot, town)
