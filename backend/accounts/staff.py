"""What is done to the accounts of staff: hire, disable, hand out tokens and take them back."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import String, bindparam, select
from sqlalchemy.orm import Session, joinedload

from backend.accounts.models import StaffAccount, StaffToken
from backend.accounts.roles import Role
from content.errors import N_, Conflict, NotFound


def hire(
    session: Session,
    *,
    email: str,
    name: str,
    roles: Collection[Role],
    password_hash: str | None,
    now: datetime,
) -> StaffAccount:
    """The account of *email* with exactly these *roles*; made, or changed and enabled again.

    A password that is given replaces the old one and ends the account's sessions. An account
    without a password cannot be signed in to by page, but may have tokens.
    """
    email = email.lower()
    account = session.scalar(select(StaffAccount).where(StaffAccount.email == email))
    if account is None:
        account = StaffAccount(email=email, created_at=now)
        session.add(account)
    account.name = name
    account.role_names = sorted(roles)
    account.active = True
    if password_hash is not None:
        account.password = password_hash
        end_sessions(account)
    session.flush()
    return account


def named(session: Session, email: str) -> StaffAccount:
    """The account of *email*. Raises NotFound."""
    account = session.scalar(select(StaffAccount).where(StaffAccount.email == email.lower()))
    if account is None:
        raise NotFound(N_("There is no member of staff %(email)s."), email=email)
    return account


def issue_token(
    session: Session,
    account: StaffAccount,
    *,
    name: str,
    now: datetime,
    lifetime: timedelta | None = None,
) -> str:
    """A new personal token of *account*, shown only here: the database keeps its SHA-256.

    Raises Conflict for a disabled account.
    """
    if not account.active:
        raise Conflict(N_("The account %(email)s is disabled."), email=account.email)
    token = secrets.token_urlsafe(32)
    session.add(
        StaffToken(
            owner=account,
            name=name,
            digest=digest_of(token),
            created_at=now,
            expires_at=now + lifetime if lifetime else None,
        )
    )
    session.flush()
    return token


def digest_of(token: str) -> str:
    """What the database keeps of a token. Tokens are random, so they need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


# Made once, with the owner: every request of the staff's scripts and apps asks it.
OF_DIGEST = (
    select(StaffToken)
    .where(StaffToken.digest == bindparam("digest", type_=String()))
    .options(joinedload(StaffToken.owner, innerjoin=True))
)


def token_in_force(session: Session, token: str, now: datetime) -> StaffToken | None:
    """The row of *token* if it is neither revoked nor expired and its owner is active."""
    row = session.scalar(OF_DIGEST, {"digest": digest_of(token)})
    if row is None or row.revoked_at or not row.owner.active:
        return None
    return None if row.expires_at and row.expires_at <= now else row


def tokens_of(session: Session, account: StaffAccount) -> list[StaffToken]:
    """Every token that *account* ever had, the newest last."""
    owned = select(StaffToken).where(StaffToken.staff_id == account.id)
    return list(session.scalars(owned.order_by(StaffToken.created_at)))


def revoke_token(session: Session, token_id: uuid.UUID, now: datetime) -> StaffToken:
    """End a token for good. Raises NotFound."""
    row = session.get(StaffToken, token_id)
    if row is None:
        raise NotFound(N_("There is no token %(id)s."), id=token_id)
    row.revoked_at = row.revoked_at or now
    return row


def disable(account: StaffAccount) -> None:
    """Let nobody in by this account: not by page, not by token, not by a running session."""
    account.active = False
    end_sessions(account)


def reset_totp(account: StaffAccount) -> None:
    """Forget the authenticator app of *account*: the next sign-in sets up a new one."""
    account.tf_primary_method = None
    account.tf_totp_secret = None
    account.last_totp_counter = None
    end_sessions(account)


def end_sessions(account: StaffAccount) -> None:
    """Sign *account* out everywhere: no cookie names it any more."""
    account.fs_uniquifier = uuid.uuid4().hex
