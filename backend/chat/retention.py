"""Conversations are erased after a set time, and photos that nobody used after a day."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend.chat import handover, photos
from backend.chat.models import ChatConversation, ChatMessage, Stage
from notifications import outbox
from notifications.worker import Handler, Task

ERASE = "chat.erase"
EVERY = timedelta(hours=6)
LEFT_ALONE = timedelta(days=2)
"""After so long without a word an open conversation goes back to the bot, and is masked."""


def plan(session: Session, now: datetime) -> None:
    """Erase now, once however often it is asked for."""
    outbox.enqueue(session, ERASE, {}, now=now, key=f"{ERASE}:{_slot(now)}")


def _slot(now: datetime) -> str:
    return f"{now:%Y-%m-%d}-{now.hour // 6}"


def handlers(keep: timedelta, data_dir: Path) -> dict[str, Handler]:
    """What the worker does so that no conversation is kept longer than *keep* after its end."""

    def run(task: Task) -> None:
        now = task.clock()
        with task.sessions.begin() as session:
            erase(session, now - keep)
            for left in _left_alone(session, now):
                handover.close(session, left, now)
            photos.forget_old(session, photos.storage(data_dir), now)
            later = now + EVERY
            outbox.enqueue(session, ERASE, {}, now=now, due_at=later, key=f"{ERASE}:{_slot(later)}")
            task.done(session)

    return {ERASE: run}


def erase(session: Session, before: datetime) -> int:
    """Erase what was last spoken in before a moment; how many conversations that was."""
    old = select(ChatConversation.id).where(ChatConversation.last_at < before)
    session.execute(delete(ChatMessage).where(ChatMessage.conversation_id.in_(old)))
    gone = session.execute(delete(ChatConversation).where(ChatConversation.last_at < before))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _left_alone(session: Session, now: datetime) -> list[ChatConversation]:
    return list(
        session.scalars(
            select(ChatConversation).where(
                ChatConversation.stage != Stage.BOT, ChatConversation.last_at < now - LEFT_ALONE
            )
        )
    )
