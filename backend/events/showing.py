"""Events together with their places, as lists and pages show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from backend import current
from backend.database import session
from backend.events.words import in_words
from backend.links import address_of
from content.events import queries
from content.events.models import Event
from content.events.queries import Occurrence
from content.places.models import Place

NEXT_TIMES = 20


def shown(occurrences: Sequence[Occurrence]) -> list[dict[str, Any]]:
    """Each of *occurrences* with its event, its place, and the words for its rule."""
    events = {occurrence.event.id: occurrence.event for occurrence in occurrences}
    places = queries.places_of(session, list(events.values()), current.now())
    # The same for every occurrence of an event.
    words = {key: in_words(event) for key, event in events.items()}
    return [
        {
            "event": occurrence.event,
            "occurrence": occurrence,
            "place": (place := _place(occurrence.event, places)),
            "location": occurrence.event.location or (place and place.location),
            "recurrence": words[occurrence.event.id],
            "url": address_of(occurrence.event),
        }
        for occurrence in occurrences
    ]


def _place(event: Event, places: Mapping[UUID, Place]) -> Place | None:
    return places.get(event.place_id) if event.place_id else None


class Described:
    """An event with what is not its own: where it is, and when it takes place next."""

    def __init__(self, event: Event) -> None:
        now = current.now()
        self.event = event
        self.place = next(iter(queries.places_of(session, [event], now).values()), None)
        self.occurrences = queries.upcoming(event, now, NEXT_TIMES)
        self.location = event.location or (self.place.location if self.place else None)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.event, name)
