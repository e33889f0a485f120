"""Whether a reader's cost grows with its text and not with the text's square."""

from __future__ import annotations

import time
from collections.abc import Callable

TIMES_LONGER = 8
# Of eight times the text: eight times the cost, if it is linear, sixty-four if it is quadratic.
MOST = 30
TOO_SHORT_TO_TELL = 0.2  # seconds


def grows_with_its_text(read: Callable[[str], object], unit: str, *, ends: tuple[str, str]) -> bool:
    """Whether reading a unit repeated takes about as much longer as the text is longer."""
    length = 20_000

    def text(characters: int) -> str:
        return ends[0] + unit * (characters // len(unit)) + ends[1]

    long = _cost(read, text(length))
    return long < TOO_SHORT_TO_TELL or long < MOST * _cost(read, text(length // TIMES_LONGER))


def _cost(read: Callable[[str], object], text: str) -> float:
    """The least processor time of several, which other work on the machine does not lengthen."""
    costs = []
    for _ in range(3):
        started = time.process_time()
        read(text)
        costs.append(time.process_time() - started)
    return min(costs)
