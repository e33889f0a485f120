"""One number as printed, and what is read with it."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple


def any_of(several: Iterable[str]) -> str:
    """A pattern for any of these words, the longest first.

    >>> any_of(["ten", "tenth"])
    '(?:tenth|ten)'
    """
    return "(?:" + "|".join(sorted(several, key=len, reverse=True)) + ")"


class Numeral(NamedTuple):
    """One number as printed, from `start` to `end` in its text.

    `digit` is one unit of the last printed digit, and `scale` what a scale behind it multiplied it
    by. A magnitude ("hundreds of thousands") has one unit of itself as its value. The rest is read
    from the words around: the `unit` printed beside it ("" for none) and what else its sign may
    stand for (`also`), the `bound` that its hedge states, and where the text that belongs to it,
    hedge, currency and sign included, starts and ends. `unscaled` is the other reading of "400m",
    which is of metres. `own` are
    words of what is counted that the number took in: "a mile and a half".
    """

    start: int
    end: int
    value: Fraction
    digit: Fraction = Fraction(1)
    unit: str = ""
    bound: str = "exact"
    text_start: int = 0
    text_end: int = 0
    ends_in_zero: bool = False
    is_magnitude: bool = False
    is_ordinal: bool = False
    is_year: bool = False
    says_more: bool = False  # "27 times more than", which is said of 27 and of 28 times
    scale: Fraction = Fraction(1)
    also: frozenset[str] = frozenset()
    unscaled: Numeral | None = None
    own: str = ""
