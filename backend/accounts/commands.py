"""`flask staff`: the accounts and personal tokens of staff."""

from __future__ import annotations

import sys
import uuid
from datetime import timedelta

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import force_locale
from flask_security import EmailValidateException, Security, hash_password

from backend import current, digests
from backend.accounts import staff as accounts
from backend.accounts.roles import Role
from backend.database import session
from content.errors import DomainError


class StaffGroup(AppGroup):
    """Says what the domain refuses as one sentence, not as a traceback."""

    def invoke(self, ctx: click.Context) -> None:
        try:
            super().invoke(ctx)
        except DomainError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=StaffGroup)
def staff() -> None:
    """Accounts and personal tokens of staff."""


@staff.command()
@click.argument("email")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([role.value for role in Role]),
    help="What the person is employed for; may be given several times.",
)
@click.option("--name", help="The person's name; without it, the address up to the @.")
@click.option(
    "--password-stdin",
    is_flag=True,
    help="Read the password from standard input. Without it the password stays as it is.",
)
def add(email: str, roles: tuple[str, ...], name: str | None, password_stdin: bool) -> None:
    """Add a member of staff, or give the account of EMAIL these roles and this password.

    A disabled account is enabled again. A new password ends the account's sessions.
    """
    email = _valid_email(email)
    password = _valid_password(sys.stdin.readline().rstrip("\r\n")) if password_stdin else None
    account = accounts.hire(
        session,
        email=email,
        name=name or email.partition("@")[0],
        roles={Role(role) for role in roles},
        password_hash=hash_password(password) if password else None,
        now=current.now(),
    )
    session.commit()
    click.echo(f"{account.email} is staff now, as {', '.join(account.role_names)}.")


@staff.command()
@click.argument("email")
@click.option("--name", default="command line", help="What the token is for.")
@click.option("--days", type=click.IntRange(1, 3650), help="How long it is good; else for ever.")
def token(email: str, name: str, days: int | None) -> None:
    """Print a new personal token of EMAIL. It is shown only this once."""
    issued = accounts.issue_token(
        session,
        accounts.named(session, email),
        name=name,
        now=current.now(),
        lifetime=timedelta(days=days) if days else None,
    )
    session.commit()
    click.echo(issued)


@staff.command()
@click.argument("email")
def tokens(email: str) -> None:
    """List the personal tokens of EMAIL: id, state, last use, name."""
    now = current.now()
    for row in accounts.tokens_of(session, accounts.named(session, email)):
        expired = row.expires_at is not None and row.expires_at <= now
        state = "revoked" if row.revoked_at else "expired" if expired else "in force"
        used = row.last_used_at.date().isoformat() if row.last_used_at else "never used"
        click.echo(f"{row.id}  {state}  {used}  {row.name}")


@staff.command()
@click.argument("token_id", type=click.UUID)
def revoke(token_id: uuid.UUID) -> None:
    """End the personal token TOKEN_ID, as `tokens` lists it, for good."""
    row = accounts.revoke_token(session, token_id, current.now())
    session.commit()
    click.echo(f"The token {row.name!r} of {row.owner.email} is revoked.")


@staff.command()
@click.argument("email")
def disable(email: str) -> None:
    """Let nobody in by the account EMAIL; its sessions end and its tokens stop working."""
    account = accounts.named(session, email)
    accounts.disable(account)
    session.commit()
    click.echo(f"{account.email} is disabled.")


@staff.command()
@click.argument("email")
@click.option("--off", is_flag=True, help="Send it no more.")
def digest(email: str, off: bool) -> None:
    """Send EMAIL a mail each morning with what waits for approval and what is late, if anything."""
    account = accounts.named(session, email)
    digests.want(session, account, current.now(), wanted=not off)
    session.commit()
    click.echo(f"{account.email} {'has no daily mail any more' if off else 'has the daily mail'}.")
    if not off and not digests.is_on(current.settings()):
        click.echo("No mail goes out before SMTP_URL and MAIL_FROM are set.")


@staff.command("reset-totp")
@click.argument("email")
def reset_totp(email: str) -> None:
    """Forget the authenticator app of EMAIL: the next sign-in sets up a new one."""
    account = accounts.named(session, email)
    accounts.reset_totp(account)
    session.commit()
    click.echo(f"{account.email} sets up an authenticator app at the next sign-in.")


def _security() -> Security:
    security: Security = current_app.extensions["security"]
    return security


def _valid_email(email: str) -> str:
    try:
        return _security().mail_util.normalize(email)
    except EmailValidateException:
        raise click.BadParameter(f"{email!r} is not an e-mail address.") from None


def _valid_password(password: str) -> str:
    with force_locale("en"):
        problems, normalized = _security().password_util.validate(password, is_register=False)
    if problems:
        raise click.BadParameter(" ".join(problems), param_hint="password")
    return normalized
