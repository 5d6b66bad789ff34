"""`flask outbox`: what the queue gave up, and giving it another chance."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from backend import current
from backend.database import session
from notifications import outbox


@click.group("outbox")
def group() -> None:
    """The queue of work to be done."""


@group.command()
@with_appcontext
@click.option("--kind", help="Only jobs of this kind.")
def buried(kind: str | None) -> None:
    """List the jobs that were given up, with the reason; what they are about is not shown."""
    jobs = outbox.buried(session, kind)
    for job in jobs:
        since = f"{job.settled_at:%Y-%m-%d %H:%M} UTC" if job.settled_at else "?"
        click.echo(f"{job.id}\t{job.kind}\t{since}\t{job.attempts} tries\t{job.last_error}")
    click.echo(f"Buried: {len(jobs)} jobs.")


@group.command()
@with_appcontext
@click.option("--kind", help="Only jobs of this kind.")
@click.argument("jobs", nargs=-1, type=int)
def replay(kind: str | None, jobs: tuple[int, ...]) -> None:
    """Put buried JOBS back in the queue; without any, all of them."""
    replayed = outbox.replay(session, now=current.now(), kind=kind, ids=jobs)
    session.commit()
    click.echo(f"Back in the queue: {replayed} jobs.")
    if jobs and replayed < len(set(jobs)):
        raise click.ClickException("The others are not buried.")
