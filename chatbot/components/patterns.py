"""Entities that have a form of their own: phone numbers and report codes."""

import re
from typing import Optional

from components.entity_model import Span

_PHONE = re.compile(r"(?<![\w+])(?:\+84|0)(?:[ .-]?\d){8,10}(?!\w)")
_CODE = re.compile(r"(?<!\w)cl[ .-]{0,3}([0-9a-z]{4})[ .-]{0,3}([0-9a-z]{2})(?!\w)", re.IGNORECASE)
_AROUND_CODE = re.compile(
    r"(?i)\b(?:mã|ma|code|số|so|report|phản ánh|phan anh|là|la|is|my|the)\b|\W"
)


def _codes(text: str) -> list[re.Match[str]]:
    """The matches that are codes, not words that happen to stand so ("cl hnay co")."""
    return [
        match
        for match in _CODE.finditer(text)
        if any(c.isdigit() for c in match.group()) or match.group().isupper()
    ]


def report_code(text: str) -> Optional[str]:
    """The first report code in `text` in its proper form, from any spelling: "cl 7k3q f2" is CL-7K3Q-F2."""
    codes = _codes(text)
    return f"CL-{codes[0].group(1)}-{codes[0].group(2)}".upper() if codes else None


def is_bare_report_code(text: str) -> bool:
    """Whether `text` is a report code and next to nothing else."""
    codes = _codes(text)
    if len(codes) != 1:
        return False
    rest = text[: codes[0].start()] + " " + text[codes[0].end() :]
    return not _AROUND_CODE.sub("", rest)


def phone_number(text: str) -> Optional[str]:
    """The first phone number in `text`, digits only but for a leading +."""
    match = _PHONE.search(text)
    return re.sub(r"[ .-]", "", match.group()) if match else None


def pattern_spans(text: str) -> list[Span]:
    """Where phone numbers and report codes stand in `text`."""
    phones = [Span(*match.span(), "phone") for match in _PHONE.finditer(text)]
    return phones + [Span(*match.span(), "report_code") for match in _codes(text)]
