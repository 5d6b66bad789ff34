"""Who works here, and what each of them may do."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_security import EmailValidateException, Security, hash_password
from sqlalchemy.orm import Session

from backend import current
from backend.accounts import access, employees, managing
from backend.accounts.models import StaffAccount
from backend.accounts.roles import Permission, Role
from backend.accounts.staff import tokens_of
from backend.console.forms import Form
from backend.console.layout import console
from backend.database import session
from backend.staff_content import editing
from content.errors import N_, Invalid, NotFound
from content.publishing import Edit

MANAGE = access.staff(Permission.MANAGE_STAFF)

TOKEN_DAYS = (30, 90, 365)


@console.get("/staff", endpoint="staff")
@MANAGE
def everybody() -> ResponseReturnValue:
    """All accounts."""
    return render_template("console/staff/list.html", accounts=managing.everybody(session))


@console.get("/staff/new", endpoint="staff_new")
@MANAGE
def new() -> ResponseReturnValue:
    """The form for somebody new."""
    return _new(Form())


def _new(form: Form) -> ResponseReturnValue:
    page = render_template("console/staff/new.html", form=form, roles=list(Role))
    return page, 200 if form else 422


@console.post("/staff/new", endpoint="staff_invite")
@MANAGE
def invite() -> ResponseReturnValue:
    """Make the account, and show its first password once."""
    form, password = Form.sent(), new_password()
    with form.trying():
        account = managing.invite(
            session,
            editing(),
            email=_email(form),
            name=form.text("name", most=100, required=True),
            roles=_roles(form),
            password_hash=hash_password(password),
        )
        session.commit()
        return _secret(account, password=password)
    return _new(form)


@console.get("/staff/<uuid:account_id>", endpoint="staff_one")
@MANAGE
def one(account_id: uuid.UUID) -> ResponseReturnValue:
    """One account and its tokens."""
    account = managing.find(session, account_id)
    values = [
        ("days", 90),
        ("name", account.name),
        *(("roles", role) for role in account.role_names),
    ]
    return _one(account, Form.of(values))


def _one(account: StaffAccount, form: Form) -> ResponseReturnValue:
    page = render_template(
        "console/staff/one.html",
        account=account,
        form=form,
        roles=list(Role),
        tokens=tokens_of(session, account)[::-1],
        days_of_choice=TOKEN_DAYS,
        now=current.now(),
        is_me=account.id == employees.required().id,
    )
    return page, 200 if form else 422


@console.post("/staff/<uuid:account_id>", endpoint="staff_change")
@MANAGE
def change(account_id: uuid.UUID) -> ResponseReturnValue:
    """Change name and roles."""
    account, form = managing.find(session, account_id), Form.sent()
    with form.trying():
        managing.change(
            session,
            account,
            editing(),
            name=form.text("name", most=100, required=True),
            roles=_roles(form),
        )
        session.commit()
        flash(_("Saved."))
        return redirect(url_for("console.staff_one", account_id=account_id))
    return _one(account, form)


ACTS: dict[str, tuple[Callable[[Session, StaffAccount, Edit], None], object]] = {
    "disable": (
        managing.disable,
        lazy_gettext("The account is disabled: no sign-in and no token lets it in."),
    ),
    "enable": (managing.enable, lazy_gettext("The account may sign in again.")),
    "reset-authenticator": (
        managing.reset_authenticator,
        lazy_gettext("The next sign-in sets up a new authenticator app."),
    ),
}
"""What is done to an account by a button, and the sentence that says so."""


@console.post("/staff/<uuid:account_id>/do/<act>", endpoint="staff_act")
@MANAGE
def act(account_id: uuid.UUID, act: str) -> ResponseReturnValue:
    """Disable, enable, or reset the authenticator app."""
    account = managing.find(session, account_id)
    if act not in ACTS:
        raise NotFound(N_("There is nothing named %(name)s here."), name=act)
    form = Form()
    with form.trying():
        does, said = ACTS[act]
        does(session, account, editing())
        session.commit()
        flash(str(said))
    form.flash_errors()
    return redirect(url_for("console.staff_one", account_id=account_id))


@console.post("/staff/<uuid:account_id>/password", endpoint="staff_password")
@MANAGE
def replace_password(account_id: uuid.UUID) -> ResponseReturnValue:
    """Set a new password, and show it once."""
    account, form = managing.find(session, account_id), Form()
    with form.trying():
        password = new_password()
        managing.set_password(session, account, editing(), hash_password(password))
        session.commit()
        return _secret(account, password=password)
    form.flash_errors()
    return redirect(url_for("console.staff_one", account_id=account_id))


@console.post("/staff/<uuid:account_id>/tokens", endpoint="staff_token")
@MANAGE
def issue_token(account_id: uuid.UUID) -> ResponseReturnValue:
    """Make a personal token, and show it once."""
    account, form = managing.find(session, account_id), Form.sent()
    with form.trying():
        days = int(form.chosen("days", [str(days) for days in TOKEN_DAYS]))
        token = managing.issue_token(
            session,
            account,
            editing(),
            name=form.text("token_name", most=100, required=True),
            lifetime=timedelta(days=days),
        )
        session.commit()
        return _secret(account, token=token)
    for name in ("name", "roles"):
        form.values.poplist(name)
    form.values.add("name", account.name)
    for role in account.role_names:
        form.values.add("roles", role)
    return _one(account, form)


@console.post("/staff/<uuid:account_id>/tokens/<uuid:token_id>/revoke", endpoint="staff_revoke")
@MANAGE
def revoke_token(account_id: uuid.UUID, token_id: uuid.UUID) -> ResponseReturnValue:
    """End a personal token."""
    account = managing.find(session, account_id)
    managing.revoke_token(session, account, token_id, editing())
    session.commit()
    flash(_("The token works no more."))
    return redirect(url_for("console.staff_one", account_id=account_id))


def _secret(account: StaffAccount, **secret: str) -> ResponseReturnValue:
    # In the answer itself: a flashed message would put it into a cookie.
    return render_template("console/staff/secret.html", account=account, **secret)


def new_password() -> str:
    """A password of 80 random bits that one can read to somebody: groups of letters, digits."""
    letters = "abcdefghijkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


def _email(form: Form) -> str:
    security: Security = current_app.extensions["security"]
    try:
        normal: str = security.mail_util.normalize(form.text("email", most=254, required=True))
    except EmailValidateException:
        raise Invalid({"email": [N_("This is not an e-mail address.")]}) from None
    return normal


def _roles(form: Form) -> set[Role]:
    sent: list[Any] = form.values.getlist("roles")
    if not set(sent) <= set(Role):
        raise Invalid({"roles": [N_("Choose one of these.")]})
    if not sent:
        raise Invalid({"roles": [N_("Choose at least one role.")]})
    return {Role(role) for role in sent}
