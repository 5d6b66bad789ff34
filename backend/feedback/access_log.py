"""The log of looks at who reported, as the person it is about sees it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from backend.feedback.models import Report, ReportContactLook
from backend.feedback.offices import office_names
from content.text import in_language


def looks_at_report(report_id: uuid.UUID) -> Select[ReportContactLook]:
    """Select the looks at the reporter of one report."""
    return select(ReportContactLook).where(ReportContactLook.report_id == report_id)


def looks_at_citizen(citizen_id: uuid.UUID) -> Select[ReportContactLook]:
    """Select the looks at a citizen in all of the own reports."""
    return (
        select(ReportContactLook)
        .join(Report, Report.id == ReportContactLook.report_id)
        .where(Report.citizen_id == citizen_id)
    )


def shown(
    session: Session, looks: Iterable[ReportContactLook], language: str
) -> list[dict[str, Any]]:
    """Each look: when, at which report, by which office and role, and why; not by whom."""
    looks = list(looks)
    found = select(Report.id, Report.code).where(Report.id.in_({look.report_id for look in looks}))
    codes = {row.id: row.code for row in session.execute(found)}
    names = office_names(session)
    return [
        {
            "at": look.at,
            "code": codes[look.report_id],
            "what": "sealed_identity" if look.sealed else "contact",
            "role": look.role,
            "office": look.office,
            "office_name": in_language(names.get(look.office or ""), language) or None,
            "reason": look.reason,
        }
        for look in looks
    ]
