"""Reports as they are shown: to everybody, to the reporter, to the staff."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from backend.feedback.clocks import is_late
from backend.feedback.closing import RATED, ratings_of
from backend.feedback.confirming import Similar
from backend.feedback.handling import contact_of
from backend.feedback.merging import linked
from backend.feedback.models import Report, ReportEvent, ReportPhoto
from backend.feedback.offices import office_names
from backend.feedback.overcharging import compared
from backend.feedback.photos import photos_of, public_photos
from backend.feedback.privacy import masked
from backend.feedback.publicity import is_shown
from backend.feedback.reading import events_of
from backend.feedback.setup import Setup, read
from backend.feedback.workflow import Who, moves_open_to
from content.store import Localized
from content.text import in_language
from content.vocabularies.models import Vocabulary
from content.vocabularies.queries import find_term

REPORTER_URL = "/api/v1/reports"
STAFF_URL = "/api/v1/staff/reports"


def for_reporter(
    session: Session, report: Report, language: str, now: datetime, within: timedelta
) -> dict[str, Any]:
    """Where *report* stands, what its reporter sent and the office replied; the contact in part.

    *within* is how long after its closing it may be rated and opened again.
    """
    events = events_of(session, report.id)
    photos = photos_of(session, report.id)
    links = linked(session, report)
    judged = report.state in RATED and report.closed_at is not None
    ratings = [
        given for given in ratings_of(session, report.id) if given.closed_at == report.closed_at
    ]
    return {
        **_common(report, _names(session, language, report)),
        "id": report.id,
        "history": [
            _step(event, language) | {"reason": event.text or ""}
            for event in events
            if event.to_status
        ],
        "description": report.description,
        "location": report.location,
        "place_text": report.place_text,
        "quarter": report.quarter,
        "attributes": report.attributes,
        "anonymous": report.anonymous,
        "contact": masked(contact_of(session, report.id)),
        "photos": photo_list(
            REPORTER_URL, report.id, (photo for photo in photos if photo.by == Who.REPORTER)
        ),
        **posted_prices(session, report, language, now),
        "comments": [event for event in events if event.kind == "comment"],
        "replies": [
            _reply(event, report, photos, language)
            for event in events
            if event.kind in ("reply", "question")
        ],
        "closed_at": report.closed_at,
        "reopen_until": report.closed_at + within if judged and report.closed_at else None,
        "rating": ratings[-1] if ratings else None,
        "duplicate_of": _one(links["duplicate_of"]),
        "split_into": links["split_into"],
    }


def public_list(
    session: Session, reports: Sequence[Report], language: str, setup: Setup | None = None
) -> list[dict[str, Any]]:
    """*reports*, which everybody may find, with the words and photos an officer approved.

    *setup* is read where the caller has not kept it; so it is in the lists below.
    """
    names = (setup or read(session)).names(language)
    photos = public_photos(session, [report.id for report in reports])
    return [
        {
            **_common(report, names),
            "id": report.id,
            "description": report.public_description,
            "location": report.location,
            "quarter": report.quarter,
            "confirmations": report.confirmations,
            "photos": photo_list(REPORTER_URL, report.id, photos.get(report.id, ())),
        }
        for report in reports
    ]


def similar_list(
    session: Session,
    found: Sequence[Similar],
    language: str,
    now: datetime,
    delay: timedelta,
    setup: Setup | None = None,
) -> list[dict[str, Any]]:
    """Reports to choose from before filing another; words only of those that all may read."""
    names = (setup or read(session)).names(language)
    return [
        {
            **_common(report, names),
            "id": report.id,
            "description": report.public_description if is_shown(report, now, delay) else None,
            "confirmations": report.confirmations,
            "distance_m": round(each.distance),
            "score": round(each.score, 2),
        }
        for each in found
        for report in [each.report]
    ]


def list_for_reporter(
    session: Session, reports: Iterable[Report], language: str, setup: Setup | None = None
) -> list[dict[str, Any]]:
    """The reporter's own list."""
    names = (setup or read(session)).names(language)
    return [
        _common(report, names) | {"id": report.id, "description": report.description}
        for report in reports
    ]


def list_for_staff(
    session: Session,
    reports: Iterable[Report],
    language: str,
    now: datetime,
    setup: Setup | None = None,
) -> list[dict[str, Any]]:
    """The staff's list, without anything of who reported."""
    setup = setup or read(session)
    names = setup.names(language)
    return [_for_staff(report, names, setup.offices, language, now) for report in reports]


