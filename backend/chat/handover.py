"""People instead of the bot: a conversation opens to staff, who answer it, and goes back."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_babel import force_locale, format_datetime
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.chat.masking import masked
from backend.chat.models import By, ChatConversation, ChatMessage, Stage
from backend.chat.transcripts import keep
from backend.feedback.promises import working_time
from content import town
from content.errors import N_, Conflict, Invalid

PATIENCE = timedelta(minutes=10)
"""So long the bot is silent while nobody has answered."""

BACK_TO_BOT = "/cancel"
ASKED = "asked"
"""The reason where the person asked for somebody."""

_MOMENT = timedelta(seconds=1)


def opens_at(session: Session, now: datetime) -> datetime | None:
    """When the offices open next; None while they are open."""
    working = working_time(session)
    if working.between(now, now + _MOMENT) > timedelta():
        return None
    return working.add(now, _MOMENT) - _MOMENT


def hand_over(
    session: Session, conversation: ChatConversation, reason: str, now: datetime
) -> ChatMessage:
    """Open *conversation* to staff; the message that tells the person how it goes on.

    While the offices are closed a message is taken from who asked for a person; who did not ask
    is told when there will be one, and the bot goes on.
    """
    opening = opens_at(session, now)
    if opening is not None and reason != ASKED:
        with force_locale(conversation.language):
            text = _(
                "The office is closed now and opens at %(when)s. Press the button to leave a "
                "message for the officers.",
                when=_moment_of(opening),
            )
            leave = {"title": _("Leave a message"), "payload": "/request_human"}
        said = [_reply(text, buttons=[leave])]
        return keep(session, conversation, By.SYSTEM, text, now, said=said)
    if conversation.stage == Stage.BOT:
        conversation.stage, conversation.reason = Stage.WAITING, reason
        conversation.handed_over_at = now
    conversation.silent = opening is None
    conversation.takes_message = opening is not None
    with force_locale(conversation.language):
        if opening is None:
            text = _(
                "An officer reads this conversation and answers here. Until then the automatic "
                "assistant is silent. In danger call 112, 113, 114 or 115."
            )
        else:
            text = _(
                "The office is closed now and opens at %(when)s. Write your message: officers "
                "read it then and answer here. In danger call 112, 113, 114 or 115.",
                when=_moment_of(opening),
            )
        said = [_reply(text, buttons=[_back()])]
    return keep(session, conversation, By.SYSTEM, text, now, said=said)


def _moment_of(opening: datetime) -> str:
    return str(format_datetime(opening.astimezone(town.TIME), "HH:mm dd/MM/yyyy", rebase=False))


def _back() -> dict[str, str]:
    return {"title": _("Back to the automatic assistant"), "payload": BACK_TO_BOT}


def _reply(text: str, buttons: Sequence[dict[str, str]] = ()) -> dict[str, Any]:
    return {"text": text, "buttons": list(buttons), "image": None, "links": []}


def is_for_staff(session: Session, conversation: ChatConversation, now: datetime) -> bool:
    """Whether what the person says next is for staff and not for the bot.

    Where nobody has answered for PATIENCE the bot talks again; the question stays with staff.
    """
    if conversation.takes_message:
        return True
    waited = now - (conversation.handed_over_at or now)
    if conversation.stage == Stage.WAITING and conversation.silent and waited > PATIENCE:
        conversation.silent = False
        with force_locale(conversation.language):
            text = _("No officer has answered yet; your question stays with them.")
        keep(session, conversation, By.SYSTEM, text, now, said=[_reply(text)])
    return conversation.silent


def hear(
    session: Session, conversation: ChatConversation, said: dict[str, Any], now: datetime
) -> list[dict[str, Any]]:
    """Keep what the person says to staff; what is answered at once, mostly nothing."""
    with force_locale(conversation.language):
        if said.get("payload") == BACK_TO_BOT:
            close(session, conversation, now, by_person=True)
            return [_reply(_("You are back with the automatic assistant."))]
        text = said.get("text") or ""
        if text:
            keep(session, conversation, By.PERSON, text, now, plain=True)
        if not conversation.takes_message:
            return []
        conversation.takes_message = False
        thanks = _("Your message is kept for the officers. You may go on asking me meanwhile.")
        keep(session, conversation, By.SYSTEM, thanks, now, said=[_reply(thanks)])
        return [_reply(thanks)]


def answer(
    session: Session, conversation: ChatConversation, text: str, staff_id: uuid.UUID, now: datetime
) -> ChatMessage:
    """Answer as the officer *staff_id*, who has the conversation from then on.

    Raises Invalid for no words, Conflict when it is back with the bot.
    """
    if not text.strip():
        raise Invalid({"text": [N_("Say something in words.")]})
    if conversation.stage == Stage.BOT:
        raise Conflict(N_("This conversation is back with the automatic assistant."))
    conversation.stage, conversation.silent = Stage.ANSWERED, True
    conversation.takes_message = False
    conversation.staff_id, conversation.last_at = staff_id, now
    return keep(
        session,
        conversation,
        By.OFFICER,
        text.strip(),
        now,
        plain=True,
        staff_id=staff_id,
        said=[_reply(text.strip())],
    )


def close(
    session: Session, conversation: ChatConversation, now: datetime, *, by_person: bool = False
) -> ChatMessage | None:
    """Give *conversation* back to the bot; what was said openly to staff is masked then.

    The message that says so; None where the bot has it already.
    """
    if conversation.stage == Stage.BOT:
        return None
    conversation.stage, conversation.silent = Stage.BOT, False
    conversation.takes_message, conversation.handed_over_at = False, None
    conversation.reason, conversation.staff_id = None, None
    with force_locale(conversation.language):
        text = (
            _("You are back with the automatic assistant.")
            if by_person
            else _("The officer has ended the conversation. The automatic assistant answers again.")
        )
    said = keep(session, conversation, By.SYSTEM, text, now, said=[_reply(text)])
    mask_all(session, conversation.id)
    return said


def mask_all(session: Session, conversation_id: uuid.UUID) -> None:
    """Mask everything that was kept openly."""
    for message in session.scalars(
        select(ChatMessage).where(ChatMessage.conversation_id == conversation_id)
    ):
        hidden = masked(message.text)
        if hidden != message.text:
            message.text = hidden
            message.said = [_reply(hidden)] if message.said else None
    session.flush()


def waiting(session: Session) -> Sequence[ChatConversation]:
    """The conversations that staff are asked to answer, those who wait longest first."""
    return session.scalars(
        select(ChatConversation)
        .where(ChatConversation.stage != Stage.BOT)
        .order_by(ChatConversation.stage.desc(), ChatConversation.handed_over_at)
        .limit(100)
    ).all()


def how_many_wait(session: Session) -> int:
    """How many conversations no officer has answered yet."""
    count = select(func.count()).where(ChatConversation.stage == Stage.WAITING)
    return session.scalar(count.select_from(ChatConversation)) or 0
