"""API keys: made, shown once, listed, ended, and recognised."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.feedback.offices import check_office
from backend.open311.models import ClientKey
from content import audit
from content.errors import N_, Conflict, NotFound, Refused
from content.publishing import Edit

SUBJECT = "open311_key"


def issue(session: Session, label: str, *, office: str | None, may_update: bool, edit: Edit) -> str:
    """A new key for the system *label*, shown only here: the database keeps its SHA-256.

    *office* is a code. Raises Conflict for a label that is taken, also by a key that was
    revoked: the history of reports names keys by their labels; Invalid for an unknown office.
    """
    if office:
        check_office(session, office)
    if session.scalar(select(ClientKey.id).where(ClientKey.label == label)):
        raise Conflict(N_("There is a key %(label)s already."), label=label)
    key = secrets.token_urlsafe(32)
    made = ClientKey(
        label=label,
        digest=_digest(key),
        office=office,
        may_update=may_update,
        created_at=edit.now,
    )
    session.add(made)
    session.flush()
    said = {"label": label, "office": office, "may_update": may_update}
    audit.record(session, edit, act="issue_token", subject=(SUBJECT, str(made.id)), after=said)
    return key


def every(session: Session) -> Sequence[ClientKey]:
    """All keys by their labels, revoked ones too."""
    return session.scalars(select(ClientKey).order_by(ClientKey.label)).all()


def revoke(session: Session, label: str, edit: Edit) -> ClientKey:
    """End a key for good; ending it again changes nothing. Raises NotFound."""
    key = session.scalar(select(ClientKey).where(ClientKey.label == label))
    if key is None:
        raise NotFound(N_("There is no key %(label)s."), label=label)
    if key.revoked_at is None:
        key.revoked_at = edit.now
        audit.record(session, edit, act="revoke_token", subject=(SUBJECT, str(key.id)), note=label)
    return key


def find(session: Session, shown: str | None) -> ClientKey | None:
    """The key in force that *shown* is; None for none."""
    if not shown:
        return None
    return session.scalar(
        select(ClientKey).where(ClientKey.digest == _digest(shown), ClientKey.revoked_at.is_(None))
    )


def required(session: Session, shown: str | None, now: datetime) -> ClientKey:
    """The key in force that *shown* is, marked as used. Raises Refused."""
    if not shown:
        raise Refused(N_("An api_key is needed."))
    key = find(session, shown)
    if key is None:
        raise Refused(N_("This api_key is not known or no longer in force."))
    key.last_used_at = now
    return key


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
