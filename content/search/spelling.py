"""How people misspell: what a word has in common with its misspellings, and how near two are.

Everything here is about folded words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from rapidfuzz.distance import OSA

SHORTEST, LONGEST = 3, 24
"""Between so many letters a word may be corrected: what is shorter looks like everything."""

LONG = 6
"""From so many letters on two errors are forgiven, else one."""

SHORTEST_SYLLABLE, LONGEST_SYLLABLE = 2, 7

SOUNDS = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"^ph", "f"), (r"^ngh", "ng"), (r"^gh", "g"), (r"^(gi|r|j|z)", "d"), (r"^tr", "ch"),
        (r"^s", "x"), (r"^(k|q|c)(?!h)", "k"), (r"^n(?![gh])", "l"), (r"y", "i"),
        (r"n[gh]$", "n"), (r"[ct]$", "t"),
    )
]  # fmt: skip
"""What is written differently and said alike, in one region or another."""

VOWEL = re.compile(r"[aeiouyw]")
DOUBLED = re.compile(r"(aa|ee|oo|dd)")


def may_be_corrected(word: str) -> bool:
    """Whether *word* may be a misspelling; a number never is: 113 does not stand for 115."""
    return SHORTEST <= len(word) <= LONGEST and word.isascii() and word.isalpha()


def keys(word: str) -> set[str]:
    """What *word* shares with its misspellings; nothing where a misspelling is out of question.

    The word itself and all that is left when one letter goes: two words with one letter
    missing, added, changed or swapped have one of these in common. Its sound. And of long
    words their first and last letters, as two errors seldom spoil both.
    """
    if not may_be_corrected(word):
        return {word} if len(word) == SHORTEST - 1 and word.isascii() and word.isalpha() else set()
    found = {word, f"~{sound(word)}"}
    found.update(word[:i] + word[i + 1 :] for i in range(len(word)))
    if len(word) >= LONG:
        found |= {f"^{word[:4]}", f"${word[-4:]}"}
    return found


def sound(word: str) -> str:
    """How *word* is said, where spelling and regions differ: "trua" sounds as "chua"."""
    for pattern, replacement in SOUNDS:
        word = pattern.sub(replacement, word)
    return word


def without_telex(word: str) -> str:
    """*word* as it was meant by who typed with Telex or VNI and no program to read it:
    "ddaor" and "d9ao3" are "dao"."""
    if not word.isalpha():
        return re.sub(r"[0-9]", "", word) if re.match(r"[a-z]", word) else word
    word = DOUBLED.sub(lambda pair: pair[0][0], word)
    vowel = VOWEL.search(word)
    if vowel is None:
        return word
    start = vowel.start()
    rest = re.sub(r"[sfrxjz]", "", word[start:])
    rest = re.sub(r"(?<=[aou])w", "", rest).replace("w", "u")
    return word[:start] + rest


def nearness(typed: str, word: str) -> float:
    """How likely *typed* was meant to be *word*, from 0, not at all, to 1, surely."""
    if word == without_telex(typed):
        return 0.95
    errors = 2 if min(len(typed), len(word)) >= LONG else 1
    distance = OSA.distance(typed, word, score_cutoff=errors)
    alike = sound(typed) == sound(word)
    if distance > errors:
        return 0.82 if alike else 0.0
    likely = {0: 1.0, 1: 0.8, 2: 0.65}[distance]
    if alike or sorted(typed) == sorted(word):
        likely += 0.06
    if typed[0] != word[0] and not alike:
        likely -= 0.15
    return likely


def nearest(typed: str, candidates: Mapping[str, int], limit: int) -> dict[str, float]:
    """The likeliest of *candidates*, words with how many documents hold them, for *typed*."""
    likely = {word: nearness(typed, word) for word in candidates if word != typed}
    ranked = sorted(
        (word for word, near in likely.items() if near),
        key=lambda word: (-likely[word] - 0.02 * math.log1p(candidates[word]), word),
    )
    return {word: likely[word] for word in ranked[:limit]}


def syllables_in(word: str) -> set[str]:
    """Every piece of *word* that may be a word, where blanks were left out."""
    if not 2 * SHORTEST_SYLLABLE < len(word) <= LONGEST or not word.isalpha():
        return set()
    return {
        word[start:end]
        for start in range(len(word))
        for end in range(start + SHORTEST_SYLLABLE, start + LONGEST_SYLLABLE + 1)
        if end <= len(word)
    }


def split(word: str, known: Mapping[str, int], *, most: int = 5) -> list[str]:
    """*word* cut into at most *most* of the *known* words; [] where that cannot be done.

    Of several ways the one with the fewest words, and of these the one whose rarest word is
    in most documents.
    """
    best: dict[int, tuple[int, float, list[str]]] = {0: (0, -math.inf, [])}
    for end in range(SHORTEST_SYLLABLE, len(word) + 1):
        ways = [
            (count + 1, max(-known[piece], rarest), [*pieces, piece])
            for start, (count, rarest, pieces) in best.items()
            if known.get(piece := word[start:end], 0) and count < most
        ]
        if ways:
            best[end] = min(ways, key=lambda way: way[:2])
    return best[len(word)][2] if len(word) in best else []
