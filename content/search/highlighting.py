"""A piece of text around the words that were asked for, marked."""

from __future__ import annotations

import re
from html import escape

from content.text import fold

WORD = re.compile(r"[^\W_]+")
BEFORE, LENGTH = 60, 220


def highlight(text: str, asked: list[str]) -> str:
    """The part of *text* around its first asked word, as HTML with asked words in <mark>.

    *asked* are folded words, the last of which may be a beginning. "" where none occurs.
    """
    found = [match for match in WORD.finditer(text) if _is_asked(fold(match[0]), asked)]
    if not found:
        return ""
    start, end = _window(text, found[0].start())
    pieces = ["…" if start else ""]
    position = start
    for match in found:
        if match.end() > end:
            break
        pieces += [escape(text[position : match.start()]), f"<mark>{escape(match[0])}</mark>"]
        position = match.end()
    pieces += [escape(text[position:end]), "…" if end < len(text) else ""]
    return "".join(pieces)


def _is_asked(word: str, asked: list[str]) -> bool:
    return word in asked or word.startswith(asked[-1])


def _window(text: str, first: int) -> tuple[int, int]:
    """From and to where to show *text*, cut between words."""
    start = 0 if first <= BEFORE else text.rfind(" ", 0, first - BEFORE) + 1
    end = start + LENGTH
    if end >= len(text):
        return start, len(text)
    return start, max(text.rfind(" ", start, end), first + 1)
