"""Tables of conversations: what was said, by whom, and who is asked to answer."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from content.store import Base, Json, Key, RowId


class By(StrEnum):
    """Who said something."""

    PERSON = "person"
    BOT = "bot"
    OFFICER = "officer"
    SYSTEM = "system"


class Stage(StrEnum):
    """Who answers: the bot, or staff who are waited for or are at it."""

    BOT = "bot"
    WAITING = "waiting"
    ANSWERED = "answered"


class ChatConversation(Base):
    """A conversation. `sender` is whom another channel than our own calls the person.

    `silent`: the bot says nothing, because people talk with each other. `takes_message`: the
    next words are for staff who are not there now.
    """

    __tablename__ = "chat_conversation"
    __table_args__ = (
        UniqueConstraint("channel", "sender"),
        Index("ix_chat_conversation_stage", "stage", "handed_over_at"),
    )

    id: Mapped[Key]
    channel: Mapped[str] = mapped_column(default="web")
    sender: Mapped[str | None]
    language: Mapped[str]
    stage: Mapped[str] = mapped_column(default=Stage.BOT)
    silent: Mapped[bool] = mapped_column(default=False)
    takes_message: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str | None]
    staff_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    last_at: Mapped[datetime] = mapped_column(index=True)
    handed_over_at: Mapped[datetime | None]


class ChatMessage(Base):
    """Something that was said; a question also holds how it was understood and what became of it.

    `said` is what the bot answered, with its buttons and links. `settled` says what an editor
    made of a question: "intent" (with `label`), "faq" or "dropped".
    """

    __tablename__ = "chat_message"
    __table_args__ = (
        Index("ix_chat_message_conversation_id", "conversation_id", "id"),
        Index("ix_chat_message_wanting", "wanting", "settled", "id"),
    )

    id: Mapped[RowId]
    conversation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey(ChatConversation.id, ondelete="CASCADE")
    )
    at: Mapped[datetime]
    by: Mapped[str]
    text: Mapped[str]
    said: Mapped[list[dict[str, Any]] | None] = mapped_column(Json)
    staff_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))
    intent: Mapped[str | None]
    confidence: Mapped[float | None]
    wanting: Mapped[bool] = mapped_column(default=False)
    helpful: Mapped[bool | None]
    comment: Mapped[str | None]
    settled: Mapped[str | None]
    label: Mapped[str | None]


class ChatPhoto(Base):
    """A photo that was sent in a conversation, until a report gets it or a day has passed."""

    __tablename__ = "chat_photo"

    id: Mapped[Key]
    conversation_id: Mapped[uuid.UUID] = mapped_column(index=True)
    name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(index=True)
