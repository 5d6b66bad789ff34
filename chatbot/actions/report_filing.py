"""A report that was told in full is filed, once; one that was given up is forgotten."""

from datetime import datetime
from typing import Optional

from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet

from actions.answer import TOWN_TIME, Json, Turn, clock, day, source
from actions.api import ApiDown, ApiRefused
from actions.report import CONSENT_VERSION, SLOTS, ReportAction


class SubmitReport(ReportAction):
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
        lost = await self._add_photos(turn, report, slots.get("report_photos") or [])
        expected = report.get("expected_at")
        turn.say(
            "utter_report_sent",
            code=report["code"],
            expected=f"{clock(expected)}, {day(expected)}" if expected else "–",
            sources=[source("report", {"id": report.get("id"), "title": report["code"]})],
        )
        if lost:
            turn.say("utter_photos_lost", code=report["code"])
        kept = {
            **turn.context,
            "report": report["code"],
            "at": turn.now.isoformat(timespec="seconds"),
        }
        return [SlotSet("context", kept), *(SlotSet(name, None) for name in SLOTS)]

    async def _add_photos(self, turn: Turn, report: Json, photos: list[str]) -> int:
        """Give the report its photos; how many could not be added."""
        lost = 0
        for photo in photos:
            body = {"report_id": report.get("id"), "access_token": report.get("access_token")}
            try:
                await turn.api.create(f"/chat/photos/{photo}/report", body, photo)
            except (ApiDown, ApiRefused):
                lost += 1
        return lost


class CancelReport(ReportAction):
    """Gives the report up; nothing of it is kept in the form."""

    action = "action_cancel_report"

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """Say so and forget what was told."""
        turn.say("utter_report_cancelled")
        return [ActiveLoop(None), *(SlotSet(name, None) for name in SLOTS)]
