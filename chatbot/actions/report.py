"""Citizens' reports: the form that ends in a real report, and what became of one."""

import re
import uuid
from datetime import datetime
from typing import Any, Optional

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answer import TOWN_TIME, Answer, Json, Turn
from actions.api import ApiDown
from actions.categories import OVERCHARGING, Categories
from actions.whereabouts import point_in
from components.patterns import phone_number
from components.text import words

CONSENT_VERSION = "2026-01"
SLOTS = (
    "report_key", "report_category", "report_category_guess", "report_attribute",
    "report_attributes", "report_description", "report_place", "report_location",
    "report_photos", "report_photos_done", "report_phone", "report_consent", "report_confirmed",
)  # fmt: skip
MOST_PHOTOS = 5
_EDITABLE = {
    "report_category": r"loai|chu de|category|type",
    "report_description": r"noi dung|mo ta|description|text",
    "report_place": r"dia diem|dia chi|vi tri|noi xay ra|cho xay ra|place|address|location",
    "report_phone": r"so dien thoai|dien thoai|sdt|so may|phone|number",
    "report_photos_done": r"anh|hinh|photo|picture",
}
_CORRECTS = re.compile(
    r"\b(?:nham|sua|doi|chinh|y (?:toi|minh|em|tui) la|khong phai|change|correct|i mean|wrong)\b"
)
_KEYS = uuid.UUID("6f1d9a52-6c0e-4c38-9f0d-2f8a4c0b7f11")
_QUESTION = re.compile(
    r"\?|\b(?:khong|ko|gi|nao|dau|may gio|bao nhieu|khi nao|the nao"
    r"|what|where|when|how|which|is there)\b"
)
_LONG_ENOUGH = 5
_LIKELY = 0.5
_NO_PHOTO = re.compile(
    r"\b(?:khong|ko|k|hong|chua|bo qua|thoi|xong|du roi|het roi|no|none|skip|done|enough|that s all)\b"
)

Slots = dict[str, Any]


class ReportAction(Answer, Action):
    """An action of the form, as Rasa calls it."""

    asks_back = False
    action = ""

    def name(self) -> str:
        """The action's name in the domain."""
        return self.action

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> list[Json]:
        """Called by the action server."""
        return await self.give(Turn(dispatcher, tracker))


def _is_digression(turn: Turn, wanted: Optional[str]) -> bool:
    """Whether the message is not an answer to the form's question, but something else."""
    if wanted == "report_phone" and phone_number(turn.text):
        return False
    if point_in(turn.text):
        return False
    intent, confidence = turn.intent, (turn.message.get("intent") or {}).get("confidence") or 0
    if intent in ("report_emergency", "report_lost_person"):
        return bool(confidence >= 0.6)
    if intent in ("cancel", "request_human", "switch_language", "bot_challenge"):
        return bool(confidence >= 0.5)
    asks = intent.startswith(("ask_", "find_", "check_")) and confidence >= 0.6
    return bool(asks and _QUESTION.search(" ".join(words(turn.text)) + turn.text[-1:]))


