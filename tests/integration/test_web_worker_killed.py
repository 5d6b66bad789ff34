"""Web workers that are killed while editors publish: no announcement is lost, none comes twice."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from backend.accounts.roles import Role
from backend.database import engine_for
from content.articles.models import Article
from content.publishing import State
from content.store import utc_now
from notifications import delivery, worker
from notifications.gateway import LogGateway
from notifications.messages import InboxItem, Message
from tests.factories.notifications import DeviceFactory
from tests.waiting import until
from tests.webserver import Server, running

pytestmark = pytest.mark.integration

ANNOUNCEMENTS, EDITORS, KILL_EVERY = 30, 3, 6


@pytest.fixture
def server(database_url: str, tmp_path: Path) -> Iterator[Server]:
    """A server in processes of its own, on the test's database."""
    with running(tmp_path, database_url) as server:
        yield server


def drafts(session: Session) -> list[str]:
    """The ids of announcements that wait to be published."""
    articles = [
        Article(
            slug=f"thong-bao-{number}",
            kind="announcement",
            title={"vi": f"Thông báo số {number}"},
            topics=["announcements"],
            state=State.DRAFT,
            changed_by="tests",
        )
        for number in range(ANNOUNCEMENTS)
    ]
    session.add_all([*articles, DeviceFactory.build()])
    session.commit()
    return [str(article.id) for article in articles]


def test_each_announcement_is_published_once_whoever_dies(
    server: Server,
    session: Session,
    database_url: str,
    as_staff: Callable[..., dict[str, str]],
) -> None:
    editor = as_staff(Role.EDITOR)
    waiting = drafts(session)
    taken, broken, killed = Counter[str](), Counter[str](), list[int]()
    lock = threading.Lock()

    def publish(article: str) -> None:
        # An editor whose connection breaks presses the button again.
        give_up = time.monotonic() + 60
        while True:
            with contextlib.suppress(httpx.TransportError):
                answer = httpx.post(
                    f"{server.url}/api/v1/staff/articles/{article}/publish",
                    headers=editor, json={}, timeout=20,
                )  # fmt: skip
                assert answer.status_code == 200, answer.text
                taken[article] += 1
                return
            assert time.monotonic() < give_up, "the server never came back"
            broken[article] += 1

    def publish_all() -> None:
        while True:
            with lock:
                if not waiting:
                    return
                article = waiting.pop()
                due = len(waiting) % KILL_EVERY == 0
                if due:
                    until(lambda: bool(server.settled_workers()))
                    killed.append(server.settled_workers()[0])
            if due:
                os.kill(killed[-1], signal.SIGKILL)
            publish(article)

    editors = [threading.Thread(target=publish_all) for _ in range(EDITORS)]
    for thread in editors:
        thread.start()
    for thread in editors:
        thread.join(timeout=120)

    assert taken.total() == ANNOUNCEMENTS
    until(server.answers)
    engine = engine_for(database_url)
    worker.work_off(sessionmaker(engine), delivery.handlers(LogGateway()), utc_now)
    engine.dispose()
    session.rollback()
    received = session.execute(
        select(Message.source_id, func.count())
        .join(InboxItem, InboxItem.message_id == Message.id)
        .group_by(Message.source_id)
    ).all()
    print(  # noqa: T201 - the figures are what this test is for
        f"\n{ANNOUNCEMENTS} announcements published while {len(killed)} web workers were killed, "
        f"{broken.total()} tries repeated; in the inbox: {len(received)} announcements, "
        f"{sum(count for _, count in received)} rows"
    )
    assert len(killed) == ANNOUNCEMENTS // KILL_EVERY
    assert dict(received) == dict.fromkeys(taken, 1)
