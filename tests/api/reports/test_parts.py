"""A part of a report that becomes one of its own, with photos; another category, told."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from backend.feedback import retention
from backend.settings import Settings
from backend.work import handlers
from notifications.worker import work_off
from tests.api.reports.conftest import Filed, FileReport, Headers
from tests.conftest import TurnableClock
from tests.factories.feedback import NewReportFactory
from tests.factories.files import image


def add(client: FlaskClient, filed: Filed, *, width: int) -> str:
    """The id of a photo that was added to *filed*."""
    files = {"photo": (io.BytesIO(image(size=(width, 90))), "a.jpg")}
    sent = client.post(f"{filed.address}/photos", data=files, headers=filed.headers)
    assert sent.status_code == 201, sent.text
    found: str = sent.json["photos"][0]["id"]
    return found


def split(client: FlaskClient, filed: Filed, officer: Headers, *photos: str) -> Any:
    body = {"category": "202", "description": "Đèn đường cũng tắt", "photos": photos}
    return client.post(f"{filed.staff_address}/split", json=body, headers=officer)


def test_a_part_gets_the_photos_that_are_chosen_and_keeps_them_when_the_first_forgets(
    client: FlaskClient,
    officer: Headers,
    file: FileReport,
    settings: Settings,
    session: Session,
    clock: TurnableClock,
) -> None:
    filed = file()
    _first, second = add(client, filed, width=120), add(client, filed, width=150)
    part = split(client, filed, officer, second)
    assert part.status_code == 201, part.text
    [photo] = part.json["photos"]
    assert (photo["width"], photo["is_public"]) == (150, False)
    assert photo["id"] != second
    assert len(client.get(filed.staff_address, headers=officer).json["photos"]) == 2

    client.post(f"{filed.address}/withdraw", json={}, headers=filed.headers)
    clock.advance(days=400)
    done = {name: do for name, do in handlers(settings).items() if name.startswith("feedback.")}
    with sessionmaker(session.get_bind()).begin() as now:
        retention.plan(now, clock())
    work_off(sessionmaker(session.get_bind()), done, clock)
    assert client.get(filed.staff_address, headers=officer).json["photos"] == []
    assert client.get(photo["url"], headers=officer).status_code == 200


def test_a_photo_of_another_report_does_not_go_along(
    client: FlaskClient, officer: Headers, file: FileReport
) -> None:
    filed, other = file(), file()
    foreign = add(client, other, width=120)
    refused = split(client, filed, officer, foreign)
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["photos"])
    shown = client.get(filed.staff_address, headers=officer).json
    assert shown["split_into"] == []


@pytest.mark.emulator
def test_the_reporter_is_told_of_another_category_and_not_of_the_same(
    client: FlaskClient, officer: Headers, as_citizen: Callable[[str], Headers]
) -> None:
    me = as_citizen("+84912345678")
    filed = client.post("/api/v1/reports", json=NewReportFactory(category="101"), headers=me).json
    address = f"/api/v1/staff/reports/{filed['id']}/recategorise"
    for category in ("101", "202"):
        changed = client.post(address, json={"category": category}, headers=officer)
        assert changed.status_code == 200, changed.text
    told = [item["body"] for item in client.get("/api/v1/me/inbox", headers=me).json["items"]]
    assert sum("được xếp vào lĩnh vực" in words for words in told) == 1
    assert any("Đèn đường" in words for words in told)
