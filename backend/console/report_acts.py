"""What officers do on their desk, to one report or to many."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from sqlalchemy.orm import Session

from backend import current
from backend.accounts import access, employees
from backend.accounts.roles import Permission
from backend.console.forms import Form
from backend.console.layout import console
from backend.console.reports import FILTERS, show
from backend.database import session
from backend.feedback import acts, bulk, handling, merging, publicity
from backend.feedback.models import Report
from backend.feedback.photos import add_photo
from backend.feedback.reading import report_of_code
from backend.feedback.routes import filing_of, storage
from backend.feedback.staff_routes import reach, within_reach
from backend.feedback.workflow import State, Who
from content.errors import N_, DomainError, Invalid, NotFound

WORKS = access.staff(Permission.WORK_ON_REPORTS)


def _me() -> uuid.UUID:
    return employees.required().id


def _ids(form: Form, name: str) -> list[uuid.UUID]:
    try:
        return [uuid.UUID(value) for value in form.every(name)]
    except ValueError:
        raise Invalid({name: [N_("Choose one of these.")]}) from None


def _take(report: Report, _form: Form) -> None:
    handling.assign(
        session, report.id, office=report.office, person=_me(), staff_id=_me(), now=current.now()
    )


def _assign(report: Report, form: Form) -> None:
    handling.assign(
        session,
        report.id,
        office=form["office"] or None,
        person=next(iter(_ids(form, "person")), None),
        staff_id=_me(),
        now=current.now(),
    )


def _move(report: Report, form: Form) -> None:
    handling.move(
        session,
        report.id,
        State(form.chosen("to", set(State))),
        by=Who.OFFICER,
        staff_id=_me(),
        reason=form.text("reason", most=1000),
        public_note=form.localized("note") or None,
        version=form.number("version"),
        now=current.now(),
    )


def _note(report: Report, form: Form) -> None:
    text = form.text("text", most=4000, required=True)
    handling.note(session, report.id, text, staff_id=_me(), now=current.now())


def _reply(report: Report, form: Form) -> None:
    text = _words(form)
    files = [file.read() for file in request.files.getlist("photos") if file.filename]
    with storage().writing() as writing:
        photos = [
            add_photo(session, writing, report, data, current.now(), Who.OFFICER)[0].id
            for data in files
        ]
        acts.reply(session, report.id, text, photos=photos, staff_id=_me(), now=current.now())
        session.commit()


def _ask(report: Report, form: Form) -> None:
    acts.ask(session, report.id, _words(form), staff_id=_me(), now=current.now())


def _words(form: Form) -> dict[str, str]:
    text = form.localized("text")
    if not text.get("vi"):
        raise Invalid({"text": [N_("The Vietnamese text (vi) is needed.")]})
    return text


def _recategorise(report: Report, form: Form) -> None:
    acts.recategorise(
        session,
        report.id,
        form["category"],
        reason=form.text("reason", most=1000),
        staff_id=_me(),
        now=current.now(),
    )


def _merge(report: Report, form: Form) -> None:
    try:
        into = report_of_code(session, form.text("code", most=40, required=True))
    except NotFound as error:
        raise Invalid({"code": [error.message]}) from None
    merging.merge(
        session,
        report.id,
        into.id,
        reason=form.text("reason", most=1000),
        staff_id=_me(),
        secret=current.settings().secret_key,
        now=current.now(),
    )


def _split(report: Report, form: Form) -> None:
    description = form.text("description", most=4000, required=True)
    body = {"category": form["category"], "description": description, "anonymous": False}
    with storage().writing() as writing:
        merging.split(
            session,
            report.id,
            filing_of(body),
            photos=_ids(form, "photos"),
            files=writing,
            staff_id=_me(),
            now=current.now(),
            town_time=current.settings().timezone,
        )
        session.commit()


def _approve(report: Report, form: Form) -> None:
    publicity.approve(
        session,
        handling.hold(session, report.id, current.now()),
        description=form.text("description", most=4000) or None,
        photos=_ids(form, "photos"),
        staff_id=_me(),
        now=current.now(),
    )


def _hide(report: Report, form: Form) -> None:
    publicity.hide(
        session,
        handling.hold(session, report.id, current.now()),
        form.text("reason", most=1000, required=True),
        staff_id=_me(),
        now=current.now(),
    )


ACTS: dict[str, tuple[Callable[[Report, Form], None], object]] = {
    "take": (_take, lazy_gettext("You work on it now.")),
    "assign": (_assign, lazy_gettext("Passed on.")),
    "move": (_move, lazy_gettext("The state is changed, and the reporter is told.")),
    "note": (_note, lazy_gettext("Noted.")),
    "reply": (_reply, lazy_gettext("The reply is with the reporter.")),
    "question": (_ask, lazy_gettext("Asked. The clock stands until the answer.")),
    "recategorise": (_recategorise, lazy_gettext("The category is changed.")),
    "merge": (_merge, lazy_gettext("Joined with the other report; its followers are told.")),
    "split": (_split, lazy_gettext("The part is a report of its own now.")),
    "approve": (_approve, lazy_gettext("The public sees it like this now.")),
    "hide": (_hide, lazy_gettext("The public sees it no more.")),
}


@console.post("/reports/<uuid:report_id>/<act>", endpoint="reports_act")
@WORKS
def act(report_id: uuid.UUID, act: str) -> ResponseReturnValue:
    """Do one of ACTS to a report, and show it again where it was."""
    if act not in ACTS:
        raise NotFound(N_("There is nothing named %(name)s here."), name=act)
    do, said = ACTS[act]
    report, form = within_reach(report_id), Form.sent()
    with form.trying():
        do(report, form)
        session.commit()
        flash(str(said))
        return redirect(back_to(report_id, form))
    return show(report_id, form)


def back_to(report_id: uuid.UUID, form: Form) -> str:
    """The desk with the report open where that was, else the report by itself."""
    if not form["back"]:
        return url_for("console.reports_one", report_id=report_id)
    return f"{_desk(form)}&id={report_id}"


def _desk(form: Form) -> str:
    kept = dict(parse_qsl(str(form["back"])))
    query = {name: kept[name] for name in FILTERS if kept.get(name)}
    return f"{url_for('console.reports')}?{urlencode({'view': 'waiting', **query})}"


@console.post("/reports/bulk", endpoint="reports_bulk")
@WORKS
def many() -> ResponseReturnValue:
    """Do one act to all reports that are ticked."""
    form = Form.sent()
    with form.trying():
        ids = _ids(form, "reports")[: bulk.MOST]
        if not ids:
            raise Invalid({"reports": [N_("Tick the reports first.")]})
        name = form.chosen("act", BULK)
        outcome = bulk.apply(session, BULK[name](form), ids, reach(), name=name, now=current.now())
        _tell(outcome)
        if outcome.done:
            flash(_("“Take back my last act on many” below the list undoes it."))
    form.flash_errors()
    return redirect(_desk(form))


@console.post("/reports/bulk/undo", endpoint="reports_undo")
@WORKS
def undo() -> ResponseReturnValue:
    """Take back one's last act on many reports."""
    form = Form.sent()
    try:
        _tell(bulk.undo(session, reach(), current.now()))
    except NotFound as error:
        flash(_(error.message), "error")
    return redirect(_desk(form))


