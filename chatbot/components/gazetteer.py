"""What the backend has a name for, and which of it a person means, however it is spelt."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any, NamedTuple, Optional

from components import names
from components.entity_model import Span, Word
from components.text import fold, normalise_token, place_tones

PLACE, BEACH, QUARTER, ORIGIN = "place", "beach", "quarter", "origin"
PLACE_TYPE, CATEGORY, PROCEDURE, ITEM = "place_type", "category", "procedure", "item"
# Where the words of an entity are looked up, the likeliest kind first.
_KINDS: Mapping[str, tuple[str, ...]] = {
    "place_name": (PLACE, BEACH),
    "beach_zone": (BEACH, PLACE),
    "ward": (QUARTER,),
    "origin": (ORIGIN, PLACE, BEACH, QUARTER),
    "place_type": (PLACE_TYPE,),
    "category": (CATEGORY,),
    "procedure": (PROCEDURE,),
    "item": (ITEM,),
}
# Of a name that stands in a message unmarked by the model, the entity it is.
_ENTITY_OF = {PLACE: "place_name", BEACH: "beach_zone", QUARTER: "ward"}
# Names of one word that are other words without their marks.
_ANYTHING = frozenset(
    "cho den quan dao hon chua cay o on cua tiem vang nhac mui keo anh phong cong".split()
)
# Before what is sold: "quán hải sản" is who sells it.
_SELLERS = frozenset("quan hang cho tiem sap".split())
# Words that tell of a kind of place without naming one.
_NOT_A_PLACE = frozenset(
    (
        *"quan thuoc shop dinh parking tau food beach".split(),
        *("gui xe", "dau xe", "do xe", "rut tien", "ve sinh", "bai tam", "bai bien", "may bay"),
        *("co quan", "cho gui xe", "cho do xe", "cho dau xe", "tam trang"),
    )
)
_ALIKE = 0.84
_SHORTEST_TO_GUESS = 4
# Words that people put before a name or leave away.
_GENERAL = re.compile(
    r"^(?:(?:khu|khu vuc|khoi|phuong|xa|bai|tam|bien|dao|hon|den|chua|cai|thi|tran|lam|xin|thu|tuc|ho so"
    r"|giay|dang ky|thue|gia|ve|cho|the|ward|beach|island|temple|pagoda|quarter)\s+)+"
)
_WORD = re.compile(r"[^\W_]+")


class Entry(NamedTuple):
    """Something that has a name: its kind, the backend's id or code, its name, all words for it."""

    kind: str
    id: str
    name: str
    words: tuple[str, ...]


def _marked(phrase: str) -> str:
    return " ".join(normalise_token(word) for word in _WORD.findall(place_tones(phrase.lower())))


def _key(phrase: str) -> str:
    return fold(_marked(phrase))


