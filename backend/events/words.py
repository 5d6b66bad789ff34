"""How often something returns, in the reader's words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask_babel import format_date, get_locale
from flask_babel import gettext as _

from backend.languages import language
from content.events.models import Event
from content.events.recurrence import LUNAR, WEEKDAYS, YEARLY, BadRule, Rule, read_rule


def in_words(event: Event) -> str:
    """How often *event* returns, such as "every week on Saturday"; "" for once."""
    start, recurrence = event.start, event.recurrence
    if not recurrence or start is None:
        return ""
    if recurrence["calendar"] == LUNAR:
        return _lunar(recurrence)
    try:
        rule = read_rule(recurrence["rule"])
    except BadRule:
        return ""
    return _head(rule, start) + _end(rule)


def day_in_words(day: date, *, weekday: bool = False) -> str:
    """*day* as people write it in the reader's language."""
    if language() == "vi":
        form = "EEEE, dd/MM/yyyy" if weekday else "dd/MM/yyyy"
    else:
        form = "EEEE, d MMMM yyyy" if weekday else "d MMM yyyy"
    return str(format_date(day, form))


def _lunar(recurrence: Mapping[str, Any]) -> str:
    day = recurrence["day"]
    if recurrence["frequency"] == YEARLY:
        said = _(
            "every year on day %(day)s of lunar month %(month)s", day=day, month=recurrence["month"]
        )
        if recurrence.get("in_leap_month"):
            said += _(", in the leap month too")
    else:
        said = _("every lunar month on day %(day)s", day=day)
    if until := recurrence.get("until"):
        said += _(", until %(day)s", day=day_in_words(date.fromisoformat(until)))
    return said


def _end(rule: Rule) -> str:
    if rule.until:
        return _(", until %(day)s", day=day_in_words(rule.until))
    return _(", %(count)s times", count=rule.count) if rule.count else ""


def _head(rule: Rule, start: date) -> str:
    often = _often(rule.get("FREQ") or "", int(rule.get("INTERVAL") or 1))
    days = _days(rule, start)
    if days is None or rule.get("BYSETPOS"):
        return _("on days of its own")
    said = f"{often} {days}".strip()
    months = rule.get("BYMONTH")
    if months and rule.get("FREQ") != "YEARLY":
        said += " " + _("in %(months)s", months=_months(months))
    return said


def _often(frequency: str, interval: int) -> str:
    if interval == 1:
        return {
            "DAILY": _("every day"),
            "WEEKLY": _("every week"),
            "MONTHLY": _("every month"),
            "YEARLY": _("every year"),
        }[frequency]
    return {
        "DAILY": _("every %(count)s days", count=interval),
        "WEEKLY": _("every %(count)s weeks", count=interval),
        "MONTHLY": _("every %(count)s months", count=interval),
        "YEARLY": _("every %(count)s years", count=interval),
    }[frequency]


def _days(rule: Rule, start: date) -> str | None:
    """Which days of the week, month or year; None for what would take a paragraph."""
    frequency, weekdays = rule.get("FREQ"), rule.get("BYDAY")
    month_days, months = rule.get("BYMONTHDAY"), rule.get("BYMONTH")
    if frequency in ("DAILY", "WEEKLY"):
        named = weekdays or (WEEKDAYS[start.weekday()] if frequency == "WEEKLY" else "")
        return _("on %(days)s", days=_weekdays(named)) if named else ""
    if weekdays and month_days:
        return None
    if weekdays:
        which = _ordinal(weekdays)
        if which is None or frequency == "MONTHLY":
            return which
        return f"{which} " + _("in %(months)s", months=_months(months)) if months else None
    if frequency == "MONTHLY":
        if month_days == "-1":
            return _("on its last day")
        return _("on day %(days)s", days=_listed((month_days or str(start.day)).split(",")))
    if "," in f"{months}{month_days}" or "-" in f"{month_days}":
        return None
    month, day = int(months or start.month), int(month_days or start.day)
    return _("on %(days)s", days=_day_of_year(month, day))


def _day_of_year(month: int, day: int) -> str:
    return f"{day}/{month}" if language() == "vi" else f"{day} {_months(str(month))}"


def _weekdays(codes: str) -> str:
    names = get_locale().days["format"]["wide"]
    return _listed(names[WEEKDAYS.index(code)] for code in codes.split(","))


def _ordinal(code: str) -> str | None:
    found = re.fullmatch(r"\+?(-?\d)([A-Z]{2})", code)
    if not found:
        return None
    weekday = _weekdays(found[2])
    return {
        "1": _("on the first %(weekday)s", weekday=weekday),
        "2": _("on the second %(weekday)s", weekday=weekday),
        "3": _("on the third %(weekday)s", weekday=weekday),
        "4": _("on the fourth %(weekday)s", weekday=weekday),
        "-1": _("on the last %(weekday)s", weekday=weekday),
    }.get(found[1])


def _months(numbers: str) -> str:
    names = get_locale().months["format"]["wide"]
    return _listed(names[int(number)] for number in numbers.split(","))


def _listed(pieces: Iterable[str]) -> str:
    return ", ".join(pieces)
