"""Staff: who calls, by session cookie or by personal token."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import NoReturn

from flask import g, request
from flask_babel import gettext as _
from flask_security import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from backend import current
from backend.accounts import staff
from backend.accounts.models import StaffAccount
from backend.accounts.roles import PERMISSIONS, Permission, Role
from backend.accounts.signin import csrf
from backend.database import session
from content.errors import N_, Refused

USE_IS_NOTED_EVERY = timedelta(hours=1)


@dataclass(frozen=True)
class Staff:
    """A member of staff who calls."""

    id: uuid.UUID
    email: str
    name: str
    roles: frozenset[Role]

    def may(self, permission: Permission) -> bool:
        """Whether one of the person's roles gives *permission*."""
        return any(permission in PERMISSIONS[role] for role in self.roles)

    def role_for(self, permission: Permission) -> Role | None:
        """The role that gives *permission*, the narrowest of several."""
        giving = [role for role in self.roles if permission in PERMISSIONS[role]]
        return min(giving, key=lambda role: (len(PERMISSIONS[role]), role), default=None)


def optional() -> Staff | None:
    """The member of staff who calls; None for anybody else.

    Raises Unauthorized for a token that is not in force, and Refused for a change that comes
    with the session's cookie but without its CSRF token (header X-CSRFToken, or field
    csrf_token of a form): such a request may come from another site's page.
    """
    if "staff" not in g:
        shown = request.authorization
        if shown and shown.type == "bearer" and shown.token is not None:
            g.staff = _by_token(shown.token)
        else:
            g.staff = _by_cookie()
    found: Staff | None = g.staff
    return found


def required() -> Staff:
    """The member of staff who calls. Raises Unauthorized for anybody else."""
    return optional() or refuse(_("This needs a member of staff to sign in."))


def refuse(reason: str) -> NoReturn:
    """Raise Unauthorized that says why and how to sign in."""
    raise Unauthorized(reason, www_authenticate=WWWAuthenticate("bearer", {"realm": "staff"}))


def _by_token(token: str) -> Staff:
    row = staff.token_in_force(session, token, current.now())
    if row is None:
        refuse(_("This personal token is unknown, expired or revoked."))
    now = current.now()
    if row.last_used_at is None or now - row.last_used_at >= USE_IS_NOTED_EVERY:
        row.last_used_at = now
        session.commit()
    return _staff(row.owner)


def _by_cookie() -> Staff | None:
    if not current_user.is_authenticated:
        return None
    try:
        csrf.protect()
    except CSRFError as error:
        raise Refused(
            N_("The page is too old, or this did not come from it. Load it again.")
        ) from error
    return _staff(current_user)


def _staff(account: StaffAccount) -> Staff:
    roles = frozenset(Role(name) for name in account.role_names)
    return Staff(id=account.id, email=account.email, name=account.name, roles=roles)
