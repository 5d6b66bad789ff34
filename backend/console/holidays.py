"""Days off: what law gives by both calendars, and what the staff say of a year."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from backend import current
from backend.accounts import access, people
from backend.accounts.roles import Permission
from backend.console.forms import Form
from backend.console.layout import console
from backend.database import session
from backend.events.words import day_in_words
from backend.holidays.schemas import HolidayDraftSchema
from backend.site.events import lunar_in_words
from backend.staff_content import editing
from content import town
from content.errors import N_, Invalid
from content.holidays import verbs
from content.holidays.computed import FIRST_YEAR, LAST_YEAR, Holiday, holidays
from content.holidays.queries import Year, check_year, of_year

LOOK = access.staff(Permission.WRITE_CONTENT, Permission.PUBLISH_CONTENT)
ENTER = access.staff(Permission.PUBLISH_CONTENT)

DAY = HolidayDraftSchema()
MOST = 60

LABELS = {
    "date": lazy_gettext("Day"),
    "name": lazy_gettext("Name of the day off"),
    "name.vi": lazy_gettext("Name of the day off"),
    "confirmed": lazy_gettext("It is decided"),
}

Change = Callable[[list[Holiday]], Sequence[Holiday]]


@console.get("/holidays", endpoint="holidays")
@LOOK
def this_year() -> ResponseReturnValue:
    """The days off of the present year."""
    year = current.now().astimezone(town.TIME).year
    return redirect(url_for("console.holidays_year", year=year))


@console.get("/holidays/<int:year>", endpoint="holidays_year")
@LOOK
def one(year: int) -> ResponseReturnValue:
    """The days off of a year."""
    return _page(_known(year), Form({"confirmed": "yes"}))


def _known(year: int) -> Year:
    check_year(year)
    return of_year(session, year)


def _page(known: Year, form: Form) -> ResponseReturnValue:
    law, listed = holidays(known.year), {day.date for day in known.days}
    page = render_template(
        "console/holidays/year.html",
        year=known,
        form=form,
        labels=LABELS,
        missing=[day for day in law if day.date not in listed],
        of_law={day.date for day in law},
        before=known.year - 1 if known.year > FIRST_YEAR else None,
        after=known.year + 1 if known.year < LAST_YEAR else None,
        names=people.names(session, {known.changed_by} if known.changed_by else set()),
        today=current.now().astimezone(town.TIME).date(),
        in_words=lambda day: day_in_words(day, weekday=True),
        lunar_in_words=lunar_in_words,
    )
    return page, 200 if form else 422


@console.post("/holidays/<int:year>/add", endpoint="holidays_add")
@ENTER
def add(year: int) -> ResponseReturnValue:
    """Add a day off."""
    form = Form.sent()

    def added(days: list[Holiday]) -> list[Holiday]:
        said = {"date": form.plain("date"), "name": form.localized("name")}
        if not said["date"]:
            raise Invalid({"date": [N_("This is needed.")]})
        made: Holiday = DAY.load(said | {"confirmed": form["confirmed"] == "yes"})
        if made.date.year != year:
            raise Invalid({"date": [N_("%(day)s is not in this year.")]}, day=_shown(made.date))
        if any(day.date == made.date for day in days):
            raise Invalid({"date": [N_("%(day)s is listed already.")]}, day=_shown(made.date))
        if len(days) >= MOST:
            raise Invalid({"date": [N_("A year has too many days off.")]})
        return [*days, made]

    if _entered(year, form, added):
        flash(_("Added. Opening hours and the public list know it now."))
        return redirect(url_for("console.holidays_year", year=year))
    return _page(_known(year), form)


@console.post("/holidays/<int:year>/<day>/<act>", endpoint="holidays_act")
@ENTER
def act(year: int, day: str, act: str) -> ResponseReturnValue:
    """Take a day away, put one of law back, or say whether it is decided."""
    form, wanted = Form.sent(), _day(day)

    def changed(days: list[Holiday]) -> list[Holiday]:
        if act == "remove":
            return [one for one in days if one.date != wanted]
        if act == "restore":
            others = [one for one in days if one.date != wanted]
            return [*others, *(one for one in holidays(year) if one.date == wanted)]
        if act not in ("decided", "open"):
            raise Invalid({"": [N_("Choose one of these.")]})
        sure = act == "decided"
        return [replace(one, confirmed=sure) if one.date == wanted else one for one in days]

    if wanted and _entered(year, form, changed):
        flash(
            {
                "remove": _("Taken away. If it is a day of law, you can put it back below."),
                "restore": _("Put back as law has it."),
            }.get(act, _("Saved."))
        )
    form.flash_errors()
    return redirect(url_for("console.holidays_year", year=year))


@console.post("/holidays/<int:year>/law", endpoint="holidays_law")
@ENTER
def law(year: int) -> ResponseReturnValue:
    """Begin anew with the days of law."""
    form = Form.sent()
    if _entered(year, form, lambda _days: holidays(year)):
        flash(_("The days are those of law again."))
    form.flash_errors()
    return redirect(url_for("console.holidays_year", year=year))


def _entered(year: int, form: Form, change: Change) -> bool:
    with form.trying():
        days = change(list(_known(year).days))
        revision = form.number("revision") or 0
        verbs.enter(session, year, days, editing(), revision=revision)
        session.commit()
    return bool(form)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _shown(day: date) -> str:
    return f"{day:%d/%m/%Y}"
