"""A figure to show: a stated or a derived one, with its words and what a reader must know of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from tallybook.ledger import wording
from tallybook.ledger.printed_figure import plain
from tallybook.ledger.records import Condition, Measure, Statistic
from tallybook.quantity.interval import INFINITY, Interval
from tallybook.quantity.quantity import Context, Quantity
from tallybook.reading.hedges import CURRENCIES
from tallybook.reading.periods import UNSTATED

OURS = "computed here"


@dataclass(frozen=True)
class Figure:
    """One figure as charts, tables and pages show it.

    `party` is who states it, or that it is computed here; `period` and `scope` are in words, of a
    derived figure the reasons for combining what it is made of.
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
        """Whether it is ours and not a party's."""
        return self.party == OURS


def stated(statistic: Statistic, measure: Measure, quantity: Callable[[], Quantity]) -> Figure:
    """The figure of a statistic, in its party's own words; what of it is read, is read when asked.

    So what a notebook does not show of a figure does not count as read by it.
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
        given = {"_statistic": statistic, "_measure": measure, "_quantity": quantity}
        vars(self).update(given, id=statistic.id)

    @cached_property
    def label(self) -> str:
        condition = condition_in_words(self._statistic.condition)
        return ", ".join([self._measure.label, *condition])

    @cached_property
    def words(self) -> str:
        return wording.stated(self._statistic)

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
    """What a figure holds under: "up to 24 hours", "each day"."""
    if condition and condition.value is not None:
        amount = wording.number(condition.value, str(condition.unit), digits=9)
        unit = "" if str(condition.unit) in CURRENCIES else f" {condition.unit}"
        yield f"{condition.bound} {amount}{unit}".removeprefix("exact ")
    if condition and condition.in_words:
        yield condition.in_words


def derived(wanted: str, quantity: Quantity, label: str) -> Figure:
    """The figure of a calculation, in the words that its interval allows."""
    return Figure(
        id=wanted,
        label=label,
        words=wording.derived(quantity),
        quantity=quantity,
        party=OURS,
        scope="; ".join(quantity.reasons),
    )


def to_json(figure: Figure) -> dict[str, Any]:
    """A derived figure as plain data, exact to the last digit."""
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
    """The figure that `to_json` wrote. Raises KeyError, TypeError or ValueError for other data."""
    quantity = Quantity(
        point=_number(data["point"]),
        interval=_interval_from_json(data["interval"]),
        unit=str(data["unit"]),
        natural=_interval_from_json(data["natural"]) or Interval(),
        inputs=frozenset(map(str, data["inputs"])),
        contexts=frozenset(Context(*map(str, each)) for each in data["contexts"]),
        reasons=tuple(map(str, data["reasons"])),
    )
    return derived(str(data["id"]), quantity, str(data["label"]))


def _number(text: str) -> Fraction:
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
        -INFINITY if low is None else _number(low),
        INFINITY if high is None else _number(high),
        bool(low_closed),
        bool(high_closed),
    )
