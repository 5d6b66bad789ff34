"""Opening hours (OSM syntax) in words, so far as they are simple; else as they are written."""

import re

_DAYS = {
    "vi": {"Mo": "thứ Hai", "Tu": "thứ Ba", "We": "thứ Tư", "Th": "thứ Năm", "Fr": "thứ Sáu",
           "Sa": "thứ Bảy", "Su": "Chủ nhật", "PH": "ngày lễ", "off": "nghỉ", "24/7": "cả ngày lẫn đêm",
           "sunrise": "mặt trời mọc", "sunset": "mặt trời lặn"},
    "en": {"Mo": "Monday", "Tu": "Tuesday", "We": "Wednesday", "Th": "Thursday", "Fr": "Friday",
           "Sa": "Saturday", "Su": "Sunday", "PH": "public holidays", "off": "closed",
           "24/7": "day and night"},
}  # fmt: skip
_EVERY_DAY = {"vi": "hằng ngày", "en": "every day"}


def in_words(hours: str, language: str) -> str:
    """`hours` with the days named in `language`: "Mo-Su 07:00-18:00" is "hằng ngày 07:00–18:00"."""
    names = _DAYS["en" if language == "en" else "vi"]
    text = re.sub(r"^Mo-Su\b", _EVERY_DAY["en" if language == "en" else "vi"], hours.strip())
    text = re.sub(r"24/7|\b[A-Za-z]{2,7}\b", lambda m: names.get(m.group(), m.group()), text)
    return text.replace("-", "–").replace(";", ";")
