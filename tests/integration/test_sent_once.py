"""What is promised about sending, while workers and the database are killed and FCM fails.

Each device has a message exactly once in its inbox. FCM gets it at least once; what it gets
again is at most what one sender had under way (`in_flight`), for each sender that is killed and
each connection that breaks.
"""

# ruff: noqa: S311 - chance here keeps no secret

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, sessionmaker

from backend import migrating
from backend.database import engine_for
from backend.settings import ROOT
from content.store import utc_now
from notifications import messages
from notifications.devices import Device
from notifications.messages import InboxItem
from notifications.outbox import Job, State
from tests import postgresql
from tests.factories.notifications import DeviceFactory
from tests.fakes.fcm import FakeFcm
from tests.unit.notifications.conftest import add_vocabulary

pytestmark = [pytest.mark.integration, pytest.mark.postgresql]

WORKERS = 2


@pytest.fixture
def server() -> Iterator[postgresql.Server]:
    with postgresql.serving() as server:
        yield server


@pytest.fixture
def engine(server: postgresql.Server) -> Iterator[Engine]:
    url = f"{server.address}/postgres"
    engine = engine_for(url)
    migrating.upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def fcm() -> Iterator[FakeFcm]:
    with FakeFcm() as fcm:
        yield fcm


class Crew:
    """Workers that are killed, and replaced at once."""

    def __init__(self, start: Callable[[], int]) -> None:
        self._start = start
        self.killed = 0
        self.living = [start() for _ in range(WORKERS)]

    def kill_one(self) -> None:
        victim = self.living.pop(random.randrange(len(self.living)))
        os.kill(victim, signal.SIGKILL)
        self.killed += 1
        self.living.append(self._start())


@contextmanager
def crew(engine: Engine, fcm: FakeFcm, folder: Path, **options: float) -> Iterator[Crew]:
    spec = {
        "database_url": engine.url.render_as_string(hide_password=False),
        "fcm_url": fcm.url,
        "ca_bundle": str(fcm.ca_bundle),
        "credentials_file": str(fcm.credentials_file),
        "log": str(folder / "log"),
        "timeout": 2.0,
        "lease": 1.5,
        **options,
    }
    command = [sys.executable, "-m", "tests.integration.sending_workers", json.dumps(spec)]
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin
    assert process.stdout
    asked, told = process.stdin, process.stdout

    def start() -> int:
        asked.write("start\n")
        asked.flush()
        return int(told.readline())

    made = Crew(start)
    try:
        yield made
    finally:
        for worker in made.living:
            with contextlib.suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
        asked.close()
        process.wait(timeout=20)
        told.close()
        assert "address-" not in (folder / "log").read_text()


def announce(engine: Engine, *, devices: int, times: int) -> None:
    with sessionmaker(engine).begin() as session:
        add_vocabulary(session)
        session.add_all(DeviceFactory.build_batch(devices))
        for number in range(times):
            messages.announce(
                session,
                kind="announcement",
                topics=["safety"],
                title={"vi": f"Cấm tắm biển {number}"},
                body={"vi": "Sóng lớn, không xuống nước."},
                now=utc_now(),
            )


def wait_until_done(engine: Engine, seconds: float) -> None:
    """Return when the queue is empty; say what is left in it when it does not become so."""
    columns = (Job.kind, Job.state, Job.due_at, Job.attempts, Job.leased_until, Job.last_error)
    deadline = time.monotonic() + seconds
    while True:
        with Session(engine) as session:
            left = session.execute(select(*columns).where(Job.state != State.DONE)).all()
        if not any(row.state == State.QUEUED for row in left):
            break
        assert time.monotonic() < deadline, f"at {utc_now()}: {left}"
        threading.Event().wait(0.1)
    assert not left


def deliveries(fcm: FakeFcm) -> Counter[int]:
    """How often FCM took each delivery, by the id that the phone is told."""
    return Counter(int(message["data"]["delivery_id"]) for message in list(fcm.messages))


