"""Vietnamese text: folding for search, and addresses readable in a URL."""

from __future__ import annotations

import re
import unicodedata


def fold(text: str) -> str:
    """Lower-case *text* without its marks, so that "Đảo Ngư" and "dao ngu" meet.

    `đ` has no decomposition in Unicode, so it is replaced by hand.
    """
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def words(text: str) -> list[str]:
    """The folded words of *text*, without punctuation."""
    return re.findall(r"[^\W_]+", fold(text))


def slugify(text: str) -> str:
    """An address for *text*: folded words joined by hyphens, at most 80 characters."""
    return "-".join(words(text))[:80].strip("-")


def in_language(text: dict[str, str] | None, language: str) -> str:
    """*text* in *language*, else in Vietnamese, else in any language it has; "" for none."""
    if not text:
        return ""
    return text.get(language) or text.get("vi") or next(iter(text.values()))
