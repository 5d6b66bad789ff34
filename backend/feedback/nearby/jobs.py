"""Putting the job that tells people of a report in an area they follow."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from backend.feedback.models import Report
from notifications import outbox

TELL = "feedback.tell_nearby"
PUBLISHED, RESOLVED = "published", "resolved"


def put(session: Session, report: Report, what: str, now: datetime) -> None:
    """Let those who follow the area of *report* be told *what* became of it, once it is public."""
    outbox.enqueue(session, TELL, {"report_id": str(report.id), "what": what}, now=now)
