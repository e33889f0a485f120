"""A value with the interval that its statement allows, its unit, and the records it came from.

`None` in place of an interval says that the error is unknown ("about 1,000"): such a figure is a
point, and so is everything computed from it. Every quantity also carries its `natural` interval,
the values that its measure can take at all (a count is not negative, a share not above one), and
the contexts (period, scope, base, condition) of the figures behind it: quantities of different
context combine only with a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple

from tallybook.quantity.interval import (
    EVERYTHING,
    DivisorSpansZero,
    Interval,
    QuantityError,
)

RATIO_UNITS = ("", "fraction", "times")  # three names for a plain ratio
POINTS = "percentage points"  # what two shares differ by
PLACES = ("place", "rank", "position")  # of ranks, whose numbers only say what comes before what

_WHOLES = {"percent": Fraction(100), "fraction": Fraction(1)}  # all of something, as a share


class UnitMismatch(QuantityError):
    """Quantities are in units that cannot be added, subtracted or compared."""


class ContextsDiffer(QuantityError):
    """Figures that differ in period, scope, base or condition are combined without a reason."""


class Context(NamedTuple):
    """What a figure is about. "unstated" is not known to equal anything, itself included."""

    period: str = ""
    scope: str = ""
    base: str = ""
    condition: str = ""

    def differences(self, other: Context) -> tuple[str, ...]:
        """The fields in which two contexts are not known to agree.

        >>> Context("2017", "unstated").differences(Context("2016", "unstated"))
        ('period', 'scope')
        """
        pairs = zip(self._fields, self, other, strict=True)
        return tuple(name for name, a, b in pairs if a != b or "unstated" in (a, b))


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure to calculate with.

    `point` is the figure itself; `interval` what it allows (None: its error is unknown); `unit`
    names joined by " per ", "percent", "percentage points" for what two shares differ by, "" for a
    plain ratio, or "place" for a rank, with which nothing is calculated; `inputs` the ids behind
    it; `reasons` why figures of different contexts were combined; `sign` the sign of a currency,
    such as "$", where the documents print one. With the signs + - * / no reason can be given: where
    one is needed, they raise ContextsDiffer.

    >>> import tallybook
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> stores, share = ledger.quantities("stores-closed-2017", "share-handled-2017")
    >>> str((stores / 4).interval), str((100 - share).interval), (stores / 4).unit
    ('(250, inf)', '[5/2, 7/2]', 'stores')
    >>> stores / ledger.quantity("repair-plants")
    Traceback (most recent call last):
    tallybook.quantity.quantity.ContextsDiffer: stores-closed-2017 and repair-plants are not...
    """

    point: Fraction
    interval: Interval | None
    unit: str = ""
    natural: Interval = EVERYTHING
    inputs: frozenset[str] = frozenset()
    contexts: frozenset[Context] = frozenset()
    reasons: tuple[str, ...] = ()
    sign: str = ""

    @classmethod
    def exactly(cls, value: int | Fraction, unit: str = "") -> Quantity:
        """A number that is known, not measured. Raises TypeError for a float.

        >>> str(Quantity.exactly(Fraction(1, 3), "hours").interval)
        '[1/3, 1/3]'
        """
        if not isinstance(value, int | Fraction):
            kind = type(value).__name__
            raise TypeError(f"{value!r} is a {kind}: write a whole number or a Fraction")
        exact = Fraction(value)
        return cls(exact, Interval.at(exact), unit, Interval.at(exact))

    def __post_init__(self) -> None:
        interval, natural = self.interval, self.natural
        if interval is not None and not interval.is_point:
            # An end where the measure ends anyway follows from no statement about this figure.
            said = replace(
                interval,
                low_said=interval.low_said and interval.low != natural.low,
                high_said=interval.high_said and interval.high != natural.high,
            )
            object.__setattr__(self, "interval", said)

    @property
    def known_ends(self) -> tuple[Fraction | None, Fraction | None]:
        """The ends of the interval that follow from what is said; None for any other.

        An end that is only where a measure ends anyway is none, nor one that is computed with it.

        >>> sold = Interval(0, 15, high_closed=False)
        >>> nearly = Quantity(Fraction(15), sold, natural=Interval(low=0))
        >>> [str(end) for end in (nearly + Quantity.exactly(12)).known_ends]
        ['None', '27']
        """
        interval = self.interval
        if interval is None:
            return None, None
        return (
            Fraction(interval.low) if interval.low_said else None,
            Fraction(interval.high) if interval.high_said else None,
        )

    @property
    def is_bounded(self) -> bool:
        """Whether an end of the interval follows from what is said."""
        return self.known_ends != (None, None)

    @property
    def is_near(self) -> bool:
        """Whether the point is near the figure: between two ends, or "about" it."""
        return self.interval is None or None not in self.known_ends

    @property
    def shown_unit(self) -> str:
        """The unit with the sign of a currency in place of its name, where documents print one."""
        first, per, others = self.unit.partition(" per ")
        return f"{self.sign or first}{per}{others}"

    @property
    def names(self) -> str:
        """The ids behind it, or the number that it is."""
        return ", ".join(sorted(self.inputs)) or str(self.point)

    def plus(self, other: Quantity | int | Fraction, *, because: str = "") -> Quantity:
        """The sum. Raises UnitMismatch, and ContextsDiffer without a reason where one is due.

        >>> a, b = Quantity.exactly(2, "stores"), Quantity.exactly(3, "stores")
        >>> str(a.plus(b).point), a.plus(b, because="Of one company.").reasons
        ('5', ('Of one company.',))
        """
        # A number has the other's unit, so that 100 - share is what is left of 100 percent.
        other = _quantity(other, unit=self.unit)
        _require_amounts(self, other)
        units = {self.unit, other.unit}
        with_points = units == {"percent", POINTS}
        if len(units) > 1 and not with_points and not units <= set(RATIO_UNITS):
            raise UnitMismatch(
                f"{self.names} in {self.unit or 'a plain ratio'!r} and {other.names} in "
                f"{other.unit or 'a plain ratio'!r} cannot be added or subtracted"
            )
        result = _combined(self, other, Interval.__add__, because)
        unit = "percent" if with_points else self.unit
        return replace(result, point=self.point + other.point, unit=unit)

    def minus(self, other: Quantity | int | Fraction, *, because: str = "") -> Quantity:
        """The difference; of two shares in percentage points. Raises as `plus` does.

        What is left of a whole (`100 - share`), and a share less a number, stay a share.

        >>> str(Quantity.exactly(2).minus(3).point)
        '-1'
        >>> Quantity.exactly(92, "percent").minus(Quantity.exactly(80, "percent")).unit
        'percentage points'
        """
        # As a sum, so that contexts, units and open ends are looked after in one place.
        found = self.plus(-_quantity(other, unit=self.unit), because=because)
        whole = _WHOLES.get(self.unit)
        if not isinstance(other, Quantity) or other.unit != self.unit or whole is None:
            return found
        if self.point == whole and not self.inputs:
            return found
        return _rescaled(found, 100 / whole, unit=POINTS)

    def times(self, other: Quantity | int | Fraction, *, because: str = "") -> Quantity:
        """The product; percent multiplies as hundredths. Raises ContextsDiffer.

        >>> half = Quantity.exactly(50, "percent").times(Quantity.exactly(8, "stores"))
        >>> str(half.point), half.unit
        ('4', 'stores')
        """
        a, b = as_ratio(self), as_ratio(_quantity(other))
        _require_amounts(a, b)
        result = _combined(a, b, Interval.__mul__, because)
        unit = _product_unit(a.unit, b.unit)
        first, *of_both = (each.partition(" per ")[0] for each in (unit, a.unit, b.unit))
        sign = result.sign if first in of_both and first else ""  # none of one sum by another
        return replace(result, point=a.point * b.point, unit=unit, sign=sign)

    def over(self, other: Quantity | int | Fraction, *, because: str = "") -> Quantity:
        """The quotient. Raises DivisorSpansZero unless the divisor's interval leaves zero out.

        >>> each = Quantity.exactly(6, "RMB").over(Quantity.exactly(4, "cases"))
        >>> str(each.point), each.unit
        ('3/2', 'RMB per cases')
        """
        other = _quantity(other)
        _require_amounts(self, other)
        return self.times(_reciprocal(as_ratio(other)), because=because)

    def __neg__(self) -> Quantity:
        return _mapped(self, lambda interval: -interval, point=-self.point)

    __add__ = __radd__ = plus
    __sub__ = minus
    __mul__ = __rmul__ = times
    __truediv__ = over

    def __rsub__(self, other: int | Fraction) -> Quantity:
        return (-self).plus(other)

    def __rtruediv__(self, other: int | Fraction) -> Quantity:
        return _quantity(other).over(self)


