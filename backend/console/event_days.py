"""Single days of an event: one is cancelled, moved, or takes place as ever again."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from backend import current
from backend.accounts import access
from backend.accounts.roles import Permission
from backend.console.acts import ACTS
from backend.console.desks import DESKS, Desk, may
from backend.console.forms import Form, local_input
from backend.console.layout import console
from backend.database import session
from backend.events.schemas import EventDraftSchema
from backend.events.words import day_in_words
from backend.languages import languages
from backend.site.events import in_full, lunar_in_words
from backend.staff_content import editing, two_person
from content import publishing, town
from content.errors import N_, Invalid, NotFound
from content.events import queries
from content.events.models import Event
from content.events.queries import LONGEST_WINDOW, SCHEDULED, Occurrence, midnight
from content.events.rules import CANCELLED, MOVED, TIMES, check
from content.publishing import State

WRITE = access.staff(Permission.WRITE_CONTENT)

DRAFT = EventDraftSchema()
CHANGES = EventDraftSchema(partial=tuple(DRAFT.fields))
A_PAGE = 20

STATUSES = {
    SCHEDULED: lazy_gettext("As ever"),
    MOVED: lazy_gettext("Moved"),
    CANCELLED: lazy_gettext("Cancelled"),
}
LABELS = {
    "status": lazy_gettext("What happens on this day"),
    "starts_on": lazy_gettext("First day"),
    "ends_on": lazy_gettext("Last day"),
    "starts_at": lazy_gettext("Begins"),
    "ends_at": lazy_gettext("Ends"),
    "note": lazy_gettext("Why, for people to read"),
    "note.vi": lazy_gettext("Why, for people to read"),
}


def _desk() -> Desk:
    return DESKS[Event.search_type]


def _find(item_id: uuid.UUID) -> tuple[Event, Event]:
    """The event, and how its editors left it."""
    item: Event = publishing.find(session, Event, str(item_id))
    g.here = "events."
    return item, publishing.working_copy(session, item)


def _occurrence(copy: Event, day: str) -> Occurrence:
    try:
        found = queries.occurrence_on(copy, date.fromisoformat(day))
    except ValueError:
        found = None
    if found is None:
        raise NotFound(N_("It does not take place on %(day)s."), day=day)
    return found


@console.get("/events/<uuid:item_id>/days", endpoint="events_days")
@WRITE
def days(item_id: uuid.UUID) -> ResponseReturnValue:
    """The days to come, each with what became of it."""
    item, copy = _find(item_id)
    since = _since()
    found = sorted(
        queries.expand(copy, midnight(since), midnight(since) + LONGEST_WINDOW), key=queries.order
    )
    return render_template(
        "console/events/days.html",
        desk=_desk(),
        item=item,
        copy=copy,
        found=found[:A_PAGE],
        next_day=found[A_PAGE].starts_at.date() if len(found) > A_PAGE else None,
        in_full=in_full,
        lunar_in_words=lunar_in_words,
        day_in_words=day_in_words,
        now=current.now(),
    )


def _since() -> date:
    today = current.now().astimezone(town.TIME).date()
    try:
        return max(today, date.fromisoformat(request.args.get("from", "")))
    except ValueError:
        return today


@console.get("/events/<uuid:item_id>/days/<day>", endpoint="events_day")
@WRITE
def one(item_id: uuid.UUID, day: str) -> ResponseReturnValue:
    """What is to happen on one day."""
    item, copy = _find(item_id)
    occurrence = _occurrence(copy, day)
    return _page(item, occurrence, Form.of([("revision", item.revision), *_fill(occurrence)]))


@console.post("/events/<uuid:item_id>/days/<day>", endpoint="events_day_save")
@WRITE
def save(item_id: uuid.UUID, day: str) -> ResponseReturnValue:
    """Keep what is to happen on one day, as a draft or for the public at once."""
    item, copy = _find(item_id)
    occurrence, form = _occurrence(copy, day), Form.sent()
    at_once = form["then"] == "publish" and _may_publish(item)
    with form.trying():
        changed = _exception(copy, occurrence.day, form)
        others = [one for one in copy.exceptions or () if one["date"] != day]
        loaded = CHANGES.load({"exceptions": [*others, *changed]})
        check(session, {name: getattr(copy, name) for name in TIMES} | loaded)
        if loaded["exceptions"] == (copy.exceptions or []):
            flash(_("Nothing was changed."))
            return redirect(url_for("console.events_days", item_id=item_id))
        revision = form.number("revision")
        publishing.revise(session, item, loaded, editing(), revision=revision)
        if at_once:
            ACTS["publish"].does(_desk(), item, form)
        session.commit()
        flash(
            _("Kept. The public reads it now.")
            if at_once
            else _("The draft is saved. The public does not see it yet.")
        )
        where = "events_days" if at_once else "events_review"
        return redirect(url_for(f"console.{where}", item_id=item_id))
    # The form has the fields of one exception.
    for name in [name for name in form.errors if name.startswith("exceptions")]:
        own = name.removeprefix("exceptions").strip(".") or "status"
        form.errors.setdefault(own, []).extend(form.errors.pop(name))
    item, copy = _find(item_id)
    return _page(item, _occurrence(copy, day), form)


def _may_publish(item: Event) -> bool:
    """Whether publishing puts this change in force, and nothing else with it."""
    return (
        may(Permission.PUBLISH_CONTENT)
        and not two_person()
        and item.state == State.PUBLISHED
        and item.stage is None
    )


def _exception(copy: Event, day: date, form: Form) -> list[dict[str, Any]]:
    """What the form says of *day*: nothing where it takes place as ever."""
    status = form.chosen("status", STATUSES)
    if status == SCHEDULED:
        return []
    said: dict[str, Any] = {"date": day.isoformat(), "status": status}
    if note := form.localized("note"):
        said["note"] = note
    if status == MOVED:
        said |= _moved_to(copy, form)
    return [said]


def _moved_to(copy: Event, form: Form) -> dict[str, Any]:
    names = ("starts_on", "ends_on") if copy.all_day else ("starts_at", "ends_at")
    if copy.all_day:
        said = {name: form.optional(name) for name in names}
    else:
        moments = {name: form.moment(name) for name in names}
        said = {name: moment.isoformat() if moment else None for name, moment in moments.items()}
    if not said[names[0]]:
        raise Invalid({names[0]: [N_("Say to when it is moved.")]})
    return {name: text for name, text in said.items() if text}


def _fill(occurrence: Occurrence) -> Iterator[tuple[str, Any]]:
    yield "status", occurrence.status
    # An end that stands there already would be before a new beginning that is later.
    is_moved = occurrence.status == MOVED
    if occurrence.event.all_day:
        yield "starts_on", occurrence.starts_at.date().isoformat()
        yield "ends_on", occurrence.last_date.isoformat() if is_moved else ""
    else:
        yield "starts_at", local_input(occurrence.starts_at)
        yield "ends_at", local_input(occurrence.ends_at) if is_moved else ""
    for code in languages():
        yield f"note.{code}", (occurrence.note or {}).get(code, "")


def _page(item: Event, occurrence: Occurrence, form: Form) -> ResponseReturnValue:
    answer = render_template(
        "console/events/day.html",
        desk=_desk(),
        item=item,
        occurrence=occurrence,
        regular=in_full(queries.regular(occurrence.event, occurrence.day)),
        named=day_in_words(occurrence.day),
        lunar=lunar_in_words(occurrence.day),
        form=form,
        labels=LABELS,
        statuses=list(STATUSES.items()),
        may_publish=_may_publish(item),
        now=current.now(),
    )
    return answer, 200 if form else 422
