"""The staff as work on reports needs to know them: who there is, who leads, who sees what."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence

from sqlalchemy import Boolean, Uuid, bindparam, column, select, table
from sqlalchemy.orm import Session

from backend.accounts.roles import Role
from backend.feedback.office_models import Office, OfficeMember
from content.errors import N_, Invalid
from content.store import Json, holds, table_of

# The table without its model, which belongs to the library that signs people in.
STAFF = table(
    "staff", column("id", Uuid()), column("active", Boolean()), column("role_names", Json())
)

_office, _member = table_of(Office), table_of(OfficeMember)
OFFICES_OF = (
    select(_office.c.code)
    .join(_member, _member.c.office_id == _office.c.id)
    .where(_member.c.staff_id == bindparam("staff_id", type_=Uuid()))
)


def check_people(session: Session, ids: Collection[uuid.UUID], field: str) -> None:
    """Raise Invalid that names *field* unless each of *ids* is a member of staff at work."""
    known = session.scalars(select(STAFF.c.id).where(STAFF.c.id.in_(ids), STAFF.c.active)).all()
    if set(ids) - set(known):
        raise Invalid({field: [N_("There is no such member of staff.")]})


def members_of(session: Session, office: str | None) -> Sequence[uuid.UUID]:
    """Who works in the office with that code, of those who are at work."""
    found = (
        select(STAFF.c.id)
        .join(OfficeMember, OfficeMember.staff_id == STAFF.c.id)
        .join(Office, Office.id == OfficeMember.office_id)
        .where(Office.code == office, STAFF.c.active)
    )
    return session.scalars(found).all()


def leaders(session: Session) -> Sequence[uuid.UUID]:
    """The leaders of the town who are at work."""
    led = holds(STAFF.c.role_names, Role.LEADER.value)
    return session.scalars(select(STAFF.c.id).where(STAFF.c.active, led)).all()


def offices_of(session: Session, staff_id: uuid.UUID) -> Sequence[str]:
    """The codes of the offices that somebody works in."""
    return session.scalars(OFFICES_OF, {"staff_id": staff_id}).all()
