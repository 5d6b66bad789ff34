"""Where a report stands, for everybody who has its code: one question, and no objects."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, and_, bindparam, select
from sqlalchemy.orm import Session

from backend.feedback import codes
from backend.feedback.models import Report, ReportEvent
from content.errors import N_, NotFound
from content.store import table_of
from content.text import in_language
from content.vocabularies.models import Term, Vocabulary

_report, _event, _term = (table_of(kind).c for kind in (Report, ReportEvent, Term))

# Made once: it is asked more often than anything else about reports. A row for each step.
STANDING = (
    select(
        _report.id,
        _report.citizen_id,
        _report.code,
        _report.status,
        _report.category,
        _report.created_at,
        _report.updated_at,
        _report.expected_at,
        _term.name,
        _event.to_status,
        _event.at,
        _event.public_note,
    )
    .select_from(table_of(Report))
    .outerjoin(
        table_of(Term), and_(_term.vocabulary == Vocabulary.REPORT, _term.code == _report.category)
    )
    .outerjoin(
        table_of(ReportEvent), and_(_event.report_id == _report.id, _event.to_status.is_not(None))
    )
    .where(_report.code == bindparam("code", type_=String()))
    .order_by(_event.id)
)


@dataclass(frozen=True)
class Standing:
    """A report as everybody may follow it: nothing of what the reporter wrote, nor who wrote."""

    id: uuid.UUID
    citizen_id: uuid.UUID | None
    shown: dict[str, Any]


def standing(session: Session, typed: str, language: str) -> Standing:
    """Where the report stands whose code *typed* means. Raises NotFound."""
    code = codes.normalised(typed)
    rows = session.execute(STANDING, {"code": code}).all() if code else []
    if not rows:
        raise NotFound(N_("There is no report with this code."))
    first = rows[0]
    shown = {
        "code": first.code,
        "status": first.status,
        "category": {
            "code": first.category,
            "name": in_language(first.name, language) or first.category,
        },
        "created_at": first.created_at,
        "updated_at": first.updated_at,
        "expected_at": first.expected_at,
        "history": [
            {
                "status": row.to_status,
                "at": row.at,
                "note": in_language(row.public_note, language),
            }
            for row in rows
            if row.to_status is not None
        ],
    }
    return Standing(first.id, first.citizen_id, shown)
