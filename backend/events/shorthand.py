"""How an event returns, and which of its days are cancelled, in one cell of a spreadsheet."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from backend.exchange import cells
from backend.exchange.cells import Unreadable
from content.errors import N_
from content.events.recurrence import GREGORIAN, LUNAR, MONTHLY, YEARLY
from content.events.rules import CANCELLED
from content.text import slugify

RULES = {
    "hang-ngay": "FREQ=DAILY",
    "hang-tuan": "FREQ=WEEKLY",
    "hang-thang": "FREQ=MONTHLY",
    "hang-nam": "FREQ=YEARLY",
}
BY_MOON = r"(?:ÂL|ÂM LỊCH|LUNAR)"
LUNAR_DAY = re.compile(
    rf"(?P<before>{BY_MOON} )?(?P<day>\d\d?)(?:/(?P<month>\d\d?))?(?P<after> {BY_MOON})?"
    r"(?P<leap> (?:NHUẬN|LEAP))?(?: (?:ĐẾN|UNTIL) (?P<until>[\d/-]+))?"
)


def recurrence_of(rule: Mapping[str, Any] | None) -> str:
    """A rule as it stands in RFC 5545; by the moon `15/8 ÂL` in every lunar year, `15 ÂL` in
    every month, with NHUẬN also in leap months, and ĐẾN a last day."""
    if not rule:
        return ""
    if rule["calendar"] == GREGORIAN:
        return str(rule["rule"])
    month = f"/{rule['month']}" if rule["frequency"] == YEARLY else ""
    leap = " NHUẬN" if rule.get("in_leap_month") else ""
    until = f" ĐẾN {rule['until']}" if rule.get("until") else ""
    return f"{rule['day']}{month} ÂL{leap}{until}"


def recurrence(cell: str) -> dict[str, Any] | None:
    """What `recurrence_of` wrote, or in words such as `hằng năm`. Raises Unreadable."""
    if not cell:
        return None
    if (words := slugify(cell)) in RULES:
        return {"calendar": GREGORIAN, "rule": RULES[words]}
    if "FREQ=" in cell.upper():
        return {"calendar": GREGORIAN, "rule": cell.removeprefix("RRULE:")}
    text = " ".join(unicodedata.normalize("NFC", cell).upper().split())
    found = LUNAR_DAY.fullmatch(text)
    if not found or not (found["before"] or found["after"]):
        raise Unreadable(
            N_("Must be a rule such as FREQ=YEARLY, or by the lunar calendar 15/8 ÂL or 15 ÂL.")
        )
    rule: dict[str, Any] = {"calendar": LUNAR, "frequency": MONTHLY, "day": int(found["day"])}
    if found["month"]:
        rule |= {"frequency": YEARLY, "month": int(found["month"])}
    if found["leap"]:
        rule["in_leap_month"] = True
    if found["until"]:
        rule["until"] = cells.day(found["until"])
    return rule


def exceptions_of(exceptions: Sequence[Mapping[str, Any]] | None) -> str:
    """The days that are cancelled, where nothing else is said of any day; else JSON."""
    found = list(exceptions or ())
    days = [str(one["date"]) for one in found]
    return cells.list_of(days) if found == _cancelled(days) else cells.json_of(found)


def exceptions(cell: str) -> Any:
    """What `exceptions_of` wrote; days also as Vietnamese write them. Raises Unreadable."""
    if cell.startswith("["):
        return cells.json_list(cell)
    return _cancelled([str(cells.day(text)) for text in cells.several(cell)])


def _cancelled(days: Sequence[str]) -> list[dict[str, Any]]:
    return [{"date": day, "status": CANCELLED} for day in days]
