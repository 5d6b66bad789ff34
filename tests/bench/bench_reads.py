"""What readers cost: a list of 50 places beside a constant, its first answer, a whole sync.

Only ratios within one run mean something; milliseconds are of this machine.
"""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy.orm import sessionmaker

from backend import migrating
from backend.database import engine_for
from backend.web import make_app
from content.publishing import State
from content.publishing.indexing import reindex
from content.store import utc_now
from tests.bench.reading_app import LIST
from tests.conftest import free_port
from tests.factories.content import PlaceFactory
from tests.waiting import until

PLACES = 10_000
REQUESTS, CLIENTS = 2_000, 4
WANTED_RATIO, WANTED_MS, WANTED_SECONDS, WANTED_MB = 0.6, 3.0, 1.0, 60


def fill(url: str, count: int) -> None:
    """A town of *count* places at *url*."""
    engine = engine_for(url)
    migrating.upgrade(engine)
    text = {"vi": "Một nơi để xem và nghỉ chân. " * 4, "en": "A place to see and to rest. " * 4}
    with sessionmaker(engine).begin() as session:
        for number in range(count):
            place = PlaceFactory(
                slug=f"mau-{number:05}",
                name={"vi": f"Mẫu {number}", "en": f"Sample {number}"},
                summary=text,
                description=text,
                state=State.PUBLISHED,
                published_at=utc_now(),
                lat=18.8 + number % 100 / 1000,
                lng=105.7 + number // 100 / 1000,
                opening_hours="Mo-Su 07:00-18:00",
                tags=["free"],
            )
            session.add(place)
            if number < 50:
                session.flush()
                reindex(session, place)
    engine.dispose()


def cpu_of(pids: list[int]) -> float:
    """Seconds of CPU that the processes have used."""
    total = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


def answers(port: int) -> bool:
    """Whether a server answers on *port*."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def load(port: int, path: str, requests: int) -> float:
    """Ask for *path* from several clients at once; the requests answered a second."""

    def ask() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        for _ in range(requests // CLIENTS):
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200

    threads = [threading.Thread(target=ask) for _ in range(CLIENTS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return requests / (time.perf_counter() - began)


def through_http(environment: dict[str, str]) -> float:
    """Print what a request costs the server, kept list and constant; how they compare."""
    port = free_port()
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "--port", str(port),
        "--workers", "1", "--blocking-threads", "4", "tests.bench.reading_app:make",
    ]  # fmt: skip
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, env=environment, stdout=quiet, stderr=quiet) as server:
        try:
            until(lambda: answers(port))
            children = subprocess.check_output(["/usr/bin/pgrep", "-P", str(server.pid)])
            pids = [server.pid, *map(int, children.split())]
            costs: dict[str, list[float]] = {LIST: [], "/constant": []}
            for _ in range(3):
                for path, found in costs.items():
                    load(port, path, 200)
                    used = cpu_of(pids)
                    rate = load(port, path, REQUESTS)
                    found.append((cpu_of(pids) - used) / REQUESTS * 1000)
                    print(f"  {path:26} {found[-1]:6.3f} ms CPU {rate:7.0f} requests/s")  # noqa: T201
        finally:
            server.terminate()
    return min(costs["/constant"]) / min(costs[LIST])


def first_answer() -> float:
    """Milliseconds of CPU of a list of 50 places that was not kept; the best of 20."""
    app = make_app()
    client = app.test_client()
    best = float("inf")
    for number in range(20):
        used = time.process_time()
        assert client.get(f"{LIST}&n={number}").status_code == 200
        best = min(best, time.process_time() - used)
    return best * 1000


def most_memory() -> float:
    """The MB that this process has held at most; ru_maxrss would count its parent's, too."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def whole_sync() -> tuple[float, float]:
    """Seconds and MB that a new client's sync of everything takes."""
    app = make_app()
    client = app.test_client()
    client.get("/api/v1/sync?limit=1")
    before = most_memory()
    began = time.perf_counter()
    items, cursor, complete = 0, "", False
    while not complete:
        query: dict[str, Any] = {"limit": 1000} | ({"since": cursor} if cursor else {})
        answer = client.get("/api/v1/sync", query_string=query).json
        items += sum(len(found) for found in answer["changed"].values())
        cursor, complete = answer["cursor"], answer["complete"]
    seconds = time.perf_counter() - began
    assert items == PLACES
    return seconds, most_memory() - before


def main() -> None:
    """Measure all, print the table."""
    if len(sys.argv) > 1:
        print(*(whole_sync() if sys.argv[1] == "sync" else (first_answer(),)))  # noqa: T201
        return
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/town.db"
        environment = os.environ | {
            "DATABASE_URL": url, "DATA_DIR": folder, "RATELIMIT_ENABLED": "false",
            "LOG_LEVEL": "WARNING", "PYTHONPATH": ".",
        }  # fmt: skip
        fill(url, PLACES)

        def apart(what: str) -> list[float]:
            command = [sys.executable, "-m", "tests.bench.bench_reads", what]
            return [float(n) for n in subprocess.check_output(command, env=environment).split()]

        ratio = through_http(environment)
        (first,) = apart("first")
        seconds, megabytes = apart("sync")
    rows = [
        ("kept list of 50 / constant", ratio, WANTED_RATIO, ratio >= WANTED_RATIO),
        ("first list of 50, ms CPU", first, WANTED_MS, first <= WANTED_MS),
        ("sync of 10,000, s", seconds, WANTED_SECONDS, seconds <= WANTED_SECONDS),
        ("sync of 10,000, MB", megabytes, WANTED_MB, megabytes <= WANTED_MB),
    ]
    for name, found, wanted, good in rows:
        print(f"{name:28} {found:8.2f}  wanted {wanted:6.2f}  {'yes' if good else 'NO'}")  # noqa: T201


if __name__ == "__main__":
    main()
