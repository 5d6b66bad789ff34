"""A campaign from end to end on PostgreSQL, an emergency in the middle, people reading meanwhile.

`BENCH_DEVICES` (50,000; a million is possible) devices are told something by two workers, as
`flask work` runs them. When a fifth of it is out, an emergency to 10,000 devices begins. All the
time a web process is asked for a list of places. The push service only counts
(`tests.bench.fast_fcm`), and PostgreSQL does not wait for the disk. All of them share the machine,
so the rates are what is left for each. Ends with 1 where something falls short.
"""

# ruff: noqa: T201 - it prints a table

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import sessionmaker

from backend import migrating
from backend.database import engine_for
from backend.settings import ROOT
from content.store import utc_now
from notifications import messages
from notifications.audience import EVERYONE, Audience
from notifications.messages import InboxItem, Message
from tests import postgresql
from tests.bench.bench_reads import cpu_of
from tests.bench.fast_fcm import FastFcm
from tests.bench.fast_fcm import running as push_service
from tests.conftest import free_port
from tests.waiting import until

DEVICES = int(os.environ.get("BENCH_DEVICES", "50000"))
URGENT, WORKERS = min(10_000, DEVICES // 5), 2
IDLE_SECONDS, READS_PER_SECOND = 5, 20
WANTED_RATE, WANTED_MB, WANTED_FIRST, WANTED_ALL, WANTED_P95 = 5000, 200, 1.0, 5.0, 2.0

FILL = """
INSERT INTO device (installation_id, kind, address, platform, language, timezone,
                    last_seen_at, created_at, updated_at)
SELECT gen_random_uuid(), 'fid', 'address-' || n,
       CASE WHEN n % :every = 0 THEN 'ios' ELSE 'android' END,
       CASE WHEN n % 20 = 0 THEN 'en' ELSE 'vi' END, 'Asia/Ho_Chi_Minh', now(), now(), now()
FROM generate_series(1, :devices) AS n
"""


class Readers(threading.Thread):
    """Asks the API for places again and again, and notes how long each answer took."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self._address = f"http://127.0.0.1:{port}/api/v1/places?limit=50"
        self.took: list[float] = []
        self.ended = threading.Event()

    def run(self) -> None:
        """Ask until `ended`."""
        with httpx.Client() as http:
            while not self.ended.wait(1 / READS_PER_SECOND):
                began = time.perf_counter()
                http.get(self._address).raise_for_status()
                self.took.append(time.perf_counter() - began)

    def p95(self) -> float:
        """The 95th percentile of what was noted since the last call, in milliseconds."""
        took, self.took = self.took, []
        return statistics.quantiles(took, n=20)[-1] * 1000


@contextmanager
def processes(url: str, fcm: FastFcm, port: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    """The workers, and a web process on *port* as the last."""
    with tempfile.TemporaryDirectory() as folder:
        environ = {
            "PATH": f"{ROOT / '.venv/bin'}:{os.environ['PATH']}",
            "DATA_DIR": folder,
            "DATABASE_URL": url,
            "LOG_LEVEL": "WARNING",
            "MALLOC_ARENA_MAX": "2",  # as in the Procfile, like nice
            "RATELIMIT_ENABLED": "false",
            "FCM_BASE_URL": fcm.url,
            "FCM_CA_BUNDLE": str(fcm.ca_bundle),
            "GOOGLE_APPLICATION_CREDENTIALS": str(fcm.credentials_file),
        }
        web = [
            "granian", "--interface", "wsgi", "--factory", "--host", "127.0.0.1",
            "--port", str(port),
            "--workers", "1", "--blocking-threads", "4", "--log-level", "error",
            "--workers-kill-timeout", "1", "backend.web:make_app",
        ]  # fmt: skip
        work = ["nice", "-n", "5", sys.executable, "-m", "flask", "--app", "backend", "work"]
        started = [
            subprocess.Popen(command, cwd=ROOT, env=environ) for command in [*[work] * WORKERS, web]
        ]
        try:
            yield started
        finally:
            for process in started:
                process.terminate()
            for process in started:
                process.wait(timeout=60)


def answers(port: int) -> bool:
    """Whether the web process answers."""
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz").is_success
    except httpx.TransportError:
        return False


def highest_memory(process: subprocess.Popen[bytes]) -> float:
    """The most memory that the process ever had, in MB."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    kilobytes = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(kilobytes.split()[1]) / 1000


def say(engine: Engine, title: str, audience: Audience, *, emergency: bool = False) -> str:
    """Announce something, and give the message's id."""
    with sessionmaker(engine).begin() as session:
        message = messages.announce(
            session,
            kind="announcement",
            topics=["safety"],
            title={"vi": title},
            body={"vi": "Sóng lớn, không xuống nước. " * 5},
            audience=audience,
            emergency=emergency,
            now=utc_now(),
        )
        return str(message.id)


def on_file(engine: Engine, message: str) -> int:
    """How many devices the push service accepted it for, by our records."""
    accepted = select(func.count(InboxItem.accepted_at)).join(Message)
    with engine.connect() as connection:
        return connection.scalar(accepted.where(Message.id == message)) or 0


def count(fcm: FastFcm, message: str) -> float:
    """How many of a message came."""
    return fcm.seen().get(message, [0])[0]


def measure(engine: Engine, url: str, fcm: FastFcm) -> list[tuple[str, str, bool]]:
    """Run it all: what is said of each figure, what is wanted, and whether that is kept."""
    port = free_port()
    with processes(url, fcm, port) as started:
        until(lambda: answers(port))
        readers = Readers(port)
        readers.start()
        readers.ended.wait(2)
        readers.p95()
        readers.ended.wait(IDLE_SECONDS)
        idle = readers.p95()

        workers = [process.pid for process in started[:WORKERS]]
        used, began = cpu_of(workers), time.time()
        routine = say(engine, "Lịch cắt nước", EVERYONE)
        until(lambda: count(fcm, routine) >= DEVICES / 5, seconds=600)
        alarm_at = time.time()
        urgent = say(engine, "Bão vào", Audience(platforms=["ios"]), emergency=True)
        until(lambda: count(fcm, urgent) >= URGENT, seconds=600)
        until(lambda: count(fcm, routine) >= DEVICES, seconds=3600)
        until(lambda: on_file(engine, routine) == DEVICES, seconds=60)
        busy = readers.p95()
        used = cpu_of(workers) - used
        readers.ended.set()
        readers.join()
        memory = max(highest_memory(process) for process in started[:WORKERS])
    seen = fcm.seen()
    sent, _, last = seen[routine]
    total = sent + seen[urgent][0]
    rate = total / (max(last, seen[urgent][2]) - began)
    first, through = seen[urgent][1] - alarm_at, seen[urgent][2] - alarm_at
    return [
        (f"{total:.0f} messages, {rate:.0f}/s", f"{WANTED_RATE}/s", rate >= WANTED_RATE),
        (f"CPU of the workers a message {used / total * 1000:.3f} ms", "", True),
        (f"memory of a worker {memory:.0f} MB", f"{WANTED_MB} MB", memory < WANTED_MB),
        (
            f"the API's p95 {idle:.1f} ms idle, {busy:.1f} ms meanwhile",
            f"{WANTED_P95:.0f} times",
            busy < WANTED_P95 * idle,
        ),
        (f"emergency: the first after {first:.2f} s", f"{WANTED_FIRST} s", first <= WANTED_FIRST),
        (f"emergency: {URGENT} after {through:.2f} s", f"{WANTED_ALL} s", through <= WANTED_ALL),
        (
            f"sent twice: {total - DEVICES - URGENT:.0f}",
            "0",
            total == DEVICES + URGENT,
        ),
    ]


def main() -> int:
    """Measure, and print what was wanted beside it."""
    with postgresql.running() as server, push_service() as fcm:
        url = f"{server}/postgres"
        engine = engine_for(url)
        migrating.upgrade(engine)
        with engine.begin() as connection:
            connection.execute(text(FILL), {"devices": DEVICES, "every": DEVICES // URGENT})
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
        verdicts = measure(engine, url, fcm)
        engine.dispose()
    print(f"{DEVICES} devices, {WORKERS} workers, load {os.getloadavg()[0]:.1f}")
    for said, wanted, kept in verdicts:
        print(f"{'  ok ' if kept else 'SHORT'} {said}{f', wanted {wanted}' if wanted else ''}")
    return 0 if all(kept for *_, kept in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
