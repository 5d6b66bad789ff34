"""Which reports a member of staff may see and work on."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, true
from sqlalchemy.orm import Session

from backend.feedback.models import Report
from backend.feedback.people import offices_of
from content.errors import N_, Refused


@dataclass(frozen=True)
class Reach:
    """The reports of these *offices*, those that no office has yet, and one's own.

    All reports where *offices* is None.
    """

    staff_id: uuid.UUID
    offices: frozenset[str] | None

    def clause(self) -> ColumnElement[bool]:
        """True of a report that is within reach."""
        if self.offices is None:
            return true()
        return or_(
            Report.office.is_(None),
            Report.office.in_(sorted(self.offices)),
            Report.assignee_id == self.staff_id,
        )

    def holds(self, report: Report) -> bool:
        """Whether *report* is within reach: `clause` of one that was read before."""
        return (
            self.offices is None
            or report.office is None
            or report.office in self.offices
            or report.assignee_id == self.staff_id
        )

    def check(self, report: Report) -> None:
        """Raise Refused for a report that is with another office."""
        if not self.holds(report):
            raise Refused(N_("Another office works on this report."))


def reach_of(session: Session, staff_id: uuid.UUID, *, sees_all: bool) -> Reach:
    """The reach of a member of staff; who works in no office receives for all of them."""
    offices = frozenset() if sees_all else frozenset(offices_of(session, staff_id))
    return Reach(staff_id, offices or None)
