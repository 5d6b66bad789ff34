"""What happened to a report and is for the staff alone."""

from __future__ import annotations

import uuid
from datetime import datetime

from backend.feedback.models import ReportEvent
from backend.feedback.workflow import Who


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