def _tell(outcome: bulk.Outcome) -> None:
    count = len(outcome.done)
    flash(ngettext("Done to one report.", "Done to %(num)s reports.", count))
    for message in dict.fromkeys(_reason(error) for _id, error in outcome.failed):
        flash(message, "error")


def _reason(error: DomainError) -> str:
    if isinstance(error, Invalid):
        messages = [message for each in error.errors.values() for message in each]
        return " ".join(_(message, **error.values) for message in messages)
    return _(error.message, **error.values)


def _moving(to: State) -> Callable[[Form], bulk.Act]:
    def make(form: Form) -> bulk.Act:
        reason, staff_id, now = form.text("reason", most=1000), _me(), current.now()

        def move(session: Session, report_id: uuid.UUID) -> Report:
            return handling.move(
                session, report_id, to, by=Who.OFFICER, staff_id=staff_id, reason=reason, now=now
            )

        return move

    return make


def _assigning(form: Form) -> bulk.Act:
    office, staff_id, now = form["office"] or None, _me(), current.now()

    def assign(session: Session, report_id: uuid.UUID) -> Report:
        person = None if office else staff_id
        return handling.assign(
            session, report_id, office=office, person=person, staff_id=staff_id, now=now
        )

    return assign


BULK: dict[str, Callable[[Form], bulk.Act]] = {
    "verify": _moving(State.VERIFIED),
    "assign": _assigning,
    "start": _moving(State.IN_PROGRESS),
    "resolve": _moving(State.RESOLVED),
    "reject": _moving(State.REJECTED),
}
