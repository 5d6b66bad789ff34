"""Which answer a message gets: one action for all questions, so that rules need no training anew."""

from typing import Any, Optional

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import beach, events, offices, places, prices, published, report_status, safety, talk
from actions.answer import Answer, Json, Turn, rival
from actions.api import ApiDown
from actions.context import asked_of, follow_up

_PUBLISHED_FIRST_BELOW = 0.45
_OFFER_A_PERSON, _HAND_OVER = 2, 3

_transport = published.Published(
    also={"vi": "cách đến Cửa Lò sân bay Vinh", "en": "how to get to Cua Lo"},
)
_boats = published.Published(also={"vi": "Đảo Ngư", "en": "Ngu Island"})

HANDLERS: dict[str, Answer] = {
    **dict.fromkeys(
        (
            "greet",
            "goodbye",
            "thank",
            "affirm",
            "deny",
            "cancel",
            "bot_challenge",
            "ask_capabilities",
        ),
        talk.Talk(),
    ),
    "request_human": talk.Human(),
    "switch_language": talk.SwitchLanguage(),
    "express_frustration": talk.Frustration(),
    "inform": report_status.StrayButton(),
    "ask_swim_safety": beach.SwimSafety(),
    "ask_flag_meaning": beach.FlagMeaning(),
    "ask_weather": beach.Weather(),
    "ask_tide": beach.Tide(),
    "ask_storm_warning": beach.StormWarning(),
    "ask_lifeguard": beach.Lifeguard(),
    "ask_water_quality": beach.WaterQuality(),
    "ask_sun_times": beach.SunTimes(),
    "ask_beach_rules": published.Published(
        kinds=("faq", "guide", "page", "announcement", "news"), unknown="utter_rules_unknown"
    ),
    "report_emergency": safety.Emergency(),
    "report_lost_person": safety.LostPerson(),
    "ask_emergency_number": safety.EmergencyNumber(),
    "ask_evacuation": safety.Evacuation(),
    "ask_about_town": published.AboutTown(),
    "find_attraction": places.FindPlaces(),
    "ask_place_info": places.PlaceInfo(),
    "ask_opening_hours": places.OpeningHours(),
    "ask_ticket_price": prices.TicketPrice(),
    "ask_directions": places.Directions(),
    "find_accommodation": places.FindPlaces(),
    "find_food": places.FindPlaces(),
    "ask_specialties": places.Specialties(),
    "ask_price": prices.Price(),
    "ask_events": events.Events(),
    "ask_itinerary": published.Published(unknown="utter_itinerary_unknown"),
    "ask_boat_tour": _boats,
    "ask_best_season": published.Published(
        also={"vi": "Đi Cửa Lò mùa nào đẹp", "en": "When to come to Cua Lo"}
    ),
    "ask_transport_to_town": _transport,
    "ask_local_transport": prices.LocalTransport(),
    "ask_parking": places.FindPlaces(),
    "ask_amenities": places.FindPlaces(),
    "ask_medical": places.FindPlaces(),
    "check_report_status": report_status.ReportStatus(),
    "ask_announcements": published.Announcements(),
    "ask_utility_outage": published.Published(
        kinds=("announcement", "news", "faq"), topic="utilities", unknown="utter_outage_unknown"
    ),
    "ask_waste_schedule": published.Published(
        kinds=("announcement", "news", "faq", "guide"), topic="waste", unknown="utter_waste_unknown"
    ),
    "ask_procedure": published.Published(
        kinds=("procedure", "faq", "guide", "page"), unknown="utter_procedure_unknown"
    ),
    "ask_dossier_status": offices.Dossier(),
    "ask_office_hours": offices.OfficeHours(),
    "ask_contact": offices.Contact(),
    "ask_education": published.Published(
        kinds=("announcement", "news", "faq", "procedure", "guide"),
        topic="education",
        unknown="utter_education_unknown",
    ),
    "subscribe_notifications": talk.Subscribe(),
    "unsubscribe_notifications": talk.Subscribe(),
    "out_of_scope": talk.OutOfScope(),
}
_ALWAYS_ITSELF = {
    "report_emergency", "report_lost_person", "ask_emergency_number", "request_human", "inform",
    "express_frustration", "switch_language", "ask_swim_safety", "greet", "thank", "goodbye",
    "cancel", "bot_challenge", "affirm", "deny",
}  # fmt: skip
_TALK = {
    "greet", "goodbye", "thank", "affirm", "deny", "cancel", "bot_challenge", "ask_capabilities",
    "switch_language", "inform",
}  # fmt: skip


