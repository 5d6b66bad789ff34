"""One turn of a conversation, whatever channel it came by: the bot answers, or staff are told."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError
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
    try:
        for_staff = _told_to_staff(sessions, conversation_id, said, now)
    except SQLAlchemyError as problem:
        # Who is in danger is answered also while the database is away.
        log.error("chat.database", reason=type(problem).__name__)
        for_staff = ToStaff()
    if for_staff.heard:
        return _by_staff(chatbot, said, for_staff)
    try:
        answer = chatbot.ask(said)
    except ChatbotUnavailable as problem:
        log.warning("chatbot.unavailable", reason=str(problem))
        with force_locale(said["lang"]):
            answer = unavailable()
    answer["replies"] = [*for_staff.replies, *answer["replies"]]
    try:
        _keep(sessions, conversation_id, said, answer, now, channel=channel, sender=sender)
    except SQLAlchemyError as problem:
        log.error("chat.database", reason=type(problem).__name__)
        if answer["handed_over"]:  # nobody would read it
            with force_locale(said["lang"]):
                answer = unavailable()
    answer.pop("handed_over_for", None)
    answer.pop("failed", None)
    return answer


@dataclass(frozen=True)
class ToStaff:
    """Whether words went to staff: what is answered at once, and whether the bot is silent."""

    heard: bool = False
    replies: Sequence[dict[str, Any]] = ()
    silent: bool = False
    last: str = ""


def _told_to_staff(
    sessions: Sessions, conversation_id: uuid.UUID, said: dict[str, Any], now: datetime
) -> ToStaff:
    with sessions() as session:
        conversation = session.get(ChatConversation, conversation_id)
        if conversation is None:
            return ToStaff()
        waited = conversation.silent
        heard = handover.is_for_staff(session, conversation, now)
        replies: Sequence[dict[str, Any]] = ()
        if heard:
            conversation.last_at = now
            replies = handover.hear(session, conversation, said, now)
        last = transcripts.latest(session, conversation_id, 1)
        if waited and not heard:  # the bot talks again, and that was said
            replies = last[0].said or []
        silent, number = conversation.silent, str(last[0].id) if last else ""
        session.commit()
    return ToStaff(heard, replies, silent, number)


def _keep(
    sessions: Sessions,
    conversation_id: uuid.UUID,
    said: dict[str, Any],
    answer: dict[str, Any],
    now: datetime,
    *,
    channel: str,
    sender: str | None,
) -> None:
    """Keep the turn, and open the conversation to staff where the bot hands over."""
    with sessions() as session:
        conversation = transcripts.begin(
            session, conversation_id, said["lang"], now, channel=channel, sender=sender
        )
        message = transcripts.keep_turn(session, conversation, said, answer, now)
        if answer["handed_over"]:
            # In a form the bot goes on with its question; it is no longer heard.
            replies = answer["replies"][: _until_handed(answer)]
            reason = answer.get("handed_over_for") or "asked"
            message = handover.hand_over(session, conversation, reason, now)
            answer["replies"] = [*replies, *(message.said or [])]
            answer["handed_over"] = conversation.silent
        answer["message_id"] = str(message.id)
        session.commit()


def _until_handed(answer: dict[str, Any]) -> int:
    return 1 if answer.get("handed_over_for") in ("asked", "frustration") else 10


def _by_staff(chatbot: Chatbot, said: dict[str, Any], told: ToStaff) -> dict[str, Any]:
    """What is answered at once while staff answer: nothing, unless somebody is in danger."""
    replies = list(told.replies)
    text = said.get("text")
    if text and chatbot.danger(said["conversation_id"], text):
        with force_locale(said["lang"]):
            replies += in_danger()
    return {
        "replies": replies,
        "sources": [],
        "intent": None,
        "handed_over": told.silent,
        "message_id": told.last,
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
