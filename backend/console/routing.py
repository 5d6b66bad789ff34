"""Which office gets a report: the rules in their order, and trying them; the offices."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from backend import current
from backend.accounts import access, managing
from backend.accounts.roles import Permission
from backend.console.forms import Form
from backend.console.layout import console
from backend.console.reports import choices
from backend.database import session
from backend.feedback import offices, routing
from backend.feedback.office_schemas import NewOffice, OfficeChange, RuleDraft
from backend.languages import language
from backend.staff_content import editing
from content.errors import N_, NotFound
from content.text import in_language
from content.vocabularies.queries import check_quarters, report_category

MANAGE = access.staff(Permission.MANAGE_OFFICES)
RULE, NEW, CHANGE = RuleDraft(), NewOffice(), OfficeChange()


@console.get("/routing", endpoint="routing")
@MANAGE
def rules() -> ResponseReturnValue:
    """The rules, the form for one more, and the form to try them."""
    return _rules(Form())


def _rules(form: Form, tried: dict[str, Any] | None = None) -> ResponseReturnValue:
    page = render_template(
        "console/reports/routing.html",
        rules=routing.every_rule(session),
        form=form,
        tried=tried,
        **choices(),
    )
    return page, 200 if form else 422


@console.post("/routing", endpoint="routing_add")
@MANAGE
def add_rule() -> ResponseReturnValue:
    """Add a rule behind all others."""
    form = Form.sent()
    with form.trying():
        names = ("category", "quarter", "hours", "office")
        body = RULE.load({name: form.plain(name) for name in names if form.plain(name)})
        routing.add_rule(session, body, editing())
        session.commit()
        flash(_("Saved."))
        return redirect(url_for("console.routing"))
    return _rules(form)


@console.post("/routing/try", endpoint="routing_try")
@MANAGE
def try_rules() -> ResponseReturnValue:
    """Which office would get such a report, and by which rule; nothing is filed."""
    form = Form.sent()
    with form.trying():
        category = report_category(session, form["try_category"])
        quarter = form.optional("try_quarter")
        if quarter:
            check_quarters(session, [quarter], "try_quarter")
        at = form.moment("try_at") or current.now()
        rule = routing.route(session, category=category, quarter=quarter, at=at)
        return _rules(form, {"rule": rule})
    return _rules(form)


@console.post("/routing/<uuid:rule_id>/<act>", endpoint="routing_act")
@MANAGE
def move_rule(rule_id: uuid.UUID, act: str) -> ResponseReturnValue:
    """Ask a rule earlier (up) or later (down), or remove it."""
    form = Form()
    with form.trying():
        if act == "remove":
            routing.drop_rule(session, rule_id, editing())
        elif act in ("up", "down"):
            routing.order_rules(session, _moved(rule_id, -1 if act == "up" else 1), editing())
        else:
            raise NotFound(N_("There is nothing named %(name)s here."), name=act)
        session.commit()
    form.flash_errors()
    return redirect(url_for("console.routing"))


def _moved(rule_id: uuid.UUID, step: int) -> list[uuid.UUID]:
    routing.rule_of_id(session, rule_id)
    ids = [rule.id for rule in routing.every_rule(session)]
    at = ids.index(rule_id)
    ids.insert(max(0, at + step), ids.pop(at))
    return ids


@console.get("/offices", endpoint="offices")
@MANAGE
def every_office() -> ResponseReturnValue:
    """The offices, and the form for one more."""
    return _offices(Form(), None)


@console.get("/offices/<code>", endpoint="offices_one")
@MANAGE
def one_office(code: str) -> ResponseReturnValue:
    """The offices, one of them open to be changed."""
    office = offices.office_of_code(session, code)
    members = offices.members(session).get(office.id, [])
    values = [
        ("email", office.email),
        ("phone", office.phone),
        *((f"name.{language}", words) for language, words in office.name.items()),
        *(("members", member) for member in members),
    ]
    return _offices(Form.of(values), code)


def _offices(form: Form, code: str | None) -> ResponseReturnValue:
    page = render_template(
        "console/reports/offices.html",
        every=[(one, in_language(one.name, language())) for one in offices.every_office(session)],
        members=offices.members(session),
        people=[(one.id, one.name) for one in managing.everybody(session) if one.active],
        form=form,
        code=code,
    )
    return page, 200 if form else 422


@console.post("/offices", endpoint="offices_add")
@MANAGE
def add_office() -> ResponseReturnValue:
    """Make an office."""
    form = Form.sent()
    with form.trying():
        body = NEW.load(_office(form) | {"code": form.plain("code")})
        offices.open_office(session, body, editing())
        session.commit()
        flash(_("Saved."))
        return redirect(url_for("console.offices"))
    return _offices(form, None)


@console.post("/offices/<code>", endpoint="offices_change")
@MANAGE
def change_office(code: str) -> ResponseReturnValue:
    """Change an office and who works in it."""
    form = Form.sent()
    with form.trying():
        offices.change_office(session, code, CHANGE.load(_office(form)), editing())
        session.commit()
        flash(_("Saved."))
        return redirect(url_for("console.offices"))
    return _offices(form, code)


@console.post("/offices/<code>/remove", endpoint="offices_remove")
@MANAGE
def remove_office(code: str) -> ResponseReturnValue:
    """Remove an office that has no open reports and that no rule names."""
    form = Form()
    with form.trying():
        offices.close_office(session, code, editing())
        session.commit()
        flash(_("Removed."))
    form.flash_errors()
    return redirect(url_for("console.offices"))


def _office(form: Form) -> dict[str, Any]:
    return {
        "name": form.localized("name"),
        "email": form.optional("email"),
        "phone": form.optional("phone"),
        "members": form.every("members"),
    }
