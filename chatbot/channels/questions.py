"""Several questions in one message: where one ends and the next begins."""

import re

from components.text import fold, words

_END = re.compile(r"[?!;\n]+|\.(?=\s|$)")
_JOIN = re.compile(
    r",\s*|\s+(?:và|va|với lại|voi lai|còn|con|ngoài ra|ngoai ra|rồi|roi|and|also|plus|vs|với|voi|cả|ca)\s+",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(?:khong|ko|k|hong|hok|gi|chi|nao|mo|dau|may gio|bao nhieu|nhieu|khi nao|bao gio|the nao|sao|rang"
    r"|what|where|when|how|which|who|is|are|can|does|do|gia|lich|so dien thoai|sdt|price|time)\b"
)
_LONGEST, _MOST = 400, 3


def questions_in(text: str) -> list[str]:
    """The questions of `text`, at most three, when there are several; else nothing.

    Parts are cut at ends of sentences, and at commas and "và" only between what asks by itself.
    """
    if len(text) > _LONGEST or len(words(text)) < 5:
        return []
    parts: list[str] = []
    for sentence in _END.split(text):
        parts += _joined(sentence)
    asking = [part for part in parts if _asks(part)]
    return asking[:_MOST] if len(asking) > 1 else []


def _joined(sentence: str) -> list[str]:
    pieces, start = [], 0
    for match in _JOIN.finditer(sentence):
        before, after = sentence[start : match.start()], sentence[match.end() :]
        if _asks(before) and _asks(after):
            pieces.append(before)
            start = match.end()
    return [piece.strip(" ,") for piece in (*pieces, sentence[start:]) if piece.strip(" ,")]


def _asks(part: str) -> bool:
    return len(words(part)) >= 2 and _ASKS.search(fold(part)) is not None
