"""The Firebase Authentication emulator, from npm: real sign-ins without internet or account."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.waiting import until

PROJECT = "demo-town"
PROGRAM = Path(__file__).parent / "node_modules" / ".bin" / "firebase"
STARTS_WITHIN = 300.0
"""Seconds; it takes 8 to 10 on a free machine and reads thousands of files."""


class Emulator:
    """An emulator that runs; citizens sign in to it as the app does, by its REST API."""

    def __init__(self, host: str) -> None:
        self.host = host

    def sign_in(self, phone: str) -> str:
        """The ID token of the person with this phone, by a code in a text message."""
        session = self._call("sendVerificationCode", phoneNumber=phone)["sessionInfo"]
        sent = httpx.get(f"http://{self.host}/emulator/v1/projects/{PROJECT}/verificationCodes")
        codes = {code["sessionInfo"]: code["code"] for code in sent.json()["verificationCodes"]}
        answer = self._call("signInWithPhoneNumber", sessionInfo=session, code=codes[session])
        return answer["idToken"]

    def knows(self, token: str) -> bool:
        """Whether the person of this ID token still has an account."""
        try:
            self._call("lookup", idToken=token)
        except httpx.HTTPStatusError:
            return False
        return True

    def _call(self, method: str, **body: str) -> dict[str, str]:
        base = f"http://{self.host}/identitytoolkit.googleapis.com/v1/accounts"
        answer = httpx.post(f"{base}:{method}", params={"key": "any"}, json=body)
        answer.raise_for_status()
        found: dict[str, str] = answer.json()
        return found


@contextmanager
def running(folder: Path, ports: tuple[int, int, int]) -> Iterator[Emulator]:
    """An emulator on three free *ports* that keeps its files in *folder*."""
    assert PROGRAM.exists(), "The emulator is not installed; `make test` installs it"
    auth, hub, logging = ({"host": "127.0.0.1", "port": port} for port in ports)
    emulators = {"auth": auth, "hub": hub, "logging": logging, "ui": {"enabled": False}}
    (folder / "firebase.json").write_text(json.dumps({"emulators": emulators}))
    node = shutil.which("node")
    assert node, "Node.js is not installed; `make test` installs it"
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [PROGRAM, "emulators:start", "--only", "auth", "--project", PROJECT],
            cwd=folder,
            # CI=1: no questions, no look-ups on the internet. HOME: no file outside of folder.
            env={"HOME": str(folder), "PATH": f"{Path(node).parent}:/usr/bin:/bin", "CI": "1"},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        host = f"127.0.0.1:{ports[0]}"
        until(lambda: _answers(process, host, folder / "log"), STARTS_WITHIN)
        yield Emulator(host)
    finally:
        process.kill()
        process.wait()


def _answers(process: subprocess.Popen[bytes], host: str, log: Path) -> bool:
    if process.poll() is not None:
        raise RuntimeError(f"The Firebase emulator did not start:\n{log.read_text()}")
    try:
        httpx.get(f"http://{host}/", timeout=5)
    except httpx.TransportError:
        return False
    return True