class Reply(Action):
    """Answers the questions of one message: each of several, or the one that goes on."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_reply"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> list[Json]:
        """Called by the action server."""
        turn = Turn(dispatcher, tracker)
        parts = [] if turn.in_form else turn.metadata.get("questions") or []
        said: list[Json] = []
        if len(parts) > 1:
            for part in parts:
                turn = Turn(dispatcher, tracker, part)
                said += await self._one(turn)
        else:
            said += await self._one(turn)
        return [*said, SlotSet("context", self._context(turn))]

    async def _one(self, turn: Turn) -> list[Json]:
        _recall(turn)
        text, context = turn.text, turn.context
        entities = turn.message.get("entities") or []
        goes_on = follow_up(text, turn.intent, turn.confidence, entities, context)
        plain = asked_of(text, turn.confidence, entities)
        if goes_on:
            turn.intent, context["follows"] = goes_on, True
        elif plain and turn.intent not in _ALWAYS_ITSELF:
            turn.intent = plain
        elif text and turn.intent not in _ALWAYS_ITSELF:
            if await self._published(turn):
                return []
            handler = HANDLERS[turn.intent]
            other = rival(turn) if handler.asks_back else None
            if other in HANDLERS:
                context["asked_back"] = {"text": text, "entities": entities}
                turn.say("utter_ask_back", choices=[turn.intent, other])
                return []
        events = await HANDLERS[turn.intent].give(turn)
        if not turn.in_form:
            self._count(turn)
        return events

    async def _published(self, turn: Turn) -> bool:
        """Whether what was hardly understood is what an editor has answered already."""
        if turn.intent != "out_of_scope" and turn.confidence >= _PUBLISHED_FIRST_BELOW:
            return False
        try:
            return await published.try_published(turn)
        except ApiDown:
            turn.unsay()
            return False

    def _count(self, turn: Turn) -> None:
        """After failures in a row offer a person, then hand over."""
        context = turn.context
        if turn.intent in _TALK:
            return
        context["failed"] = int(context.get("failed") or 0) + 1 if turn.is_lost else 0
        if turn.intent == "express_frustration":
            return
        if context["failed"] >= _HAND_OVER:
            context["failed"] = 0
            turn.say("utter_failures_handover", handed_over="failures")
        elif context["failed"] >= _OFFER_A_PERSON:
            turn.say("utter_offer_human")

    def _context(self, turn: Turn) -> Json:
        kept = {k: v for k, v in turn.context.items() if v is not None and k != "follows"}
        kept["at"] = turn.now.isoformat(timespec="seconds")
        if turn.intent not in _TALK and turn.intent not in ("out_of_scope", "express_frustration"):
            kept["intent"] = turn.intent
            day = turn.day
            kept.pop("day", None)
            if day:
                kept["day"] = day.kept()
        return kept


class Fallback(Reply):
    """What is called where no rule holds: the message is answered like any other."""

    def name(self) -> str:
        """The action's name in the configuration of the policy."""
        return "action_out_of_scope"


def _recall(turn: Turn) -> None:
    """Give a button that was offered to ask back the words that it was offered for."""
    asked: Optional[Json] = turn.context.pop("asked_back", None)
    if asked and not turn.text and not turn.message.get("entities"):
        turn.message = {
            **turn.message,
            "text": asked.get("text") or "",
            "entities": asked.get("entities") or [],
        }
