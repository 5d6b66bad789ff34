"""Painting over faces and number plates on a photo, before anybody else sees it."""

from __future__ import annotations

import uuid
from typing import Any

import orjson
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from backend import current
from backend.accounts import access, employees
from backend.accounts.roles import Permission
from backend.console.forms import Form
from backend.console.layout import console
from backend.console.report_acts import back_to
from backend.database import session
from backend.feedback.images import Box
from backend.feedback.photo_schemas import Covering
from backend.feedback.photos import cover, photo_of, uncover
from backend.feedback.presenting import STAFF_URL
from backend.feedback.routes import storage
from backend.feedback.staff_routes import within_reach

COVERS = access.staff(Permission.SEE_ORIGINALS)
COVERING = Covering()


@console.get("/reports/<uuid:report_id>/photos/<uuid:photo_id>", endpoint="reports_photo")
@COVERS
def photo(report_id: uuid.UUID, photo_id: uuid.UUID) -> ResponseReturnValue:
    """The original, to draw on what nobody else shall see."""
    kept = photo_of(session, report_id, photo_id).covers or []
    boxes = [("boxes", orjson.dumps(box).decode()) for box in kept]
    return _page(report_id, photo_id, Form.of([*boxes, ("back", request.args.get("back", ""))]))


@console.post("/reports/<uuid:report_id>/photos/<uuid:photo_id>", endpoint="reports_cover")
@COVERS
def paint(report_id: uuid.UUID, photo_id: uuid.UUID) -> ResponseReturnValue:
    """Paint over what was drawn; each time all of it, from the original."""
    within_reach(report_id)
    form = Form.sent()
    with form.trying():
        boxes = COVERING.load({"boxes": _boxes(form)})["boxes"]
        with storage().writing() as writing:
            cover(
                session,
                writing,
                photo_of(session, report_id, photo_id),
                [Box(**box) for box in boxes],
                staff_id=employees.required().id,
                now=current.now(),
            )
            session.commit()
        flash(_("Painted over. The public is shown this copy alone, once you show the photo."))
        return redirect(back_to(report_id, form))
    return _page(report_id, photo_id, form)


@console.post(
    "/reports/<uuid:report_id>/photos/<uuid:photo_id>/uncover", endpoint="reports_uncover"
)
@COVERS
def take_back(report_id: uuid.UUID, photo_id: uuid.UUID) -> ResponseReturnValue:
    """Take back what is painted over; the photo is for nobody until it is shown again."""
    within_reach(report_id)
    form = Form.sent()
    with form.trying():
        found = photo_of(session, report_id, photo_id)
        uncover(session, found, staff_id=employees.required().id, now=current.now())
        session.commit()
        flash(_("Nothing is painted over any more. The public does not see this photo."))
    form.flash_errors()
    return redirect(url_for("console.reports_photo", report_id=report_id, photo_id=photo_id))


def _boxes(form: Form) -> list[Any]:
    """What was drawn, and what was written as numbers."""
    written = form.rows("box")
    numbers = [
        {side: form.number(f"box.{number}.{side}") for side in row}
        for number, row in enumerate(written)
    ]
    return [*form.objects("boxes"), *numbers]


def _page(report_id: uuid.UUID, photo_id: uuid.UUID, form: Form) -> ResponseReturnValue:
    report = within_reach(report_id)
    found = photo_of(session, report_id, photo_id)
    page = render_template(
        "console/reports/photo.html",
        report=report,
        photo=found,
        source=f"{STAFF_URL}/{report_id}/photos/{photo_id}?version=original",
        form=form,
    )
    return page, 200 if form else 422
