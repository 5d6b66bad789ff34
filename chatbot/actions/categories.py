"""The categories of reports as the vocabularies hold them, and which one a text is about."""

from typing import Optional

from actions.answer import Json, Turn, mentions
from actions.api import ApiDown
from components.text import words

# What is looked up in the vocabulary for a complaint of a price that names no category itself.
OVERCHARGING = "chặt chém giá cao overcharge"

_last_known: dict[str, Json] = {}


class Categories:
    """The groups and leaves of the category tree."""

    def __init__(self, vocabularies: Json) -> None:
        self.groups: list[Json] = vocabularies.get("categories") or []

    @classmethod
    async def known(cls, turn: Turn) -> "Categories":
        """As the API has them now, or had them last: while it is down a form can still go on."""
        try:
            vocabularies = await turn.api.get("/vocabularies") or {}
        except ApiDown:
            if turn.language not in _last_known:
                raise
            return cls(_last_known[turn.language])
        _last_known[turn.language] = vocabularies
        return cls(vocabularies)

    def children(self, code: Optional[str]) -> list[Json]:
        """What a person may choose below `code`: groups at the top, leaves of a group."""
        for group in self.groups:
            if group["code"] == code:
                return group.get("children") or []
        return self.groups

    def leaf(self, code: Optional[str]) -> Optional[Json]:
        """The leaf with this code; a group without children is a leaf, too."""
        for group in self.groups:
            for leaf in group.get("children") or [group]:
                if leaf["code"] == code:
                    return leaf
        return None

    def guess(self, text: str) -> Optional[str]:
        """The code of the leaf that most words of `text` speak for; None if none does."""
        best, best_score = None, 0
        for group in self.groups:
            for leaf in group.get("children") or [group]:
                names = {leaf["name"], *(leaf.get("keywords") or [])}
                score = sum(len(words(name)) for name in names if mentions(text, name))
                if score > best_score:
                    best, best_score = str(leaf["code"]), score
        return best
