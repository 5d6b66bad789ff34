"""A dry run with credentials: FCM validates the message, and nobody gets it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.accounts.roles import Role
from tests.fakes.fcm import PROJECT, FakeFcm

WORDS = {"title": {"vi": "Lịch cắt nước (mẫu)", "en": "Water cut (sample)"}, "dry_run": True}


@pytest.fixture
def fcm() -> Iterator[FakeFcm]:
    with FakeFcm() as fcm:
        yield fcm


@pytest.fixture
def client(make_app: Callable[..., Flask], fcm: FakeFcm) -> FlaskClient:
    app = make_app(
        google_application_credentials=fcm.credentials_file,
        firebase_project_id=PROJECT,
        fcm_base_url=fcm.url,
        fcm_ca_bundle=fcm.ca_bundle,
    )
    return app.test_client()


def test_fcm_is_asked_about_each_language_and_sends_nothing(
    client: FlaskClient, fcm: FakeFcm, as_staff: Callable[..., dict[str, str]]
) -> None:
    editor = as_staff(Role.EDITOR)

    tried = client.post("/api/v1/staff/campaigns", json=WORDS, headers=editor)
    assert (tried.status_code, tried.json["validated"]) == (200, "ok")
    assert fcm.requests == 2
    assert fcm.accepted.total() == 0

    fcm.rule(".*", "INVALID_ARGUMENT")
    tried = client.post("/api/v1/staff/campaigns", json=WORDS, headers=editor)
    assert tried.json["validated"] == "INVALID_ARGUMENT"
    fcm.withdraw_tokens()
    written = client.post(
        "/api/v1/staff/campaigns", json=WORDS | {"dry_run": False}, headers=editor
    )
    assert (written.status_code, written.json["validated"]) == (201, None)
    assert fcm.accepted.total() == 0
