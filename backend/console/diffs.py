"""What changed between two texts, word by word, for people to read."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Any

from markupsafe import Markup, escape

MOST_WORDS = 4000
"""Above this the two texts are shown whole: comparing takes the square of the time."""


def as_text(value: Any) -> str:
    """*value* of a field as lines to read."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "✓" if value else "✗"
    if isinstance(value, dict):
        return "\n".join(f"{key}: {as_text(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return "\n".join(as_text(inner) for inner in value)
    return str(value)


def changed(before: Any, after: Any) -> Markup:
    """*before* and *after* as one text in which what went and what came is marked."""
    old, new = (re.findall(r"\s+|\w+|[^\w\s]", as_text(value)) for value in (before, after))
    if len(old) + len(new) > MOST_WORDS:
        return _gone(old) + _came(new)
    pieces = Markup()
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, from_old, to_old, from_new, to_new in matcher.get_opcodes():
        if tag == "equal":
            pieces += escape("".join(old[from_old:to_old]))
        else:
            pieces += _gone(old[from_old:to_old]) + _came(new[from_new:to_new])
    return pieces


def _gone(words: list[str]) -> Markup:
    return Markup("<del>{}</del>").format("".join(words)) if words else Markup()


def _came(words: list[str]) -> Markup:
    return Markup("<ins>{}</ins>").format("".join(words)) if words else Markup()
