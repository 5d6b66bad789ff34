"""`make run`: starts the Procfile's processes, says when all of them answer, ends them together."""

from __future__ import annotations

import os
import re
import signal
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from multiprocessing import Process
from pathlib import Path

import click
import httpx
from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.printer import Message, Printer

from backend.settings import ROOT, SettingsError, from_environment

PATIENCE = 120
MOST_CHATBOTS = 16
STOPPED_BY_SIGNAL = (130, 143)
PAGES = {
    "Trang chủ · Home": "/",
    "Hỏi đáp · Chat": "/chat",
    "Phản ánh · Report": "/report",
    "Cán bộ · Staff": "/console",
    "API": "/api/docs",
}


class UpError(Exception):
    """The processes cannot be started; the message says why, and what to do."""


def main() -> None:
    """Run the Procfile in the working folder until Ctrl-C, or until one of its processes ends."""
    try:
        environ = environment(os.environ)
        check_ports(environ)
        processes = read_procfile(Path("Procfile"))
    except (UpError, SettingsError) as error:
        raise SystemExit(f"\n{error}") from None
    raise SystemExit(run(processes, environ))


def environment(environ: Mapping[str, str]) -> dict[str, str]:
    """*environ*, completed with what the processes need in order to find and trust each other.

    Raises UpError for a port that is no port, and SettingsError for any other bad value.
    """
    ports = {
        name: _port(name, environ.get(name) or default)
        for name, default in (("PORT", "8000"), ("CHATBOT_PORT", "5005"), ("ACTIONS_PORT", "5055"))
    }
    home = f"http://127.0.0.1:{ports['PORT']}"
    processes = environ.get("CHATBOT_PROCESSES") or "1"
    if not processes.isdigit() or not 0 < int(processes) <= MOST_CHATBOTS:
        raise UpError(f"CHATBOT_PROCESSES is a number from 1 to {MOST_CHATBOTS}.")
    first = int(ports["CHATBOT_PORT"])
    chatbots = [f"http://127.0.0.1:{first + number}" for number in range(int(processes))]
    return {
        "GRANIAN_HOST": "127.0.0.1",
        "PUBLIC_URL": home,
        "CHATBOT_URL": ",".join(chatbots),
        **environ,
        **ports,
        "BACKEND_URL": home,
        "CHATBOT_KEY": from_environment(environ).chatbot_key,
        "PYTHONUNBUFFERED": "1",
    }


def _port(name: str, text: str) -> str:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise UpError(f"{name} is a number from 1 to 65535, not {text!r}.")
    return text


def check_ports(environ: Mapping[str, str]) -> None:
    """Raise UpError when another program listens where one of ours wants to."""
    for name in ("PORT", "CHATBOT_PORT", "ACTIONS_PORT"):
        with closing(socket.socket()) as probe:
            # As servers do: a connection that ended a moment ago does not hold the port.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", int(environ[name])))
            except OSError as error:
                raise UpError(
                    f"Port {environ[name]} cannot be used ({error.strerror}). End the program that "
                    f"listens there, or choose another port: {name}=… make run"
                ) from None


def read_procfile(path: Path) -> dict[str, str]:
    """The command of each process, by its name. Raises UpError when there is none."""
    processes: dict[str, str] = {}
    if path.is_file():
        processes = parse_procfile(path.read_text()).processes
    if not processes:
        raise UpError(f"{path.resolve()} names no process.")
    return processes


def run(processes: Mapping[str, str], environ: Mapping[str, str]) -> int:
    """Run *processes* until Ctrl-C or the end of one of them; the exit code."""
    printer = WhoStopped()
    manager = Manager(printer)
    for name, command in processes.items():
        manager.add_process(name, command, env=dict(environ))
    address = f"http://127.0.0.1:{environ['PORT']}"
    herald = Process(target=tell_when_ready, args=(address,), daemon=True)
    herald.start()
    # A closed terminal ends everything too; honcho knows only Ctrl-C and SIGTERM.
    signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGTERM))
    try:
        manager.loop()
    finally:
        herald.terminate()
    if manager.returncode in STOPPED_BY_SIGNAL:
        click.echo("\nEverything has ended.")
        return 0
    click.echo(
        f"\n{printer.first} ended by itself ({printer.how}), so everything was ended. "
        f"Its last lines above say why."
    )
    return manager.returncode or 1


class WhoStopped(Printer):
    """Prints what the processes say, and remembers which of them stopped first."""

    first = ""
    how = ""

    def write(self, message: Message) -> None:
        text = message.data if isinstance(message.data, str) else ""
        stopped = re.match(r"(\S+) stopped \(rc=(-?\d+)\)", text)
        if stopped and not self.first:
            self.first, code = stopped[1], int(stopped[2])
            self.how = f"signal {-code}" if code < 0 else f"exit code {code}"
        super().write(message)


def tell_when_ready(address: str) -> None:
    """Print what is still awaited every few seconds, and the pages' addresses when all is ready."""
    started = told = time.monotonic()
    with suppress(KeyboardInterrupt):
        for missing in _missing_parts(address):
            now = time.monotonic()
            if not missing:
                click.echo(_welcome(address, now - started))
                return
            if now - started > PATIENCE:
                click.echo(f"\nStill waiting for {missing}. The lines above may say why.\n")
                return
            if now - told >= 5:
                told = now
                click.echo(f"  · {now - started:.0f} s: waiting for {missing}")
            time.sleep(0.5)


def _missing_parts(address: str) -> Iterator[str]:
    with httpx.Client(timeout=5, trust_env=False) as client:
        while True:
            try:
                answer = client.get(f"{address}/readyz")
                parts = {} if answer.is_success else answer.json()["parts"]
                yield ", ".join(name for name, state in parts.items() if state != "ok")
            except (httpx.HTTPError, ValueError, KeyError):
                yield "web"


def _welcome(address: str, seconds: float) -> str:
    rule = "─" * 78
    pages = "\n".join(f"  {title:<20}{address}{path}" for title, path in PAGES.items())
    program = Path(sys.executable).with_name("flask")
    if program.is_relative_to(ROOT):
        program = program.relative_to(ROOT)
    return f"""
{rule}
  Cửa Lò đã sẵn sàng · ready after {seconds:.0f} s

{pages}

  A staff account:    echo 'a long password' |
                        {program} --app backend staff add you@example.com \\
                        --role admin --password-stdin
  Ctrl-C ends everything.
{rule}
"""


if __name__ == "__main__":
    main()
