"""The town's office hours, and what it promises for each category, as staff can change them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, tzinfo
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.feedback.deadlines import (
    OFFICE_HOURS,
    Promise,
    WorkingTime,
    promise_from,
    read_week,
)
from content import audit, town
from content.changes import SEEN
from content.errors import N_, Invalid, NotFound
from content.holidays.computed import FIRST_YEAR, LAST_YEAR
from content.holidays.queries import days_off_in
from content.publishing import Edit
from content.store import Base, Edited
from content.vocabularies.models import Term, Vocabulary
from content.vocabularies.queries import find_term, terms

ONLY = 1


class OfficeHours(Edited, Base):
    """One row: when the offices are open, in the words of `deadlines.read_week`."""

    __tablename__ = "office_hours"
    __table_args__ = {"info": SEEN}

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hours: Mapped[str]


def office_hours(session: Session) -> str:
    """When the offices are open, as staff have entered it, else the default."""
    return session.scalar(select(OfficeHours.hours)) or OFFICE_HOURS


def enter_office_hours(session: Session, hours: str, edit: Edit) -> str:
    """Let the offices be open in *hours*; promises that were made stay. Raises Invalid."""
    read_week(hours)
    before = office_hours(session)
    row = session.get(OfficeHours, ONLY) or OfficeHours(id=ONLY, created_at=edit.now)
    row.hours, row.updated_at, row.changed_by = hours, edit.now, edit.by
    session.add(row)
    session.flush()
    audit.record(
        session,
        edit,
        act="change",
        subject=("office hours", "all"),
        before={"hours": before},
        after={"hours": hours},
    )
    return hours


def working_time(session: Session, zone: tzinfo = town.TIME) -> WorkingTime:
    """How working time passes in this town, with the public holidays as staff entered them."""
    return working_in(office_hours(session), lambda year: days_off_in(session, year), zone)


def working_in(
    hours: str, days_off: Callable[[int], frozenset[date]], zone: tzinfo = town.TIME
) -> WorkingTime:
    """How working time passes in *hours*, but for the *days_off* of each year."""
    known: dict[int, frozenset[date]] = {}

    def off(day: date) -> bool:
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            return False
        if day.year not in known:
            known[day.year] = days_off(day.year)
        return day in known[day.year]

    return WorkingTime(read_week(hours), zone, off)


def promise_of(session: Session, category: str, working: WorkingTime) -> Promise:
    """What the town promises for reports of *category*."""
    term = find_term(session, Vocabulary.REPORT, category)
    return promise_from(term.promise if term else None, working)


def every_promise(session: Session) -> list[tuple[Term, Promise]]:
    """The categories that reports are filed under, each with its promise."""
    working = working_time(session)
    every: Sequence[Term] = terms(session, Vocabulary.REPORT)
    groups = {term.parent for term in every}
    return [
        (term, promise_from(term.promise, working)) for term in every if term.code not in groups
    ]


def enter_promise(
    session: Session, category: str, said: Mapping[str, Any] | None, edit: Edit
) -> Term:
    """Let *said* be the promise of *category* from now on; None for the town's default.

    Reports on file keep what they were promised. Raises NotFound, and Invalid for a promise to
    resolve before it is acknowledged.
    """
    term = find_term(session, Vocabulary.REPORT, category)
    if term is None:
        raise NotFound(N_("There is no such category."))
    if said and said["acknowledge_hours"] > said["resolve_hours"]:
        raise Invalid({"acknowledge_hours": [N_("Not later than the resolution.")]})
    before = term.promise
    term.promise = dict(said) if said else None
    term.updated_at, term.changed_by = edit.now, edit.by
    session.flush()
    audit.record(
        session,
        edit,
        act="change",
        subject=("promise", category),
        before={"promise": before},
        after={"promise": term.promise},
    )
    return term
