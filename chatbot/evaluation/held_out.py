"""For tuning: the models on a tenth of the training sentences that is kept out of training."""

from collections import Counter
from pathlib import Path
from typing import Optional

from components.entity_model import EntityModel
from components.intent_model import IntentModel, Settings
from components.nlu import tokenise, views
from components.text import fold
from components.vectors import SentenceVectors
from evaluation.corpus import ROOM, training

CACHE = ROOM / ".cache" / "sentence-vectors.npz"


def intent_accuracy(vectors: Optional[SentenceVectors]) -> dict[str, float]:
    """The share of held-out sentences whose intent is found: by style, "all", "without marks",
    "top two", "in scope"; and the share "refused" of those in scope, "refused rightly" of the rest."""
    kept = [s for s in training() if not s.held_out]
    twins = [s._replace(text=fold(s.text)) for s in kept if fold(s.text) != s.text.lower()]
    model = IntentModel(Settings(), vectors)
    examples = kept + twins
    model.train([views(tokenise(s.text)) for s in examples], [s.intent for s in examples], CACHE)
    tried: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for sentence in (s for s in training() if s.held_out):
        ranked = [intent for intent, _ in model.rank(views(tokenise(sentence.text)))]
        hit = ranked[0] == sentence.intent
        outcomes = {"all": hit, sentence.style: hit, "top two": sentence.intent in ranked[:2]}
        if sentence.intent == "out_of_scope":
            outcomes["refused rightly"] = hit
        else:
            outcomes["in scope"] = hit
            outcomes["refused"] = ranked[0] == "out_of_scope"
        if sentence.style != "english":
            bare = model.rank(views(tokenise(fold(sentence.text))))[0][0]
            outcomes["without marks"] = bare == sentence.intent
        for group, found in outcomes.items():
            tried[group] += 1
            right[group] += found
    return {group: right[group] / tried[group] for group in sorted(tried)}


def entity_score(folder: Path) -> dict[str, float]:
    """F1 of exact spans on held-out sentences, as written and "without marks"."""
    file = folder / "entities.crf"
    kept = [(s.text, s.spans) for s in training() if not s.held_out]
    EntityModel.train(
        [(tokenise(text), spans) for text, spans in kept]
        + [(tokenise(fold(text)), spans) for text, spans in kept],
        file,
    )
    model = EntityModel()
    model.restore(file)
    scores = {}
    for name, spelt in (("as written", str), ("without marks", fold)):
        hits = found = wanted = 0
        for sentence in (s for s in training() if s.held_out):
            spans = set(model.spans(tokenise(spelt(sentence.text))))
            hits += len(spans & set(sentence.spans))
            found += len(spans)
            wanted += len(sentence.spans)
        scores[name] = 2 * hits / (found + wanted)
    return scores
