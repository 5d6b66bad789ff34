"""Bad input for every write of the API, generated from its own OpenAPI document.

Each call is broken in one way; it must be answered by a problem that names the field, and
leave every table as it was.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend import models
from backend.accounts.roles import Role

Headers = dict[str, str]
Caller = Callable[[str], Headers]
Operation = tuple[str, str, dict[str, Any]]

# Tables in which being called at all leaves a trace.
TRACES = {"staff_token", "citizen"}


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    """The OpenAPI document the app publishes of itself."""
    document: dict[str, Any] = client.get("/api/v1/swagger.json").json
    return document


@pytest.fixture
def writes(document: dict[str, Any]) -> list[Operation]:
    """Every documented call that takes a JSON body: method, address, schema of the body."""
    found = []
    for path, methods in document["paths"].items():
        shared = methods.get("parameters", [])
        for method, operation in methods.items():
            if method == "parameters":
                continue
            for parameter in [*shared, *operation.get("parameters", [])]:
                if parameter["in"] == "body":
                    address = "/api/v1" + _filled(path)
                    found.append(
                        (method.upper(), address, _resolved(document, parameter["schema"]))
                    )
    assert len(found) >= 10
    return found


@pytest.fixture
def caller(
    as_citizen: Callable[[str], Headers], as_staff: Callable[..., Headers]
) -> Callable[[str], Headers]:
    """The headers of somebody who may call an address."""
    citizen, admin = as_citizen("+84912345678"), as_staff(Role.ADMIN)

    def headers(address: str) -> Headers:
        if address.startswith("/api/v1/staff/"):
            return admin
        return citizen if address.startswith("/api/v1/me") else {}

    return headers


def _filled(path: str) -> str:
    while "{" in path:
        before, _, rest = path.partition("{")
        name, _, after = rest.partition("}")
        is_number = name.startswith("int:") or name.endswith("number")
        path = before + ("1" if is_number else str(uuid.uuid4())) + after
    return path


def _resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        found: dict[str, Any] = document["definitions"][schema["$ref"].rsplit("/", 1)[1]]
        return found
    return schema


def _row_counts(session: Session) -> dict[str, int]:
    session.rollback()
    return {
        table.name: session.scalar(select(func.count()).select_from(table)) or 0
        for table in models.metadata.sorted_tables
        if table.name not in TRACES
    }


def _writable(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, field in schema.get("properties", {}).items():
        if not field.get("readOnly"):
            yield name, field


def _problem_of(answer: Any, status: int, call: str) -> dict[str, Any]:
    assert answer.status_code == status, f"{call}: {answer.status_code} {answer.text}"
    assert answer.content_type == "application/problem+json", call
    body: dict[str, Any] = answer.json
    assert body["status"] == answer.status_code
    assert body["title"]
    return body


def test_malformed_json_and_other_media_types_are_refused(
    caller: Caller, client: FlaskClient, writes: list[Operation], session: Session
) -> None:
    before = _row_counts(session)
    for method, address, _ in writes:
        call = f"{method} {address}"
        broken = client.open(
            address,
            method=method,
            headers=caller(address),
            data=b'{"a": ',
            content_type="application/json",
        )
        _problem_of(broken, 400, call)
        form = client.open(address, method=method, headers=caller(address), data={"a": "b"})
        _problem_of(form, 415, call)
        listed = client.open(address, method=method, headers=caller(address), json=["a"])
        _problem_of(listed, 422, call)
        not_json = client.open(
            address, method=method, headers=caller(address), data=b"{}", content_type="text/plain"
        )
        _problem_of(not_json, 415, call)
    assert _row_counts(session) == before


def test_a_field_that_is_not_known_is_refused_by_its_name(
    caller: Caller, client: FlaskClient, writes: list[Operation], session: Session
) -> None:
    before = _row_counts(session)
    for method, address, _ in writes:
        answer = client.open(address, method=method, headers=caller(address), json={"surprise": 1})
        body = _problem_of(answer, 422, f"{method} {address}")
        assert "surprise" in body["errors"], body
    assert _row_counts(session) == before


def test_a_missing_field_is_named(
    caller: Caller, client: FlaskClient, writes: list[Operation], session: Session
) -> None:
    before = _row_counts(session)
    for method, address, schema in writes:
        if required := schema.get("required"):
            answer = client.open(address, method=method, headers=caller(address), json={})
            body = _problem_of(answer, 422, f"{method} {address}")
            assert set(required) <= set(body["errors"]), (address, body)
    assert _row_counts(session) == before


WRONG = {
    "string": [1, {"a": "b"}, ["a"]],
    "integer": ["one", {}, 1.5],
    "number": ["one", {}],
    "boolean": ["perhaps", {}, 7],
    "array": ["one", 1],
    "object": ["one", 1],
}


def test_a_value_of_a_wrong_type_is_refused_by_its_fields_name(
    caller: Caller, client: FlaskClient, writes: list[Operation], session: Session
) -> None:
    before = _row_counts(session)
    for method, address, schema in writes:
        for name, field in _writable(schema):
            kind = field.get("type", "object" if "$ref" in field or "allOf" in field else None)
            for value in WRONG.get(kind or "", []):
                answer = client.open(
                    address, method=method, headers=caller(address), json={name: value}
                )
                call = f"{method} {address} {name}={value!r}"
                body = _problem_of(answer, 422, call)
                assert name in body["errors"], (call, body)
    assert _row_counts(session) == before


def test_a_text_that_is_too_long_or_unprintable_is_refused_by_its_fields_name(
    caller: Caller, client: FlaskClient, writes: list[Operation], session: Session
) -> None:
    before = _row_counts(session)
    for method, address, schema in writes:
        for name, field in _writable(schema):
            if field.get("type") != "string":
                continue
            for text in ("x" * 60_000, "nul \x00 inside"):
                answer = client.open(
                    address, method=method, headers=caller(address), json={name: text}
                )
                call = f"{method} {address} {name}={text[:8]!r}…"
                body = _problem_of(answer, 422, call)
                assert name in body["errors"], (call, body)
    assert _row_counts(session) == before


def test_a_wrong_method_is_refused_on_every_address(app: Flask, client: FlaskClient) -> None:
    for rule in app.url_map.iter_rules():
        if not str(rule).startswith("/api/v1/") or "DELETE" in (rule.methods or set()):
            continue
        address = _filled(str(rule).replace("<", "{").replace(">", "}"))
        answer = client.delete(address)
        body = _problem_of(answer, 405, address)
        assert body["status"] == 405


def test_a_body_that_is_too_large_is_refused(
    caller: Caller, client: FlaskClient, writes: list[Operation]
) -> None:
    for method, address, _ in writes:
        answer = client.open(
            address, method=method, headers=caller(address), json={"text": "x" * 1_100_000}
        )
        _problem_of(answer, 413, f"{method} {address}")
