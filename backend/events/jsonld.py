"""An event in schema.org's words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from backend.events.showing import Described
from backend.feeds import jsonld
from backend.languages import language
from backend.links import address_of
from content.events.queries import SCHEDULED, Occurrence
from content.events.rules import CANCELLED, MOVED
from content.text import in_language

STATUS = {
    SCHEDULED: "https://schema.org/EventScheduled",
    CANCELLED: "https://schema.org/EventCancelled",
    MOVED: "https://schema.org/EventRescheduled",
}

MOST = 10


def events(described: Described) -> list[dict[str, Any]]:
    """The next times of an event, each an Event of its own; none for sample data."""
    if described.event.is_sample:
        return []
    shared = _shared(described)
    return [shared | _times(occurrence) for occurrence in described.occurrences[:MOST]]


def _shared(described: Described) -> dict[str, Any]:
    event, place = described.event, described.place
    texts = (event.summary, place.name if place else event.place_text)
    summary, where = (in_language(text, language()) for text in texts)
    return {
        "@type": "Event",
        "name": in_language(event.title, language()),
        "description": summary,
        "url": address_of(event),
        "inLanguage": language(),
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": {
            "@type": "Place",
            "name": where,
            "address": in_language(place.address, language()) if place else None,
            "url": address_of(place) if place else None,
            "geo": jsonld.point(described.location),
        },
    }


def _times(occurrence: Occurrence) -> dict[str, Any]:
    moved = occurrence.moved_from
    if occurrence.event.all_day:
        begins = occurrence.starts_at.date().isoformat()
        ends = (occurrence.ends_at or occurrence.starts_at + timedelta(days=1)).date()
        return {
            "startDate": begins,
            "endDate": (ends - timedelta(days=1)).isoformat(),
            "eventStatus": STATUS[occurrence.status],
            "previousStartDate": moved.date().isoformat() if moved else None,
        }
    return {
        "startDate": occurrence.starts_at.isoformat(),
        "endDate": occurrence.ends_at.isoformat() if occurrence.ends_at else None,
        "eventStatus": STATUS[occurrence.status],
        "previousStartDate": moved.isoformat() if moved else None,
    }
