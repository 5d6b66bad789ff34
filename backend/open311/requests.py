"""Reports as Open311 lists them: what everybody may find, and what a caller filed by itself."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from backend.feedback import codes
from backend.feedback.models import Report, ReportEvent
from backend.feedback.offices import office_names
from backend.feedback.photos import public_photos
from backend.feedback.publicity import is_public, is_shown
from backend.feedback.workflow import CLOSED, PUBLIC_WORDS
from backend.open311 import services
from backend.open311.formats import moment
from backend.open311.models import ClientKey, ReceivedRequest
from backend.open311.statuses import EXTENDED, is_closed
from content.errors import N_, NotFound
from content.store import Localized
from content.text import in_language
from content.vocabularies.models import Term
from content.vocabularies.queries import quarters

LONGEST_SPAN = timedelta(days=90)
MOST = 1000


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which reports are asked for; `limit` and `offset` choose among them, the newest first."""

    start: datetime
    end: datetime
    service_codes: Sequence[str] = ()
    statuses: Sequence[str] = field(default=())
    limit: int = MOST
    offset: int = 0


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """Who looks: everybody, or the system with *key*; *now* and the town's *delay*."""

    now: datetime
    delay: timedelta
    key: ClientKey | None = None

    def clause(self) -> ColumnElement[bool]:
        """What the viewer may find listed: what everybody may, and what it filed itself."""
        public = is_public(self.now, self.delay)
        return public if self.key is None else or_(public, _filed_with(self.key))

    def reads(self, report: Report) -> bool:
        """Whether what officers approved of *report* is shown; else only where it stands."""
        return is_shown(report, self.now, self.delay)


def _filed_with(key: ClientKey) -> ColumnElement[bool]:
    own = select(ReceivedRequest.report_id).where(ReceivedRequest.key_id == key.id)
    return Report.id.in_(own.scalar_subquery())


def found(session: Session, wanted: Wanted, viewer: Viewer) -> Sequence[Report]:
    """The reports that *viewer* may find, the newest first."""
    query = select(Report).where(
        viewer.clause(), Report.created_at >= wanted.start, Report.created_at <= wanted.end
    )
    if wanted.service_codes:
        query = query.where(Report.category.in_(wanted.service_codes))
    if wanted.statuses and set(wanted.statuses) != {"open", "closed"}:
        closed = Report.status.in_(CLOSED)
        query = query.where(closed if "closed" in wanted.statuses else ~closed)
    newest_first = query.order_by(Report.created_at.desc(), Report.id.desc())
    return session.scalars(newest_first.limit(wanted.limit).offset(wanted.offset)).all()


def of_ids(session: Session, typed: Iterable[str]) -> Sequence[Report]:
    """The reports whose ids are *typed*, in that order; what there is not is left out."""
    wanted = dict.fromkeys(code for text in typed if (code := codes.normalised(text)))
    reports = session.scalars(select(Report).where(Report.code.in_(list(wanted)))).all()
    by_code = {report.code: report for report in reports}
    return [by_code[code] for code in wanted if code in by_code]


def of_id(session: Session, typed: str) -> Report:
    """The report whose id is *typed*. Raises NotFound."""
    reports = of_ids(session, [typed])
    if not reports:
        raise NotFound(N_("There is no request with this service_request_id."))
    return reports[0]


def shown(
    session: Session,
    reports: Sequence[Report],
    viewer: Viewer,
    language: str,
    *,
    photos_at: str,
    extensions: bool = False,
) -> list[dict[str, Any]]:
    """*reports* as everybody may see them; *photos_at* is the address that photos lie below.

    Of one that is not public only where it stands, which its code opens to anybody; of the
    words and photos of others those that an officer approved. Nothing says who reported.
    """
    ids = [report.id for report in reports]
    words = _Words(
        services=_named(language, services.leaves(session)),
        offices={code: in_language(name, language) for code, name in office_names(session).items()},
        quarters={one.code: in_language(one.name, language) for one in quarters(session)},
        notes={key: in_language(note, language) for key, note in _last_notes(session, ids).items()},
        photos={
            key: [f"{photos_at}/{key}/photos/{photo.id}" for photo in photos]
            for key, photos in public_photos(session, ids).items()
        },
    )
    found = []
    for report in reports:
        said = _request(report, words)
        if viewer.reads(report):
            said |= _open_part(report, words)
        if extensions:
            said["extended_attributes"] = {
                "detailed_status": EXTENDED[report.state],
                "media_urls": words.photos.get(report.id, []) if viewer.reads(report) else [],
            }
        found.append(said)
    return found


@dataclass(frozen=True, kw_only=True)
class _Words:
    """What codes and ids are called in the reader's language, and where the photos lie."""

    services: Mapping[str, str]
    offices: Mapping[str, str]
    quarters: Mapping[str, str]
    notes: Mapping[uuid.UUID, str]
    photos: Mapping[uuid.UUID, Sequence[str]]


def _named(language: str, terms: Mapping[str, Term]) -> dict[str, str]:
    return {code: in_language(term.name, language) for code, term in terms.items()}


def _last_notes(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Localized | None]:
    newest = (
        select(func.max(ReportEvent.id))
        .where(ReportEvent.report_id.in_(ids), ReportEvent.public_note.is_not(None))
        .where(~ReportEvent.internal)
        .group_by(ReportEvent.report_id)
    )
    rows = session.execute(
        select(ReportEvent.report_id, ReportEvent.public_note).where(ReportEvent.id.in_(newest))
    )
    return {row.report_id: row.public_note for row in rows}


def _request(report: Report, words: _Words) -> dict[str, Any]:
    return {
        "service_request_id": report.code,
        "status": "closed" if is_closed(report.state) else "open",
        "status_notes": words.notes.get(report.id) or _(PUBLIC_WORDS[report.state]),
        "service_name": words.services.get(report.category, report.category),
        "service_code": report.category,
        "description": None,
        "agency_responsible": words.offices.get(report.office or ""),
        "service_notice": None,
        "requested_datetime": moment(report.created_at),
        "updated_datetime": moment(report.updated_at),
        "expected_datetime": moment(report.expected_at),
        "address": None,
        "address_id": None,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }


def _open_part(report: Report, words: _Words) -> dict[str, Any]:
    return {
        "description": report.public_description,
        "address": words.quarters.get(report.quarter or ""),
        "address_id": report.quarter,
        "lat": report.lat,
        "long": report.lng,
        "media_url": next(iter(words.photos.get(report.id, ())), None),
    }