def _require_amounts(*quantities: Quantity) -> None:
    for each in quantities:
        if each.unit in PLACES:
            raise UnitMismatch(
                f"{each.names} is a {each.unit} in an order, which says what comes before what and "
                "no amount: it cannot be added, subtracted, multiplied or divided. Show its words."
            )


def _quantity(value: Quantity | int | Fraction, *, unit: str = "") -> Quantity:
    if isinstance(value, Quantity):
        return value
    return Quantity.exactly(value, unit)


def _mapped(q: Quantity, change: Callable[[Interval], Interval], *, point: Fraction) -> Quantity:
    interval = None if q.interval is None else change(q.interval)
    return replace(q, point=point, interval=interval, natural=change(q.natural))


def _combined(
    a: Quantity, b: Quantity, operation: Callable[[Interval, Interval], Interval], because: str
) -> Quantity:
    require_reason([a, b], because)
    # A dict and no set, for reasons are shown in the order in which they were given.
    given = dict.fromkeys([*a.reasons, *b.reasons, *([because] if because else [])])
    both = [q.interval or q.natural.unsaid() for q in (a, b)]
    # "About 700" of "more than 6,000" is about nothing: it can be anything that the two may make.
    is_about = None in (a.interval, b.interval) and a.is_near and b.is_near
    return Quantity(
        point=Fraction(0),
        interval=None if is_about else operation(*both),
        natural=operation(a.natural, b.natural),
        inputs=a.inputs | b.inputs,
        contexts=a.contexts | b.contexts,
        reasons=tuple(given),
        sign=a.sign if a.sign == b.sign else "" if a.sign and b.sign else a.sign or b.sign,
    )


