"""A bell that rings in every worker when a job is put, where the database can ring one."""

from __future__ import annotations

import contextlib
import threading
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from notifications.outbox import CHANNEL

log = structlog.get_logger()

PATIENCE = 0.5
"""Seconds after which it looks whether it shall end, and between tries to listen again."""


class Bell(threading.Thread):
    """Listens to PostgreSQL on a connection of its own; on SQLite it never rings.

    It is a help and no promise: whoever hears it still looks by himself now and then, since a
    ring is lost while the connection is.
    """

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        super().__init__(name="bell", daemon=True)
        self._engine = sessions.kw["bind"]
        self._ended = threading.Event()
        self._heard: list[threading.Event] = []

    def hear(self) -> threading.Event:
        """An event that is set at each ring."""
        rung = threading.Event()
        self._heard.append(rung)
        return rung

    def ring(self) -> None:
        """Wake everybody who hears it."""
        for rung in list(self._heard):
            rung.set()

    def end(self) -> None:
        """Listen no more."""
        self._ended.set()
        self.join()

    def run(self) -> None:
        """Listen until `end`."""
        if self._engine.dialect.name != "postgresql":
            return
        while not self._ended.is_set():
            try:
                kept = self._engine.raw_connection()
                connection = kept.driver_connection
                kept.detach()  # it never goes back among those for other uses
                with contextlib.closing(connection):
                    self._listen(connection)
            except (SQLAlchemyError, self._engine.dialect.loaded_dbapi.Error):
                log.warning("the database rings no bell")
                self._ended.wait(PATIENCE)

    def _listen(self, connection: Any) -> None:
        connection.autocommit = True
        connection.execute(f"LISTEN {CHANNEL}")
        self.ring()  # what was put before this moment
        while not self._ended.is_set():
            for _ in connection.notifies(timeout=PATIENCE, stop_after=1):
                self.ring()
