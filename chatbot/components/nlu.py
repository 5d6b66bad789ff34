"""The understanding pipeline: how the pure modules beside this one plug into Rasa.

In the order of config.yml: text is cleaned; training examples get an unaccented twin; tokens are
cut; danger is looked for by rules; entities and intent are found by the models.
"""

import copy
import logging
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Dict, List, Optional, Type

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.danger import danger_in
from components.dialect import in_standard
from components.entity_model import EntityModel, Span, Word
from components.intent_model import IntentModel, Settings, Views
from components.language import language_of
from components.patterns import is_bare_report_code, pattern_spans
from components.text import clean, fold, normalise_token
from components.vectors import SentenceVectors

logger = logging.getLogger(__name__)
Kind = DefaultV1Recipe.ComponentType

_TOKEN = re.compile(r"\w+|[^\w\s]")
_RANKING_LENGTH = 10


def tokenise(text: str) -> List[Word]:
    """The tokens of `text`, at their places in it; teencode and telex undone unless it is English."""
    vietnamese = language_of(text) != "en"
    found = []
    for match in _TOKEN.finditer(text):
        accented = normalise_token(match.group(), vietnamese=vietnamese)
        found.append(Word(match.start(), match.end(), accented, fold(accented)))
    return found


def views(words: Iterable[Word]) -> Views:
    """What the intent model reads of a message: in standard Vietnamese, and folded as it was typed."""
    words = list(words)
    accented = " ".join(w.accented for w in words).split()  # teencode may stand for two words
    return Views(" ".join(in_standard(accented)), " ".join(w.folded for w in words))


def words_of(message: Message) -> List[Word]:
    """The words that VietnameseTokenizer cut `message` into."""
    return [
        Word(token.start, token.end, token.text, token.lemma)
        for token in message.get(TOKENS_NAMES[TEXT]) or []
    ]


class _Plain(GraphComponent):
    """A component that keeps nothing but its configuration."""

    def __init__(self, config: Dict[str, Any]) -> None:
        self._config = config

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> GraphComponent:
        """Called by Rasa."""
        return cls(config)


@DefaultV1Recipe.register(Kind.MESSAGE_TOKENIZER, is_trainable=False)
class TextCleaner(_Plain):
    """Puts messages into NFC and drops invisible characters, before anything counts offsets."""

    def process(self, messages: List[Message]) -> List[Message]:
        """Clean each message's text."""
        for message in messages:
            text = message.get(TEXT)
            if text and clean(text) != text:
                message.set(TEXT, clean(text), add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Training files are NFC already; a test holds them to it."""
        return training_data


@DefaultV1Recipe.register(Kind.MESSAGE_TOKENIZER, is_trainable=False)
class DiacriticAugmenter(_Plain):
    """In training only: gives each example a twin without marks, entities at the same offsets."""

    def process(self, messages: List[Message]) -> List[Message]:
        """Messages of people stay as they are."""
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """`training_data` and the twins."""
        twins = []
        for message in training_data.training_examples:
            text = message.get(TEXT)
            if not text or not message.get(INTENT) or fold(text) == text.lower():
                continue
            data = copy.deepcopy(message.data)
            data[TEXT] = fold(text)
            for entity in data.get(ENTITIES, []):
                entity["value"] = data[TEXT][entity["start"] : entity["end"]]
            twins.append(Message(data=data, output_properties=set(message.output_properties)))
        return training_data.merge(TrainingData(twins))


@DefaultV1Recipe.register(Kind.MESSAGE_TOKENIZER, is_trainable=False)
class VietnameseTokenizer(Tokenizer):
    """Syllables and signs, at their places in the text as typed; the lemma is the folded form."""

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> GraphComponent:
        """Called by Rasa."""
        return cls(config)

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """What Rasa's tokenizers expect to be told."""
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
        }

    def tokenize(self, message: Message, attribute: str) -> List[Token]:
        """The tokens of one attribute of `message`."""
        return [
            Token(word.accented, word.start, word.end, lemma=word.folded)
            for word in tokenise(message.get(attribute))
        ]


@DefaultV1Recipe.register(Kind.INTENT_CLASSIFIER, is_trainable=False)
class RuleClassifier(_Plain, IntentClassifier):
    """Settles by rules what no model may decide: danger now, and a report code standing alone."""

    def process(self, messages: List[Message]) -> List[Message]:
        """Set the intent of the messages that a rule knows."""
        for message in messages:
            text = message.get(TEXT)
            intent = danger_in(text) if text else None
            if text and intent is None and is_bare_report_code(text):
                intent = "check_report_status"
            if intent is not None:
                certain = {"name": intent, "confidence": 1.0}
                message.set(INTENT, certain, add_to_output=True)
                message.set("intent_ranking", [certain], add_to_output=True)
        return messages


