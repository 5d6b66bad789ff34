"""Sign-in by password and authenticator app, and the page that a member of staff lands on."""

from __future__ import annotations

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_security import anonymous_user_required, views
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import Unauthorized

from backend.accounts import access, employees
from backend.accounts.roles import Role
from backend.accounts.signin import limit_tries
from backend.errors import http_error
from backend.site.layout import remember_language

ROLES_IN_WORDS = {
    Role.EDITOR: lazy_gettext("Editor: writes and publishes content"),
    Role.OFFICER: lazy_gettext("Officer: handles citizens' reports"),
    Role.LIFEGUARD: lazy_gettext("Lifeguard: reports the state of the beach"),
    Role.LEADER: lazy_gettext("Leader: approves, and reads the statistics"),
    Role.ADMIN: lazy_gettext("Administrator: may do everything"),
}

# Named as Flask-Security expects, which links its own views by these endpoints. Of its many
# views only those exist that are listed here.
signing_in = Blueprint("security", __name__, url_prefix="/console")
console = Blueprint("console", __name__, url_prefix="/console")
for pages in (signing_in, console):
    pages.after_request(remember_language)


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


def init_app(app: Flask) -> None:
    """Serve the console's pages."""
    app.register_blueprint(signing_in)
    app.register_blueprint(console)


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


@signing_in.errorhandler(Unauthorized)
@console.errorhandler(Unauthorized)
def sign_in_first(error: Unauthorized) -> ResponseReturnValue:
    """Send a person who opens a page of the console to the sign-in page, and then back."""
    if request.method == "GET" and request.accept_mimetypes.accept_html:
        return redirect(url_for("security.login", next=request.full_path.rstrip("?")))
    return http_error(error)


@console.get("")
@access.staff()
def home() -> ResponseReturnValue:
    """Who is signed in, and what for."""
    person = employees.required()
    roles = [ROLES_IN_WORDS[role] for role in Role if role in person.roles]
    return render_template("console/home.html", person=person, roles=roles)
