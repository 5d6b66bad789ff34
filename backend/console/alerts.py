"""Warnings: what is in force, warning people, saying what has changed, ending it.

Every act has two steps: writing, and a last look at what people get. The last look is the act
itself, taken back before anybody sees it, so that it shows exactly what is sent.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import select

from backend import current
from backend.accounts import access, people
from backend.accounts.roles import Permission
from backend.alerts.publishing import issuer, push
from backend.alerts.schemas import BY_STAFF, AlertDraftSchema, AlertUpdateSchema, cap_path
from backend.console.forms import Form, local_input
from backend.console.layout import console
from backend.console.vocabularies import quarter_names
from backend.database import session
from backend.languages import language, languages
from backend.paging import page
from backend.staff_content import editing
from content.alerts import verbs
from content.alerts.models import Alert, Certainty, Event, MessageType, Severity, Urgency
from content.alerts.words import WORDS
from content.errors import N_, Invalid
from content.text import in_language
from notifications import audience
from notifications.audience import Audience
from notifications.devices import SAFETY
from notifications.messages import Message

RAISE = access.staff(Permission.RAISE_ALERTS)

DRAFT, CHANGES = AlertDraftSchema(), AlertUpdateSchema()
A_PAGE = 20
STEPS = ("look", "send", "back")

TEXTS = ("headline", "description", "instruction")
MOMENTS = ("onset", "expires")

SEVERITIES = {
    Severity.EXTREME: lazy_gettext("Extreme: danger to life for many"),
    Severity.SEVERE: lazy_gettext("Severe: danger to life"),
    Severity.MODERATE: lazy_gettext("Moderate: possible danger"),
    Severity.MINOR: lazy_gettext("Minor: little danger"),
    Severity.UNKNOWN: lazy_gettext("Not known"),
}
URGENCIES = {
    Urgency.IMMEDIATE: lazy_gettext("Now: act at once"),
    Urgency.EXPECTED: lazy_gettext("Soon: within the hour"),
    Urgency.FUTURE: lazy_gettext("Later"),
    Urgency.UNKNOWN: lazy_gettext("Not known"),
}
CERTAINTIES = {
    Certainty.OBSERVED: lazy_gettext("Seen: it is happening"),
    Certainty.LIKELY: lazy_gettext("Likely"),
    Certainty.POSSIBLE: lazy_gettext("Possible"),
    Certainty.UNLIKELY: lazy_gettext("Unlikely"),
    Certainty.UNKNOWN: lazy_gettext("Not known"),
}
TYPES = {
    MessageType.ALERT: lazy_gettext("Warning"),
    MessageType.UPDATE: lazy_gettext("Update"),
    MessageType.CANCEL: lazy_gettext("End"),
}
LABELS = {
    "event": lazy_gettext("What is warned of"),
    "severity": lazy_gettext("How bad it may become"),
    "urgency": lazy_gettext("How soon people must act"),
    "certainty": lazy_gettext("How sure it is"),
    "headline": lazy_gettext("Headline"),
    "title": lazy_gettext("Headline"),
    "description": lazy_gettext("What is happening"),
    "instruction": lazy_gettext("What people shall do"),
    "quarters": lazy_gettext("Quarters: none ticked means the whole town"),
    "onset": lazy_gettext("Begins"),
    "expires": lazy_gettext("Ends"),
    "reason": lazy_gettext("Why it ends"),
}

Make = Callable[[Form], Alert]


@console.app_context_processor
def words_of_alerts() -> dict[str, Any]:
    """What the templates of this desk may call."""
    return {
        "event_words": lambda code: in_language(WORDS[Event(code)].name, language()),
        "severity_words": lambda code: str(SEVERITIES[Severity(code)]).partition(":")[0],
        "type_words": lambda code: TYPES[MessageType(code)],
        "alert_status": lambda: current.settings().cap_status,
        "cap_path": cap_path,
    }


@console.get("/alerts", endpoint="alerts")
@RAISE
def every() -> ResponseReturnValue:
    """What is in force, and all that was ever sent."""
    found = page(
        session,
        select(Alert),
        [Alert.sent, Alert.id],
        limit=A_PAGE,
        cursor=request.args.get("cursor"),
        descending=True,
    )
    now = current.now()
    in_force = verbs.alerts_in_force(session, now)
    return render_template(
        "console/alerts/list.html",
        in_force=in_force,
        found=found,
        names=people.names(session, {one.made_by for one in (*found["items"], *in_force)}),
        now=now,
    )


@console.route("/alerts/new", methods=["GET", "POST"], endpoint="alerts_new")
@RAISE
def new() -> ResponseReturnValue:
    """Write a warning, look at it, send it."""
    if request.method == "GET":
        usual = {
            "event": Event.STORM,
            "severity": Severity.SEVERE,
            "urgency": Urgency.EXPECTED,
            "certainty": Certainty.LIKELY,
        }
        more = {"notify": "yes", "key": str(uuid.uuid4())}
        return _write(None, Form({name: code.value for name, code in usual.items()} | more))
    return _stepped("write", None, _issued)


@console.route("/alerts/<uuid:alert_id>/update", methods=["GET", "POST"], endpoint="alerts_update")
@RAISE
def update(alert_id: uuid.UUID) -> ResponseReturnValue:
    """Say what has changed."""
    before = _changeable(alert_id)
    if request.method == "GET":
        return _write(before, Form.of(_fill(before)))
    return _stepped("write", before, lambda form: _renewed(before, form))


@console.route("/alerts/<uuid:alert_id>/cancel", methods=["GET", "POST"], endpoint="alerts_cancel")
@RAISE
def cancel(alert_id: uuid.UUID) -> ResponseReturnValue:
    """End a warning before its time."""
    before = _changeable(alert_id)
    if request.method == "GET":
        return _end(before, Form({"notify": "yes"}))
    return _stepped("end", before, lambda form: _cancelled(before, form))


def _changeable(alert_id: uuid.UUID) -> Alert:
    found = verbs.find_alert(session, alert_id)
    verbs.refuse_follower(found)
    return found


def _stepped(form_page: str, before: Alert | None, make: Make) -> ResponseReturnValue:
    """Go one step on: to the last look, to the sending, or back to the form."""
    form = Form.sent()
    step = str(form["step"]) if form["step"] in STEPS else "look"
    if step != "back":
        with form.trying():
            alert = make(form)
            message = _pushed(alert, form)
            if step == "send":
                session.commit()
                flash(_("Sent. The public reads it now."))
                return redirect(url_for("console.alerts"))
            return _look(alert, before, message, form)
    answer: Callable[[Any, Form], ResponseReturnValue] = _end if form_page == "end" else _write
    return answer(verbs.find_alert(session, before.id) if before else None, form)


def _pushed(alert: Alert, form: Form) -> Message | None:
    """The message to phones, unless this very alert was issued before."""
    return push(session, alert) if form["notify"] == "yes" else None


def _look(
    alert: Alert, before: Alert | None, message: Message | None, form: Form
) -> ResponseReturnValue:
    reached = 0
    if message:
        topics = () if message.emergency else (SAFETY,)
        reached = audience.count(session, Audience(quarters=alert.quarters), topics)
    answer = render_template(
        "console/alerts/look.html",
        alert=alert,
        before=before,
        message=message,
        reached=reached,
        form=form,
        kept=[
            (name, value)
            for name, value in form.values.items(multi=True)
            if name not in ("csrf_token", "step")
        ],
    )
    session.rollback()
    return answer


def _issued(form: Form) -> Alert:
    values = _values(form, DRAFT)
    try:
        key = uuid.UUID(str(form["key"]))
    except ValueError:
        raise Invalid({"": [N_("This cannot be read.")]}) from None
    notify = form["notify"] == "yes"
    return verbs.issue_once(session, issuer(), editing(), values, key=key, notify=notify)[0]


def _renewed(before: Alert, form: Form) -> Alert:
    return verbs.renew(session, before, _values(form, CHANGES), issuer(), editing())


def _cancelled(before: Alert, form: Form) -> Alert:
    reason = form.localized("reason")
    if reason and "vi" not in reason:
        raise Invalid({"reason.vi": [N_("The Vietnamese text (vi) is needed.")]})
    for code in languages():
        form.text(f"reason.{code}", most=500)
    return verbs.cancel(session, before, issuer(), editing(), reason=reason)


def _values(form: Form, schema: AlertUpdateSchema) -> dict[str, Any]:
    """What the form says. Raises Invalid and ValidationError."""
    said: dict[str, Any] = {
        "severity": form.chosen("severity", SEVERITIES),
        "urgency": form.chosen("urgency", URGENCIES),
        "certainty": form.chosen("certainty", CERTAINTIES),
        "quarters": form.every("quarters"),
    }
    if isinstance(schema, AlertDraftSchema):
        said["event"] = form.chosen("event", BY_STAFF)
    said |= {name: text for name in TEXTS if (text := form.localized(name))}
    for name in MOMENTS:
        if moment := form.moment(name):
            said[name] = moment.isoformat()
    values: dict[str, Any] = schema.load(said)
    values.pop("notify")
    # Left empty means empty, or the usual words of the event: also where it said something before.
    return {name: {} for name in TEXTS} | {"expires": None} | values


def _fill(alert: Alert) -> Iterator[tuple[str, Any]]:
    for name in TEXTS:
        for code in languages():
            yield f"{name}.{code}", getattr(alert, name).get(code, "")
    for name in ("event", "severity", "urgency", "certainty"):
        yield name, getattr(alert, name)
    for name in MOMENTS:
        yield name, local_input(getattr(alert, name))
    for quarter in alert.quarters:
        yield "quarters", quarter
    yield "notify", "yes"


def _write(before: Alert | None, form: Form) -> ResponseReturnValue:
    answer = render_template(
        "console/alerts/write.html",
        before=before,
        form=form,
        labels=LABELS,
        events=[(code.value, _event_words(code)) for code in BY_STAFF],
        severities=_pairs(SEVERITIES),
        urgencies=_pairs(URGENCIES),
        certainties=_pairs(CERTAINTIES),
        quarters=list(quarter_names().items()),
    )
    return answer, 200 if form else 422


def _end(before: Alert, form: Form) -> ResponseReturnValue:
    answer = render_template("console/alerts/end.html", before=before, form=form, labels=LABELS)
    return answer, 200 if form else 422


def _event_words(code: Event) -> str:
    """What a kind of warning is called among the others."""
    if code == Event.OTHER:
        return _("Something else")
    return in_language(WORDS[code].name, language())


def _pairs(words: dict[Any, Any]) -> list[tuple[str, object]]:
    return [(code.value, text) for code, text in words.items()]
