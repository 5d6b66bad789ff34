"""Refuses training sentences that teach little or teach wrong; `lint_allow.txt` holds real exceptions.

    .venv/bin/python lint_data.py           prints file, line and reason; exit status 1 on problems
    .venv/bin/python lint_data.py --counts  also how many sentences each intent has

Refused: near-copies, the same sentence under two intents, text that is not NFC, unknown intents,
styles and entities, broken marks, a phrase that is marked in one sentence of an intent and left
unmarked in another. Intents with fewer than 150 sentences are listed, not refused.
"""

import re
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from math import ceil
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from components.text import fold, words

HERE = Path(__file__).resolve().parent
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
STYLES = frozenset("standard nodiacritics teencode typo nghe english formal terse".split())
FEWEST = 150
# Looked up in pairs: from .62 on two sentences are the same question with a word exchanged;
# below .55 they share no more than how one asks.
ALIKE = 0.62
_FEWEST_WORDS_TO_COMPARE = 4
_ENTITY = re.compile(r"\[([^\]]+)\]\((\w+)\)")
_STRAY = re.compile(r"\[[^\]]*\]\(|\]\(\w*\)|\[\w+\]")


class Line(NamedTuple):
    """One training sentence and where it stands."""

    file: str
    number: int
    intent: str
    style: str
    marked: str

    @property
    def text(self) -> str:
        """The sentence as a person wrote it."""
        return _ENTITY.sub(r"\1", self.marked)


class Problem(NamedTuple):
    """Why a line is refused."""

    file: str
    number: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.number}: {self.reason}"


def read(folder: Path) -> Iterator[Line]:
    """The sentences of all files of `folder`, with their line numbers."""
    for file in sorted(folder.glob("*.yml")):
        root: Any = yaml.compose(file.read_text("utf-8"), Loader=LOADER)
        for block in _children(root)["nlu"].value:
            parts = _children(block)
            style = _children(parts["metadata"])["style"].value if "metadata" in parts else ""
            first = parts["examples"].start_mark.line + 2
            for number, line in enumerate(parts["examples"].value.splitlines(), first):
                yield Line(
                    file.name, number, parts["intent"].value, style, line.removeprefix("- ").strip()
                )


def _children(node: Any) -> dict[str, Any]:
    return {key.value: value for key, value in node.value}


def problems(lines: list[Line], known: "Known", allowed: "Allowed") -> list[Problem]:
    """All that is wrong with `lines`, in their order."""
    found = [
        *_spelling(lines, known),
        *_near_copies(lines, allowed),
        *_unmarked(lines, allowed),
        *(Problem("lint_allow.txt", n, "is not needed any more") for n in allowed.unused()),
    ]
    return sorted(found)


# --- names and spelling ---------------------------------------------------------------------------


class Known(NamedTuple):
    """The names that the domain knows."""

    intents: frozenset[str]
    entities: frozenset[str]

    @classmethod
    def of(cls, domain: Path) -> "Known":
        """The names in the file `domain`."""
        names = yaml.safe_load(domain.read_text("utf-8"))
        return cls(frozenset(names["intents"]), frozenset(names["entities"]))


def _spelling(lines: Iterable[Line], known: Known) -> Iterator[Problem]:
    for line in lines:
        if line.intent not in known.intents:
            yield Problem(line.file, line.number, f"unknown intent {line.intent}")
        if line.style not in STYLES:
            yield Problem(line.file, line.number, f"unknown style {line.style!r}")
        if not unicodedata.is_normalized("NFC", line.marked):
            yield Problem(line.file, line.number, "not NFC")
        if not line.text:
            yield Problem(line.file, line.number, "no sentence")
        for phrase, entity in _ENTITY.findall(line.marked):
            if entity not in known.entities:
                yield Problem(line.file, line.number, f"unknown entity {entity}")
            if phrase != phrase.strip():
                yield Problem(line.file, line.number, f"blank at the edge of the mark {phrase!r}")
        if _STRAY.search(line.text):
            yield Problem(line.file, line.number, "broken mark")


# --- near-copies ----------------------------------------------------------------------------------


def _near_copies(lines: list[Line], allowed: "Allowed") -> Iterator[Problem]:
    first_of: dict[str, Line] = {}
    for line in lines:
        key = " ".join(words(line.text)) or line.text
        first = first_of.setdefault(key, line)
        if first is not line:
            where = f"{first.file}:{first.number}"
            of = "" if first.intent == line.intent else f" of {first.intent}"
            yield Problem(line.file, line.number, f"the same sentence{of} as {where}")
    different = list(first_of.values())
    for index, other, share in _similar([_grams(line.marked) for line in different]):
        line, first = different[index], different[other]
        if line.intent != first.intent:
            # Between intents the entity may be what tells them apart: another town, an office.
            share = _jaccard(_grams(line.text), _grams(first.text))
        if share >= ALIKE and not allowed.covers(line.intent, "near-copy", line.text):
            reason = f"a near-copy ({share:.2f}) of {first.file}:{first.number} ({first.intent})"
            yield Problem(line.file, line.number, f"{reason}: {line.text!r} / {first.text!r}")


