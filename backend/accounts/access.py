"""The one mechanism that decides who may call a view: deny unless a rule says otherwise.

Every view carries a rule, put on it by one of the decorators below. A view without a rule
answers nobody.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, Request, Response, current_app, g, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin

from backend.accounts import citizens, employees
from backend.accounts.roles import Permission
from content.errors import N_, Refused

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Rule:
    """Who may call: anybody, anybody with an own matter, a citizen, or permitted staff.

    Of several *permissions* one is enough; without any, all staff may.
    """

    kind: str
    permissions: tuple[Permission, ...] = ()

    @property
    def is_public(self) -> bool:
        """Whether the answer is the same for everybody, so that others may keep it."""
        return self.kind in ("public", "published")

    @property
    def is_kept(self) -> bool:
        """Whether the answer depends on published content, the language and the minute alone."""
        return self.kind == "published"

    @property
    def shows_content(self) -> bool:
        """Whether the answer may show content, so that it has to be in force by the clock."""
        return self.is_public or self.kind == "staff"


DENY = Rule("deny")
PUBLIC = Rule("public")
PUBLISHED = Rule("published")
ANYONE = Rule("anyone")
CITIZEN = Rule("citizen")
STAFF = Rule("staff")

# Views of libraries, which carry no decorator of ours.
LIBRARY_RULES = {
    "static": PUBLIC,
    "specs": PUBLIC,
    "doc": PUBLIC,
    "root": PUBLIC,
    "restx_doc.static": PUBLIC,
    "security.login": ANYONE,
    "security.logout": ANYONE,
    "security.two_factor_setup": ANYONE,
    "security.two_factor_token_validation": ANYONE,
    "security.change_password": STAFF,
}


def public(view: View) -> View:
    """Anybody may call; the answer depends on nobody and may be kept by caches."""
    return _carry(view, PUBLIC)


def published(view: View) -> View:
    """As `public`, and the answer depends on nothing but published content, the language and
    the minute: the process may keep it until one of them changes.
    """
    return _carry(view, PUBLISHED)


def anyone(view: View) -> View:
    """Guests and citizens may call; the answer is theirs alone and is not kept by caches."""
    return _carry(view, ANYONE)


def citizen(view: View) -> View:
    """Only a citizen who is signed in may call."""
    return _carry(view, CITIZEN)


def staff(*permissions: Permission) -> Callable[[View], View]:
    """Only staff whose roles give one of *permissions* may call; without any, all staff may."""
    return lambda view: _carry(view, Rule("staff", permissions))


def _carry(view: View, rule: Rule) -> View:
    view.access_rule = rule  # type: ignore[attr-defined]
    return view


def view_of(endpoint: str, method: str) -> Callable[..., Any] | None:
    """The view function of *endpoint*, or the method of a RESTX resource."""
    view = current_app.view_functions.get(endpoint)
    resource = getattr(view, "view_class", None)
    if resource is not None:
        name = "get" if method == "HEAD" and not hasattr(resource, "head") else method.lower()
        view = getattr(resource, name, None)
    return view


def rule_of(endpoint: str, method: str) -> Rule:
    """The rule of a view; DENY for none."""
    if endpoint in LIBRARY_RULES:
        return LIBRARY_RULES[endpoint]
    rule: Rule = getattr(view_of(endpoint, method), "access_rule", DENY)
    return rule


def rule_of_request() -> Rule:
    """The rule of the view that this request reached; DENY where it reached none."""
    if "access_rule" not in g:  # several ask, for each request
        known = request.endpoint
        g.access_rule = rule_of(known, request.method) if known else DENY
    found: Rule = g.access_rule
    return found


def guard() -> None:
    """Refuse the request unless its view's rule lets this caller in.

    Raises Unauthorized for one who is not known, Refused for one who may not.
    """
    if request.endpoint is None or request.method == "OPTIONS":
        return  # no such address: the router answers 404 or 405 by itself
    rule = rule_of_request()
    g.only_reads = getattr(view_of(request.endpoint, request.method), "only_reads", False)
    if rule.kind == "deny":
        raise Refused(N_("Nobody may call this address."))
    if rule.kind == "anyone":
        citizens.optional()
    elif rule.kind == "citizen":
        citizens.required()
    elif rule.kind == "staff":
        person = employees.required()
        if rule.permissions and not any(person.may(wanted) for wanted in rule.permissions):
            raise Refused(N_("Your role does not allow this."))


class Sessions(SecureCookieSessionInterface):
    """Flask's signed cookie; a public answer neither depends on it nor sets it."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        # Without a cookie there is no signature to check, and what checks it need not be made.
        if self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        # Flask-Login reads the session after every request, and Flask then adds Vary: Cookie.
        if not rule_of_request().is_public:
            super().save_session(app, session, response)


def init_app(app: Flask) -> None:
    """Put the guard before every view of *app*."""
    app.before_request(guard)
    app.session_interface = Sessions()
