"""Series of one measure in time: the same thing, stated of one year after the other.

Two statistics of different times in a series do not disagree: from one to the next is a change,
which is said as far as what is stated of both bounds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations, groupby
from math import ceil

from tallybook.ledger import phrases
from tallybook.ledger.figures import number_in_words, quantity_in_words, unit_in_words
from tallybook.ledger.nouns import singular
from tallybook.ledger.records import Statistic
from tallybook.quantity.quantity import PLACES, POINTS, RATIO_UNITS, Quantity
from tallybook.reading.hedges import CURRENCIES
from tallybook.reading.periods import Period

# What statistics of a series have in common, besides the length of their periods.
_SHARED = ("measure", "scope", "of", "condition")
_BECAUSE = "One measure at two times"
_NO_CHANGE = "a change that cannot be bounded"

Series = list[Statistic]


@dataclass(frozen=True)
class Moment:
    """A statistic of a series, and how it has changed since the one before, in words.

    `before` is the id of that one; "" of the first, and where it is open which one that is.
    """

    statistic: Statistic
    before: str = ""
    change: str = ""


def series(statistics: Iterable[Statistic]) -> list[Series]:
    """The series that these statistics make, each in the order of time.

    A series has statistics of several times, all of one length (years that begin in one month,
    quarters, months, days) and without an overlap, of one measure, scope, base and condition.
    Parties may differ, and one time may have several statistics.

    >>> import tallybook
    >>> series(tallybook.load("tests/books/kettles").statistics.values())
    []
    """
    groups: dict[tuple[object, ...], list[Statistic]] = {}
    for one in statistics:
        if (length := _length(phrases.season(one))) is not None:
            shared = (repr(getattr(one, name)) for name in _SHARED)
            groups.setdefault((*shared, _back(one), length), []).append(one)
    parts: list[Series] = []
    for found in groups.values():
        parts += _without_overlap(found)
    ordered = (sorted(each, key=lambda s: _start(phrases.season(s))) for each in parts)
    return [each for each in ordered if each[0].period.first != each[-1].period.first]


def is_told_by_another(found: Iterable[Series], one: Statistic, other: Statistic) -> bool:
    """Whether nothing is to be learned from the difference of two statistics of one measure.

    So it is with two times of one series, whose difference is a change; and with a statistic and a
    series that has another one of the same time, which the first is set beside.

    >>> import tallybook
    >>> plants = tallybook.load("tests/books/kettles").statistic("repair-plants")
    >>> is_told_by_another([[plants]], plants, plants)
    False
    """
    if _time(one) == _time(other):
        return False
    for each in found:
        ids, times = {s.id for s in each}, [_time(s) for s in each]
        has_one, has_other = one.id in ids, other.id in ids
        if has_one and (has_other or _time(other) in times):
            return True
        if has_other and _time(one) in times:
            return True
    return False


def moments(found: Series, quantity: Callable[[str], Quantity]) -> list[Moment]:
    """Each statistic of a series with its change since the one before of the same party.

    Where that party has none, it is the only one that there is of the time before. `quantity` gives
    the quantity of a statistic, by its id.

    >>> import tallybook
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> moments([ledger.statistic("stores-closed-2017")], ledger.quantity)[0].change
    ''
    """
    shown: list[Moment] = []
    last: list[Statistic] = []
    for _, at_once in groupby(found, key=lambda s: s.period.first):
        now = list(at_once)
        for one in now:
            before = [s for s in last if s.party == one.party] or last
            if len(before) == 1:
                told = change(quantity(before[0].id), quantity(one.id))
                shown.append(Moment(one, before[0].id, told))
            else:
                shown.append(Moment(one))
        last = now
    return shown


def change(before: Quantity, after: Quantity) -> str:
    """The words for the change from a quantity to another of the same unit, as far as it is known.

    Of shares it is in percentage points; places in an order have none ("").

    >>> change(Quantity.exactly(431, "bursts"), Quantity.exactly(402, "bursts"))
    'down by 29 bursts'
    >>> change(Quantity.exactly(20, "percent"), Quantity.exactly(21, "percent"))
    'up by 1 percentage point'
    """
    if after.unit in PLACES:
        return ""
    found = after.minus(before, because=_BECAUSE)
    low, high = found.known_ends
    if found.interval is None:
        if found.point == 0:
            return "about the same"
        is_up, is_down = found.point > 0, found.point < 0
    elif not found.is_bounded:
        return _NO_CHANGE
    elif found.interval.is_point and found.point == 0:
        return "the same"
    else:
        is_up, is_down = low is not None and low >= 0, high is not None and high <= 0
    if is_up:
        return f"up by {_amount(found)}"
    return f"down by {_amount(-found)}" if is_down else _either_way(found)


def _either_way(found: Quantity) -> str:
    """The words for what may have gone down or up, by each as much as is known at most."""
    low, high = found.known_ends
    first = found.unit.partition(" per ")[0]
    sign = found.shown_unit if first in CURRENCIES else ""
    behind = "" if sign or found.unit in RATIO_UNITS else f" {unit_in_words(found.unit)}"
    down, up = (
        "" if end is None else f"{hedge} {number_in_words(abs(end), sign, outwards=ceil)}"
        for end, hedge in zip((low, high), _most_of(found), strict=True)
    )
    if down and up:
        return f"down by {down}, or up by {up}{behind}"
    way, other = ("down", "up") if down else ("up", "down")
    return f"{way} by {down or up}{behind}, or {other}"


def _most_of(found: Quantity) -> list[str]:
    """What stands before the lower and the upper end of a change, as the most that it is."""
    interval = found.interval or found.natural
    closed = interval.low_closed, interval.high_closed
    return ["at most" if is_closed else "less than" for is_closed in closed]


def _amount(amount: Quantity) -> str:
    """An amount with its unit: a currency before it, or a noun behind it."""
    first, *others = amount.unit.split(" per ")
    if first in CURRENCIES or amount.unit in (*RATIO_UNITS, POINTS):
        return quantity_in_words(amount)
    text = quantity_in_words(replace(amount, unit=""))
    unit = unit_in_words(amount.unit)
    return f"{text} {singular(unit) if text == '1' and not others else unit}"


def _without_overlap(found: Series) -> list[Series]:
    """Statistics of one length in parts, in each of which no two different times overlap."""
    times = {_time(s): phrases.season(s) for s in found}.values()
    if not any(a.overlaps(b) for a, b in combinations(times, 2)):
        return [found]
    parts: dict[int, Series] = {}  # calendar years beside fiscal years: each are a series
    for one in found:
        time = phrases.season(one)
        length, _ = _length(time) or (1, "")
        parts.setdefault(_start(time) % length, []).append(one)
    return [*parts.values()]


def _time(statistic: Statistic) -> tuple[date | None, date | None]:
    return statistic.period.first, statistic.period.last


def _length(period: Period) -> tuple[int, str] | None:
    """How long a period is, in months or else in days; None of one that is not known to end."""
    if period.first is None or period.last is None:
        return None
    if period.months:
        return period.months, "months"
    return (period.last - period.first).days + 1, "days"


def _start(period: Period) -> int:
    """When a period begins, counted in what it is long in."""
    first = period.first or date.min
    return 12 * first.year + first.month - 1 if period.months else first.toordinal()


def _back(statistic: Statistic) -> int | None:
    """How far before it the time lies that a statistic is compared with; None where there is none.

    "5% more than a year before" is a series, though each year is compared with another one.
    """
    before = statistic.compared_with
    if before is None or before.first is None or statistic.period.first is None:
        return None
    return _start(statistic.period) - _start(before)
