"""A PostgreSQL server of our own, for tests and benches."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


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


@contextmanager
def running() -> Iterator[str]:
    """A server with its data in a folder that ends with it; its address without a database's name.

    It does not wait for the disk: its data may be lost.
    """
    port = free_port()
    # Not in pytest's folder, which every run of pytest closes to other users again.
    folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
    # PostgreSQL refuses to run as root.
    owner = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    shutil.chown(folder, owner)
    data = folder / "data"
    subprocess.run(
        [programs() / "initdb", "-D", data, "-A", "trust", "-U", "town", "-E", "UTF8", "--no-sync",
         "--locale=C.UTF-8"],
        check=True, capture_output=True, user=owner, cwd=folder,
    )  # fmt: skip
    control = [programs() / "pg_ctl", "-D", data, "-w", "-s"]
    options = (
        f"-p {port} -k {folder} -h 127.0.0.1 "
        "-c fsync=off -c full_page_writes=off -c max_connections=200"
    )
    subprocess.run(
        [*control, "-l", folder / "log", "-o", options, "start"], check=True, user=owner, cwd=folder
    )
    try:
        yield f"postgresql+psycopg://town@127.0.0.1:{port}"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=True, user=owner, cwd=folder)
        shutil.rmtree(folder)
