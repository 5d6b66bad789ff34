"""Updates of requests: what happened here, as others read it, and what others say happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from backend.feedback import handling
from backend.feedback.models import Report, ReportEvent
from backend.feedback.workflow import PUBLIC_WORDS, State, Who
from backend.open311 import statuses
from backend.open311.formats import moment
from backend.open311.models import ClientKey, ReceivedRequest, ReceivedUpdate
from backend.open311.requests import MOST, Viewer, of_id
from backend.open311.statuses import EXTENDED, Extended
from content.errors import N_, Conflict, Invalid, NotFound, Refused
from content.store import insert_into
from content.text import in_language


@dataclass(frozen=True, kw_only=True)
class Update:
    """What another system says of a request. Who says it is not kept."""

    update_id: str
    service_request_id: str
    status: Extended
    description: str
    links: Sequence[str] = ()


def listed(
    session: Session,
    start: datetime,
    end: datetime,
    viewer: Viewer,
    language: str,
    *,
    limit: int = MOST,
    offset: int = 0,
) -> list[dict[str, Any]]:
    """What happened from *start* to *end* to the requests a caller may find, the oldest first.

    Of words only those that the staff wrote for everybody.
    """
    query = (
        select(ReportEvent, Report.code, Report.status)
        .join(Report, Report.id == ReportEvent.report_id)
        .where(ReportEvent.at >= start, ReportEvent.at <= end, ~ReportEvent.internal)
        .where(or_(ReportEvent.kind == "moved", ReportEvent.public_note.is_not(None)))
        .where(viewer.clause())
        .order_by(ReportEvent.at, ReportEvent.id)
        .limit(limit)
        .offset(offset)
    )
    return [_said(*row, language) for row in session.execute(query)]


def _said(event: ReportEvent, code: str, status: str, language: str) -> dict[str, Any]:
    state = State(event.to_status or status)
    return {
        "update_id": str(event.id),
        "service_request_id": code,
        "status": EXTENDED[state],
        "updated_datetime": moment(event.at),
        "description": in_language(event.public_note, language) or _(PUBLIC_WORDS[state]),
        "media_url": None,
    }


def take(session: Session, update: Update, key: ClientKey, now: datetime) -> None:
    """Do to the request what *update* says, through the workflow, and keep it from coming twice.

    Raises Refused for a key that may not; Invalid for an update that was taken before, for a
    request that there is not, and for a move that the workflow does not have.
    """
    if not key.may_update:
        raise Refused(N_("This api_key may not post updates."))
    try:
        report = of_id(session, update.service_request_id)
    except NotFound as error:
        raise Invalid({"service_request_id": [error.message]}) from None
    is_own = bool(
        session.scalar(
            select(ReceivedRequest.report_id).filter_by(report_id=report.id, key_id=key.id)
        )
    )
    is_of_office = key.office is not None and report.office == key.office
    if not (is_own or is_of_office):
        raise Refused(N_("This api_key may not post updates to this request."))
    first = session.scalar(
        insert_into(session, ReceivedUpdate)
        .values(key_id=key.id, update_id=update.update_id, report_id=report.id, at=now)
        .on_conflict_do_nothing()
        .returning(ReceivedUpdate.id)
    )
    if first is None:
        raise Invalid({"update_id": ["already exists"]})
    apply(
        session,
        report,
        update.status,
        who=(Who.REPORTER, Who.OFFICER) if is_own else (Who.OFFICER,),
        text=update.description,
        is_office=key.office is not None,
        now=now,
    )
    if update.links:
        session.add(_note(report, "\n".join(update.links), now, internal=True))
    session.flush()


def apply(
    session: Session,
    report: Report,
    status: Extended,
    *,
    who: Sequence[Who],
    text: str,
    is_office: bool,
    now: datetime,
) -> None:
    """Move *report* to what *status* means, or keep *text* beside a state that says it already.

    An office's text is for everybody; another's is read by the staff and the reporter alone.
    Raises Invalid where the workflow has no way there.
    """
    report = handling.hold(session, report.id, now)
    public = {"vi": text} if text and is_office else None
    if statuses.says(report.state, status):
        if text:
            session.add(_note(report, text, now, public=public))
        return
    way = statuses.steps(report.state, status, who)
    if not way:
        raise Invalid(
            {"status": [N_("The request is %(before)s and cannot become %(word)s.")]},
            before=EXTENDED[report.state],
            word=status,
        )
    try:
        for target, actor in way:
            last = target is way[-1][0]
            handling.move(
                session,
                report.id,
                target,
                by=actor,
                now=now,
                reason=text or None,
                public_note=public if last else None,
            )
    except Conflict as error:
        raise Invalid({"status": [error.message]}, **error.values) from None
    except Invalid as error:
        if "reason" in error.errors:
            raise Invalid({"description": error.errors["reason"]}) from None
        raise


def _note(
    report: Report,
    text: str,
    now: datetime,
    *,
    public: dict[str, str] | None = None,
    internal: bool = False,
) -> ReportEvent:
    # Words of a client that files for reporters are the reporter's, and go when these go.
    by = Who.OFFICER if public else Who.REPORTER
    kind = "note" if internal else "reply" if public else "comment"
    return ReportEvent(
        report_id=report.id,
        at=now,
        kind=kind,
        by=by,
        text=text,
        public_note=public,
        internal=internal,
    )
