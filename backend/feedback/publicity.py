"""What everybody may see of a report: nothing before an officer took it for true.

Even then its words and photos stay with the town until an officer has approved each of them:
people write names and numbers into reports, and faces are on photos.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, select, update
from sqlalchemy.orm import Session

from backend.feedback.history import internal
from backend.feedback.models import Report, ReportPhoto
from backend.feedback.nearby import jobs as nearby
from backend.feedback.setup import Setup, read
from backend.feedback.workflow import State, Who
from content.errors import N_, Conflict, Invalid
from content.on_map import Box, Finder, Inside, in_box

CONFIRMING = (State.VERIFIED, State.ASSIGNED, State.IN_PROGRESS, State.RESOLVED)
NEVER_PUBLIC = (State.RECEIVED, State.REJECTED, State.WITHDRAWN, State.DUPLICATE)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which public reports somebody asks for; what is None is not asked.

    *bbox* is (west, south, east, north), *since* a moment of filing.
    """

    statuses: Collection[str] = ()
    category: str | None = None
    quarter: str | None = None
    bbox: Box | None = None
    since: datetime | None = None


def follow(report: Report, by: Who, now: datetime) -> None:
    """Let the public see what an officer takes for true, and no longer what is none."""
    if report.state in NEVER_PUBLIC:
        report.confirmed_at = None
    elif by is Who.OFFICER and report.state in CONFIRMING and report.confirmed_at is None:
        report.confirmed_at = now


def is_public(now: datetime, delay: timedelta) -> ColumnElement[bool]:
    """The condition under which everybody may find a report: confirmed *delay* ago or before."""
    return (Report.confirmed_at <= now - delay) & ~Report.hidden


def is_shown(report: Report, now: datetime, delay: timedelta) -> bool:
    """Whether everybody may find *report*: `is_public` of one that was read before."""
    confirmed = report.confirmed_at
    return confirmed is not None and confirmed <= now - delay and not report.hidden


def public_reports(
    session: Session,
    wanted: Wanted,
    *,
    now: datetime,
    delay: timedelta,
    setup: Setup | None = None,
) -> Select[Report]:
    """Select the reports that everybody may find and that fit; of two levels of categories the
    upper one means all below it too. *setup* is read where the caller has not kept it.
    """
    found = select(Report).where(is_public(now, delay))
    if wanted.statuses:
        found = found.where(Report.status.in_(wanted.statuses))
    if wanted.category:
        below = (setup or read(session)).with_those_below(wanted.category)
        found = found.where(Report.category.in_(below))
    if wanted.quarter:
        found = found.where(Report.quarter == wanted.quarter)
    if wanted.since:
        found = found.where(Report.created_at >= wanted.since)
    if wanted.bbox:
        found = found.where(in_box(Report, wanted.bbox))
    return found


def newest_in_box(found: Select[Report], box: Box | None) -> Finder | None:
    """What finds the newest of the public reports *found* in *box* sooner; None without one."""
    if box is None:
        return None
    every = found.whereclause
    conditions = [] if every is None else [every]
    public = [Report.confirmed_at.is_not(None)]
    return Inside(Report, box, conditions, kept=public, descending=True)


def approve(
    session: Session,
    report: Report,
    *,
    description: str | None,
    photos: Collection[uuid.UUID],
    staff_id: uuid.UUID,
    now: datetime,
) -> None:
    """Let everybody read *description* and see *photos* of *report*, which the caller holds.

    The description may differ from what the reporter wrote: without names and numbers. None
    shows no words. Raises Conflict where the report is none for the public, Invalid for a photo
    of another report.
    """
    if report.state in NEVER_PUBLIC:
        raise Conflict(N_("Only a report that is confirmed and not closed otherwise is shown."))
    known = select(ReportPhoto.id).where(ReportPhoto.report_id == report.id)
    if set(photos) - set(session.scalars(known)):
        raise Invalid({"photos": [N_("This report has no such photo.")]})
    report.public_description = description or None
    if report.hidden or report.confirmed_at is None:
        nearby.put(session, report, nearby.PUBLISHED, now)
    report.hidden, report.confirmed_at = False, report.confirmed_at or now
    session.execute(
        update(ReportPhoto)
        .where(ReportPhoto.report_id == report.id)
        .values(is_public=ReportPhoto.id.in_(photos)),
        execution_options={"synchronize_session": False},
    )
    _record(session, report, "approved", description, staff_id, now)


def hide(
    session: Session, report: Report, reason: str, *, staff_id: uuid.UUID, now: datetime
) -> None:
    """Take *report*, which the caller holds, from the public until it is approved again."""
    report.hidden, report.public_description = True, None
    session.execute(
        update(ReportPhoto).where(ReportPhoto.report_id == report.id).values(is_public=False),
        execution_options={"synchronize_session": False},
    )
    _record(session, report, "hidden", reason, staff_id, now)


def _record(
    session: Session,
    report: Report,
    kind: str,
    text: str | None,
    staff_id: uuid.UUID,
    now: datetime,
) -> None:
    session.add(internal(report.id, kind, now, staff_id=staff_id, text=text))
    session.flush()