def _grams(marked: str) -> frozenset[str]:
    # Entities count by their kind: the same question about another beach is a copy.
    masked = _ENTITY.sub(lambda match: f" {match[2].replace('_', '')} ", marked)
    kept = words(masked)
    own = words(_ENTITY.sub(" ", marked))
    if len(own) < _FEWEST_WORDS_TO_COMPARE:
        return frozenset()
    text = f" {' '.join(kept)} "
    return frozenset(text[i : i + 3] for i in range(len(text) - 2))


def _similar(sets: list[frozenset[str]]) -> Iterator[tuple[int, int, float]]:
    """The pairs whose Jaccard similarity reaches ALIKE.

    Such a pair shares one of the rarest grams of each (prefix filter), so only those are compared.
    """
    often = Counter(gram for grams in sets for gram in grams)
    by_rare_gram: dict[str, list[int]] = defaultdict(list)
    for index, grams in enumerate(sets):
        rarest = sorted(grams, key=lambda gram: (often[gram], gram))
        prefix = rarest[: len(grams) - ceil(ALIKE * len(grams)) + 1]
        for other in {other for gram in prefix for other in by_rare_gram[gram]}:
            share = _jaccard(grams, sets[other])
            if share >= ALIKE:
                yield index, other, share
        for gram in prefix:
            by_rare_gram[gram].append(index)


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    common = len(one & other)
    return common / (len(one) + len(other) - common or 1)


# --- marks ----------------------------------------------------------------------------------------


def _unmarked(lines: list[Line], allowed: "Allowed") -> Iterator[Problem]:
    # Without marks "chợ" is "cho", which is many words: such a phrase counts only among its like.
    phrases: dict[tuple[str, bool], dict[str, str]] = defaultdict(dict)
    for line in lines:
        for phrase, entity in _ENTITY.findall(line.marked):
            phrases[line.intent, _bare(line)][phrase.lower()] = entity
    patterns = {group: _any_of(known) for group, known in phrases.items()}
    for line in lines:
        group = line.intent, _bare(line)
        if group not in patterns:
            continue
        rest = _ENTITY.sub(lambda match: "\0" * len(match[0]), line.marked).lower()
        for phrase in sorted(set(patterns[group].findall(rest))):
            if not allowed.covers(line.intent, phrase, line.text):
                entity = phrases[group][phrase]
                reason = f"{phrase!r} is a {entity} in other sentences of {line.intent}"
                yield Problem(line.file, line.number, f"{reason}: {line.marked}")


def _bare(line: Line) -> bool:
    return fold(line.text) == line.text.lower()


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    # A longer phrase first: what it covers is not asked about again.
    longest_first = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")


class Allowed:
    """Exceptions: lines of `intent | phrase | part of the sentence`, where `*` stands for any.

    The phrase is one that stays unmarked there, or `near-copy`.
    """

    def __init__(self, text: str = "") -> None:
        self._rules: dict[int, tuple[str, str, str]] = {}
        self._used: set[int] = set()
        for number, line in enumerate(text.splitlines(), 1):
            if line.strip() and not line.startswith("#"):
                intent, phrase, part = (field.strip() for field in line.split("|", 2))
                self._rules[number] = intent, phrase, part.lower()

    def covers(self, intent: str, phrase: str, sentence: str) -> bool:
        """Whether this one is an exception."""
        rules = {
            number
            for number, (of, what, part) in self._rules.items()
            if what == phrase and of in (intent, "*") and (part == "*" or part in sentence.lower())
        }
        self._used |= rules
        return bool(rules)

    def unused(self) -> list[int]:
        """The line numbers of exceptions that no sentence needed."""
        return sorted(set(self._rules) - self._used)


def too_few(lines: Iterable[Line], known: Known) -> dict[str, int]:
    """The intents with fewer sentences than FEWEST, and how many they have."""
    counts = Counter(line.intent for line in lines)
    # `inform` is what a form's answer is, found by rule.
    asked = known.intents - {"inform"}
    return {intent: counts[intent] for intent in sorted(asked) if counts[intent] < FEWEST}


def main(options: list[str]) -> int:
    """Print what is wrong with the real data; the exit status."""
    lines = list(read(HERE / "data" / "nlu"))
    known = Known.of(HERE / "domain" / "domain.yml")
    allowed = Allowed((HERE / "lint_allow.txt").read_text("utf-8"))
    found = problems(lines, known, allowed)
    report = [str(problem) for problem in found]
    few = too_few(lines, known)
    report += [f"{intent}: {count} sentences of {FEWEST}" for intent, count in few.items()]
    if "--counts" in options:
        counts = Counter(line.intent for line in lines)
        report += [f"{count:5} {intent}" for intent, count in counts.most_common()]
        report.append(f"{len(lines):5} in all")
    sys.stdout.write("".join(f"{line}\n" for line in report))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
