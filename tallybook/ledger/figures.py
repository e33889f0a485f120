"""Figures to show, stated or derived, and the words for them.

A stated figure has the words that its party printed. A derived one has those that its interval
allows. Where one printed number would be read as that interval or a wider one, it is that number:
"58%" for what lies from 57.5% to 58.5%; but never a number that the interval leaves out. Other
words are rounded outwards, so that "more than 47,000" and "between 2.22 and 2.28" are true of every
value in the interval. One whose interval is a single value is rounded to the nearest. What nothing
bounds has no number in its words, and is "about" none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import ceil, floor
from typing import Any

from tallybook.ledger import phrases
from tallybook.ledger.nouns import singular
from tallybook.ledger.printed import figure_of, plain
from tallybook.ledger.records import Condition, Measure, Statistic
from tallybook.quantity.interval import INFINITY, Interval
from tallybook.quantity.quantity import PLACES, POINTS, Context, Quantity
from tallybook.reading.hedges import CURRENCIES, TIMES
from tallybook.reading.numerals import has_numeral
from tallybook.reading.periods import NO_PERIOD, UNSTATED

OURS = "computed here"
_DIGITS = 3  # significant ones of a derived figure, and of an end that cannot be said shortly
_DIGITS_BELOW_ONE = 2
_DIGITS_OF_ENDS = 6  # where an end stands for itself
_SHORT = 4  # significant digits of a decimal fraction that is still said whole
_EXACT_DIGITS = 9  # beyond which a whole number is rounded
_OF_CURRENCIES = re.compile(r"(?:[A-Z]{1,2})?[$€£¥]")  # signs, which a number follows at once
_SIGNS = CURRENCIES | {"percent", *PLACES}  # units that are written beside each number
_SCALES = ((10**9, " billion"), (10**6, " million"))


@dataclass(frozen=True)
class Figure:
    """One figure as charts, tables and pages show it.

    `party` is who states it, or OURS; `period` is in words. `scope` is what the figure covers and
    what it is measured against, and of a derived one the reasons for combining its inputs. `told`
    are the pieces of a derived one's label, where it has texts of the ledger in it.
    """

    id: str
    label: str
    words: str
    quantity: Quantity
    party: str
    period: str = ""
    scope: str = ""
    told: tuple[Any, ...] = field(default=(), compare=False)

    @property
    def is_derived(self) -> bool:
        """Whether the figure is computed here, and not stated by a party."""
        return self.party == OURS

    @property
    def number(self) -> Fraction | None:
        """The number by which it is drawn and sorted: of a computed figure with one end, that end.

        None where nothing bounds a computed figure.
        """
        quantity = self.quantity
        if quantity.is_near:
            return quantity.point
        return next((end for end in quantity.known_ends if end is not None), None)

    @property
    def around(self) -> tuple[str, str]:
        """What stands before and behind its words, so that they and its label are one phrase."""
        return phrases.around(self.words, self.label, self.quantity.unit)

    @property
    def named(self) -> str:
        """Its words and its label as one phrase, wherever both are said together.

        >>> figure = derived("a-share", Quantity.exactly(12, "percent"), "share of kettles")
        >>> figure.named
        'share of kettles: 12%'
        """
        before, behind = self.around
        return f"{before}{self.words}{behind}"

    @property
    def said(self) -> str:
        """Who says it, for when and of what, in sentences; nothing of what is not stated."""
        return "Computed here."


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
        label, unit = self._measure.label, self._measure.unit
        label = phrases.with_unit(label, self.words, unit, unit_in_words(unit))
        return ", ".join([label, *condition])

    @cached_property
    def words(self) -> str:
        return printed_words(self._statistic, self._measure.unit)

    @cached_property
    def quantity(self) -> Quantity:
        return self._quantity()

    @property
    def number(self) -> Fraction | None:
        return self.quantity.point

    @property
    def around(self) -> tuple[str, str]:
        is_change = self._measure.kind == "change"
        return phrases.around(self.words, self.label, self._measure.unit, is_change=is_change)

    @property
    def said(self) -> str:
        return " ".join(phrases.said(self._statistic, self._measure))

    @cached_property
    def party(self) -> str:
        return self._statistic.party

    @cached_property
    def period(self) -> str:
        return phrases.period(self._statistic)

    @cached_property
    def scope(self) -> str:
        return "; ".join(_what_it_is_of(self._statistic))


def _what_it_is_of(statistic: Statistic) -> Iterator[str]:
    if statistic.scope != UNSTATED:
        yield statistic.scope
    if statistic.of and statistic.of != UNSTATED:
        yield f"of {statistic.of}"
    if statistic.compared_with and str(statistic.compared_with) != NO_PERIOD:
        yield f"against {statistic.compared_with}"


def condition_in_words(condition: Condition | None) -> Iterator[str]:
    """The number in a condition and its other words, of each that there is.

    A time that something takes at most is one within which it is done.

    >>> import tallybook
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> list(condition_in_words(ledger.statistic("share-handled-2017").condition))
    ['within 24 hours']
    """
    if condition and condition.value is not None:
        amount = number_in_words(condition.value, str(condition.unit), digits=9)
        unit = "" if str(condition.unit) in CURRENCIES else f" {condition.unit}"
        is_within = condition.bound == "up to" and condition.unit in TIMES
        bound = "within" if is_within else condition.bound
        yield f"{bound} {amount}{unit}".removeprefix("exact ")
    if condition and condition.in_words:
        yield condition.in_words


def derived(wanted: str, quantity: Quantity, label: str, *, told: Sequence[Any] = ()) -> Figure:
    """The figure of a calculation, in the words that its interval allows.

    `told` are the pieces of a label that has texts of the ledger in it.

    >>> third = Quantity.exactly(Fraction(1, 3))
    >>> derived("a-third", third, "a third").words
    '0.33'
    """
    return Figure(
        id=wanted,
        label=label,
        words=quantity_in_words(quantity),
        quantity=quantity,
        party=OURS,
        scope="; ".join(quantity.reasons),
        told=tuple(told),
    )


def printed_words(statistic: Statistic, unit: str = "") -> str:
    """The figure of a statistic with its hedge and sign, as it is first cited.

    `unit` is that of its measure; it is needed only where the words print several numbers.

    >>> import tallybook
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> printed_words(ledger.statistic("repair-time-2016"), "weeks")
    'nearly two weeks'
    """
    run = statistic.cited[0].as_printed
    amount = figure_of(statistic, unit)
    number = run[amount.start : amount.end]
    # Of "one hundred (100)" the digits are shown, as of every other figure.
    if statistic.low is None and (in_digits_too := re.search(r"\((\d[\d,]*)\)$", number)):
        number = in_digits_too[1]
    text = run[amount.text_start : amount.start] + number + run[amount.end : amount.text_end]
    # What else stands in the brackets of an interval is no part of the figure.
    for opens, closes in ("()", "[]"):
        text += closes * (text.count(opens) - text.count(closes))
    # A capital stands only at the start of the document's sentence, or in a currency's name.
    return text[0].lower() + text[1:] if re.match(r"[A-Z](?:[a-z]| )", text) else text


def quantity_in_words(quantity: Quantity, *, digits: int = 0) -> str:
    """The words that the interval of a quantity allows, to so many significant digits.

    Left out, these are three, and two of what is below one. An end is said only where it follows
    from what is said of the inputs.

    >>> quantity_in_words(Quantity(Fraction(5), Interval(Fraction("2.221"), Fraction("2.279"))))
    'between 2.22 and 2.28'
    >>> quantity_in_words(Quantity(Fraction(58), Interval(Fraction("57.5"), Fraction("58.5"))))
    '58'
    >>> quantity_in_words(Quantity(Fraction(5), None, "percent"))
    'about 5%'
    >>> quantity_in_words(Quantity(Fraction(5), Interval(0), "percent", natural=Interval(0)))
    'a number that cannot be bounded'
    >>> rise = Interval(Fraction("11.6"), Fraction("11.8"))
    >>> quantity_in_words(Quantity(Fraction("11.7"), rise, "percentage points"))
    'between 11.6 and 11.8 percentage points'
    """
    words = _in_words(quantity, digits)
    if quantity.unit != POINTS or words == phrases.UNBOUNDED:
        return words
    # With their unit, for a bare number of points reads as one of anything.
    is_one = words in ("1", "-1") or words.endswith((" 1", " -1"))
    is_one = is_one and not words.startswith("between ")
    return f"{words} {singular(POINTS) if is_one else POINTS}"


def _in_words(quantity: Quantity, digits: int) -> str:
    """The words of `quantity_in_words`, of percentage points without their unit."""
    low, high = quantity.known_ends
    unit = quantity.shown_unit
    digits = digits or (_DIGITS if abs(quantity.point) >= 1 else _DIGITS_BELOW_ONE)
    if quantity.interval is None:
        return f"about {number_in_words(quantity.point, unit, digits)}"
    if not quantity.is_bounded:
        return phrases.UNBOUNDED
    if quantity.interval.is_point:
        return number_in_words(quantity.point, unit, digits)
    if low is not None and high is not None:
        return _between(low, high, unit, digits)
    if low is not None:
        hedge = "at least" if quantity.interval.low_closed else "more than"
        return f"{hedge} {number_in_words(low, unit, digits, outwards=floor)}"
    hedge = "at most" if quantity.interval.high_closed else "less than"
    return f"{hedge} {number_in_words(high or Fraction(0), unit, digits, outwards=ceil)}"


def unit_in_words(unit: str) -> str:
    """A unit as an axis names it; "times" for a plain ratio.

    >>> unit_in_words("RMB per cases"), unit_in_words(""), unit_in_words("faults per 100 kettles")
    ('RMB per case', 'times', 'faults per 100 kettles')
    """
    first, *others = unit.split(" per ")
    of_one = (each if has_numeral(each) else singular(each) for each in others)
    return " per ".join([first or "times", *of_one])


def _between(low: Fraction, high: Fraction, unit: str, digits: int) -> str:
    for most in range(digits, _DIGITS_OF_ENDS + 1):
        if (number := _read_as(low, high, unit, most)) is not None:
            return number_in_words(number, unit, most)
    # A narrow interval needs more digits, so that its ends are not far from what they are.
    while digits < _DIGITS_OF_ENDS:
        apart = _rounded(high, digits, ceil) - _rounded(low, digits, floor)
        if apart <= 2 * (high - low):
            break
        digits += 1
    below = number_in_words(low, unit, digits, outwards=floor)
    above = number_in_words(high, unit, digits, outwards=ceil)
    # Ends that round to the same number leave nothing between them to name.
    return below if below == above else f"between {below} and {above}"


def _read_as(low: Fraction, high: Fraction, unit: str, digits: int) -> Fraction | None:
    """The number that, printed without a hedge, is read as an interval that holds these ends.

    The sharpest there is between them, of so many significant digits at most; None where there is
    none. One that stands for more than a tenth to each side would hide how wide the interval is.
    """
    middle = (low + high) / 2
    _, factor = _scale(middle, unit)
    for fewer in range(digits):
        shown = _rounded(middle, digits - fewer, round)
        decimals = len(plain(shown / factor).partition(".")[2])
        half = Fraction(factor, 2 * 10**decimals)
        if shown - half <= low <= shown <= high <= shown + half:
            return shown if half <= abs(shown) / 10 else None
    return None


def _scale(value: Fraction, unit: str) -> tuple[str, int]:
    """The word for the scale of an amount, and its factor: sums of money are large."""
    base = unit.partition(" per ")[0]
    if base not in CURRENCIES and not _OF_CURRENCIES.fullmatch(base):
        return "", 1
    return next(((word, factor) for factor, word in _SCALES if abs(value) >= factor), ("", 1))


def number_in_words(
    value: Fraction,
    unit: str = "",
    digits: int = _DIGITS,
    *,
    outwards: Callable[[Fraction], int] = round,
) -> str:
    """A number with its currency or percent sign, to so many significant digits; "place 3".

    `outwards` is floor, ceil, or round, which loses no digit before the decimal point.

    >>> number_in_words(Fraction(4312345), "RMB", outwards=ceil), number_in_words(Fraction(2, 3))
    ('RMB 4.32 million', '0.667')
    """
    base = unit.partition(" per ")[0]
    shown = _rounded(value, digits, outwards)
    text, factor = _scale(shown, unit)
    whole, _, decimals = plain(abs(shown) / factor).partition(".")
    text = f"{int(whole):,}{'.' if decimals else ''}{decimals}{text}"
    if base in CURRENCIES or base in PLACES:
        text = f"{base} {text}"
    if _OF_CURRENCIES.fullmatch(base):
        text = f"{base}{text}"
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


def allowed_in_words(quantity: Quantity) -> str:
    """The words for what a quantity allows; each end says whether it belongs to the interval.

    An end that is only where the measure ends anyway is left out: "nearly 700" does not say how
    far below 700. Ends that no short number says are rounded outwards, to three significant digits,
    so that the words hold every value. Fractions are said in percent.

    >>> allowed_in_words(Quantity.exactly(1606, "people"))
    'exactly 1,606 people'
    >>> stores = Interval(1000, low_closed=False)
    >>> allowed_in_words(Quantity(Fraction(1000), stores, "stores", natural=Interval(low=0)))
    'above 1,000 stores; how far above is not said'
    """
    interval, unit = quantity.interval, quantity.shown_unit
    if interval is None:
        return "near it; how near is not said"
    if not quantity.is_bounded:
        return "no bound follows from what is said"
    if interval.is_point:
        return _point_in_words(Fraction(interval.low), unit)
    lowest, highest = quantity.known_ends
    low = high = ""
    if lowest is not None:
        amount = _end_in_words(lowest, unit if highest is None else _sign_of(unit), floor)
        low = f"{'from' if interval.low_closed else 'above'} {amount}"
    if highest is not None:
        amount = _end_in_words(highest, unit, ceil)
        high = f"{'up to' if interval.high_closed else 'below'} {amount}"
    if not low or not high:
        return f"{low or high}; how far {'above' if low else 'below'} is not said"
    return f"{low} {'' if interval.high_closed else 'and '}{high}"


def bounds(figure: Figure) -> tuple[str, str]:
    """The least and the most that a figure may be, in words.

    Those of a computed figure are rounded outwards, to as many digits as its words have.

    >>> import tallybook
    >>> bounds(tallybook.load("tests/books/kettles").figure("stores-closed-2017"))
    ('1,000', 'no upper end')
    """
    quantity, unit = figure.quantity, figure.quantity.shown_unit
    digits = _DIGITS_OF_ENDS
    is_rounded = figure.is_derived and not (quantity.interval and quantity.interval.is_point)
    if is_rounded:
        digits = _DIGITS if abs(quantity.point) >= 1 else _DIGITS_BELOW_ONE
    low, high = (
        None
        if end is None
        else number_in_words(end, unit, digits, outwards=outwards if is_rounded else round)
        for end, outwards in zip(quantity.known_ends, (floor, ceil), strict=True)
    )
    return low or "no lower end", high or "no upper end"


def _point_in_words(value: Fraction, unit: str) -> str:
    """One value: "exactly" stands before it only where its words lose no digit."""
    words = _end_in_words(value, unit, round)
    is_exact = _rounded(value, _digits_of(value), round) == value
    return f"exactly {words}" if is_exact else f"{words}, rounded"


def _digits_of(value: Fraction) -> int:
    """To how many significant digits a number is said: all of a whole or a short one."""
    text = plain(value)
    is_short = len(text.lstrip("-").replace(".", "").lstrip("0")) <= _SHORT
    return (
        _EXACT_DIGITS if text.lstrip("-").isdigit() or (is_short and "/" not in text) else _DIGITS
    )


def _sign_of(unit: str) -> str:
    """The part of a unit that stands at every number: a currency or a percent sign."""
    first = unit.partition(" per ")[0]
    return first if first in {*_SIGNS, "fraction"} or _OF_CURRENCIES.fullmatch(first) else ""


def _end_in_words(value: Fraction, unit: str, outwards: Callable[[Fraction], int]) -> str:
    """An end of an interval with its unit, as short as it can be said exactly."""
    first, _, others = unit.partition(" per ")
    if first == "fraction":
        value, first = 100 * value, "percent"
    text = number_in_words(value, first, _digits_of(value), outwards=outwards)
    first = "" if _sign_of(first) else first
    words = unit_in_words(f"{first} per {others}" if others else first)
    words = words.removeprefix("times").strip() if not first else words
    words = singular(words) if value == 1 and first != "times" and not others else words
    return f"{text} {words}".strip()


def rounding_in_words(statistic: Statistic) -> str:
    """The unit that a statistic is rounded to, as its record says.

    >>> import tallybook
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> rounding_in_words(ledger.statistic("kettles-recalled-2017"))
    'rounded to 10,000'
    """
    rounded = statistic.rounded_to
    if rounded == "none":
        return "not rounded"
    return f"rounded to {number_in_words(rounded or Fraction(0), digits=_EXACT_DIGITS)}"


def to_json(figure: Figure) -> dict[str, Any]:
    """A derived figure as plain data, exact to the last digit.

    >>> third = to_json(derived("a-third", Quantity.exactly(Fraction(1, 3)), "a third"))
    >>> third["point"], third["interval"]
    ('1/3', ['1/3', '1/3', True, True, True, True])
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
        **({"told": list(figure.told)} if figure.told else {}),
        **({"sign": quantity.sign} if quantity.sign else {}),
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
        sign=_sign(str(data.get("sign", ""))),
    )
    told = data.get("told") or ()
    if not isinstance(told, list | tuple):
        raise ValueError("the pieces of a label are a list")
    return derived(str(data["id"]), quantity, str(data["label"]), told=told)


def _sign(text: str) -> str:
    if text and not _OF_CURRENCIES.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is no sign of a currency")
    return text


def _fraction(text: str) -> Fraction:
    # Stored in a notebook, which anybody may edit: Fraction would compute 1e999999999.
    if not re.fullmatch(r"-?\d{1,400}(?:\.\d{1,400}|/0*[1-9]\d{0,400})?", text):
        raise ValueError(f"{text[:40]!r} is no number")
    return Fraction(text)


def _interval_to_json(interval: Interval | None) -> list[Any] | None:
    if interval is None:
        return None
    ends = [None if isinstance(e, float) else plain(e) for e in (interval.low, interval.high)]
    closed = interval.low_closed, interval.high_closed
    return [*ends, *closed, interval.low_said, interval.high_said]


def _interval_from_json(data: list[Any] | None) -> Interval | None:
    if data is None:
        return None
    # A notebook of before ends were marked as said is stale, and is still read.
    low, high, low_closed, high_closed, *said = data
    return Interval(
        -INFINITY if low is None else _fraction(low),
        INFINITY if high is None else _fraction(high),
        bool(low_closed),
        bool(high_closed),
        *map(bool, said),
    )
