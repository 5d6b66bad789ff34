"""People instead of the bot: handing over, officers who answer, and back; photos and ratings."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.accounts.roles import Role
from backend.chat import handover, retention
from backend.settings import Settings
from content.seeding import seed_vocabularies
from tests.conftest import TurnableClock
from tests.factories.feedback import NewReportFactory
from tests.factories.files import image
from tests.fakes.chatbot import FakeChatbot, reply

MESSAGES = "/api/v1/chat/messages"
CONVERSATIONS = "/api/v1/chat/conversations"
ASKED = reply("Mình chuyển bạn.", handed_over=True, handed_over_for="asked")


@pytest.fixture
def settings(settings: Settings, chatbot: FakeChatbot) -> Settings:
    return dataclasses.replace(settings, chatbot_url=chatbot.url)


class Person:
    """Somebody who writes."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.known: dict[str, str] = {}

    def say(self, text: str = "Chào", **more: Any) -> dict[str, Any]:
        body = {"lang": "vi", **({} if "payload" in more else {"text": text}), **more, **self.known}
        answer = self.client.post(MESSAGES, json=body)
        assert answer.status_code == 200, answer.json
        self.known = {n: answer.json[n] for n in ("conversation_id", "conversation_token")}
        heard: dict[str, Any] = answer.json
        return heard

    @property
    def url(self) -> str:
        return f"{CONVERSATIONS}/{self.known['conversation_id']}"

    @property
    def headers(self) -> dict[str, str]:
        return {"X-Conversation-Token": self.known["conversation_token"]}

    def hear(self, after: object = 0) -> Any:
        return self.client.get(f"{self.url}/messages?after={after}", headers=self.headers)


@pytest.fixture
def person(client: FlaskClient) -> Person:
    return Person(client)


@pytest.fixture
def officer(client: FlaskClient, as_staff: Callable[..., dict[str, str]]) -> Callable[..., Any]:
    headers = as_staff(Role.OFFICER)

    def call(path: str, **form: str) -> Any:
        url = f"/console/chats{path}"
        if form or path.endswith("/close"):
            return client.post(url, headers=headers, data=form)
        return client.get("/console" if path == "/.." else url, headers=headers)

    return call


def test_an_officer_answers_while_the_bot_is_silent_and_the_bot_takes_over_again(
    person: Person, officer: Callable[..., Any], chatbot: FakeChatbot
) -> None:
    person.say("bãi nào đẹp")
    chatbot.answer = ASKED
    heard = person.say("cho gặp cán bộ")
    assert heard["handed_over"] is True
    assert "Cán bộ đọc cuộc trò chuyện này" in heard["replies"][-1]["text"]
    silent = person.say("tôi bị mất ví, số tôi là 0912 345 678")
    assert (silent["replies"], silent["handed_over"]) == ([], True)
    assert len(chatbot.heard) == 3  # of the last words only whether they cry out danger
    assert chatbot.paths[-1] == "/webhooks/town/danger"

    conversation = person.known["conversation_id"]
    assert conversation in officer("").text
    assert "1 cuộc trò chuyện đang chờ cán bộ" in officer("/..").text
    page = officer(f"/{conversation}").text
    assert "bãi nào đẹp" in page
    assert "0912 345 678" in page
    assert officer(f"/{conversation}/answer", text="Anh chờ chút nhé").status_code == 302
    answers = person.hear(after=heard["message_id"]).json
    assert [item["text"] for item in answers["items"] if item["by"] == "officer"] == [
        "Anh chờ chút nhé"
    ]
    assert answers["handed_over"] is True

    assert officer(f"/{conversation}/close").status_code == 302
    assert officer(f"/{conversation}").status_code == 404
    after = person.hear().json
    assert after["handed_over"] is False
    assert "0912" not in str(after)
    chatbot.answer = reply("Chào bạn!")
    assert person.say("xin chào")["replies"][0]["text"] == "Chào bạn!"


def test_danger_is_answered_at_once_also_while_staff_answer(
    person: Person, chatbot: FakeChatbot
) -> None:
    chatbot.answer = ASKED
    person.say("gặp cán bộ")
    chatbot.answer = {"danger": "report_emergency"}
    assert "112" in person.say("có người đuối nước")["replies"][0]["text"]


def test_outside_office_hours_a_message_is_taken_and_the_bot_goes_on(
    person: Person, officer: Callable[..., Any], chatbot: FakeChatbot, clock: TurnableClock
) -> None:
    clock.advance(hours=12)
    chatbot.answer = ASKED
    heard = person.say("gặp cán bộ")
    assert heard["handed_over"] is False
    assert "07:30 02/07/2026" in heard["replies"][-1]["text"]
    chatbot.answer = reply("Chào bạn!")
    assert "giữ lại cho cán bộ" in person.say("mai gọi lại cho tôi")["replies"][0]["text"]
    assert person.say("xin chào")["replies"][0]["text"] == "Chào bạn!"
    conversation = person.known["conversation_id"]
    assert "mai gọi lại cho tôi" in officer(f"/{conversation}").text
    officer(f"/{conversation}/answer", text="Chào anh")
    after = person.say("vâng")
    assert (after["replies"], after["handed_over"]) == ([], True)


def test_who_did_not_ask_for_a_person_outside_office_hours_keeps_the_bot(
    person: Person, chatbot: FakeChatbot, clock: TurnableClock
) -> None:
    clock.advance(hours=12)
    chatbot.answer = ASKED | {"handed_over_for": "failures"}
    heard = person.say("hu")
    assert heard["replies"][-1]["buttons"][0]["payload"] == "/request_human"
    chatbot.answer = reply("Chào bạn!")
    assert person.say("xin chào")["replies"][0]["text"] == "Chào bạn!"


