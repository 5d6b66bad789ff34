"""The backend's API, as the chatbot reads and writes it."""

import logging
import os
from typing import Any, Optional

import httpx

logger = logging.getLogger(__name__)
# At its usual level httpx logs each address, and a search's holds what a person typed.
logging.getLogger("httpx").setLevel(logging.WARNING)

BACKEND_URL = (os.environ.get("BACKEND_URL") or "http://127.0.0.1:8000").rstrip("/")
PUBLIC_URL = (os.environ.get("PUBLIC_URL") or BACKEND_URL).rstrip("/")
_TIMEOUT = httpx.Timeout(4.0, connect=1.5)


class ApiDown(Exception):
    """The backend did not answer in time, or not as agreed."""


class ApiRefused(Exception):
    """The backend understood and refused."""


class Api:
    """One session for all conversations; a view of it is bound to each turn by `speaking`."""

    def __init__(self, base_url: str = BACKEND_URL) -> None:
        self._http = httpx.AsyncClient(
            base_url=f"{base_url}/api/v1",
            timeout=_TIMEOUT,
            headers={"X-Chatbot-Key": os.environ.get("CHATBOT_KEY", "")},
            trust_env=False,
        )

    def speaking(self, language: str, conversation: str) -> "TurnApi":
        """The API in `language`, on behalf of `conversation`."""
        return TurnApi(self._http, language, conversation)


class TurnApi:
    """The API as one turn of one conversation uses it.

    Every method raises ApiDown when there is no usable answer.
    """

    def __init__(self, http: httpx.AsyncClient, language: str, conversation: str) -> None:
        self._http = http
        self._language = language
        self._headers = {"X-Conversation-Id": conversation, "Accept-Language": language}

    async def items(self, path: str, **query: Any) -> list[dict[str, Any]]:
        """The first page of a list."""
        found = await self.get(path, **query)
        return list((found or {}).get("items", []))

    async def get(self, path: str, **query: Any) -> Optional[dict[str, Any]]:
        """The JSON at `path`; None when the API says that there is no such thing."""
        parameters = {"lang": self._language, **{k: v for k, v in query.items() if v is not None}}
        answer = await self._send("GET", path, params=parameters)
        return None if answer.status_code in (404, 410) else _json(answer)

    async def create(self, path: str, body: dict[str, Any], idempotency_key: str) -> dict[str, Any]:
        """Post `body`; a repeat with the same key changes nothing. Raises ApiRefused on a 4xx."""
        answer = await self._send(
            "POST", path, json=body, headers={"Idempotency-Key": idempotency_key}
        )
        if 400 <= answer.status_code < 500 and answer.status_code not in (408, 425, 429):
            logger.warning("POST %s was refused with %s", path, answer.status_code)
            raise ApiRefused(path)
        return _json(answer)

    async def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {**self._headers, **options.pop("headers", {})}
        try:
            return await self._http.request(method, path, headers=headers, **options)
        except httpx.HTTPError as problem:
            logger.warning("%s %s: %s", method, path, type(problem).__name__)
            raise ApiDown(path) from problem


def _json(answer: httpx.Response) -> dict[str, Any]:
    if not answer.is_success:
        logger.warning("%s answered %s", answer.request.url.path, answer.status_code)
        raise ApiDown(str(answer.status_code))
    try:
        body = answer.json()
    except ValueError as problem:
        raise ApiDown("not JSON") from problem
    if not isinstance(body, dict):
        raise ApiDown("not an object")
    return body
