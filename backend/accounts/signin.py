"""Signing in to the console with password and authenticator app: Flask-Security, set up."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import email_validator
from flask import Flask, request, session
from flask_babel import lazy_gettext
from flask_login import user_logged_out
from flask_security import (
    LoginForm,
    RoleMixin,
    Security,
    SQLAlchemySessionUserDatastore,
    Totp,
    user_authenticated,
)
from flask_wtf.csrf import CSRFProtect
from passlib.totp import TOTP, TotpMatch

from backend import database
from backend.accounts import staff
from backend.accounts.models import StaffAccount
from backend.limits import caller, limiter
from backend.settings import Settings
from content.store import Clock

TRANSLATIONS = Path(__file__).parent.parent / "translations"
SESSION_ENDS_AFTER_IDLE = timedelta(hours=12)
PASSWORD_LENGTH_MIN = 12

csrf = CSRFProtect()

# An address is a name to sign in with, nothing is sent there: @office.local is as good as any.
email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()

# Flask-Security has no Vietnamese catalogue: its sentences that we show are listed for ours.
SHOWN_SENTENCES = (
    lazy_gettext("Authentication failed - identity or password/passcode invalid"),
    lazy_gettext("Email not provided"),
    lazy_gettext("Invalid email address"),
    lazy_gettext("Invalid code"),
    lazy_gettext("Invalid password"),
    lazy_gettext("Value entered is not valid for the field"),
    lazy_gettext("Password not provided"),
    lazy_gettext("Passwords do not match"),
    lazy_gettext("Password must be at least %(length)s characters"),
    lazy_gettext("Your new password must be different than your previous password."),
    lazy_gettext("You successfully changed your password."),
    lazy_gettext("You must sign in to view this resource."),
    lazy_gettext("You currently do not have permissions to access this page"),
    lazy_gettext("Your code has been confirmed"),
)


class SignInForm(LoginForm):
    """E-mail and password; nobody is remembered beyond the session."""

    remember = None


class OneTimeCodes(Totp):
    """Codes of authenticator apps by the app's clock, each of them good only once."""

    def __init__(self, secrets: dict[str, str], issuer: str, *, clock: Clock) -> None:
        super().__init__(secrets, issuer)
        self._totp = TOTP.using(issuer=issuer, secrets=secrets, now=lambda: clock().timestamp())

    def get_last_counter(self, user: StaffAccount) -> int | None:  # type: ignore[override]
        return user.last_totp_counter

    def set_last_counter(self, user: StaffAccount, tmatch: TotpMatch) -> None:  # type: ignore[override]
        user.last_totp_counter = tmatch.counter


def init_app(app: Flask, settings: Settings, clock: Clock) -> None:
    """Let staff sign in to *app* by page; the pages themselves are in `backend/console`."""
    app.config.update(
        PERMANENT_SESSION_LIFETIME=SESSION_ENDS_AFTER_IDLE,
        WTF_CSRF_CHECK_DEFAULT=False,  # asked for where a cookie signs in, see `employees`
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
        SECURITY_CLI_USERS_NAME=None,
        SECURITY_CLI_ROLES_NAME=None,
        SECURITY_JOIN_USER_ROLES=False,
        SECURITY_FRESHNESS=timedelta(-1),
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_EMAIL_VALIDATOR_ARGS={"globally_deliverable": False},
        SECURITY_I18N_DOMAIN="messages",
        SECURITY_I18N_DIRNAME=[str(TRANSLATIONS)],
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 - the name of a hash
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_PASSWORD_SINGLE_HASH=["argon2"],
        SECURITY_PASSWORD_LENGTH_MIN=PASSWORD_LENGTH_MIN,
        SECURITY_CHANGEABLE=True,
        SECURITY_SEND_PASSWORD_CHANGE_EMAIL=False,
        SECURITY_TWO_FACTOR=True,
        SECURITY_TWO_FACTOR_REQUIRED=True,
        SECURITY_TWO_FACTOR_ENABLED_METHODS=["authenticator"],
        SECURITY_TWO_FACTOR_RESCUE_EMAIL=False,
        # One step of 30 s before and after, for clocks that differ.
        SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY=30,
        SECURITY_TOTP_ISSUER="Cửa Lò",
        SECURITY_TOTP_SECRETS={"1": settings.secret_key},
        SECURITY_LOGIN_USER_TEMPLATE="console/sign_in.html",
        SECURITY_LOGOUT_USER_TEMPLATE="console/sign_out.html",
        SECURITY_CHANGE_PASSWORD_TEMPLATE="console/password.html",  # noqa: S106
        SECURITY_TWO_FACTOR_SETUP_TEMPLATE="console/authenticator.html",
        SECURITY_TWO_FACTOR_VERIFY_CODE_TEMPLATE="console/code.html",
        SECURITY_POST_LOGIN_VIEW="console.home",
        SECURITY_POST_LOGOUT_VIEW="security.login",
        SECURITY_POST_CHANGE_VIEW="console.home",
        SECURITY_LOGOUT_CSRF=True,
    )
    csrf.init_app(app)
    security = Security(
        app,
        SQLAlchemySessionUserDatastore(database.sessions, StaffAccount, RoleMixin),
        register_blueprint=False,  # `backend/console` serves the few pages that are wanted
        login_form=SignInForm,
        totp_cls=partial(OneTimeCodes, clock=clock),  # type: ignore[arg-type] # called as a class
    )
    security.want_json(lambda _: False)
    # Flask-Security's own tokens, in any request's header, query or body, sign nobody in.
    security.login_manager.request_loader(lambda _: None)
    # Flask-Principal would read the session before every request, which makes public answers
    # vary by cookie; `access` decides who may do what.
    security.principal.identity_loaders.clear()
    user_authenticated.connect(_begin_session, app)
    user_logged_out.connect(_end_sessions, app)


def _begin_session(_: Flask, **__: Any) -> None:
    session.permanent = True


def _end_sessions(_: Flask, user: StaffAccount) -> None:
    # A signed cookie stays good until it expires, also on a computer that others use next.
    staff.end_sessions(user)
    database.session.commit()


def _account_tried() -> str:
    tried = request.form.get("email", "").strip().lower()
    return f"password:{tried or session.get('tf_user_id') or caller()}"


def limit_tries(view: Any) -> Any:
    """Let *view* be tried wrongly only so often, for one account and from one address."""
    limit = partial(
        limiter.limit,
        methods=["POST"],
        deduct_when=lambda response: response.status_code != 302,
    )
    by_account = limit("10 per 15 minutes; 50 per day", key_func=_account_tried)
    by_address = limit("30 per 15 minutes", key_func=lambda: f"sign-in:{caller()}")
    return by_account(by_address(view))
