"""Messenger and Zalo: who may send, what is answered, and that it is answered once.

The payloads have the shape of those that the platforms' documentation shows.
"""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts.roles import Role
from backend.chat.models import ChatConversation
from backend.settings import Settings
from backend.work import handlers
from notifications import worker
from tests.conftest import TurnableClock
from tests.fakes.chatbot import FakeChatbot, reply
from tests.fakes.server import Server

APP_SECRET, ZALO_KEY, ZALO_APP = "facebook's secret", "zalo's secret", "4321"
PAGE = {
    "object": "page",
    "entry": [
        {
            "id": "1001",
            "time": 1700000000000,
            "messaging": [
                {
                    "sender": {"id": "24680"},
                    "recipient": {"id": "1001"},
                    "timestamp": 1700000000000,
                    "message": {"mid": "m_abc", "text": "hôm nay tắm biển được không"},
                }
            ],
        }
    ],
}
ZALO_TEXT = {
    "app_id": ZALO_APP,
    "user_id_by_app": "552177279717587730",
    "event_name": "user_send_text",
    "timestamp": "1700000000000",
    "sender": {"id": "246845883529197922"},
    "recipient": {"id": "388613280878808645"},
    "message": {"msg_id": "96d3cdf3af150460909", "text": "hôm nay tắm biển được không"},
}


