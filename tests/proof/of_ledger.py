"""Every mutant of the ledger: fields of one record that say something else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any, get_args

from tallybook.ledger.ledger import Ledger
from tallybook.ledger.printed import plain
from tallybook.ledger.records import Bound, Citation, Condition, Event, Item, Source, Statistic
from tallybook.ledger.single import NoSingleFigure, single_figure
from tallybook.ledger.units import converted
from tallybook.ledger.yaml import Plain
from tallybook.reading import hedges
from tests.helpers.record_edits import next_number
from tests.proof.mutant import Location, OfRecord, Scalar

BOUNDS = get_args(Bound)
UNSTATED = "unstated"
_NEW_WORDS = "something else altogether"
_UNITS = ("hours", "days", "RMB", "percent", "people")
Changed = Iterator[tuple[str, str, tuple[tuple[Location, Scalar], ...]]]


def mutants(ledger: Ledger) -> list[OfRecord]:
    """Every mutant of every record, in the order of the ledger."""
    found = []
    for record in ledger.records():
        match record:
            case Statistic():
                changed = [*_of_statistic(ledger, record), *_with_its_words(ledger, record)]
            case Event():
                changed = [*_dates("date", record.date.text)]
            case Item():
                changed = [*_dates("period", record.period.text)]
            case Source():
                changed = [*_dates("published", record.published.text)]
            case _:
                continue
        for field, now, changes in changed:
            was = _said(record, changes[0][0])
            found.append(OfRecord(record.called, record.id, field, was, now, changes))
    return found


def _said(record: Any, location: Location) -> str:
    found = record._tree
    for step in location:
        if isinstance(step, str) and step not in found:
            return "nothing"
        found = found[step]
    return str(found)


def _set(field: str, values: Iterable[Scalar], *inside: str) -> Changed:
    for new in values:
        now = "nothing" if new is None else str(new)
        yield field, now, (((*inside, field.rpartition(".")[2]), new),)


def _of_statistic(ledger: Ledger, statistic: Statistic) -> Changed:
    every = [*ledger.statistics.values()]
    others = [*every[every.index(statistic) + 1 :], *every]
    neighbours = [other.value for other in (others[0], every[every.index(statistic) - 1])]
    yield from _set("value", other_numbers(statistic.value, neighbours))
    yield from _set("bound", (bound for bound in BOUNDS if bound != statistic.bound))
    yield from _dates("period", statistic.period.text)
    yield from _set("scope", _other_texts(statistic.scope, [one.scope for one in others]))
    yield from _set("of", _other_texts(statistic.of, [one.of for one in others]))
    yield from _bases(statistic)
    yield from _conditions(statistic, [one.condition for one in others])
    if statistic.rounded_to is not None:
        yield from _roundings(statistic.value, statistic.rounded_to)
    readings = [None, "times", "times more"]
    yield from _set("reading", (new for new in readings if new != statistic.reading))


def _roundings(value: Fraction, now: Fraction | str) -> Changed:
    units: list[Scalar] = [None, "none", *other_numbers(value, [])]
    if isinstance(now, Fraction):
        units += [_typed(now * 10), _typed(now / 10), _typed(now / 2)]
    kept = plain(now) if isinstance(now, Fraction) else now
    yield from _set("rounded_to", (unit for unit in dict.fromkeys(units) if unit != kept))


def other_numbers(value: Fraction, neighbours: Iterable[Fraction]) -> list[Plain]:
    """Numbers that one may come to by a slip: each is another one."""
    text = plain(value)
    digit = Fraction(1, value.denominator)
    if "/" not in text:
        digit = Fraction(1, 10 ** len(text.partition(".")[2]))
    slips = [value + digit, value - digit, value * 10, value / 10, -value, *neighbours]
    slips += [Fraction(swapped) for swapped in _swapped(text)]
    return [_typed(slip) for slip in dict.fromkeys(slips) if slip != value]


def _typed(value: Fraction) -> Plain:
    return Plain(plain(value))


def _swapped(text: str) -> Iterator[str]:
    """The last two digits beside each other that are not the same, the other way round."""
    pairs = [match.start() for match in re.finditer(r"(?=\d\d)", text)]
    different = [at for at in pairs if text[at] != text[at + 1]]
    for at in different[-1:]:
        yield text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _dates(field: str, text: str) -> Changed:
    yield from _set(field, (new for new in dict.fromkeys(other_dates(text)) if new != text))


def other_dates(text: str) -> Iterator[str]:
    """Other years, months, days and forms of an EDTF date or interval, and none at all."""
    if text == UNSTATED:
        yield from ("2016", "2017", "2017-06", "../2017")
        return
    yield UNSTATED
    for part, most in ((r"\d{4}", 9999), (r"(?<=\d{4}-)\d\d", 12), (r"(?<=-\d\d-)\d\d", 28)):
        yield from (_stepped(part, step, most, text) for step in (1, -1))
    start, slash, end = text.partition("/")
    if slash:
        yield from (part for part in (start, end) if part != "..")
        yield f"../{end}" if start != ".." else f"{end}/.."
        return
    yield from (f"../{text}", f"{text}/..")
    yield {4: f"{text}-06", 7: f"{text}-15"}.get(len(text), text[:7])
    yield text[:4]


def _stepped(part: str, step: int, most: int, text: str) -> str:
    return re.sub(part, lambda found: f"{(int(found[0]) - 1 + step) % most + 1:02}", text)


def _other_texts(text: str | None, others: Iterable[str | None]) -> Iterator[str | None]:
    """Another text of the ledger, a typed one, and none, where there was one."""
    yield next(other for other in others if other not in (None, UNSTATED, text))
    yield _NEW_WORDS
    if text is not None:
        yield None


def _bases(statistic: Statistic) -> Changed:
    base = statistic.compared_with
    if base is None:
        yield from _set("compared_with", ["2016", UNSTATED])
        return
    yield from _dates("compared_with", base.text)
    yield from _set("compared_with", [None])


def _conditions(statistic: Statistic, others: Iterable[Condition | None]) -> Changed:
    condition = statistic.condition
    if condition is None:
        yield from _set("condition", [{"in_words": _NEW_WORDS}])
        yield from _set("condition", [{"value": Plain("24"), "unit": "hours", "bound": "up to"}])
        return
    yield from _set("condition", [None])
    inside = "condition"
    if condition.value is not None:
        numbers = other_numbers(condition.value, [])
        yield from _set("condition.value", numbers, inside)
        bounds = (bound for bound in BOUNDS if bound != condition.bound)
        yield from _set("condition.bound", bounds, inside)
        units = [unit for unit in (*_UNITS, "orders") if unit != condition.unit]
        yield from _set("condition.unit", [*units, None], inside)
    words = [other.in_words for other in others if other]
    yield from _set("condition.in_words", _other_texts(condition.in_words, words), inside)


def _with_its_words(ledger: Ledger, statistic: Statistic) -> Changed:
    """A field that is wrong together with the words that it is read from: an invented figure."""
    yield from _invented_value(ledger, statistic)
    yield from _invented_bound(statistic)
    for field, run in (("period", "period_as_printed"), ("compared_with", "base_as_printed")):
        date = getattr(statistic, field)
        yield from _invented_date(statistic, field, date.text if date else "", run)
    condition = statistic.condition
    if condition and condition.value is not None:
        runs = [(n, c.condition_as_printed) for n, c in enumerate(statistic.cited)]
        found = [(n, _renumbered(run, str(condition.unit))) for n, run in runs if run]
        if found and {value for _, (_, value) in found} == {value := found[0][1][1]}:
            words = [(("cited", n, "condition_as_printed"), run) for n, (run, _) in found]
            new = _typed(value or condition.value)
            if new == plain(condition.value):
                return
            yield "condition and its words", new, ((("condition", "value"), new), *words)


def _invented_value(ledger: Ledger, statistic: Statistic) -> Changed:
    unit = ledger.measures[statistic.measure].unit
    found = [_renumbered(citation.as_printed, unit) for citation in statistic.cited]
    value = found[0][1]
    if value is not None and value != statistic.value and all(value == v for _, v in found):
        words = [(("cited", n, "as_printed"), run) for n, (run, _) in enumerate(found)]
        yield "value and its words", plain(value), ((("value",), _typed(value)), *words)


def _renumbered(run: str, unit: str) -> tuple[str, Fraction | None]:
    """A printed run with another number in it, and what that is in the unit."""
    numeral = single_figure(run)
    new = next_number(run[numeral.start : numeral.end])
    new = run[: numeral.start] + new + run[numeral.end :]
    try:
        found = single_figure(new)
    except NoSingleFigure:
        return run, None
    return new, converted(found.value, found.unit, unit)


def _invented_bound(statistic: Statistic) -> Changed:
    """The hedge left out of the words, or put into them."""
    found = [_rehedged(citation) for citation in statistic.cited]
    bounds = {bound for _, bound in found}
    if len(bounds) == 1 and (bound := bounds.pop()) != statistic.bound:
        words = [(("cited", n, "as_printed"), run) for n, (run, _) in enumerate(found)]
        yield "bound and its words", bound, ((("bound",), bound), *words)


def _rehedged(citation: Citation) -> tuple[str, str]:
    run, numeral = citation.as_printed, single_figure(citation.as_printed)
    new = f"{run[: numeral.start]}more than {run[numeral.start :]}"
    if numeral.bound != "exact":
        new = run[numeral.start :]
    elif numeral.text_start < numeral.start:  # a currency stands before the number
        new = f"{run[: numeral.text_start]}more than {run[numeral.text_start :]}"
    read = hedges.read(new)
    return new, next((n.bound for n in read if n.value == numeral.value), "exact")


def _invented_date(statistic: Statistic, field: str, date: str, run: str) -> Changed:
    def later(text: str) -> str:
        return re.sub(r"(?<!\d)20(?=\d\d(?!\d))", "19", text)

    printed = [(n, getattr(citation, run)) for n, citation in enumerate(statistic.cited)]
    words = [(("cited", n, run), later(text)) for n, text in printed if text]
    if words and later(date) != date and all(later(text) != text for _, text in printed if text):
        yield f"{field} and its words", later(date), (((field,), later(date)), *words)
