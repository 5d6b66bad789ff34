"""The web server of the Procfile in processes of its own, whose workers may be killed."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from backend.settings import ROOT
from backend.up import read_procfile
from tests.postgresql import free_port
from tests.waiting import until

# Granian takes a worker that dies within 5.5 s of its respawn for one that cannot start, and
# gives up; its own supervisor would then start it anew.
SETTLED_AFTER = 6


class Server:
    """The web server of the Procfile, with two workers."""

    def __init__(self, process: subprocess.Popen[bytes], url: str) -> None:
        self.process = process
        self.url = url

    def settled_workers(self) -> list[int]:
        """The processes that answer requests and have done so for a while."""
        listed = subprocess.run(
            ["/usr/bin/pgrep", "-P", str(self.process.pid), "--older", str(SETTLED_AFTER)],
            capture_output=True,
            check=False,
        )
        return [int(pid) for pid in listed.stdout.split()]

    def answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/healthz", timeout=2).is_success
        except httpx.TransportError:
            return False


@contextmanager
def running(folder: Path, database_url: str, **environ: str) -> Iterator[Server]:
    """The server with its data and its log in *folder*, on a free port."""
    port = free_port()
    environ = {
        "PATH": os.environ["PATH"],
        "PORT": str(port),
        "DATA_DIR": str(folder / "var"),
        "DATABASE_URL": database_url,
        "RATELIMIT_ENABLED": "false",
        **environ,
    }
    command = read_procfile(ROOT / "Procfile")["web"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            ["/bin/sh", "-c", command], cwd=ROOT, env=environ, stdout=log, stderr=log
        )
        server = Server(process, f"http://127.0.0.1:{port}")
        try:
            until(server.answers)
            yield server
            process.terminate()
            process.wait(timeout=60)
        finally:
            process.kill()
            process.wait()
