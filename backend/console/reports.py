"""The officer's desk: a list, a map and one report with its way, on one page."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select, true

from backend import current
from backend.accounts import access, employees, managing
from backend.accounts.models import StaffAccount
from backend.accounts.roles import PERMISSIONS, Permission, Role
from backend.console.forms import Form
from backend.console.layout import console
from backend.database import session
from backend.feedback import confirming, desk, presenting
from backend.feedback.models import Report
from backend.feedback.offices import every_office
from backend.feedback.reading import reports_for_staff
from backend.feedback.schemas import LONGEST_REASON
from backend.feedback.searching import narrowed
from backend.feedback.staff_routes import look_at_contact, reach, within_reach
from backend.feedback.statistics.finding import behind
from backend.feedback.statistics.naming import figures
from backend.feedback.workflow import CLOSED, MOVES, PUBLIC_WORDS
from backend.languages import language
from backend.paging import page
from content import town
from content.text import in_language
from content.vocabularies.models import Vocabulary
from content.vocabularies.queries import find_term, quarters, tree

READS = access.staff(Permission.READ_REPORTS)
A_PAGE = 30
BEHIND = ("figure", "from", "to", "season", "cell")
FILTERS = ("view", "category", "quarter", "office", "q", *BEHIND)
"""The latter come from a number of the statistics that leads to its reports."""


def asked() -> dict[str, str]:
    """What the list is narrowed by, as the address says."""
    given = {name: request.args.get(name, "").strip() for name in FILTERS}
    return {name: text for name, text in given.items() if text and "\0" not in text}


@console.get("/reports", endpoint="reports")
@READS
def board() -> ResponseReturnValue:
    """The list, the map, and beside them the report of `?id=`."""
    mine, now, wanted = reach(), current.now(), asked()
    chosen = wanted.get("view") if wanted.get("view") in desk.VIEWS else "waiting"
    figure = figures().get(wanted.get("figure", ""))
    fitting, finder = narrowed(
        reports_for_staff(session, mine, category=wanted.get("category")).where(
            behind(wanted, current.settings().timezone),
            true() if figure else desk.view(session, str(chosen), mine, now),
        ),
        wanted.get("q", "")[:200],
    )
    found = page(
        session,
        fitting,
        (Report.created_at, Report.id),
        limit=A_PAGE,
        cursor=request.args.get("cursor") or None,
        descending=True,
        finder=finder,
    )
    opened = _opened()
    return render_template(
        "console/reports/board.html",
        reports=presenting.list_for_staff(session, found["items"], language(), now),
        next_cursor=found["next_cursor"],
        view=chosen,
        views=desk.VIEWS,
        counts=desk.counts(session, mine, now),
        wanted=wanted,
        figure=figure,
        behind=BEHIND,
        params={"view": chosen} | wanted,
        filters=desk.filters_of(session, mine.staff_id),
        case=case_of(opened) if opened else None,
        town_point=town.POINT,
        tiles=current.settings().map_tiles_url,
        wide=True,
        works=employees.required().may(Permission.WORK_ON_REPORTS),
        **choices(),
    )


def _opened() -> Report | None:
    try:
        return within_reach(uuid.UUID(request.args.get("id", "")))
    except ValueError:
        return None


@console.get("/reports/<uuid:report_id>", endpoint="reports_one")
@READS
def one(report_id: uuid.UUID) -> ResponseReturnValue:
    """One report by itself: on a telephone, or opened from a message."""
    return show(report_id, Form())


@console.get("/reports/<uuid:report_id>/print", endpoint="reports_print")
@READS
def on_paper(report_id: uuid.UUID) -> ResponseReturnValue:
    """One report as it is printed, for the file."""
    case = case_of(within_reach(report_id))
    return render_template(
        "console/reports/print.html", case=case, printed=current.now(), **choices()
    )


@console.post("/reports/<uuid:report_id>/contact", endpoint="reports_contact")
@access.staff(Permission.READ_CONTACTS)
def contact(report_id: uuid.UUID) -> ResponseReturnValue:
    """Who reported, once; the look is on record, and the reporter can read of it."""
    report, form = within_reach(report_id), Form.sent()
    with form.trying():
        reason = form.text("contact_reason", most=LONGEST_REASON, required=True)
        found = look_at_contact(report_id, reason)
        return render_template("console/reports/contact.html", report=report, contact=found)
    return show(report_id, form)


def show(report_id: uuid.UUID, form: Form) -> ResponseReturnValue:
    """The page of a report, with a form that was refused."""
    shown = render_template(
        "console/reports/one.html",
        case=case_of(within_reach(report_id), form),
        back="",
        **choices(),
    )
    return shown, 200 if form else 422


def case_of(report: Report, form: Form | None = None) -> dict[str, Any]:
    """All that the page of *report* shows."""
    shown = presenting.for_staff(session, report, language(), current.now())
    words = desk.templates(session)
    return {
        "report": shown,
        "form": Form() if form is None else form,
        "closed": report.state in CLOSED,
        "needs_reason": {
            after: move.needs_reason
            for (before, after), move in MOVES.items()
            if before is report.state
        },
        "names": _names({event.staff_id for event in shown["history"]} | {report.assignee_id}),
        "templates": words,
        "fitting": desk.fitting(session, words, report.category),
        "me": employees.required().id,
        "works": employees.required().may(Permission.WORK_ON_REPORTS),
        "may_look": _may_look(shown),
        "questions": _questions(report.category),
        "similar": _similar(report),
        "people": _people(),
        "blocks": employees.required().may(Permission.BLOCK_SENDERS),
        "covers": employees.required().may(Permission.SEE_ORIGINALS),
    }


def _similar(report: Report) -> Sequence[confirming.Similar]:
    """Other open reports near an open one that may mean the same, within the caller's reach."""
    if report.lat is None or report.lng is None or report.state in CLOSED:
        return []
    found = confirming.similar(
        session,
        lat=report.lat,
        lng=report.lng,
        category=report.category,
        text=report.description,
        now=current.now(),
        delay=current.settings().public_reports_delay,
        reads_all=True,
    )
    mine = reach()
    return [each for each in found if each.report.id != report.id and mine.holds(each.report)]


