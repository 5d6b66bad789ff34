"""What names a person is taken out of what is kept of conversations."""

from __future__ import annotations

import re

_EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.\w+")
_PHONE = re.compile(r"(?<![\w+])(?:\+?84|0)(?:[ .-]?\d){8,10}(?!\w)")
_NUMBER = re.compile(r"(?<![\w.,-])(?:\d[ .-]?){8}\d(?:[ .-]?\d){0,11}(?![\w])")
_NAMED = re.compile(
    r"(?i)\b(số|so|cccd|cmnd|căn cước|can cuoc|hộ chiếu|ho chieu|passport)"
    r"(\D{0,15})([A-Z]?\d{7,12})\b"
)


def masked(text: str) -> str:
    """*text* with telephone numbers, numbers of identity papers and e-mail addresses left out."""
    text = _EMAIL.sub("[email]", text)
    text = _NAMED.sub(r"\1\2[số]", text)
    text = _PHONE.sub("[số]", text)
    return _NUMBER.sub("[số]", text)
