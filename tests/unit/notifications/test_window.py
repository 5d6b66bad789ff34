"""How many messages are under way: what the push service's answers ask for."""

from __future__ import annotations

import pytest

from notifications.window import LEAST, Window


class Times:
    """A timer to turn, and a window by it."""

    def __init__(self, most: int) -> None:
        self.now = 0.0
        self.window = Window(most, lambda: self.now)

    def take(self, *seconds: float) -> int:
        """Let messages be answered after so many seconds, and give the size after them."""
        for number, each in enumerate(seconds):
            self.window.sent(number)
            self.window.sent(-1)  # another, meanwhile
            self.now += each
            self.window.answered(-1)
            self.window.answered(number)
        return self.window.size


@pytest.mark.parametrize(
    ("most", "seconds", "size"),
    [
        (500, [], LEAST),
        (500, [0.001], LEAST),
        (500, [0.04], 200),
        (500, [0.1], 500),
        (500, [9.0], 500),
        (500, [0.1, 0.04, 0.1], 200),  # a queue of our own making does not count
        (500, [0.01, 11.0, 0.1, 11.0, 0.1], 500),  # what was long ago does not either
        (1, [], 1),
        (1, [0.1], 1),
    ],
)
def test_as_many_as_the_shortest_answer_asks_for(
    most: int, seconds: list[float], size: int
) -> None:
    assert Times(most).take(*seconds) == size
