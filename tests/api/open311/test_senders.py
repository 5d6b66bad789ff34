"""Whoever files through another system is known again, and blocked without that system."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from backend.accounts.roles import Role
from tests.api.open311.conftest import Headers, id_of

Post = Callable[..., TestResponse]


def test_one_who_misuses_a_system_is_blocked_and_its_other_people_are_not(
    post: Post, client: FlaskClient, as_staff: Callable[..., Headers]
) -> None:
    admin = as_staff(Role.ADMIN)
    [said] = post(account_id="42").json
    block = {
        "report": id_of(client, admin, said["service_request_id"]),
        "reason": "Gửi đùa",
        "until": "2026-07-08T08:00:00+07:00",
    }
    made = client.post("/api/v1/staff/blocks", json=block, headers=admin)
    assert (made.status_code, made.json["kind"]) == (201, "device")
    refused = post(account_id="42")
    assert refused.status_code == 403
    assert "Gửi đùa" in refused.text
    assert post(account_id="43").status_code == 200
    assert post().status_code == 200
