"""A record's fields read back out of its printed words, and its interval.

The value, bound and unit of a statistic, then its period, base and condition, and the dates of
events and items. The record alone is needed; whether the words stand where they are cited is
checked in `coverage`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction

from tallybook.errors import Problem
from tallybook.ledger import runs, units
from tallybook.ledger.records import (
    Citation,
    Condition,
    Event,
    Item,
    Measure,
    Mention,
    Passage,
    Statistic,
)
from tallybook.ledger.single import NoSingleFigure, single_figure
from tallybook.ledger.units import in_unit, is_shown
from tallybook.quantity import interval
from tallybook.quantity.interval import ImpossibleInterval, Interval
from tallybook.reading import hedges
from tallybook.reading.amount import Amount
from tallybook.reading.dates import PrintedPeriod
from tallybook.reading.numeral import Numeral
from tallybook.reading.periods import UNSTATED, Period

Location = tuple[str, int, str]
Readings = list[tuple[Location, str, Amount]]  # each run with its place, and what it was read as
Spans = tuple[tuple[int, int], ...]
# Kinds of figures that may count things one by one.
_COUNTS = {
    "level at a date",
    "total over a period",
    "running total to a date",
    "count of a list",
    "limit of a rule",
}
# Kinds whose period has a beginning: printed of one of these, "by August" means in August.
_WITH_BEGINNING = {"level at a date", "total over a period", "change", "count of a list"}
# Without these fields such a figure could not be compared with any other.
_WITH_BASE = {"change": "compared_with", "share": "of", "ratio": "of"}


def figure_of(statistic: Statistic, unit: str = "") -> Amount:
    """The figure that a statistic is first cited with, in its own words.

    >>> import tallybook
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> figure_of(ledger.statistic("stores-closed-2017"), "stores").bound
    'more than'
    """
    run = statistic.cited[0].as_printed
    try:
        return single_figure(run, unit)
    except NoSingleFigure:
        # Only a name of the book told it apart, when the record was checked.
        for each in runs.figures(run):
            read = in_unit(each, unit)
            if read and _numbers(read) == _recorded(statistic):
                return each
        raise


def plain(value: Fraction) -> str:
    """A rational number as one types it: in decimal digits, where it ends, or as a fraction.

    >>> plain(Fraction(43, 10)), plain(Fraction(4, 6))
    ('4.3', '2/3')
    """
    below = value.denominator
    # Decimals end with the power of ten that the denominator divides, if it divides any.
    places = next((n for n in range(below.bit_length()) if 10**n % below == 0), None)
    if places is None:
        return f"{value.numerator}/{below}"
    digits = f"{abs(value.numerator) * 10**places // below:0{places + 1}}"
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


def stated_interval(statistic: Statistic, measure: Measure) -> Interval | None:
    """The interval of a statistic whose printed words agree with it; None for an unknown error.

    A range allows what lies between its ends, and a value with an interval beside it what lies in
    that. "27 times more" may mean 27 or 28 times: both are kept unless `reading` chooses.
    Raises ImpossibleInterval where the measure's floor and ceiling allow none of it.
    """
    natural = natural_interval(measure)
    if statistic.low is not None and statistic.high is not None:
        if statistic.value is not None:
            return Interval(statistic.low, statistic.high).meet(natural)
        more = interval.ranged(
            statistic.low, statistic.high, statistic.bound, statistic.high_bound or "",
            natural=natural,
        )  # fmt: skip
        if more and says_more(statistic) and statistic.reading != "times":
            shifted = Interval(statistic.low + 1, statistic.high + 1)
            more = shifted if statistic.reading else more.hull(shifted)
        return more
    value = statistic.point
    amount = figure_of(statistic, measure.unit)
    # "on the order of 5,000" says how large it is and sets no limit, as "thousands" does.
    if statistic.bound == "on the order of" and not amount.is_magnitude:
        return None
    half = _half_unit(statistic, measure, amount)
    readings = [value]
    if says_more(statistic) and statistic.reading != "times":
        readings = [value + 1] if statistic.reading else [value, value + 1]
    first, *others = (
        interval.stated(each, statistic.bound, half_unit=half, natural=natural) for each in readings
    )
    return first.hull(others[0]) if first and others and others[0] else first


def sign_of_currency(statistic: Statistic, unit: str) -> str:
    """The sign that a statistic in a currency is printed with, such as "$"; "" for its name."""
    if unit.partition(" per ")[0] not in hedges.CURRENCIES:
        return ""
    found = re.search(r"(?:\b[A-Z]{1,2})?[$€£¥](?=\s?\d)", statistic.cited[0].as_printed)
    return found[0] if found else ""


def says_more(statistic: Statistic) -> bool:
    """Whether a place prints the figure as "n times more", which has two readings."""
    with suppress(NoSingleFigure):
        return any(single_figure(cited.as_printed, "times").says_more for cited in statistic.cited)
    return False


def natural_interval(measure: Measure) -> Interval:
    """The values that a measure can take at all."""
    low = -interval.INFINITY if measure.floor is None else measure.floor
    high = interval.INFINITY if measure.ceiling is None else measure.ceiling
    return Interval(low, high)


def unsaid_limits(statistic: Statistic, measure: Measure, of: Interval | None) -> Interval:
    """The values that a measure can take, but for limits that the words print: "0 to 5 days".

    `of` is the interval of the statistic. An end of it at a limit that is left follows from the
    measure, and from nothing that is said of the figure.
    """
    natural = natural_interval(measure)
    if of is None or statistic.low is None:
        return natural
    low = -interval.INFINITY if of.low == statistic.low else natural.low
    return Interval(low, interval.INFINITY if of.high == statistic.high else natural.high)


def _half_unit(statistic: Statistic, measure: Measure, amount: Amount) -> Fraction:
    if statistic.rounded_to is not None:
        return Fraction(0) if statistic.rounded_to == "none" else statistic.rounded_to / 2
    # What is counted one by one is exact where the last digit is of ones: 1,606 people are 1,606.
    counts_things = measure.kind in _COUNTS and not is_shown(measure.unit)
    if measure.kind == "limit of a rule" or (counts_things and amount.digit == 1):
        return Fraction(0)
    read = in_unit(amount, measure.unit)
    return (read.digit if read else amount.digit) / 2


def problems(
    statistic: Statistic, measure: Measure, names: tuple[str, ...] = ()
) -> Iterator[Problem]:
    """Everything in which a statistic and its printed words do not agree.

    The numbers in `names`, which are those of the book, are no figures.
    """
    yield from _of_the_figure(statistic, measure, names)
    yield from _period_problems(statistic)
    yield from _open_beginnings(statistic, measure)
    yield from _base_problems(statistic, measure)
    yield from _condition_problems(statistic)


def _of_the_figure(
    statistic: Statistic, measure: Measure, names: tuple[str, ...]
) -> Iterator[Problem]:
    figures: Readings = []
    for location, run in _runs(statistic, "as_printed"):
        try:
            amount = single_figure(run, measure.unit, names)
        except NoSingleFigure as error:
            yield statistic.problem(location, str(error))
            continue
        if amount.mistake:
            yield statistic.problem(location, f'"{run}" {amount.mistake}')
        else:
            figures.append((location, run, amount))
    found = [*_unit_problems(statistic, measure, figures)]
    # In another unit the value is another as well: that is one problem, not two.
    found = found or [*_figure_problems(statistic, measure, figures)]
    yield from found
    if len(figures) == len(statistic.cited) and not found:
        yield from _rounding_problems(statistic, measure, figures[0][1], figures[0][2])
        yield from _interval_problems(statistic, measure)


def _unit_problems(statistic: Statistic, measure: Measure, figures: Readings) -> Iterator[Problem]:
    for location, run, amount in figures:
        is_wrong = in_unit(amount, measure.unit) is None
        is_more = amount.says_more and units.parts(measure.unit).base not in ("times", "ratio")
        if not is_wrong and not is_more:
            continue
        found = units.in_words(amount)
        printed = f"prints {found}" if found else f"prints no {measure.unit}"
        if conversion := units.conversion(amount, measure.unit):
            printed += f" ({conversion})"
        yield statistic.problem(
            location,
            f"the unit of measure {measure.id!r} is {measure.unit}, but "
            f'"{run}" {printed}. Cite the unit too, '
            "choose another measure, or mend the measure's unit.",
        )


def _numbers(amount: Amount) -> tuple[Fraction | None, Fraction | None, Fraction | None]:
    return amount.value, amount.low, amount.high


def _recorded(statistic: Statistic) -> tuple[Fraction | None, Fraction | None, Fraction | None]:
    return statistic.value, statistic.low, statistic.high


def _figure_problems(
    statistic: Statistic, measure: Measure, figures: Readings
) -> Iterator[Problem]:
    read = [(each, in_unit(each[2], measure.unit) or each[2]) for each in figures]
    wrong_values = [each for each, amount in read if _numbers(amount) != _recorded(statistic)]
    wrong_bounds = [
        each for each, amount in read
        if (amount.bound, amount.high_bound) != (statistic.bound, statistic.high_bound or "")
    ]  # fmt: skip
    wrong_levels = [
        each for each, amount in read if level_in_words(statistic) not in ("", amount.level)
    ]
    shown = _recorded_in_words(statistic)
    field = "low" if statistic.is_range else "value"
    bound = repr(statistic.bound)
    if statistic.high_bound:
        bound += f" with high_bound {statistic.high_bound!r}"
    for wrong, field_, said, advice in (
        (wrong_values, field, shown, _advice(statistic, wrong_values, shown)),
        (wrong_bounds, "bound", bound, "Correct the bound, or cite the hedge too."),
        (wrong_levels, "level", level_in_words(statistic), "Correct the level, or cite it too."),
    ):
        # Where no citation agrees the record is wrong, and it is said once.
        by_all = len(wrong) == len(figures)
        for location, run, amount in wrong[:1] if by_all else wrong:
            yield statistic.problem(
                (field_,) if by_all else location,
                f'{field_} {said} is not what its citation prints: "{run}" reads as '
                f"{reading_in_words(amount)}{_in_its_unit(amount, measure)}. {advice}",
            )


def _in_its_unit(amount: Amount, measure: Measure) -> str:
    """What a figure is in the unit of its measure, where it is printed in another."""
    read = in_unit(amount, measure.unit)
    if read is None or _numbers(read) == _numbers(amount):
        return ""
    numbers = " and ".join(plain(each) for each in _numbers(read) if each is not None)
    return f", which is {numbers} in {measure.unit}, the unit of measure {measure.id!r}"


def level_in_words(statistic: Statistic) -> str:
    """The level of a statistic's interval: "95", "standard error", or "" for none that is recorded.

    >>> import tallybook
    >>> level_in_words(tallybook.load("tests/books/kettles").statistic("repair-plants"))
    ''
    """
    level = statistic.level
    return plain(level) if isinstance(level, Fraction) else level or ""


def interval_in_words(statistic: Statistic) -> str:
    """What the printed ends of a statistic are: "range", "95% interval", "standard error".

    "interval" where the document does not print of which level; "" where it prints no ends.

    >>> import tallybook
    >>> interval_in_words(tallybook.load("tests/books/kettles").statistic("repair-plants"))
    ''
    """
    if statistic.low is None:
        return ""
    if statistic.value is None:
        return "range"
    level = level_in_words(statistic)
    return f"{level}% interval" if level[:1].isdigit() else level or "interval"


def _recorded_in_words(statistic: Statistic) -> str:
    value, low, high = (None if each is None else plain(each) for each in _recorded(statistic))
    if value is None:
        return f"{low} and high {high}"
    return str(value) if low is None else f"{value} from {low} to {high}"


def _advice(statistic: Statistic, wrong: Readings, shown: str) -> str:
    """What to do where the numbers of a record are not those that are printed."""
    if not wrong:
        return ""
    amount = wrong[0][2]
    if amount.is_range and not statistic.is_range:
        return "Correct the record: a range has low and high, and no value."
    if statistic.is_range and amount.low is None:
        return "Correct the record, or cite both ends."
    if amount.low is not None and statistic.low is None:
        return "Correct the record: add low and high, which are printed beside the value."
    return f"Correct the value, or cite where {shown} stands."


def reading_in_words(amount: Amount) -> str:
    """The bound, value and unit that were read: "more than 50 percent", "from 30 to 40 percent"."""
    bound = {"exact": "exactly"}.get(amount.bound, amount.bound)
    low, high = (plain(each or Fraction(0)) for each in (amount.low, amount.high))
    unit = amount.unit
    if amount.value is not None:
        beside = f" with an interval from {low} to {high}" if amount.low is not None else ""
        return f"{bound} {plain(amount.value)} {unit}".strip() + beside
    first = "" if amount.bound == "exact" else f"{amount.bound} "
    last = f"{amount.high_bound} " if amount.high_bound else ""
    return f"from {first}{low} to {last}{high} {unit}".strip()


def ends_in_decimal_zero(printed: str) -> bool:
    """Whether a number is printed with a zero behind the point, which is a digit of it.

    >>> ends_in_decimal_zero("80.0"), ends_in_decimal_zero("80"), ends_in_decimal_zero("1,000")
    (True, False, False)
    """
    return bool(re.search(r"\d[.·]\d*0(?!\d)|^\d+,(?:\d?0)(?!\d)", printed))


def _rounding_problems(
    statistic: Statistic, measure: Measure, run: str, amount: Amount
) -> Iterator[Problem]:
    is_exact = statistic.bound == "exact" and statistic.low is None
    needed = is_exact and amount.ends_in_zero
    rounded_to, value = statistic.rounded_to, statistic.point
    read = in_unit(amount, measure.unit)
    if needed and rounded_to is None:
        yield statistic.problem(
            ("value",),
            f'"{run}" is a round figure without a hedge; say rounded_to: the unit it is rounded '
            "to, or none, and rounded_because",
        )
    elif rounded_to is not None and not needed and not (is_exact and rounded_to == "none"):
        yield statistic.problem(
            ("rounded_to",),
            "only a figure without a hedge says rounded_to: none where it is exact, or the unit it "
            "is rounded to where its last printed digit is zero; leave it out",
        )
    elif isinstance(rounded_to, Fraction) and read is not None and rounded_to < read.digit:
        yield statistic.problem(
            ("rounded_to",), f'"{run}" is printed to {plain(read.digit)} at the finest'
        )
    elif (
        isinstance(rounded_to, Fraction)
        and read is not None
        and rounded_to > read.digit
        and ends_in_decimal_zero(run[amount.start : amount.end])
    ):
        yield statistic.problem(
            ("rounded_to",),
            f'"{run}" prints a zero behind the point, which is a digit: expected rounded_to '
            f"{plain(read.digit)}, or none where it is exact; found {plain(rounded_to)}",
        )
    elif isinstance(rounded_to, Fraction) and value % rounded_to != 0:
        yield statistic.problem(
            ("rounded_to",),
            f"value {plain(value)} is no multiple of {plain(rounded_to)}",
        )
    if statistic.reading and not amount.says_more:
        yield statistic.problem(("reading",), f'"{run}" has one reading only; leave `reading` out')
    yield from _reason_problems(statistic, "rounded_to", "rounded_because")
    yield from _reason_problems(statistic, "reading", "reading_because")


def _interval_problems(statistic: Statistic, measure: Measure) -> Iterator[Problem]:
    natural = natural_interval(measure)
    # "about 120" percent has no interval that could be impossible: its value is looked at.
    is_point = statistic.bound in ("exact", "about")
    with suppress(ImpossibleInterval):
        stated_interval(statistic, measure)
        if statistic.point in natural or not is_point:
            return
    yield statistic.problem(
        ("low" if statistic.is_range else "value",),
        f"{statistic.bound} {_recorded_in_words(statistic)} lies outside what measure "
        f"{measure.id!r} allows: {natural}",
    )


def _reason_problems(record: Statistic | Event, field: str, because: str) -> Iterator[Problem]:
    """A field that needs its reason and has none, or the reverse."""
    given, reason = getattr(record, field), getattr(record, because)
    if given is not None and reason is None:
        yield record.problem((field,), f"{field} needs its reason: add {because}")
    if reason is not None and given is None:
        yield record.problem(
            (because,), f"{because} gives the reason of {field}, which is not there"
        )


def _period_problems(statistic: Statistic) -> Iterator[Problem]:
    yield from _date_problems(statistic, "period", "period_as_printed")
    printed = any(citation.period_as_printed for citation in statistic.cited)
    if statistic.period.text != UNSTATED and not printed and statistic.period_from is None:
        yield statistic.problem(
            ("period",),
            "no citation prints the period; add period_as_printed, or period_from: context and "
            "period_because, or write unstated",
        )


def event_problems(event: Event) -> Iterator[Problem]:
    """Everything in which an event and its printed words do not agree."""
    yield from _date_problems(event, "date", "as_printed")


def _date_problems(record: Statistic | Event, field: str, run_field: str) -> Iterator[Problem]:
    """The mistakes in a field that is a date, read back out of the run that bears it."""
    period: Period = getattr(record, field)
    from_context = getattr(record, f"{field}_from")
    # Whether a citation prints the date with its year, so that none follows from the context.
    read_in_full = False
    for location, run in _runs(record, run_field):
        reading = runs.period(run)
        # "last summer" has no date that can be read: what the editors took it for has its reason.
        is_relative = reading is not None and not reading.spans
        if from_context and (is_relative or (reading is None and isinstance(record, Event))):
            continue
        # Which months a fiscal year has may follow from the context, though its year is printed.
        in_full = reading and reading.has_year and not reading.months and reading.spans
        read_in_full = read_in_full or bool(in_full)
        if problem := _date_mistake(period, field, run, reading):
            yield record.problem(location, problem)
        elif reading and not reading.has_year and from_context is None:
            advice = f"say {field}_from: context, and {field}_because"
            yield record.problem(location, f'"{run}" prints no year; {advice}')
        elif isinstance(record, Statistic) and (problem := _length_mistake(period, run, reading)):
            yield record.problem(location, problem)
    if from_context and (read_in_full or period.text == UNSTATED):
        why = "a citation prints it" if read_in_full else f"the {field} is unstated"
        yield record.problem((f"{field}_from",), f"{field}_from is not needed: {why}")
    yield from _reason_problems(record, f"{field}_from", f"{field}_because")


def _runs(record: Statistic | Event | Item, field: str) -> Iterator[tuple[Location, str]]:
    """The printed run that each citation of a record has in a field, with its location."""
    for number, citation in enumerate(record.cited):
        if run := getattr(citation, field):
            yield ("cited", number, field), run


def _open_beginnings(statistic: Statistic, measure: Measure) -> Iterator[Problem]:
    """A running total has a period that is open before ("by August"); a level or total has none."""
    period = statistic.period
    printed = [runs.period(run) for _, run in _runs(statistic, "period_as_printed")]
    # "Before 2015" cannot be closed, where "by 2015" may be the end of a total as well.
    is_said = any(each and all(text.startswith("../") for text in each.accepts) for each in printed)
    is_open = period.text.startswith("../") and not is_said
    is_running = measure.kind == "running total to a date"
    if is_running and not period.text.startswith("../") and period.text != UNSTATED:
        advice = f"write ../{period.text.rpartition('/')[2]}"
        yield statistic.problem(
            ("period",), f"a {measure.kind} is counted from no date on: {advice}"
        )
    elif is_open and measure.kind in _WITH_BEGINNING:
        advice = f"write {period.text.removeprefix('../')}, or choose a measure of running totals"
        yield statistic.problem(
            ("period",), f"a {measure.kind} has no period that is open before: {advice}"
        )


def _date_mistake(
    period: Period, field: str, run: str, reading: PrintedPeriod | None
) -> str | None:
    if reading is None:
        return f'"{run}" has no one date or range of dates in it; cite the words that print it'
    # What happened "since 2012" began then, and what rose "since 2012" is measured against that.
    is_its_start = field in ("date", "compared_with") and f"{period.text}/.." in reading.accepts
    if not reading.allows(period) and not is_its_start:
        return (
            f"{field} {period.text} is not what its citation prints: "
            f'"{run}" reads as {reading.described}. Correct the {field}, or cite where it stands.'
        )
    return None


def _lengths(run: str, reading: PrintedPeriod | None) -> list[Numeral]:
    """Lengths of time printed beside the dates, such as "the 12 months between"."""
    spans = reading.spans if reading else ()
    # The days and years of the dates are numerals too.
    outside = (n for n in runs.numerals(run) if not any(a <= n.start < b for a, b in spans))
    return [n for n in outside if n.unit in ("months", "years")]


def _length_mistake(period: Period, run: str, reading: PrintedPeriod | None) -> str | None:
    for length in _lengths(run, reading):
        months = length.value * (12 if length.unit == "years" else 1)
        if period.months != months:
            return f'"{run}" speaks of {plain(months)} months, but {period.text} is not that long'
    return None


def _base_problems(statistic: Statistic, measure: Measure) -> Iterator[Problem]:
    # A base of the wrong sort would lead to two more problems that say nothing new.
    if foreign := _foreign_base(statistic, measure):
        yield foreign
        return
    printed = [*_runs(statistic, "base_as_printed")]
    base = statistic.compared_with
    for location, run in printed:
        if base is None and statistic.of is None and measure.kind not in _WITH_BASE:
            yield statistic.problem(location, "the record has no base; say `of` or `compared_with`")
        elif base is not None and (
            problem := _date_mistake(base, "compared_with", run, runs.period(run))
        ):
            yield statistic.problem(location, problem)
    field = _WITH_BASE.get(measure.kind)
    if field and getattr(statistic, field) is None:
        yield statistic.problem((), f"a {measure.kind} needs {field}: what it is measured against")
    needs_words = statistic.of is not None or (base is not None and base.text != UNSTATED)
    if needs_words and not printed and statistic.base_from is None:
        field = "compared_with" if base else "of"
        yield statistic.problem(
            (field,),
            "no citation prints the base; add base_as_printed, or base_from: context "
            "and base_because",
        )
    yield from _reason_problems(statistic, "base_from", "base_because")


def _foreign_base(statistic: Statistic, measure: Measure) -> Problem | None:
    """A base of the sort that another kind of figure has."""
    if statistic.compared_with is not None and measure.kind != "change":
        message = f"a {measure.kind} has no compared_with, only a change"
        return statistic.problem(("compared_with",), message)
    if statistic.of is not None and measure.kind == "change":
        return statistic.problem(
            ("of",), "a change is measured against compared_with; leave `of` out"
        )
    return None


def _condition_problems(statistic: Statistic) -> Iterator[Problem]:
    condition = statistic.condition
    printed = [*_runs(statistic, "condition_as_printed")]
    if condition is None:
        for location, _ in printed:
            yield statistic.problem(location, "the record has no condition; add one")
        return
    # A number without a unit, or a bound without a number, cannot be checked against the words.
    given = [condition.value, condition.unit, condition.bound]
    if None in given and (any(given) or condition.in_words is None):
        yield statistic.problem(
            ("condition",), "a condition has value, unit and bound, or in_words, or all"
        )
    elif not printed:
        yield statistic.problem(
            ("condition",), "no citation prints the condition; add condition_as_printed"
        )
    elif condition.value is not None:
        for location, run in printed:
            if problem := _condition_mistake(condition, run):
                yield statistic.problem(location, problem)


def _condition_mistake(condition: Condition, run: str) -> str | None:
    unit = str(condition.unit)
    try:
        amount = single_figure(run, unit)
    except NoSingleFigure as error:
        return str(error)
    if amount.mistake:
        return f'"{run}" {amount.mistake}'
    read = in_unit(amount, unit)
    if read and _numbers(read) == (condition.value, None, None) and read.bound == condition.bound:
        is_named = amount.unit or is_shown(unit) or units.in_words(amount)
        return None if is_named else _unit_mistake(unit, run)
    recorded = f"{condition.bound} {plain(condition.value or Fraction(0))} {condition.unit}"
    return (
        f'the condition is {recorded}, but "{run}" reads as {reading_in_words(amount)}. '
        "Correct the condition, or cite its own words."
    )


def _unit_mistake(unit: str, run: str) -> str | None:
    """A unit that no number was read with must at least be printed."""
    # "before a single sale" has the condition of one sale; singular and plural are one unit.
    printed = {word.casefold() for word in re.findall(r"\w+", run)}
    wanted = {word.casefold() for word in re.findall(r"\w+", unit)}
    if wanted & (printed | {f"{word}s" for word in printed} | {word[:-1] for word in printed}):
        return None
    return f'the unit of the condition is {unit}, which "{run}" does not print; cite it too'


def item_problems(item: Item) -> Iterator[Problem]:
    """Every printed period of an item that is not the period recorded."""
    for location, run in _runs(item, "period_as_printed"):
        reading = runs.period(run)
        if item.cited[location[1]].as_printed is None:
            yield item.problem(location, "the period is looked for near as_printed; add that too")
        elif problem := (
            _date_mistake(item.period, "period", run, reading)
            or (reading and _length_mistake(item.period, run, reading))
        ):
            yield item.problem(location, problem)


def claims(
    record: Statistic | Event | Item, mention: Mention, unit: str = "", names: tuple[str, ...] = ()
) -> dict[str, Spans]:
    """The characters in each printed run of a citation that a field was read from, as spans.

    `unit` is that of a statistic's measure, `names` are those of the book.
    """
    found: dict[str, Spans] = {}
    if isinstance(record, Event):
        return {"as_printed": _date_spans(str(mention.as_printed))}
    if isinstance(mention, Passage) and (run := mention.period_as_printed):
        # "the 12 months to August 2017": the length of the period is claimed with its dates.
        lengths = tuple((n.start, n.end) for n in _lengths(run, runs.period(run)))
        found["period_as_printed"] = _date_spans(run) + lengths
    if not isinstance(record, Statistic) or not isinstance(mention, Citation):
        return found
    found["as_printed"] = _figure_spans(mention.as_printed, unit, names)
    if run := mention.base_as_printed:
        found["base_as_printed"] = _date_spans(run) if record.compared_with else ()
    if run := mention.condition_as_printed:
        condition = record.condition
        has_number = condition is not None and condition.value is not None
        of = str(condition.unit) if condition else ""
        found["condition_as_printed"] = _figure_spans(run, of) if has_number else ()
    return found


def _figure_spans(run: str, unit: str, names: tuple[str, ...] = ()) -> Spans:
    try:
        return single_figure(run, unit, names).spans
    except NoSingleFigure:
        return ()


def _date_spans(run: str) -> Spans:
    reading = runs.period(run)
    return reading.spans if reading else ()