class _Trained(GraphComponent):
    """A component that keeps a folder of its own in the trained model."""

    def __init__(self, config: Dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> GraphComponent:
        """Called by Rasa."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> GraphComponent:
        """Called by Rasa with a trained model."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._restore(folder)
        return component

    def _restore(self, folder: Path) -> None:
        raise NotImplementedError


@DefaultV1Recipe.register(Kind.ENTITY_EXTRACTOR, is_trainable=True)
class FoldedEntityExtractor(_Trained, EntityExtractorMixin):
    """Entities by a conditional random field on folded tokens; phones and report codes by pattern.

    Rasa's CRFEntityExtractor is not used: it keeps its training data in the model and trains again
    at every load.
    """

    _FILE = "entities.crf"

    def __init__(self, config: Dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config, storage, resource)
        self._model = EntityModel()

    @classmethod
    def required_components(cls) -> List[Type]:  # type: ignore[type-arg]
        """Called by Rasa."""
        return [VietnameseTokenizer]

    def train(self, training_data: TrainingData) -> Resource:
        """Fit to all examples that have an intent: those without entities teach, too."""
        examples = [
            (
                words_of(message),
                [Span(e["start"], e["end"], e["entity"]) for e in message.get(ENTITIES, [])],
            )
            for message in training_data.intent_examples
        ]
        with self._storage.write_to(self._resource) as folder:
            EntityModel.train(examples, folder / self._FILE)
        return self._resource

    def _restore(self, folder: Path) -> None:
        self._model.restore(folder / self._FILE)

    def process(self, messages: List[Message]) -> List[Message]:
        """Add the entities found to each message; values are kept as the person typed them."""
        for message in messages:
            text = message.get(TEXT)
            if not text:
                continue
            certain = pattern_spans(text)
            learned = [
                span
                for span in self._model.spans(words_of(message))
                if span.entity not in {"phone", "report_code"}
                and all(span.end <= s.start or s.end <= span.start for s in certain)
            ]
            entities = [
                {
                    "entity": span.entity,
                    "start": span.start,
                    "end": span.end,
                    "value": text[span.start : span.end],
                    "extractor": type(self).__name__,
                }
                for span in sorted(learned + certain)
            ]
            message.set(ENTITIES, message.get(ENTITIES, []) + entities, add_to_output=True)
        return messages


@DefaultV1Recipe.register(Kind.INTENT_CLASSIFIER, is_trainable=True)
class DualViewIntentClassifier(_Trained, IntentClassifier):
    """Intents by `IntentModel`; kept as JSON and npz, so that loading a model runs none of its data."""

    def __init__(self, config: Dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config, storage, resource)
        weight = float(config["vector_weight"])
        vectors = SentenceVectors.available() if weight else None
        settings = {name: float(config[name]) for name in Settings._fields}
        self._model: Optional[IntentModel] = None
        self._untrained = IntentModel(Settings(**settings), vectors)

    @classmethod
    def required_components(cls) -> List[Type]:  # type: ignore[type-arg]
        """Called by Rasa."""
        return [VietnameseTokenizer]

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """What config.yml may override; a `vector_weight` of 0 does without sentence vectors."""
        return {**Settings()._asdict(), "vector_cache": ".cache/sentence-vectors.npz"}

    def train(self, training_data: TrainingData) -> Resource:
        """Fit to all examples that have an intent."""
        examples = training_data.intent_examples
        logger.info("training intents on %d examples", len(examples))
        self._untrained.train(
            [views(words_of(message)) for message in examples],
            [message.get(INTENT) for message in examples],
            Path(self._config["vector_cache"]),
        )
        with self._storage.write_to(self._resource) as folder:
            self._untrained.save(folder)
        self._model = self._untrained
        return self._resource

    def _restore(self, folder: Path) -> None:
        self._untrained.restore(folder)
        self._model = self._untrained

    def process(self, messages: List[Message]) -> List[Message]:
        """Rank the intents of each message that no rule has settled."""
        for message in messages:
            words = words_of(message)
            if self._model is None or message.get(INTENT) or not words:
                continue
            ranking = [
                {"name": intent, "confidence": confidence}
                for intent, confidence in self._model.rank(views(words))[:_RANKING_LENGTH]
            ]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages
