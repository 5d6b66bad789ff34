"""The entity model: a conditional random field over folded tokens, so that missing marks cost little."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from pycrfsuite import Tagger, Trainer

OUTSIDE = "O"
_DIGIT = re.compile(r"\d")


class Span(NamedTuple):
    """Characters `start` to `end` (exclusive) of a message mean `entity`."""

    start: int
    end: int
    entity: str


class Word(NamedTuple):
    """A token: its place in the message, its normalised and its folded form."""

    start: int
    end: int
    accented: str
    folded: str


def _of_word(word: Word, prefix: str) -> list[str]:
    folded = word.folded
    return [
        f"{prefix}w={folded}",
        f"{prefix}a={word.accented}",
        f"{prefix}shape={_DIGIT.sub('0', folded)}" if _DIGIT.search(folded) else f"{prefix}word",
    ]


def _features(words: Sequence[Word]) -> list[list[str]]:
    rows = []
    for i, word in enumerate(words):
        row = ["bias", *_of_word(word, ""), f"start={word.folded[:2]}", f"end={word.folded[-2:]}"]
        for distance in (-2, -1, 1, 2):
            if 0 <= i + distance < len(words):
                row += _of_word(words[i + distance], f"{distance}:")
            else:
                row.append(f"{distance}:edge")
        if i > 0:
            row.append(f"pair-={words[i - 1].folded}|{word.folded}")
        if i + 1 < len(words):
            row.append(f"pair+={word.folded}|{words[i + 1].folded}")
        rows.append(row)
    return rows


def _labels(words: Sequence[Word], spans: Sequence[Span]) -> list[str]:
    labels = []
    for word in words:
        inside = next((s for s in spans if s.start < word.end and word.start < s.end), None)
        if inside is None:
            labels.append(OUTSIDE)
        else:
            labels.append(("B-" if word.start <= inside.start else "I-") + inside.entity)
    return labels


class EntityModel:
    """Learns where entities stand in messages and marks them in new ones."""

    def __init__(self) -> None:
        self._tagger: Tagger | None = None
        self._model = b""

    @staticmethod
    def train(examples: Sequence[tuple[Sequence[Word], Sequence[Span]]], file: Path) -> None:
        """Fit to `examples` and write the model to `file`."""
        trainer = Trainer(
            algorithm="lbfgs",
            params={"c1": 0.05, "c2": 0.05, "max_iterations": 60, "feature.minfreq": 2},
            verbose=False,
        )
        for words, spans in examples:
            if words:
                trainer.append(_features(words), _labels(words, spans))
        trainer.train(str(file))

    def restore(self, file: Path) -> None:
        """Read what `train` wrote."""
        self._tagger = Tagger()
        self._model = file.read_bytes()  # the tagger reads it in place, so it has to stay
        self._tagger.open_inmemory(self._model)

    def spans(self, words: Sequence[Word]) -> list[Span]:
        """The entities among `words`, in order."""
        if self._tagger is None or not words:
            return []
        found: list[Span] = []
        previous = OUTSIDE
        for word, label in zip(words, self._tagger.tag(_features(words)), strict=True):
            entity = label[2:]
            if label != OUTSIDE:
                if label.startswith("I-") and previous[2:] == entity:
                    found[-1] = found[-1]._replace(end=word.end)
                else:
                    found.append(Span(word.start, word.end, entity))
            previous = label
        return found
