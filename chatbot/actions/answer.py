"""What all answers share: one turn, its language, and how it fails honestly."""

from abc import ABC, abstractmethod
from datetime import datetime, timedelta, timezone
from typing import Any, Optional

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.api import PUBLIC_URL, Api, ApiDown, TurnApi
from components.language import language_of_answer
from components.text import words

TOWN_TIME = timezone(timedelta(hours=7))
UNSURE_BELOW = 0.45
UNSURE_RATIO = 0.7
_NEVER_IN_DOUBT = {"report_emergency", "report_lost_person", "out_of_scope", "inform"}
_api = Api()

Json = dict[str, Any]


def moment(rfc3339: Optional[str]) -> Optional[datetime]:
    """The time in the town's zone; None for none or an unreadable one."""
    try:
        return datetime.fromisoformat((rfc3339 or "").replace("Z", "+00:00")).astimezone(TOWN_TIME)
    except ValueError:
        return None


def clock(rfc3339: Optional[str]) -> str:
    """ "14:05" in the town; "?" when unknown."""
    when = moment(rfc3339)
    return f"{when:%H:%M}" if when else "?"


def day(rfc3339: Optional[str]) -> str:
    """ "23/11/2026" in the town; "?" when unknown."""
    when = moment(rfc3339)
    return f"{when:%d/%m/%Y}" if when else "?"


def source(kind: str, thing: Json, updated_at: Optional[str] = None) -> Json:
    """`thing` as a source that an answer rests on."""
    return {
        "type": kind,
        "id": thing.get("id"),
        "title": thing.get("title") or thing.get("name") or "",
        "updated_at": updated_at or thing.get("updated_at") or thing.get("observed_at"),
    }


def absolute(url: Optional[str]) -> Optional[str]:
    """`url` with the public address before it if it is only a path."""
    return f"{PUBLIC_URL}{url}" if url and url.startswith("/") else url


def link(thing: Json) -> list[Json]:
    """The link to the public page of `thing`, if it has one."""
    url = absolute(thing.get("url"))
    return [{"title": thing.get("title") or thing.get("name") or url, "url": url}] if url else []


class Turn:
    """One message of a person and the answer that is being given to it."""

    def __init__(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        self._dispatcher = dispatcher
        self.tracker = tracker
        self.message: Json = tracker.latest_message or {}
        self.metadata: Json = self.message.get("metadata") or {}
        self.intent: str = (self.message.get("intent") or {}).get("name") or ""
        said = [e for e in reversed(tracker.events) if e.get("event") == "user"]
        self.language = language_of_answer(
            tracker.get_slot("language"),
            (e.get("text") or "" for e in said),
            self.metadata.get("lang"),
        )
        self.api: TurnApi = _api.speaking(self.language, tracker.sender_id)

    @property
    def text(self) -> str:
        """What the person typed; nothing when a button was pressed."""
        text: str = self.message.get("text") or ""
        return "" if text.startswith("/") else text

    def entity(self, *names: str) -> Optional[str]:
        """The first value of the first of these entities that the message has."""
        for name in names:
            for entity in self.message.get("entities") or []:
                if entity.get("entity") == name and entity.get("value"):
                    return str(entity["value"])
        return None

    @property
    def location(self) -> Optional[Json]:
        """Where the person is, {lat, lng}, if the app told."""
        location = self.metadata.get("location")
        return location if isinstance(location, dict) else None

    def say(self, response: str, **values: Any) -> None:
        """Say the response of the domain; `links`, `sources`, `buttons` go beside its text."""
        now = datetime.now(TOWN_TIME)
        values = {
            "now_time": f"{now:%H:%M}",
            "now_date": f"{now:%d/%m/%Y}",
            "public_url": PUBLIC_URL,
            **values,
        }
        self._dispatcher.utter_message(response=response, **values)


class Answer(Action, ABC):
    """An answer to one kind of question: `answer` says it.

    When the model wavers between two questions the person is asked which one was meant; when the
    backend is down that is said, by `when_down`.
    """

    action = ""
    when_down = "utter_api_down"
    asks_back = True

    def name(self) -> str:
        """The action's name in the domain."""
        return self.action

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> list[Json]:
        """Called by the action server."""
        turn = Turn(dispatcher, tracker)
        rival = _rival(turn) if self.asks_back else None
        if rival:
            turn.say("utter_ask_back", choices=[turn.intent, rival])
            return []
        try:
            return await self.answer(turn) or []
        except ApiDown:
            dispatcher.messages.clear()
            turn.say(self.when_down)
            return []

    @abstractmethod
    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """Say the answer; may return events. May raise ApiDown."""


def _rival(turn: Turn) -> Optional[str]:
    ranking = turn.message.get("intent_ranking") or []
    if len(ranking) < 2 or ranking[0]["name"] in _NEVER_IN_DOUBT:
        return None
    best, second = ranking[0], ranking[1]
    wavering = (
        best["confidence"] < UNSURE_BELOW
        and second["confidence"] >= UNSURE_RATIO * best["confidence"]
    )
    return str(second["name"]) if wavering and second["name"] != "out_of_scope" else None


def same(one: str, other: str) -> bool:
    """Whether two names are one but for case, marks and punctuation."""
    return words(one) == words(other)


def mentions(text: str, name: str) -> bool:
    """Whether the words of `name` stand in `text`, in order, with or without marks."""
    return bool(words(name)) and f" {' '.join(words(name))} " in f" {' '.join(words(text))} "
