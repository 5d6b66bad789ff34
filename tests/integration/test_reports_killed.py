"""Reports while web workers and PostgreSQL itself are killed: what was acknowledged is on file.

`REPORTS_KILLED_REQUESTS=10000` makes it the long run; by default it is a short one.
"""

from __future__ import annotations

import itertools
import os
import random
import signal
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from backend.accounts import staff
from backend.accounts.roles import Role
from backend.database import engine_for
from backend.feedback.models import Report, ReportEvent, ReportPhoto
from backend.webhooks.models import Webhook, WebhookDelivery
from content.store import utc_now
from notifications import outbox
from notifications.messages import Message
from notifications.outbox import Job
from tests import postgresql, webserver
from tests.conftest import WORDS, build_template
from tests.emulator.firebase import PROJECT
from tests.integration.storm import GIVE_UP_AFTER, Headers, Life, Storm
from tests.waiting import until

pytestmark = pytest.mark.integration

REQUESTS = int(os.environ.get("REPORTS_KILLED_REQUESTS", "1500"))
ON_SQLITE = 300
CLIENTS = 8


@dataclass
class Database:
    """A database, and how to kill it and bring it back, where it has processes of its own."""

    url: str
    requests: int
    strike: Callable[[], None] | None = None


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database; PostgreSQL is a server of this test's own."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'town.db'}"
        build_template(url, WORDS)
        yield Database(url, min(REQUESTS, ON_SQLITE))
        return
    with postgresql.serving() as server:

        def strike() -> None:
            server.kill()
            server.start()

        url = f"{server.address}/postgres"
        build_template(url, WORDS)
        yield Database(url, REQUESTS, strike)


@pytest.fixture
def sessions(database: Database) -> Iterator[sessionmaker[Session]]:
    engine = engine_for(database.url)
    yield sessionmaker(engine)
    engine.dispose()


@pytest.fixture
def officer(sessions: sessionmaker[Session]) -> Headers:
    """A system that is told of each filing, and an officer's headers."""
    now = utc_now()
    with sessions.begin() as session:
        session.add(
            Webhook(
                url="https://city.example/hook", events=["report.filed"], active=True,
                changed_by="tests", created_at=now, updated_at=now,
            )
        )  # fmt: skip
        account = staff.hire(
            session, email="can-bo@example.org", name="Cán bộ Mẫu", roles=[Role.OFFICER],
            password_hash=None, now=now,
        )  # fmt: skip
        token = staff.issue_token(session, account, name="tests", now=now)
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def server(database: Database, tmp_path: Path) -> Iterator[webserver.Server]:
    # With the emulator's address, ID tokens are believed unsigned; nobody listens there.
    with webserver.running(
        tmp_path,
        database.url,
        FIREBASE_PROJECT_ID=PROJECT,
        FIREBASE_AUTH_EMULATOR_HOST="127.0.0.1:9",
    ) as server:
        yield server


def test_every_acknowledged_report_is_on_file_once_with_all_that_belongs_to_it(
    database: Database, sessions: sessionmaker[Session], officer: Headers,
    server: webserver.Server, tmp_path: Path,
) -> None:  # fmt: skip
    storm, lived = Storm(server.url, officer), list[Life]()
    numbers = itertools.count()
    lives = (Life(number) for number in iter(lambda: next(numbers), -1))
    shared = _one_at_a_time(lives)
    clients = [
        threading.Thread(target=storm.run, args=(shared, database.requests, lived), daemon=True)
        for _ in range(CLIENTS)
    ]
    began = time.monotonic()
    for client in clients:
        client.start()
    killed = _strike_while(storm, server, database)
    for client in clients:
        client.join(timeout=GIVE_UP_AFTER * 2)
    took = time.monotonic() - began
    assert not storm.failures, storm.failures
    assert not any(client.is_alive() for client in clients)

    with sessions() as session:
        found = _check(session, lived, tmp_path / "var" / "media")
    print(  # noqa: T201 - the figures are what this test is for
        f"\n{storm.done} requests answered to {CLIENTS} clients in {took:.0f} s: "
        f"{dict(storm.asked)}; "
        f"killed {dict(killed)}; broken {dict(storm.broken)}; on file {found}"
    )
    assert killed["web worker"] >= 2
    assert killed["database"] >= (2 if database.strike else 0)


def _one_at_a_time(lives: Iterator[Life]) -> Iterator[Life]:
    lock = threading.Lock()

    class Shared:
        def __iter__(self) -> Iterator[Life]:
            return self

        def __next__(self) -> Life:
            with lock:
                return next(lives)

    return Shared()


