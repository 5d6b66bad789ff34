"""One turn of a conversation, whatever channel it came by: the bot answers, or staff are told."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

import structlog
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from backend.chat import handover, transcripts
from backend.chat.chatbot import Chatbot, ChatbotUnavailable
from backend.chat.models import ChatConversation

log = structlog.get_logger()
Sessions = Callable[[], AbstractContextManager[Session]]


def turn(
    sessions: Sessions,
    chatbot: Chatbot,
    said: dict[str, Any],
    now: datetime,
    *,
    channel: str = "web",
    sender: str | None = None,
) -> dict[str, Any]:
    """The answer to what was *said* in a conversation, kept together with the question.

    *said* is in the chatbot's words: conversation_id, text or payload, lang, … . While the
    chatbot thinks no connection to the database is held.
    """
    conversation_id = uuid.UUID(said["conversation_id"])
    with sessions() as session:
        conversation = session.get(ChatConversation, conversation_id)
        waited = conversation is not None and conversation.silent
        for_staff = conversation is not None and handover.is_for_staff(session, conversation, now)
        notices = [] if for_staff or not waited else transcripts.latest(session, conversation_id, 1)
        told = [reply for notice in notices for reply in notice.said or []]
        if conversation is not None and for_staff:
            conversation.last_at = now
            replies = handover.hear(session, conversation, said, now)
            silent = conversation.silent
            last = transcripts.latest(session, conversation_id, 1)
        session.commit()
        number = str(last[0].id) if for_staff and last else ""
    if for_staff:
        return _by_staff(chatbot, said, replies, silent) | {"message_id": number}
    try:
        answer = chatbot.ask(said)
    except ChatbotUnavailable as problem:
        log.warning("chatbot.unavailable", reason=str(problem))
        with force_locale(said["lang"]):
            answer = unavailable()
    with sessions() as session:
        conversation = transcripts.begin(
            session, conversation_id, said["lang"], now, channel=channel, sender=sender
        )
        message = transcripts.keep_turn(session, conversation, said, answer, now)
        answer["replies"] = [*told, *answer["replies"]]
        if answer["handed_over"]:
            # In a form the bot goes on with its question; it is no longer heard.
            answer["replies"] = answer["replies"][: _until_handed(answer)]
            reason = answer.get("handed_over_for") or "asked"
            message = handover.hand_over(session, conversation, reason, now)
            answer["replies"] = [*answer["replies"], *(message.said or [])]
            answer["handed_over"] = conversation.silent
        answer["message_id"] = str(message.id)
        session.commit()
    answer.pop("handed_over_for", None)
    answer.pop("failed", None)
    return answer


def _until_handed(answer: dict[str, Any]) -> int:
    return 1 if answer.get("handed_over_for") in ("asked", "frustration") else 10


def _by_staff(
    chatbot: Chatbot, said: dict[str, Any], replies: list[dict[str, Any]], silent: bool
) -> dict[str, Any]:
    """What is answered at once while staff answer: nothing, unless somebody is in danger."""
    with force_locale(said["lang"]):
        text = said.get("text")
        if text and chatbot.danger(said["conversation_id"], text):
            replies = [*replies, *in_danger()]
    return {
        "replies": replies,
        "sources": [],
        "intent": None,
        "handed_over": silent,
    }


def in_danger() -> list[dict[str, Any]]:
    """What is said at once to who is in danger, whoever answers otherwise."""
    text = _(
        "CALL NOW: 112 search and rescue, 115 ambulance, 114 fire and rescue, 113 police. "
        "At the beach shout for the lifeguards."
    )
    return [{"text": text, "buttons": [], "image": None, "links": []}]


def unavailable() -> dict[str, Any]:
    """The honest answer while the chatbot gives none."""
    text = _(
        "Sorry, I cannot answer at the moment. Please try again in a few minutes. "
        "In danger, call at once: 112 search and rescue, 113 police, 114 fire, 115 ambulance."
    )
    links = [
        {"title": _("Beach status now"), "url": "/"},
        {"title": _("Report a problem"), "url": "/report"},
    ]
    return {
        "replies": [{"text": text, "buttons": [], "image": None, "links": links}],
        "sources": [],
        "intent": None,
        "handed_over": False,
        "failed": True,
    }
