"""The engine, and one session a request."""

from __future__ import annotations

from typing import Any, TypeVar, cast

import orjson
from flask import Flask, current_app, g
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import Session, scoped_session, sessionmaker


def engine_for(url: str) -> Engine:
    """An engine for *url*; SQLite in write-ahead mode, with foreign keys and patience for locks.

    Errors, which are logged, do not repeat the values of a statement: these may be personal.
    """
    if not url.startswith("sqlite"):
        return create_engine(
            url,
            pool_pre_ping=True,
            pool_size=10,
            max_overflow=20,
            hide_parameters=True,
            json_deserializer=orjson.loads,
        )
    engine = create_engine(
        url,
        connect_args={"timeout": 15},
        hide_parameters=True,
        json_deserializer=orjson.loads,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA busy_timeout=15000")
    cursor.close()


def _open_session() -> Session:
    opened: Session = current_app.extensions["sessions"]()
    return opened


Row = TypeVar("Row")

sessions: scoped_session[Session] = scoped_session(
    _open_session,  # type: ignore[arg-type] # any callable that makes a session will do
    scopefunc=lambda: id(g._get_current_object()),
)
"""One session a request, for libraries that ask for all of them."""

session = cast(Session, sessions)
"""The request's session. Routes commit it; what is not committed is rolled back."""


def at_hand(kind: type[Row]) -> list[Row]:
    """The rows of *kind* that are in memory: what one needs is best looked up for all of them."""
    return [row for row in session.identity_map.values() if isinstance(row, kind)]


def init_app(app: Flask, engine: Engine) -> None:
    """Bind *app* to *engine* and close its session after every request or command."""
    app.extensions["engine"] = engine
    app.extensions["sessions"] = sessionmaker(engine)

    @app.teardown_appcontext
    def close_session(_: BaseException | None) -> None:
        sessions.remove()
