"""What `make test` leaves to `make test-all`: the tests that take long, in groups.

`pytest -m 'slow(group="browser")'` calls one group alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

GROUPS = (
    "browser", "faults", "live", "cluster", "reproduction", "growth", "rebuilding", "records",
    "proof", "benchmarks",
)  # fmt: skip


def slow(group: str) -> pytest.MarkDecorator:
    """The mark of a test of a group. Raises ValueError for a group of another name."""
    if group not in GROUPS:
        raise ValueError(f"{group} is none of the groups of slow tests: {', '.join(GROUPS)}")
    return pytest.mark.slow(group=group)


def but_first(values: Iterable[Any], group: str, *, quick: int = 1) -> list[Any]:
    """Parameters of a test, of which all but the first few are slow."""
    marked = []
    for number, value in enumerate(values):
        given = value if isinstance(value, tuple) else (value,)
        marked.append(pytest.param(*given, marks=slow(group)) if number >= quick else value)
    return marked
