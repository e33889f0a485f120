"""Checks of a record's period, base and condition against its printed words.

The figure itself is checked in `printed_figure`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from tallybook.errors import Problem
from tallybook.ledger.printed_figure import (
    NoSingleFigure,
    Spans,
    converted,
    plain,
    reading_in_words,
    reason_problems,
    single_numeral,
)
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
from tallybook.reading import hedges, periods
from tallybook.reading.numerals import Numeral
from tallybook.reading.periods import UNSTATED, Period, PrintedPeriod

# Kinds whose period has a beginning: printed of one of these, "by August" means in August.
_WITH_BEGINNING = {"level at a date", "total over a period", "change", "count of a list"}
# Without these fields such a figure could not be compared with any other.
_WITH_BASE = {"change": "compared_with", "share": "of", "ratio": "of"}


def problems(statistic: Statistic, measure: Measure) -> Iterator[Problem]:
    """Every period, base or condition of a statistic that its printed words do not bear out."""
    yield from _period_problems(statistic)
    yield from _open_beginnings(statistic, measure)
    yield from _base_problems(statistic, measure)
    yield from _condition_problems(statistic)


def _period_problems(statistic: Statistic) -> Iterator[Problem]:
    # Whether a citation prints the period with its year, so that none follows from the context.
    read_in_full = False
    for number, citation in enumerate(statistic.cited):
        run, location = citation.period_as_printed, ("cited", number, "period_as_printed")
        if run is None:
            continue
        reading = periods.read(run)
        if problem := _date_mistake(statistic.period, "period", run, reading):
            yield statistic.problem(location, problem)
        elif reading and not reading.has_year and statistic.period_from is None:
            yield statistic.problem(
                location, f'"{run}" prints no year; say period_from: context, and period_because'
            )
        elif problem := _length_mistake(statistic.period, run, reading):
            yield statistic.problem(location, problem)
        read_in_full = read_in_full or bool(reading and reading.has_year)
    printed = any(citation.period_as_printed for citation in statistic.cited)
    stated = statistic.period.text != UNSTATED
    if stated and not printed and statistic.period_from is None:
        yield statistic.problem(
            ("period",),
            "no citation prints the period; add period_as_printed, or period_from: context and "
            "period_because, or write unstated",
        )
    if statistic.period_from and (read_in_full or not stated):
        why = "a citation prints it" if read_in_full else "the period is unstated"
        yield statistic.problem(("period_from",), f"period_from is not needed: {why}")
    yield from reason_problems(statistic, "period_from", "period_because")


def _open_beginnings(statistic: Statistic, measure: Measure) -> Iterator[Problem]:
    """A running total has a period that is open before ("by August"); a level or total has none."""
    period = statistic.period
    is_open = period.text.startswith("../")
    is_running = measure.kind == "running total to a date"
    if is_running and not is_open and period.text != UNSTATED:
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
    if not reading.allows(period):
        accepted = " or ".join(sorted(reading.accepts))
        return (
            f"{field} {period.text} is not what its citation prints: "
            f'"{run}" reads as {accepted}. Correct the {field}, or cite where it stands.'
        )
    return None


def _lengths(run: str, reading: PrintedPeriod | None) -> list[Numeral]:
    """Lengths of time printed beside the dates, such as "the 12 months between"."""
    dates = reading.spans if reading else ()
    # The days and years of the dates are numerals too.
    outside = (n for n in hedges.read(run) if not any(a <= n.start < b for a, b in dates))
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
    runs = [(n, c.base_as_printed) for n, c in enumerate(statistic.cited) if c.base_as_printed]
    base = statistic.compared_with
    for number, run in runs:
        location = ("cited", number, "base_as_printed")
        if base is None and statistic.of is None and measure.kind not in _WITH_BASE:
            yield statistic.problem(location, "the record has no base; say `of` or `compared_with`")
        elif base is not None and (
            problem := _date_mistake(base, "compared_with", run, periods.read(run))
        ):
            yield statistic.problem(location, problem)
    field = _WITH_BASE.get(measure.kind)
    if field and getattr(statistic, field) is None:
        yield statistic.problem((), f"a {measure.kind} needs {field}: what it is measured against")
    needs_words = statistic.of is not None or (base is not None and base.text != UNSTATED)
    if needs_words and not runs and statistic.base_from is None:
        field = "compared_with" if base else "of"
        yield statistic.problem(
            (field,),
            "no citation prints the base; add base_as_printed, or base_from: context "
            "and base_because",
        )
    yield from reason_problems(statistic, "base_from", "base_because")


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
    runs = [
        (number, citation.condition_as_printed)
        for number, citation in enumerate(statistic.cited)
        if citation.condition_as_printed
    ]
    if condition is None:
        for number, _ in runs:
            location = ("cited", number, "condition_as_printed")
            yield statistic.problem(location, "the record has no condition; add one")
        return
    # A number without a unit, or a bound without a number, cannot be checked against the words.
    given = [condition.value, condition.unit, condition.bound]
    if None in given and (any(given) or condition.in_words is None):
        yield statistic.problem(
            ("condition",), "a condition has value, unit and bound, or in_words, or all"
        )
    elif not runs:
        yield statistic.problem(
            ("condition",), "no citation prints the condition; add condition_as_printed"
        )
    elif condition.value is not None:
        for number, run in runs:
            if problem := _condition_mistake(condition, run):
                yield statistic.problem(("cited", number, "condition_as_printed"), problem)


def _condition_mistake(condition: Condition, run: str) -> str | None:
    try:
        numeral = single_numeral(run)
    except NoSingleFigure as error:
        return str(error)
    value = converted(numeral.value, numeral.unit, str(condition.unit))
    if value == condition.value and numeral.bound == condition.bound:
        return None if numeral.unit else _unit_mistake(str(condition.unit), run)
    recorded = f"{condition.bound} {plain(condition.value or Fraction(0))} {condition.unit}"
    return (
        f'the condition is {recorded}, but "{run}" reads as {reading_in_words(numeral)}. '
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


def event_problems(event: Event) -> Iterator[Problem]:
    """Everything in which an event and its printed words do not agree."""
    read_in_full = False
    for number, citation in enumerate(event.cited):
        location = ("cited", number, "as_printed")
        reading = periods.read(citation.as_printed)
        # "last summer" has no date that can be read: what the editors took it for has its reason.
        if reading is None and event.date_from:
            continue
        read_in_full = read_in_full or bool(reading and reading.has_year)
        if problem := _date_mistake(event.date, "date", citation.as_printed, reading):
            yield event.problem(location, problem)
        elif reading and not reading.has_year and event.date_from is None:
            yield event.problem(
                location,
                f'"{citation.as_printed}" prints no year; say date_from: context, and date_because',
            )
    if event.date_from and (read_in_full or event.date.text == UNSTATED):
        why = "a citation prints it" if read_in_full else "the date is unstated"
        yield event.problem(("date_from",), f"date_from is not needed: {why}")
    yield from reason_problems(event, "date_from", "date_because")


def item_problems(item: Item) -> Iterator[Problem]:
    """Every printed period of an item that is not the period recorded."""
    for number, passage in enumerate(item.cited):
        run, location = passage.period_as_printed, ("cited", number, "period_as_printed")
        if run is None:
            continue
        reading = periods.read(run)
        if passage.as_printed is None:
            yield item.problem(location, "the period is looked for near as_printed; add that too")
        elif problem := (
            _date_mistake(item.period, "period", run, reading)
            or (reading and _length_mistake(item.period, run, reading))
        ):
            yield item.problem(location, problem)


def claims(record: Statistic | Event | Item, mention: Mention) -> dict[str, Spans]:
    """The characters in each printed run of a citation that a field was read from, as spans."""
    found: dict[str, Spans] = {}
    if isinstance(record, Event):
        return {"as_printed": _date_spans(str(mention.as_printed))}
    if isinstance(mention, Passage) and (run := mention.period_as_printed):
        # "the 12 months to August 2017": the length of the period is claimed with its dates.
        lengths = tuple((n.start, n.end) for n in _lengths(run, periods.read(run)))
        found["period_as_printed"] = _date_spans(run) + lengths
    if not isinstance(record, Statistic) or not isinstance(mention, Citation):
        return found
    found["as_printed"] = _figure_span(mention.as_printed)
    if run := mention.base_as_printed:
        found["base_as_printed"] = _date_spans(run) if record.compared_with else ()
    if run := mention.condition_as_printed:
        has_number = record.condition and record.condition.value is not None
        found["condition_as_printed"] = _figure_span(run) if has_number else ()
    return found


def _figure_span(run: str) -> Spans:
    try:
        numeral = single_numeral(run)
    except NoSingleFigure:
        return ()
    return ((numeral.start, numeral.end),)


def _date_spans(run: str) -> Spans:
    reading = periods.read(run)
    return reading.spans if reading else ()
