"""Talk about the talk itself."""

from typing import Optional

from rasa_sdk.events import SlotSet

from actions.answer import Answer, Json, Turn
from components.text import words

_WANTS_ENGLISH = {"anh", "english", "eng", "en"}
_WANTS_VIETNAMESE = {"viet", "vietnamese", "vi", "vn"}


class SwitchLanguage(Answer):
    """To go on in the other language."""

    action = "action_switch_language"
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


class OutOfScope(Answer):
    """Nothing the town's bot can answer: said to be so, never guessed."""

    action = "action_out_of_scope"
    asks_back = False

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """What it can do instead."""
        turn.say("utter_out_of_scope")
        return None
