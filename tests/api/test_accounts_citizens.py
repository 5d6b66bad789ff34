"""Citizens sign in by phone with Firebase, on its real emulator, and rule over their own data."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.settings import Settings, SettingsError
from backend.work import handlers
from notifications.worker import work_off
from tests.conftest import TurnableClock
from tests.emulator import firebase

PHONE = "+84912345678"
AsCitizen = Callable[[str], dict[str, str]]


def unsigned(**claims: object) -> dict[str, str]:
    """Headers with a token as the emulator makes them: signed by nobody."""
    parts = [{"alg": "none", "typ": "JWT"}, claims]
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode() for part in parts]
    return {"Authorization": f"Bearer {'.'.join(part.rstrip('=') for part in encoded)}."}


FORGED = {
    "iss": f"https://securetoken.google.com/{firebase.PROJECT}",
    "aud": firebase.PROJECT,
    "sub": "somebody",
    "user_id": "somebody",
    "iat": 1_600_000_000,
    "auth_time": 1_600_000_000,
    "exp": 4_000_000_000,
    "firebase": {"sign_in_provider": "phone", "identities": {}},
}


def test_a_citizen_who_signs_in_by_phone_has_an_account(
    client: FlaskClient, as_citizen: AsCitizen
) -> None:
    answer = client.get("/api/v1/me?lang=en", headers=as_citizen(PHONE))
    assert answer.status_code == 200
    assert answer.json["phone"] == PHONE
    assert answer.json["language"] == "en"
    assert answer.json["display_name"] is None
    assert answer.json["created_at"] == "2026-07-01T08:00:00+07:00"
    assert answer.headers["Cache-Control"] == "no-store"


def test_signing_in_again_finds_the_same_account(
    client: FlaskClient, as_citizen: AsCitizen, clock: TurnableClock
) -> None:
    first = client.get("/api/v1/me", headers=as_citizen(PHONE)).json
    clock.advance(days=40)
    assert client.get("/api/v1/me", headers=as_citizen(PHONE)).json == first
    other = client.get("/api/v1/me", headers=as_citizen("+84987654321")).json
    assert other["id"] != first["id"]


def test_a_guest_has_no_account_and_is_told_how_to_sign_in(client: FlaskClient) -> None:
    answer = client.get("/api/v1/me?lang=en")
    assert answer.status_code == 401
    assert answer.json["detail"] == "This needs you to sign in."
    assert answer.headers["WWW-Authenticate"] == "Bearer realm=citizen"


def test_a_citizen_changes_name_and_language(client: FlaskClient, as_citizen: AsCitizen) -> None:
    headers = as_citizen(PHONE)
    change = {"display_name": "  Trần Văn Biển ", "language": "en"}
    answer = client.patch("/api/v1/me", json=change, headers=headers)
    assert answer.json["display_name"] == "Trần Văn Biển"
    client.patch("/api/v1/me", json={"display_name": None}, headers=headers)
    now = client.get("/api/v1/me", headers=headers).json
    assert (now["display_name"], now["language"]) == (None, "en")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"display_name": "x" * 81}, "display_name"),
        ({"display_name": 7}, "display_name"),
        ({"language": "fr"}, "language"),
        ({"language": None}, "language"),
        ({"phone": "+84900000000"}, "phone"),
    ],
)
def test_a_change_that_cannot_be_is_refused_by_the_fields_name(
    client: FlaskClient, as_citizen: AsCitizen, change: dict[str, object], field: str
) -> None:
    headers = as_citizen(PHONE)
    before = client.get("/api/v1/me", headers=headers).json
    answer = client.patch("/api/v1/me", json={"display_name": "Biển"} | change, headers=headers)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]
    assert client.get("/api/v1/me", headers=headers).json == before


def test_an_erased_account_is_gone_and_the_same_phone_begins_anew(
    client: FlaskClient, as_citizen: AsCitizen
) -> None:
    headers = as_citizen(PHONE)
    before = client.patch("/api/v1/me", json={"display_name": "Biển"}, headers=headers).json
    assert client.delete("/api/v1/me", headers=headers).status_code == 204
    after = client.get("/api/v1/me", headers=headers).json
    assert after["id"] != before["id"]
    assert after["display_name"] is None


def test_firebase_forgets_an_erased_citizen_too(
    emulator: firebase.Emulator, make_app: Callable[..., Flask], clock: TurnableClock
) -> None:
    app = make_app(firebase_auth_emulator_host=emulator.host)
    token = emulator.sign_in(PHONE)
    app.test_client().delete("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
    assert emulator.knows(token)
    work_off(app.extensions["sessions"], handlers(app.extensions["settings"]), clock)
    assert not emulator.knows(token)


def test_the_inbox_and_the_export_of_a_new_citizen_hold_the_account_alone(
    client: FlaskClient, as_citizen: AsCitizen
) -> None:
    headers = as_citizen(PHONE)
    inbox = client.get("/api/v1/me/inbox", headers=headers)
    assert inbox.json == {"items": [], "next_cursor": None}
    export = client.get("/api/v1/me/export", headers=headers).json
    assert export["account"]["phone"] == PHONE
    assert (export["reports"], export["devices"], export["messages"]) == ([], [], [])


@pytest.mark.parametrize(
    "claims",
    [
        FORGED | {"aud": "another-project"},
        FORGED | {"iss": "https://example.org"},
        FORGED | {"sub": ""},
    ],
    ids=["of another project", "by another issuer", "of nobody"],
)
def test_a_wrong_token_is_refused_also_where_guests_may_come(
    client: FlaskClient, emulator: firebase.Emulator, claims: dict[str, object]
) -> None:
    for path in ("/api/v1/me", "/healthz"):
        assert client.get(path, headers=unsigned(**claims)).status_code == 401


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "\N{PILE OF POO}".encode().decode("latin-1")])
def test_what_is_no_token_at_all_is_refused(client: FlaskClient, token: str) -> None:
    answer = client.get("/healthz", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401


def test_without_the_emulator_a_token_that_google_did_not_sign_is_refused(
    client: FlaskClient,
) -> None:
    answer = client.get("/api/v1/me?lang=en", headers=unsigned(**FORGED))
    assert answer.status_code == 401
    assert answer.json["detail"] == "This sign-in is not valid: sign in again."


def test_without_a_firebase_project_no_token_is_believed(
    emulator: firebase.Emulator, make_app: Callable[..., Flask]
) -> None:
    app = make_app(firebase_project_id=None)
    headers = {"Authorization": f"Bearer {emulator.sign_in(PHONE)}"}
    answer = app.test_client().get("/api/v1/me?lang=en", headers=headers)
    assert answer.status_code == 401
    assert "not set up here" in answer.json["detail"]


def test_credentials_that_firebase_cannot_read_are_named_at_the_start(
    settings: Settings, make_app: Callable[..., Flask]
) -> None:
    file = settings.data_dir / "key.json"
    file.write_text("{}")
    with pytest.raises(SettingsError, match="GOOGLE_APPLICATION_CREDENTIALS"):
        make_app(google_application_credentials=file)
