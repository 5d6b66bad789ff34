"""Answers that are kept until the content changes, and what the clock brings into force.

Every public read asks the database for the number of changes. While it stays the same, and no
moment passes at which something appears, expires or opens, an answer that is the same for
everybody is given again as it was; after any change it is made anew, in every process.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, TypeVar

from cachetools import LRUCache
from flask import Flask, Response, current_app, g, request
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from backend import current
from backend.accounts import access
from backend.database import session
from backend.languages import language
from content import changes
from content.errors import Conflict

KEPT_BYTES = 16 * 1024 * 1024
"""The memory for kept answers, in each process."""

KEPT_FOR = timedelta(minutes=1)
"""Opening hours change on the minute, so no answer outlives it."""


Fact = TypeVar("Fact")


@dataclass(frozen=True)
class Turn:
    """Until when content of *version* looks as it does; None for no end in sight."""

    version: int
    at: datetime | None


@dataclass(frozen=True)
class Kept:
    """An answer, good for *version* until *until*."""

    version: int
    until: datetime
    body: bytes
    headers: list[tuple[str, str]]


class Keeper:
    """The answers that one process keeps."""

    def __init__(self) -> None:
        self.turn = Turn(-1, None)
        self.facts: dict[Any, tuple[int, Any]] = {}
        self._answers: LRUCache[Any, Kept] = LRUCache(
            KEPT_BYTES, getsizeof=lambda kept: len(kept.body) + 512
        )
        self._lock = Lock()

    def get(self, key: Any, version: int, now: datetime) -> Kept | None:
        """The answer kept for *key*, if it still holds."""
        with self._lock:
            kept: Kept | None = self._answers.get(key)
        return kept if kept and kept.version == version and now < kept.until else None

    def put(self, key: Any, kept: Kept) -> None:
        """Keep an answer; what was asked for least gives way."""
        if len(kept.body) + 512 <= KEPT_BYTES // 8:
            with self._lock:
                self._answers[key] = kept


def init_app(app: Flask) -> None:
    """Bring what is due into force before reads of content, and keep answers to them."""
    app.extensions["keeper"] = Keeper()
    app.before_request(_catch_up_and_answer)

    @app.after_request
    def keep(response: Response) -> Response:
        key = g.pop("kept_under", None)
        if key is not None and response.status_code == 200 and not response.is_streamed:
            now = current.now()
            turn = _keeper().turn
            response.add_etag()  # once, not for every reader
            minute = now.replace(second=0, microsecond=0) + KEPT_FOR
            until = min(minute, turn.at) if turn.at else minute
            kept = Kept(g.content_version, until, response.get_data(), list(response.headers))
            _keeper().put(key, kept)
        return response


def _keeper() -> Keeper:
    keeper: Keeper = current_app.extensions["keeper"]
    return keeper


def _catch_up_and_answer() -> Response | None:
    rule = access.rule_of_request()
    if not rule.shows_content or request.endpoint in access.LIBRARY_RULES:
        return None
    now = current.now()
    version = g.facts_version = catch_up(session, now)
    if not rule.is_kept or request.method != "GET":
        return None
    key = (request.path, request.query_string, language())
    kept = _keeper().get(key, version, now)
    if kept:
        return current_app.response_class(kept.body, headers=kept.headers)
    g.kept_under, g.content_version = key, version
    return None


def kept(read: Callable[[Session], Fact]) -> Fact:
    """What *read* finds in tables whose changes count, kept in memory until one of them changes.

    Asks the database for the number of changes, once a request, so that a change that another
    process made holds from the next request on. For the beginning of a request: it does not see
    what the request itself has changed and not committed.
    """
    if "facts_version" not in g:
        g.facts_version = changes.version(session)
    version = g.facts_version
    facts = _keeper().facts
    before = facts.get(read)
    if before is None or before[0] != version:
        before = facts[read] = (version, read(session))
    found: Fact = before[1]
    return found


def _version() -> int:
    """The number of changes, by the driver itself: every public read asks for it."""
    engine = current_app.extensions["engine"]
    connection = engine.raw_connection()
    driver = connection.driver_connection
    alone = engine.dialect.name == "postgresql"
    try:
        if alone:
            driver.autocommit = True  # spares a BEGIN before it and a ROLLBACK behind it
        cursor = connection.cursor()
        cursor.execute(changes.ASK_VERSION)
        row = cursor.fetchone()
        cursor.close()
    finally:
        if alone and not driver.closed:
            driver.autocommit = False
        connection.close()
    return int(row[0]) if row else 0


def catch_up(session: Session, now: datetime) -> int:
    """Bring into force what was scheduled for *now* or before; the number of changes then."""
    keeper = _keeper()
    version = _version()
    if version != keeper.turn.version:
        keeper.turn = Turn(version, changes.next_turn(session, now))
    if keeper.turn.at is None or keeper.turn.at > now:
        return version
    try:
        if changes.put_due_in_force(session, now):
            session.commit()
    except (Conflict, StaleDataError):
        session.rollback()  # another process was faster
    version = _version()
    keeper.turn = Turn(version, changes.next_turn(session, now))
    return version
