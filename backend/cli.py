"""The `flask` commands: database, seed, worker, staff."""

from __future__ import annotations

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from backend import current, migrating, outbox_commands
from backend.accounts import commands as accounts
from backend.database import session
from backend.feedback import retention_commands as retention
from backend.feedback import samples as offices
from backend.vocabularies.commands import quarters
from backend.work import work
from content import seeding


def init_app(app: Flask) -> None:
    """Give *app* its commands."""
    app.cli.add_command(migrate)
    app.cli.add_command(seed)
    app.cli.add_command(sample)
    app.cli.add_command(accounts.staff)
    app.cli.add_command(work)
    app.cli.add_command(retention.group)
    app.cli.add_command(outbox_commands.group)
    app.cli.add_command(quarters)


@click.command()
@with_appcontext
def migrate() -> None:
    """Bring the database to the newest schema."""
    migrating.upgrade(current_app.extensions["engine"])


@click.command()
@with_appcontext
@click.option("--sample", is_flag=True, help="Also sample data, each row marked as such.")
def seed(sample: bool) -> None:
    """Put the verified facts of the town on file; what people have changed stays."""
    facts = seeding.seed(session, current.now())
    samples = 0
    if sample:
        samples = seeding.seed_samples(session, current.now())
        samples += offices.seed_samples(session, current.now())
    session.commit()
    click.echo(f"Added or brought up to date: {facts} facts, {samples} samples.")


@click.group()
def sample() -> None:
    """Sample data, invented to show what the pages look like."""


@sample.command("remove")
@with_appcontext
def remove_samples() -> None:
    """Remove all sample data."""
    removed = seeding.remove_samples(session) + offices.remove_samples(session)
    session.commit()
    click.echo(f"Removed: {removed} samples.")
