"""What is wrong at one place, and how a failing test says it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MOST_SHOWN = 40


@dataclass(frozen=True)
class Problem:
    """A place (a selector, an address or a line), what was found there, and what was expected."""

    where: str
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.where}: found {self.found}, expected {self.expected}"


def stamped(state: str, problems: Iterable[Problem]) -> list[str]:
    """The problems of a page in a state, each with both named."""
    return [f"{state}: {problem}" for problem in problems]


def none_of(lines: Iterable[object]) -> None:
    """Fail with all that is wrong, one line a problem; many are counted."""
    found = list(dict.fromkeys(str(line) for line in lines))
    more = [f"… and {len(found) - MOST_SHOWN} more"] if len(found) > MOST_SHOWN else []
    if found:
        raise AssertionError("\n".join([f"{len(found)} problems", *found[:MOST_SHOWN], *more]))
