"""Danger: said at once, from words that need no lookup; what else is known is added."""

from typing import Optional

from actions.answer import Answer, Json, Turn, day, link, source
from actions.api import ApiDown


class Emergency(Answer):
    """Someone is in danger now."""

    asks_back = False

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """The national numbers and what to do first; never waits for the backend."""
        turn.say("utter_report_emergency")
        return None


class LostPerson(Answer):
    """A person is missing or was found."""

    asks_back = False

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """The numbers and what to do first."""
        turn.say("utter_report_lost_person")
        return None


class EmergencyNumber(Answer):
    """Which number to call: as the contacts hold them, else the national ones."""

    when_down = "utter_emergency_numbers"
    asks_back = False

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """All emergency contacts."""
        contacts = [
            contact
            for contact in await turn.api.items("/contacts")
            if contact.get("kind") == "emergency" and contact.get("phone")
        ]
        if not contacts:
            turn.say("utter_emergency_numbers")
            return None
        lines = "\n".join(f"• {contact['phone']}: {contact['name']}" for contact in contacts)
        turn.say(
            "utter_emergency_contacts",
            lines=lines,
            sources=[source("contact", contact) for contact in contacts],
        )
        return None


class Evacuation(Answer):
    """Where to shelter, what to do in a storm or flood."""

    when_down = "utter_evacuation"
    asks_back = False

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """What to do first, and the town's notices about storms."""
        turn.say("utter_evacuation")
        try:
            notices = await turn.api.items("/articles", topic="storm", limit=3)
        except ApiDown:
            return None
        for notice in notices:
            turn.say(
                "utter_article",
                title=notice.get("title"),
                summary=notice.get("summary") or "",
                date=day(notice.get("published_at")),
                links=link(notice),
                sources=[source("article", notice)],
            )
        return None
