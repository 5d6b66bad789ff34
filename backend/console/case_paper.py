"""One report with its way on paper: a PDF for the file."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Response
from flask_babel import gettext as _

from backend import current, papers
from backend.console import words
from backend.console.layout import console
from backend.console.reports import READS, case_of, choices
from backend.database import session
from backend.feedback.photos import photos_of
from backend.feedback.routes import storage
from backend.feedback.staff_routes import within_reach
from backend.feedback.workflow import PUBLIC_WORDS, State
from backend.languages import language
from content.errors import NotFound
from content.text import in_language


@console.get("/reports/<uuid:report_id>/case.pdf", endpoint="reports_case")
@READS
def case_file(report_id: uuid.UUID) -> Response:
    """One report as a PDF: what was filed, what is known, its photos, what happened."""
    report = within_reach(report_id)
    code = report.code
    answer = Response(drawn(case_of(report)), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{code}.pdf"'
    return answer


def drawn(case: Mapping[str, Any]) -> bytes:
    """The PDF of a *case*, which has nothing of who reported."""
    report = case["report"]
    title = _("Report %(code)s", code=report["code"])
    story = [
        papers.text(title, papers.TITLE),
        papers.text(_state(report["status"])),
        papers.gap(),
        papers.facts(_facts(case)),
        papers.text(_("What was reported"), papers.HEADING),
        papers.text(report["description"] or "–"),
    ]
    if photos := _photos(report["id"]):
        story += [papers.text(_("Photos"), papers.HEADING), papers.pictures(photos)]
    story.append(papers.text(_("What happened"), papers.HEADING))
    for event in report["history"]:
        story += [papers.text(_line(event, case["names"]), papers.HEAD_CELL)]
        for said in (event.text, in_language(event.public_note, language())):
            if said:
                story.append(papers.text(said, papers.CELL))
        story.append(papers.gap(4))
    return papers.pdf(title, story, made=_local(current.now()), language=language())


def _facts(case: Mapping[str, Any]) -> list[tuple[str, str]]:
    report, listed = case["report"], choices()
    place = report["place_text"] or _("on the map")
    if report["quarter"]:
        place += ", " + dict(listed["quarters"]).get(report["quarter"], report["quarter"])
    if report["location"]:
        place += f" ({report['location']['lat']:.5f}, {report['location']['lng']:.5f})"
    office = report["office_name"] or report["office"] or _("nobody yet")
    if report["assignee_id"] in case["names"]:
        office += f" · {case['names'][report['assignee_id']]}"
    pairs = [
        (_("Subject"), report["category"]["name"]),
        (_("Place"), place),
        (_("Filed"), f"{_moment(report['created_at'])} ({words.way(report['source'])})"),
        (_("Promised for"), _moment(report["expected_at"])),
        (_("Office"), office),
    ]
    if report["closed_at"]:
        pairs.append((_("Closed at"), _moment(report["closed_at"])))
    pairs += [(code, str(answer)) for code, answer in report["attributes"].items()]
    for given in report["ratings"]:
        if given.rating:
            comment = f": {given.comment}" if given.comment else ""
            pairs.append((_("Rated"), f"{given.rating}/5{comment}"))
    return pairs


def _photos(report_id: uuid.UUID) -> list[bytes]:
    files = []
    for photo in photos_of(session, report_id):
        try:
            files.append(storage().read(photo.thumbnail_name))
        except NotFound:
            continue  # a paper without a photo that is lost is better than none
    return files


def _line(event: Any, people: Mapping[Any, str]) -> str:
    parts = [_moment(event.at), _kinds().get(event.kind, event.kind)]
    if event.to_status:
        parts.append(_state(event.to_status))
    if event.staff_id:
        parts.append(people.get(event.staff_id, _("staff")))
    if event.internal:
        parts.append(_("internal"))
    return " · ".join(parts)


def _kinds() -> dict[str, str]:
    return {
        "filed": _("Was filed"),
        "moved": _("State changed"),
        "comment": _("The reporter writes"),
        "reply": _("Reply"),
        "question": _("Question to the reporter"),
        "note": _("Internal note"),
        "assigned": _("Passed on"),
        "recategorised": _("Category changed"),
        "merged": _("Joined"),
        "split": _("Split"),
        "rated": _("Rated"),
        "unrated": _("Closed without a rating"),
        "warning": _("The time runs out"),
        "late": _("The time has run out"),
        "approved": _("Shown to the public"),
        "hidden": _("Hidden from the public"),
    }


def _state(status: str) -> str:
    return str(_(PUBLIC_WORDS[State(status)]))


def _moment(at: datetime) -> str:
    return f"{_local(at):%H:%M, %d/%m/%Y}"


def _local(at: datetime) -> datetime:
    return at.astimezone(current.settings().timezone)
