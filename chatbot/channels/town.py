"""The channel that the town's gateway speaks: one turn in, one turn out, as JSON."""

import hmac
import json
import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any, Dict, List, Optional

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as answer_json

from channels.questions import questions_in
from components.danger import danger_in

logger = logging.getLogger(__name__)

_PAYLOAD = re.compile(r"/(?P<intent>[a-z][a-z_]{1,63})(?P<entities>\{.*\})?")
_LONGEST_TEXT = 2000
_SURE = 0.6


class Unusable(ValueError):
    """The request cannot be understood; the message names the field."""


class TownInput(InputChannel):
    """POST /webhooks/town/webhook

    {conversation_id, text | payload, lang?, location?{lat,lng}, photo_id?} →
    {replies:[{text, buttons:[{title,payload}], image, links:[{title,url}]}],
     sources:[{type,id,title,updated_at}], intent:{name,confidence}, handed_over,
     handed_over_for: asked|frustration|failures|null, failed}

    POST /webhooks/town/danger {text} → {danger: report_emergency|report_lost_person|null}: what
    must be answered even while people talk with each other and the bot is silent.

    Only the `payload` of a button may name an intent ("/ask_tide"); a `text` is always read as
    words, whatever it begins with. When a key is set, X-Chatbot-Key must be equal to it.
    """

    def __init__(self, key: Optional[str] = None) -> None:
        self._key = key or ""

    @classmethod
    def name(cls) -> str:
        """Where the channel is found under /webhooks/."""
        return "town"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[str, Any]]) -> InputChannel:
        """Called by Rasa with the channel's part of the credentials."""
        return cls((credentials or {}).get("key"))

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes of the channel."""
        blueprint = Blueprint("town_webhook", __name__)

        @blueprint.listener("after_server_start")
        async def warm_up(app: Sanic, _: Any) -> None:
            """Parse one message, so that the first person does not wait for lazy loading."""
            await app.ctx.agent.parse_message("xin chào")
            logger.info("The chatbot is ready.")

        @blueprint.route("/", methods=["GET"])
        async def health(_: Request) -> HTTPResponse:
            return answer_json({"status": "ok"})

        @blueprint.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            if not self._knows(request):
                return answer_json({"error": "X-Chatbot-Key is wrong or missing"}, status=403)
            turn = OneTurn()
            try:
                message = _message(_body(request), request.app.ctx.agent.domain.intents, turn)
            except Unusable as problem:
                return answer_json({"error": str(problem)}, status=400)
            await _read_questions(request.app.ctx.agent, message)
            await on_new_message(message)
            tracker = await request.app.ctx.agent.tracker_store.retrieve(message.sender_id)
            intent = (tracker.latest_message.intent or {}) if tracker else {}
            return answer_json(turn.answer(intent), ensure_ascii=False)

        @blueprint.route("/danger", methods=["POST"])
        async def danger(request: Request) -> HTTPResponse:
            if not self._knows(request):
                return answer_json({"error": "X-Chatbot-Key is wrong or missing"}, status=403)
            try:
                text = _body(request).get("text")
            except Unusable as problem:
                return answer_json({"error": str(problem)}, status=400)
            return answer_json({"danger": danger_in(str(text or "")[:_LONGEST_TEXT])})

        return blueprint

    def _knows(self, request: Request) -> bool:
        given = request.headers.get("X-Chatbot-Key", "")
        return not self._key or hmac.compare_digest(given.encode(), self._key.encode())


async def _read_questions(agent: Any, message: UserMessage) -> None:
    """Understand each of several questions of a message by itself; Rasa knows one intent only."""
    if message.parse_data or danger_in(message.text or ""):
        return
    parts = [await agent.parse_message(part) for part in questions_in(message.text or "")]
    sure = [p for p in parts if p["intent"]["confidence"] >= _SURE and _is_question(p)]
    different = {part["intent"]["name"]: part for part in reversed(sure)}
    if len(different) > 1:
        message.metadata["questions"] = [
            {name: part[name] for name in ("text", "intent", "intent_ranking", "entities")}
            for part in reversed(different.values())
        ]


def _is_question(parsed: Dict[str, Any]) -> bool:
    return str(parsed["intent"]["name"]).startswith(("ask_", "find_", "check_"))


def _body(request: Request) -> Dict[str, Any]:
    try:
        body = json.loads(request.body)
    except ValueError:
        raise Unusable("the body is not JSON") from None
    if not isinstance(body, dict):
        raise Unusable("the body is not an object")
    return body


def _message(body: Dict[str, Any], intents: List[str], turn: "OneTurn") -> UserMessage:
    conversation = body.get("conversation_id")
    if not isinstance(conversation, str) or not 0 < len(conversation) <= 64:
        raise Unusable("conversation_id: a string of 1 to 64 characters")
    text, payload = body.get("text"), body.get("payload")
    if (text is None) == (payload is None):
        raise Unusable("text or payload: exactly one of them")
    metadata = {name: body.get(name) for name in ("lang", "location", "photo_id")}
    common: Dict[str, Any] = {
        "output_channel": turn,
        "sender_id": conversation,
        "input_channel": TownInput.name(),
        "metadata": metadata,
    }
    if payload is not None:
        return UserMessage(str(payload), parse_data=_parsed(str(payload), intents), **common)
    if not isinstance(text, str) or not text.lstrip("/ \t\r\n"):
        raise Unusable("text: a string that says something")
    if len(text) > _LONGEST_TEXT:
        raise Unusable(f"text: at most {_LONGEST_TEXT} characters")
    return UserMessage(text.lstrip("/ \t\r\n"), **common)


def _parsed(payload: str, intents: List[str]) -> Dict[str, Any]:
    match = _PAYLOAD.fullmatch(payload)
    if match is None or match["intent"] not in intents:
        raise Unusable("payload: not one of a button")
    try:
        entities = json.loads(match["entities"] or "{}")
    except ValueError:
        raise Unusable("payload: its entities are not JSON") from None
    if not all(isinstance(value, str) for value in entities.values()):
        raise Unusable("payload: its entities are not texts")
    intent = {"name": match["intent"], "confidence": 1.0}
    return {
        "text": payload,
        "intent": intent,
        "intent_ranking": [intent],
        "entities": [{"entity": name, "value": value} for name, value in entities.items()],
    }


class OneTurn(OutputChannel):
    """Collects what is said in one turn."""

    def __init__(self) -> None:
        self._replies: List[Dict[str, Any]] = []
        self._sources: List[Dict[str, Any]] = []
        self._handed_over: Optional[str] = None
        self._failed = False

    @classmethod
    def name(cls) -> str:
        """The name that responses may be bound to."""
        return "town"

    async def send_response(self, recipient_id: str, message: Dict[str, Any]) -> None:
        """Keep one reply; links may come from its wording and from the action."""
        custom = message.get("custom") or {}
        links = [*custom.get("links", []), *(message.get("links") or [])]
        self._replies.append(
            {
                "text": message.get("text"),
                "buttons": [
                    {"title": button["title"], "payload": button["payload"]}
                    for button in message.get("buttons") or []
                ],
                "image": message.get("image") or None,
                "links": [link for link in links if link.get("url")],
            }
        )
        for source in message.get("sources") or []:
            if source not in self._sources:
                self._sources.append(source)
        self._handed_over = self._handed_over or message.get("handed_over") or None
        self._failed = self._failed or bool(message.get("failed"))

    def answer(self, intent: Dict[str, Any]) -> Dict[str, Any]:
        """All that was said, in the contract's shape."""
        name = intent.get("name")
        return {
            "replies": self._replies,
            "sources": self._sources,
            "intent": {"name": name, "confidence": min(1.0, float(intent.get("confidence") or 0))}
            if name
            else None,
            "handed_over": self._handed_over is not None,
            "handed_over_for": self._handed_over,
            "failed": self._failed,
        }
