"""Other Open311 servers: asked over https, at public addresses, within bounds."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

import orjson

from backend import outgoing

LARGEST = 4_194_304
"""Bytes of an answer; a thousand requests are less."""

_TRANSIENT = (429, 503)


class PeerError(Exception):
    """The other server did not do it; the message says why, in its own words where it has some."""


class NotReached(PeerError):
    """Nothing was sent, or the server turned it away unread: it may be sent again.

    *after* is the wait that the server asked for.
    """

    def __init__(self, reason: str, after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.after = after


class Declined(PeerError):
    """The server read it and says no; *status* is HTTP's."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class Unclear(PeerError):
    """Whether the server has done it cannot be known."""


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where a server is and how to speak with it."""

    url: str
    form: str = "json"
    api_key: str | None = None
    jurisdiction: str | None = None


@dataclass(frozen=True)
class Accepted:
    """What the server gave for a request: its id, or a token for it."""

    remote_id: str | None
    token: str | None


class Peers:
    """Asks other servers; *patience* is the longest wait for an answer, in seconds.

    Only https, and only at addresses of the public internet, unless *private* is allowed.
    """

    def __init__(self, *, private: bool = False, patience: float = 20.0) -> None:
        self._private = private
        self._patience = patience

    def post(self, to: Address, fields: Mapping[str, Any], key: uuid.UUID) -> Accepted:
        """File a request. Raises NotReached, Declined, Unclear."""
        sent = {name: value for name, value in fields.items() if value not in (None, "", [])}
        sent |= {"api_key": to.api_key} if to.api_key else {}
        answer = self._call(to, "POST", "requests", data=sent, key=key)
        for said in answer:
            remote_id, token = text_of(said, "service_request_id"), text_of(said, "token")
            if remote_id or token:
                return Accepted(remote_id, token)
        raise Unclear("the answer names no request")

    def id_of_token(self, at: Address, token: str) -> str | None:
        """The id that *token* stands for by now. Raises PeerError."""
        for said in self._call(at, "GET", f"tokens/{quote(token, safe='')}"):
            if remote_id := text_of(said, "service_request_id"):
                return remote_id
        return None

    def requests(self, at: Address, ids: Sequence[str]) -> list[Mapping[str, Any]]:
        """The requests *ids* as the server lists them. Raises PeerError."""
        query = {"service_request_id": ",".join(ids), "extensions": "true"}
        return self._call(at, "GET", "requests", query=query)

    def request(self, at: Address, remote_id: str) -> list[Mapping[str, Any]]:
        """One request. Raises PeerError."""
        return self._call(at, "GET", f"requests/{quote(remote_id, safe='')}")

    def updates(self, at: Address, start: datetime, end: datetime) -> list[Mapping[str, Any]]:
        """What happened between two moments. Raises PeerError."""
        query = {
            "start_date": _moment(start),
            "end_date": _moment(end),
            "api_key": at.api_key or "",
        }
        return self._call(at, "GET", "servicerequestupdates", query=query)

    def _call(
        self,
        to: Address,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        data: Mapping[str, Any] | None = None,
        key: uuid.UUID | None = None,
    ) -> list[Mapping[str, Any]]:
        params = {name: value for name, value in (query or {}).items() if value}
        if to.jurisdiction:
            params["jurisdiction_id"] = to.jurisdiction
        status, headers, body = self._exchange(
            method, f"{to.url}/{path}.{to.form}", params=params, data=data, key=key
        )
        if status in (200, 201, 202):
            try:
                return _read(to.form, body)
            except ValueError as error:
                raise Unclear(f"the answer cannot be read: {error}") from None
        reason = f"HTTP {status}: {_errors(to.form, body)}"
        if status in _TRANSIENT:
            raise NotReached(reason, outgoing.wait_asked(headers.get("Retry-After")))
        if 400 <= status < 500:
            raise Declined(status, reason)
        raise Unclear(reason)

    def _exchange(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str],
        data: Mapping[str, Any] | None,
        key: uuid.UUID | None,
    ) -> tuple[int, Mapping[str, str], bytes]:
        try:
            answer = outgoing.call(
                method,
                url,
                private=self._private,
                patience=self._patience,
                largest=LARGEST,
                headers={"Idempotency-Key": str(key)} if key else None,
                params=params,
                data=data,
            )
        except outgoing.NotReached as error:
            raise NotReached(str(error)) from None
        except outgoing.CallError as error:
            raise Unclear(str(error)) from None
        return answer.status, answer.headers, answer.body


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _read(form: str, body: bytes) -> list[Mapping[str, Any]]:
    """The items of a list, or the one that came without. Raises ValueError."""
    if form == "json":
        data = orjson.loads(body)
        listed = data if isinstance(data, list) else [data]
        return [item for item in listed if isinstance(item, dict)]
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise ValueError("it declares entities")
    try:
        root = ET.fromstring(body)  # noqa: S314 - without entities, and not larger than LARGEST
    except ET.ParseError as error:
        raise ValueError("it is no XML") from error
    return [_mapping(item) for item in root]


def _mapping(element: ET.Element) -> dict[str, Any]:
    return {
        child.tag.rpartition("}")[2]: _mapping(child) if len(child) else (child.text or "").strip()
        for child in element
    }


def text_of(said: Mapping[str, Any], name: str, most: int = 200) -> str | None:
    """The text *name* of what a server said, cut at *most*; None where it said none."""
    value = said.get(name)
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return None
    return str(value).strip()[:most] or None


def _errors(form: str, body: bytes) -> str:
    try:
        said = [text_of(item, "description") for item in _read(form, body)]
    except ValueError:
        said = []
    return "; ".join(text for text in said if text)[:300] or "no reason given"
