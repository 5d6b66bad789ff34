"""Which way a push message goes: by the kind of its address."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from notifications.gateway import Outcome, PushMessage, Stream


class ByKind:
    """A Stream that hands each message to the stream of its address's kind, or to *usual*."""

    def __init__(self, usual: Stream, of_kind: Mapping[str, Stream]) -> None:
        self._usual, self._of_kind = usual, of_kind
        self._streams = [usual, *of_kind.values()]
        self._under_way: Counter[int] = Counter()

    @property
    def room(self) -> int:
        """How many more may be handed over now, of whatever kind."""
        return min(stream.room for stream in self._streams)

    def hand_over(self, messages: Sequence[PushMessage]) -> None:
        """Set *messages* on their ways."""
        sorted_out: dict[int, list[PushMessage]] = defaultdict(list)
        for message in messages:
            stream = self._of_kind.get(message.kind, self._usual)
            sorted_out[self._streams.index(stream)].append(message)
        for number, some in sorted_out.items():
            self._under_way[number] += len(some)
            self._streams[number].hand_over(some)

    def answers(self, wait: float) -> list[tuple[PushMessage, Outcome]]:
        """What became of messages since the last call, whichever way they went."""
        busy = [number for number in range(len(self._streams)) if self._under_way[number]]
        found: list[tuple[PushMessage, Outcome]] = []
        for number in reversed(busy):
            # The usual way is waited for last, and none while another has something to tell.
            patience = 0.0 if found or (len(busy) > 1 and number) else wait
            some = self._streams[number].answers(patience)
            self._under_way[number] -= len(some)
            found += some
        return found
