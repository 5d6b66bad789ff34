"""Entering the public holidays of a year."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from content import audit
from content.errors import N_, Conflict, Invalid
from content.holidays.computed import Holiday
from content.holidays.models import HolidayYear
from content.holidays.queries import Year, check_year, of_year
from content.publishing import Edit
from content.publishing.acts import STALE


def enter(
    session: Session, year: int, days: Sequence[Holiday], edit: Edit, *, revision: int
) -> Year:
    """Let *days* be the public holidays of *year*, in place of those that it had.

    Raises Conflict when *revision* is not the present one (0 for a year that is computed), and
    Invalid where a day lies in another year or is listed twice.
    """
    check_year(year)
    for holiday in days:
        if holiday.date.year != year:
            raise Invalid({"days": [N_("%(day)s is not in this year.")]}, day=holiday.date)
    ordered = sorted(days, key=lambda holiday: holiday.date)
    for earlier, later in pairwise(ordered):
        if earlier.date == later.date:
            raise Invalid({"days": [N_("%(day)s is listed twice.")]}, day=later.date)
    former = of_year(session, year)
    if former.revision != revision:
        raise Conflict(STALE)
    row = session.get(HolidayYear, year) or HolidayYear(year=year, created_at=edit.now)
    row.days = _values(ordered)
    row.updated_at = edit.now
    row.changed_by = edit.by
    session.add(row)
    try:
        session.flush()
    except StaleDataError:
        raise Conflict(STALE) from None
    audit.record(
        session,
        edit,
        act="change",
        subject=("holidays", str(year)),
        before={"days": _values(former.days)},
        after={"days": row.days},
    )
    return of_year(session, year)


def _values(days: Sequence[Holiday]) -> list[dict[str, Any]]:
    return [
        {"date": day.date.isoformat(), "name": day.name, "confirmed": day.confirmed} for day in days
    ]
