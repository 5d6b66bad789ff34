"""Talking with the chatbot in a real browser."""

from __future__ import annotations

from selenium.webdriver.common.keys import Keys

from tests.browser.conftest import Browser
from tests.fakes.chatbot import FakeChatbot, reply

ANSWER = {
    "replies": [
        {
            "text": "Bãi đang treo cờ vàng.\n<b>Cẩn thận</b>",
            "buttons": [{"title": "Ý nghĩa các màu cờ", "payload": "/ask_flag_meaning"}],
            "image": None,
            "links": [{"title": "Tình trạng bãi biển", "url": "/"}],
        }
    ],
    "sources": [
        {
            "type": "beach",
            "id": "lan-chau",
            "title": "Bãi Lan Châu",
            "updated_at": "2026-07-01T00:30:00+00:00",
        }
    ],
}


def ask(phone: Browser, text: str) -> None:
    phone.find("#text").send_keys(text, Keys.ENTER)


def test_a_turn_shows_the_reply_its_source_with_the_date_and_its_button(
    phone: Browser, chatbot: FakeChatbot
) -> None:
    chatbot.answer = reply("") | ANSWER
    phone.open("/chat")
    ask(phone, "hôm nay tắm biển được không")
    assert phone.shows("hôm nay tắm biển được không", "#log")
    assert phone.shows("Bãi đang treo cờ vàng.\n<b>Cẩn thận</b>", "#log")
    assert phone.shows("07:30 01/07/2026", "#log .sources")
    assert phone.breaches() == []
    chatbot.answer = reply("Cờ vàng là nguy hiểm vừa.")
    phone.press("Ý nghĩa các màu cờ")
    assert phone.shows("Cờ vàng là nguy hiểm vừa.", "#log")
    assert [heard.get("text") or heard["payload"] for heard in chatbot.heard] == [
        "hôm nay tắm biển được không",
        "/ask_flag_meaning",
    ]
    assert len({heard["conversation_id"] for heard in chatbot.heard}) == 1
    assert chatbot.heard[0]["location"] is None


def test_the_conversation_outlives_a_reload_until_one_begins_again(
    phone: Browser, chatbot: FakeChatbot
) -> None:
    chatbot.answer = reply("Chào bạn!")
    phone.open("/chat")
    ask(phone, "xin chào nhé")
    assert phone.shows("Chào bạn!", "#log")
    phone.open("/chat")
    assert phone.shows("xin chào nhé", "#log")
    ask(phone, "còn đó không")
    assert phone.shows("còn đó không", "#log")
    assert len({heard["conversation_id"] for heard in chatbot.heard}) == 1
    phone.press("Bắt đầu lại")
    assert "xin chào nhé" not in phone.find("#log").text
    ask(phone, "lần nữa")
    assert phone.shows("lần nữa", "#log")
    assert len({heard["conversation_id"] for heard in chatbot.heard}) == 2


def test_the_position_is_sent_only_after_its_button_was_pressed(
    phone: Browser, chatbot: FakeChatbot
) -> None:
    chatbot.answer = reply("Gần bạn có chợ.")
    phone.stand_at(18.81, 105.72)
    phone.open("/chat")
    phone.press("Gửi kèm vị trí của tôi với câu hỏi")
    phone.find("#position[aria-pressed=true]")
    ask(phone, "gần đây có gì")
    assert phone.shows("Gần bạn có chợ.", "#log")
    assert chatbot.heard[0]["location"] == {"lat": 18.81, "lng": 105.72}


def test_a_lost_message_is_given_back_to_be_sent_again(
    phone: Browser, chatbot: FakeChatbot
) -> None:
    chatbot.answer = reply("Chào bạn!")
    phone.open("/chat")
    phone.go_offline()
    ask(phone, "có ai không")
    assert phone.shows("Tin nhắn chưa gửi được", "#chat-error")
    assert phone.find("#text").get_attribute("value") == "có ai không"
    phone.go_offline(False)
    phone.press("Gửi")
    assert phone.shows("Chào bạn!", "#log")
    assert len(chatbot.heard) == 1


def test_a_chatbot_that_fails_is_admitted_with_the_numbers_to_call(
    phone: Browser, chatbot: FakeChatbot
) -> None:
    chatbot.status = 500
    phone.open("/chat")
    phone.press("Ở đây có gì để xem?")
    assert phone.shows("hiện tôi chưa trả lời được", "#log")
    assert phone.shows("115 cấp cứu", "#log")
