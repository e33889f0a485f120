"""Which values a statement allows: intervals with open and closed ends, and their arithmetic.

Arithmetic is sound: whatever values the operands hold, the result of those values lies inside the
interval that is computed.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial
from typing import Literal

# How a number is stated: the hedge that is printed with it, "exact" where there is none.
Bound = Literal[
    "exact", "about", "more than", "at least", "nearly", "less than", "up to", "on the order of"
]
INFINITY = float("inf")

Number = Fraction | float  # the float is an infinity, never anything else
_End = tuple[Number, bool, bool]  # whether it is closed, and whether it is said


class QuantityError(ArithmeticError):
    """Arithmetic that would say more than the figures do."""


class ImpossibleInterval(QuantityError):
    """No value lies in an interval."""


class DivisorSpansZero(QuantityError):
    """A divisor may be zero, so that a quotient has no interval."""


@dataclass(frozen=True, slots=True)
class Interval:
    """The values from `low` to `high`; an end belongs to it where it is closed and finite.

    Ends are whole numbers, Fractions or infinite: a float would not be exact, and raises TypeError.
    `low_said` and `high_said` tell whether the end follows from what is said; one that is only
    where a measure ends anyway does not, nor does any that is computed with such a one. Raises
    ImpossibleInterval where no value lies between the ends.

    >>> str(Interval(0, 3) + Interval(1, 2, high_closed=False))
    '[1, 5)'
    >>> str(Interval(1000, low_closed=False) * Interval(-2, 3))
    '(-inf, inf)'
    >>> 1000 in Interval(1000, low_closed=False)
    False
    """

    low: Number = -INFINITY
    high: Number = INFINITY
    low_closed: bool = True
    high_closed: bool = True
    low_said: bool = field(default=True, compare=False)
    high_said: bool = field(default=True, compare=False)

    def __post_init__(self) -> None:
        # A frozen dataclass can set its fields in no other way.
        put = partial(object.__setattr__, self)
        low, high = _end(self.low), _end(self.high)
        put("low", low)
        put("high", high)
        # By their type first: to compare a Fraction with an infinity takes long.
        if isinstance(low, float) and low == -INFINITY:
            put("low_closed", False)
            put("low_said", False)
        if isinstance(high, float) and high == INFINITY:
            put("high_closed", False)
            put("high_said", False)
        is_half_open = not (self.low_closed and self.high_closed)
        if low > high or (is_half_open and low == high):
            raise ImpossibleInterval(f"no value lies in {self}")

    def __str__(self) -> str:
        opening, closing = "(["[self.low_closed], ")]"[self.high_closed]
        return f"{opening}{self.low}, {self.high}{closing}"

    def __contains__(self, value: Fraction | int) -> bool:
        above = value > self.low or (self.low_closed and value == self.low)
        below = value < self.high or (self.high_closed and value == self.high)
        return above and below

    @classmethod
    def at(cls, value: Fraction) -> Interval:
        """The interval of one value.

        >>> str(Interval.at(Fraction(2, 3)))
        '[2/3, 2/3]'
        """
        return cls(value, value)

    @property
    def is_point(self) -> bool:
        """Whether it holds one value only."""
        return self.low == self.high

    def meet(self, other: Interval) -> Interval:
        """The values in both; raises ImpossibleInterval if there are none.

        >>> str(Interval(0, 5).meet(Interval(3, low_closed=False)))
        '(3, 5]'
        """
        # An open low end is the higher of two that are equal, an open high end the lower.
        low, low_open, low_said = max(self._low, other._low)
        high, high_closed, high_said = min(self._high, other._high)
        return Interval(low, high, not low_open, high_closed, low_said, high_said)

    def hull(self, other: Interval) -> Interval:
        """The smallest interval that holds both.

        >>> str(Interval(0, 1).hull(Interval(4, 5)))
        '[0, 5]'
        """
        low, low_open, low_said = min(self._low, other._low)
        high, high_closed, high_said = max(self._high, other._high)
        return Interval(low, high, not low_open, high_closed, low_said, high_said)

    def __neg__(self) -> Interval:
        return Interval(
            -self.high, -self.low, self.high_closed, self.low_closed, self.high_said, self.low_said
        )

    def __add__(self, other: Interval) -> Interval:
        return Interval(
            _sum(self.low, other.low),
            _sum(self.high, other.high),
            self.low_closed and other.low_closed,
            self.high_closed and other.high_closed,
            self.low_said and other.low_said,
            self.high_said and other.high_said,
        )

    def __mul__(self, other: Interval) -> Interval:
        # A product is monotone in each factor, so that its extremes are among the four corners.
        corners = [_product(a, b) for a in self._ends() for b in other._ends()]
        low, low_open, low_unsaid = min(
            (value, not closed, not said) for value, closed, said in corners
        )
        high, high_closed, high_said = max(corners)
        return Interval(low, high, not low_open, high_closed, not low_unsaid, high_said)

    def reciprocal(self) -> Interval:
        """One over each value; raises DivisorSpansZero if zero is among them.

        >>> str(Interval(low=4).reciprocal())
        '(0, 1/4]'
        """
        if 0 in self:
            raise DivisorSpansZero(f"a divisor in {self} may be zero")
        low = _one_over(self.high, at_zero=-INFINITY)
        high = _one_over(self.low, at_zero=INFINITY)
        return Interval(low, high, self.high_closed, self.low_closed, self.high_said, self.low_said)

    def without_zero(self) -> Interval:
        """The same, with an end at zero open. Zero inside, between the ends, stays.

        >>> str(Interval(low=0).without_zero())
        '(0, inf)'
        """
        low_closed = self.low_closed and self.low != 0
        return replace(self, low_closed=low_closed, high_closed=self.high_closed and self.high != 0)

    @property
    def _low(self) -> tuple[Number, bool, bool]:
        return self.low, not self.low_closed, self.low_said

    @property
    def _high(self) -> tuple[Number, bool, bool]:
        return self.high, self.high_closed, self.high_said

    def unsaid(self) -> Interval:
        """The same, with ends that nobody says.

        >>> Interval(0, 100).unsaid().low_said
        False
        """
        return replace(self, low_said=False, high_said=False)

    def _ends(self) -> tuple[_End, _End]:
        low = self.low, self.low_closed, self.low_said
        return low, (self.high, self.high_closed, self.high_said)


def stated(
    value: Fraction, bound: str, *, half_unit: Fraction = Fraction(0), natural: Interval
) -> Interval | None:
    """The interval that a statement of `value` allows within `natural`; None for "about".

    `half_unit` is half a unit of the last printed digit, in the value's unit; zero for a figure
    that is exact. "on the order of" takes the value as one unit of a magnitude in words: 1,000 for
    "thousands". Raises ImpossibleInterval where `natural` allows none of it.

    >>> str(stated(Fraction(97), "exact", half_unit=Fraction(1, 2), natural=Interval(0, 100)))
    '[193/2, 195/2]'
    >>> str(stated(Fraction(1000), "more than", natural=Interval(low=0)))
    '(1000, inf)'
    """
    if bound == "about":
        return None
    return {
        "exact": lambda: Interval(value - half_unit, value + half_unit),
        "more than": lambda: Interval(low=value, low_closed=False),
        "at least": lambda: Interval(low=value),
        # How far below "nearly 1,000" is, nobody can say: it allows no more than "less than" does.
        "nearly": lambda: Interval(high=value, high_closed=False),
        "less than": lambda: Interval(high=value, high_closed=False),
        "up to": lambda: Interval(high=value),
        # "Thousands" are two thousand or more; how many more, the word does not say.
        "on the order of": lambda: Interval(low=2 * value),
    }[bound]().meet(natural)


def ranged(
    low: Fraction, high: Fraction, bound: str, high_bound: str = "", *, natural: Interval
) -> Interval | None:
    """The interval that "30 to 40" allows within `natural`; None where its error is unknown.

    The ends are limits as they are printed, and nothing is added for rounding. A hedge of the whole
    range (`bound`) that looks one way leaves the other end open; with `high_bound`, the hedge of
    the upper end alone, the first is that of the lower end alone. Raises ImpossibleInterval.

    >>> str(ranged(Fraction(30), Fraction(40), "exact", natural=Interval(low=0)))
    '[30, 40]'
    >>> str(ranged(Fraction(30), Fraction(40), "up to", natural=Interval(low=0)))
    '[0, 40]'
    >>> str(ranged(Fraction(1), Fraction(5), "less than", "more than", natural=Interval(low=0)))
    '[0, inf)'
    """
    if bound in ("about", "on the order of") and not high_bound:
        return None
    above = {"exact": True, "at least": True, "more than": False}
    below = {"exact": True, "up to": True, "less than": False, "nearly": False}
    ends = Interval()
    if bound in above:
        ends = ends.meet(Interval(low=low, low_closed=above[bound]))
    of_high = high_bound or bound
    if of_high in below:
        ends = ends.meet(Interval(high=high, high_closed=below[of_high]))
    return ends.meet(natural)


def _end(value: Number | int) -> Number:
    if isinstance(value, float) and value not in (-INFINITY, INFINITY):
        raise TypeError(f"{value!r} is a float: write a whole number or a Fraction")
    return value if isinstance(value, float | Fraction) else Fraction(value)


def _sum(a: Number, b: Number) -> Number:
    # Low ends are added to low ends, so that two infinities have the same sign.
    for end in (a, b):
        if isinstance(end, float):
            return end
    return a + b


def _product(a: _End, b: _End) -> _End:
    if zeros := [end for end in (a, b) if end[0] == 0]:
        # Zero times anything that the other interval holds is zero, so one closed zero attains it.
        return Fraction(0), any(z[1] for z in zeros), any(z[2] for z in zeros)
    is_said = a[2] and b[2]
    if isinstance(a[0], float) or isinstance(b[0], float):
        return (INFINITY if (a[0] > 0) == (b[0] > 0) else -INFINITY), False, is_said
    return a[0] * b[0], a[1] and b[1], is_said


def _one_over(end: Number, *, at_zero: float) -> Number:
    if isinstance(end, float):
        return Fraction(0)
    return at_zero if end == 0 else 1 / end


EVERYTHING = Interval()