class Platform(Server):
    """Where answers go: takes all of them down."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, Any], str]] = []
        super().__init__()

    def _serve(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        token = environ.get("HTTP_AUTHORIZATION") or environ.get("HTTP_ACCESS_TOKEN") or ""
        if self.status == 200:
            self.got.append((environ["PATH_INFO"], json.loads(body), token))
        return self.say({"error": 0}, start)


@pytest.fixture
def platform() -> Iterator[Platform]:
    with Platform() as platform:
        yield platform


@pytest.fixture
def settings(settings: Settings, chatbot: FakeChatbot, platform: Platform) -> Settings:
    return dataclasses.replace(
        settings,
        chatbot_url=chatbot.url,
        messenger_app_secret=APP_SECRET,
        messenger_verify_token="a word",
        messenger_page_token="page token",
        messenger_url=platform.url,
        zalo_app_id=ZALO_APP,
        zalo_secret_key=ZALO_KEY,
        zalo_access_token="zalo token",
        zalo_url=platform.url,
    )


@pytest.fixture
def work(app: Flask, settings: Settings, clock: TurnableClock) -> Callable[[], None]:
    """Work off all that is due."""

    def work() -> None:
        with app.app_context():
            jobs = handlers(settings)
        worker.work_off(app.extensions["sessions"], jobs, clock)

    return work


def to_messenger(client: FlaskClient, event: dict[str, Any], secret: str = APP_SECRET) -> int:
    body = json.dumps(event).encode()
    signature = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    headers = {"X-Hub-Signature-256": signature, "Content-Type": "application/json"}
    return client.post("/webhooks/messenger", data=body, headers=headers).status_code


def to_zalo(client: FlaskClient, event: dict[str, Any], key: str = ZALO_KEY) -> int:
    body = json.dumps(event).encode()
    signed = ZALO_APP.encode() + body + str(event["timestamp"]).encode() + key.encode()
    headers = {
        "X-ZEvent-Signature": "mac=" + hashlib.sha256(signed).hexdigest(),
        "Content-Type": "application/json",
    }
    return client.post("/webhooks/zalo", data=body, headers=headers).status_code


def test_facebook_finds_the_address_by_the_word_alone(client: FlaskClient) -> None:
    asked = "/webhooks/messenger?hub.mode=subscribe&hub.challenge=77&hub.verify_token="
    assert client.get(f"{asked}a%20word").text == "77"
    assert client.get(f"{asked}other").status_code == 403


def test_what_others_sign_is_refused_and_nothing_of_it_done(
    client: FlaskClient, chatbot: FakeChatbot, work: Callable[[], None]
) -> None:
    assert to_messenger(client, PAGE, "another secret") == 403
    assert to_zalo(client, ZALO_TEXT, "another secret") == 403
    assert client.post("/webhooks/zalo", data=b"nonsense").status_code == 403
    work()
    assert chatbot.heard == []


def test_a_message_of_messenger_is_answered_once_with_buttons(
    client: FlaskClient, chatbot: FakeChatbot, platform: Platform, work: Callable[[], None]
) -> None:
    chatbot.answer = reply("Cờ vàng.")
    chatbot.answer["replies"][0] |= {
        "buttons": [{"title": "Ý nghĩa các màu cờ trên bãi", "payload": "/ask_flag_meaning"}],
        "links": [{"title": "Bãi", "url": "https://town.example/"}],
    }
    assert to_messenger(client, PAGE) == to_messenger(client, PAGE) == 200
    work()
    assert [heard["text"] for heard in chatbot.heard] == ["hôm nay tắm biển được không"]
    ((path, body, token),) = platform.got
    assert (path, token) == ("/me/messages", "Bearer page token")
    assert body["recipient"] == {"id": "24680"}
    assert body["message"]["text"] == "Cờ vàng.\nBãi: https://town.example/"
    assert body["message"]["quick_replies"][0]["payload"] == "/ask_flag_meaning"

    pressed = json.loads(json.dumps(PAGE))
    message = pressed["entry"][0]["messaging"][0]["message"]
    message |= {"mid": "m_def", "quick_reply": {"payload": "/ask_flag_meaning"}}
    to_messenger(client, pressed)
    work()
    assert chatbot.heard[1]["payload"] == "/ask_flag_meaning"
    assert chatbot.heard[1]["conversation_id"] == chatbot.heard[0]["conversation_id"]


def test_on_zalo_a_button_is_chosen_by_its_number(
    client: FlaskClient, chatbot: FakeChatbot, platform: Platform, work: Callable[[], None]
) -> None:
    chatbot.answer = reply("Đúng không?")
    chatbot.answer["replies"][0]["buttons"] = [
        {"title": "Đúng", "payload": "/affirm"},
        {"title": "Không", "payload": "/deny"},
    ]
    assert to_zalo(client, ZALO_TEXT) == 200
    work()
    ((path, body, token),) = platform.got
    assert (path, token) == ("/oa/message/cs", "zalo token")
    assert body["message"]["text"] == "Đúng không?\n1. Đúng\n2. Không"
    to_zalo(client, ZALO_TEXT | {"message": {"msg_id": "next", "text": "2"}})
    work()
    assert chatbot.heard[1]["payload"] == "/deny"


def test_an_answer_that_was_not_taken_is_sent_again_and_not_asked_anew(
    client: FlaskClient, chatbot: FakeChatbot, platform: Platform, work: Callable[[], None],
    clock: TurnableClock,
) -> None:  # fmt: skip
    platform.status = 500
    to_zalo(client, ZALO_TEXT)
    work()
    platform.status = 200
    clock.advance(hours=1)
    work()
    assert len(chatbot.heard) == 1
    assert len(platform.got) == 1


def test_what_an_officer_says_goes_to_where_the_person_writes(
    client: FlaskClient, chatbot: FakeChatbot, platform: Platform, work: Callable[[], None],
    session: Session, as_staff: Callable[..., dict[str, str]],
) -> None:  # fmt: skip
    chatbot.answer = reply("Chuyển.", handed_over=True, handed_over_for="asked")
    to_zalo(client, ZALO_TEXT)
    work()
    conversation = session.scalars(select(ChatConversation)).one()
    client.post(
        f"/console/chats/{conversation.id}/answer",
        headers=as_staff(Role.OFFICER),
        data={"text": "Chào anh"},
    )
    work()
    assert platform.got[-1][1]["message"]["text"] == "Chào anh"
    assert platform.got[-1][1]["recipient"] == {"user_id": "246845883529197922"}
