"""What citizens' reports cost, on PostgreSQL, in a town of ten times as many reports.

All goes over the network to a server as in production, with two workers. The cost of a request is
the CPU that the workers and PostgreSQL took for it, as the kernel counts it: that says what the
request costs and not what else the machine did, but for how hot the processor was. The requests a
second do depend on that. Each figure is the best of several rounds; milliseconds are of this
machine, ratios within one run mean more. Sign-in is as with Firebase's emulator: its tokens are
not signed.

Says NO where something costs more than is wanted, or grows more.
"""

# ruff: noqa: S311 - chance here keeps no secret

from __future__ import annotations

import argparse
import base64
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

import orjson
from sqlalchemy import create_engine, text

from backend.database import engine_for
from tests import postgresql
from tests.bench import report_town
from tests.bench.bench_reads import answers, cpu_of
from tests.bench.bench_search import say
from tests.bench.report_town import EAST, NORTH, SOUTH, WEST, Town
from tests.conftest import free_port
from tests.waiting import until

SIZES = (100_000, 1_000_000)
CLIENTS, ROUNDS, PAGE = 4, 3, 50
WANTED_RATIO = 1.5

Ask = Callable[[Town, random.Random], bytes]


@dataclass(frozen=True)
class Question:
    """Something that is asked for *times* in a round; what it may cost, in ms of CPU."""

    name: str
    ask: Ask
    times: int
    status: int = 200
    wanted: float | None = None
    rate: float | None = None


def get(path: str, token: str = "", **query: object) -> bytes:
    """A request as it goes over the network."""
    asked = f"?{urlencode(query)}" if query else ""
    shown = f"Authorization: Bearer {token}\r\n" if token else ""
    return f"GET {path}{asked} HTTP/1.1\r\nHost: bench\r\n{shown}\r\n".encode()


def citizen(number: int) -> str:
    """An ID token as Firebase's emulator makes them."""
    now = int(time.time())
    claims = {
        "iss": "https://securetoken.google.com/demo-town", "aud": "demo-town", "auth_time": now,
        "iat": now, "exp": now + 3600, "sub": f"citizen-{number}", "user_id": f"citizen-{number}",
    }  # fmt: skip
    pieces = (orjson.dumps({"alg": "none", "typ": "JWT"}), orjson.dumps(claims))
    return ".".join(base64.urlsafe_b64encode(one).rstrip(b"=").decode() for one in pieces) + "."


