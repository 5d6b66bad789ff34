"""A PostgreSQL server of our own, for tests and benches."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.waiting import until


def free_port() -> int:
    """A port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def programs() -> Path:
    """The folder of initdb and pg_ctl."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    on_path = shutil.which("initdb")
    if found:
        return found[0]
    assert on_path, "PostgreSQL is not installed; `make test` installs it"
    return Path(on_path).resolve().parent


class Server:
    """A server with its data in a folder; it does not wait for the disk."""

    def __init__(self, folder: Path, owner: str) -> None:
        self.folder, self.owner, self.port = folder, owner, free_port()
        self._data = folder / "data"
        self._control = [programs() / "pg_ctl", "-D", self._data, "-w", "-s"]
        subprocess.run(
            [programs() / "initdb", "-D", self._data, "-A", "trust", "-U", "town", "-E", "UTF8",
             "--no-sync", "--locale=C.UTF-8"],
            check=True, capture_output=True, user=owner, cwd=folder,
        )  # fmt: skip

    @property
    def address(self) -> str:
        """Its address without a database's name."""
        return f"postgresql+psycopg://town@127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, and recover what it had written before it was killed."""
        options = (
            f"-p {self.port} -k {self.folder} -h 127.0.0.1 "
            "-c fsync=off -c full_page_writes=off -c max_connections=200"
        )
        self._run("-l", self.folder / "log", "-o", options, "start")

    def stop(self) -> None:
        """Stop it at once."""
        self._run("-m", "immediate", "stop")

    def kill(self) -> None:
        """Kill every process of it: what was only in their memory is lost.

        What they had written to files is not: that would take a machine that fails.
        """
        lock = self._data / "postmaster.pid"
        main = int(lock.read_text().split()[0])
        os.kill(main, signal.SIGSTOP)  # so that it starts no others meanwhile
        listed = subprocess.run(
            ["/usr/bin/pgrep", "-P", str(main)], capture_output=True, check=False
        )
        processes = [main, *(int(line) for line in listed.stdout.split())]
        for process in processes:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        until(lambda: not any(_lives(process) for process in processes))
        # Where nobody buries the dead, it would take its own for another server.
        for left in (lock, *self.folder.glob(".s.PGSQL.*")):
            left.unlink()

    def _run(self, *arguments: str | Path) -> None:
        command = [*self._control, *arguments]
        subprocess.run(command, check=True, user=self.owner, cwd=self.folder)


def _lives(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


@contextmanager
def running() -> Iterator[str]:
    """A server with its data in a folder that ends with it; its address without a database's name.

    It does not wait for the disk: its data may be lost.
    """
    with serving() as server:
        yield server.address


@contextmanager
def serving() -> Iterator[Server]:
    """The same, as a server that may be killed and started again."""
    # Not in pytest's folder, which every run of pytest closes to other users again.
    folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
    # PostgreSQL refuses to run as root.
    owner = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    shutil.chown(folder, owner)
    server = Server(folder, owner)
    server.start()
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)
