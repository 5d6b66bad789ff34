"""The sentences that the chatbot learns from, and those that it never sees."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Optional

import yaml

from components.entity_model import Span

ROOM = Path(__file__).resolve().parent.parent
UNSEEN = ROOM / "evaluation" / "sentences.tsv"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_ENTITY = re.compile(r"\[([^\]]+)\]\((\w+)(?:=([^)]*))?\)")


class Sentence(NamedTuple):
    """A sentence with its entities; `links` holds what each means, None where it means just itself.

    A link is the backend's slug or code, or a day, or two with ".." between.
    """

    intent: str
    style: str
    text: str
    spans: tuple[Span, ...]
    links: tuple[Optional[str], ...]

    @property
    def held_out(self) -> bool:
        """Whether it belongs to the tenth of the training sentences that is tried while tuning."""
        return hashlib.sha256(self.text.encode()).digest()[0] % 10 == 0


def sentence(intent: str, style: str, marked: str) -> Sentence:
    """The sentence that `marked` writes as "Mở [mai](date=2026-06-11) không?"."""
    text, spans, links, last = "", [], [], 0
    for match in _ENTITY.finditer(marked):
        text += marked[last : match.start()]
        spans.append(Span(len(text), len(text) + len(match[1]), match[2]))
        links.append(match[3])
        text += match[1]
        last = match.end()
    return Sentence(intent, style, text + marked[last:], tuple(spans), tuple(links))


def training() -> Iterator[Sentence]:
    """All sentences of data/nlu."""
    for file in sorted((ROOM / "data" / "nlu").glob("*.yml")):
        for block in yaml.load(file.read_text("utf-8"), _LOADER)["nlu"]:
            for line in block["examples"].splitlines():
                yield sentence(
                    block["intent"], block["metadata"]["style"], line.removeprefix("- ").strip()
                )


def unseen() -> list[Sentence]:
    """The sentences of the test set; nothing is ever trained or tuned on them."""
    _, *lines = UNSEEN.read_text("utf-8").splitlines()
    return [sentence(*line.split("\t")) for line in lines]
