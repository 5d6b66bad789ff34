"""Every route has a rule, and every staff route refuses everybody whom its rule does not name.

Generated from the routes that exist: a new one is tested without a new line here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule as Route

from backend.accounts import access
from backend.accounts.roles import PERMISSIONS, Role

SOME_VALUES = {
    "UUIDConverter": "11111111-2222-4333-8444-555555555555",
    "IntegerConverter": 7,
    "FloatConverter": 7.0,
    "UnicodeConverter": "x",
    "PathConverter": "x",
}


def methods_of(route: Route) -> list[str]:
    return sorted((route.methods or set()) - {"OPTIONS"})


def address_of(app: Flask, route: Route) -> str:
    """An address that leads to *route*, about nothing that exists."""
    converters = {name: type(kind).__name__ for name, kind in route._converters.items()}
    values = {name: SOME_VALUES[kind] for name, kind in converters.items()}
    built = route.build(values | dict(route.defaults or {}))
    assert built is not None
    return built[1]


def staff_calls(app: Flask) -> Iterator[tuple[str, str, access.Rule]]:
    """Method, address and rule of whatever only staff may call."""
    for route in app.url_map.iter_rules():
        for method in methods_of(route):
            rule = access.rule_of(route.endpoint, method)
            if rule.kind == "staff":
                yield method, address_of(app, route), rule


def test_every_route_has_a_rule(app: Flask) -> None:
    with app.app_context():
        without = [
            f"{method} {route}"
            for route in app.url_map.iter_rules()
            for method in methods_of(route)
            if access.rule_of(route.endpoint, method) == access.DENY
        ]
    assert without == []


def test_no_rule_is_kept_for_a_library_view_that_is_gone(app: Flask) -> None:
    assert set(access.LIBRARY_RULES) <= {route.endpoint for route in app.url_map.iter_rules()}


def test_staff_routes_ask_a_guest_to_sign_in(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        calls = list(staff_calls(app))
    assert calls
    answers = {(method, path): client.open(path, method=method) for method, path, _ in calls}
    assert {call: answer.status_code for call, answer in answers.items()} == dict.fromkeys(
        answers, 401
    )
    assert {answer.headers.get("WWW-Authenticate") for answer in answers.values()} <= {
        "Bearer realm=staff"
    }


@pytest.mark.parametrize("role", Role)
def test_staff_routes_refuse_every_role_without_the_permission(
    app: Flask, client: FlaskClient, as_staff: Callable[..., dict[str, str]], role: Role
) -> None:
    headers = as_staff(role)
    with app.app_context():
        refused = [
            (method, path)
            for method, path, rule in staff_calls(app)
            if rule.permissions and not PERMISSIONS[role].intersection(rule.permissions)
        ]
    answers = {call: client.open(call[1], method=call[0], headers=headers) for call in refused}
    assert {call: answer.status_code for call, answer in answers.items()} == dict.fromkeys(
        answers, 403
    )


@pytest.mark.parametrize("role", Role)
def test_staff_routes_let_every_role_with_the_permission_pass(
    app: Flask, client: FlaskClient, as_staff: Callable[..., dict[str, str]], role: Role
) -> None:
    headers = as_staff(role)
    with app.app_context():
        allowed = [
            (method, path)
            for method, path, rule in staff_calls(app)
            if not rule.permissions or PERMISSIONS[role].intersection(rule.permissions)
        ]
    answers = {call: client.open(call[1], method=call[0], headers=headers) for call in allowed}
    # What they ask for does not exist, and they say nothing in their bodies.
    turned_away = {c: a.status_code for c, a in answers.items() if a.status_code in (401, 403)}
    assert turned_away == {}


def test_a_view_without_a_rule_answers_nobody(
    app: Flask, as_staff: Callable[..., dict[str, str]]
) -> None:
    app.add_url_rule("/forgotten", view_func=lambda: "secret", endpoint="forgotten")
    for headers in ({}, as_staff(Role.ADMIN)):
        answer = app.test_client().get("/forgotten", headers=headers)
        assert answer.status_code == 403
        assert "secret" not in answer.text


def test_public_answers_neither_depend_on_a_cookie_nor_set_one(app: Flask) -> None:
    client = app.test_client()
    client.get("/console/sign-in")  # begins a session
    answer = client.get("/api/v1/swagger.json")
    assert answer.status_code == 200
    assert "Cookie" not in answer.headers["Vary"]
    assert "Set-Cookie" not in answer.headers
