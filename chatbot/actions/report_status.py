"""What became of a report, and buttons whose question has gone."""

from typing import Optional

from rasa_sdk.events import SlotSet

from actions.answer import Answer, Json, Turn, clock, day, source
from components.patterns import report_code


class ReportStatus(Answer):
    """What became of a report, by its code in any spelling."""

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """Its status and history; or that the code is missing or not known."""
        code = report_code(turn.text) or report_code(turn.entity("report_code") or "")
        code = code or (turn.context.get("report") if turn.text else None)
        if code is None:
            turn.say("utter_ask_report_code")
            return None
        report = await turn.api.get(f"/reports/{code}")
        if report is None:
            turn.say("utter_report_not_found", code=code)
            return None
        turn.remember(report=code)
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


class StrayButton(Answer):
    """A button whose question has gone, or a photo that nobody asked for."""

    asks_back = False

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """Keep the photo for a report; of a button say that its question has gone."""
        photo = turn.metadata.get("photo_id")
        if not photo:
            turn.say("utter_stale_button")
            return None
        turn.say("utter_photo_kept")
        kept = turn.tracker.get_slot("report_photos") or []
        return [SlotSet("report_photos", [*kept, photo][-5:])]
