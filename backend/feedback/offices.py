"""Offices: making, changing and removing them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from backend.feedback.models import Report
from backend.feedback.office_models import Office, OfficeMember, RoutingRule
from backend.feedback.people import check_people
from backend.feedback.workflow import CLOSED
from content import audit
from content.errors import N_, Conflict, Invalid, NotFound
from content.publishing import Edit
from content.store import Localized, insert_into

SUBJECT = "office"


def every_office(session: Session) -> Sequence[Office]:
    """All offices, by their codes."""
    return session.scalars(select(Office).order_by(Office.code)).all()


def office_of_code(session: Session, code: str) -> Office:
    """The office *code*. Raises NotFound."""
    office = session.scalar(select(Office).where(Office.code == code))
    if office is None:
        raise NotFound(N_("There is no such office."))
    return office


def check_office(session: Session, code: str, field: str = "office") -> None:
    """Raise Invalid that names *field* where there is no office *code*."""
    if session.scalar(select(Office.id).where(Office.code == code)) is None:
        raise Invalid({field: [N_("There is no such office.")]})


def office_names(session: Session) -> dict[str, Localized]:
    """The names of all offices by their codes."""
    rows = session.execute(select(Office.code, Office.name)).all()
    return {row.code: row.name for row in rows}


def members(session: Session) -> dict[uuid.UUID, list[uuid.UUID]]:
    """Who works in each office, by the offices' ids."""
    found: dict[uuid.UUID, list[uuid.UUID]] = {}
    for row in session.scalars(select(OfficeMember).order_by(OfficeMember.staff_id)):
        found.setdefault(row.office_id, []).append(row.staff_id)
    return found


def open_office(session: Session, values: Mapping[str, Any], edit: Edit) -> Office:
    """A new office of these *values*: code, name, email, phone, members.

    Raises Conflict for a code that is taken, and Invalid for a member who is not at work.
    """
    people = values.get("members") or []
    check_people(session, people, "members")
    statement = insert_into(session, Office).values(
        code=values["code"],
        name=values["name"],
        email=values.get("email"),
        phone=values.get("phone"),
        created_at=edit.now,
        updated_at=edit.now,
        changed_by=edit.by,
    )
    office: Office | None = session.scalar(
        statement.on_conflict_do_nothing(index_elements=["code"]).returning(Office)
    )
    if office is None:
        raise Conflict(N_("There is an office with this code already."))
    _seat(session, office, people)
    audit.record(
        session,
        edit,
        act="create",
        subject=(SUBJECT, office.code),
        after=_values(session, office),
    )
    return office


def change_office(session: Session, code: str, values: Mapping[str, Any], edit: Edit) -> Office:
    """Give the office *code* other *values*: name, email, phone, members.

    Raises NotFound, and Invalid for a member who is not at work.
    """
    office = office_of_code(session, code)
    before = _values(session, office)
    if (people := values.get("members")) is not None:
        check_people(session, people, "members")
        _seat(session, office, people)
    for name in ("name", "email", "phone"):
        if name in values:
            setattr(office, name, values[name])
    office.updated_at, office.changed_by = edit.now, edit.by
    session.flush()
    audit.record(
        session,
        edit,
        act="change",
        subject=(SUBJECT, code),
        before=before,
        after=_values(session, office),
    )
    return office


def close_office(session: Session, code: str, edit: Edit) -> None:
    """Remove the office *code*; what it has closed keeps its code.

    Raises NotFound, and Conflict while open reports or rules name it.
    """
    office = office_of_code(session, code)
    rules = select(func.count()).select_from(RoutingRule).where(RoutingRule.office == code)
    if session.scalar(rules):
        raise Conflict(N_("Routing rules name this office: change them first."))
    at_work = select(func.count()).select_from(Report).where(Report.office == code)
    if session.scalar(at_work.where(Report.status.not_in(CLOSED))):
        raise Conflict(N_("This office has open reports: give them to another one first."))
    audit.record(
        session, edit, act="delete", subject=(SUBJECT, code), before=_values(session, office)
    )
    session.execute(delete(OfficeMember).where(OfficeMember.office_id == office.id))
    session.delete(office)
    session.flush()


def _seat(session: Session, office: Office, people: Sequence[uuid.UUID]) -> None:
    session.execute(delete(OfficeMember).where(OfficeMember.office_id == office.id))
    session.add_all(
        OfficeMember(office_id=office.id, staff_id=person) for person in dict.fromkeys(people)
    )
    session.flush()


def _values(session: Session, office: Office) -> dict[str, Any]:
    people = members(session).get(office.id, [])
    return {
        "name": office.name,
        "email": office.email,
        "phone": office.phone,
        "members": [str(person) for person in people],
    }
