"""Which sentences of the test set resemble one that the models learn from."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from components.text import words
from evaluation.corpus import Sentence

# As near as lint_data.py lets no two training sentences come.
ALIKE = 0.62


def resembling(sentences: Iterable[Sentence], known: Iterable[Sentence]) -> dict[str, str]:
    """The texts of `sentences` that resemble one of `known`, each with that one's text.

    Without marks and punctuation, entities counting by their kind.
    """
    texts = [(each.text, _grams(each)) for each in known]
    having: dict[str, list[int]] = defaultdict(list)
    for number, (_, grams) in enumerate(texts):
        for gram in grams:
            having[gram].append(number)
    found = {}
    for sentence in sentences:
        grams = _grams(sentence)
        common = Counter(number for gram in grams for number in having[gram])
        for number, count in common.most_common(5):
            text, others = texts[number]
            if count >= ALIKE * (len(grams) + len(others) - count):
                found[sentence.text] = text
                break
    return found


def _grams(sentence: Sentence) -> frozenset[str]:
    masked, last = "", 0
    for span in sentence.spans:
        masked += f"{sentence.text[last : span.start]} {span.entity.replace('_', '')} "
        last = span.end
    text = f" {' '.join(words(masked + sentence.text[last:]))} "
    return frozenset(text[i : i + 3] for i in range(len(text) - 2))
