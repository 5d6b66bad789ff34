"""When lifeguards are on duty: the hours of each beach, by weekday and season."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from backend import current
from backend.accounts import access
from backend.accounts.roles import Permission
from backend.beaches.schemas import LifeguardScheduleSchema
from backend.console.forms import Form
from backend.console.layout import console
from backend.database import session
from backend.languages import language
from backend.site.layout import hours as hours_in_words
from backend.staff_content import editing
from content import town
from content.beaches import queries, schedules
from content.beaches.models import Beach, LifeguardSchedule
from content.beaches.schedules import WEEK
from content.errors import N_, Invalid
from content.publishing import find_visible
from content.text import in_language

KEEP = access.staff(Permission.SCHEDULE_LIFEGUARDS)

SCHEDULE = LifeguardScheduleSchema()

FIELDS = ("from", "to", "valid_from", "valid_until", "note")

LABELS = {
    "beaches": lazy_gettext("Beaches"),
    "days": lazy_gettext("Days of the week"),
    "from": lazy_gettext("From"),
    "to": lazy_gettext("To"),
    "valid_from": lazy_gettext("First day of the season"),
    "valid_until": lazy_gettext("Last day of the season"),
    "note": lazy_gettext("Note"),
}


def _today() -> date:
    return current.now().astimezone(town.TIME).date()


def season(schedule: LifeguardSchedule) -> str:
    """Where the season of *schedule* stands today: past, present or future."""
    today = _today()
    if schedule.valid_until and schedule.valid_until < today:
        return "past"
    return "future" if schedule.valid_from > today else "present"


@console.get("/hours", endpoint="hours")
@KEEP
def every() -> ResponseReturnValue:
    """Every beach with its hours, those of the present season first."""
    now = current.now()
    beaches = queries.beaches(session, now)
    order = ("present", "future", "past")
    return render_template(
        "console/hours/list.html",
        beaches=[
            (
                beach,
                sorted(
                    schedules.schedules_of(session, beach), key=lambda s: order.index(season(s))
                ),
            )
            for beach in beaches
        ],
        season=season,
        week=WEEK,
        weekday=lambda day: hours_in_words(day),
    )


@console.get("/hours/new", endpoint="hours_new")
@KEEP
def new() -> ResponseReturnValue:
    """The form of new hours, for one beach or several."""
    ticked = [("beaches", slug) for slug in request.args.getlist("beach")]
    return _form(None, None, Form.of([*ticked, *(("days", day.value) for day in WEEK)]))


@console.post("/hours/new", endpoint="hours_add")
@KEEP
def add() -> ResponseReturnValue:
    """Put hours on file at every beach that is ticked, or at none of them."""
    form = Form.sent()
    with form.trying():
        slugs = form.every("beaches")
        if not slugs:
            raise Invalid({"beaches": [N_("Name one beach at least.")]})
        values = _values(form)
        for slug in slugs:
            _add(form, find_visible(session, Beach, slug, current.now()), values)
    if not form:
        return _form(None, None, form)
    session.commit()
    flash(_("The hours are on file. The public reads them now."))
    return redirect(url_for("console.hours"))


def _add(form: Form, beach: Beach, values: dict[str, Any]) -> None:
    try:
        schedules.add_schedule(session, beach, values, editing())
    except Invalid as error:
        raise Invalid(
            {
                name: [f"%(beach)s: {_(text)}" for text in texts]
                for name, texts in error.errors.items()
            },
            beach=in_language(beach.name, language()),
            **error.values,
        ) from None


@console.get("/hours/<key>/<uuid:schedule_id>", endpoint="hours_one")
@KEEP
def one(key: str, schedule_id: uuid.UUID) -> ResponseReturnValue:
    """The form of hours that are on file."""
    beach, schedule = _find(key, schedule_id)
    return _form(beach, schedule, Form.of(_fill(schedule)))


@console.post("/hours/<key>/<uuid:schedule_id>", endpoint="hours_change")
@KEEP
def change(key: str, schedule_id: uuid.UUID) -> ResponseReturnValue:
    """Change the hours."""
    schedule, form = _find(key, schedule_id)[1], Form.sent()
    with form.trying():
        schedules.change_schedule(session, schedule, _values(form), editing())
        session.commit()
        flash(_("The hours are changed. The public reads them now."))
        return redirect(url_for("console.hours"))
    return _form(*_find(key, schedule_id), form)


@console.post("/hours/<key>/<uuid:schedule_id>/remove", endpoint="hours_remove")
@KEEP
def remove(key: str, schedule_id: uuid.UUID) -> ResponseReturnValue:
    """Take hours off the file."""
    schedule = _find(key, schedule_id)[1]
    schedules.remove_schedule(session, schedule, editing())
    session.commit()
    flash(_("The hours are removed. Where there are none left, the public reads nothing of hours."))
    return redirect(url_for("console.hours"))


def _find(key: str, schedule_id: uuid.UUID) -> tuple[Beach, LifeguardSchedule]:
    beach = find_visible(session, Beach, key, current.now())
    return beach, schedules.find_schedule(session, beach, schedule_id)


def _values(form: Form) -> dict[str, Any]:
    said: dict[str, Any] = {name: form.plain(name) for name in FIELDS}
    said |= {"days": form.every("days"), "valid_until": form.optional("valid_until")}
    for name in ("from", "to", "valid_from"):
        if not said[name]:
            raise Invalid({name: [N_("This is needed.")]})
    values: dict[str, Any] = SCHEDULE.load(said)
    return values


def _fill(schedule: LifeguardSchedule) -> Iterator[tuple[str, Any]]:
    for day in schedule.days:
        yield "days", day
    yield "from", f"{schedule.starts:%H:%M}"
    yield "to", f"{schedule.ends:%H:%M}"
    for name in ("valid_from", "valid_until", "note"):
        yield name, getattr(schedule, name)


def _form(
    beach: Beach | None, schedule: LifeguardSchedule | None, form: Form
) -> ResponseReturnValue:
    if "days" in form.errors:
        form.errors["days"] = [hours_in_words(message) for message in form.errors["days"]]
    page = render_template(
        "console/hours/edit.html",
        beach=beach,
        schedule=schedule,
        form=form,
        labels=LABELS,
        days=_named_days(),
        beaches=[
            (one.slug, in_language(one.name, language()))
            for one in queries.beaches(session, current.now())
        ],
    )
    return page, 200 if form else 422


def _named_days() -> Sequence[tuple[str, str]]:
    return [(day.value, hours_in_words(day.value)) for day in WEEK]
