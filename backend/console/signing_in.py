"""Signing in by password and authenticator app, and the own password."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import anonymous_user_required, views
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import Unauthorized

from backend.accounts import access
from backend.accounts.signin import limit_tries
from backend.console.layout import sign_in_first
from backend.site.layout import remember_language

# Named as Flask-Security expects, which links its own views by these endpoints. Of its many
# views only those exist that are listed here.
signing_in = Blueprint("security", __name__, url_prefix="/console")
signing_in.after_request(remember_language)
signing_in.register_error_handler(Unauthorized, sign_in_first)

# A person who is signed in and lost the phone's app, or wants another, asks an administrator:
# a session that somebody else got hold of must not be enough to move the second factor.
VIEWS = {
    ("/sign-in", "login"): limit_tries(views.login),
    ("/sign-out", "logout"): views.logout,
    ("/authenticator", "two_factor_setup"): anonymous_user_required(views.two_factor_setup),
    ("/code", "two_factor_token_validation"): anonymous_user_required(
        limit_tries(views.two_factor_token_validation)
    ),
    ("/password", "change_password"): limit_tries(views.change_password),
}
for (path, endpoint), view in VIEWS.items():
    methods = ["POST"] if endpoint == "logout" else ["GET", "POST"]
    signing_in.add_url_rule(path, endpoint, view, methods=methods)


@signing_in.get("/lost-phone", endpoint="two_factor_rescue")
@access.anyone
def lost_phone() -> ResponseReturnValue:
    """What to do without the authenticator app."""
    return render_template("console/lost_phone.html")


@signing_in.errorhandler(CSRFError)
def try_again(_error: CSRFError) -> ResponseReturnValue:
    """Show the form afresh: it was opened in another session, or not by us."""
    flash(_("This page was open for too long. Please try again."), "error")
    return redirect(url_for("security.login"))
