"""A push service that only counts, quick enough not to be what a bench measures.

It runs in a process of its own on granian, over TLS, HTTP/2 and HTTP/1.1. It takes any token and
knows no errors; `tests.fakes.fcm` is the one that is strict.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import trustme
from cryptography.hazmat.primitives import serialization

from backend.settings import ROOT
from tests.conftest import free_port
from tests.fakes.fcm import ACCOUNT, PROJECT, account_key
from tests.waiting import until

MARK = b'"message_id":"'
JSON = [("content-type", "application/json")]
TOKEN = json.dumps({"access_token": "any", "expires_in": 3600, "token_type": "Bearer"})
ACCEPTED = json.dumps({"name": "projects/demo-town/messages/0"})


class Counting:
    """An RSGI application: takes messages, counts them by `message_id`."""

    def __init__(self) -> None:
        self.delay = 0.0
        self.seen: dict[str, list[float]] = {}

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer one request."""
        body = await protocol()
        if scope.path.endswith("messages:send"):
            self._count(body)
            if self.delay:
                await asyncio.sleep(self.delay)
            answer = ACCEPTED
        elif scope.path == "/token":
            answer = TOKEN
        elif scope.path == "/fake/delay":
            self.delay = float(body)
            answer = "null"
        else:
            answer = json.dumps(self.seen)
        protocol.response_str(200, JSON, answer)

    def _count(self, body: bytes) -> None:
        at = body.find(MARK) + len(MARK)
        now = time.time()
        seen = self.seen.setdefault(body[at : at + 36].decode(), [0, now, now])
        seen[0] += 1
        seen[2] = now


app = Counting()


class FastFcm:
    """What leads to a running one, and what it has counted."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"https://localhost:{self.port}"
        self.ca_bundle = folder / "ca.pem"
        self.credentials_file = folder / "service-account.json"
        self.certificate, self.key = folder / "certificate.pem", folder / "key.pem"
        authority = trustme.CA()
        authority.cert_pem.write_to_path(self.ca_bundle)
        issued = authority.issue_cert("localhost", "127.0.0.1")
        issued.private_key_pem.write_to_path(self.key)
        for pem in issued.cert_chain_pems:
            pem.write_to_path(self.certificate, append=True)
        key = account_key().private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        self.credentials_file.write_text(
            json.dumps(
                {
                    "type": "service_account", "project_id": PROJECT, "private_key_id": "fake",
                    "private_key": key.decode(), "client_email": ACCOUNT, "client_id": "1",
                    "token_uri": f"{self.url}/token",
                }
            )
        )  # fmt: skip
        self._http = httpx.Client(base_url=self.url, verify=str(self.ca_bundle), timeout=30)

    def answers_after(self, seconds: float) -> None:
        """Let every answer take so long from now on."""
        self._http.post("/fake/delay", content=str(seconds)).raise_for_status()

    def seen(self) -> dict[str, list[float]]:
        """How many came of each message, when the first and when the last."""
        answer: dict[str, list[float]] = self._http.get("/fake/seen").json()
        return answer

    def is_up(self) -> bool:
        """Whether it answers."""
        try:
            return self._http.get("/fake/seen").is_success
        except httpx.TransportError:
            return False


@contextmanager
def running() -> Iterator[FastFcm]:
    """Run one in another process."""
    with tempfile.TemporaryDirectory() as folder:
        fcm = FastFcm(Path(folder))
        command = [
            sys.executable, "-m", "granian", "--interface", "rsgi", "--host", "127.0.0.1",
            "--port", str(fcm.port), "--no-ws",
            "--workers-kill-timeout", "1", "--log-level", "warning",
            "--ssl-certificate", str(fcm.certificate), "--ssl-keyfile", str(fcm.key),
            "tests.bench.fast_fcm:app",
        ]  # fmt: skip
        environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
        with subprocess.Popen(command, cwd=ROOT, env=environ) as process:
            try:
                until(fcm.is_up)
                yield fcm
            finally:
                process.terminate()
