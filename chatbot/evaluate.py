"""How well the chatbot understands sentences that it was never trained on; fails below the floors.

    .venv/bin/python evaluate.py                     also trains Rasa's default pipeline on the same
                                                     sentences, if it is not in .cache: half an hour and more
    .venv/bin/python evaluate.py --without-default   our own model alone
    .venv/bin/python evaluate.py --held-out          while tuning: a tenth of the training sentences

The model is `models/current.tar.gz`, which `train.py` makes.
"""

import hashlib
import json
import os
import sys
from pathlib import Path

from components.gazetteer import Gazetteer, entries_of
from components.vectors import SentenceVectors
from evaluation.alike import resembling
from evaluation.corpus import ROOM, UNSEEN, training, unseen
from evaluation.held_out import entity_score, intent_accuracy
from evaluation.measures import Figures, Reading, measure, report
from evaluation.parsing import DEFAULT_CONFIG, parse, train_default

CACHE = ROOM / ".cache" / "evaluation"
NAMES = ROOM / "evaluation" / "names.json"


def main(options: list[str]) -> int:
    """Print the tables; 1 when a floor is not reached."""
    CACHE.mkdir(parents=True, exist_ok=True)
    if "--held-out" in options:
        return _held_out()
    # No town is asked for its names: those in names.json are what is linked to.
    os.environ.update(BACKEND_URL="http://127.0.0.1:9", DATA_DIR=str(CACHE))
    columns = {"this chatbot": _figures(ROOM / "models" / "current.tar.gz", linked=True)}
    if "--without-default" not in options:
        columns["Rasa's default"] = _figures(_default_model(), linked=False)
    ours = columns["this chatbot"]
    say(*report(columns))
    say("", "taken for another:")
    say(*(f"{count:4}  {meant} → {found}" for meant, found, count in ours.confusions))
    failures = list(ours.failures())
    say("", *(f"below the floor: {line}" for line in failures))
    return 1 if failures else 0


def _figures(model: Path, *, linked: bool) -> Figures:
    sentences = unseen()
    texts = [sentence.text for sentence in sentences]
    kept = CACHE / f"{_hash(UNSEEN, model.resolve())}.json"
    if not kept.exists():
        kept.write_text(json.dumps(parse(model, texts), ensure_ascii=False), "utf-8")
    readings = [Reading.of(each) for each in json.loads(kept.read_text("utf-8"))]
    names = Gazetteer(entries_of(json.loads(NAMES.read_text("utf-8")))) if linked else None
    return measure(sentences, readings, names, frozenset(resembling(sentences, training())))


def _default_model() -> Path:
    data = sorted((ROOM / "data" / "nlu").glob("*.yml"))
    folder = CACHE / f"default-{_hash(DEFAULT_CONFIG, *data)}"
    model = folder / "default-pipeline.tar.gz"
    if not model.exists():
        say("training Rasa's default pipeline on the same sentences")
        train_default(folder)
    return model


def _hash(*files: Path) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:20]


def _held_out() -> int:
    for group, share in intent_accuracy(SentenceVectors.available()).items():
        say(f"{group:20} {share:.3f}")
    for name, score in entity_score(CACHE).items():
        say(f"entities {name:20} {score:.3f}")
    return 0


def say(*lines: str) -> None:
    """Print."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