class ValidateReportForm(ReportAction):
    """Reads one message of the person as the answer to the question that the form asked."""

    action = "validate_report_form"
    when_down = "utter_report_api_down"

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """The slots that the message fills; nothing when it answers something else."""
        wanted = turn.tracker.get_slot("requested_slot")
        if wanted is not None and _is_digression(turn, wanted):
            return []
        categories = await Categories.known(turn)
        if wanted is not None:
            filled = self.read(turn, wanted, categories)
            if wanted == "report_category" and not filled and turn.text:
                filled = await self._suggested(turn, categories)
        elif turn.tracker.get_slot("report_key") and turn.intent == "affirm":
            filled = {}  # sending failed a moment ago: the same report waits to be sent again
        else:
            filled = await self.begin(turn, categories)
        if wanted is not None:
            filled.update(self._in_passing(turn, wanted, filled))
        if "report_place" in filled or "report_location" in filled:
            filled.update(await self._known_place(turn, filled))
        if not filled and wanted is not None:
            return []
        slots = {**turn.tracker.slots, **filled}
        filled.update(_attributes(turn, slots, categories))
        slots.update(filled)
        if not slots.get("report_phone") and slots.get("report_phone") is not None:
            filled["report_consent"] = slots["report_consent"] = False
        return [SlotSet(name, value) for name, value in filled.items()]

    def _in_passing(self, turn: Turn, wanted: str, filled: Slots) -> Slots:
        """What the message says besides the answer: a photo, a place that was wrong before."""
        also: Slots = {}
        if photo := turn.metadata.get("photo_id"):
            kept = turn.tracker.get_slot("report_photos") or []
            also["report_photos"] = [*(p for p in kept if p != photo), photo][-MOST_PHOTOS:]
            if wanted == "report_photos_done":
                turn.say("utter_photo_added", count=len(also["report_photos"]))
        if wanted != "report_place" and (point := point_in(turn.text)):
            filled.pop(wanted, None)
            return {**also, "report_location": point}
        plain = " ".join(words(turn.text))
        named = turn.entity("place_name", "beach_zone", "ward")
        earlier = turn.tracker.get_slot("report_place") is not None
        if named and earlier and wanted != "report_place" and _CORRECTS.search(plain):
            also["report_place"] = named
            filled.pop(wanted, None)
        return also

    async def _known_place(self, turn: Turn, filled: Slots) -> Slots:
        """The point of a place that the town has on file; that it lies outside is said."""
        text, point = filled.get("report_place"), filled.get("report_location")
        try:
            if point:
                query = {"point": f"{point['lat']},{point['lng']}"}
            elif text:
                query = {"text": str(text)[:200]}
            else:
                return {}
            meant = await turn.api.get("/reports/place", **query) or {}
        except ApiDown:
            return {}
        if meant.get("outcome") == "outside":
            turn.say("utter_report_outside", said=meant.get("message") or "")
        location = (meant.get("place") or {}).get("location")
        return {"report_location": location} if location and not point else {}

    async def _suggested(self, turn: Turn, categories: Categories) -> Slots:
        """The category that the backend has learned for such words, to be confirmed."""
        try:
            found = await turn.api.items("/reports/category-suggestion", text=turn.text[:1000])
        except ApiDown:
            return {}
        best = found[0] if found else {}
        if float(best.get("probability") or 0) < _LIKELY or not categories.leaf(best.get("code")):
            return {}
        text = turn.text if len(words(turn.text)) >= _LONG_ENOUGH else None
        described = turn.tracker.get_slot("report_description")
        return {"report_category_guess": best["code"], "report_description": described or text}

    async def begin(self, turn: Turn, categories: Categories) -> Slots:
        """A new report, with all that the first message says already."""
        instance = (
            f"{turn.tracker.sender_id}:{turn.message.get('message_id') or datetime.now(TOWN_TIME)}"
        )
        filled: Slots = dict.fromkeys(SLOTS)
        filled["report_key"] = str(uuid.uuid5(_KEYS, instance))
        filled["report_attributes"] = {}
        named = f"{turn.entity('category') or ''} | {turn.text}"
        if turn.intent == "report_overcharging":
            guess = categories.guess(named) or categories.guess(OVERCHARGING)
        else:
            guess = categories.guess(named)
        if guess is None and len(words(turn.text)) >= _LONG_ENOUGH:
            guess = (await self._suggested(turn, categories)).get("report_category_guess")
        filled["report_category_guess"] = guess
        filled["report_photos"] = turn.tracker.get_slot("report_photos") or []
        if guess and len(words(turn.text)) >= _LONG_ENOUGH:
            filled["report_description"] = turn.text
        filled["report_place"] = turn.entity("place_name", "beach_zone", "ward")
        if turn.location:
            filled["report_location"] = turn.location
            filled["report_place"] = filled["report_place"] or ""
        if item := turn.typed("item"):
            filled["report_attributes"] = {"item": item}
        return filled

    def read(self, turn: Turn, wanted: str, categories: Categories) -> Slots:
        """What the message says to the question about the slot `wanted`."""
        reader = getattr(self, f"_read_{wanted.removeprefix('report_')}")
        return dict(reader(turn, categories))

    def _read_category(self, turn: Turn, categories: Categories) -> Slots:
        chosen, guess = turn.entity("choice"), turn.tracker.get_slot("report_category_guess")
        if chosen is None and turn.intent == "affirm" and categories.leaf(guess):
            chosen = guess
        if chosen and categories.leaf(chosen):
            return {"report_category": chosen, "report_category_guess": None}
        if chosen or turn.intent == "deny":
            return {"report_category_guess": chosen or ""}
        guess = categories.guess(turn.text)
        if guess is None:
            return {}
        described = turn.tracker.get_slot("report_description")
        text = turn.text if len(words(turn.text)) >= _LONG_ENOUGH else None
        return {"report_category_guess": guess, "report_description": described or text}

    def _read_attribute(self, turn: Turn, categories: Categories) -> Slots:
        leaf = categories.leaf(turn.tracker.get_slot("report_category"))
        given = dict(turn.tracker.get_slot("report_attributes") or {})
        asked = _next_attribute(leaf, given)
        if asked is None or not turn.text:
            return {}
        value: Any = turn.text
        if asked.get("datatype") == "number":
            digits = re.sub(r"\D", "", turn.text)
            if not digits:
                return {}
            value = int(digits)
        return {"report_attributes": {**given, asked["code"]: value}}

    def _read_description(self, turn: Turn, categories: Categories) -> Slots:
        return {"report_description": turn.text} if len(words(turn.text)) >= 2 else {}

    def _read_place(self, turn: Turn, categories: Categories) -> Slots:
        """Words, the position of the app, or a link of a map with a point in it."""
        point = point_in(turn.text) or turn.location
        if point and (not turn.text or point_in(turn.text)):
            return {"report_location": point, "report_place": ""}
        filled: Slots = {"report_place": turn.text[:300]} if turn.text else {}
        return {**filled, "report_location": point} if point else filled

    def _read_photos_done(self, turn: Turn, categories: Categories) -> Slots:
        if turn.metadata.get("photo_id"):
            return {}  # perhaps there is another
        done = turn.intent in ("deny", "affirm") or bool(
            _NO_PHOTO.search(" ".join(words(turn.text)))
        )
        return {"report_photos_done": True} if done else {}

    def _read_phone(self, turn: Turn, categories: Categories) -> Slots:
        if phone := phone_number(turn.text):
            return {"report_phone": phone, "report_consent": None}
        return {"report_phone": ""} if turn.intent == "deny" else {}

    def _read_consent(self, turn: Turn, categories: Categories) -> Slots:
        if turn.intent == "affirm":
            return {"report_consent": True}
        return {"report_phone": "", "report_consent": False} if turn.intent == "deny" else {}

    def _read_confirmed(self, turn: Turn, categories: Categories) -> Slots:
        changed = turn.entity("choice") or self._field_named(turn)
        if changed == "report_photos_done":
            return {changed: None, "report_photos": []}
        if changed in _EDITABLE:
            return {changed: None, "report_category_guess": None}
        return {"report_confirmed": True} if turn.intent == "affirm" else {}

    def _field_named(self, turn: Turn) -> Optional[str]:
        """The field that is to be corrected, as people say it: "sửa địa điểm"."""
        plain = " ".join(words(turn.text))
        if not _CORRECTS.search(plain):
            return None
        fields = _EDITABLE.items()
        return next((name for name, named in fields if re.search(rf"\b(?:{named})\b", plain)), None)