def _questions(category: str) -> Mapping[str, str]:
    """What the questions of *category* are called, and what the answers to choose from, by code."""
    term = find_term(session, Vocabulary.REPORT, category)
    named = {}
    for question in term.attributes if term else ():
        named[question["code"]] = in_language(question["name"], language())
        for option in question.get("values") or ():
            key = f"{question['code']}.{option['key']}"
            named[key] = in_language(option["name"], language())
    return named


def _people() -> list[tuple[uuid.UUID, str]]:
    """Who may be given a report."""
    return [
        (one.id, one.name)
        for one in managing.everybody(session)
        if one.active
        and any(Permission.WORK_ON_REPORTS in PERMISSIONS[Role(role)] for role in one.role_names)
    ]


def _may_look(shown: Mapping[str, Any]) -> bool:
    caller = employees.required()
    sealed = shown["anonymous"] and caller.may(Permission.READ_SEALED_CONTACTS)
    return caller.may(Permission.READ_CONTACTS) and (shown["has_contact"] or bool(sealed))


def _names(ids: set[uuid.UUID | None]) -> Mapping[uuid.UUID, str]:
    rows = session.execute(
        select(StaffAccount.id, StaffAccount.name).where(StaffAccount.id.in_(ids - {None}))
    )
    return {row.id: row.name for row in rows}


def choices() -> dict[str, Any]:
    """What the selects of the desk offer."""
    return {
        "categories": tree(session, Vocabulary.REPORT),
        "quarters": [(q.code, in_language(q.name, language())) for q in quarters(session)],
        "offices": [(o.code, in_language(o.name, language())) for o in every_office(session)],
        "state_words": PUBLIC_WORDS,
    }


@console.post("/reports/filters", endpoint="reports_keep_filter")
@READS
def keep_filter() -> ResponseReturnValue:
    """Keep the present list under a name."""
    form, me = Form.sent(), employees.required().id
    kept = dict(parse_qsl(form["query"]))
    query = urlencode({name: kept[name] for name in FILTERS if kept.get(name)})
    with form.trying():
        desk.keep_filter(session, me, form.text("name", most=60, required=True), query)
        session.commit()
        flash(_("Saved."))
    form.flash_errors()
    return redirect(f"{url_for('console.reports')}?{query}")


@console.post("/reports/filters/<uuid:filter_id>/forget", endpoint="reports_forget_filter")
@READS
def forget_filter(filter_id: uuid.UUID) -> ResponseReturnValue:
    """Forget a list that was kept."""
    desk.forget_filter(session, employees.required().id, filter_id)
    session.commit()
    return redirect(url_for("console.reports"))
