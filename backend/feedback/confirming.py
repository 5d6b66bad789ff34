""" "Me too": open reports that may mean the same, and joining one instead of filing again."""

from __future__ import annotations

import hashlib
import hmac
import math
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rapidfuzz import fuzz
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from backend.feedback.handling import hold
from backend.feedback.models import Report, ReportConfirmation
from backend.feedback.publicity import is_shown
from backend.feedback.workflow import CLOSED
from content.errors import N_, Conflict
from content.on_map import METRES_PER_DEGREE, box_around, in_box, ranges_of, unindexed
from content.store import insert_into
from content.text import fold
from content.vocabularies.models import Vocabulary
from content.vocabularies.queries import terms

WITHIN_METRES = 300
WITHIN = timedelta(days=60)
MOST = 5
LIKELY = 0.45
"""Two reports a hundred metres apart, of one category and of the same week, are above it."""


@dataclass(frozen=True)
class Similar:
    """An open report that may mean the same; *score* from 0 to 1."""

    report: Report
    distance: float
    score: float


def similar(
    session: Session,
    *,
    lat: float,
    lng: float,
    category: str | None,
    text: str,
    now: datetime,
    delay: timedelta,
    reads_all: bool = False,
) -> Sequence[Similar]:
    """At most MOST open reports near a point that may mean the same, the likeliest first.

    Near counts most, then the category, the words and the age. The words of a report count
    only where everybody may read them, or for who *reads_all*: nobody shall find out by guessing
    what another wrote.
    """
    narrow = math.cos(math.radians(lat)) or 1
    conditions = (
        in_box(Report, box := box_around((lat, lng), WITHIN_METRES)),
        Report.status.not_in(CLOSED),
        Report.created_at >= now - WITHIN,
        ~Report.hidden,
    )
    cells = or_(*(Report.cell.between(*cells) for cells in ranges_of(box)))
    nearby = session.scalars(
        select(Report).where(cells, Report.closed_at.is_(None), *map(unindexed, conditions))
    )
    parents = {term.code: term.parent for term in terms(session, Vocabulary.REPORT)}
    found = []
    for report in nearby:
        if report.lat is None or report.lng is None:
            continue
        distance = METRES_PER_DEGREE * math.hypot(report.lat - lat, (report.lng - lng) * narrow)
        if distance > WITHIN_METRES:
            continue
        if reads_all:
            words: str | None = report.description
        else:
            words = report.public_description if is_shown(report, now, delay) else None
        score = (
            0.4 * (1 - distance / WITHIN_METRES)
            + 0.3 * _same_category(report.category, category, parents)
            + 0.2 * (fuzz.token_set_ratio(fold(words), fold(text)) / 100 if words and text else 0.5)
            + 0.1 * (1 - (now - report.created_at) / WITHIN)
        )
        found.append(Similar(report, distance, score))
    likely = [each for each in found if each.score >= LIKELY]
    return sorted(likely, key=lambda each: -each.score)[:MOST]


def _same_category(one: str, other: str | None, parents: dict[str, str | None]) -> float:
    if one == other or other is None:
        return 1 if other else 0.5
    parent = parents.get(one)
    return 0.5 if parent is not None and parent == parents.get(other) else 0


def confirm(
    session: Session,
    report_id: uuid.UUID,
    *,
    citizen_id: uuid.UUID | None,
    address: str,
    secret: str,
    now: datetime,
) -> tuple[Report, bool]:
    """Say that one sees it too; the report, and whether the same person had said so before.

    A citizen follows the report from then on; a guest, known by the network *address*, counts.
    Raises NotFound, and Conflict for a report that is closed or one's own.
    """
    report = hold(session, report_id, now)
    if report.state in CLOSED:
        raise Conflict(N_("The report is closed: reopen it, or file another."))
    if citizen_id is not None and citizen_id == report.citizen_id:
        raise Conflict(N_("This is your own report."))
    joined = join(
        session,
        report,
        f"guest:{address}" if citizen_id is None else str(citizen_id),
        citizen_id=citizen_id,
        secret=secret,
        now=now,
    )
    return report, not joined


def join(
    session: Session,
    report: Report,
    person: str,
    *,
    citizen_id: uuid.UUID | None,
    secret: str,
    now: datetime,
) -> bool:
    """Count *person* among those who see what *report* tells; False for one who was counted."""
    who = hmac.new(secret.encode(), f"{report.id}:{person}".encode(), hashlib.sha256).hexdigest()
    added = session.scalar(
        insert_into(session, ReportConfirmation)
        .values(report_id=report.id, who=who, citizen_id=citizen_id, at=now)
        .on_conflict_do_nothing()
        .returning(ReportConfirmation.id)
    )
    if added is not None:
        report.confirmations += 1
    session.flush()
    return added is not None
