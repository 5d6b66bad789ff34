"""Systems that are told of every change of a report: kept, watched, told again."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from backend import current
from backend.accounts import access
from backend.accounts.roles import Permission
from backend.console.acts import needed_moment
from backend.console.forms import Form
from backend.console.layout import console
from backend.database import session
from backend.paging import page
from backend.staff_content import editing
from backend.webhooks import managing
from backend.webhooks.models import KINDS, Progress, Webhook, WebhookDelivery
from backend.webhooks.routes import private
from backend.webhooks.schemas import WebhookChange
from backend.webhooks.signing import secret_of
from content.errors import N_, NotFound

MANAGE = access.staff(Permission.MANAGE_WEBHOOKS)
A_PAGE = 25
NEW, CHANGE = WebhookChange(), WebhookChange(partial=True)


@console.get("/webhooks", endpoint="webhooks")
@MANAGE
def every_webhook() -> ResponseReturnValue:
    """All webhooks, and the form for one more."""
    return _list(Form())


def _list(form: Form) -> ResponseReturnValue:
    every = managing.every(session)
    answer = render_template("console/webhooks/list.html", webhooks=every, kinds=KINDS, form=form)
    return answer, 200 if form else 422


@console.post("/webhooks", endpoint="webhooks_add")
@MANAGE
def add_webhook() -> ResponseReturnValue:
    """Tell a system from now on; its secret is shown this once."""
    form = Form.sent()
    with form.trying():
        webhook = managing.add(session, NEW.load(_said(form)), editing(), private=private())
        session.commit()
        secret = secret_of(webhook.id, current.settings().secret_key)
        return render_template("console/webhooks/secret.html", webhook=webhook, secret=secret)
    return _list(form)


@console.get("/webhooks/<uuid:webhook_id>", endpoint="webhooks_one")
@MANAGE
def one_webhook(webhook_id: uuid.UUID) -> ResponseReturnValue:
    """One webhook, and what it was told."""
    webhook = managing.one(session, webhook_id)
    named = [("events", each.removeprefix("report.")) for each in webhook.events]
    return _one(webhook, Form.of([("url", webhook.url), *named]))


def _one(webhook: Webhook, form: Form) -> ResponseReturnValue:
    asked = request.args.get("state", "")
    state = asked if asked in set(Progress) else None
    found = page(
        session,
        managing.deliveries(session, webhook, state),
        (WebhookDelivery.created_at, WebhookDelivery.id),
        limit=A_PAGE,
        cursor=request.args.get("cursor"),
        descending=True,
    )
    answer = render_template(
        "console/webhooks/one.html",
        webhook=webhook,
        deliveries=found["items"],
        next_cursor=found["next_cursor"],
        state=state,
        states=list(Progress),
        kinds=KINDS,
        form=form,
    )
    return answer, 200 if form else 422


@console.post("/webhooks/<uuid:webhook_id>", endpoint="webhooks_change")
@MANAGE
def change_webhook(webhook_id: uuid.UUID) -> ResponseReturnValue:
    """Change whom to tell of what."""
    webhook, form = managing.one(session, webhook_id), Form.sent()
    with form.trying():
        managing.change(session, webhook, CHANGE.load(_said(form)), editing(), private=private())
        session.commit()
        flash(_("Saved."))
        return redirect(url_for("console.webhooks_one", webhook_id=webhook_id))
    return _one(managing.one(session, webhook_id), form)


@console.post("/webhooks/<uuid:webhook_id>/<act>", endpoint="webhooks_act")
@MANAGE
def act_on_webhook(webhook_id: uuid.UUID, act: str) -> ResponseReturnValue:
    """Switch it on or off, tell again what happened since a moment, or remove it."""
    webhook, form = managing.one(session, webhook_id), Form.sent()
    with form.trying():
        if act in ("on", "off"):
            managing.change(session, webhook, {"active": act == "on"}, editing(), private=private())
            said = _("It is told from now on.") if act == "on" else _("It is told nothing more.")
        elif act == "remove":
            managing.remove(session, webhook, editing())
            said = _("Removed.")
        elif act != "replay":
            raise NotFound(N_("There is nothing named %(name)s here."), name=act)
        else:
            managing.replay(
                session, webhook, since=needed_moment(form, "since"), delivery_id=None,
                now=current.now(),
            )  # fmt: skip
            said = _("All of it is sent again, in its order.")
        session.commit()
        flash(said)
        if act == "remove":
            return redirect(url_for("console.webhooks"))
        return redirect(url_for("console.webhooks_one", webhook_id=webhook_id))
    return _one(managing.one(session, webhook_id), form)


@console.post(
    "/webhooks/<uuid:webhook_id>/deliveries/<uuid:delivery_id>", endpoint="webhooks_replay"
)
@MANAGE
def replay_delivery(webhook_id: uuid.UUID, delivery_id: uuid.UUID) -> ResponseReturnValue:
    """Send one delivery again, under its own id."""
    webhook, form = managing.one(session, webhook_id), Form()
    with form.trying():
        managing.replay(session, webhook, since=None, delivery_id=delivery_id, now=current.now())
        session.commit()
        flash(_("It is sent again."))
    form.flash_errors()
    return redirect(url_for("console.webhooks_one", webhook_id=webhook_id))


def _said(form: Form) -> dict[str, Any]:
    return {
        "url": form.plain("url"),
        "events": [f"report.{kind}" for kind in form.every("events")],
    }
