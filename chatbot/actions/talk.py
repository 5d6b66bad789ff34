"""Talk about the talk itself."""

from typing import Optional

from rasa_sdk.events import SlotSet

from actions.answer import Answer, Json, Turn
from components.text import words

_WANTS_ENGLISH = {"anh", "english", "eng", "en"}
_WANTS_VIETNAMESE = {"viet", "vietnamese", "vi", "vn"}
_SURE_OF_ANGER = 0.6


class Talk(Answer):
    """What needs no lookup: a greeting, thanks, what the bot is."""

    asks_back = False

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """The response of the intent's own name."""
        turn.say(f"utter_{turn.intent}")
        return None


class SwitchLanguage(Answer):
    """To go on in the other language."""

    asks_back = False

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """Remember what was asked for; said in the language that was chosen."""
        said = set(words(turn.text))
        if said & _WANTS_VIETNAMESE and not said & (_WANTS_ENGLISH - {"anh"}):
            language = "vi"
        elif said & _WANTS_ENGLISH:
            language = "en"
        else:
            language = "en" if turn.language == "vi" else "vi"
        turn.say(f"utter_language_{language}")
        return [SlotSet("language", language)]


class Human(Answer):
    """A person instead of the bot: the gateway opens the conversation to the town's staff."""

    asks_back = False

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """That staff are asked; when they answer is told by those who know their hours."""
        turn.say("utter_handover", handed_over="asked")
        return None


class Frustration(Answer):
    """The bot was no good: an apology, and a person."""

    asks_back = False

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """Hand over when it is plain that the person is angry; else offer it."""
        turn.has_failed = True
        if turn.confidence >= _SURE_OF_ANGER and not turn.in_form:
            turn.say("utter_frustration_handover", handed_over="frustration", failed=True)
        else:
            turn.say("utter_express_frustration", failed=True)
        return None


class OutOfScope(Answer):
    """Nothing the town's bot can answer: said to be so, never guessed."""

    asks_back = False

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """What it can do instead."""
        turn.fail("utter_out_of_scope", lost=True)
        return None


class Subscribe(Answer):
    """To get, or stop, notifications: of which topic, and where the setting is.

    Each device decides for itself, so the bot leads to the setting and switches nothing on.
    """

    asks_back = False

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """Which topics there are; of the one chosen or named, how it is got and stopped."""
        vocabularies = await turn.api.get("/vocabularies") or {}
        topics = vocabularies.get("topics") or []
        chosen = turn.entity("choice")
        said = set(" ".join(words(turn.text)).replace("thong bao", "").split())
        topic = next(
            (t for t in topics if t["code"] == chosen or (set(words(t["name"])) & said)),
            None,
        )
        if topic is None:
            buttons = [
                {"title": t["name"], "payload": f'/{turn.intent}{{"choice":"{t["code"]}"}}'}
                for t in topics
            ]
            turn.say(f"utter_{turn.intent}_which", buttons=buttons)
            return None
        turn.say(f"utter_{turn.intent}", topic=topic["name"])
        return None
