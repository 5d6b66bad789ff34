"""What a question leaves out because it was said before: "còn ngày mai?", "chỗ nớ", "ý tôi là…"."""

import re
from typing import Any, Optional

from components.text import words

Json = dict[str, Any]

SURE = 0.85
_LONGEST = 9
_UNSURE = 0.6
_WHAT_IS_ON = re.compile(r"\b(?:co gi|co chi|co su kien|what s on|anything on)\b")
_FEW = 3
_GOES_ON = re.compile(
    r"^(?:(?:a|a the|oi|da|um|u|ok|dạ) )?(?:con|the con|the|vay con|vay|rua con|rua|ri con|the roi con"
    r"|y (?:toi|minh|em|tui|tao|to) (?:la|noi)|y la|khong|ko|nham|nham roi|a khong|khong phai|chu khong phai"
    r"|what about|how about|and|and for|i mean|i meant|no i mean|no|rather)\b"
)
_THERE = re.compile(
    r"\b(?:cho|o|noi|ben|cai|quan|den|chua|khach san|bai|ngoi) (?:no|do|ay|nay|ni|nớ|te|tê|kia|day)\b"
    r"|\b(?:there|it|its|that place|this place|that one)\b"
)
_FILLERS = frozenset(
    """con the vay rua ri thi sao nao a ạ nhi nhe ha hen va y toi minh em la khong phai nham roi o
    ve cho tai what about how and for the in at on i mean meant then no ok duoc ko luc vao hom bua
    ngay bai bien den chua da oi""".split()
)
# What is asked of the place under discussion, when the words are too few for the model.
_OF_A_PLACE = (
    ("ask_contact", re.compile(r"\b(?:sdt|so dien thoai|dien thoai|phone|number|lien he|lien lac)\b")),
    ("ask_opening_hours", re.compile(r"\b(?:may gio|mo cua|dong cua|gio mo|open|opening|close[sd]?)\b")),
    ("ask_ticket_price", re.compile(r"\b(?:ve|gia ve|ticket|entrance|fee)\b")),
    ("ask_directions", re.compile(r"\b(?:o mo|o dau|cho mo|di the nao|di rang|den do|where|get there)\b")),
    ("ask_place_info", re.compile(r"\b(?:co gi|co chi|la gi|the nao|ra sao|what is it|tell me more)\b")),
)  # fmt: skip
_TAKES_A_DAY = {
    "ask_swim_safety", "ask_weather", "ask_tide", "ask_sun_times", "ask_events", "ask_opening_hours",
    "ask_storm_warning", "ask_lifeguard",
}  # fmt: skip
_TAKES_A_PLACE = {
    "ask_swim_safety", "ask_weather", "ask_tide", "ask_lifeguard", "ask_water_quality",
    "ask_place_info", "ask_opening_hours", "ask_ticket_price", "ask_directions", "ask_contact",
    "ask_price", "ask_storm_warning",
}  # fmt: skip
_TAKES_A_THING = {
    "ask_price",
    "find_food",
    "find_accommodation",
    "find_attraction",
    "ask_procedure",
}
_TALK = {
    "report_emergency", "report_lost_person", "request_human", "cancel", "switch_language", "inform",
    "greet", "thank", "goodbye", "report_issue", "report_overcharging", "express_frustration",
}  # fmt: skip


def points_back(text: str) -> bool:
    """Whether `text` means the place of before: "chỗ nớ", "ở đó", "there"."""
    return _THERE.search(" ".join(words(text))) is not None


def goes_on(text: str) -> bool:
    """Whether `text` begins as one does who goes on with a matter: "rứa có…", "thế còn…"."""
    said = words(text)
    return bool(said) and (said[0] in ("rua", "the", "vay", "con") or _marked(said))


def asked_of(text: str, confidence: float, entities: list[Json]) -> Optional[str]:
    """What is plainly asked of the place or the day that `text` names, where the model was unsure."""
    said = words(text)
    if confidence >= _UNSURE or len(said) > _LONGEST:
        return None
    plain = " ".join(said)
    if any(e["entity"] in ("place_name", "beach_zone") and e.get("link") for e in entities):
        return next((asked for asked, cue in _OF_A_PLACE if cue.search(plain)), None)
    if any(e["entity"] == "date" for e in entities) and _WHAT_IS_ON.search(plain):
        return "ask_events"
    return None


def _marked(said: list[str]) -> bool:
    return _GOES_ON.search(" ".join(said)) is not None


def follow_up(
    text: str, intent: str, confidence: float, entities: list[Json], context: Json
) -> Optional[str]:
    """The intent of a question that is only whole together with the one before; None if it is
    whole by itself.

    A clear question by itself is never taken for one, nor is danger, nor a word of thanks.
    """
    before = context.get("intent")
    said = words(text)
    if not before or not said or len(said) > _LONGEST or (intent in _TALK and confidence > 0.6):
        return None
    plain = " ".join(said)
    if context.get("place"):
        for asked, pattern in _OF_A_PLACE:
            short = len(said) <= 4 and confidence < SURE
            if pattern.search(plain) and (points_back(text) or short):
                return asked
    named = {e["entity"]: str(e.get("value") or "") for e in entities}
    rest = set(said) - _FILLERS - {word for value in named.values() for word in words(value)}
    marked = _marked(said)
    bare = marked and len(rest) <= 1
    if not ((marked and confidence < SURE) or bare or not rest):
        return None
    if "date" in named and before in _TAKES_A_DAY:
        return str(before)
    if {"beach_zone", "place_name", "ward", "place_type"} & set(named) and before in _TAKES_A_PLACE:
        return str(before)
    if {"item", "place_type", "procedure", "place_name"} & set(named) and before in _TAKES_A_THING:
        return str(before)
    # A thing that the model does not know as one: "còn ghẹ thì sao".
    return str(before) if marked and before == "ask_price" and 0 < len(rest) <= _FEW else None
