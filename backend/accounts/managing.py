"""What an administrator does to the accounts of staff: within rules, and on the audit.

The command line does the same without these rules: whoever has it holds the database anyway.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts import staff
from backend.accounts.models import StaffAccount, StaffToken
from backend.accounts.roles import PERMISSIONS, Permission, Role
from content import audit
from content.errors import N_, Conflict, NotFound
from content.publishing import Edit

OWN = N_("You cannot take this from yourself. Ask another administrator.")


def everybody(session: Session) -> list[StaffAccount]:
    """All accounts, those in use first, by name."""
    every = session.scalars(select(StaffAccount))
    return sorted(every, key=lambda one: (not one.active, one.name, one.email))


def find(session: Session, account_id: uuid.UUID) -> StaffAccount:
    """The account of that id. Raises NotFound."""
    account = session.get(StaffAccount, account_id)
    if account is None:
        raise NotFound(N_("There is no such member of staff."))
    return account


def invite(
    session: Session,
    edit: Edit,
    *,
    email: str,
    name: str,
    roles: Collection[Role],
    password_hash: str,
) -> StaffAccount:
    """A new account. Raises Conflict where *email* has one already."""
    if session.scalar(select(StaffAccount.id).where(StaffAccount.email == email.lower())):
        raise Conflict(N_("%(email)s has an account already."), email=email)
    account = staff.hire(
        session, email=email, name=name, roles=roles, password_hash=password_hash, now=edit.now
    )
    _record(session, edit, "invite", account, after={"email": account.email} | _shown(account))
    return account


def change(
    session: Session, account: StaffAccount, edit: Edit, *, name: str, roles: Collection[Role]
) -> None:
    """Give *account* this name and exactly these roles.

    Raises Conflict where nobody would be left to manage staff, or where who does this would
    lose the own right to.
    """
    if not _manage(roles):
        _keep_managers(session, account, edit)
    before = _shown(account)
    account.name, account.role_names = name, sorted(roles)
    session.flush()
    _record(session, edit, "change", account, before=before, after=_shown(account))


def disable(session: Session, account: StaffAccount, edit: Edit) -> None:
    """Let nobody in by *account*. Raises Conflict as `change` does, and for the own account."""
    _refuse_own(account, edit)
    _keep_managers(session, account, edit)
    staff.disable(account)
    _record(session, edit, "disable", account)


def enable(session: Session, account: StaffAccount, edit: Edit) -> None:
    """Let *account* in again, with the roles, password and authenticator app it had."""
    account.active = True
    _record(session, edit, "enable", account)


def reset_authenticator(session: Session, account: StaffAccount, edit: Edit) -> None:
    """Let the next sign-in set up a new app. Raises Conflict for the own account: a session
    that somebody else got hold of must not be enough to move the second factor.
    """
    _refuse_own(account, edit)
    staff.reset_totp(account)
    _record(session, edit, "reset_authenticator", account)


def set_password(session: Session, account: StaffAccount, edit: Edit, password_hash: str) -> None:
    """Replace the password and end the account's sessions. Raises Conflict for the own one."""
    if str(account.id) == edit.by:
        raise Conflict(N_("Change your own password on the page My password."))
    account.password = password_hash
    staff.end_sessions(account)
    _record(session, edit, "set_password", account)


def issue_token(
    session: Session, account: StaffAccount, edit: Edit, *, name: str, lifetime: timedelta
) -> str:
    """A new personal token, shown only here. Raises Conflict for a disabled account."""
    token = staff.issue_token(session, account, name=name, now=edit.now, lifetime=lifetime)
    _record(session, edit, "issue_token", account, after={"token": name})
    return token


def revoke_token(
    session: Session, account: StaffAccount, token_id: uuid.UUID, edit: Edit
) -> StaffToken:
    """End a token of *account* for good. Raises NotFound."""
    if token_id not in {token.id for token in staff.tokens_of(session, account)}:
        raise NotFound(N_("There is no token %(id)s."), id=token_id)
    token = staff.revoke_token(session, token_id, edit.now)
    _record(session, edit, "revoke_token", account, before={"token": token.name})
    return token


def _shown(account: StaffAccount) -> dict[str, Any]:
    return {"name": account.name, "roles": list(account.role_names)}


def _record(
    session: Session,
    edit: Edit,
    act: str,
    account: StaffAccount,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    subject = ("staff", str(account.id))
    audit.record(session, edit, act=act, subject=subject, before=before, after=after)


def _manage(roles: Collection[str]) -> bool:
    return any(Permission.MANAGE_STAFF in PERMISSIONS[Role(role)] for role in roles)


def _refuse_own(account: StaffAccount, edit: Edit) -> None:
    if str(account.id) == edit.by:
        raise Conflict(OWN)


def _keep_managers(session: Session, account: StaffAccount, edit: Edit) -> None:
    if not _manage(account.role_names):
        return
    _refuse_own(account, edit)
    # On PostgreSQL two who remove each other at the same moment wait here for one another.
    in_use = session.scalars(
        select(StaffAccount).where(StaffAccount.active).order_by(StaffAccount.id).with_for_update()
    ).all()
    if not any(one.password and _manage(one.role_names) for one in in_use if one is not account):
        raise Conflict(N_("Somebody who signs in by page has to be left to manage staff."))