class Gazetteer:
    """All names, ready to be looked up."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._by_key: dict[str, dict[str, Entry]] = defaultdict(dict)
        self._by_core: dict[str, dict[str, Entry]] = defaultdict(dict)
        self._by_marked: dict[str, dict[str, Entry]] = defaultdict(dict)
        for entry in entries:
            for word in (entry.name, *entry.words):
                self._by_key[entry.kind].setdefault(_key(word), entry)
                self._by_marked[entry.kind].setdefault(_marked(word), entry)
        for kind, known in self._by_key.items():
            for key, entry in known.items():
                self._by_core[kind].setdefault(_GENERAL.sub("", key), entry)
        self._longest = max(
            (key.count(" ") for known in self._by_key.values() for key in known), default=0
        )

    def find(self, phrase: str, entity: str) -> Optional[Entry]:
        """What `phrase`, found as an `entity`, is the name of; None when nothing comes near.

        Looked for as it is ("ghẹ" is not "ghế"), without marks, without general words ("bãi", "đảo"),
        as part of a longer phrase, and last by likeness, so that a slip of the finger costs nothing.
        """
        key = _key(phrase)
        core = _GENERAL.sub("", key)
        kinds = _KINDS.get(entity, ())
        tables = ((self._by_marked, _marked(phrase)), (self._by_key, key), (self._by_core, core))
        for table, wanted in tables:
            for kind in kinds:
                if entry := table[kind].get(wanted):
                    return entry
        return (
            self._within(key, kinds)
            or self._like(key, self._by_key, kinds)
            or self._like(core, self._by_core, kinds)
        )

    def _within(self, key: str, kinds: Sequence[str]) -> Optional[Entry]:
        padded = f" {key} "
        found = [
            (len(name), entry)
            for kind in kinds
            for name, entry in self._by_key[kind].items()
            if f" {name} " in padded
        ]
        return max(found, key=lambda pair: pair[0])[1] if found else None

    @staticmethod
    def _like(
        key: str, table: Mapping[str, Mapping[str, Entry]], kinds: Sequence[str]
    ) -> Optional[Entry]:
        if len(key) < _SHORTEST_TO_GUESS:
            return None
        best, best_share = None, _ALIKE
        for kind in kinds:
            for name, entry in table.get(kind, {}).items():
                matcher = SequenceMatcher(None, key, name, autojunk=False)
                if matcher.real_quick_ratio() > best_share and matcher.quick_ratio() > best_share:
                    share = matcher.ratio()
                    if share > best_share:
                        best, best_share = entry, share
        return best

    def spans(self, words: Sequence[Word], kinds: Sequence[str]) -> list[Span]:
        """Where names of `kinds` stand among `words`, the longest first.

        Of places and quarters only those of two words and more: "Ngư" or "cảng" may be anything. Where
        the message has marks, so must a name of one word.
        """
        bare = all(word.accented == word.folded for word in words)
        marked = [word.accented for word in words]
        folded = [fold(word) for word in marked]
        found, at = [], 0
        while at < len(words):
            for count in range(min(self._longest + 1, len(words) - at), 0, -1):
                window = slice(at, at + count)
                entity = self._named(
                    " ".join(marked[window]), " ".join(folded[window]), bare, kinds
                )
                if entity == ITEM and at and folded[at - 1] in _SELLERS:
                    continue
                if entity is not None:
                    found.append(Span(words[at].start, words[at + count - 1].end, entity))
                    at += count - 1
                    break
            at += 1
        return found

    def _named(self, marked: str, folded: str, bare: bool, kinds: Sequence[str]) -> Optional[str]:
        single = " " not in folded
        for kind in kinds:
            if single and (kind in _ENTITY_OF or (bare and folded in _ANYTHING)):
                continue
            if kind == PLACE_TYPE and folded in _NOT_A_PLACE:
                continue
            spelt_so = marked in self._by_marked[kind]
            if spelt_so or (
                (bare or (not single and marked == folded)) and folded in self._by_key[kind]
            ):
                return _ENTITY_OF.get(kind, kind)
        return None


def entries_of(api: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[Entry]:
    """The entries of what the backend's API lists, and of the words people have for them.

    `api` holds `places` and `beaches` (slug, name, aliases), `quarters`, `place_categories` and
    `categories` (code, name, keywords, children), `items` (name); a thing may come once for each language.
    """
    found = [
        *_places(PLACE, api.get("places", ()), names.PLACES),
        *_places(BEACH, api.get("beaches", ()), names.BEACHES),
        *_places(QUARTER, api.get("quarters", ()), ""),
        *_coded(PLACE_TYPE, api.get("place_categories", ()), names.PLACE_TYPES),
        *_coded(CATEGORY, api.get("categories", ()), names.CATEGORIES),
    ]
    for kind, text in ((ORIGIN, names.ORIGINS), (PROCEDURE, names.PROCEDURES), (ITEM, names.ITEMS)):
        found += [
            Entry(kind, _slug(name), words[0] if kind != ORIGIN else name, tuple(words))
            for name, words in names.lines(text)
        ]
    found += [Entry(ITEM, _slug(item["name"]), item["name"], ()) for item in api.get("items", ())]
    return found


def _slug(name: str) -> str:
    return "-".join(_WORD.findall(fold(name)))


def _places(kind: str, things: Iterable[Mapping[str, Any]], text: str) -> list[Entry]:
    also = {_slug(name): words for name, words in names.lines(text)}
    found = []
    for thing in things:
        name = str(thing["name"])
        words = [*(thing.get("aliases") or []), *also.get(_slug(name), [])]
        found.append(Entry(kind, str(thing.get("slug") or thing.get("code")), name, tuple(words)))
    return found


def _coded(kind: str, groups: Iterable[Mapping[str, Any]], text: str) -> list[Entry]:
    also = dict(names.lines(text))
    found = []
    for group in groups:
        for leaf in group.get("children") or [group]:
            words = (*(leaf.get("keywords") or ()), *also.pop(str(leaf["code"]), ()))
            found.append(Entry(kind, str(leaf["code"]), str(leaf["name"]), tuple(words)))
    return found
