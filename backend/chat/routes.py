"""POST /chat/messages: one turn of a conversation with the chatbot."""

from __future__ import annotations

from typing import Any

import structlog
from flask import current_app, request
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_limiter.util import get_remote_address
from flask_restx import Resource

from backend.accounts import access
from backend.chat import conversations
from backend.chat.chatbot import Chatbot, ChatbotUnavailable
from backend.chat.schemas import ChatAnswer, ChatMessage, without_command
from backend.database import session
from backend.languages import language
from backend.limits import limiter
from backend.rest import Namespace

api = Namespace("chat", description="Talk with the town's chatbot", path="/chat")
log = structlog.get_logger()


def conversation_and_address() -> str:
    """Whom the limit counts: many people may share an address, each with their conversation."""
    message = request.get_json(silent=True)
    conversation = message.get("conversation_id") if isinstance(message, dict) else None
    return f"{conversation or 'new'}:{get_remote_address()}"


@api.route("/messages")
class Messages(Resource):
    @access.anyone
    @limiter.limit("20 per minute", key_func=conversation_and_address, override_defaults=False)
    @api.accepts(ChatMessage())
    @api.returns(ChatAnswer())
    def post(self, message: dict[str, Any]) -> dict[str, Any]:
        """Say something to the chatbot and hear its answer.

        Leave out conversation_id to begin; send it with its token to go on.
        """
        conversation = (
            conversations.resume(message["conversation_id"], message["conversation_token"])
            if "conversation_id" in message
            else conversations.begin()
        )
        said = {
            "conversation_id": str(conversation),
            "lang": message.get("lang") or language(),
            "location": message.get("location"),
            "photo_id": str(message["photo_id"]) if message.get("photo_id") else None,
        }
        if "payload" in message:
            said["payload"] = message["payload"]
        else:
            said["text"] = without_command(message["text"])

        session.close()  # no connection to the database waits for the chatbot
        chatbot: Chatbot = current_app.extensions["chatbot"]
        try:
            answer = chatbot.ask(said)
        except ChatbotUnavailable as reason:
            log.warning("chatbot.unavailable", reason=str(reason))
            with force_locale(said["lang"]):
                answer = unavailable()
        return answer | {
            "conversation_id": conversation,
            "conversation_token": conversations.token_of(conversation),
        }


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
    }
