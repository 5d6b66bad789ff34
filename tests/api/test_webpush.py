"""Messages to browsers: subscribed over HTTP, encrypted, signed, and read by a browser of ours."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from structlog.testing import capture_logs

from backend.database import engine_for
from backend.settings import Settings, SettingsError, from_environment
from backend.work import ways_out
from notifications import delivery, worker
from notifications.devices import Device
from notifications.messages import InboxItem
from notifications.webpush import LONGEST, Subscription, encrypted
from tests.conftest import TurnableClock
from tests.fakes.push_service import Browser, PushService, raw, text
from tests.unit.notifications.conftest import announce

KEY = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
HERE: dict[str, Any] = {
    "webpush_private_key": KEY,
    "webpush_services": ("127.0.0.1",),
    "webhooks_private": True,
}


@pytest.fixture
def service() -> Iterator[PushService]:
    with PushService() as running:
        running.status = 201
        yield running


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    return make_app(**HERE)


@pytest.fixture
def push(settings: Settings, clock: TurnableClock) -> Callable[[], None]:
    """Lets the worker send what is due, by the ways that the settings give."""

    def run() -> None:
        engine = engine_for(settings.database_url)
        own = Settings(**{**vars(settings), **HERE})
        worker.work_off(sessionmaker(engine), delivery.handlers(ways_out(own, clock)), clock)
        engine.dispose()

    return run


def subscribe(app: Flask, address: str, code: int = 200) -> Any:
    body = {
        "kind": "webpush", "address": address, "platform": "web", "language": "vi",
        "timezone": "Asia/Ho_Chi_Minh",
    }  # fmt: skip
    answer = app.test_client().put(f"/api/v1/devices/{uuid4()}", json=body)
    assert answer.status_code == code, answer.text
    return answer.json


def test_the_example_of_the_standard_is_encrypted_as_it_says() -> None:
    reader = Subscription(
        "https://push.example",
        raw(
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
        ),
        raw("BTBZMqHH6r4Tts7J_aSIgg"),
    )
    sender = ec.derive_private_key(int.from_bytes(raw(KEY)), ec.SECP256R1())

    sealed = encrypted(
        b"When I grow up, I want to be a watermelon",
        reader,
        key=sender,
        salt=raw("DGv6ra1nlYgDCS1FRnbzlw"),
    )

    assert text(sealed) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS"
        "6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qu"
        "lcy4a-fN"
    )


def test_a_browser_reads_what_the_town_said_and_nobody_else_can(
    app: Flask,
    session: Session,
    clock: TurnableClock,
    service: PushService,
    push: Callable[[], None],
) -> None:
    browser = Browser()
    subscribe(app, browser.subscription(f"{service.url}/push/zqsecret"))
    announce(session, clock, body={"vi": "sóng lớn " * 900}, link="/announcements/x")
    with capture_logs() as logs:
        push()

    [(headers, body)] = service.received
    said = browser.read(body)
    assert said["title"] == "Cắt nước"
    assert said["body"].endswith("…")
    assert said["link"] == "/announcements/x"
    assert len(body) <= LONGEST + 103
    with pytest.raises(InvalidTag):
        Browser().read(body)
    assert headers["CONTENT_ENCODING"] == "aes128gcm"
    assert (headers["TTL"], headers["URGENCY"]) == ("86400", "normal")
    key = app.test_client().get("/api/v1/devices/webpush/key").json["public_key"]
    claims = service.claims(key)
    assert claims["aud"] == service.url
    assert 0 < claims["exp"] - clock().timestamp() <= 24 * 3600
    assert "zqsecret" not in f"{logs}"
    item = session.scalars(select(InboxItem)).one()
    assert item.accepted_at is not None


@pytest.mark.parametrize(
    ("status", "pruned", "failure", "tries"),
    [
        (201, False, None, 1),
        (410, True, "UNREGISTERED", 1),
        (404, True, "UNREGISTERED", 1),
        (403, False, "HTTP_403", 1),
        (503, False, None, 2),
    ],
)
def test_each_answer_leads_to_one_action(
    app: Flask,
    session: Session,
    clock: TurnableClock,
    service: PushService,
    push: Callable[[], None],
    status: int,
    pruned: bool,
    failure: str | None,
    tries: int,
) -> None:
    subscribe(app, Browser().subscription(f"{service.url}/push/1"))
    service.status = status
    announce(session, clock)
    push()
    service.status = 201
    clock.advance(minutes=10)
    push()

    assert len(service.received) == tries
    assert (session.scalars(select(Device.address)).one() is None) == pruned
    assert session.scalars(select(InboxItem.failure)).one() == failure


@pytest.mark.parametrize(
    "address",
    [
        "a-token",
        "{}",
        '{"endpoint": 1, "keys": {"p256dh": "", "auth": ""}}',
        Browser().subscription("https://10.0.0.1/push"),
        Browser().subscription("https://elsewhere.example/push"),
        Browser().subscription("http://[broken"),
        '{"endpoint": "http://127.0.0.1/", "keys": {"p256dh": "AAAA", "auth": "AAAA"}}',
        '{"endpoint": "http://127.0.0.1/", "keys": {"p256dh": "*", "auth": null}}',
    ],
)
def test_what_is_no_subscription_and_services_that_are_not_known_are_refused(
    app: Flask, session: Session, address: str
) -> None:
    assert list(subscribe(app, address, 422)["errors"]) == ["address"]
    assert session.scalars(select(Device)).all() == []


def test_where_it_is_switched_off_no_browser_subscribes(make_app: Callable[..., Flask]) -> None:
    app = make_app()

    assert app.test_client().get("/api/v1/devices/webpush/key").json == {"public_key": None}
    refused = subscribe(app, Browser().subscription("https://fcm.googleapis.com/x"), 422)
    assert list(refused["errors"]) == ["kind"]
    assert "data-push" not in app.test_client().get("/announcements").text


def test_the_page_of_notices_offers_it(app: Flask) -> None:
    page = app.test_client().get("/announcements").text

    assert "data-push" in page
    assert "/static/push.js" in page


def test_a_key_that_is_none_is_named(tmp_path: Any) -> None:
    for bad in ("short", text(os.urandom(31)), text(b"\xff" * 32), "*" * 43):
        with pytest.raises(SettingsError, match="WEBPUSH_PRIVATE_KEY"):
            from_environment({"WEBPUSH_PRIVATE_KEY": bad, "DATA_DIR": str(tmp_path)})
