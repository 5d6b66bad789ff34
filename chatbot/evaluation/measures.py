"""What is counted of one model's readings of the test set, and what must hold."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, Optional

from components.entity_model import Span
from components.gazetteer import Gazetteer
from components.linking import Linked, link
from components.nlu import tokenise
from components.text import words
from evaluation.corpus import Sentence

OUT_OF_SCOPE = "out_of_scope"
# How a model says that it does not know; the second is Rasa's own.
_REFUSALS = frozenset((OUT_OF_SCOPE, "nlu_fallback"))
TODAY = date(2026, 6, 10)
"""The day on which the test set's sentences are said."""
# People take a beach for a place and a place for a beach; what it is linked to tells which was meant.
_ONE_KIND = {"beach_zone": "place_name"}

FLOORS = {"all": 0.95, "in scope": 0.95, "refused rightly": 0.90, "linked entities": 0.90}
STYLE_FLOOR = 0.92
REFUSED_WRONGLY_CEILING = 0.05


class Reading(NamedTuple):
    """What a model made of a sentence: its intents, the best first, and its entities."""

    intents: tuple[str, ...]
    spans: tuple[Span, ...]

    @classmethod
    def of(cls, parsed: Mapping[str, Any]) -> "Reading":
        """The reading in Rasa's form."""
        first = (parsed.get("intent") or {}).get("name") or ""
        others = [each["name"] for each in parsed.get("intent_ranking") or []]
        intents = (first, *(name for name in others if name != first))
        spans = {Span(e["start"], e["end"], e["entity"]) for e in parsed.get("entities") or []}
        return cls(intents, tuple(sorted(spans)))


class Share(NamedTuple):
    """`right` of `tried`."""

    right: int
    tried: int

    def __str__(self) -> str:
        return f"{self.value:6.1%}  ({self.right} of {self.tried})"

    @property
    def value(self) -> float:
        """The share, 0 to 1; 0 of nothing."""
        return self.right / self.tried if self.tried else 0.0


class Figures(NamedTuple):
    """All that is counted of one model."""

    overall: dict[str, Share]
    by_style: dict[str, Share]
    by_intent: dict[str, Share]
    entities: dict[str, float]
    confusions: list[tuple[str, str, int]]

    def failures(self) -> Iterator[str]:
        """A line for each floor that is not reached."""
        reached = {name: share.value for name, share in self.overall.items()} | self.entities
        for name, floor in FLOORS.items():
            if reached[name] < floor:
                yield f"{name}: {reached[name]:.1%}, floor {floor:.0%}"
        for style, share in self.by_style.items():
            if share.value < STYLE_FLOOR:
                yield f"{style}: {share.value:.1%}, floor {STYLE_FLOOR:.0%}"
        if reached["refused wrongly"] > REFUSED_WRONGLY_CEILING:
            yield f"refused wrongly: {reached['refused wrongly']:.1%}, at most {REFUSED_WRONGLY_CEILING:.0%}"


def measure(
    sentences: Sequence[Sentence],
    readings: Sequence[Reading],
    gazetteer: Optional[Gazetteer],
    alike: frozenset[str] = frozenset(),
) -> Figures:
    """Count. `alike` holds the texts that resemble a training sentence: the rest is counted apart, too.

    Entities are linked by `gazetteer`; without one they count only where they mean just themselves.
    """
    right: dict[str, Counter[str]] = {"overall": Counter(), "style": Counter(), "intent": Counter()}
    tried: dict[str, Counter[str]] = {"overall": Counter(), "style": Counter(), "intent": Counter()}
    confusions: Counter[tuple[str, str]] = Counter()
    for sentence, reading in zip(sentences, readings, strict=True):
        found = OUT_OF_SCOPE if reading.intents[0] in _REFUSALS else reading.intents[0]
        hit = found == sentence.intent
        groups = {"all": hit, "one of the first two": sentence.intent in reading.intents[:2] or hit}
        if sentence.text not in alike:
            groups["unlike all training sentences"] = hit
        if sentence.intent == OUT_OF_SCOPE:
            groups["refused rightly"] = hit
        else:
            groups |= {"in scope": hit, "refused wrongly": found == OUT_OF_SCOPE}
        for table, names in (
            ("overall", groups),
            ("style", {sentence.style: hit}),
            ("intent", {sentence.intent: hit}),
        ):
            for name, counts in names.items():
                tried[table][name] += 1
                right[table][name] += counts
        if not hit:
            confusions[sentence.intent, found] += 1
    shares = {
        table: {name: Share(right[table][name], count) for name, count in tried[table].items()}
        for table in tried
    }
    return Figures(
        shares["overall"],
        shares["style"],
        shares["intent"],
        _entities(sentences, readings, gazetteer),
        [(*pair, count) for pair, count in confusions.most_common()],
    )


def _entities(
    sentences: Iterable[Sentence], readings: Iterable[Reading], gazetteer: Optional[Gazetteer]
) -> dict[str, float]:
    spans_wanted: Counter[Any] = Counter()
    spans_found: Counter[Any] = Counter()
    wanted: Counter[Any] = Counter()
    found: Counter[Any] = Counter()
    for number, (sentence, reading) in enumerate(zip(sentences, readings, strict=True)):
        if sentence.intent == OUT_OF_SCOPE:
            continue  # nobody asks what was named in a question that is refused
        if gazetteer is None:
            linked = [Linked(span) for span in reading.spans]
        else:
            linked = link(
                sentence.text,
                tokenise(sentence.text),
                reading.spans,
                reading.intents[0],
                gazetteer,
                TODAY,
            )
        spans_wanted.update((number, span) for span in sentence.spans)
        spans_found.update((number, each.span) for each in linked)
        for span, meaning in zip(sentence.spans, sentence.links, strict=True):
            wanted[number, _kind(span), meaning or _typed(sentence, span)] += 1
        for each in linked:
            found[number, _kind(each.span), _meaning(each) or _typed(sentence, each.span)] += 1
    return {
        "linked entities": _f1(wanted, found),
        "entities by their exact place": _f1(spans_wanted, spans_found),
    }


def _kind(span: Span) -> str:
    return _ONE_KIND.get(span.entity, span.entity)


def _typed(sentence: Sentence, span: Span) -> str:
    # A code or number is the same however it is spaced.
    joined = "" if span.entity in ("report_code", "phone") else " "
    return joined.join(words(sentence.text[span.start : span.end]))


def _meaning(linked: Linked) -> Optional[str]:
    if linked.days is not None:
        first, last = (day.isoformat() for day in linked.days)
        return first if first == last else f"{first}..{last}"
    return linked.entry.id if linked.entry is not None else None


def _f1(wanted: "Counter[Any]", found: "Counter[Any]") -> float:
    hits = sum((wanted & found).values())
    total = wanted.total() + found.total()
    return 2 * hits / total if total else 1.0


def report(columns: Mapping[str, Figures]) -> Iterator[str]:
    """The tables, one column for each model."""
    names = list(columns)
    yield _row("", names)
    for table in ("overall", "by_style", "by_intent"):
        yield ""
        for name in getattr(columns[names[0]], table):
            yield _row(name, [str(getattr(columns[each], table).get(name, "")) for each in names])
    yield ""
    for name in columns[names[0]].entities:
        yield _row(f"F1, {name}", [f"{columns[each].entities[name]:6.3f}" for each in names])


def _row(name: str, cells: Iterable[str]) -> str:
    return re.sub(r" +$", "", f"{name:32}" + "".join(f"{cell:26}" for cell in cells))
