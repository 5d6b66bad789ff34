"""What laboratories found in the water of the beaches."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from backend import current
from backend.accounts import access, people
from backend.accounts.roles import Permission
from backend.beaches.schemas import WaterSampleSchema
from backend.console.forms import Form, local_input
from backend.console.layout import console
from backend.database import session
from backend.languages import language
from backend.staff_content import editing
from content.beaches import queries, verbs
from content.beaches.models import Beach, WaterQuality
from content.errors import N_, Invalid
from content.publishing import find_visible
from content.text import in_language

KEEP = access.staff(Permission.SAMPLE_WATER)

SAMPLE = WaterSampleSchema()
LAST = 12

CLASSES = {
    WaterQuality.EXCELLENT: lazy_gettext("Excellent"),
    WaterQuality.GOOD: lazy_gettext("Good"),
    WaterQuality.SUFFICIENT: lazy_gettext("Sufficient"),
    WaterQuality.POOR: lazy_gettext("Poor"),
}
"""The best first, as in the directive."""

LABELS = {
    "beach": lazy_gettext("Beach"),
    "class": lazy_gettext("Class of the water"),
    "sampled_at": lazy_gettext("When the sample was taken"),
    "source": lazy_gettext("Laboratory, and the number of its report"),
}


@console.get("/water", endpoint="water")
@KEEP
def every() -> ResponseReturnValue:
    """The last samples of every beach."""
    found = [
        (beach, verbs.samples_of(session, beach, limit=LAST))
        for beach in queries.beaches(session, current.now())
    ]
    return render_template(
        "console/water/list.html",
        beaches=found,
        classes=CLASSES,
        names=people.names(session, {one.made_by for _beach, every in found for one in every}),
    )


@console.get("/water/new", endpoint="water_new")
@KEEP
def new() -> ResponseReturnValue:
    """The form of a result."""
    known = {"beach": request.args.get("beach", ""), "sampled_at": local_input(current.now())}
    return _form(Form(known))


@console.post("/water/new", endpoint="water_add")
@KEEP
def add() -> ResponseReturnValue:
    """Put a result on file."""
    form = Form.sent()
    with form.trying():
        if not form["beach"]:
            raise Invalid({"beach": [N_("Choose one of these.")]})
        sampled_at = form.moment("sampled_at")
        if sampled_at is None:
            raise Invalid({"sampled_at": [N_("Write a day and a time.")]})
        values: dict[str, Any] = SAMPLE.load(
            {
                "class": form.chosen("class", CLASSES),
                "sampled_at": sampled_at.isoformat(),
                "source": form.text("source", most=300, required=True),
            }
        )
        beach = find_visible(session, Beach, str(form["beach"]), current.now())
        verbs.sample(session, beach, editing(), **values)
        session.commit()
        flash(_("The result is on file. The public reads the newest one."))
        return redirect(url_for("console.water"))
    return _form(form)


def _form(form: Form) -> ResponseReturnValue:
    page = render_template(
        "console/water/new.html",
        form=form,
        labels=LABELS,
        classes=[(code.value, words) for code, words in CLASSES.items()],
        beaches=[
            (one.slug, in_language(one.name, language()))
            for one in queries.beaches(session, current.now())
        ],
    )
    return page, 200 if form else 422


@console.post("/water/<key>/<uuid:sample_id>/remove", endpoint="water_remove")
@KEEP
def remove(key: str, sample_id: uuid.UUID) -> ResponseReturnValue:
    """Take a result that was entered wrongly off the file."""
    beach = find_visible(session, Beach, key, current.now())
    verbs.remove_sample(session, beach, sample_id, editing())
    session.commit()
    flash(_("Removed. The result before it counts again."))
    return redirect(url_for("console.water"))
