"""Calls to servers of others: over https, at addresses of the public internet, within bounds.

Whoever may name an address could else make the town's own machines do what no outsider can.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

LONGEST_WAIT = timedelta(days=1)
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")


class CallError(Exception):
    """There is no answer; the message says why, without the address."""


class NotReached(CallError):
    """Nothing was sent."""


class Broken(CallError):
    """Something was sent; whether it was done cannot be known."""


@dataclass(frozen=True)
class Answer:
    """What a server answered; *body* is not longer than was asked for."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def call(
    method: str,
    url: str,
    *,
    private: bool,
    patience: float,
    largest: int,
    headers: Mapping[str, str] | None = None,
    params: Mapping[str, str] | None = None,
    data: Mapping[str, Any] | None = None,
    content: bytes | None = None,
) -> Answer:
    """Call *url* and read at most *largest* bytes, within about *patience* seconds.

    The name is looked up once and that address is called, so that it cannot turn into another.
    Redirects are not followed. *private* allows http and private addresses too.
    Raises NotReached, Broken.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    address = resolved(parts.scheme, host, parts.port, private=private)
    deadline = time.monotonic() + patience
    body = bytearray()
    try:
        with (
            httpx.Client(timeout=patience, trust_env=False) as client,
            client.stream(
                method,
                httpx.URL(url).copy_with(host=address),
                params=params,
                data=data,
                content=content,
                headers={**(headers or {}), "Host": parts.netloc.rpartition("@")[2]},
                extensions={"sni_hostname": host},
            ) as answer,
        ):
            for chunk in answer.iter_bytes():
                body += chunk
                # A time-out counts from one byte to the next: one that drips never ends.
                if len(body) > largest or time.monotonic() > deadline:
                    raise Broken("the answer is too long or too slow")
            return Answer(answer.status_code, answer.headers, bytes(body))
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise NotReached(type(error).__name__) from None
    except httpx.HTTPError as error:
        raise Broken(type(error).__name__) from None


def resolved(scheme: str, host: str, port: int | None, *, private: bool) -> str:
    """An address of *host* that may be called. Raises NotReached."""
    if scheme != "https" and not (private and scheme == "http"):
        raise NotReached("only https is called")
    try:
        found = socket.getaddrinfo(host, port or 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotReached("the name is not known") from None
    addresses = [str(entry[4][0]) for entry in found]
    if not private and not all(is_public_address(one) for one in addresses):
        raise NotReached("the name leads into a private network")
    return addresses[0]


def may_be_called(url: str, *, private: bool) -> bool:
    """Whether *url* looks like one that `call` would call; its name is not looked up."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.scheme != "https" and not (private and parts.scheme == "http"):
        return False
    if not host or parts.username or parts.password or parts.fragment:
        return False
    if private:
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return "." in host and not host.endswith((".local", ".internal", ".localhost"))
    return is_public_address(host)


def is_public_address(text: str) -> bool:
    """Whether *text* is an address of the public internet."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _TRANSLATED:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            address = inner
    return address.is_global and not address.is_multicast


def wait_asked(header: str | None, now: datetime | None = None) -> timedelta | None:
    """What a Retry-After asks for: seconds, or until a date; from a second to LONGEST_WAIT."""
    if not header:
        return None
    try:
        wait = timedelta(seconds=int(header))
    except OverflowError:
        return LONGEST_WAIT
    except ValueError:
        try:
            wait = parsedate_to_datetime(header) - (now or datetime.now(UTC))
        except (ValueError, TypeError):
            return None
    return min(max(wait, timedelta(seconds=1)), LONGEST_WAIT)
