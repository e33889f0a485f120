"""One figure as printed, and what the readers of several numbers ask of the text around them."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from tallybook.reading import english as words
from tallybook.reading import units
from tallybook.reading.numeral import Numeral

Span = tuple[int, int]

_WINDOW = 60


class Amount(NamedTuple):
    """One figure as printed: a value, a range without a value, or a value with its interval.

    `bound` is the hedge of the value, or of a range as a whole; `high_bound` that of a range's
    upper end where it has one of its own. `level` is that of an interval, in percent, or the name
    of an error ("standard error"). `per` is what it is a rate of; `each` says that this was said by
    "a year", which may be left out. `spans` are the numerals that it is read from. `mistake` says
    why a text that looks like a figure cannot be read.
    """

    start: int
    end: int
    text_start: int
    text_end: int
    spans: tuple[Span, ...]
    value: Fraction | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    bound: str = "exact"
    high_bound: str = ""
    level: str = ""
    unit: str = ""
    also: frozenset[str] = frozenset()
    per: str = ""
    each: bool = False
    after: str = ""
    digit: Fraction = Fraction(1)
    ends_in_zero: bool = False
    is_magnitude: bool = False
    is_ordinal: bool = False
    is_year: bool = False
    says_more: bool = False
    mistake: str = ""
    others: tuple[Amount, ...] = ()

    @property
    def is_range(self) -> bool:
        """Whether it has two ends and no value."""
        return self.value is None

    @property
    def says(self) -> tuple[object, ...]:
        """What it says, but for words behind it: two of the same are the same figure."""
        return (
            self.value,
            self.low,
            self.high,
            self.bound,
            self.high_bound,
            self.level,
            self.unit,
        )


def alone(numeral: Numeral) -> Amount:
    """A figure of one numeral.

    >>> from tallybook.reading import hedges
    >>> [str(alone(each).value) for each in hedges.read("nearly 40 %")]
    ['40']
    """
    amount = of_numeral(numeral, numeral)
    if numeral.unscaled:
        amount = amount._replace(others=(of_numeral(numeral.unscaled, numeral)._replace(unit="m"),))
    return amount


def of_numeral(numeral: Numeral, place: Numeral) -> Amount:
    """A figure with what one numeral says, at the place of another.

    >>> from tallybook.reading import hedges
    >>> (kettles,) = hedges.read("40 kettles")
    >>> of_numeral(kettles, kettles).spans
    ((0, 2),)
    """
    return Amount(
        place.start,
        place.end,
        place.text_start,
        place.text_end,
        ((place.start, place.end),),
        value=numeral.value,
        bound=place.bound,
        unit=numeral.unit,
        also=numeral.also,
        digit=numeral.digit,
        ends_in_zero=numeral.ends_in_zero,
        is_magnitude=place.is_magnitude,
        is_ordinal=numeral.is_ordinal,
        is_year=numeral.is_year,
        says_more=numeral.says_more,
        after=numeral.own,
    )


def without_unit(gap: str) -> tuple[str, str]:
    """The text behind a number without the known unit that it begins with, and that unit.

    >>> without_unit(" kg (12–14)")
    (' (12–14)', 'kg')
    """
    inner = gap.lstrip(" -") if gap[:1] in (" ", "-") else gap
    if not inner[:1].isalpha() and inner[:1] not in ("°", "℃", "℉"):
        return gap, ""
    name, end = units.leading(inner)
    return (inner[end:], inner[:end]) if name else (gap, "")


def unit_of(text: str, numeral: Numeral) -> str:
    """The unit of an end; "aged 6 to 59 months" prints none at the first.

    >>> from tallybook.reading import hedges
    >>> text = "aged 6 to 59 months"
    >>> [unit_of(text, each) for each in hedges.read(text)]
    ['', 'months']
    """
    is_age = numeral.unit == "years" and "y" not in text[numeral.end : numeral.text_end].lower()
    return "" if is_age else numeral.unit


def gap_between(text: str, first: Numeral, second: Numeral) -> str | None:
    """The text between two numerals and what belongs to them; None where it is long.

    >>> from tallybook.reading import hedges
    >>> text = "30% to nearly 40%"
    >>> gap_between(text, *hedges.read(text))
    ' to '
    """
    between = second.text_start - first.text_end
    return text[first.text_end : second.text_start] if 0 <= between <= _WINDOW else None


def same(unit: str, other: str) -> bool:
    """Whether two units may be one, as where one of them is not printed.

    >>> same("percent", ""), same("percent", "times")
    (True, False)
    """
    return not unit or not other or unit == other


def same_noun(noun: str) -> str:
    """One noun of those that mean the same: inhabitants, residents, people.

    >>> same_noun("inhabitants"), same_noun("between")
    ('people', '')
    """
    low = noun.lower()
    if low in words.NO_NOUN:
        return ""
    return words.SAME_RATE.get(low, low)
