"""Writing the history of reports, and who is told of what is written."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from backend.feedback.models import ReportEvent
from backend.feedback.workflow import Who
from content.store import table_of

TOLD: list[Callable[[Session, Sequence[ReportEvent]], None]] = []
"""Who is told of what `put` writes, which those who listen to sessions do not hear of."""

_INSERT = insert(table_of(ReportEvent)).returning(
    table_of(ReportEvent).c.id, sort_by_parameter_order=True
)
_NAMES = [column.name for column in table_of(ReportEvent).c if column.name != "id"]


def put(session: Session, events: Sequence[ReportEvent]) -> None:
    """Write *events*, at least one, into the history in their order; they have their ids then.

    They are not objects of the session: filing, which is measured, needs them no more.
    """
    rows = [{name: getattr(event, name) for name in _NAMES} for event in events]
    for event, event_id in zip(events, session.scalars(_INSERT, rows), strict=True):
        event.id = event_id
    for tell in TOLD:
        tell(session, events)


def internal(
    report_id: uuid.UUID,
    kind: str,
    now: datetime,
    *,
    by: Who = Who.OFFICER,
    staff_id: uuid.UUID | None = None,
    text: str | None = None,
) -> ReportEvent:
    """An entry of the history that no reporter and nobody else outside reads."""
    return ReportEvent(
        report_id=report_id, at=now, kind=kind, by=by, staff_id=staff_id, text=text, internal=True
    )
