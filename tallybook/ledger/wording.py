"""Figures in words: a stated one as its party printed it, a derived one as its interval allows.

A derived figure is rounded outwards, so that "more than 47,000" and "between 2.22 and 2.28" are
true of every value in the interval. One whose interval is a single value is rounded to the nearest.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor

from tallybook.ledger.printed_figure import figure, plain
from tallybook.ledger.records import Statistic
from tallybook.quantity.quantity import Quantity
from tallybook.reading.hedges import CURRENCIES

DIGITS = 3
_SCALES = ((10**9, " billion"), (10**6, " million"))


def stated(statistic: Statistic) -> str:
    """The number of a statistic with its hedge and sign, as first printed: "nearly 1,000"."""
    run = statistic.cited[0].as_printed
    numeral = figure(run)
    number = run[numeral.start : numeral.end]
    if in_digits_too := re.search(r"\((.+)\)$", number):
        number = in_digits_too[1]
    text = run[numeral.text_start : numeral.start] + number + run[numeral.end : numeral.text_end]
    # A capital stands only at the start of the document's sentence, or in a currency's name.
    return text[0].lower() + text[1:] if re.match(r"[A-Z](?:[a-z]| )", text) else text


def derived(quantity: Quantity, *, digits: int = DIGITS) -> str:
    """What the interval of a quantity allows to say, to so many significant digits."""
    low, high = quantity.known_ends
    if quantity.interval is None or (low is None and high is None):
        return f"about {number(quantity.point, quantity.unit, digits)}"
    if quantity.interval.is_point:
        return number(quantity.point, quantity.unit, digits)
    if low is not None and high is not None:
        return _between(low, high, quantity.unit, digits)
    if low is not None:
        hedge = "at least" if quantity.interval.low_closed else "more than"
        return f"{hedge} {number(low, quantity.unit, digits, outwards=floor)}"
    hedge = "at most" if quantity.interval.high_closed else "less than"
    return f"{hedge} {number(high or Fraction(0), quantity.unit, digits, outwards=ceil)}"


def unit_in_words(unit: str) -> str:
    """A unit as an axis names it: "RMB per case"; "times" for a plain ratio."""
    first, *others = unit.split(" per ")
    return " per ".join([first or "times", *map(singular, others)])


def singular(unit: str) -> str:
    """The unit of one: "person", "purchase"."""
    if unit == "people":
        return "person"
    return re.sub(r"ies$", "y", unit) if unit.endswith("ies") else unit.removesuffix("s")


def _between(low: Fraction, high: Fraction, unit: str, digits: int) -> str:
    below = number(low, unit, digits, outwards=floor)
    above = number(high, unit, digits, outwards=ceil)
    return below if below == above else f"between {below} and {above}"


def number(
    value: Fraction,
    unit: str = "",
    digits: int = DIGITS,
    *,
    outwards: Callable[[Fraction], int] = round,
) -> str:
    """A number with its currency or percent sign, to so many significant digits.

    `outwards` is floor, ceil, or round, which loses no digit before the decimal point.
    """
    base = unit.partition(" per ")[0]
    shown = _rounded(value, digits, outwards)
    size, text = abs(shown), ""
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
    power = 0
    while abs(value) >= Fraction(10) ** power:
        power += 1
    while abs(value) < Fraction(10) ** (power - 1):
        power -= 1
    step = Fraction(10) ** (power - digits)
    if how is round:
        step = min(step, Fraction(1))
    return how(value / step) * step