def _strike_while(storm: Storm, server: webserver.Server, database: Database) -> Counter[str]:
    """Kill a web worker or the database, by turns, each time some more requests are done."""
    killed, dead = Counter[str](), set[int]()
    strikes = max(6, database.requests // 300)
    for number in range(1, strikes + 1):
        mark = database.requests * number // (strikes + 1)
        until(lambda mark=mark: storm.done >= mark or bool(storm.failures), 600)  # type: ignore[misc]
        if storm.failures:
            break
        if database.strike and number % 3 == 0:
            database.strike()
            killed["database"] += 1
        else:
            _kill_a_worker(server, dead)
            killed["web worker"] += 1
    return killed


def _kill_a_worker(server: webserver.Server, dead: set[int]) -> None:
    """Kill a worker that has served for a while; a killed one is listed until it is buried."""

    def is_killed() -> bool:
        alive = [worker for worker in server.settled_workers() if worker not in dead]
        if not alive:
            return False
        worker = random.choice(alive)  # noqa: S311 - not a secret
        dead.add(worker)
        os.kill(worker, signal.SIGKILL)
        return True

    until(is_killed)


def _check(session: Session, lived: list[Life], media: Path) -> dict[str, int]:
    """Compare all that is on file with all that was acknowledged."""
    reports = {str(report.filing_key): report for report in session.scalars(select(Report))}
    assert session.scalar(select(func.count()).select_from(Report)) == len(reports) == len(lived)
    histories = defaultdict(list)
    for event in session.scalars(select(ReportEvent).order_by(ReportEvent.id)):
        histories[event.report_id].append(event)
    photos = defaultdict(list)
    for photo in session.scalars(select(ReportPhoto)):
        photos[photo.report_id].append(photo)
    for life in lived:
        report = reports[life.key]
        assert (str(report.id), report.code, report.status) == (life.id, life.code, life.status)
        assert report.description == f"Rác số {life.number}"
        _check_history(life, histories[report.id])
        kept = photos[report.id]
        assert len(kept) == len(life.photos)
        for photo in kept:
            for name in (photo.name, photo.thumbnail_name):
                assert next(media.rglob(name)).read_bytes().startswith(b"\xff\xd8")
    events = [event for history in histories.values() for event in history]
    return {
        "reports": len(reports),
        "events": len(events),
        "photos": sum(map(len, photos.values())),
        "messages": _check_messages(session, reports, events),
        "webhooks": _check_webhooks(session, events),
    }


def _check_history(life: Life, history: list[ReportEvent]) -> None:
    filed, *moves = [event for event in history if event.to_status]
    assert filed.kind == "filed"
    stands = "received"
    for move in moves:
        assert move.from_status == stands
        stands = move.to_status or ""
    assert stands == life.status
    assert len({move.to_status for move in moves}) == len(moves)
    said = Counter(event.text for event in history if event.kind == "comment")
    assert all(said[text] == 1 for text in life.comments)
    assert set(said) <= {*life.comments, *life.perhaps}
    assert max(said.values(), default=1) == 1


def _check_messages(session: Session, reports: dict[str, Report], events: list[ReportEvent]) -> int:
    """Each step of a report whose reporter is signed in was told once, and will be pushed."""
    signed = {report.id for report in reports.values() if report.citizen_id is not None}
    steps = {
        f"report-event-{event.id}"
        for event in events
        if event.to_status and event.report_id in signed
    }
    told = session.execute(select(Message.key, Message.id)).all()
    assert Counter(key for key, _ in told) == Counter(steps)
    pushes = Counter(
        job.payload["message_id"]
        for job in session.scalars(select(Job).where(Job.kind == "notifications.expand"))
    )
    assert pushes == Counter(str(message_id) for _, message_id in told)
    return len(told)


def _check_webhooks(session: Session, events: list[ReportEvent]) -> int:
    """Each filing waits to be told to the city's system once."""
    filed = Counter(event.id for event in events if event.kind == "filed")
    deliveries = session.execute(select(WebhookDelivery.event_id, WebhookDelivery.id)).all()
    assert Counter(event_id for event_id, _ in deliveries) == filed
    jobs = Counter(
        job.payload["delivery"]
        for job in session.scalars(
            select(Job).where(Job.kind == "webhooks.send", Job.state == outbox.State.QUEUED)
        )
    )
    assert jobs == Counter(str(delivery_id) for _, delivery_id in deliveries)
    return len(deliveries)
