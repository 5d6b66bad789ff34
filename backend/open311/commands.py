"""`flask open311`: the keys of other systems."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from backend import current
from backend.database import session
from backend.open311 import keys
from content.errors import DomainError, Invalid
from content.publishing import Edit


def _edit() -> Edit:
    """Whoever works at the machine itself."""
    return Edit(by="command", now=current.now())


@click.group()
def open311() -> None:
    """What other systems may do by Open311."""


@open311.group()
def key() -> None:
    """API keys of other systems."""


@key.command()
@click.argument("label")
@click.option("--office", help="The code of the office whose reports the system works on.")
@click.option(
    "--updates/--no-updates",
    default=True,
    help="Whether it may post updates to the reports it filed and to those of its office.",
)
@with_appcontext
def add(label: str, office: str | None, updates: bool) -> None:
    """Print a new API key for the system LABEL. It is shown only this once."""
    try:
        issued = keys.issue(session, label, office=office, may_update=updates, edit=_edit())
    except Invalid as error:
        raise click.BadParameter(error.errors["office"][0], param_hint="--office") from error
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    session.commit()
    click.echo(issued)


@key.command("list")
@with_appcontext
def list_() -> None:
    """List the keys: state, last use, office, whether they post updates, label."""
    for row in keys.every(session):
        state = "revoked" if row.revoked_at else "in force"
        used = row.last_used_at.date().isoformat() if row.last_used_at else "never used"
        updates = "updates" if row.may_update else "no updates"
        click.echo(f"{state}  {used}  {row.office or '-'}  {updates}  {row.label}")


@key.command()
@click.argument("label")
@with_appcontext
def revoke(label: str) -> None:
    """End the key of the system LABEL for good."""
    try:
        keys.revoke(session, label, _edit())
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    session.commit()
    click.echo(f"The key {label} is revoked.")
