"""From the words of an entity to what is meant: the backend's id, or days of the calendar."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple, Optional

from components.dates import Days, days_in
from components.entity_model import Span, Word
from components.gazetteer import Entry, Gazetteer


class Linked(NamedTuple):
    """An entity and what it was understood as: `entry` of the gazetteer, `days`, or neither."""

    span: Span
    entry: Optional[Entry] = None
    days: Optional[Days] = None


def link(
    text: str, words: Sequence[Word], spans: Sequence[Span], gazetteer: Gazetteer, today: date
) -> list[Linked]:
    """The entities `spans` of `text`, and names among `words` that are in no span, each looked up."""
    spans = _with_names(spans, gazetteer.spans(words))
    found = []
    for span in sorted(spans):
        phrase = text[span.start : span.end]
        if span.entity == "date":
            found.append(Linked(span, days=days_in(phrase, today)))
        else:
            found.append(Linked(span, entry=gazetteer.find(phrase, span.entity)))
    return found


def _with_names(spans: Sequence[Span], names: Sequence[Span]) -> list[Span]:
    """`spans` and those of `names` that none of them overlaps."""
    free = [
        name for name in names if all(name.end <= s.start or s.end <= name.start for s in spans)
    ]
    return [*spans, *free]