def for_staff(session: Session, report: Report, language: str, now: datetime) -> dict[str, Any]:
    """All about *report* but who reported."""
    links = linked(session, report)
    return {
        **_for_staff(
            report, _names(session, language, report), office_names(session), language, now
        ),
        "attributes": report.attributes,
        "has_contact": not report.anonymous and contact_of(session, report.id) is not None,
        "allowed": moves_open_to(Who.OFFICER, report.state),
        "history": events_of(session, report.id),
        "photos": photos_for_staff(report.id, photos_of(session, report.id)),
        **posted_prices(session, report, language, now),
        "ratings": ratings_of(session, report.id),
        "duplicate_of": _one(links["duplicate_of"]),
        "duplicates": links["duplicates"],
        "split_from": _one(links["split_from"]),
        "split_into": links["split_into"],
    }


def posted_prices(
    session: Session, report: Report, language: str, now: datetime
) -> dict[str, list[dict[str, Any]]]:
    """The posted prices of what *report* is about, as a member of its answer; {} for none."""
    found = [
        {
            "item": each.price.item,
            "unit": each.price.unit,
            "price_vnd": each.price.price_vnd,
            "price_max_vnd": each.price.price_max_vnd,
            "place": each.price.place.name if each.price.place else None,
            "source": each.price.source,
            "valid_from": each.price.valid_from,
            "is_sample": each.price.is_sample,
            "times": each.times,
        }
        for each in compared(session, report, language, now)
    ]
    return {"posted_prices": found} if found else {}


def photos_for_staff(report_id: uuid.UUID, photos: Sequence[ReportPhoto]) -> list[dict[str, Any]]:
    """Photos with what only the staff know of them."""
    return [
        shown
        | {
            "hint": photo.hint,
            "is_covered": photo.covered_name is not None,
            "covers": photo.covers or [],
            "is_public": photo.is_public,
        }
        for shown, photo in zip(photo_list(STAFF_URL, report_id, photos), photos, strict=True)
    ]


def photo_list(
    url: str, report_id: uuid.UUID, photos: Iterable[ReportPhoto | Row[*tuple[Any, ...]]]
) -> list[dict[str, Any]]:
    """Photos and where to fetch them."""
    return [
        {
            "id": photo.id,
            "url": f"{url}/{report_id}/photos/{photo.id}",
            "thumbnail_url": f"{url}/{report_id}/photos/{photo.id}?size=thumbnail",
            "width": photo.width,
            "height": photo.height,
            "by": photo.by,
            "created_at": photo.created_at,
        }
        for photo in photos
    ]


def _names(session: Session, language: str, report: Report) -> dict[str, str]:
    """The name of the category of *report*, by its code."""
    term = find_term(session, Vocabulary.REPORT, report.category)
    return {term.code: in_language(term.name, language)} if term else {}


def _step(event: ReportEvent, language: str) -> dict[str, Any]:
    return {
        "status": event.to_status,
        "at": event.at,
        "note": in_language(event.public_note, language),
    }


def _reply(
    event: ReportEvent, report: Report, photos: Iterable[ReportPhoto], language: str
) -> dict[str, Any]:
    shown = (photo for photo in photos if photo.event_id == event.id)
    return {
        "at": event.at,
        "kind": event.kind,
        "text": in_language(event.public_note, language),
        "photos": photo_list(REPORTER_URL, report.id, shown),
    }


def _one(reports: Sequence[Report]) -> Report | None:
    return reports[0] if reports else None


def _common(report: Report, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "code": report.code,
        "status": report.status,
        "category": {
            "code": report.category,
            "name": names.get(report.category, report.category),
        },
        "created_at": report.created_at,
        "updated_at": report.updated_at,
        "expected_at": report.expected_at,
    }


def _for_staff(
    report: Report,
    names: Mapping[str, str],
    offices: Mapping[str, Localized],
    language: str,
    now: datetime,
) -> dict[str, Any]:
    return {
        **_common(report, names),
        "id": report.id,
        "description": report.description,
        "location": report.location,
        "place_text": report.place_text,
        "quarter": report.quarter,
        "source": report.source,
        "anonymous": report.anonymous,
        "office": report.office,
        "office_name": in_language(offices.get(report.office or ""), language) or None,
        "assignee_id": report.assignee_id,
        "is_public": report.confirmed_at is not None and not report.hidden,
        "public_description": report.public_description,
        "confirmations": report.confirmations,
        "is_late": is_late(report, now),
        "acknowledge_by": report.acknowledge_by,
        "acknowledged_at": report.acknowledged_at,
        "waiting_since": report.waiting_since,
        "closed_at": report.closed_at,
        "version": report.version,
    }
