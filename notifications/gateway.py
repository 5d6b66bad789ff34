"""The way out of the house: what a push message is, what may become of it, who carries it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, runtime_checkable
from uuid import UUID

import structlog

from notifications.manner import USUAL, Manner

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class PushMessage:
    """One message to one address, in one language.

    *ttl*: the seconds from now until *expires_at*. *silent*: without sound, by its reader's wish.
    """

    delivery_id: int
    message_id: UUID
    kind: str
    address: str
    title: str
    body: str
    topic: str
    link: str | None = None
    emergency: bool = False
    manner: Manner = USUAL
    expires_at: datetime | None = None
    ttl: int | None = None
    silent: bool = False

    def __repr__(self) -> str:
        # Whatever prints a message must not print the address or what a person is told.
        return f"PushMessage(delivery_id={self.delivery_id})"


class Action(StrEnum):
    """What to do about a message that was handed over."""

    SENT = "sent"
    PRUNE = "prune"
    """Nothing listens at the address any more."""
    RETRY = "retry"
    """It may work later."""
    ALARM = "alarm"
    """It may work once somebody mends our set-up: nothing is lost meanwhile."""
    BURY = "bury"
    """It will never work; the address may still be good."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one message; *code* is the provider's word for a failure.

    *broken*: which moment's breaking connections took it with them, where no answer came.
    """

    action: Action
    code: str | None = None
    retry_after: timedelta | None = None
    broken: float | None = field(default=None, compare=False)


SENT = Outcome(Action.SENT)


class Gateway(Protocol):
    """Carries push messages. One worker's loop uses it, from one thread."""

    def send(self, messages: Sequence[PushMessage]) -> list[Outcome]:
        """Hand *messages* over; their outcomes in the same order. Never raises for a failure."""
        ...


@runtime_checkable
class Stream(Protocol):
    """Carries push messages while others are under way. One thread uses it."""

    @property
    def room(self) -> int:
        """How many more may be handed over now."""
        ...

    def hand_over(self, messages: Sequence[PushMessage]) -> None:
        """Set *messages*, not more than there is room for, on their way. Never raises for a
        failure: that is an answer."""
        ...

    def answers(self, wait: float) -> list[tuple[PushMessage, Outcome]]:
        """What became of messages since the last call; waits up to *wait* seconds for the first."""
        ...


class Batchwise:
    """A Stream over a gateway that takes messages by the batch."""

    def __init__(self, gateway: Gateway, room: int = 500) -> None:
        self._gateway = gateway
        self._most = room
        self._given: list[PushMessage] = []

    @property
    def room(self) -> int:
        """What is left of a batch."""
        return self._most - len(self._given)

    def hand_over(self, messages: Sequence[PushMessage]) -> None:
        """Keep *messages* until their answers are asked for."""
        self._given += messages

    def answers(self, wait: float) -> list[tuple[PushMessage, Outcome]]:
        """Send what was handed over; *wait* is the gateway's own affair."""
        given, self._given = self._given, []
        return list(zip(given, self._gateway.send(given), strict=True)) if given else []


def stream_of(gateway: Gateway | Stream) -> Stream:
    """*gateway* itself where it can stream, else by batches."""
    return gateway if isinstance(gateway, Stream) else Batchwise(gateway)


class LogGateway:
    """Carries nothing: says how many messages there were. They are in the inbox anyway."""

    def send(self, messages: Sequence[PushMessage]) -> list[Outcome]:
        """Count *messages* in the log, without addresses and texts."""
        ids = sorted({str(message.message_id) for message in messages})
        log.info("push not sent, no credentials", messages=ids, devices=len(messages))
        return [SENT] * len(messages)