def file_one(town: Town, chance: random.Random) -> bytes:
    """A report of a citizen who is signed in, is told of it, and leaves a contact."""
    lat, lng = report_town.corner(chance)
    body = orjson.dumps(
        {
            "category": chance.choice(town.categories),
            "description": f"{chance.choice(report_town.WHAT)}, {chance.choice(report_town.MORE)}.",
            "location": {"lat": lat, "lng": lng},
            "place_text": chance.choice(report_town.WHERE),
            "quarter": chance.choice(town.quarters),
            "contact": {"name": "Trần Văn Mẫu", "phone": "0912 345 678"},
            "consent": {"version": "2026-01", "at": "2026-07-01T07:59:00+07:00"},
        }
    )
    return (
        "POST /api/v1/reports HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {citizen(chance.randint(1, report_town.CITIZENS))}\r\n"
        f"Idempotency-Key: {UUID(int=chance.getrandbits(128))}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode() + body


def box(share: float) -> Ask:
    """What asks for the public reports in *share* of the area of the map, around reports."""

    def ask(_: Town, chance: random.Random) -> bytes:
        lat, lng = report_town.corner(chance)
        side = share**0.5 / 2
        high, wide = (NORTH - SOUTH) * side, (EAST - WEST) * side
        sides = f"{lng - wide:.5f},{lat - high:.5f},{lng + wide:.5f},{lat + high:.5f}"
        return get("/api/v1/reports", bbox=sides, limit=PAGE)

    return ask


def near(town: Town, chance: random.Random) -> bytes:
    """What asks for reports that may mean the same, before one is filed."""
    lat, lng = report_town.corner(chance)
    return get(
        "/api/v1/reports/similar",
        lat=lat, lng=lng, category=chance.choice(town.categories), text="Rác chất đống",
    )  # fmt: skip


def listed(who: str, query: Callable[[Town, random.Random], dict[str, object]]) -> Ask:
    """What asks for the list of the staff, filtered."""

    def ask(town: Town, chance: random.Random) -> bytes:
        token = town.officer if who == "officer" else town.leader
        return get("/api/v1/staff/reports", token, limit=PAGE, **query(town, chance))

    return ask


QUESTIONS = (
    Question("nothing: a constant", lambda _, __: get("/healthz"), 1000),
    Question(
        "one by its code",
        lambda town, chance: get(f"/api/v1/reports/{chance.choice(town.codes)}"),
        1000, wanted=0.8,
    ),
    Question("1% of the map", box(0.01), 200, wanted=3),
    Question("25% of the map", box(0.25), 200, wanted=3),
    Question("similar ones", near, 200),
    Question(
        "officer: open",
        listed("officer", lambda _, __: {"status": "received,verified,assigned,in_progress"}),
        150, wanted=6,
    ),
    Question(
        "officer: category, quarter",
        listed("officer", lambda town, chance: {
            "category": chance.choice(town.categories), "quarter": chance.choice(town.quarters),
        }),
        150, wanted=6,
    ),
    Question(
        "leader: office, status",
        listed("leader", lambda town, chance: {
            "office": chance.choice(town.offices),
            "status": chance.choice(("resolved", "rejected", "waiting_for_reporter")),
        }),
        150, wanted=6,
    ),
    Question(
        "leader: group, quarter, status",
        listed("leader", lambda town, chance: {
            "category": chance.choice(town.groups), "quarter": chance.choice(town.quarters),
            "status": chance.choice(("resolved", "duplicate", "withdrawn", "verified")),
        }),
        150, wanted=6,
    ),
    Question(
        "leader: words",
        listed("leader", lambda _, chance: {
            "q": f"{chance.choice(report_town.WHAT)} {chance.choice(report_town.WHERE)}",
        }),
        100, wanted=6,
    ),
    Question(
        "leader: a number in the text",
        listed("leader", lambda _, chance: {"q": f"{chance.randint(1, 100_000)}"}),
        20,
    ),
    Question("filing", file_one, 500, status=201, wanted=4, rate=350),
)  # fmt: skip


def send(port: int, requests: Sequence[bytes], status: int) -> float:
    """Send *requests* from several clients at once; how many were answered a second."""
    failures: list[bytes] = []

    def client(own: Sequence[bytes]) -> None:
        with socket.create_connection(("127.0.0.1", port)) as connection:
            for request in own:
                connection.sendall(request)
                head, _, body = _received(connection, b"").partition(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
                while len(body) < length:
                    body = _received(connection, body)
                if int(head.split(b" ", 2)[1]) != status:
                    failures.append(head + b"\n" + body)

    threads = [
        threading.Thread(target=client, args=(requests[n::CLIENTS],)) for n in range(CLIENTS)
    ]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    assert not failures, failures[0].decode()
    return len(requests) / took


def _received(connection: socket.socket, so_far: bytes) -> bytes:
    piece = connection.recv(1 << 17)
    assert piece, "the server went away"
    return so_far + piece


def children_of(pid: int) -> list[int]:
    """The processes that *pid* has started."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in found]


@dataclass(frozen=True)
class Machine:
    """The processes whose CPU is counted."""

    server: int
    database: int

    def used(self) -> tuple[float, float]:
        """Milliseconds of CPU until now, of the application and of PostgreSQL."""
        app = cpu_of([self.server, *children_of(self.server)])
        # Of those that have ended PostgreSQL's first process keeps the sum.
        ended = Path(f"/proc/{self.database}/stat").read_text().rpartition(")")[2].split()[13:15]
        ended_s = sum(map(int, ended)) / os.sysconf("SC_CLK_TCK")
        return app * 1000, (cpu_of([self.database, *children_of(self.database)]) + ended_s) * 1000


@dataclass(frozen=True)
class Cost:
    """Milliseconds of CPU a request, and requests a second."""

    app: float
    database: float
    rate: float

    @property
    def total(self) -> float:
        """What the application and PostgreSQL took together."""
        return self.app + self.database


@contextmanager
def serving(url: str) -> Iterator[tuple[int, int]]:
    """A server of the database at *url*, as in production; its port and its process."""
    port = free_port()
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "--port", str(port),
        "--workers", "2", "--blocking-threads", "8", "--backpressure", "64",
        "backend.web:make_app",
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "DATABASE_URL": url, "DATA_DIR": folder, "RATELIMIT_ENABLED": "false",
            "LOG_LEVEL": "WARNING", "PYTHONPATH": ".", "FIREBASE_PROJECT_ID": "demo-town",
            "FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:9",
        }  # fmt: skip
        with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as server:
            try:
                until(lambda: answers(port))
                yield port, server.pid
            finally:
                server.terminate()


def measure(url: str, town: Town, questions: Sequence[Question]) -> list[Cost]:
    """What each of *questions* costs at *url*."""
    engine = create_engine(url)
    with engine.connect() as connection:
        backend = connection.scalars(text("SELECT pg_backend_pid()")).one()
        stat = Path(f"/proc/{backend}/stat").read_text()
        postmaster = int(stat.rpartition(")")[2].split()[1])
    engine.dispose()
    costs = []
    with serving(url) as (port, server):
        machine = Machine(server, postmaster)
        for number, question in enumerate(questions):
            chance = random.Random(number)
            rounds = []
            for nth in range(ROUNDS + 1):
                times = question.times if nth else min(question.times, 100)  # to get warm
                requests = [question.ask(town, chance) for _ in range(times)]
                before = machine.used()
                rate = send(port, requests, question.status)
                app, database = (
                    (after - used) / times
                    for after, used in zip(machine.used(), before, strict=True)
                )
                rounds.append(Cost(app, database, rate))
            costs.append(min(rounds[1:], key=lambda cost: cost.total))
    return costs


def main() -> None:
    """Fill, ask, measure, print."""
    options = argparse.ArgumentParser()
    options.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    options.add_argument("--only", default="", help="questions whose name holds this")
    wanted = options.parse_args()
    questions = [one for one in QUESTIONS if wanted.only in one.name]
    found: list[list[Cost]] = []
    with postgresql.running() as server:
        for size in wanted.sizes:
            url = f"{server}/reports_{size}"
            admin = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
            with admin.connect() as connection:
                connection.execute(text(f'CREATE DATABASE "reports_{size}"'))
            admin.dispose()
            began = time.perf_counter()
            engine = engine_for(url)
            town = report_town.fill(engine, size)
            engine.dispose()
            took = time.perf_counter() - began
            load = os.getloadavg()[0]
            say(f"{size:,} reports made in {took:.0f} s; the load of the machine is {load:.1f}")
            found.append(measure(url, town, questions))
    report(wanted.sizes, questions, found)


def report(sizes: Sequence[int], questions: Sequence[Question], found: list[list[Cost]]) -> None:
    """Print the table, with NO where something is not as wanted."""
    heads = "".join(f"{size:>12,}  app + db  each s" for size in sizes)
    say(f"\n{'ms CPU a request':32}{heads}   wanted   ratio")
    for number, question in enumerate(questions):
        costs = [each[number] for each in found]
        shown = "".join(
            f"{cost.total:12.2f} {cost.app:4.1f} +{cost.database:4.1f} {cost.rate:6.0f}"
            for cost in costs
        )
        ratio = costs[-1].total / costs[0].total
        well = True
        if question.wanted is not None:
            well = costs[0].total <= question.wanted and ratio <= WANTED_RATIO
        if question.rate is not None:
            well &= costs[0].rate >= question.rate
        most = f"{question.wanted:8.1f}" if question.wanted is not None else " " * 8
        say(f"  {question.name:30}{shown} {most} {ratio:7.2f}  {'' if well else 'NO'}")
    say(f"wanted: ratio {WANTED_RATIO}; filing {QUESTIONS[-1].rate:.0f} a second")


if __name__ == "__main__":
    main()
