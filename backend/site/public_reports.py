"""What others have reported: a list, a map, and "me too"."""

from __future__ import annotations

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from backend import current
from backend.accounts import access
from backend.database import session
from backend.feedback import blocking, confirming, presenting, publicity
from backend.feedback.models import Report
from backend.feedback.reading import report_of_code
from backend.feedback.routes import delay, sender
from backend.feedback.workflow import CLOSED, PUBLIC_WORDS, states_named
from backend.headers import policy_of_console
from backend.languages import language
from backend.limits import caller, limiter
from backend.paging import page
from backend.site.layout import site
from content import town
from content.errors import Invalid
from content.vocabularies.models import Vocabulary
from content.vocabularies.queries import quarters, tree

A_PAGE = 20
SHOWN = ("category", "quarter", "status")


@site.get("/reports")
@access.public
def reports() -> Response:
    """The reports that everybody may see, as a list and on a map."""
    asked = {name: request.args[name] for name in SHOWN if request.args.get(name)}
    try:
        statuses = states_named(asked.get("status"))
    except Invalid:
        asked.pop("status")
        statuses = []
    wanted = publicity.Wanted(
        statuses=statuses, category=asked.get("category"), quarter=asked.get("quarter")
    )
    found = page(
        session,
        publicity.public_reports(session, wanted, now=current.now(), delay=delay()),
        (Report.confirmed_at, Report.id),
        limit=A_PAGE,
        cursor=request.args.get("cursor"),
        descending=True,
    )
    settings = current.settings()
    answer = make_response(
        render_template(
            "site/reports.html",
            items=presenting.public_list(session, found["items"], language()),
            next_cursor=found["next_cursor"],
            asked=asked,
            categories=tree(session, Vocabulary.REPORT),
            quarters=quarters(session),
            words=PUBLIC_WORDS,
            closed=CLOSED,
            centre=town.POINT,
            tiles=settings.map_tiles_url or "",
        )
    )
    # The pictures of the map come from another server, where there is one.
    answer.headers["Content-Security-Policy"] = policy_of_console(settings)
    return answer


@site.post("/reports/<code>/me-too")
@access.anyone
@limiter.limit("30 per hour", override_defaults=False)
def me_too(code: str) -> ResponseReturnValue:
    """Say that one sees it too."""
    settings, now = current.settings(), current.now()
    blocking.check(session, sender(), now, settings.timezone)
    report, _repeated = confirming.confirm(
        session,
        report_of_code(session, code).id,
        citizen_id=None,
        address=caller(),
        secret=settings.secret_key,
        now=now,
    )
    session.commit()
    return redirect(url_for("site.report_status", code=report.code, joined="yes"), 303)
