"""The weather in words, by the codes of the WMO that Open-Meteo uses."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext

CODES: dict[int, Any] = {
    0: lazy_gettext("Clear sky"),
    1: lazy_gettext("Mostly clear"),
    2: lazy_gettext("Partly cloudy"),
    3: lazy_gettext("Overcast"),
    45: lazy_gettext("Fog"),
    48: lazy_gettext("Fog"),
    51: lazy_gettext("Light drizzle"),
    53: lazy_gettext("Drizzle"),
    55: lazy_gettext("Heavy drizzle"),
    56: lazy_gettext("Freezing rain"),
    57: lazy_gettext("Freezing rain"),
    61: lazy_gettext("Light rain"),
    63: lazy_gettext("Rain"),
    65: lazy_gettext("Heavy rain"),
    66: lazy_gettext("Freezing rain"),
    67: lazy_gettext("Freezing rain"),
    71: lazy_gettext("Snow"),
    73: lazy_gettext("Snow"),
    75: lazy_gettext("Snow"),
    77: lazy_gettext("Snow"),
    80: lazy_gettext("Light showers"),
    81: lazy_gettext("Showers"),
    82: lazy_gettext("Violent showers"),
    85: lazy_gettext("Snow"),
    86: lazy_gettext("Snow"),
    95: lazy_gettext("Thunderstorm"),
    96: lazy_gettext("Thunderstorm with hail"),
    99: lazy_gettext("Thunderstorm with hail"),
}


def in_words(code: int | None) -> str | None:
    """What the sky does, in the reader's language; None for a code that says nothing."""
    return str(CODES[code]) if code in CODES else None
