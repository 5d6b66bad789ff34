"""How often the suggested category is right, by style, and how far its probabilities can be taken.

The held-out sentences were written by others than those that it learned from and not tuned on;
each names the categories that fit. Beside it, the written sentences are asked of a classifier
that has not seen them, a fifth at a time: that is what its constants were chosen by.

Says NO where the held-out sentences are right in less than 0.8 (first) or 0.9 (first three).
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import yaml

from backend.feedback.suggesting.classifier import Classifier, counted
from backend.feedback.suggesting.suggester import MOST, sentences

ROOT = Path(__file__).resolve().parents[2]
HELD_OUT = Path(__file__).parent / "judged" / "categories.tsv"
VOCABULARIES = ROOT / "content" / "seed" / "vocabularies.yaml"
WANTED_FIRST, WANTED_AMONG_THREE = 0.8, 0.9
FOLDS = 5

Judged = tuple[str, Sequence[str], str]
Asked = tuple[str, float, bool, bool]


def say(line: str) -> None:
    """Show one line."""
    print(line, flush=True)  # noqa: T201


def held_out() -> Iterator[Judged]:
    """Style, categories that fit, text."""
    for line in HELD_OUT.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            style, codes, text = line.split("\t")
            yield style, codes.split(","), text


def keywords() -> list[tuple[str, str]]:
    """The categories' names and keywords, as a seeded town has them."""
    groups = yaml.safe_load(VOCABULARIES.read_text(encoding="utf-8"))["terms"]["report"]
    return [
        (leaf["code"], text)
        for group in groups
        for leaf in group["children"]
        for text in (*leaf["name"].values(), *leaf["keywords"])
    ]


def ask(classifier: Classifier, judged: Iterable[Judged]) -> Iterator[Asked]:
    """For each sentence: style, probability of the first, whether it and one of three is right."""
    for style, codes, text in judged:
        guesses = classifier.guesses(text)[:MOST]
        first = guesses[0] if guesses else None
        yield (
            style,
            first.probability if first else 0.0,
            first is not None and first.code in codes,
            any(guess.code in codes for guess in guesses),
        )


def show(title: str, asked: Sequence[Asked]) -> tuple[float, float]:
    """Print how right and how sure; the shares of the first and of the first three."""
    first = sum(right for _, _, right, _ in asked) / len(asked)
    three = sum(right for _, _, _, right in asked) / len(asked)
    say(f"\n{title}: {len(asked)} sentences, first {first:.3f}, first three {three:.3f}")
    by_style: dict[str, list[Asked]] = defaultdict(list)
    for each in asked:
        by_style[each[0]].append(each)
    if len(by_style) > 1:
        for style, own in sorted(by_style.items()):
            share = sum(each[2] for each in own) / len(own)
            among = sum(each[3] for each in own) / len(own)
            say(f"  {style:14} {len(own):4}  first {share:.2f}  first three {among:.2f}")
    error = 0.0
    for least in (0.0, 0.2, 0.4, 0.6, 0.8):
        own = [each for each in asked if least <= each[1] < least + 0.2 + (least == 0.8)]
        if own:
            said = sum(each[1] for each in own) / len(own)
            was = sum(each[2] for each in own) / len(own)
            error += abs(said - was) * len(own) / len(asked)
            say(f"  said {said:.2f}, was right in {was:.2f} of {len(own)}")
    say(f"  calibration error {error:.3f}")
    return first, three


def main() -> None:
    """Print all figures, and whether they are as wanted."""
    written, words = sentences(), keywords()
    started = time.perf_counter()
    classifier = Classifier(counted([*written, *words]))
    taught = time.perf_counter() - started
    judged = list(held_out())
    started = time.perf_counter()
    asked = list(ask(classifier, judged))
    each = (time.perf_counter() - started) / len(judged)
    first, three = show("Held out", asked)

    crossed: list[Asked] = []
    for fold in range(FOLDS):
        rest = [pair for at, pair in enumerate(written) if at % FOLDS != fold]
        unseen = [("", [code], text) for code, text in written[fold::FOLDS]]
        crossed += ask(Classifier(counted([*rest, *words])), unseen)
    show("Written, each unseen", crossed)
    say(f"\nTaught in {taught * 1000:.0f} ms, one answer in {each * 1000:.2f} ms")
    good = first >= WANTED_FIRST and three >= WANTED_AMONG_THREE
    say(f"wanted: {WANTED_FIRST} and {WANTED_AMONG_THREE}: {'yes' if good else 'NO'}")


if __name__ == "__main__":
    main()
