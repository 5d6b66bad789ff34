"""`flask retention`: anonymising what is old, and proving that it is done."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from backend import current
from backend.database import session
from backend.feedback import retention


@click.group("retention")
def group() -> None:
    """How long closed reports may name anybody."""


@group.command()
@with_appcontext
def check() -> None:
    """Exit with 1 if a report that is older than REPORT_RETENTION_DAYS still names anybody.

    The worker goes over them once a day, so a day more is allowed.
    """
    before = current.now() - current.settings().report_retention - retention.DAY
    found = retention.held(session, before)
    last = retention.last_run(session)
    if last is None:
        click.echo("Nothing was anonymised yet.")
    else:
        click.echo(
            f"Last run {last.at:%Y-%m-%d %H:%M} UTC: {last.anonymised} reports anonymised, "
            f"closed before {last.closed_before:%Y-%m-%d %H:%M} UTC."
        )
    if found:
        held = ", ".join(f"{name}: {count}" for name, count in found.items())
        raise click.ClickException(
            f"Reports closed before {before:%Y-%m-%d %H:%M} UTC still hold {held}."
        )
    click.echo(f"No report closed before {before:%Y-%m-%d %H:%M} UTC names anybody.")


@group.command()
@with_appcontext
def run() -> None:
    """Anonymise now what is due, without waiting for the worker."""
    now = current.now()
    before = now - current.settings().report_retention
    total = 0
    while done := retention.anonymise_due(session, before, now):
        session.commit()
        total += done
    session.add(retention.RetentionRun(at=now, closed_before=before, anonymised=total))
    session.commit()
    click.echo(f"Anonymised: {total} reports.")
