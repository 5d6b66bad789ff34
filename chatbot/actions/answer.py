"""What all answers share: one turn, its language, and how it fails honestly."""

from abc import ABC, abstractmethod
from datetime import datetime, timedelta, timezone
from typing import Any, Optional

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.api import PUBLIC_URL, Api, ApiDown, TurnApi
from actions.when import Day, day_of
from components.language import language_of_answer
from components.text import words

TOWN_TIME = timezone(timedelta(hours=7))
TALKED_ABOUT = timedelta(minutes=30)
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
    place = thing.get("place") or {}
    if not url and place.get("slug"):
        url, thing = f"{PUBLIC_URL}/places/{place['slug']}", place
    return [{"title": thing.get("title") or thing.get("name") or url, "url": url}] if url else []


def place_link(place: Json) -> list[Json]:
    """The link to the public page of a place."""
    return link({**place, "url": place.get("url") or f"/places/{place['slug']}"})


class Turn:
    """One question of a person and the answer that is being given to it.

    `part`, one of several questions in one message, is answered instead of the whole message.
    """

    def __init__(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, part: Optional[Json] = None
    ) -> None:
        self._dispatcher = dispatcher
        self.tracker = tracker
        self.message: Json = part or tracker.latest_message or {}
        self.metadata: Json = (tracker.latest_message or {}).get("metadata") or {}
        intent = self.message.get("intent") or {}
        self.intent: str = intent.get("name") or ""
        self.confidence = float(intent.get("confidence") or 0)
        self.has_failed = self.is_lost = False
        self.context: Json = fresh(tracker.get_slot("context"))
        self.now = datetime.now(TOWN_TIME)
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

    @property
    def in_form(self) -> bool:
        """Whether a form is under way, so that this is a question in between."""
        return bool((self.tracker.active_loop or {}).get("name"))

    def entity(self, *names: str) -> Optional[str]:
        """The first value of the first of these entities that the message has."""
        for name in names:
            for entity in self.message.get("entities") or []:
                if entity.get("entity") == name and entity.get("value"):
                    return str(entity["value"])
        return None

    def typed(self, name: str) -> Optional[str]:
        """The first such entity as the person wrote it, whatever it was linked to."""
        for entity in self.message.get("entities") or []:
            if entity.get("entity") == name:
                start, end = entity.get("start"), entity.get("end")
                written = self.text[start:end] if end else ""
                return written or str(entity.get("value") or "") or None
        return None

    def linked(self, *names: str) -> Optional[str]:
        """What the first of these entities was linked to: the backend's slug or code."""
        for entity in self.message.get("entities") or []:
            if entity.get("entity") in names and entity.get("link"):
                return str(entity["link"])
        return None

    @property
    def location(self) -> Optional[Json]:
        """Where the person is, {lat, lng}, if the app told."""
        location = self.metadata.get("location")
        return location if isinstance(location, dict) else None

    @property
    def day(self) -> Optional[Day]:
        """The day or days that the question names; in a follow-up, those asked about before.

        Of a week that has begun, only what is left of it.
        """
        for entity in self.message.get("entities") or []:
            if linked := day_of([entity.get("from"), entity.get("until")]):
                today = self.now.date()
                began = linked.first < today <= linked.last
                return linked._replace(first=today) if began else linked
        return day_of(self.context.get("day")) if self.context.get("follows") else None

    def remember(self, **what: Any) -> None:
        """Keep what is being talked about: `place` {slug, name}, `beach`, for the next question."""
        self.context.update(what)

    def say(self, response: str, **values: Any) -> None:
        """Say the response of the domain; `links`, `sources`, `buttons` go beside its text."""
        values = {
            "now_time": f"{self.now:%H:%M}",
            "now_date": f"{self.now:%d/%m/%Y}",
            "public_url": PUBLIC_URL,
            **values,
        }
        self._dispatcher.utter_message(response=response, **values)

    def fail(self, response: str, *, lost: bool = False, **values: Any) -> None:
        """Say honestly that there is no answer; the question is kept for those who write answers.

        `lost`: the bot cannot help at all, so that after some such turns a person is called.
        """
        self.has_failed, self.is_lost = True, self.is_lost or lost
        self.say(response, failed=True, **values)

    def unsay(self) -> None:
        """Take back what was said in this turn."""
        self._dispatcher.messages.clear()


def fresh(context: Any) -> Json:
    """What was talked about, unless that was too long ago to be meant still."""
    if not isinstance(context, dict):
        return {}
    kept = moment(context.get("at"))
    old = kept is None or datetime.now(TOWN_TIME) - kept > TALKED_ABOUT
    return {} if old else {k: v for k, v in context.items() if k != "follows"}


class Answer(ABC):
    """An answer to one kind of question: `answer` says it.

    When the model wavers between two questions the person is asked which one was meant; when the
    backend is down that is said, by `when_down`.
    """

    when_down = "utter_api_down"
    asks_back = True

    async def give(self, turn: Turn) -> list[Json]:
        """Say the answer, or why there is none; the events that follow from it."""
        try:
            return await self.answer(turn) or []
        except ApiDown:
            turn.unsay()
            turn.fail(self.when_down)
            return []

    @abstractmethod
    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """Say the answer; may return events. May raise ApiDown."""


def rival(turn: Turn) -> Optional[str]:
    """The other question that may have been meant as well."""
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
