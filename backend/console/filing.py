"""Filing what somebody says at the counter or on the telephone."""

from __future__ import annotations

import uuid
from urllib.parse import quote

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from backend import current
from backend.accounts import access, employees
from backend.accounts.roles import Permission
from backend.console.forms import Form
from backend.console.layout import console
from backend.console.reports import choices
from backend.database import session
from backend.feedback.act_schemas import ReportForSomebody
from backend.feedback.filing import file_report
from backend.feedback.routes import filing_of
from backend.feedback.tokens import access_token
from backend.site.reports import body_of, key_of
from content import town
from content.errors import Invalid
from content.vocabularies.models import Term
from content.vocabularies.queries import report_category

WORKS = access.staff(Permission.WORK_ON_REPORTS)
SCHEMA = ReportForSomebody()


@console.get("/reports/new", endpoint="reports_new")
@WORKS
def new_report() -> ResponseReturnValue:
    """Choose what it is about, then write down the rest."""
    if code := request.args.get("category"):
        try:
            category = report_category(session, code)
        except Invalid:
            return redirect(url_for("console.reports_new"))
        return _page(category, Form({"key": str(uuid.uuid4()), "category": code}))
    return _page(None, Form())


@console.post("/reports/new", endpoint="reports_file")
@WORKS
def file_for_somebody() -> ResponseReturnValue:
    """Put it on file; the person is given the code and a link."""
    settings, form, category = current.settings(), Form.sent(), None
    with form.trying():
        category = report_category(session, form.plain("category"))
        body = body_of(request.form) | {"anonymous": form["anonymous"] == "yes"}
        report, _repeated = file_report(
            session,
            filing_of(SCHEMA.load(body)),
            now=current.now(),
            town_time=settings.timezone,
            source="staff",
            town_box=settings.town_box,
            key=key_of(form.plain("key")),
            staff_id=employees.required().id,
        )
        session.commit()
        token = quote(access_token(report.id, settings.secret_key))
        address = url_for("site.report_status", code=report.code)
        return render_template(
            "console/reports/filed.html",
            report=report,
            link=f"{settings.public_url}{address}#{token}",
        )
    return _page(category, form)


def _page(category: Term | None, form: Form) -> ResponseReturnValue:
    page = render_template(
        "console/reports/new.html",
        category=category,
        form=form,
        town_point=town.POINT,
        tiles=current.settings().map_tiles_url,
        **choices(),
    )
    return page, 200 if form else 422