def _next_attribute(leaf: Optional[Json], given: Json) -> Optional[Json]:
    for attribute in (leaf or {}).get("attributes") or []:
        if attribute.get("required") and attribute["code"] not in given:
            return dict(attribute)
    return None


def _attributes(turn: Turn, slots: Slots, categories: Categories) -> Slots:
    """Whether the category still has a question of its own that must be answered."""
    leaf = categories.leaf(slots.get("report_category"))
    if leaf is None:
        return {"report_attribute": None}
    missing = _next_attribute(leaf, slots.get("report_attributes") or {})
    return {"report_attribute": None if missing else "done"}


class AskReportCategory(ReportAction):
    """Asks what the report is about: a guess to confirm, or buttons."""

    action = "action_ask_report_category"
    when_down = "utter_report_api_down"

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """The guess if there is one, else the groups, else the leaves of the chosen group."""
        categories = await Categories.known(turn)
        guess = turn.tracker.get_slot("report_category_guess")
        if leaf := categories.leaf(guess):
            turn.say("utter_ask_report_guess", category=leaf["name"])
            return None
        buttons = [
            {"title": choice["name"], "payload": f'/inform{{"choice":"{choice["code"]}"}}'}
            for choice in categories.children(guess)
        ]
        turn.say("utter_ask_report_category", buttons=buttons)
        return None


class AskReportAttribute(ReportAction):
    """Asks what the category wants to know besides."""

    action = "action_ask_report_attribute"
    when_down = "utter_report_api_down"

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """The first required question that has no answer yet."""
        categories = await Categories.known(turn)
        leaf = categories.leaf(turn.tracker.get_slot("report_category"))
        asked = _next_attribute(leaf, turn.tracker.get_slot("report_attributes") or {})
        turn.say("utter_ask_report_attribute", question=(asked or {}).get("name") or "")
        return None


class AskReportConfirmed(ReportAction):
    """Shows all that would be sent, and asks whether to send it."""

    action = "action_ask_report_confirmed"
    when_down = "utter_report_api_down"

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """The summary, with a button for each part that may be changed."""
        slots = turn.tracker.slots
        categories = await Categories.known(turn)
        leaf = categories.leaf(slots.get("report_category")) or {}
        more = "; ".join(str(value) for value in (slots.get("report_attributes") or {}).values())
        location = slots.get("report_location")
        pin = f"{location['lat']:.5f}, {location['lng']:.5f}" if location else ""
        turn.say(
            "utter_ask_report_confirmed",
            category=leaf.get("name") or "?",
            description=slots.get("report_description") or "",
            more=f" ({more})" if more else "",
            place=", ".join(part for part in (slots.get("report_place"), pin) if part) or "–",
            phone=slots.get("report_phone") or "–",
            photos=len(slots.get("report_photos") or []),
        )
        return None
