"""`make run`'s last step, with small processes in place of ours."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from honcho.environ import parse_procfile

from backend.settings import ROOT
from backend.up import PAGES
from tests.conftest import free_port

pytestmark = pytest.mark.integration

ANSWERING = 'web: exec python -m http.server --bind 127.0.0.1 --directory site "$PORT"\n'
WITH_CHILDREN = "worker: sleep 600 & (sleep 601 & sleep 602) & wait\n"

Start = Callable[[str], "subprocess.Popen[str]"]


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """Free ports, a folder of its own, and this Python as `python`."""
    return {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "DATA_DIR": str(tmp_path / "var"),
        **{name: str(free_port()) for name in ("PORT", "CHATBOT_PORT", "ACTIONS_PORT")},
    }


@pytest.fixture
def start(tmp_path: Path, environ: dict[str, str]) -> Iterator[Start]:
    """Starts the processes of a Procfile's text."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "readyz").touch()
    started = []

    def start_procfile(procfile: str) -> subprocess.Popen[str]:
        (tmp_path / "Procfile").write_text(procfile)
        process = subprocess.Popen(
            [sys.executable, "-m", "backend.up"],
            cwd=tmp_path,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process

    yield start_procfile
    for process in started:
        process.terminate()
        process.communicate(timeout=30)


def read_until(process: subprocess.Popen[str], words: str) -> str:
    """What *process* prints, up to the line that holds *words*."""
    assert process.stdout
    lines = []
    for line in process.stdout:
        lines.append(line)
        if words in line:
            return "".join(lines)
    raise AssertionError(f"{words!r} was not printed in:\n{''.join(lines)}")


def processes_with(environ: dict[str, str]) -> list[str]:
    """The command lines of the processes whose environment has *environ*'s DATA_DIR."""
    mark = f"DATA_DIR={environ['DATA_DIR']}\0".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (folder / "environ").read_bytes():
                found.append((folder / "cmdline").read_text().replace("\0", " "))
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
    return found


def test_the_addresses_are_printed_once_everything_answers(
    start: Start, environ: dict[str, str]
) -> None:
    output = read_until(start(ANSWERING), "Ctrl-C ends everything")
    assert "ready after" in output
    for path in PAGES.values():
        assert f"http://127.0.0.1:{environ['PORT']}{path}\n" in output


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_every_process_and_its_children(
    start: Start, environ: dict[str, str], stop: signal.Signals
) -> None:
    process = start(ANSWERING + WITH_CHILDREN)
    read_until(process, "Ctrl-C ends everything")
    assert any("sleep 602" in command for command in processes_with(environ))
    process.send_signal(stop)
    output, _ = process.communicate(timeout=30)
    assert "Everything has ended." in output
    assert process.returncode == 0
    assert processes_with(environ) == []


def test_a_process_that_dies_is_named_and_ends_the_others(
    start: Start, environ: dict[str, str]
) -> None:
    process = start(ANSWERING + "worker: echo no such database; exit 7\n")
    output, _ = process.communicate(timeout=30)
    assert "no such database" in output
    assert "worker ended by itself (exit code 7)" in output
    assert process.returncode == 7
    assert processes_with(environ) == []


@pytest.mark.parametrize("name", ["PORT", "CHATBOT_PORT", "ACTIONS_PORT"])
def test_a_port_in_use_is_said_before_anything_starts(
    start: Start, environ: dict[str, str], name: str
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", int(environ[name])))
        other.listen()
        process = start(ANSWERING)
        output, _ = process.communicate(timeout=30)
    assert f"Port {environ[name]} cannot be used" in output
    assert f"{name}=" in output
    assert "started" not in output
    assert process.returncode == 1


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PORT", "eighty", "PORT is a number from 1 to 65535, not 'eighty'."),
        ("CHATBOT_PORT", "70000", "CHATBOT_PORT is a number from 1 to 65535"),
        ("DATABASE_URL", "mysql://", "DATABASE_URL: "),
    ],
)
def test_a_bad_setting_is_one_sentence(
    start: Start, environ: dict[str, str], name: str, value: str, sentence: str
) -> None:
    environ[name] = value
    process = start(ANSWERING)
    output, _ = process.communicate(timeout=30)
    assert sentence in output
    assert "Traceback" not in output
    assert process.returncode == 1


def test_every_process_gets_the_same_key_and_the_addresses(
    start: Start, environ: dict[str, str]
) -> None:
    names = "$CHATBOT_KEY $BACKEND_URL $CHATBOT_URL $PUBLIC_URL"
    process = start(f'one: echo "{names}"; sleep 1\ntwo: echo "{names}"; sleep 1\n')
    output, _ = process.communicate(timeout=30)
    home = f"http://127.0.0.1:{environ['PORT']}"
    key = (Path(environ["DATA_DIR"]) / "chatbot-key").read_text()
    expected = f"{key} {home} http://127.0.0.1:{environ['CHATBOT_PORT']} {home}"
    assert output.count(expected) == 2


def test_the_procfile_names_the_four_processes() -> None:
    processes = parse_procfile((ROOT / "Procfile").read_text()).processes
    assert list(processes) == ["web", "worker", "chatbot", "actions"]
    assert "--respawn-failed-workers" in processes["web"]


def test_every_page_whose_address_is_printed_exists(app: Flask) -> None:
    adapter = app.url_map.bind("127.0.0.1")
    for path in PAGES.values():
        adapter.match(path)
