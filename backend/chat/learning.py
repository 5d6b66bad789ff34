"""What the bot could not answer, for those who can teach it: grouped, settled, exported."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.chat.intents import INTENTS
from backend.chat.masking import masked
from backend.chat.models import ChatMessage
from content.errors import N_, Invalid
from content.text import fold

AT_MOST = 500
ALIKE = 0.5
_SMALL_WORDS = """
a o co khong ko k gi chi the nao la cua cho toi minh em anh ban xin hoi voi va thi duoc dc
may bao nhieu dau mo rang sao the is are what where how do i to of in on for can
"""
_SMALL = frozenset(_SMALL_WORDS.split())
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Group:
    """Questions that mean about the same: the newest first."""

    questions: Sequence[ChatMessage]

    @property
    def ids(self) -> str:
        """Their numbers, as a form carries them."""
        return " ".join(str(question.id) for question in self.questions)

    @property
    def examples(self) -> list[str]:
        """The different ways in which it was asked."""
        return list(dict.fromkeys(question.text for question in self.questions))

    @property
    def understood_as(self) -> str | None:
        """The intent that most of them were taken for."""
        names = [question.intent for question in self.questions if question.intent]
        return max(set(names), key=names.count) if names else None


def groups(session: Session) -> list[Group]:
    """The questions that failed, were rated badly or hardly understood; large groups first."""
    wanting = session.scalars(
        select(ChatMessage)
        .where(ChatMessage.wanting, ChatMessage.settled.is_(None))
        .order_by(ChatMessage.id.desc())
        .limit(AT_MOST)
    ).all()
    found: list[tuple[set[str], list[ChatMessage]]] = []
    for question in wanting:
        words = _words(question.text)
        near = max(found, key=lambda group: _likeness(words, group[0]), default=None)
        if near is not None and _likeness(words, near[0]) >= ALIKE:
            near[1].append(question)
        else:
            found.append((words, [question]))
    return sorted((Group(members) for _, members in found), key=lambda g: -len(g.questions))


def _words(text: str) -> set[str]:
    words = set(_WORD.findall(fold(text)))
    return (words - _SMALL) or words


def _likeness(one: set[str], other: set[str]) -> float:
    return len(one & other) / max(1, min(len(one), len(other)) + abs(len(one) - len(other)) / 2)


def settle(
    session: Session, ids: Collection[int], how: str, *, label: str | None = None
) -> list[ChatMessage]:
    """Say what becomes of questions: "intent" with its name as *label*, "faq" or "dropped".

    Raises Invalid for an intent that there is not, and for no questions.
    """
    if how == "intent" and label not in INTENTS:
        raise Invalid({"label": [N_("There is no such intent.")]})
    questions = session.scalars(
        select(ChatMessage).where(ChatMessage.id.in_(ids), ChatMessage.wanting)
    ).all()
    if not questions:
        raise Invalid({"ids": [N_("These questions are gone.")]})
    for question in questions:
        question.settled = how
        question.label = label if how == "intent" else None
    session.flush()
    return list(questions)


def as_training(session: Session) -> str:
    """The questions that were given an intent, as Rasa's YAML; personal data masked, each once."""
    rows = session.execute(
        select(ChatMessage.label, ChatMessage.text)
        .where(ChatMessage.settled == "intent")
        .order_by(ChatMessage.label, ChatMessage.id)
    )
    by_intent: dict[str, dict[str, None]] = {}
    for label, text in rows:
        sentence = " ".join(masked(text).split())
        if "[" not in sentence:  # a masked number would be taken for an entity
            by_intent.setdefault(str(label), {})[sentence] = None
    return "".join(_yaml(by_intent))


def _yaml(by_intent: dict[str, dict[str, None]]) -> Iterable[str]:
    yield 'version: "3.1"\nnlu:\n' if by_intent else 'version: "3.1"\nnlu: []\n'
    for intent, sentences in by_intent.items():
        yield f"- intent: {intent}\n  examples: |\n"
        for sentence in sentences:
            yield f"    - {sentence}\n"
