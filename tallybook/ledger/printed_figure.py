"""Checks of a statistic's value, bound and unit against its printed words, and its interval.

The record alone is needed. Its period, base and condition are checked in `printed_context`; whether
the words stand where they are cited, in `coverage`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from functools import lru_cache

from tallybook.errors import Problem
from tallybook.ledger.records import Event, Measure, Statistic
from tallybook.quantity import interval
from tallybook.quantity.interval import ImpossibleInterval, Interval
from tallybook.reading import hedges
from tallybook.reading.numerals import Numeral

Location = tuple[str | int, ...]
Spans = tuple[tuple[int, int], ...]
# Kinds of figures that may count things one by one.
_COUNTS = {
    "level at a date",
    "total over a period",
    "running total to a date",
    "count of a list",
    "limit of a rule",
}
# Units that are printed with the number; of others ("stores") the noun is not read.
_SHOWN_UNITS = {"percent", "fraction", "times"} | hedges.CURRENCIES | hedges.TIMES


class NoSingleFigure(ValueError):
    """Printed words have no number in them, or several."""


@lru_cache(maxsize=2**15)
def single_numeral(run: str) -> Numeral:
    """The one number of a run; years and ordinals count only where nothing else does.

    Raises NoSingleFigure.

    >>> single_numeral("in 2017, nearly 1,000 stores").bound
    'nearly'
    """
    numerals = hedges.read(run)
    if not numerals:
        raise NoSingleFigure(f'"{run}" has no number in it; cite the words that print it')
    # "In 2017, the first 40 stores" has one figure, "2017" alone has one too.
    figures = [n for n in numerals if not n.is_year and not n.is_ordinal] or numerals
    if len(figures) > 1:
        shown = ", ".join(run[n.start : n.end] for n in figures)
        raise NoSingleFigure(f'"{run}" has {len(figures)} numbers in it ({shown}); cite only one')
    return figures[0]


def plain(value: Fraction) -> str:
    """A rational number as one types it: in decimal digits, where it ends, or as a fraction.

    >>> plain(Fraction(43, 10)), plain(Fraction(4, 6))
    ('4.3', '2/3')
    """
    rest, places = value.denominator, 0
    for prime in (2, 5):
        power = 0
        while rest % prime == 0:
            rest, power = rest // prime, power + 1
        places = max(places, power)
    # Only denominators of twos and fives have decimals that end.
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    digits = f"{abs(value.numerator) * 10**places // value.denominator:0{places + 1}}"
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


def stated_interval(statistic: Statistic, measure: Measure) -> Interval | None:
    """The interval of a statistic whose printed words agree with it; None for an unknown error.

    "27 times more" may mean 27 or 28 times: both are kept unless `reading` chooses.
    Raises ImpossibleInterval where the measure's floor and ceiling allow none of it.
    """
    numerals = [single_numeral(citation.as_printed) for citation in statistic.cited]
    numeral = numerals[0]
    # "on the order of 5,000" says how large it is and sets no limit, as "thousands" does.
    if statistic.bound == "on the order of" and not numeral.is_magnitude:
        return None
    half = _half_unit(statistic, measure, numeral)
    readings = [statistic.value]
    if any(n.says_more for n in numerals) and statistic.reading != "times":
        more = statistic.value + 1
        readings = [more] if statistic.reading else [statistic.value, more]
    natural = natural_interval(measure)
    first, *others = (
        interval.stated(value, statistic.bound, half_unit=half, natural=natural)
        for value in readings
    )
    return first.hull(others[0]) if first and others and others[0] else first


def natural_interval(measure: Measure) -> Interval:
    """The values that a measure can take at all."""
    low = -interval.INFINITY if measure.floor is None else measure.floor
    high = interval.INFINITY if measure.ceiling is None else measure.ceiling
    return Interval(low, high)


def _half_unit(statistic: Statistic, measure: Measure, numeral: Numeral) -> Fraction:
    if statistic.rounded_to is not None:
        return Fraction(0) if statistic.rounded_to == "none" else statistic.rounded_to / 2
    # What is counted one by one is exact where the last digit is of ones: 1,606 people are 1,606.
    counts_things = measure.kind in _COUNTS and _base_unit(measure.unit) not in _SHOWN_UNITS
    if measure.kind == "limit of a rule" or (counts_things and numeral.digit == 1):
        return Fraction(0)
    return (converted(numeral.digit, numeral.unit, measure.unit) or numeral.digit) / 2


def _base_unit(unit: str) -> str:
    return unit.partition(" per ")[0]


def converted(value: Fraction, printed: str, unit: str) -> Fraction | None:
    """A printed value in the unit wanted; None where the two units do not agree.

    >>> plain(converted(Fraction(42), "percent", "fraction"))
    '0.42'
    """
    base = _base_unit(unit)
    if (printed, base) == ("percent", "fraction"):
        return value / 100
    if (printed, base) == ("fraction", "percent"):
        return value * 100
    if printed == base:
        return value
    # "three times" also counts occurrences; every other printed unit means itself.
    return value if printed in ("", "times") and base not in _SHOWN_UNITS else None


def problems(statistic: Statistic, measure: Measure) -> Iterator[Problem]:
    """Everything in which the figure of a statistic and its printed words do not agree."""
    figures: list[tuple[Location, str, Numeral]] = []
    for number, citation in enumerate(statistic.cited):
        location = ("cited", number, "as_printed")
        try:
            figures.append((location, citation.as_printed, single_numeral(citation.as_printed)))
        except NoSingleFigure as error:
            yield statistic.problem(location, str(error))
    found = [*_unit_problems(statistic, measure, figures)]
    # In another unit the value is another as well: that is one problem, not two.
    found = found or [*_figure_problems(statistic, measure, figures)]
    yield from found
    if len(figures) == len(statistic.cited) and not found:
        digit = converted(figures[0][2].digit, figures[0][2].unit, measure.unit)
        yield from _rounding_problems(statistic, figures[0][1], figures[0][2], digit)
        yield from _interval_problems(statistic, measure)


def _unit_problems(
    statistic: Statistic, measure: Measure, figures: list[tuple[Location, str, Numeral]]
) -> Iterator[Problem]:
    for location, run, numeral in figures:
        wrong = converted(numeral.value, numeral.unit, measure.unit) is None
        wrong = wrong or (numeral.says_more and _base_unit(measure.unit) != "times")
        per = re.search(r"(?<!\w)per (?!cent)\w+", run)
        if wrong or (per and f" {per[0]}" not in measure.unit):
            found = per[0] if per and not wrong else numeral.unit
            printed = f"prints {found}" if found else f"prints no {measure.unit}"
            yield statistic.problem(
                location,
                f"the unit of measure {measure.id!r} is {measure.unit}, but "
                f'"{run}" {printed}. Cite the unit too, '
                "choose another measure, or mend the measure's unit.",
            )


def _figure_problems(
    statistic: Statistic, measure: Measure, figures: list[tuple[Location, str, Numeral]]
) -> Iterator[Problem]:
    wrong_values, wrong_bounds = [], []
    for location, run, numeral in figures:
        if converted(numeral.value, numeral.unit, measure.unit) != statistic.value:
            wrong_values.append((location, run, numeral))
        if numeral.bound != statistic.bound:
            wrong_bounds.append((location, run, numeral))
    value = plain(statistic.value)
    for wrong, field, shown, advice in (
        (wrong_values, "value", value, f"Correct the value, or cite where {value} stands."),
        (wrong_bounds, "bound", repr(statistic.bound), "Correct the bound, or cite the hedge too."),
    ):
        # Where no citation agrees the record is wrong, and it is said once.
        by_all = len(wrong) == len(figures)
        for location, run, numeral in wrong[:1] if by_all else wrong:
            yield statistic.problem(
                (field,) if by_all else location,
                f'{field} {shown} is not what its citation prints: "{run}" reads as '
                f"{reading_in_words(numeral)}. {advice}",
            )


def reading_in_words(numeral: Numeral) -> str:
    """The bound, value and unit that were read: "more than 50 percent"."""
    bound = {"exact": "exactly"}.get(numeral.bound, numeral.bound)
    return f"{bound} {plain(numeral.value)} {numeral.unit}".strip()


def _rounding_problems(
    statistic: Statistic, run: str, numeral: Numeral, digit: Fraction | None
) -> Iterator[Problem]:
    """`digit` is one unit of the last printed digit, in the measure's unit."""
    needed = statistic.bound == "exact" and numeral.ends_in_zero
    rounded_to = statistic.rounded_to
    if needed and rounded_to is None:
        yield statistic.problem(
            ("value",),
            f'"{run}" is a round figure without a hedge; say rounded_to: the unit it is rounded '
            "to, or none, and rounded_because",
        )
    elif rounded_to is not None and not needed:
        yield statistic.problem(
            ("rounded_to",),
            "only a figure without a hedge whose last printed digit is zero says rounded_to; "
            "leave it out",
        )
    elif isinstance(rounded_to, Fraction) and digit is not None and rounded_to < digit:
        yield statistic.problem(
            ("rounded_to",), f'"{run}" is printed to {plain(digit)} at the finest'
        )
    elif isinstance(rounded_to, Fraction) and statistic.value % rounded_to != 0:
        yield statistic.problem(
            ("rounded_to",),
            f"value {plain(statistic.value)} is no multiple of {plain(rounded_to)}",
        )
    if statistic.reading and not numeral.says_more:
        yield statistic.problem(("reading",), f'"{run}" has one reading only; leave `reading` out')
    yield from reason_problems(statistic, "rounded_to", "rounded_because")
    yield from reason_problems(statistic, "reading", "reading_because")


def _interval_problems(statistic: Statistic, measure: Measure) -> Iterator[Problem]:
    natural = natural_interval(measure)
    # "about 120" percent has no interval that could be impossible: its value is looked at.
    is_point = statistic.bound in ("exact", "about")
    with suppress(ImpossibleInterval):
        stated_interval(statistic, measure)
        if statistic.value in natural or not is_point:
            return
    yield statistic.problem(
        ("value",),
        f"{statistic.bound} {plain(statistic.value)} lies outside what measure "
        f"{measure.id!r} allows: {natural}",
    )


def reason_problems(record: Statistic | Event, field: str, because: str) -> Iterator[Problem]:
    """A field that needs its reason and has none, or the reverse."""
    given, reason = getattr(record, field), getattr(record, because)
    if given is not None and reason is None:
        yield record.problem((field,), f"{field} needs its reason: add {because}")
    if reason is not None and given is None:
        yield record.problem(
            (because,), f"{because} gives the reason of {field}, which is not there"
        )
