"""Texts that leave the town: without what a stranger could call or write to."""

from __future__ import annotations

import re

HIDDEN = "•••"

_MAIL = re.compile(r"[^\s@<>()\[\],;]+@[^\s@<>()\[\],;]+\.[^\s@<>()\[\],;]+")
_PHONE = re.compile(r"(?<![\w.])\+?\d(?:[\s.\-()]{0,2}\d){8,12}(?!\w)")


def without_contacts(text: str) -> str:
    """*text* with every address of e-mail and number of a telephone made unreadable."""
    return _PHONE.sub(HIDDEN, _MAIL.sub(HIDDEN, text))
