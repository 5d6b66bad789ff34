"""One cell of a spreadsheet: how a value is written into it, and read again.

What is written is what the API would show; what is read is what the API would take.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import orjson

from content import town
from content.errors import N_

SEPARATOR = "|"
RISKY = "=+-@\t\r\n＝＋－＠'"
"""What a spreadsheet may take for a formula when a cell begins with it, and our mark."""

DAY = r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
VIETNAMESE_DAY = r"([0-9]{1,2})[/-]([0-9]{1,2})[/-]([0-9]{4})"
CLOCK = r"([01]?[0-9]|2[0-3])(?::|h)([0-5][0-9])?(?::([0-5][0-9]))?"


class Unreadable(Exception):
    """A cell holds nothing that its column can hold; the message says why."""


def escaped(cell: str) -> str:
    """*cell* as no spreadsheet runs it; `unescaped` gives it back."""
    return f"'{cell}" if cell.startswith(tuple(RISKY)) else cell


def unescaped(cell: str) -> str:
    """What `escaped` made *cell* of."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(tuple(RISKY)) else cell


def text_of(value: object) -> str:
    """A text, number or day; empty for None."""
    return "" if value is None else str(value)


def text(cell: str) -> str | None:
    """The text of a cell; None for an empty one."""
    return cell or None


def words(cell: str) -> str:
    """The text of a cell that has lines, as browsers send them."""
    return cell.replace("\r\n", "\n")


def list_of(texts: list[str] | None) -> str:
    """Several words in one cell, parted by |, or as JSON where they hold such signs."""
    texts = texts or []
    plain = not any(SEPARATOR in text or text.startswith("[") for text in texts)
    return SEPARATOR.join(texts) if plain else orjson.dumps(texts).decode()


def several(cell: str) -> Any:
    """The words of `list_of`. Raises Unreadable."""
    if cell.startswith("["):
        return json_list(cell)
    return [text for part in cell.split(SEPARATOR) if (text := part.strip())]


def json_of(value: Any) -> str:
    """A list of objects as JSON; empty for none."""
    return orjson.dumps(value).decode() if value else ""


def json_list(cell: str) -> Any:
    """A list written in JSON. Raises Unreadable."""
    if not cell:
        return []
    try:
        found = orjson.loads(cell)
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, list):
        raise Unreadable(N_("Must be a JSON list, such as [] or what an export wrote."))
    return found


def whole(cell: str) -> int | None:
    """A number without separators. Raises Unreadable."""
    if not cell:
        return None
    if not re.fullmatch(r"[0-9]{1,12}", cell):
        raise Unreadable(N_("Must be a whole number without separators, such as 50000."))
    return int(cell)


def dong(cell: str) -> int | None:
    """A sum in đồng, which has no smaller coin: 50000 or 50.000, with its sign or without.

    A dot parts thousands where each group after it has three digits; nothing else is taken for
    one. Raises Unreadable.
    """
    if not cell:
        return None
    found = re.fullmatch(
        r"([0-9]{1,12}|[1-9][0-9]{0,2}(?:\.[0-9]{3}){1,3})\s*(?:đ|₫|vnd|vnđ|đồng)?",
        cell,
        re.IGNORECASE,
    )
    if not found:
        raise Unreadable(N_("Must be whole đồng, written as 50000 or 50.000."))
    return int(found[1].replace(".", ""))


def axis(name: str) -> Callable[[Any], str]:
    """Write `lat` or `lng` of a point, to the last digit; empty for no point."""
    return lambda point: repr(point[name]) if point else ""


def degrees(cell: str) -> float | None:
    """Decimal degrees. Raises Unreadable."""
    if not cell:
        return None
    if not re.fullmatch(r"-?[0-9]{1,3}([.,][0-9]{1,20})?(e-?[0-9]{1,2})?", cell):
        raise Unreadable(N_("Must be decimal degrees, such as 18.8167."))
    return float(cell.replace(",", "."))


def season_of(season: dict[str, str] | None) -> str:
    """From when to when in every year."""
    return f"{season['from']}/{season['to']}" if season else ""


def season(cell: str) -> dict[str, str] | None:
    """What `season_of` wrote. Raises Unreadable."""
    if not cell:
        return None
    first, slash, last = cell.partition("/")
    if not slash:
        raise Unreadable(N_("Must be written as 04-30/09-15: month and day, from and to."))
    return {"from": first.strip(), "to": last.strip()}


def day(cell: str) -> str | None:
    """A day, read as 2026-04-30 or as Vietnamese write it, 30/04/2026. Raises Unreadable."""
    return _day(cell).isoformat() if cell else None


def moment_of(value: str | None) -> str:
    """A moment as the town's clocks show it, such as 2026-04-30 19:30."""
    if not value:
        return ""
    local = datetime.fromisoformat(value).astimezone(town.TIME)
    return f"{local:%Y-%m-%d %H:%M:%S}" if local.second else f"{local:%Y-%m-%d %H:%M}"


def moment(cell: str) -> str | None:
    """A moment by the town's clocks, such as 30/04/2026 19:30, or with its offset from UTC.

    Raises Unreadable.
    """
    if not cell:
        return None
    found = re.fullmatch(rf"({DAY}|{VIETNAMESE_DAY})[T ]+{CLOCK}", cell)
    if found:
        hour, minute, second = (int(part or 0) for part in found.groups()[-3:])
        at = time(hour, minute, second)
        return datetime.combine(_day(found[1]), at, town.TIME).isoformat()
    try:
        given = datetime.fromisoformat(cell)
    except ValueError:
        given = None
    if given is None or given.tzinfo is None:
        raise Unreadable(N_("Must be a day and an hour, such as 30/04/2026 19:30."))
    return given.isoformat()


def _day(cell: str) -> date:
    if found := re.fullmatch(DAY, cell):
        year, month, number = found.groups()
    elif found := re.fullmatch(VIETNAMESE_DAY, cell):
        number, month, year = found.groups()
    else:
        raise Unreadable(N_("Must be a day, written as 30/04/2026 or 2026-04-30."))
    try:
        return date(int(year), int(month), int(number))
    except ValueError:
        raise Unreadable(N_("The calendar has no such day: write 30/04/2026, day first.")) from None
