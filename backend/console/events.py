"""The desk of events, by both calendars."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from flask_babel import lazy_gettext

from backend.console.desk_pages import add_desk
from backend.console.desks import Desk
from backend.console.forms import Form, local_input
from backend.console.places import point
from backend.console.prices import place_names
from backend.console.vocabularies import names, quarter_names
from backend.events.schemas import EventDraftSchema
from backend.languages import languages
from backend.site import events
from content import town
from content.errors import N_, Invalid
from content.events.models import Event
from content.events.recurrence import GREGORIAN, LUNAR, MONTHLY, YEARLY
from content.events.rules import CANCELLED, check
from content.vocabularies.models import Vocabulary

TEXTS = ("title", "summary", "description", "place_text")

RETURNS = {
    "": lazy_gettext("Only once"),
    "daily": lazy_gettext("Every day"),
    "weekly": lazy_gettext("Every week, on the same weekday"),
    "monthly": lazy_gettext("Every month, on the same day"),
    "yearly": lazy_gettext("Every year, on the same date"),
    "lunar_monthly": lazy_gettext("Every lunar month"),
    "lunar_yearly": lazy_gettext("Every lunar year"),
    "rule": lazy_gettext("By another rule (RFC 5545)"),
}
RULES = {f"FREQ={name.upper()}": name for name in ("daily", "weekly", "monthly", "yearly")}
LUNAR_RETURNS = {"lunar_monthly": MONTHLY, "lunar_yearly": YEARLY}


def read(form: Form) -> dict[str, Any]:
    """What the form says, as the API takes it."""
    said: dict[str, Any] = {name: form.localized(name) for name in TEXTS}
    whole_days = form.chosen("length", ("days", "hours")) == "days"
    starts_at, ends_at = form.moment("starts_at"), form.moment("ends_at")
    said |= {
        "topics": form.every("topics"),
        "place_id": form.optional("place_id"),
        "quarter": form.optional("quarter"),
        "location": point(form),
        "starts_on": form.optional("starts_on") if whole_days else None,
        "ends_on": form.optional("ends_on") if whole_days else None,
        "starts_at": starts_at.isoformat() if starts_at and not whole_days else None,
        "ends_at": ends_at.isoformat() if ends_at and not whole_days else None,
        "recurrence": _recurrence(form),
        "exceptions": _exceptions(form),
    }
    if slug := form.plain("slug"):
        said["slug"] = slug
    return said


def _recurrence(form: Form) -> dict[str, Any] | None:
    returns = form.chosen("returns", RETURNS)
    until = form.optional("until")
    if not returns:
        return None
    if returns in LUNAR_RETURNS:
        rule: dict[str, Any] = {
            "calendar": LUNAR,
            "frequency": LUNAR_RETURNS[returns],
            "day": form.number("lunar_day"),
        }
        if rule["day"] is None:
            raise Invalid({"lunar_day": [N_("This is needed.")]})
        if returns == "lunar_yearly":
            rule |= {"month": form.number("lunar_month")}
            if rule["month"] is None:
                raise Invalid({"lunar_month": [N_("This is needed.")]})
        return rule | ({"until": until} if until else {})
    if returns == "rule":
        return {"calendar": GREGORIAN, "rule": form.text("rule", most=300, required=True)}
    text = f"FREQ={returns.upper()}" + (f";UNTIL={until.replace('-', '')}" if until else "")
    return {"calendar": GREGORIAN, "rule": text}


def _exceptions(form: Form) -> list[dict[str, Any]]:
    """Moved days as they are on file, and those that the form says are cancelled."""
    known = form.objects("kept_exceptions")
    cancelled = {one["date"]: one for one in known if one.get("status") == CANCELLED}
    moved = [one for one in known if one.get("status") != CANCELLED]
    days = form.lines("cancelled")
    return moved + [cancelled.get(day, {"date": day, "status": CANCELLED}) for day in days]


def fill(event: Event) -> Iterator[tuple[str, Any]]:
    """The form of *event*."""
    for name in TEXTS:
        for code in languages():
            yield f"{name}.{code}", (getattr(event, name) or {}).get(code, "")
    for topic in event.topics or ():
        yield "topics", topic
    for name in ("place_id", "quarter", "lat", "lng", "starts_on", "ends_on"):
        yield name, getattr(event, name)
    for name in ("starts_at", "ends_at"):
        yield name, local_input(getattr(event, name))
    yield "length", "days" if event.all_day or not event.starts_at else "hours"
    yield from _filled_recurrence(event.recurrence)
    for exception in event.exceptions or ():
        yield "kept_exceptions", json.dumps(exception)
    days = [one["date"] for one in event.exceptions or () if one["status"] == CANCELLED]
    yield "cancelled", "\n".join(days)


def _filled_recurrence(recurrence: dict[str, Any] | None) -> Iterator[tuple[str, Any]]:
    if not recurrence:
        yield "returns", ""
        return
    if recurrence["calendar"] == LUNAR:
        yield "returns", f"lunar_{recurrence['frequency']}"
        yield "lunar_day", recurrence.get("day")
        yield "lunar_month", recurrence.get("month")
        yield "until", recurrence.get("until") or ""
        return
    rule, _, until = recurrence["rule"].partition(";UNTIL=")
    if rule in RULES and (not until or (len(until) == 8 and until.isdigit())):
        yield "returns", RULES[rule]
        yield "until", f"{until[:4]}-{until[4:6]}-{until[6:]}" if until else ""
    else:
        yield "returns", "rule"
        yield "rule", recurrence["rule"]


add_desk(
    Desk(
        path="events",
        kind=Event,
        schema=EventDraftSchema,
        check=check,
        fields="console/events/fields.html",
        read=read,
        fill=fill,
        many=lazy_gettext("Events"),
        new=lazy_gettext("Add an event"),
        labels={
            "title": lazy_gettext("Title"),
            "summary": lazy_gettext("Summary"),
            "description": lazy_gettext("Description"),
            "length": lazy_gettext("How long"),
            "starts_on": lazy_gettext("First day"),
            "ends_on": lazy_gettext("Last day"),
            "starts_at": lazy_gettext("Begins"),
            "ends_at": lazy_gettext("Ends"),
            "returns": lazy_gettext("Returns"),
            "recurrence": lazy_gettext("Returns"),
            "lunar_day": lazy_gettext("Lunar day"),
            "lunar_month": lazy_gettext("Lunar month"),
            "until": lazy_gettext("For the last time"),
            "rule": lazy_gettext("Rule"),
            "exceptions": lazy_gettext("Days on which it is cancelled"),
            "cancelled": lazy_gettext("Days on which it is cancelled"),
            "place_id": lazy_gettext("At a place on file"),
            "place_text": lazy_gettext("Where, in words"),
            "location": lazy_gettext("Point on the map"),
            "quarter": lazy_gettext("Quarter"),
            "topics": lazy_gettext("Topics"),
            "slug": lazy_gettext("Address of the page"),
        },
        show=events.show_event,
        tabs=(("events_days", lazy_gettext("Single days")),),
        more=lambda: {
            "returns": RETURNS,
            "places": place_names(),
            "quarters": quarter_names(),
            "topics": names(Vocabulary.TOPIC),
            "town_point": town.POINT,
        },
    )
)
