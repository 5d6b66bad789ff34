"""A worker that is killed in the middle of its work, again and again."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.settings import ROOT
from content.store import utc_now
from notifications import housekeeping, messages
from notifications.delivery import BATCH
from notifications.devices import Device
from notifications.messages import InboxItem
from notifications.outbox import Job, State
from notifications.worker import worker_alive
from tests.factories.notifications import DeviceFactory
from tests.fakes.fcm import FakeFcm
from tests.waiting import until

pytestmark = pytest.mark.integration

DEVICES, KILLS, WORKERS = 4000, 5, 2

Start = Callable[[], "subprocess.Popen[bytes]"]


@pytest.fixture
def fcm() -> Iterator[FakeFcm]:
    with FakeFcm() as fcm:
        yield fcm


@pytest.fixture
def start(fcm: FakeFcm, database_url: str, tmp_path: Path) -> Iterator[Start]:
    """Starts the worker's real command, pushing to the fake."""
    environ = {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(tmp_path / "var"),
        "DATABASE_URL": database_url,
        "FCM_BASE_URL": fcm.url,
        "FCM_CA_BUNDLE": str(fcm.ca_bundle),
        "GOOGLE_APPLICATION_CREDENTIALS": str(fcm.credentials_file),
    }
    started: list[subprocess.Popen[bytes]] = []
    log = (tmp_path / "log").open("wb")

    def start_worker() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "flask", "--app", "backend", "work"]
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=log)
        started.append(process)
        return process

    yield start_worker
    for process in started:
        process.kill()
        process.wait()
    log.close()
    written = (tmp_path / "log").read_text()
    print(written)  # noqa: T201 - shown where a test fails
    assert "address-" not in written


def kill(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()


def everything_is_done(session: Session) -> bool:
    session.rollback()
    sending = Job.kind.startswith("notifications.") & (Job.kind != housekeeping.PRUNE)
    waiting = select(Job.id).where(Job.state == State.QUEUED, sending)
    return session.scalar(waiting) is None


def test_nothing_is_lost_nothing_is_twice_in_an_inbox_and_at_most_the_batch_in_flight_is_resent(
    session: Session, start: Start, fcm: FakeFcm
) -> None:
    session.add_all(DeviceFactory.build_batch(DEVICES))
    messages.announce(
        session,
        kind="announcement",
        topics=["safety"],
        title={"vi": "Cấm tắm biển"},
        body={"vi": "Sóng lớn, không xuống nước."},
        now=utc_now(),
    )
    session.commit()
    fcm.rule(".*", delay=0.05)
    moments = [random.randint(1, BATCH) for _ in range(KILLS)]  # noqa: S311 - not a secret

    for messages_later in moments:
        workers = [start() for _ in range(WORKERS)]
        fcm.wait_for(accepted=fcm.accepted.total() + messages_later)
        for worker in workers:
            kill(worker)
    start()
    until(lambda: everything_is_done(session))

    accepted = fcm.accepted
    inboxes = session.execute(
        select(func.count(), func.count(InboxItem.device_id.distinct())).where(
            InboxItem.accepted_at.is_not(None)
        )
    ).one()
    resent = accepted.total() - len(accepted)
    print(  # noqa: T201 - the figures are what this test is for
        f"\n{DEVICES} devices; {KILLS} times {WORKERS} workers killed, after {moments} messages: "
        f"{inboxes[0]} inbox rows, {accepted.total()} messages to FCM, {resent} of them again"
    )
    assert tuple(inboxes) == (DEVICES, DEVICES)
    assert accepted.keys() == set(session.scalars(select(Device.address)))
    assert resent <= KILLS * WORKERS * BATCH


def test_a_worker_that_is_asked_to_stop_finishes_its_batch(
    session: Session, start: Start, fcm: FakeFcm
) -> None:
    session.add_all(DeviceFactory.build_batch(20))
    messages.announce(
        session,
        kind="announcement",
        topics=["safety"],
        title={"vi": "Cấm tắm biển"},
        body={"vi": ""},
        now=utc_now(),
    )
    session.commit()
    fcm.rule(".*", delay=1.0)

    worker = start()
    fcm.wait_for(accepted=1)
    assert worker_alive(session, utc_now())
    worker.terminate()

    assert worker.wait(timeout=30) == 0
    assert everything_is_done(session)
    assert fcm.accepted.total() == 20
    assert not worker_alive(session, utc_now())
