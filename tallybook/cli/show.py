"""What the ledger answers, in lines of text for a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from tallybook.errors import UnknownId, counted
from tallybook.ledger import coverage, figures, questions, trends
from tallybook.ledger.consistency import mentions
from tallybook.ledger.document import Document
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.questions import Difference, Support
from tallybook.ledger.records import (
    Dismissal,
    Event,
    Item,
    Mention,
    Missing,
    Record,
    Source,
    Statistic,
)
from tallybook.ledger.trends import Series
from tallybook.reading.periods import UNSTATED
from tallybook.site import figure_details, pages

Lines = Iterator[str]


def anything(ledger: Ledger, wanted: str, documents: Mapping[str, Document]) -> Lines:
    """What there is under an id of any kind, or the name of a subject. Raises UnknownId."""
    answers: list[tuple[Mapping[str, Any], Callable[[], Lines]]] = [
        (ledger.statistics, lambda: statistic(ledger, wanted)),
        (ledger.measures, lambda: measure(ledger, wanted)),
        (ledger.items, lambda: item(ledger, wanted)),
        (ledger.sources, lambda: source(ledger, wanted, documents)),
        (ledger.events, lambda: event(ledger, wanted)),
        (ledger.missing, lambda: missing(ledger, wanted)),
        (ledger.elsewhere(), lambda: computed(ledger, wanted)),
        (ledger.subjects, lambda: selection(ledger, ledger.subject(wanted))),
    ]
    for records, answer in answers:
        if wanted in records:
            return answer()
    known = [name for records, _ in answers for name in records]
    raise UnknownId("record or subject", wanted, known)


def selection(ledger: Ledger, found: Sequence[Statistic]) -> Lines:
    """Statistics, a paragraph each, and in what they are set apart."""
    for one in found:
        yield from _statistic(ledger, one)
        yield ""
    fields = questions.differing_fields(found)
    yield counted(len(found), "statistic")
    if len(found) > 1:
        yield f"set apart by: {', '.join(fields)}" if fields else "nothing sets them apart"


def measure(ledger: Ledger, wanted: str) -> Lines:
    """A measure, its series in time, its other statistics, and the pairs that differ."""
    record = ledger.measure(wanted)
    yield f"{record.id}: {record.label} ({record.kind}, in {record.unit})"
    yield f"  {record.definition}"
    found = questions.select(ledger, measure=wanted)
    in_time = trends.series(found)
    for each in in_time:
        yield from _under(_heading(each), _series(ledger, each))
    in_series = [one.id for each in in_time for one in each]
    if in_series:
        yield ""
        yield f"{counted(len(in_series), 'statistic')} over time; an id shows one in full"
    others = [one for one in found if one.id not in in_series]
    if others or not in_series:
        yield ""
        yield from selection(ledger, others)
    yield from _under("Pairs that do not say the same", _pairs(ledger, wanted))


def _heading(found: Series) -> str:
    first = found[0]
    scope = [first.scope] if first.scope != UNSTATED else []
    of = [f"of {first.of}"] if first.of and first.of != UNSTATED else []
    condition = figures.condition_in_words(first.condition)
    return ", ".join(["Over time", *scope, *of, *condition])


def _series(ledger: Ledger, found: Series) -> Lines:
    """A line for each statistic of a series: its time, words, change, and who says it."""
    parties = {one.party for one in found}
    for moment in trends.moments(found, ledger.quantity):
        one = moment.statistic
        figure = ledger.figure(one.id)
        says = [f"says {one.party}"] if len(parties) > 1 else []
        told = [figure.words, *([moment.change] if moment.change else []), *says]
        yield f"{figure.period}: {', '.join(told)} ({one.id})"


def all_differences(ledger: Ledger, found: Sequence[Statistic]) -> Lines:
    """Each pair of these statistics that do not say the same, measure by measure."""
    wanted, number = {one.id for one in found}, 0
    for record in ledger.measures.values():
        pairs = [d for d in questions.differences(ledger, record.id) if wanted.issuperset(_ids(d))]
        lines = (_pair(ledger, each, each.first.id) for each in pairs)
        yield from _under(f"{record.id}: {record.label}", lines)
        number += len(pairs)
    yield ""
    yield counted(number, "pair")


def statistic(ledger: Ledger, wanted: str) -> Lines:
    """A statistic in full, its interval, what differs from it, and what uses it."""
    record = ledger.statistic(wanted)
    yield from _statistic(ledger, record)
    quantity = ledger.quantity(wanted)
    yield f"  interval: {figures.allowed_in_words(quantity)}"
    if record.note:
        yield f"  note: {record.note}"
    others = [d for d in questions.differences(ledger, record.measure) if wanted in _ids(d)]
    yield from _under("Does not say the same as", (_pair(ledger, d, wanted) for d in others))
    for each in trends.series(questions.select(ledger, measure=record.measure)):
        if record in each:
            yield from _under(_heading(each), _series(ledger, each))
    yield from _used(ledger, wanted)


def computed(ledger: Ledger, wanted: str) -> Lines:
    """A figure that a notebook publishes: its words, what it is computed from, and where it is."""
    figure = ledger.figure(wanted)
    yield f"{figure.id}: {figure.words}, {figure.label}"
    yield f"  {figures.OURS} from {figure.quantity.names}"
    yield f"  interval: {figures.allowed_in_words(figure.quantity)}"
    yield from (f"  because: {reason}" for reason in figure.quantity.reasons)
    book = pages.read(ledger)
    yield from _under("Computed on", (page.path for page in book if wanted in page.derived))
    yield from _under("Shown on", (page.path for page in pages.that_show(book, wanted)))


def event(ledger: Ledger, wanted: str) -> Lines:
    """An event, where it is stated, and what uses it."""
    record = ledger.event(wanted)
    yield from _in_full(ledger, record, f"{record.date} · says {record.party}")


def missing(ledger: Ledger, wanted: str) -> Lines:
    """A missing figure, where it is promised, and what uses it."""
    record = ledger.missing_figure(wanted)
    yield from _in_full(ledger, record, record.because)


def _in_full(ledger: Ledger, record: Event | Missing, about: str) -> Lines:
    yield f"{record.id}: {record.label}"
    yield f"  {about}"
    yield from _cited(record)
    yield from _used(ledger, record.id)


def item(ledger: Ledger, wanted: str) -> Lines:
    """An item of the comparison, all that it rests on, and what under it has no figure."""
    record, basis = ledger.item(wanted), questions.rests_on(ledger, wanted)
    yield f"{record.id}: {_kind(ledger, record)} of {record.party}, {record.period}: {record.label}"
    yield f"  {record.text}"
    yield from _cited(record)
    parts = (_support(ledger, support, wanted) for support in basis.parts[1:])
    yield from _under("Parts of it, and replies to it", parts)
    stated = (line for one in basis.statistics for line in _statistic(ledger, one))
    yield from _under("Statistics that it rests on, with those", stated)
    yield from _under("Events", (f"{e.id}: {e.label}, {e.date}" for e in basis.events))
    yield from _under("Announced and not given", (f"{m.id}: {m.label}" for m in basis.missing))
    without = questions.without_figures(ledger, wanted)
    yield from _under("Statements without a figure", (f"{i.id}: {i.label}" for i in without))
    linked = (_support(ledger, support, wanted) for support in basis.linked)
    yield from _under("Tied to it otherwise", linked)


def source(ledger: Ledger, wanted: str, documents: Mapping[str, Document]) -> Lines:
    """What the ledger has of a source, section by section.

    With its document, in the order of the text, each with line and column; else by kind and id.
    """
    record = ledger.source(wanted)
    document = documents.get(wanted)
    yield f"{record.id}: {record.title}"
    yield f"  speaks for {record.party}; published by {record.publisher}; {record.published}"
    entries: dict[str, list[tuple[tuple[int, int], str]]] = {s.name: [] for s in record.sections}
    for one in ledger.records():
        for place in _places(one, record):
            if place.section in entries:
                mark = _mark(document, place)
                entries[place.section].append((mark, _entry(ledger, one, place, mark)))
    for name, found in entries.items():
        yield from _under(name, [line for _, line in sorted(found)] or ["nothing recorded"])


def _places(record: Record, source_: Source) -> list[Mention]:
    if isinstance(record, Dismissal):
        named = [Mention(source=record.source, section=record.section, as_printed=record.run)]
    else:
        named = [mention for _, mention in mentions(record)]
    return [mention for mention in named if mention.source == source_.id]


def _mark(document: Document | None, mention: Mention) -> tuple[int, int]:
    span = coverage.place_of(document, mention) if document else None
    return document.line_and_column(span[0]) if document and span else (0, 0)


def _entry(ledger: Ledger, record: Record, mention: Mention, mark: tuple[int, int]) -> str:
    where = f"{mark[0]}:{mark[1]}  " if mark != (0, 0) else ""
    run = f"“{mention.as_printed}”" if mention.as_printed else "(all of it)"
    match record:
        case Statistic():
            measure = ledger.measures[record.measure]
            words = figures.printed_words(record, measure.unit)
            text = f"{record.id}: {words}, {measure.label}"
        case Event():
            text = f"{record.id}: {record.date}, {record.label}"
        case Dismissal():
            text = f"dismissed: {record.reason}"
        case Item() | Missing():
            text = f"{record.id}: {record.label}"
        case _:
            text = ""
    kind = f"{_kind(ledger, record)} " if isinstance(record, Item) else f"{record.called} "
    return f"{where}{run}  {'' if isinstance(record, Dismissal) else kind}{text}"


def _statistic(ledger: Ledger, record: Statistic) -> Lines:
    figure = ledger.figure(record.id)
    yield f"{record.id}: {figure.words}, {figure.label}"
    about = filter(None, (figure.period, figure.scope, f"says {record.party}"))
    yield f"  {' · '.join(about)}"
    yield from _cited(record)


def _cited(record: Statistic | Event | Item | Missing) -> Lines:
    for mention in record.cited:
        printed = f": “{mention.as_printed}”" if mention.as_printed else ""
        speaker = f" ({mention.said_by})" if mention.said_by else ""
        yield f"  {mention.source}, {mention.section}{printed}{speaker}"


def _pairs(ledger: Ledger, wanted: str) -> Lines:
    for difference in questions.differences(ledger, wanted):
        yield _pair(ledger, difference, difference.first.id)


def _ids(difference: Difference) -> tuple[str, str]:
    return difference.first.id, difference.second.id


def _pair(ledger: Ledger, difference: Difference, seen_from: str) -> str:
    one, other = difference.first, difference.second
    if other.id == seen_from:
        one, other = other, one
    unit = ledger.measures[one.measure].unit
    fields = "; ".join(
        f"{n} {figure_details.field_in_words(one, n)} | {figure_details.field_in_words(other, n)}"
        for n in difference.fields
    )
    return f"{one.id} | {other.id} (in {unit}): {fields}"


def _support(ledger: Ledger, support: Support, seen_from: str) -> str:
    item, tie = support.item, ""
    if link := support.link:
        is_own = link.to != item.id
        words = link.relation if is_own else ledger.relations[link.relation].back
        tie = f" ({words} {link.to if is_own else seen_from}, {link.basis})"
    return f"{_kind(ledger, item)} {item.id}: {item.label}{tie}"


def _kind(ledger: Ledger, item: Item) -> str:
    return ledger.kinds[item.kind].singular


def _used(ledger: Ledger, wanted: str) -> Lines:
    found = questions.used_by(ledger, wanted)
    yield from _under("Named by", (_support(ledger, Support(item, None), wanted) for item in found))
    book = pages.read(ledger)
    derived = [name for page in book for name, inputs in page.derived.items() if wanted in inputs]
    yield from _under("Goes into", derived)
    yield from _under("Shown on", (page.path for page in pages.that_show(book, wanted)))


def _under(heading: str, lines: Iterable[str]) -> Lines:
    found = [*lines]
    if found:
        yield ""
        yield f"{heading}:"
        yield from (f"  {line}" for line in found)
