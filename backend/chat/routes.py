"""/chat: talking with the chatbot, and with staff where it hands over."""

from __future__ import annotations

import uuid
from typing import Any

from flask import current_app, request
from flask_limiter.util import get_remote_address
from flask_restx import Resource

from backend import current
from backend.accounts import access
from backend.chat import conversations, photos, schemas, talking, transcripts
from backend.chat.models import ChatConversation
from backend.database import session
from backend.feedback import tokens
from backend.feedback.reading import report_of_id
from backend.languages import language
from backend.limits import from_chatbot, limiter
from backend.rest import Namespace
from backend.storage import Storage
from backend.uploads import files_of, up_to
from content.errors import N_, Invalid, Refused

api = Namespace("chat", description="Talk with the town's chatbot", path="/chat")

TOKEN = "As given with conversation_id"  # noqa: S105 - a description
HEADER = "X-Conversation-Token"


def conversation_and_address() -> str:
    """Whom the limit counts: many people may share an address, each with their conversation."""
    message = request.get_json(silent=True)
    conversation = message.get("conversation_id") if isinstance(message, dict) else None
    return f"{conversation or 'new'}:{get_remote_address()}"


@api.route("/messages")
class Messages(Resource):
    @access.anyone
    @limiter.limit("20 per minute", key_func=conversation_and_address, override_defaults=False)
    @api.accepts(schemas.ChatMessage())
    @api.returns(schemas.ChatAnswer())
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
            said["text"] = schemas.without_command(message["text"])
        session.close()
        extensions = current_app.extensions
        answer = talking.turn(extensions["sessions"], extensions["chatbot"], said, current.now())
        return answer | {
            "conversation_id": conversation,
            "conversation_token": conversations.token_of(conversation),
        }


def mine(conversation_id: uuid.UUID) -> uuid.UUID:
    """The conversation whose token the caller shows. Raises Refused."""
    return conversations.resume(conversation_id, request.headers.get(HEADER, ""))


@api.route("/conversations/<uuid:conversation_id>/messages")
class ConversationMessages(Resource):
    @access.anyone
    @api.param(HEADER, TOKEN, _in="header", required=True)
    @api.accepts(schemas.AfterQuery(), location="query")
    @api.returns(schemas.ConversationMessages())
    def get(self, query: dict[str, Any], conversation_id: uuid.UUID) -> dict[str, Any]:
        """What was said after a message, an officer's answers too. Ask every few seconds."""
        mine(conversation_id)
        found = session.get(ChatConversation, conversation_id)
        items = transcripts.messages_after(session, conversation_id, query["after"])
        return {"items": items, "handed_over": found is not None and found.silent}


@api.route("/conversations/<uuid:conversation_id>/rating")
class ConversationRating(Resource):
    @access.anyone
    @limiter.limit("30 per minute", override_defaults=False)
    @api.param(HEADER, TOKEN, _in="header", required=True)
    @api.accepts(schemas.ChatRating())
    @api.response(204, "Thank you")
    def post(self, body: dict[str, Any], conversation_id: uuid.UUID) -> tuple[str, int]:
        """Say whether an answer helped; those that did not are looked at by editors."""
        mine(conversation_id)
        transcripts.rate(
            session,
            conversation_id,
            body["message_id"],
            helpful=body["helpful"],
            comment=body["comment"],
        )
        session.commit()
        return "", 204


@api.route("/conversations/<uuid:conversation_id>/photos")
class ConversationPhotos(Resource):
    @access.anyone
    @limiter.limit("30 per hour", override_defaults=False)
    @up_to("max_photo_bytes")
    @api.doc(consumes=["multipart/form-data"])
    @api.param("photo", "JPEG, PNG or WebP", _in="formData", type="file")
    @api.param(HEADER, TOKEN, _in="header", required=True)
    @api.returns(schemas.KeptPhoto(), 201)
    def post(self, conversation_id: uuid.UUID) -> tuple[dict[str, Any], int]:
        """Send a photo; the next message names it by its photo_id."""
        mine(conversation_id)
        files = files_of("photo")
        if len(files) != 1:
            raise Invalid({"photo": [N_("One photo at a time.")]})
        with photos.storage(current.settings().data_dir).writing() as writing:
            kept = photos.add(session, writing, conversation_id, files[0].read(), current.now())
            session.commit()
        return {"photo_id": kept.id}, 201


@api.route("/photos/<uuid:photo_id>/report")
class PhotoOfReport(Resource):
    @access.anyone
    @api.param("X-Conversation-Id", "The conversation that the photo was sent in", _in="header")
    @api.accepts(schemas.PhotoForReport())
    @api.response(204, "The report has the photo")
    def post(self, body: dict[str, Any], photo_id: uuid.UUID) -> tuple[str, int]:
        """Give a report a photo that was sent in a conversation: for the chatbot alone."""
        if not from_chatbot():
            raise Refused(N_("Only the chatbot may do this."))
        secret = current.settings().secret_key
        if not tokens.opens(body["access_token"], body["report_id"], secret):
            raise Refused(N_("This access token is not that report's."))
        settings = current.settings()
        with Storage.in_folder(settings.photos_dir).writing() as writing:
            photos.give(
                session,
                photos.storage(settings.data_dir),
                writing,
                photo_id,
                _conversation_told(),
                report_of_id(session, body["report_id"]),
                current.now(),
            )
            session.commit()
        return "", 204


def _conversation_told() -> uuid.UUID:
    try:
        return uuid.UUID(request.headers.get("X-Conversation-Id", ""))
    except ValueError:
        raise Invalid({"X-Conversation-Id": [N_("Not a valid UUID.")]}) from None