def require_reason(quantities: Iterable[Quantity], because: str) -> None:
    """Raise ContextsDiffer if these differ, or may differ, in context and no reason is given.

    >>> require_reason([Quantity.exactly(1), Quantity.exactly(2)], because="")
    """
    if not because:
        for a, b in combinations(quantities, 2):
            _require_one_context(a, b)


def _require_one_context(a: Quantity, b: Quantity) -> None:
    # A figure set against itself, or against what was computed from it, needs no new reason.
    if a.inputs <= b.inputs or b.inputs <= a.inputs:
        return
    # Derived quantities have the contexts of all that they are of, each of which has to agree.
    fields = {name for x in a.contexts for y in b.contexts for name in x.differences(y)}
    if fields:
        raise ContextsDiffer(
            f"{a.names} and {b.names} are not known to agree in {' and '.join(sorted(fields))}. "
            'If they may be set together all the same, say why: a.over(b, because="…") for a / b, '
            "likewise plus, minus and times, or because in the call"
        )


def _reciprocal(q: Quantity) -> Quantity:
    if q.point == 0 or (q.interval is not None and 0 in q.interval):
        raise DivisorSpansZero(f"cannot divide by {q.names}: it may be zero")
    # The quotient exists only where the divisor is not zero, so a natural end at zero is left out.
    natural = q.natural.without_zero()
    return replace(
        q,
        point=1 / q.point,
        interval=None if q.interval is None else q.interval.reciprocal(),
        natural=EVERYTHING if 0 in natural else natural.reciprocal(),
        unit=_product_unit("", q.unit, inverse=True),
    )


def _product_unit(a: str, b: str, *, inverse: bool = False) -> str:
    above, below = _unit_names(a)
    factors, divisors = _unit_names(b)
    if inverse:
        factors, divisors = divisors, factors
    above, below = above + factors, below + divisors
    # What stands above and below cancels: RMB per case times cases is RMB.
    for name in above.copy():
        if name in below:
            above.remove(name)
            below.remove(name)
    return " per ".join([" · ".join(above), *below]).strip()


def _unit_names(unit: str) -> tuple[list[str], list[str]]:
    if unit in RATIO_UNITS:
        return [], []
    # With a space before it, for "per cases" is the unit of one over a number of cases.
    above, *below = f" {unit}".split(" per ")
    return above.strip().split(" · ") if above.strip() else [], below


