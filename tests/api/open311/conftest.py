"""A town that speaks Open311, and another system with a key."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft7Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from backend.accounts.roles import Role

SCHEMAS = Path(__file__).parents[2] / "schemas" / "open311"
V2 = "/open311/v2"
Headers = dict[str, str]


@pytest.fixture(autouse=True)
def known_words(vocabularies: None) -> None:
    """The seeded vocabularies."""


@pytest.fixture
def run(app: Flask) -> Callable[..., str]:
    """Run one of `flask`'s commands."""

    def invoke(*arguments: str, exit_code: int = 0) -> str:
        result = app.test_cli_runner().invoke(args=arguments)
        assert result.exit_code == exit_code, result.output
        return result.output.strip()

    return invoke


@pytest.fixture
def key(run: Callable[..., str]) -> str:
    """The API key of another system."""
    return run("open311", "key", "add", "FixMyStreet")


@pytest.fixture
def officer(as_staff: Callable[..., Headers]) -> Headers:
    """Headers of somebody who works on reports."""
    return as_staff(Role.OFFICER)


@pytest.fixture
def office(client: FlaskClient, as_staff: Callable[..., Headers]) -> str:
    """The code of an office."""
    body = {"code": "env", "name": {"vi": "Đội môi trường", "en": "Environment"}, "members": []}
    made = client.post("/api/v1/staff/offices", json=body, headers=as_staff(Role.ADMIN))
    assert made.status_code == 201, made.text
    return "env"


@pytest.fixture
def post(client: FlaskClient, key: str) -> Callable[..., TestResponse]:
    """Post a request: `post(description="…")`; None leaves a field out."""

    def send(form: str = "json", **changes: Any) -> TestResponse:
        fields = {
            "api_key": key,
            "service_code": "101",
            "lat": "18.81",
            "long": "105.72",
            "description": "Rác chất đống bên đường",
        } | changes
        kept = {name: value for name, value in fields.items() if value is not None}
        return client.post(f"{V2}/requests.{form}", data=kept)

    return send


@pytest.fixture
def posted(post: Callable[..., TestResponse]) -> Callable[..., str]:
    """The id of a request that was posted."""

    def send(**changes: Any) -> str:
        answer = post(**changes)
        assert answer.status_code == 200, answer.text
        said: str = answer.json[0]["service_request_id"]
        return said

    return send


@pytest.fixture
def move(client: FlaskClient, officer: Headers) -> Callable[..., None]:
    """An officer moves the request of a code: `move(code, "verified", reason="…")`."""

    def act(code: str, to: str, **more: Any) -> None:
        answer = client.post(
            f"/api/v1/staff/reports/{id_of(client, officer, code)}/transition",
            headers=officer,
            json={"to": to} | more,
        )
        assert answer.status_code == 200, answer.text

    return act


@pytest.fixture
def approve(client: FlaskClient, officer: Headers) -> Callable[[str, str], None]:
    """An officer lets everybody read those words and see all photos of a code's request."""

    def act(code: str, words: str) -> None:
        address = f"/api/v1/staff/reports/{id_of(client, officer, code)}"
        photos = client.get(address, headers=officer).json["photos"]
        body = {"description": words, "photos": [photo["id"] for photo in photos]}
        answer = client.post(f"{address}/approve", headers=officer, json=body)
        assert answer.status_code == 200, answer.text

    return act


def id_of(client: FlaskClient, officer: Headers, code: str) -> str:
    """The id by which the staff know the report of a code."""
    found = client.get(f"/api/v1/staff/reports?q={code}", headers=officer).json["items"]
    key: str = found[0]["id"]
    return key


def check_schema(name: str, data: Any) -> None:
    """Fail unless *data* is what the published schema *name* describes."""
    schemas = {path.name: json.loads(path.read_text()) for path in SCHEMAS.glob("*.json")}
    registry: Registry[Any] = Registry().with_resources(
        (file, Resource.from_contents(schema, default_specification=DRAFT7))
        for file, schema in schemas.items()
    )
    validator = Draft7Validator(
        schemas[f"{name}.json"], registry=registry, format_checker=FormatChecker()
    )
    assert [error.message for error in validator.iter_errors(data)] == []


def xml_of(answer: TestResponse) -> ET.Element:
    """The document of an XML answer, which declares itself and names no namespace."""
    assert answer.content_type == "text/xml; charset=utf-8"
    assert answer.data.startswith(b"<?xml version=")
    assert b"xmlns" not in answer.data
    return ET.fromstring(answer.data)  # noqa: S314 - our own answer


def of_staff(client: FlaskClient, officer: Headers, code: str) -> dict[str, Any]:
    address = f"/api/v1/staff/reports/{id_of(client, officer, code)}"
    report: dict[str, Any] = client.get(address, headers=officer).json
    return report


def count(session: Session, table: type[Any]) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(table)) or 0
