"""Whether this process lives, and whether everything it needs answers."""

from __future__ import annotations

from collections.abc import Callable

import httpx
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, Response
from sqlalchemy import text

from backend import current, migrating
from backend.accounts import access
from backend.database import session
from backend.rest import answer_json
from notifications import gate
from notifications.worker import worker_alive


def init_app(app: Flask) -> None:
    """Serve /healthz and /readyz."""

    @app.get("/healthz")
    @access.anyone
    def healthz() -> Response:
        """200 while the process lives."""
        return answer_json({"status": "ok"}, 200)

    @app.get("/readyz")
    @access.anyone
    def readyz() -> Response:
        """200 when database, migrations, chatbot and worker answer and the push service takes
        our credentials; 503 names what does not."""
        parts = {name: _state(check) for name, check in CHECKS.items()}
        ready = all(state == "ok" for state in parts.values())
        status = {"status": "ok" if ready else "unavailable", "parts": parts}
        return answer_json(status, 200 if ready else 503)


def _state(check: Callable[[], bool | str]) -> str:
    try:
        found = check()
    except Exception:
        session.rollback()
        return "missing"
    if isinstance(found, str):
        return found
    return "ok" if found else "missing"


def _database() -> bool:
    return session.execute(text("SELECT 1")).scalar() == 1


def _migrations() -> bool:
    applied = MigrationContext.configure(session.connection()).get_current_heads()
    wanted = ScriptDirectory.from_config(migrating.config()).get_heads()
    return set(applied) == set(wanted)


def _chatbot() -> bool:
    urls = current.settings().chatbot_urls
    return all(httpx.get(f"{url}/", timeout=2).is_success for url in urls)


def _worker() -> bool:
    return worker_alive(session, current.now())


def _push() -> bool | str:
    closed = gate.shut(session)
    # A service that fails for a while is its own affair; refused credentials are ours to mend.
    if closed and closed.alarm:
        return f"alarm: {closed.reason} since {closed.since:%Y-%m-%dT%H:%M:%SZ}"
    return True


CHECKS: dict[str, Callable[[], bool | str]] = {
    "database": _database,
    "migrations": _migrations,
    "chatbot": _chatbot,
    "worker": _worker,
    "push": _push,
}
