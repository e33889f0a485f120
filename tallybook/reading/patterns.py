"""The phrases that a pattern of `english` stands for."""

from __future__ import annotations

import re
from collections.abc import Iterator


def phrases(pattern: str) -> Iterator[str]:
    """Each phrase that a pattern of `english` stands for; it has groups, `|` and `?`.

    >>> list(phrases("up(ward|wards) of|ca[.]?"))
    ['upward of', 'upwards of', 'ca.', 'ca']
    """
    for branch in _branches(pattern):
        found = [""]
        for atom, optional in re.findall(r"(\((?:[^()])*\)|\[.\]|.)(\??)", branch):
            several = [*_branches(atom[1:-1])] if atom[0] == "(" else [atom.strip("[]")]
            each = several + ([""] if optional else [])
            found = [before + more for before in found for more in each]
        yield from found


def _branches(pattern: str) -> list[str]:
    depth, start, found = 0, 0, []
    for at, sign in enumerate(pattern):
        depth += (sign == "(") - (sign == ")")
        if sign == "|" and not depth:
            found.append(pattern[start:at])
            start = at + 1
    return [*found, pattern[start:]]
