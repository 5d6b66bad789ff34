"""Plugs linking into Rasa, and keeps what it links to up to date from the backend."""

import json
import logging
import os
import threading
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Dict, List, Optional

import httpx
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from components.entity_model import Span
from components.gazetteer import Gazetteer, entries_of
from components.linking import Linked, link
from components.nlu import words_of

logger = logging.getLogger(__name__)
_TOWN_TIME = timezone(timedelta(hours=7))
_MOST = 2000
_ROOT = Path(__file__).resolve().parents[2]  # what DATA_DIR is relative to


class Names:
    """The gazetteer of the backend's names: what is in memory answers, a thread renews it.

    Until the backend has answered once, `kept` holds what it said before, if it is there.
    """

    def __init__(self, kept: Path, fetch: Callable[[], Dict[str, Any]], every: float) -> None:
        self._kept = kept
        self._fetch = fetch
        self._every = every
        self._asked = float("-inf")
        self._asking = threading.Lock()
        self._known = Gazetteer(entries_of(_read(kept)))

    def now(self) -> Gazetteer:
        """The names as known now; asks for them anew, beside this call, when they are old."""
        if time.monotonic() - self._asked > self._every and self._asking.acquire(blocking=False):
            self._asked = time.monotonic()
            threading.Thread(target=self._renew, name="names", daemon=True).start()
        return self._known

    def _renew(self) -> None:
        try:
            self.renew()
        finally:
            self._asking.release()

    def renew(self) -> None:
        """Ask for the names; what is known stays when there is no answer."""
        try:
            answer = self._fetch()
            self._known = Gazetteer(entries_of(answer))
            self._kept.parent.mkdir(parents=True, exist_ok=True)
            part = self._kept.with_name(f"{self._kept.name}.{os.getpid()}")
            part.write_text(json.dumps(answer, ensure_ascii=False), "utf-8")
            part.replace(self._kept)
        except (httpx.HTTPError, OSError, ValueError, KeyError, TypeError) as problem:
            logger.warning("names of the town: %s, those known before stay", type(problem).__name__)


def _read(kept: Path) -> Dict[str, Any]:
    try:
        return dict(json.loads(kept.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def fetch_names() -> Dict[str, Any]:
    """The names that the API lists, in both languages. Raises httpx.HTTPError when it does not answer."""
    base = (os.environ.get("BACKEND_URL") or "http://127.0.0.1:8000").rstrip("/")
    key = {"X-Chatbot-Key": os.environ.get("CHATBOT_KEY", "")}
    found: Dict[str, List[Any]] = {}
    with httpx.Client(base_url=f"{base}/api/v1", headers=key, timeout=5.0, trust_env=False) as http:
        for language in ("vi", "en"):
            vocabularies = _json(http, "/vocabularies", lang=language)
            for part in ("quarters", "place_categories", "categories"):
                found.setdefault(part, []).extend(vocabularies.get(part) or [])
            for part in ("places", "beaches"):
                found.setdefault(part, []).extend(_all(http, f"/{part}", lang=language))
            prices = _all(http, "/prices", lang=language)
            found.setdefault("items", []).extend(
                {"name": price["item"]} for price in prices if price.get("item")
            )
    return found


def _all(http: httpx.Client, path: str, **query: Any) -> List[Any]:
    items: List[Any] = []
    cursor: Optional[str] = None
    while len(items) < _MOST:
        page = _json(http, path, limit=100, **query, **({"cursor": cursor} if cursor else {}))
        items += page.get("items") or []
        cursor = page.get("next_cursor")
        if not cursor:
            break
    kept = ("slug", "name", "aliases", "item")
    return [{name: item[name] for name in kept if item.get(name)} for item in items]


def _json(http: httpx.Client, path: str, **query: Any) -> Dict[str, Any]:
    answer = http.get(path, params=query)
    answer.raise_for_status()
    return dict(answer.json())


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class EntityLinker(GraphComponent):
    """Gives entities what they mean: `link`, the backend's slug or code, with its name as `value`;
    a date its first and last day as `from` and `until`. What is linked to nothing stays as typed."""

    def __init__(self, names: Names) -> None:
        self._names = names

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> GraphComponent:
        """Called by Rasa."""
        kept = _ROOT / (os.environ.get("DATA_DIR") or "var") / config["kept"]
        return cls(Names(kept, fetch_names, float(config["every"])))

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """What config.yml may override: where names are kept, in DATA_DIR; how often, in seconds, asked."""
        return {"kept": "names.json", "every": 300.0}

    def process(self, messages: List[Message]) -> List[Message]:
        """Link the entities of each message."""
        today = datetime.now(_TOWN_TIME).date()
        for message in messages:
            text = message.get(TEXT)
            if text and not text.startswith("/"):
                entities = self._linked(message, text, today)
                message.set(ENTITIES, entities, add_to_output=True)
        return messages

    def process_training_data(self, training_data: Any) -> Any:
        """Nothing is linked in training."""
        return training_data

    def _linked(self, message: Message, text: str, today: date) -> List[Dict[str, Any]]:
        found = {(e["start"], e["end"]): e for e in message.get(ENTITIES, [])}
        spans = [Span(e["start"], e["end"], e["entity"]) for e in found.values()]
        intent = (message.get(INTENT) or {}).get("name") or ""
        linked = link(text, words_of(message), spans, intent, self._names.now(), today)
        return [_entity(each, found, text) for each in linked]


def _entity(linked: Linked, found: Dict[Any, Dict[str, Any]], text: str) -> Dict[str, Any]:
    span = linked.span
    entity: Dict[str, Any] = dict(
        found.get((span.start, span.end))
        or {
            "entity": span.entity,
            "start": span.start,
            "end": span.end,
            "extractor": "EntityLinker",
        }
    )
    entity.setdefault("value", text[span.start : span.end])
    if linked.entry is not None:
        entity["link"] = linked.entry.id
        if span.entity in ("place_name", "beach_zone", "ward", "item"):
            entity["value"] = linked.entry.name
    if linked.days is not None:
        entity["from"] = linked.days.first.isoformat()
        entity["until"] = linked.days.last.isoformat()
    return entity
