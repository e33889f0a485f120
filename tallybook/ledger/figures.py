"""Figures to show, stated or derived, and the words for them.

A stated figure has the words that its party printed. A derived one has those that its interval
allows: it is rounded outwards, so that "more than 47,000" and "between 2.22 and 2.28" are true of
every value in the interval. One whose interval is a single value is rounded to the nearest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import ceil, floor
from typing import Any

from tallybook.ledger.printed import plain, single_numeral
from tallybook.ledger.records import Condition, Measure, Statistic
from tallybook.quantity.interval import INFINITY, Interval
from tallybook.quantity.quantity import Context, Quantity
from tallybook.reading.hedges import CURRENCIES
from tallybook.reading.periods import UNSTATED

OURS = "computed here"
_DIGITS = 3  # significant ones of a derived figure
_EXACT_DIGITS = 9  # beyond which an end of an interval is rounded
_LONGEST_FRACTION = 7  # characters of a fraction that is shown as one
_SIGNS = CURRENCIES | {"percent"}  # units that are written as a sign of each number
_SCALES = ((10**9, " billion"), (10**6, " million"))


@dataclass(frozen=True)
class Figure:
    """One figure as charts, tables and pages show it.

    `party` is who states it, or OURS; `period` is in words. `scope` is what the figure covers and
    what it is measured against, and of a derived one the reasons for combining its inputs.
    """

    id: str
    label: str
    words: str
    quantity: Quantity
    party: str
    period: str = ""
    scope: str = ""

    @property
    def is_derived(self) -> bool:
        """Whether the figure is computed here, and not stated by a party."""
        return self.party == OURS


def stated(statistic: Statistic, measure: Measure, quantity: Callable[[], Quantity]) -> Figure:
    """The figure of a statistic, in its party's own words.

    Each field is looked up when it is asked for, so that what a notebook does not show of a figure
    does not count as read by it. `quantity` is called for the quantity.

    >>> import tallybook
    >>> tallybook.load("tests/books/kettles").figure("stores-closed-2017").words
    'more than 1,000'
    """
    return _Stated(statistic, measure, quantity)


class _Stated(Figure):
    """A figure that looks its fields up in its records."""

    _statistic: Statistic
    _measure: Measure
    _quantity: Callable[[], Quantity]

    def __init__(
        self, statistic: Statistic, measure: Measure, quantity: Callable[[], Quantity]
    ) -> None:
        # Past the frozen dataclass, whose own __init__ would ask for every field at once.
        given = {"_statistic": statistic, "_measure": measure, "_quantity": quantity}
        vars(self).update(given, id=statistic.id)

    @cached_property
    def label(self) -> str:
        condition = condition_in_words(self._statistic.condition)
        return ", ".join([self._measure.label, *condition])

    @cached_property
    def words(self) -> str:
        return printed_words(self._statistic)

    @cached_property
    def quantity(self) -> Quantity:
        return self._quantity()

    @cached_property
    def party(self) -> str:
        return self._statistic.party

    @cached_property
    def period(self) -> str:
        return str(self._statistic.period)

    @cached_property
    def scope(self) -> str:
        return "; ".join(_what_it_is_of(self._statistic))


def _what_it_is_of(statistic: Statistic) -> Iterator[str]:
    yield "no scope stated" if statistic.scope == UNSTATED else statistic.scope
    if statistic.of:
        yield f"of {statistic.of}"
    if statistic.compared_with:
        yield f"against {statistic.compared_with}"


def condition_in_words(condition: Condition | None) -> Iterator[str]:
    """The number in a condition and its other words, of each that there is.

    >>> import tallybook
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> list(condition_in_words(ledger.statistic("share-handled-2017").condition))
    ['up to 24 hours']
    """
    if condition and condition.value is not None:
        amount = number_in_words(condition.value, str(condition.unit), digits=9)
        unit = "" if str(condition.unit) in CURRENCIES else f" {condition.unit}"
        yield f"{condition.bound} {amount}{unit}".removeprefix("exact ")
    if condition and condition.in_words:
        yield condition.in_words


def derived(wanted: str, quantity: Quantity, label: str) -> Figure:
    """The figure of a calculation, in the words that its interval allows.

    >>> third = Quantity.exactly(Fraction(1, 3))
    >>> derived("a-third", third, "a third").words
    '0.333'
    """
    return Figure(
        id=wanted,
        label=label,
        words=quantity_in_words(quantity),
        quantity=quantity,
        party=OURS,
        scope="; ".join(quantity.reasons),
    )


def printed_words(statistic: Statistic) -> str:
    """The number of a statistic with its hedge and sign, as it is first cited.

    >>> import tallybook
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> printed_words(ledger.statistic("repair-time-2016"))
    'nearly two weeks'
    """
    run = statistic.cited[0].as_printed
    numeral = single_numeral(run)
    number = run[numeral.start : numeral.end]
    # Of "one hundred (100)" the digits are shown, as of every other figure.
    if in_digits_too := re.search(r"\((.+)\)$", number):
        number = in_digits_too[1]
    text = run[numeral.text_start : numeral.start] + number + run[numeral.end : numeral.text_end]
    # A capital stands only at the start of the document's sentence, or in a currency's name.
    return text[0].lower() + text[1:] if re.match(r"[A-Z](?:[a-z]| )", text) else text


def quantity_in_words(quantity: Quantity, *, digits: int = _DIGITS) -> str:
    """The words that the interval of a quantity allows, to so many significant digits.

    >>> quantity_in_words(Quantity(Fraction(5), Interval(Fraction("2.221"), Fraction("2.279"))))
    'between 2.22 and 2.28'
    >>> quantity_in_words(Quantity(Fraction(5), None, "percent"))
    'about 5%'
    """
    low, high = quantity.known_ends
    if quantity.interval is None or not quantity.is_bounded:
        return f"about {number_in_words(quantity.point, quantity.unit, digits)}"
    if quantity.interval.is_point:
        return number_in_words(quantity.point, quantity.unit, digits)
    if low is not None and high is not None:
        return _between(low, high, quantity.unit, digits)
    if low is not None:
        hedge = "at least" if quantity.interval.low_closed else "more than"
        return f"{hedge} {number_in_words(low, quantity.unit, digits, outwards=floor)}"
    hedge = "at most" if quantity.interval.high_closed else "less than"
    return f"{hedge} {number_in_words(high or Fraction(0), quantity.unit, digits, outwards=ceil)}"


def unit_in_words(unit: str) -> str:
    """A unit as an axis names it; "times" for a plain ratio.

    >>> unit_in_words("RMB per cases"), unit_in_words("")
    ('RMB per case', 'times')
    """
    first, *others = unit.split(" per ")
    return " per ".join([first or "times", *map(_singular, others)])


def _singular(unit: str) -> str:
    """The unit of one: "person", "purchase"."""
    if unit == "people":
        return "person"
    return re.sub(r"ies$", "y", unit) if unit.endswith("ies") else unit.removesuffix("s")


def _between(low: Fraction, high: Fraction, unit: str, digits: int) -> str:
    below = number_in_words(low, unit, digits, outwards=floor)
    above = number_in_words(high, unit, digits, outwards=ceil)
    # Ends that round to the same number leave nothing between them to name.
    return below if below == above else f"between {below} and {above}"


def number_in_words(
    value: Fraction,
    unit: str = "",
    digits: int = _DIGITS,
    *,
    outwards: Callable[[Fraction], int] = round,
) -> str:
    """A number with its currency or percent sign, to so many significant digits.

    `outwards` is floor, ceil, or round, which loses no digit before the decimal point.

    >>> number_in_words(Fraction(4312345), "RMB", outwards=ceil), number_in_words(Fraction(2, 3))
    ('RMB 4.32 million', '0.667')
    """
    base = unit.partition(" per ")[0]
    shown = _rounded(value, digits, outwards)
    size, text = abs(shown), ""
    # Sums of money are large, and printed with their scale in words.
    if base in CURRENCIES:
        text, factor = next(((word, f) for f, word in _SCALES if size >= f), ("", 1))
        size /= factor
    whole, _, decimals = plain(size).partition(".")
    text = f"{int(whole):,}{'.' if decimals else ''}{decimals}{text}"
    if base in CURRENCIES:
        text = f"{base} {text}"
    return f"{'-' if shown < 0 else ''}{text}{'%' if base == 'percent' else ''}"


def _rounded(value: Fraction, digits: int, how: Callable[[Fraction], int]) -> Fraction:
    if value == 0:
        return value
    # By comparing and not by a logarithm, which is a float and wrong near powers of ten.
    power = 0
    while abs(value) >= Fraction(10) ** power:
        power += 1
    while abs(value) < Fraction(10) ** (power - 1):
        power -= 1
    step = Fraction(10) ** (power - digits)
    if how is round:
        step = min(step, Fraction(1))  # 1,606 stays 1,606
    return how(value / step) * step


def interval_in_words(interval: Interval | None, unit: str) -> str:
    """The words for an interval; each end says whether it belongs to the interval.

    Ends with more than nine digits are rounded outwards, so that the words hold every value.

    >>> interval_in_words(Interval.at(Fraction(1606)), "people")
    'exactly 1,606 people'
    >>> interval_in_words(Interval(1000, low_closed=False), "stores")
    'above 1,000 stores, no upper end'
    """
    if interval is None:
        return "no interval: a point whose error is unknown"
    if isinstance(interval.low, float) and isinstance(interval.high, float):
        return "any value"
    if interval.is_point:
        return f"exactly {_end_in_words(Fraction(interval.low), unit, round)}"
    low = high = ""
    if not isinstance(interval.low, float):
        is_last = isinstance(interval.high, float)
        amount = _end_in_words(interval.low, unit if is_last else _sign_of(unit), floor)
        low = f"{'from' if interval.low_closed else 'above'} {amount}"
    if not isinstance(interval.high, float):
        amount = _end_in_words(interval.high, unit, ceil)
        high = f"{'up to' if interval.high_closed else 'below'} {amount}"
    if not low or not high:
        return f"{low or high}, no {'upper' if low else 'lower'} end"
    return f"{low} {'' if interval.high_closed else 'and '}{high}"


def _sign_of(unit: str) -> str:
    """The part of a unit that stands at every number: a currency or a percent sign."""
    first = unit.partition(" per ")[0]
    return first if first in _SIGNS else "fraction"


def _end_in_words(value: Fraction, unit: str, outwards: Callable[[Fraction], int]) -> str:
    """An end of an interval with its unit, as short as it can be said exactly."""
    first, _, others = unit.partition(" per ")
    text = plain(value)
    # 2/3 is exact where 0.667 is not; of 1234567/98765 nobody sees how large it is.
    if "/" in text and len(text) <= _LONGEST_FRACTION:
        text = f"{text} ({number_in_words(value)}, rounded)"
    else:
        text = number_in_words(value, unit, _EXACT_DIGITS, outwards=outwards)
        first = "" if first in _SIGNS else first
    first = "" if first == "fraction" else first
    words = unit_in_words(f"{first} per {others}" if others else first)
    words = words.removeprefix("times").strip() if not first else words
    words = _singular(words) if value == 1 and first != "times" and not others else words
    return f"{text} {words}".strip()


def rounding_in_words(statistic: Statistic) -> str:
    """The unit that a statistic is rounded to, as its record says.

    >>> import tallybook
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> rounding_in_words(ledger.statistic("kettles-recalled-2017"))
    'rounded to 10000'
    """
    rounded = statistic.rounded_to
    return "not rounded" if rounded == "none" else f"rounded to {plain(rounded or Fraction(0))}"


def to_json(figure: Figure) -> dict[str, Any]:
    """A derived figure as plain data, exact to the last digit.

    >>> third = to_json(derived("a-third", Quantity.exactly(Fraction(1, 3)), "a third"))
    >>> third["point"], third["interval"]
    ('1/3', ['1/3', '1/3', True, True])
    """
    quantity = figure.quantity
    return {
        "id": figure.id,
        "label": figure.label,
        "point": plain(quantity.point),
        "interval": _interval_to_json(quantity.interval),
        "natural": _interval_to_json(quantity.natural),
        "unit": quantity.unit,
        "inputs": sorted(quantity.inputs),
        "contexts": sorted(map(list, quantity.contexts)),
        "reasons": list(quantity.reasons),
    }


def from_json(data: dict[str, Any]) -> Figure:
    """The figure that `to_json` wrote. Raises KeyError, TypeError or ValueError for other data.

    >>> third = derived("a-third", Quantity.exactly(Fraction(1, 3)), "a third")
    >>> from_json(to_json(third)) == third
    True
    """
    quantity = Quantity(
        point=_fraction(data["point"]),
        interval=_interval_from_json(data["interval"]),
        unit=str(data["unit"]),
        natural=_interval_from_json(data["natural"]) or Interval(),
        inputs=frozenset(map(str, data["inputs"])),
        contexts=frozenset(Context(*map(str, each)) for each in data["contexts"]),
        reasons=tuple(map(str, data["reasons"])),
    )
    return derived(str(data["id"]), quantity, str(data["label"]))


def _fraction(text: str) -> Fraction:
    # Stored in a notebook, which anybody may edit: Fraction would compute 1e999999999.
    if not re.fullmatch(r"-?\d{1,400}(?:\.\d{1,400}|/0*[1-9]\d{0,400})?", text):
        raise ValueError(f"{text[:40]!r} is no number")
    return Fraction(text)


def _interval_to_json(interval: Interval | None) -> list[Any] | None:
    if interval is None:
        return None
    ends = [None if isinstance(e, float) else plain(e) for e in (interval.low, interval.high)]
    return [*ends, interval.low_closed, interval.high_closed]


def _interval_from_json(data: list[Any] | None) -> Interval | None:
    if data is None:
        return None
    low, high, low_closed, high_closed = data
    return Interval(
        -INFINITY if low is None else _fraction(low),
        INFINITY if high is None else _fraction(high),
        bool(low_closed),
        bool(high_closed),
    )