def as_ratio(q: Quantity) -> Quantity:
    """The same share as a plain ratio, where it is in percent or percentage points.

    >>> str(as_ratio(Quantity.exactly(42, "percent")).point)
    '21/50'
    """
    return _rescaled(q, Fraction(1, 100), unit="") if q.unit in ("percent", POINTS) else q


def as_percent(q: Quantity) -> Quantity:
    """The same ratio in percent; percentage points stay. Raises UnitMismatch for anything else.

    >>> str(as_percent(Quantity.exactly(Fraction(2, 5))).point)
    '40'
    """
    if q.unit not in (*RATIO_UNITS, "percent", POINTS):
        raise UnitMismatch(f"only a plain ratio can be said in percent, not {q.unit!r}")
    return q if q.unit in ("percent", POINTS) else _rescaled(q, Fraction(100), unit="percent")


def _rescaled(q: Quantity, factor: Fraction, *, unit: str) -> Quantity:
    by = Interval.at(factor)
    scaled = _mapped(q, lambda interval: interval * by, point=q.point * factor)
    return replace(scaled, unit=unit)


def total(quantities: Iterable[Quantity], *, because: str = "") -> Quantity:
    """The sum of one or more. Raises as `plus` does.

    >>> str(total([Quantity.exactly(1), Quantity.exactly(2), Quantity.exactly(3)]).point)
    '6'
    """
    first, *others = quantities
    for other in others:
        first = first.plus(other, because=because)
    return first


def indexed(change: Quantity, *, falling: bool) -> Quantity:
    """What 100 became in a decline (`falling`) or growth stated in percent; also in percent.

    >>> str(indexed(Quantity.exactly(42, "percent"), falling=True).point)
    '58'
    """
    if change.unit != "percent":
        raise UnitMismatch(f"an index needs a change in percent, not in {change.unit!r}")
    return 100 - change if falling else 100 + change


def ratio_of_changes(above: Quantity, below: Quantity, *, because: str = "") -> Quantity:
    """What 100 became in a ratio whose two parts became these indexes; in percent.

    >>> fewer, more = Quantity.exactly(58, "percent"), Quantity.exactly(116, "percent")
    >>> str(ratio_of_changes(fewer, more).point)
    '50'
    """
    return as_percent(above.over(below, because=because))


def share_from_ratio(ratio: Quantity) -> Quantity:
    """The share a / (a + b), as a plain ratio, that a ratio a / b of two counts implies.

    The share rises with the ratio, so its ends come of the ratio's ends; dividing the ratio by one
    more than itself would forget that it is the same ratio both times and widen the result.

    >>> str(share_from_ratio(Quantity.exactly(3)).point)
    '3/4'
    """
    if ratio.unit not in RATIO_UNITS:
        raise UnitMismatch(f"a share needs a plain ratio, not {ratio.unit!r}")
    if ratio.point < 0:
        raise QuantityError(f"a ratio of two counts is not negative: {ratio.names}")
    return replace(_mapped(ratio, _shares, point=ratio.point / (1 + ratio.point)), unit="")


def _shares(ratios: Interval) -> Interval:
    # Of an infinite ratio the share is 1, which no ratio reaches: that end is open, as infinity is.
    low, high = (
        Fraction(1) if isinstance(end, float) else end / (1 + end)
        for end in (max(ratios.low, Fraction(0)), ratios.high)
    )
    low_closed, low_said = ratios.low_closed, ratios.low_said
    if ratios.low < 0:  # which two counts cannot have, so that nobody says this end
        low_closed, low_said = True, False
    return Interval(low, high, low_closed, ratios.high_closed, low_said, ratios.high_said)


def days_between(earlier: tuple[date, date], later: tuple[date, date]) -> Quantity:
    """Days from one date to another, each given by the first and the last day that it can be.

    >>> june, sixth = (date(2017, 6, 1), date(2017, 6, 30)), (date(2017, 7, 6), date(2017, 7, 6))
    >>> str(days_between(june, sixth).interval)
    '[6, 35]'
    """
    shortest, longest = (later[0] - earlier[1]).days, (later[1] - earlier[0]).days
    interval = Interval(Fraction(shortest), Fraction(longest))
    # No day within the limits is likelier than another, so the point is their middle.
    return Quantity(Fraction(shortest + longest, 2), interval, "days")
