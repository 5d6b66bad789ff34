"""What is kept of conversations, for staff who take over and for those who write answers."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.chat.masking import masked
from backend.chat.models import By, ChatConversation, ChatMessage, Stage
from content.errors import N_, NotFound

UNSURE = 0.45
"""Below this confidence a question was hardly understood."""

AT_MOST = 200


def conversation_of(session: Session, conversation_id: uuid.UUID) -> ChatConversation:
    """A conversation by its id. Raises NotFound."""
    found = session.get(ChatConversation, conversation_id)
    if found is None:
        raise NotFound(N_("There is no such conversation."))
    return found


def begin(
    session: Session,
    conversation_id: uuid.UUID,
    language: str,
    now: datetime,
    *,
    channel: str = "web",
    sender: str | None = None,
) -> ChatConversation:
    """The conversation with that id, made where there is none yet."""
    found = session.get(ChatConversation, conversation_id)
    if found is None:
        found = ChatConversation(
            id=conversation_id,
            channel=channel,
            sender=sender,
            language=language,
            created_at=now,
            last_at=now,
            stage=Stage.BOT,
            silent=False,
            takes_message=False,
        )
        session.add(found)
        session.flush()
    found.last_at, found.language = now, language
    return found


def keep(
    session: Session,
    conversation: ChatConversation,
    by: By,
    text: str,
    now: datetime,
    *,
    plain: bool = False,
    **more: Any,
) -> ChatMessage:
    """Keep what was said; masked unless *plain*, for staff who answer it now."""
    message = ChatMessage(
        conversation_id=conversation.id,
        at=now,
        by=by,
        text=text if plain else masked(text),
        **more,
    )
    session.add(message)
    session.flush()
    return message


def keep_turn(
    session: Session,
    conversation: ChatConversation,
    said: Mapping[str, Any],
    answer: Mapping[str, Any],
    now: datetime,
) -> ChatMessage:
    """Keep a question and the bot's answer to it; the answer's message."""
    intent = answer.get("intent") or {}
    text = said.get("text")
    unsure = intent.get("confidence", 1.0) < UNSURE
    keep(
        session,
        conversation,
        By.PERSON,
        text or str(said.get("payload") or ""),
        now,
        intent=intent.get("name"),
        confidence=intent.get("confidence"),
        wanting=bool(text) and bool(answer.get("failed") or unsure or not intent),
    )
    replies = [
        {**reply, "text": masked(reply.get("text") or "")} for reply in answer.get("replies", [])
    ]
    return keep(
        session,
        conversation,
        By.BOT,
        "\n".join(reply["text"] for reply in replies),
        now,
        said=replies,
    )


def messages_after(
    session: Session, conversation_id: uuid.UUID, after: int = 0
) -> Sequence[ChatMessage]:
    """What was said after the message with the number *after*, in its order."""
    return session.scalars(
        select(ChatMessage)
        .where(ChatMessage.conversation_id == conversation_id, ChatMessage.id > after)
        .order_by(ChatMessage.id)
        .limit(AT_MOST)
    ).all()


def rate(
    session: Session,
    conversation_id: uuid.UUID,
    message_id: int,
    *,
    helpful: bool,
    comment: str = "",
) -> None:
    """Say whether an answer helped; the question before it then waits for who writes answers.

    Raises NotFound.
    """
    message = session.get(ChatMessage, message_id)
    if message is None or message.conversation_id != conversation_id or message.by == By.PERSON:
        raise NotFound(N_("There is no such message."))
    message.helpful, message.comment = helpful, masked(comment) or None
    question = session.scalar(
        select(ChatMessage)
        .where(
            ChatMessage.conversation_id == conversation_id,
            ChatMessage.id < message_id,
            ChatMessage.by == By.PERSON,
        )
        .order_by(ChatMessage.id.desc())
        .limit(1)
    )
    if question is not None and not helpful and not question.text.startswith("/"):
        question.wanting = True


def latest(
    session: Session, conversation_id: uuid.UUID, most: int = AT_MOST
) -> Sequence[ChatMessage]:
    """What was said last, in its order, *most* messages."""
    found = session.scalars(
        select(ChatMessage)
        .where(ChatMessage.conversation_id == conversation_id)
        .order_by(ChatMessage.id.desc())
        .limit(most)
    ).all()
    return found[::-1]
