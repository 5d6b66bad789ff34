"""The engine, and one session a request."""

from __future__ import annotations

import select
from collections.abc import Callable
from typing import Any, TypeVar, cast

import orjson
from flask import Flask, current_app, g
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import Session, scoped_session, sessionmaker

View = TypeVar("View", bound=Callable[..., Any])


def engine_for(url: str) -> Engine:
    """An engine for *url*; SQLite in write-ahead mode, with foreign keys and patience for locks.

    Errors, which are logged, do not repeat the values of a statement: these may be personal.
    """
    if not url.startswith("sqlite"):
        engine = create_engine(
            url,
            pool_size=10,
            max_overflow=20,
            # Compiling a query that takes a millisecond would take a hundred of them.
            connect_args={"options": "-c jit=off"},
            hide_parameters=True,
            json_deserializer=orjson.loads,
        )
        event.listen(engine, "checkout", _check_alive)
        return engine
    engine = create_engine(
        url,
        connect_args={"timeout": 15},
        hide_parameters=True,
        json_deserializer=orjson.loads,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _check_alive(connection: Any, _: Any, __: Any) -> None:
    # A server that has gone has closed its end, which can be seen without asking it anything.
    watched = select.poll()
    watched.register(connection.fileno(), select.POLLIN)
    if watched.poll(0):
        raise DisconnectionError


def _prepare_sqlite(connection: Any, _: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA busy_timeout=15000")
    cursor.close()


def _open_session() -> Session:
    kind = "reading_sessions" if g.get("only_reads") else "sessions"
    opened: Session = current_app.extensions[kind]()
    return opened


def only_reads(view: View) -> View:
    """Say that *view* changes nothing: each of its queries then stands for itself.

    PostgreSQL is spared the transactions around them, which cost more than some queries.
    """
    view.only_reads = True  # type: ignore[attr-defined]
    return view


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
    app.extensions["sessions"] = app.extensions["reading_sessions"] = sessionmaker(engine)
    if engine.dialect.name == "postgresql":
        reading = engine.execution_options(isolation_level="AUTOCOMMIT")
        app.extensions["reading_sessions"] = sessionmaker(reading)

    @app.teardown_appcontext
    def close_session(_: BaseException | None) -> None:
        sessions.remove()
