"""Other towns' systems: where reports go on to, and who may write to us by Open311."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from backend import current
from backend.accounts import access
from backend.accounts.roles import Permission
from backend.console.forms import Form
from backend.console.layout import console
from backend.console.reports import choices
from backend.database import session
from backend.feedback.models import Report
from backend.open311 import forwardings, keys
from backend.open311.models import ForwardedReport, Forwarding, Progress
from backend.open311.relaying import enqueue_sending
from backend.open311.schemas import ForwardingChange
from backend.open311.staff_routes import private
from backend.paging import page
from backend.staff_content import editing
from content.errors import N_, Invalid, NotFound

MANAGE = access.staff(Permission.FORWARD_REPORTS)
A_PAGE = 25
NEW, CHANGE = ForwardingChange(), ForwardingChange(partial=True)
TEXTS = ("label", "category", "office", "url", "jurisdiction", "form")
TICKS = ("own_words", "is_idempotent")


@console.get("/open311", endpoint="open311")
@MANAGE
def systems() -> ResponseReturnValue:
    """Where reports go on to, and the keys of other systems."""
    return _systems(Form({"may_update": "yes"}))


def _systems(form: Form) -> ResponseReturnValue:
    answer = render_template(
        "console/open311/list.html",
        forwardings=forwardings.every(session),
        keys=keys.every(session),
        form=form,
        **choices(),
    )
    return answer, 200 if form else 422


@console.post("/open311/keys", endpoint="open311_key")
@MANAGE
def add_key() -> ResponseReturnValue:
    """Make a key for another system; it is shown this once."""
    form = Form.sent()
    with form.trying():
        label = form.text("key_label", most=80, required=True)
        issued = keys.issue(
            session,
            label,
            office=form.optional("key_office"),
            may_update=form["may_update"] == "yes",
            edit=editing(),
        )
        session.commit()
        return render_template("console/open311/key.html", label=label, key=issued)
    return _systems(form)


@console.post("/open311/keys/<uuid:key_id>/revoke", endpoint="open311_revoke")
@MANAGE
def revoke_key(key_id: uuid.UUID) -> ResponseReturnValue:
    """End a key for good."""
    found = next((key for key in keys.every(session) if key.id == key_id), None)
    if found is None:
        raise NotFound(N_("There is no such key."))
    keys.revoke(session, found.label, editing())
    session.commit()
    flash(_("The key is no longer in force."))
    return redirect(url_for("console.open311"))


@console.get("/open311/forwardings/new", endpoint="open311_new")
@MANAGE
def new_forwarding() -> ResponseReturnValue:
    """An empty form."""
    return _one(None, Form({"form": "json"}))


@console.post("/open311/forwardings/new", endpoint="open311_add")
@MANAGE
def add_forwarding() -> ResponseReturnValue:
    """Forward what is confirmed from now on."""
    form = Form.sent()
    with form.trying():
        made = forwardings.add(session, NEW.load(_said(form)), editing(), private=private())
        session.commit()
        flash(_("Saved. Reports that are confirmed from now on go this way."))
        return redirect(url_for("console.open311_one", forwarding_id=made.id))
    return _one(None, form)


@console.get("/open311/forwardings/<uuid:forwarding_id>", endpoint="open311_one")
@MANAGE
def one_forwarding(forwarding_id: uuid.UUID) -> ResponseReturnValue:
    """One forwarding, and what went that way."""
    found = forwardings.one(session, forwarding_id)
    lines = "\n".join(f"{ours} = {theirs}" for ours, theirs in found.service_codes.items())
    values = {name: getattr(found, name) or "" for name in TEXTS}
    ticked = {name: "yes" for name in TICKS if getattr(found, name)}
    return _one(found, Form(values | ticked | {"service_codes": lines}))


@console.post("/open311/forwardings/<uuid:forwarding_id>", endpoint="open311_change")
@MANAGE
def change_forwarding(forwarding_id: uuid.UUID) -> ResponseReturnValue:
    """Change a forwarding; a key that is left empty stays."""
    found, form = forwardings.one(session, forwarding_id), Form.sent()
    with form.trying():
        forwardings.change(session, found, CHANGE.load(_said(form)), editing(), private=private())
        session.commit()
        flash(_("Saved."))
        return redirect(url_for("console.open311_one", forwarding_id=forwarding_id))
    return _one(forwardings.one(session, forwarding_id), form)


@console.post("/open311/forwardings/<uuid:forwarding_id>/<act>", endpoint="open311_act")
@MANAGE
def act_on_forwarding(forwarding_id: uuid.UUID, act: str) -> ResponseReturnValue:
    """Switch it on or off, or remove one by which no report went."""
    found, form = forwardings.one(session, forwarding_id), Form()
    if act not in ("on", "off", "remove"):
        raise NotFound(N_("There is nothing named %(name)s here."), name=act)
    with form.trying():
        if act == "remove":
            forwardings.remove(session, found, editing())
            said = _("Removed.")
        else:
            values = {"active": act == "on"}
            forwardings.change(session, found, values, editing(), private=private())
            said = _("Saved.")
        session.commit()
        flash(said)
        if act == "remove":
            return redirect(url_for("console.open311"))
    form.flash_errors()
    return redirect(url_for("console.open311_one", forwarding_id=forwarding_id))


@console.post(
    "/open311/forwardings/<uuid:forwarding_id>/reports/<uuid:forwarded_id>",
    endpoint="open311_resend",
)
@MANAGE
def send_again(forwarding_id: uuid.UUID, forwarded_id: uuid.UUID) -> ResponseReturnValue:
    """Send once more what was refused, or what nobody knows whether it arrived."""
    form, sent = Form(), forwardings.forwarded(session, forwarded_id)
    if sent.forwarding_id != forwarding_id:
        raise NotFound(N_("There is no such forwarded report."))
    with form.trying():
        forwardings.send_again(session, sent, editing())
        enqueue_sending(session, sent.id, current.now())
        session.commit()
        flash(_("It is sent again."))
    form.flash_errors()
    return redirect(url_for("console.open311_one", forwarding_id=forwarding_id))


def _said(form: Form) -> dict[str, Any]:
    body: dict[str, Any] = {name: form.plain(name) for name in TEXTS if form.plain(name)}
    body |= {name: None for name in ("category", "office", "jurisdiction") if name not in body}
    body |= {name: form[name] == "yes" for name in TICKS}
    body.setdefault("label", "")
    body.setdefault("url", "")
    body["service_codes"] = _codes(form)
    if form.plain("api_key"):
        body["api_key"] = form.plain("api_key")
    return body


def _codes(form: Form) -> dict[str, str]:
    """What the other server calls our categories: a line for each, such as `101 = TRASH`."""
    found = {}
    for line in form.lines("service_codes"):
        ours, sign, theirs = line.partition("=")
        if not sign or not ours.strip() or not theirs.strip():
            raise Invalid({"service_codes": [N_("Write one line for each, such as 101 = TRASH.")]})
        found[ours.strip()] = theirs.strip()
    return found


def _one(found: Forwarding | None, form: Form) -> ResponseReturnValue:
    went: dict[str, Any] = {"items": [], "next_cursor": None}
    if found is not None:
        asked = request.args.get("state", "")
        sent = select(ForwardedReport).where(ForwardedReport.forwarding_id == found.id)
        went = page(
            session,
            sent.where(ForwardedReport.state == asked) if asked in set(Progress) else sent,
            (ForwardedReport.created_at, ForwardedReport.id),
            limit=A_PAGE,
            cursor=request.args.get("cursor"),
            descending=True,
        )
    ids = [sent.report_id for sent in went["items"]]
    codes = session.execute(select(Report.id, Report.code).where(Report.id.in_(ids)))
    answer = render_template(
        "console/open311/one.html",
        forwarding=found,
        went=went["items"],
        next_cursor=went["next_cursor"],
        codes={row.id: row.code for row in codes},
        form=form,
        again=(Progress.REFUSED, Progress.UNSURE),
        **choices(),
    )
    return answer, 200 if form else 422
