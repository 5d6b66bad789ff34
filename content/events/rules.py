"""What has to hold of an event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from content import town
from content.errors import N_, Invalid
from content.events.recurrence import (
    FIRST_YEAR,
    GREGORIAN,
    LAST_YEAR,
    LUNAR,
    MONTHLY,
    YEARLY,
    BadRule,
    days_in,
    first_day,
    packed,
    read_rule,
)
from content.places.models import Place
from content.vocabularies.models import Vocabulary
from content.vocabularies.queries import check_quarters, check_terms

TIMES = ("starts_on", "ends_on", "starts_at", "ends_at", "recurrence", "exceptions")

CANCELLED, MOVED = "cancelled", "moved"

LONGEST_DAYS = 366


def check(session: Session, values: Mapping[str, Any]) -> None:
    """Raise Invalid where *values*, all or some fields of an event, break a rule.

    What can only be judged by all the times together is judged where they are all here, and
    once more when the event is published: a draft may be incomplete.
    """
    if values.get("topics"):
        check_terms(session, Vocabulary.TOPIC, values["topics"], "topics")
    if values.get("quarter"):
        check_quarters(session, [values["quarter"]], "quarter")
    if values.get("place_id") and session.get(Place, values["place_id"]) is None:
        raise Invalid({"place_id": [N_("There is no such place.")]})
    if values.get("recurrence"):
        _check_recurrence(values["recurrence"])
    _check_order(values)
    if set(TIMES) <= set(values) and _first(values):
        check_whole(values)


def check_whole(values: Mapping[str, Any]) -> None:
    """Raise Invalid where the TIMES of an event, which are all in *values*, do not fit together."""
    _check_order(values)
    start = _first(values)
    if start is None:
        raise Invalid({"starts_at": [N_("Say when it begins: starts_on or starts_at.")]})
    recurrence = values["recurrence"]
    if recurrence:
        _check_recurrence(recurrence)
        _check_first_day(start, recurrence, "starts_on" if values["starts_on"] else "starts_at")
    _check_exceptions(values, start)


def _first(values: Mapping[str, Any]) -> date | None:
    moment: datetime | None = values.get("starts_at")
    day: date | None = values.get("starts_on")
    return moment.astimezone(town.TIME).date() if moment else day


def _check_order(values: Mapping[str, Any]) -> None:
    if values.get("starts_on") and values.get("starts_at"):
        raise Invalid({"starts_at": [N_("Give days or moments, not both.")]})
    for unit, other in (("on", "at"), ("at", "on")):
        start, end = values.get(f"starts_{unit}"), values.get(f"ends_{unit}")
        if end and values.get(f"starts_{other}"):
            raise Invalid({f"ends_{unit}": [N_("Give days or moments, not both.")]})
        for name, moment in ((f"starts_{unit}", start), (f"ends_{unit}", end)):
            if moment and not FIRST_YEAR <= moment.year <= LAST_YEAR:
                raise Invalid(
                    {name: [N_("Give a year from %(first)s to %(last)s.")]},
                    first=FIRST_YEAR,
                    last=LAST_YEAR,
                )
        if start and end and end < start:
            raise Invalid({f"ends_{unit}": [N_("It ends before it begins.")]})
        if start and end and (end - start).days >= LONGEST_DAYS:
            raise Invalid(
                {f"ends_{unit}": [N_("It may last %(days)s days at most.")]}, days=LONGEST_DAYS
            )


def _check_recurrence(recurrence: Mapping[str, Any]) -> None:
    if recurrence["calendar"] == GREGORIAN:
        _refuse_others(recurrence, {"rule"}, needed={"rule"})
        try:
            read_rule(recurrence["rule"])
        except BadRule as error:
            raise Invalid({"recurrence": [error.message]}, **error.values) from None
        return
    known = {"frequency", "day", "month", "in_leap_month", "until"}
    needed = {"frequency", "day"}
    if recurrence.get("frequency") == YEARLY:
        needed |= {"month"}
    if recurrence.get("frequency") == MONTHLY:
        known -= {"month", "in_leap_month"}
    _refuse_others(recurrence, known, needed)


def _refuse_others(recurrence: Mapping[str, Any], known: set[str], needed: set[str]) -> None:
    given = {name for name, value in recurrence.items() if value is not None} - {"calendar"}
    if missing := sorted(needed - given):
        raise Invalid({"recurrence": [N_("Needs: %(names)s.")]}, names=", ".join(missing))
    if unknown := sorted(given - known):
        raise Invalid(
            {"recurrence": [N_("Does not go with it: %(names)s.")]}, names=", ".join(unknown)
        )


def _check_first_day(start: date, recurrence: Mapping[str, Any], name: str) -> None:
    """A series has a day at all, and one by a rule of RFC 5545 begins with its own first day."""
    found = first_day(start, packed(recurrence))
    if found is None:
        raise Invalid({"recurrence": [N_("There is no day that fits this rule.")]})
    if recurrence["calendar"] == LUNAR or found == start:
        return
    raise Invalid(
        {name: [N_("By its rule the first day is %(day)s: let it begin then.")]},
        day=f"{found:%d/%m/%Y}",
    )


def _check_exceptions(values: Mapping[str, Any], start: date) -> None:
    exceptions: Sequence[Mapping[str, Any]] = values["exceptions"] or ()
    recurrence, seen = packed(values["recurrence"]), set()
    for exception in exceptions:
        day = date.fromisoformat(exception["date"])
        shown = f"{day:%d/%m/%Y}"
        if day in seen:
            raise Invalid({"exceptions": [N_("%(day)s is listed twice.")]}, day=shown)
        seen.add(day)
        if day not in days_in(day.year, start, recurrence):
            raise Invalid({"exceptions": [N_("It does not take place on %(day)s.")]}, day=shown)
        _check_move(exception, whole_days=values["starts_on"] is not None, shown=shown)


def _check_move(exception: Mapping[str, Any], *, whole_days: bool, shown: str) -> None:
    unit, other = ("on", "at") if whole_days else ("at", "on")
    start, end = exception.get(f"starts_{unit}"), exception.get(f"ends_{unit}")
    wrong = None
    if exception["status"] == CANCELLED:
        if start or end:
            wrong = N_("%(day)s is cancelled, so it has no other time.")
    elif not start:
        wrong = N_("Say to when %(day)s is moved.")
    elif end and datetime.fromisoformat(end) < datetime.fromisoformat(start):
        wrong = N_("%(day)s is moved, but ends before it begins.")
    if exception.get(f"starts_{other}") or exception.get(f"ends_{other}"):
        wrong = N_("%(day)s is moved: give days for days, moments for moments.")
    if wrong:
        raise Invalid({"exceptions": [wrong]}, day=shown)
