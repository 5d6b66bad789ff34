"""Which wording of an answer is said: the language is settled here, once, for all answers."""

from typing import Any, Dict, Optional

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from components.language import language_of_answer


class BilingualResponses(TemplatedNaturalLanguageGenerator):
    """The responses of the domain, in the language of the conversation.

    A wording with the condition `language: en` is said in English conversations, the one without
    a condition in all others. `choices`, intents that were perhaps meant, become buttons titled
    by the response utter_choice_<intent>.
    """

    def __init__(self, endpoint_config: EndpointConfig, domain: Domain) -> None:
        super().__init__(domain.responses)

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **kwargs: Any,
    ) -> Optional[Dict[str, Any]]:
        """The wording of `utter_action`, filled with `kwargs`; None if there is none."""
        messages = [e for e in reversed(tracker.events) if isinstance(e, UserUttered)]
        language = language_of_answer(
            tracker.get_slot("language"),
            (message.text or "" for message in messages),
            (messages[0].metadata or {}).get("lang") if messages else None,
        )
        kwargs = {name: _inert(value) for name, value in kwargs.items()}
        slots = {**tracker.current_slot_values(), "language": language}
        said: Optional[Dict[str, Any]] = self.generate_from_slots(
            utter_action, slots, output_channel, **kwargs
        )
        for intent in kwargs.get("choices", []) if said else []:
            title = self.generate_from_slots(f"utter_choice_{intent}", slots, output_channel)
            if said and title:
                button = {"title": title["text"], "payload": f"/{intent}"}
                said.setdefault("buttons", []).append(button)
        return said


def _inert(value: Any) -> Any:
    """`value` without the one sequence that Rasa's interpolation takes for a placeholder."""
    return value.replace("0[", "0 [") if isinstance(value, str) else value
