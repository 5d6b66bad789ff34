"""A piece of text around the words that were asked for, marked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape

from content.text import fold

WORD = re.compile(r"[^\W_]+")
BEFORE, LENGTH = 60, 220


def highlight(text: str, asked: Sequence[Mapping[str, float]]) -> str:
    """The part of *text* around its first asked word, as HTML with asked words in <mark>.

    *asked* has for each word that was typed the folded words it may stand for, and how likely;
    of these only the likeliest that occurs is marked. "" where none occurs.
    """
    flat = text.translate(_LETTERS)
    marked_words = _occurring(set(WORD.findall(flat)), asked)
    found = [match for match in WORD.finditer(flat) if match[0] in marked_words]
    if not found:
        return ""
    start, end = _window(text, found[0].start())
    pieces = ["…" if start else ""]
    position = start
    for match in found:
        if match.end() > end:
            break
        marked = escape(text[match.start() : match.end()])
        pieces += [escape(text[position : match.start()]), f"<mark>{marked}</mark>"]
        position = match.end()
    pieces += [escape(text[position:end]), "…" if end < len(text) else ""]
    return "".join(pieces)


class _Letters(dict[int, str]):
    """Folds letter by letter, so that a folded text and its original have the same length."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        folded = fold(letter)
        self[code] = folded if len(folded) == 1 else letter
        return self[code]


_LETTERS = _Letters()


def _occurring(words: set[str], asked: Sequence[Mapping[str, float]]) -> set[str]:
    found = set()
    for meant in asked:
        if its := words & meant.keys():
            most = max(meant[word] for word in its)
            found |= {word for word in its if meant[word] == most}
    return found


def _window(text: str, first: int) -> tuple[int, int]:
    """From and to where to show *text*, cut between words."""
    start = 0 if first <= BEFORE else text.rfind(" ", 0, first - BEFORE) + 1
    end = start + LENGTH
    if end >= len(text):
        return start, len(text)
    return start, max(text.rfind(" ", start, end), first + 1)
