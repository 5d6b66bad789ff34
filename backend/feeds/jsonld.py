"""Structured data for search engines, written safely into pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from markupsafe import Markup

# Inside a script nothing is decoded but its end, so what could end it is written as JSON escapes.
_ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


def script(data: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> Markup:
    """The element that holds *data*, in schema.org's words, whatever texts people wrote into it.

    What is None or empty in *data* is left out. Nothing at all for no data.
    """
    filled = _filled(data)
    if not filled:
        return Markup("")
    graph = filled if isinstance(filled, list) else [filled]
    known = [{"@context": "https://schema.org", **item} for item in graph]
    text = orjson.dumps(known if len(known) > 1 else known[0]).decode().translate(_ESCAPES)
    return Markup(f'<script type="application/ld+json">{text}</script>')  # noqa: S704 - escaped


def _filled(value: Any) -> Any:
    if isinstance(value, Mapping):
        pairs = ((name, _filled(inner)) for name, inner in value.items())
        filled = {name: inner for name, inner in pairs if inner not in (None, "", [], {})}
        # A type alone says nothing.
        return filled if set(filled) - {"@type", "@context"} else {}
    if isinstance(value, (list, tuple)):
        return [inner for inner in map(_filled, value) if inner not in (None, "", [], {})]
    return value


def point(location: Mapping[str, float] | None) -> dict[str, Any] | None:
    """A point in WGS84 as GeoCoordinates."""
    if not location:
        return None
    return {
        "@type": "GeoCoordinates",
        "latitude": location["lat"],
        "longitude": location["lng"],
    }
