"""The names of what figures are by, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask_babel import format_date, format_decimal
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from backend.feedback.offices import office_names
from content.text import in_language
from content.vocabularies.models import Vocabulary
from content.vocabularies.queries import quarters, terms

Names = Callable[[str], str]


def names(session: Session, by: str, language: str) -> Names:
    """Tells the name of a value of what figures are *by*."""
    match by:
        case "month":
            return lambda value: str(format_date(date.fromisoformat(value), "LLLL yyyy"))
        case "season":
            return lambda value: seasons()[value]
        case "office":
            known = {code: in_language(n, language) for code, n in office_names(session).items()}
            return _named(known, _("No office yet"))
        case "quarter":
            known = {q.code: in_language(q.name, language) for q in quarters(session)}
            return _named(known, _("No quarter"))
        case _:
            listed = terms(session, Vocabulary.REPORT)
            return _named({term.code: in_language(term.name, language) for term in listed}, "")


def _named(known: Mapping[str, str], nothing: str) -> Names:
    return lambda value: known.get(value, value) if value else nothing


def seasons() -> dict[str, str]:
    """The seasons by their codes."""
    return {
        "high": _("High season (May to August)"),
        "shoulder": _("Between the seasons (April, September)"),
        "low": _("Low season (October to March)"),
    }


def duration(minutes: int | None) -> str:
    """A time in one unit that suits it; a dash for None."""
    if minutes is None:
        return "–"
    if minutes < 90:
        return str(_("%(number)s min", number=minutes))
    hours = minutes / 60
    if hours < 48:
        return str(_("%(number)s h", number=format_decimal(round(hours, 1))))
    return str(_("%(number)s days", number=format_decimal(round(hours / 24, 1))))


def decimal(number: float) -> str:
    """*number* with one digit after the point, as the reader writes it."""
    return str(format_decimal(round(number, 1), "0.0"))


def percent(share: float | None) -> str:
    """*share* of one as people read it; a dash for None."""
    return "–" if share is None else f"{format_decimal(round(100 * share))} %"


def change(now: int, before: int) -> str:
    """How much more or less than a year ago, in words."""
    if not before:
        return str(_("none a year ago"))
    more = round(100 * (now - before) / before)
    if more == 0:
        return str(_("as a year ago (%(before)s)", before=before))
    if more > 0:
        return str(_("%(more)s %% more than a year ago (%(before)s)", more=more, before=before))
    return str(_("%(less)s %% less than a year ago (%(before)s)", less=-more, before=before))


def age(row: Mapping[str, Any]) -> str:
    """A class of the backlog in as few signs as fit under a column."""
    if row["to_days"] is None:
        return f"> {row['from_days'] - 1}"
    return f"{row['from_days']}–{row['to_days']}"


def figures() -> dict[str, str]:
    """What the figures are called whose reports can be looked at."""
    return {
        "received": _("Received"),
        "open": _("Still open"),
        "resolved": _("Resolved"),
        "on_time": _("Resolved on time"),
        "late": _("Resolved too late"),
        "acknowledged": _("Acknowledged"),
        "acknowledged_on_time": _("Acknowledged on time"),
        "rejected": _("Rejected"),
        "duplicate": _("Reported before"),
        "withdrawn": _("Withdrawn"),
        "reopened": _("Opened again"),
        "rated": _("Rated"),
        **{f"rated_{n}": _("Rated %(rating)s of 5", rating=n) for n in range(1, 6)},
    }
