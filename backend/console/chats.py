"""Conversations that the chatbot handed over: who waits, what was said, answering live."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from backend import current
from backend.accounts import access, employees
from backend.accounts.roles import Permission
from backend.chat import handover, hearing, transcripts
from backend.chat.models import ChatConversation, Stage
from backend.console.forms import Form
from backend.console.layout import console
from backend.database import session
from content.errors import N_, NotFound

ANSWERS = access.staff(Permission.ANSWER_CHAT)


@console.get("/chats", endpoint="chats")
@ANSWERS
def all_chats() -> ResponseReturnValue:
    """Those that wait for an officer or are being answered."""
    return render_template("console/chats/list.html", chats=handover.waiting(session), Stage=Stage)


@console.get("/chats/<uuid:conversation_id>", endpoint="chats_one")
@ANSWERS
def one_chat(conversation_id: uuid.UUID) -> ResponseReturnValue:
    """What was said, as it comes, and the form to answer."""
    return _page(_handed_over(conversation_id), Form())


@console.post("/chats/<uuid:conversation_id>/answer", endpoint="chats_answer")
@ANSWERS
def answer(conversation_id: uuid.UUID) -> ResponseReturnValue:
    """Say something to the person."""
    conversation = _handed_over(conversation_id)
    form = Form.sent()
    with form.trying():
        text = form.text("text", most=2000, required=True)
        said = handover.answer(session, conversation, text, employees.required().id, current.now())
        hearing.pass_on(session, said, current.now())
        session.commit()
        return redirect(url_for("console.chats_one", conversation_id=conversation_id))
    return _page(conversation, form)


@console.post("/chats/<uuid:conversation_id>/close", endpoint="chats_close")
@ANSWERS
def close(conversation_id: uuid.UUID) -> ResponseReturnValue:
    """Give the conversation back to the bot."""
    said = handover.close(session, _handed_over(conversation_id), current.now())
    if said is not None:
        hearing.pass_on(session, said, current.now())
    session.commit()
    flash(_("The conversation is back with the automatic assistant."))
    return redirect(url_for("console.chats"))


def _handed_over(conversation_id: uuid.UUID) -> ChatConversation:
    """A conversation while it is open to staff. Raises NotFound: others are nobody's business."""
    conversation = transcripts.conversation_of(session, conversation_id)
    if conversation.stage == Stage.BOT:
        raise NotFound(N_("This conversation is back with the automatic assistant."))
    return conversation


def _page(conversation: ChatConversation, form: Form) -> ResponseReturnValue:
    page = render_template(
        "console/chats/one.html",
        chat=conversation,
        messages=transcripts.latest(session, conversation.id),
        form=form,
        Stage=Stage,
    )
    return page, 200 if form else 422
