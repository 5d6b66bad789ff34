"""From the words of an entity to what is meant: the backend's id, or days of the calendar."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple, Optional

from components.dates import Days, days_in
from components.entity_model import Span, Word
from components.gazetteer import Entry, Gazetteer
from components.spotting import BY_THE_SEA, day_spans, expected


class Linked(NamedTuple):
    """An entity and what it was understood as: `entry` of the gazetteer, `days`, or neither."""

    span: Span
    entry: Optional[Entry] = None
    days: Optional[Days] = None


def link(
    text: str,
    words: Sequence[Word],
    spans: Sequence[Span],
    intent: str,
    gazetteer: Gazetteer,
    today: date,
) -> list[Linked]:
    """The entities `spans` of `text`, and days and names among `words` that are in no span, each looked up.

    The `intent` tells what names are looked for, and that at sea "Lan Châu" is the beach.
    """
    spans = _beside(spans, day_spans(words, intent))
    spans = _beside(spans, gazetteer.spans(words, expected(intent)))
    found = []
    for span in sorted(spans):
        phrase = text[span.start : span.end]
        if span.entity == "date":
            found.append(Linked(span, days=days_in(phrase, today)))
        else:
            by_the_sea = span.entity == "place_name" and intent in BY_THE_SEA
            entity = "beach_zone" if by_the_sea else span.entity
            found.append(Linked(span, entry=gazetteer.find(phrase, entity)))
    return found


def _beside(spans: Sequence[Span], others: Sequence[Span]) -> list[Span]:
    """`spans` and those of `others` that none of them overlaps."""
    free = [
        other
        for other in others
        if all(other.end <= s.start or s.end <= other.start for s in spans)
    ]
    return [*spans, *free]