def wait_for_more(fcm: FakeFcm, messages: int) -> None:
    with contextlib.suppress(TimeoutError):  # while all is stuck, that is a moment too
        fcm.wait_for(accepted=fcm.accepted.total() + messages, timeout=1)


def test_a_hard_day(
    engine: Engine, server: postgresql.Server, fcm: FakeFcm, tmp_path: Path
) -> None:
    devices, times, kills, in_flight = 2000, 3, 50, 16
    announce(engine, devices=devices, times=times)
    with Session(engine) as session:
        addresses = list(session.scalars(select(Device.address).order_by(Device.id)))
    gone, bad = str(addresses[700]), str(addresses[1500])
    fcm.rule(".*", delay=0.02)
    breaks = {"CLOSE": 6, "GOAWAY": 6, "HANG": 6}
    troubles = {"QUOTA_EXCEEDED": 60, "INTERNAL": 60, "UNAVAILABLE": 60, "GARBAGE": 20} | breaks
    for digit, (answer, how_often) in enumerate(troubles.items()):
        # Some are taken before their answer is lost, which the sender cannot know.
        counted = answer in breaks
        fcm.rule(f".*{digit}", answer, times=how_often, counted=counted, retry_after="1")
    fcm.rule(gone, "UNREGISTERED")
    fcm.rule(bad, "INVALID_ARGUMENT")
    began = time.monotonic()

    with crew(engine, fcm, tmp_path, in_flight=in_flight) as workers:
        for kill in range(kills):
            wait_for_more(fcm, random.randint(1, 60))
            workers.kill_one()
            if kill == 15:
                fcm.withdraw_tokens()
            if kill == 25:
                fcm.rule(".*[0-4]", "UNAUTHENTICATED", times=12)
            if kill == 35:
                server.kill()
                server.start()
        wait_until_done(engine, seconds=45)

    taken = deliveries(fcm)
    again = taken.total() - len(taken)
    with Session(engine) as session:
        rows = session.scalar(select(func.count()).select_from(InboxItem))
        pairs = select(InboxItem.message_id, InboxItem.device_id).distinct().subquery()
        distinct = session.scalar(select(func.count()).select_from(pairs))
        known = select(InboxItem.id).where(InboxItem.accepted_at.is_not(None))
        accepted = set(session.scalars(known))
        failed = select(InboxItem.failure).where(InboxItem.failure.is_not(None))
        failures = Counter(session.scalars(failed))
        left = list(session.scalars(select(Device.address).order_by(Device.id)))
    # One more for each sender whose lease may have run out while the database was away.
    unsure = (workers.killed + sum(breaks.values()) + WORKERS) * in_flight
    print(  # noqa: T201 - the figures are what this test is for
        f"\n{devices} devices, {times} messages, {workers.killed} workers killed in "
        f"{time.monotonic() - began:.0f} s: {rows} inbox rows, {taken.total()} taken by FCM, "
        f"{again} of them again (at most {unsure})"
    )
    assert rows == distinct == devices * times
    assert accepted == set(taken)
    assert len(accepted) == (devices - 2) * times
    # Once its address is known to be dead, nobody tries it again.
    assert failures.pop("UNREGISTERED") in range(1, times + 1)
    assert failures == {"INVALID_ARGUMENT": times}
    assert left == [None if address == gone else address for address in addresses]
    assert again <= unsure


def test_with_one_under_way_a_kill_repeats_one_message_at_most(
    engine: Engine, fcm: FakeFcm, tmp_path: Path
) -> None:
    devices, kills = 300, 12
    announce(engine, devices=devices, times=1)

    with crew(engine, fcm, tmp_path, in_flight=1) as workers:
        for _ in range(kills):
            wait_for_more(fcm, random.randint(1, 20))
            workers.kill_one()
        wait_until_done(engine, seconds=45)

    taken = deliveries(fcm)
    again = taken.total() - len(taken)
    print(f"\n{kills} workers killed: {again} messages again")  # noqa: T201
    assert len(taken) == devices
    assert again <= kills
