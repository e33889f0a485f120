"""The numerals of a text that nothing claims, and texts as the audit compares them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from tallybook.reading import numerals

_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_QUOTES = str.maketrans("‘’“”", "''\"\"")  # which Sphinx makes of straight ones
CLAIMED = "\ufffc"  # stands for a claimed element in its block, so that nothing joins over it
_NEAR = 40


@dataclass(frozen=True)
class Loose:
    """A numeral that nothing claims, with the words around it."""

    numeral: str
    around: str
    line: int


def plain(text: str) -> str:
    """A text as it is compared: no invisible signs, one form of quotes, single spaces."""
    return " ".join(text.translate(_INVISIBLE).translate(_QUOTES).split())


def stands_in(part: str, text: str) -> bool:
    """Whether a text stands in another one, from word to word."""
    at = text.find(part)
    while at >= 0:
        before, after = text[max(0, at - 1) : at], text[at + len(part) : at + len(part) + 1]
        if not re.match(r"[\w.,]", before) and not re.match(r"[\w%]", after):
            return True
        at = text.find(part, at + 1)
    return False


def loose_in(text: str, line: int) -> Iterator[Loose]:
    """The numerals of a text that nothing claims."""
    if not numerals.has_numeral(text := text.translate(_INVISIBLE)):
        return
    for found in numerals.find(text):
        around = text[max(0, found.start - _NEAR) : found.end + _NEAR]
        shown = " ".join(around.replace(CLAIMED, "…").split())
        yield Loose(text[found.start : found.end], shown, line)


@lru_cache(maxsize=50_000)
def count(text: str) -> int:
    """How many numerals a text holds."""
    text = text.translate(_INVISIBLE)
    return sum(1 for _ in numerals.find(text)) if numerals.has_numeral(text) else 0
