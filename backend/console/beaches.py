"""The state of the beaches, as people on duty post it: beach, flag, done."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from backend import current
from backend.accounts import access, employees
from backend.accounts.roles import Permission
from backend.alerts.publishing import issuer
from backend.console import words
from backend.console.forms import Form
from backend.console.layout import console
from backend.database import session
from backend.staff_content import editing
from content.beaches import queries, verbs
from content.beaches.models import Beach, Flag, Observation
from content.errors import N_, NotFound
from content.publishing import find_visible
from content.store import Localized

EVERYWHERE = "all"
"""In the place of a beach's address: every beach of the town."""

FLAGS = (
    Flag.RED_OVER_YELLOW,
    Flag.YELLOW,
    Flag.RED,
    Flag.RED_OVER_RED,
    Flag.PURPLE,
    Flag.QUARTERED,
    words.NO_FLAG,
)
"""In the order of the page: those that fly most often come first."""

HOURS = (1, 3, 6, 12)

REASONS: dict[str, Localized] = {
    "rough": {"vi": "Biển động, sóng lớn", "en": "Rough sea, high waves"},
    "storm": {"vi": "Bão", "en": "Storm"},
    "currents": {"vi": "Dòng chảy xa bờ", "en": "Rip currents"},
    "pollution": {"vi": "Nước bị ô nhiễm", "en": "Polluted water"},
    "jellyfish": {"vi": "Có nhiều sứa", "en": "Jellyfish"},
}
"""Why swimming is banned, in words that need no typing; the public reads both languages."""


def for_duty(person: employees.Staff) -> Sequence[queries.Status]:
    """What is known of every beach, for one who posts it; nothing for others."""
    return known() if person.may(Permission.OBSERVE_BEACH) else ()


def known() -> Sequence[queries.Status]:
    """What is known of every beach now."""
    now = current.now()
    return queries.statuses(session, queries.beaches(session, now), now)


@console.app_template_global()
def withdrawable(beach: Beach) -> Observation | None:
    """The last observation of *beach*, if whoever looks posted it and may still take it back."""
    latest = queries.latest_observations(session, [beach.id]).get(beach.id)
    is_own = latest is not None and latest.made_by == str(employees.required().id)
    if latest is None or not is_own:
        return None
    return latest if current.now() - latest.created_at <= verbs.WITHDRAWN_WITHIN else None


def _beach(key: str) -> Beach:
    return find_visible(session, Beach, key, current.now())


def _beach_or_all(key: str) -> Beach | None:
    return None if key == EVERYWHERE else _beach(key)


def _flag(code: str) -> Flag | None:
    if code not in FLAGS:
        raise NotFound(N_("There is nothing named %(name)s here."), name=code)
    return None if code == words.NO_FLAG else Flag(code)


@console.get("/beaches", endpoint="beaches")
@access.staff()
def overview() -> ResponseReturnValue:
    """Every beach, what is known of it, and how old that is."""
    return render_template("console/beaches/overview.html", statuses=known())


@console.get("/beaches/<key>/flag", endpoint="beaches_flag")
@access.staff(Permission.OBSERVE_BEACH)
def choose_flag(key: str) -> ResponseReturnValue:
    """Which flag flies."""
    status = queries.status(session, _beach(key), current.now())
    return render_template("console/beaches/flag.html", status=status, flags=FLAGS)


@console.get("/beaches/<key>/flag/<code>", endpoint="beaches_confirm")
@access.staff(Permission.OBSERVE_BEACH)
def confirm(key: str, code: str) -> ResponseReturnValue:
    """The last look before it is posted."""
    _flag(code)
    return _confirm(_beach(key), code, Form({"hours": 3}))


def _confirm(beach: Beach, code: str, form: Form) -> ResponseReturnValue:
    page = render_template(
        "console/beaches/confirm.html", beach=beach, code=code, form=form, hours_of_choice=HOURS
    )
    return page, 200 if form else 422


@console.post("/beaches/<key>/flag/<code>", endpoint="beaches_post")
@access.staff(Permission.OBSERVE_BEACH)
def post(key: str, code: str) -> ResponseReturnValue:
    """Put it on file; people see it at once."""
    beach, flag, form = _beach(key), _flag(code), Form.sent()
    with form.trying():
        hours = int(form.chosen("hours", [str(hours) for hours in HOURS]))
        verbs.observe(
            session,
            beach,
            editing(),
            flag=flag,
            valid_until=current.now() + timedelta(hours=hours),
            lifeguards_on_duty=form.chosen("on_duty", ("yes", "no")) == "yes",
            note=form.text("note", most=500),
        )
        session.commit()
    if not form:
        return _confirm(beach, code, form)
    return redirect(url_for("console.beaches", posted=beach.slug))


@console.post("/beaches/<key>/withdraw/<uuid:observation_id>", endpoint="beaches_withdraw")
@access.staff(Permission.OBSERVE_BEACH)
def withdraw(key: str, observation_id: uuid.UUID) -> ResponseReturnValue:
    """Take a slip of the finger back."""
    form = Form()
    with form.trying():
        verbs.withdraw(session, _beach(key), observation_id, editing())
        session.commit()
        flash(_("Taken back. What was known before holds again."))
    form.flash_errors()
    return redirect(url_for("console.beaches"))


@console.get("/beaches/<key>/ban", endpoint="beaches_ban")
@access.staff(Permission.BAN_SWIMMING)
def ask_ban(key: str) -> ResponseReturnValue:
    """Why, and until when."""
    return _ban_form(_beach_or_all(key), Form({"reason": "rough", "ends": "open"}))


def _ban_form(beach: Beach | None, form: Form) -> ResponseReturnValue:
    page = render_template("console/beaches/ban.html", beach=beach, form=form, reasons=REASONS)
    return page, 200 if form else 422


@console.post("/beaches/<key>/ban", endpoint="beaches_ban_post")
@access.staff(Permission.BAN_SWIMMING)
def ban(key: str) -> ResponseReturnValue:
    """Ban swimming from now on."""
    beach, form = _beach_or_all(key), Form.sent()
    with form.trying():
        code = form.chosen("reason", [*REASONS, "other"])
        if code == "other":
            reason = {"vi": form.text("reason_vi", most=500, required=True)}
            if english := form.text("reason_en", most=500):
                reason["en"] = english
        else:
            reason = REASONS[code]
        ends_at = None
        if form.chosen("ends", ("open", "at")) == "at":
            ends_at = form.moment("ends_at")
            if ends_at is None:
                form.refuse("ends_at", _("Write a day and a time."))
        if form:
            verbs.ban(session, beach, editing(), issuer=issuer(), reason=reason, ends_at=ends_at)
            session.commit()
            flash(_("Swimming is banned. The public sees it now."))
    return redirect(url_for("console.beaches")) if form else _ban_form(beach, form)


@console.route("/beaches/<key>/lift", methods=["GET", "POST"], endpoint="beaches_lift")
@access.staff(Permission.BAN_SWIMMING)
def lift(key: str) -> ResponseReturnValue:
    """Ask, then lift the ban."""
    beach = _beach_or_all(key)
    if request.method == "GET":
        return render_template("console/beaches/lift.html", beach=beach)
    lifted = verbs.lift_bans(session, beach, editing(), issuer=issuer())
    session.commit()
    flash(_("The ban is lifted.") if lifted else _("There was no ban to lift."))
    return redirect(url_for("console.beaches"))
