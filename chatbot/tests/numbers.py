"""Every number that the bot says was read from the API, said by the person, or is a fixed text."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import yaml

DOMAIN = Path(__file__).parent.parent / "domain"
_DIGITS = re.compile(r"\d+")


def _fixed() -> set[str]:
    texts = []
    for file in DOMAIN.glob("responses_*.yml"):
        for wordings in yaml.safe_load(file.read_text())["responses"].values():
            for wording in wordings:
                texts.append(re.sub(r"\{\w+\}", "", wording["text"]))
                texts += [button["title"] for button in wording.get("buttons", [])]
    return set(_DIGITS.findall("\n".join(texts)))


FIXED = _fixed()


def spoken(message: dict[str, Any]) -> list[str]:
    """What the person said, also with its digits joined and its point as the summary writes it."""
    text = str(message.get("text") or message.get("payload") or "")
    point = message.get("location") or {}
    numbers = re.findall(r"-?\d+\.\d+", text) + [str(value) for value in point.values()]
    return [text, re.sub(r"(?<=\d)[ .-](?=\d)", "", text), *(f"{float(n):.5f}" for n in numbers)]


def assert_none_invented(answer: dict[str, Any], known: Iterable[str]) -> None:
    """Fail when `answer` says digits that stand nowhere in `known` nor in a fixed text.

    Today's date, a day asked for in words and the moment of the answer are known to everybody.
    """
    now = datetime.now(timezone(timedelta(hours=7)))
    allowed = FIXED | {number for text in known for number in _DIGITS.findall(text)}
    for days in range(-1, 15):
        allowed |= set(_DIGITS.findall(f"{now + timedelta(days=days):%d/%m/%Y}"))
    for minutes in (-1, 0, 1):
        allowed |= set(f"{now + timedelta(minutes=minutes):%H %M}".split())
    allowed |= {str(len(answer["replies"])), *"012345"}  # how many photos there are
    for reply in answer["replies"]:
        said = re.sub(r"(?<=\d)\.(?=\d{3}\b)", "", reply["text"] or "")
        strange = set(_DIGITS.findall(said)) - allowed
        assert not strange, f"{strange} in {reply['text']!r}"
