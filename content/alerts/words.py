"""What alerts say of each event, in both languages: other systems get both at once."""

from __future__ import annotations

from dataclasses import dataclass

from content.alerts.models import Event
from content.store import Localized

LANGUAGES = {"vi": "vi-VN", "en": "en-US"}
"""CAP's code of each language that an alert speaks."""


@dataclass(frozen=True)
class Words:
    """*name* and *instruction* are said where staff said nothing; *category* is CAP's."""

    category: str
    response: str
    name: Localized
    instruction: Localized


OUT_OF_THE_WATER: Localized = {
    "vi": "Không xuống nước. Làm theo hướng dẫn của lực lượng cứu hộ tại bãi tắm.",
    "en": "Do not enter the water. Follow the instructions of the lifeguards at the beach.",
}
WITH_CARE: Localized = {
    "vi": "Hỏi lực lượng cứu hộ trước khi xuống nước.",
    "en": "Ask the lifeguards before you enter the water.",
}

WORDS = {
    Event.STORM: Words(
        "Met",
        "Avoid",
        {"vi": "Cảnh báo bão", "en": "Storm warning"},
        {
            "vi": "Không xuống nước, không ra khơi. Làm theo hướng dẫn của chính quyền.",
            "en": "Keep out of the water and off the sea. Follow the instructions of the "
            "authorities.",
        },
    ),
    Event.WAVES: Words(
        "Met",
        "Avoid",
        {"vi": "Cảnh báo sóng lớn, dòng chảy nguy hiểm", "en": "High waves or currents"},
        OUT_OF_THE_WATER,
    ),
    Event.MARINE_LIFE: Words(
        "Safety",
        "Avoid",
        {"vi": "Cảnh báo sứa, sinh vật biển gây hại", "en": "Jellyfish or other marine pests"},
        WITH_CARE,
    ),
    Event.POLLUTION: Words(
        "Env",
        "Avoid",
        {"vi": "Cảnh báo ô nhiễm nước biển", "en": "Polluted water"},
        WITH_CARE,
    ),
    Event.OTHER: Words(
        "Safety", "Monitor", {"vi": "Cảnh báo", "en": "Warning"}, {}
    ),
    Event.SWIM_BAN: Words(
        "Safety",
        "Avoid",
        {"vi": "Cấm tắm biển", "en": "Swimming banned"},
        OUT_OF_THE_WATER,
    ),
}  # fmt: skip

CANCELLED: Localized = {"vi": "Đã hết hiệu lực", "en": "No longer in force"}
EXERCISE: Localized = {
    "vi": "Bản tin diễn tập của hệ thống chưa vận hành chính thức.",
    "en": "An exercise of a system that is not yet in official operation.",
}


def both(text: Localized, fallback: Localized) -> Localized:
    """*text* with what it lacks of the two languages taken from *fallback*."""
    return fallback | {language: said for language, said in text.items() if said}