def test_the_bot_talks_again_when_no_officer_comes_and_when_the_person_wants_it(
    person: Person, chatbot: FakeChatbot, clock: TurnableClock
) -> None:
    chatbot.answer = ASKED
    person.say("gặp cán bộ")
    chatbot.answer = reply("Chào bạn!")
    clock.advance(minutes=11)
    told, answered = (reply["text"] for reply in person.say("còn ai không")["replies"])
    assert told.startswith("Chưa có cán bộ nào trả lời")
    assert answered == "Chào bạn!"
    chatbot.answer = ASKED
    person.say("gặp cán bộ")
    chatbot.answer = reply("Chào bạn!")
    assert person.say(payload="/cancel")["handed_over"] is False
    assert person.say("xin chào")["replies"][0]["text"] == "Chào bạn!"


def test_only_officers_see_conversations_and_only_those_handed_over(
    client: FlaskClient, person: Person, officer: Callable[..., Any],
    as_staff: Callable[..., dict[str, str]],
) -> None:  # fmt: skip
    person.say("chào")
    assert officer(f"/{person.known['conversation_id']}").status_code == 404
    assert client.get("/console/chats", headers=as_staff(Role.EDITOR)).status_code == 403
    stranger = Person(client)
    stranger.say("chào")
    person.known["conversation_token"] = stranger.known["conversation_token"]
    assert person.hear().status_code == 403


def test_a_transcript_holds_no_numbers_of_people_and_is_erased_in_time(
    person: Person, session: Session, clock: TurnableClock
) -> None:
    person.say("gọi tôi 0912.345.678 hoặc a.b@example.org, CCCD 040099001234")
    kept = person.hear().json["items"][0]["text"]
    assert kept == "gọi tôi [số] hoặc [email], CCCD [số]"
    assert retention.erase(session, clock()) == 0
    clock.advance(days=91)
    assert retention.erase(session, clock()) == 1
    session.commit()
    assert person.hear().json["items"] == []


def test_the_office_is_open_by_its_hours(session: Session, clock: TurnableClock) -> None:
    assert handover.opens_at(session, clock()) is None
    clock.advance(days=3)  # a Saturday
    opening = handover.opens_at(session, clock())
    assert opening is not None
    assert opening.isoweekday() == 1


def test_a_photo_is_kept_for_the_report_that_gets_it(
    client: FlaskClient, person: Person, settings: Settings, session: Session, clock: TurnableClock
) -> None:
    seed_vocabularies(session, clock())
    session.commit()
    person.say("chào")

    def send(data: bytes) -> Any:
        form = {"photo": (io.BytesIO(data), "a.jpg")}
        return client.post(f"{person.url}/photos", headers=person.headers, data=form)

    assert send(b"no photo").status_code == 422
    photo = send(image()).json["photo_id"]
    report = client.post(
        "/api/v1/reports",
        headers={"Idempotency-Key": "2f1c9c7e-0f3b-4f6e-9a55-0a3a51a0a001"},
        json=NewReportFactory(),
    ).json
    body = {"report_id": report["id"], "access_token": report["access_token"]}
    from_bot = {
        "X-Chatbot-Key": settings.chatbot_key,
        "X-Conversation-Id": person.known["conversation_id"],
    }
    url = f"/api/v1/chat/photos/{photo}/report"
    assert client.post(url, json=body).status_code == 403
    other = from_bot | {"X-Conversation-Id": photo}
    assert client.post(url, json=body, headers=other).status_code == 404
    assert client.post(url, json=body, headers=from_bot).status_code == 204
    assert client.post(url, json=body, headers=from_bot).status_code == 204
    seen = client.get(
        f"/api/v1/reports/{report['code']}", headers={"X-Access-Token": report["access_token"]}
    ).json
    assert len(seen["photos"]) == 1


def test_what_failed_or_was_rated_badly_is_taught_answered_or_dropped(
    client: FlaskClient, person: Person, chatbot: FakeChatbot,
    as_staff: Callable[..., dict[str, str]],
) -> None:  # fmt: skip
    editor = as_staff(Role.EDITOR)
    chatbot.answer = reply("Chưa biết", failed=True)
    person.say("thả diều ở bãi được không")
    person.say("tha dieu o bai dc ko")
    person.say("số tôi 0912345678, sao chưa ai gọi")
    chatbot.answer = reply("Có thể")
    rated = person.say("thuyền thúng giá sao")["message_id"]
    body = {"message_id": int(rated), "helpful": False, "comment": "sai"}
    url = f"{person.url}/rating"
    assert client.post(url, json=body).status_code == 403
    assert client.post(url, json=body, headers=person.headers).status_code == 204
    page = client.get("/console/questions", headers=editor).text
    assert "thả diều ở bãi được không" in page
    assert "× 2" in page
    assert "thuyền thúng" in page
    assert "0912345678" not in page

    def settle(act: str, text: str, **form: str) -> Any:
        page = client.get("/console/questions", headers=editor).text
        ids = page.split(text)[1].split('name="ids" value="')[1].split('"')[0]
        return client.post(f"/console/questions/{act}", headers=editor, data={"ids": ids, **form})

    assert settle("intent", "thuyền thúng", label="nonsense").status_code == 422
    assert settle("intent", "thuyền thúng", label="ask_price").status_code == 302
    faq = settle("faq", "thả diều ở bãi được không")
    assert client.get(faq.location, headers=editor).status_code == 200
    assert settle("dropped", "sao chưa ai gọi").status_code == 302
    assert "thuyền thúng" not in client.get("/console/questions", headers=editor).text
    exported = client.get("/console/questions.yml", headers=editor).text
    assert "- intent: ask_price\n  examples: |\n    - thuyền thúng giá sao\n" in exported
    assert "diều" not in exported
