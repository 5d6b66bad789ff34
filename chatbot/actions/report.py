"""Citizens' reports: the form that ends in a real report, and what became of one."""

import re
import uuid
from datetime import datetime
from typing import Any, Optional

from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet

from actions.answer import TOWN_TIME, Answer, Json, Turn, clock, day, source
from actions.api import ApiDown, ApiRefused
from actions.categories import OVERCHARGING, Categories
from components.patterns import phone_number, report_code
from components.text import words

CONSENT_VERSION = "2026-01"
SLOTS = (
    "report_key", "report_category", "report_category_guess", "report_attribute",
    "report_attributes", "report_description", "report_place", "report_location",
    "report_phone", "report_consent", "report_confirmed",
)  # fmt: skip
_EDITABLE = {"report_category", "report_description", "report_place", "report_phone"}
_KEYS = uuid.UUID("6f1d9a52-6c0e-4c38-9f0d-2f8a4c0b7f11")
_QUESTION = re.compile(
    r"\?|\b(?:khong|ko|gi|nao|dau|may gio|bao nhieu|khi nao|the nao"
    r"|what|where|when|how|which|is there)\b"
)
_LONG_ENOUGH = 5

Slots = dict[str, Any]


class _ReportAction(Answer):
    asks_back = False


def _is_digression(turn: Turn, wanted: Optional[str]) -> bool:
    """Whether the message is not an answer to the form's question, but something else."""
    if wanted == "report_phone" and phone_number(turn.text):
        return False
    intent, confidence = turn.intent, (turn.message.get("intent") or {}).get("confidence") or 0
    if intent in ("report_emergency", "report_lost_person"):
        return bool(confidence >= 0.6)
    if intent in ("cancel", "request_human", "switch_language", "bot_challenge"):
        return bool(confidence >= 0.5)
    asks = intent.startswith(("ask_", "find_", "check_")) and confidence >= 0.6
    return bool(asks and _QUESTION.search(" ".join(words(turn.text)) + turn.text[-1:]))


class ValidateReportForm(_ReportAction):
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
        elif turn.tracker.get_slot("report_key") and turn.intent == "affirm":
            filled = {}  # sending failed a moment ago: the same report waits to be sent again
        else:
            filled = self.begin(turn, categories)
        if not filled and wanted is not None:
            return []
        slots = {**turn.tracker.slots, **filled}
        filled.update(_attributes(turn, slots, categories))
        slots.update(filled)
        if not slots.get("report_phone") and slots.get("report_phone") is not None:
            filled["report_consent"] = slots["report_consent"] = False
        return [SlotSet(name, value) for name, value in filled.items()]

    def begin(self, turn: Turn, categories: Categories) -> Slots:
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
        filled["report_category_guess"] = guess
        if guess and len(words(turn.text)) >= _LONG_ENOUGH:
            filled["report_description"] = turn.text
        filled["report_place"] = turn.entity("place_name", "beach_zone", "ward")
        if turn.location:
            filled["report_location"] = turn.location
            filled["report_place"] = filled["report_place"] or ""
        if item := turn.entity("item"):
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
        if turn.location and not turn.text:
            return {"report_location": turn.location, "report_place": ""}
        filled: Slots = {"report_place": turn.text[:300]} if turn.text else {}
        return {**filled, "report_location": turn.location} if turn.location else filled

    def _read_phone(self, turn: Turn, categories: Categories) -> Slots:
        if phone := phone_number(turn.text):
            return {"report_phone": phone, "report_consent": None}
        return {"report_phone": ""} if turn.intent == "deny" else {}

    def _read_consent(self, turn: Turn, categories: Categories) -> Slots:
        if turn.intent == "affirm":
            return {"report_consent": True}
        return {"report_phone": "", "report_consent": False} if turn.intent == "deny" else {}

    def _read_confirmed(self, turn: Turn, categories: Categories) -> Slots:
        changed = turn.entity("choice")
        if changed in _EDITABLE:
            return {changed: None, "report_category_guess": None}
        return {"report_confirmed": True} if turn.intent == "affirm" else {}


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


class AskReportCategory(_ReportAction):
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


class AskReportAttribute(_ReportAction):
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


class AskReportConfirmed(_ReportAction):
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
        )
        return None


class SubmitReport(_ReportAction):
    """Files the report; the same form never files two, however often it is sent."""

    action = "action_submit_report"

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """The code of the report; when the backend is down, the form waits to be sent again."""
        slots = turn.tracker.slots
        if slots.get("report_confirmed") is not True:
            return None
        phone = slots.get("report_phone")
        body = {
            "category": slots["report_category"],
            "description": slots["report_description"],
            "location": slots.get("report_location"),
            "place_text": slots.get("report_place") or "",
            "anonymous": not phone,
            "attributes": slots.get("report_attributes") or {},
        }
        if phone:
            at = datetime.now(TOWN_TIME).isoformat(timespec="seconds")
            body["contact"] = {"phone": phone}
            body["consent"] = {"version": CONSENT_VERSION, "at": at}
        try:
            report = await turn.api.create("/reports", body, str(slots["report_key"]))
        except ApiDown:
            turn.say("utter_report_not_sent")
            return [SlotSet("report_confirmed", None), FollowupAction("report_form")]
        except ApiRefused:
            turn.say("utter_report_refused")
            return [SlotSet(name, None) for name in SLOTS]
        expected = report.get("expected_at")
        turn.say(
            "utter_report_sent",
            code=report["code"],
            expected=f"{clock(expected)}, {day(expected)}" if expected else "–",
            sources=[source("report", {"id": report.get("id"), "title": report["code"]})],
        )
        return [SlotSet(name, None) for name in SLOTS]


class CancelReport(_ReportAction):
    """Gives the report up; nothing of it is kept in the form."""

    action = "action_cancel_report"

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """Say so and forget what was told."""
        turn.say("utter_report_cancelled")
        return [ActiveLoop(None), *(SlotSet(name, None) for name in SLOTS)]


class ReportStatus(Answer):
    """What became of a report, by its code in any spelling."""

    action = "action_report_status"

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """Its status and history; or that the code is missing or not known."""
        code = report_code(turn.text) or report_code(turn.entity("report_code") or "")
        if code is None:
            turn.say("utter_ask_report_code")
            return None
        report = await turn.api.get(f"/reports/{code}")
        if report is None:
            turn.say("utter_report_not_found", code=code)
            return None
        status = report.get("status_label") or report.get("status")
        history = report.get("history") or []
        note = next((h["note"] for h in reversed(history) if h.get("note")), "")
        turn.say(
            "utter_report_status",
            code=report.get("code") or code,
            status=status,
            category=(report.get("category") or {}).get("name") or "",
            note=f"\n“{note}”" if note else "",
            time=clock(report.get("updated_at")),
            date=day(report.get("updated_at")),
            expected=day(report["expected_at"]) if report.get("expected_at") else "–",
            sources=[source("report", {"id": code, "title": code, **report})],
        )
        return None
