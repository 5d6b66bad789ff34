"""The columns of a spreadsheet of places: how a field is written into cells, and read again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import orjson

from content.errors import N_

LOCALISED = ("name", "summary", "description", "address")
TEXTS = (
    "id", "slug", "category", "quarter", "opening_hours", "phone", "licence", "verified_at",
    "expires_at",
)  # fmt: skip
LISTS = ("tags", "aliases", "other_phones", "amenities", "accessibility")
WHOLE = ("price_from", "visit_minutes")
JSON = ("opening_exceptions", "links", "images", "sources")
INFORMING = ("state", "stage", "is_sample", "updated_at")
"""Written for who reads it, not read again."""

SEPARATOR = "|"
RISKY = "=+-@\t\r\n＝＋－＠'"
"""What a spreadsheet may take for a formula when a cell begins with it, and our mark."""


class Unreadable(Exception):
    """A cell holds nothing that its column can hold; the message says why."""


def ordered(languages: tuple[str, ...]) -> list[str]:
    """The columns of an export."""
    named = [f"{name}_{language}" for name in LOCALISED for language in languages]
    first, rest = TEXTS[:2], TEXTS[2:]
    return [*first, *named, *rest, "lat", "lng", "season", *LISTS, *WHOLE, *JSON, *INFORMING]


def known(languages: tuple[str, ...]) -> set[str]:
    """The columns that an import may have."""
    return set(ordered(languages))


def cells(place: Mapping[str, Any], languages: tuple[str, ...]) -> list[str]:
    """The cells of *place*, which is written as editors' API shows it."""
    found: dict[str, str] = {}
    for name in LOCALISED:
        texts = place.get(name) or {}
        found |= {f"{name}_{language}": texts.get(language, "") for language in languages}
    for name in (*TEXTS, *INFORMING):
        found[name] = "" if place.get(name) is None else str(place[name])
    for name in LISTS:
        found[name] = _joined(place.get(name) or [])
    for name in WHOLE:
        found[name] = "" if place.get(name) is None else str(place[name])
    for name in JSON:
        found[name] = orjson.dumps(place[name]).decode() if place.get(name) else ""
    point = place.get("location") or {}
    found |= {axis: repr(point[axis]) if point else "" for axis in ("lat", "lng")}
    season = place.get("season")
    found["season"] = f"{season['from']}/{season['to']}" if season else ""
    return [
        found[name] if name in ("lat", "lng") else escaped(found[name])
        for name in ordered(languages)
    ]


def put(values: dict[str, Any], column: str, cell: str) -> None:
    """Read *cell* of *column* into *values*. Raises Unreadable."""
    if column in INFORMING:
        return
    name, _, language = column.rpartition("_")
    if name in LOCALISED:
        values.setdefault(name, {})
        values[name][language] = cell.replace("\r\n", "\n")
    elif column in LISTS:
        values[column] = _parted(cell)
    elif column in WHOLE:
        values[column] = _whole(cell)
    elif column in JSON:
        values[column] = _json(cell)
    elif column in ("lat", "lng"):
        values[column] = _degrees(cell) if cell else None
    elif column == "season":
        values[column] = _season(cell)
    elif column in ("id", "slug", "category"):
        if cell:
            values[column] = cell
        elif column == "category":
            values[column] = ""
    else:
        values[column] = cell or None


def join_point(values: dict[str, Any]) -> None:
    """Turn `lat` and `lng` of *values*, where both are there, into a `location` or none."""
    if "lat" in values and "lng" in values:
        lat, lng = values["lat"], values["lng"]
        values["location"] = None if lat is None or lng is None else {"lat": lat, "lng": lng}
    values.pop("lat", None)
    values.pop("lng", None)


def escaped(cell: str) -> str:
    """*cell* as no spreadsheet runs it; `unescaped` gives it back."""
    return f"'{cell}" if cell.startswith(tuple(RISKY)) else cell


def unescaped(cell: str) -> str:
    """What `escaped` made *cell* of."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(tuple(RISKY)) else cell


def _joined(texts: list[str]) -> str:
    plain = not any(SEPARATOR in text or text.startswith("[") for text in texts)
    return SEPARATOR.join(texts) if plain else orjson.dumps(texts).decode()


def _parted(cell: str) -> Any:
    if cell.startswith("["):
        return _json(cell)
    return [text for part in cell.split(SEPARATOR) if (text := part.strip())]


def _json(cell: str) -> Any:
    if not cell:
        return []
    try:
        found = orjson.loads(cell)
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, list):
        raise Unreadable(N_("Must be a JSON list, such as [] or what an export wrote."))
    return found


def _whole(cell: str) -> int | None:
    if not cell:
        return None
    if not re.fullmatch(r"[0-9]{1,12}", cell):
        raise Unreadable(N_("Must be a whole number without separators, such as 50000."))
    return int(cell)


def _degrees(cell: str) -> float:
    if not re.fullmatch(r"-?[0-9]{1,3}([.,][0-9]{1,20})?(e-?[0-9]{1,2})?", cell):
        raise Unreadable(N_("Must be decimal degrees, such as 18.8167."))
    return float(cell.replace(",", "."))


def _season(cell: str) -> dict[str, str] | None:
    if not cell:
        return None
    first, slash, last = cell.partition("/")
    if not slash:
        raise Unreadable(N_("Must be written as 04-30/09-15: month and day, from and to."))
    return {"from": first.strip(), "to": last.strip()}
