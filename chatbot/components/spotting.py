"""Entities by rule where the model saw none: days, and what the gazetteer names, as the intent expects."""

import re
from collections.abc import Mapping, Sequence

from components.dates import MONTHS, WEEKDAYS
from components.entity_model import Span, Word
from components.text import fold

_PART = r"(?:sang(?: som)?|trua|chieu(?: toi)?|toi|tui|dem|khuya)"
_WEEK = r"(?:nay|ni|sau|toi|truoc)"
_NUMBER = r"(?:\d{1,2}|gieng|chap|muoi mot|muoi hai|muoi|hai|ba|tu|nam|sau|bay|tam|chin|mot)"
_DAY = re.compile(
    "|".join(
        (
            rf"(?:{_PART} )?(?:(?:ngay )?hom nay|hom qua|hom kia|hom ni|bua (?:nay|ni|qua|te|mot|mai)"
            r"|ngay (?:mai|kia|mot)|mai)",
            rf"{_PART} (?:hom )?(?:nay|ni|qua|mai|mot)|sang moi",
            rf"(?:{_PART} )?(?:thu (?:hai|ba|tu|nam|sau|bay|[2-7])|chu nhat|t[2-7])"
            rf"(?: tuan {_WEEK}| nay| ni)?",
            rf"(?:hai ngay )?cuoi tuan(?: {_WEEK})?|(?:tuan|thang) {_WEEK}",
            rf"(?:(?:dau|giua|cuoi) )?thang {_NUMBER}",
            rf"(?:{_NUMBER}) ngay (?:toi|sap toi)",
            r"(?:dip |ngay |le )?\d{1,2} ?/ ?\d{1,2}(?: ?/ ?\d{4})?|ngay \d{1,2} thang \d{1,2}",
            rf"(?:mung|mong) {_NUMBER}(?: tet| thang {_NUMBER}| am lich)?|ram(?: thang {_NUMBER}| {_WEEK})?",
            r"(?:30 |dip )?tet(?: duong lich| nguyen dan| am lich)?|giao thua|noel|trung thu|quoc khanh",
            r"today|yesterday|tonight|tomorrow(?: morning| afternoon| evening| night)?",
            r"this (?:morning|afternoon|evening|weekend|week|month)|(?:next|last) (?:week|month|weekend)",
            rf"(?:on |this |next )?(?:{'|'.join(WEEKDAYS)})",
            rf"(?:{'|'.join(name for name in MONTHS if name != 'may')})(?: \d{{1,2}})?|may \d{{1,2}}",
        )
    )
)
_LONGEST = 6
# What a folded word must be where the message has marks; "thang" is also "thằng" and "thang máy".
_MARKED = {
    "mai": {"mai"}, "thang": {"tháng"}, "tet": {"tết"}, "ram": {"rằm"}, "toi": {"tối", "tới"},
    "dem": {"đêm"}, "thu": {"thứ"}, "qua": {"qua"}, "nay": {"nay", "này"}, "mot": {"mốt", "một"},
    "tui": {"túi"}, "sau": {"sau", "sáu"}, "hom": {"hôm"}, "sang": {"sáng"}, "tu": {"tư"},
    "bua": {"bữa", "bựa"}, "hai": {"hai"}, "ba": {"ba"}, "nam": {"năm"}, "bay": {"bảy"}, "ngay": {"ngày"},
    "tam": {"tám"}, "kia": {"kia"}, "chieu": {"chiều"}, "truoc": {"trước"}, "ni": {"ni"}, "cuoi": {"cuối"},
    "tuan": {"tuần"}, "trua": {"trưa"},
}  # fmt: skip
# "mai" is a name and part of other words.
_BEFORE_OTHER_MAI = frozenset("den hoa cay chi co buoi hang temple".split())
_AFTER_OTHER_MAI = frozenset("bang mot sau".split())
_UNDATED = frozenset(
    """out_of_scope greet affirm deny bot_challenge ask_capabilities switch_language thank
    express_frustration ask_emergency_number ask_flag_meaning""".split()
)

_PLACES = ("place", "beach", "quarter")
_EXPECTED: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("ask_price", "report_overcharging"), ("item",)),
    **dict.fromkeys(("report_issue", "check_report_status"), ("category",)),
    **dict.fromkeys(("ask_procedure", "ask_dossier_status"), ("procedure",)),
    **dict.fromkeys(
        ("find_accommodation", "find_food", "ask_opening_hours", "ask_medical", "ask_amenities"),
        ("place_type",),
    ),
    "ask_parking": ("place_type",),
}
BY_THE_SEA = frozenset(
    "ask_swim_safety ask_flag_meaning ask_lifeguard ask_water_quality report_lost_person".split()
)


def expected(intent: str) -> tuple[str, ...]:
    """The kinds of the gazetteer that are looked for in a message of `intent`, beside places."""
    return () if intent == "out_of_scope" else (*_PLACES, *_EXPECTED.get(intent, ()))


def day_spans(words: Sequence[Word], intent: str) -> list[Span]:
    """Where days are named among `words`; nowhere in intents that have none."""
    if intent in _UNDATED:
        return []
    bare = all(word.accented == word.folded for word in words)
    found, at = [], 0
    while at < len(words):
        for count in range(min(_LONGEST, len(words) - at), 0, -1):
            window = words[at : at + count]
            if _DAY.fullmatch(_joined(window)) and (bare or _spelt_so(window)):
                if _is_another_word(words, at, count):
                    continue
                found.append(Span(window[0].start, window[-1].end, "date"))
                at += count - 1
                break
        at += 1
    return found


def _joined(words: Sequence[Word]) -> str:
    return re.sub(r" ?/ ?", "/", " ".join(fold(word.accented) for word in words))


def _spelt_so(words: Sequence[Word]) -> bool:
    parts = [part for word in words for part in word.accented.split()]
    return all(part in _MARKED.get(fold(part), {part}) for part in parts)


def _is_another_word(words: Sequence[Word], at: int, count: int) -> bool:
    """Whether the words that look like a day are a part of others: "đền Mai Bảng", "túi ni lông"."""
    before = words[at - 1].folded if at else ""
    after = words[at + count].folded if at + count < len(words) else ""
    if words[at].folded == "mai":
        return before in _BEFORE_OTHER_MAI or after in _AFTER_OTHER_MAI
    return words[at + count - 1].folded == "ni" and after in ("long", "lon")
