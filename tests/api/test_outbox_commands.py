"""`flask outbox`: what was given up is listed, and is tried again when somebody says so."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy.orm import Session

from notifications import outbox
from tests.conftest import TurnableClock


def test_given_up_jobs_are_listed_without_their_content_and_replayed(
    app: Flask, session: Session, clock: TurnableClock
) -> None:
    for kind in ("push", "hook"):
        outbox.enqueue(session, kind, {"about": "a secret"}, now=clock())
        lease = outbox.claim(session, [kind], now=clock(), lease=timedelta(seconds=10))
        assert lease
        outbox.bury(session, lease, now=clock(), reason=f"{kind} refused")
    session.commit()
    run = app.test_cli_runner().invoke

    listed = run(args=["outbox", "buried"]).output
    assert "push refused" in listed
    assert "Buried: 2 jobs." in listed
    assert "secret" not in listed

    assert run(args=["outbox", "replay", "--kind", "push"]).output == "Back in the queue: 1 jobs.\n"
    assert "Buried: 1 jobs." in run(args=["outbox", "buried"]).output
    none = run(args=["outbox", "replay", "4711"])
    assert none.exit_code == 1
    assert "not buried" in none.output
