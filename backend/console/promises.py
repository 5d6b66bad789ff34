"""How soon reports are answered: office hours, and what is promised for each category."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from backend.accounts import access
from backend.accounts.roles import Permission
from backend.console.forms import Form
from backend.console.layout import console
from backend.database import session
from backend.feedback import promises
from backend.feedback.clocks import WARNED_BEFORE
from backend.feedback.promise_schemas import OfficeHours, PromiseDraft
from backend.staff_content import editing

MANAGE = access.staff(Permission.MANAGE_OFFICES)
HOUR = timedelta(hours=1)
HOURS, DRAFT = OfficeHours(), PromiseDraft()


@console.get("/promises", endpoint="promises")
@MANAGE
def every_promise() -> ResponseReturnValue:
    """Office hours and the promises; `?category=` opens one to be changed."""
    return _page(Form({"hours": promises.office_hours(session)}), request.args.get("category"))


@console.post("/promises/hours", endpoint="promises_hours")
@MANAGE
def office_hours() -> ResponseReturnValue:
    """Enter other office hours; what was promised stays."""
    form = Form.sent()
    with form.trying():
        body = HOURS.load({"hours": form.plain("hours")})
        promises.enter_office_hours(session, body["hours"], editing())
        session.commit()
        flash(_("Saved. It holds for the reports to come."))
        return redirect(url_for("console.promises"))
    return _page(form, None)


@console.post("/promises/<category>", endpoint="promises_change")
@MANAGE
def change_promise(category: str) -> ResponseReturnValue:
    """Promise something of its own for a category, for the reports to come."""
    form = Form.sent()
    with form.trying():
        body = DRAFT.load(
            {
                "acknowledge_hours": form.decimal("acknowledge_hours"),
                "resolve_hours": form.decimal("resolve_hours"),
                "by_clock": form["by_clock"] == "yes",
            }
        )
        promises.enter_promise(session, category, body, editing())
        session.commit()
        flash(_("Saved. It holds for the reports to come."))
        return redirect(url_for("console.promises"))
    form.values["hours"] = promises.office_hours(session)
    return _page(form, category)


@console.post("/promises/<category>/default", endpoint="promises_default")
@MANAGE
def usual_promise(category: str) -> ResponseReturnValue:
    """Promise what is the default again."""
    promises.enter_promise(session, category, None, editing())
    session.commit()
    flash(_("Saved. It holds for the reports to come."))
    return redirect(url_for("console.promises"))


def _page(form: Form, opened: str | None) -> ResponseReturnValue:
    rows: list[dict[str, Any]] = [
        {
            "term": term,
            "acknowledge": promise.acknowledge / HOUR,
            "resolve": promise.resolve / HOUR,
            "by_clock": promise.by_clock,
            "own": term.promise is not None,
        }
        for term, promise in promises.every_promise(session)
    ]
    found = next((row for row in rows if row["term"].code == opened), None)
    if found and "resolve_hours" not in form.values:
        form.values["acknowledge_hours"] = f"{found['acknowledge']:g}"
        form.values["resolve_hours"] = f"{found['resolve']:g}"
        form.values["by_clock"] = "yes" if found["by_clock"] else ""
    answer = render_template(
        "console/reports/promises.html",
        rows=rows,
        opened=found,
        form=form,
        warned=WARNED_BEFORE,
    )
    return answer, 200 if form else 422
