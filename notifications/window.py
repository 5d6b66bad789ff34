"""How many messages to have under way: as many as the speed needs, and no more.

What is under way when a sender is killed may go out twice, so a push service that answers
quickly is not given more than it takes to keep it busy.
"""

from __future__ import annotations

import time
from collections.abc import Callable

WANTED_PER_SECOND = 5000
LEAST = 64
PERIOD = 10.0
"""Seconds after which what was measured before counts no more."""

GIVEN_UP = 60.0
"""Seconds after which the answer to the measured message is no longer waited for."""


class Window:
    """From LEAST to *most* messages, by the shortest time that an answer took of late."""

    def __init__(self, most: int, timer: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._timer = timer
        self._sample: tuple[int, float] | None = None
        self._shortest: float | None = None
        self._before: float | None = None
        self._since = timer()

    @property
    def size(self) -> int:
        """How many may be under way now."""
        known = [each for each in (self._shortest, self._before) if each is not None]
        needed = round(min(known) * WANTED_PER_SECOND) if known else LEAST
        return min(self._most, max(LEAST, needed))

    def sent(self, delivery_id: int) -> None:
        """A message was handed over; one at a time is measured."""
        now = self._timer()
        if self._sample is None or now - self._sample[1] > GIVEN_UP:
            self._sample = (delivery_id, now)

    def answered(self, delivery_id: int) -> None:
        """A message was answered."""
        if self._sample is None or self._sample[0] != delivery_id:
            return
        now = self._timer()
        took = now - self._sample[1]
        if now - self._since > PERIOD:
            self._before, self._shortest, self._since = self._shortest, None, now
        self._shortest = took if self._shortest is None else min(self._shortest, took)
        self._sample = None
