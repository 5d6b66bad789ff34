"""Talking with the chatbot through the gateway."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.settings import Settings
from tests.fakes.chatbot import FakeChatbot, reply

MESSAGES = "/api/v1/chat/messages"


@pytest.fixture
def settings(settings: Settings, chatbot: FakeChatbot) -> Settings:
    return dataclasses.replace(settings, chatbot_url=chatbot.url)


def say(client: FlaskClient, text: str = "Chào", **more: Any) -> Any:
    return client.post(MESSAGES, json={"text": text, **more})


def test_a_message_reaches_the_chatbot_with_its_key_and_the_answer_comes_back(
    client: FlaskClient, chatbot: FakeChatbot, settings: Settings
) -> None:
    chatbot.answer = {
        "replies": [
            {
                "text": "Bãi đang treo cờ vàng.",
                "buttons": [{"title": "Thời tiết", "payload": '/ask_weather{"date": "mai"}'}],
                "image": "/static/flags/yellow.svg",
                "links": [{"title": "Bãi biển", "url": "https://example.org/bai"}],
            }
        ],
        "sources": [
            {
                "type": "beach",
                "id": "lan-chau",
                "title": "Lan Châu",
                "updated_at": "2026-07-01T00:30:00+00:00",
            }
        ],
        "intent": {"name": "ask_swim_safety", "confidence": 0.93},
        "handed_over": False,
    }
    answer = say(client, "tắm biển được không", lang="vi", location={"lat": 18.8, "lng": 105.7})
    assert answer.status_code == 200
    assert chatbot.paths == ["/webhooks/town/webhook"]
    assert chatbot.keys == [settings.chatbot_key]
    assert chatbot.heard == [
        {
            "conversation_id": answer.json["conversation_id"],
            "text": "tắm biển được không",
            "lang": "vi",
            "location": {"lat": 18.8, "lng": 105.7},
            "photo_id": None,
        }
    ]
    assert answer.json["replies"] == chatbot.answer["replies"]
    assert answer.json["intent"] == chatbot.answer["intent"]
    assert answer.json["sources"][0]["updated_at"] == "2026-07-01T07:30:00+07:00"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_conversation_goes_on_with_its_token(client: FlaskClient, chatbot: FakeChatbot) -> None:
    first = say(client).json
    known = {name: first[name] for name in ("conversation_id", "conversation_token")}
    second = client.post(MESSAGES, json={"payload": "/affirm", **known})
    assert second.status_code == 200
    assert second.json["conversation_id"] == first["conversation_id"]
    assert chatbot.heard[1]["conversation_id"] == first["conversation_id"]
    assert chatbot.heard[1]["payload"] == "/affirm"
    assert "text" not in chatbot.heard[1]


def test_nobody_speaks_in_anothers_conversation(client: FlaskClient, chatbot: FakeChatbot) -> None:
    mine, theirs = say(client).json, say(client).json
    answer = say(
        client,
        conversation_id=theirs["conversation_id"],
        conversation_token=mine["conversation_token"],
    )
    assert answer.status_code == 403
    assert answer.content_type == "application/problem+json"
    without = say(client, conversation_id=theirs["conversation_id"])
    assert without.status_code == 422
    assert "conversation_token" in without.json["errors"]
    assert len(chatbot.heard) == 2


@pytest.mark.parametrize(
    ("message", "field"),
    [
        ({}, "text"),
        ({"text": "a", "payload": "/greet"}, "text"),
        ({"text": ""}, "text"),
        ({"text": "   "}, "text"),
        ({"text": "/"}, "text"),
        ({"text": "a" * 2001}, "text"),
        ({"text": 5}, "text"),
        ({"text": "a\x00b"}, "text"),
        ({"payload": "greet"}, "payload"),
        ({"payload": "/greet/../x"}, "payload"),
        ({"payload": "/greet{broken}"}, "payload"),
        ({"payload": "/SetSlots(staff=true)"}, "payload"),
        ({"payload": '/greet{"a": {"b": 1}}'}, "payload"),
        ({"payload": '/greet{"a": ["b"]}'}, "payload"),
        ({"text": "a", "lang": "fr"}, "lang"),
        ({"text": "a", "location": {"lat": 91, "lng": 0}}, "location"),
        ({"text": "a", "conversation_id": "1", "conversation_token": "x"}, "conversation_id"),
        ({"text": "a", "sender": "me"}, "sender"),
    ],
)
def test_bad_input_is_refused_by_the_fields_name_and_not_passed_on(
    client: FlaskClient, chatbot: FakeChatbot, message: dict[str, Any], field: str
) -> None:
    answer = client.post(MESSAGES, json=message)
    assert answer.status_code == 422
    assert field in answer.json["errors"]
    assert chatbot.heard == []


def test_a_typed_slash_gives_the_chatbot_no_command(
    client: FlaskClient, chatbot: FakeChatbot
) -> None:
    say(client, "/restart")
    assert chatbot.heard[0]["text"] == "restart"


NONSENSE = [
    b"not json",
    b"[]",
    b"{}",
    b'{"replies": []}',
    b'{"replies": [{"text": 5}]}',
    b'{"replies": [{"text": "x", "image": "data:image/png;base64,AAAA"}]}',
    b'{"replies": [{"text": "x", "links": "none"}]}',
]


@pytest.mark.parametrize("raw", NONSENSE)
def test_nonsense_of_the_chatbot_is_not_passed_on(
    client: FlaskClient, chatbot: FakeChatbot, raw: bytes
) -> None:
    chatbot.raw = raw
    assert_honest(say(client))


@pytest.mark.parametrize("status", [302, 401, 500, 503])
def test_a_failing_chatbot_is_answered_honestly(
    client: FlaskClient, chatbot: FakeChatbot, status: int
) -> None:
    chatbot.status = status
    assert_honest(say(client))


def test_a_slow_chatbot_is_answered_honestly(
    make_app: Callable[..., Flask], chatbot: FakeChatbot
) -> None:
    chatbot.fall_silent()
    assert_honest(say(make_app(chatbot_timeout=0.3).test_client()))


def test_a_chatbot_that_is_down_is_answered_honestly_and_the_conversation_goes_on_later(
    make_app: Callable[..., Flask],
) -> None:
    down = say(make_app(chatbot_url="http://127.0.0.1:9").test_client())
    assert_honest(down)
    up = make_app()
    known = {name: down.json[name] for name in ("conversation_id", "conversation_token")}
    assert say(up.test_client(), **known).json["replies"][0]["text"] == "Chào bạn!"


def test_while_the_database_is_away_the_bot_still_answers_and_nobody_is_handed_over(
    make_app: Callable[..., Flask], chatbot: FakeChatbot, tmp_path: Path
) -> None:
    client = make_app(database_url=f"sqlite:///{tmp_path / 'empty.db'}").test_client()
    chatbot.answer = reply("GỌI NGAY: 112")
    assert say(client, "có người đuối nước").json["replies"][0]["text"] == "GỌI NGAY: 112"
    chatbot.answer = reply("Mình chuyển bạn.", handed_over=True)
    assert_honest(say(client, "gặp cán bộ"))


def test_the_honest_answer_is_in_the_language_asked_for(
    client: FlaskClient, chatbot: FakeChatbot
) -> None:
    chatbot.status = 500
    asked_in_body = say(client, lang="en").json["replies"][0]["text"]
    by_header = client.post(MESSAGES, json={"text": "hi"}, headers={"Accept-Language": "en"})
    assert asked_in_body == by_header.json["replies"][0]["text"]
    assert "I cannot answer" in asked_in_body
    assert "I cannot answer" not in say(client, lang="vi").json["replies"][0]["text"]


def assert_honest(answer: Any) -> None:
    assert answer.status_code == 200
    said = answer.json["replies"][0]["text"]
    assert all(number in said for number in ("112", "113", "114", "115"))
    assert answer.json["intent"] is None
    assert answer.json["handed_over"] is False
    assert answer.json["sources"] == []
    assert answer.json["conversation_token"]


def test_what_the_chatbot_adds_beyond_the_contract_is_left_out(
    client: FlaskClient, chatbot: FakeChatbot
) -> None:
    chatbot.answer = reply("Chào", slots={"phone": "0900000000"})
    chatbot.answer["replies"][0]["custom"] = {"html": "<b>"}
    answer = say(client)
    assert "slots" not in answer.json
    assert "custom" not in answer.json["replies"][0]


def test_an_unsafe_link_or_button_is_left_out_and_the_words_stay(
    client: FlaskClient, chatbot: FakeChatbot
) -> None:
    good = {"title": "Bãi biển", "url": "/"}
    addresses = (
        "javascript:alert(1)",
        "//evil.example",
        "/\\evil.example",
        "ftp://x.example",
        "http://[",
        "",
    )
    chatbot.answer = reply("Cờ đỏ!", sources=[{"title": "no type"}, {"type": "x", "title": "x"}])
    chatbot.answer["replies"][0] |= {
        "links": [*({"title": "x", "url": address} for address in addresses), good],
        "buttons": [{"title": "x", "payload": "rm -rf"}, {"title": "Có", "payload": "/affirm"}],
    }
    answer = say(client).json
    assert answer["replies"][0]["text"] == "Cờ đỏ!"
    assert answer["replies"][0]["links"] == [good]
    assert [button["title"] for button in answer["replies"][0]["buttons"]] == ["Có"]
    assert [source["type"] for source in answer["sources"]] == ["x"]


def test_no_database_connection_is_held_while_the_chatbot_thinks(
    app: Flask, client: FlaskClient, chatbot: FakeChatbot
) -> None:
    held = []
    chatbot.on_message = lambda: held.append(app.extensions["engine"].pool.checkedout())
    assert say(client).status_code == 200
    assert held == [0]


def test_a_conversation_that_asks_without_end_is_slowed_down_alone(
    make_app: Callable[..., Flask],
) -> None:
    client = make_app(ratelimit_enabled=True).test_client()
    begun = say(client).json
    known = {name: begun[name] for name in ("conversation_id", "conversation_token")}
    statuses = [say(client, **known).status_code for _ in range(21)]
    assert statuses == [200] * 20 + [429]
    assert say(client).status_code == 200
