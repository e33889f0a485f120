"""Edits that an author may make of each record of a ledger, field by field, as changes of its YAML.

Whether the ledger holds with one, its own check says: a number, say, that is no longer what is
printed is refused, and is no edit to compare.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, get_args

from tallybook.ledger.consistency import mentions
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.printed import plain
from tallybook.ledger.records import (
    AnswerKind,
    Audit,
    Changed,
    Dismissal,
    DismissalReason,
    Event,
    Item,
    Kind,
    Link,
    Measure,
    Missing,
    Name,
    Party,
    Record,
    Relation,
    Renamed,
    Source,
    Statistic,
)
from tallybook.ledger.single import NoSingleFigure, single_figure
from tallybook.ledger.units import converted
from tests.helpers.authoring import Author, Change, Edit, Edits, Location, quoted

_OTHER = {
    "total over a period": "running total to a date",
    "running total to a date": "total over a period",
}  # fmt: skip
_NEXT = {
    "one": "two", "two": "three", "three": "four", "four": "five", "five": "six", "six": "seven",
    "seven": "eight", "eight": "nine", "two-thirds": "three-quarters", "tens": "hundreds",
    "hundreds": "thousands", "thousands": "hundreds", "half": "a third",
}  # fmt: skip


def edits(ledger: Ledger) -> list[Edit]:
    """Every edit that is known of every record of a ledger that was loaded from its files."""
    author = Author(ledger)
    found = []
    for record in ledger.records():
        name = getattr(record, "id", None) or ":".join(map(str, author.where(record)[:2]))
        of_its_kind: Callable[[Any, Author], Edits] = _OF_A_KIND[type(record)]
        for field, changes in of_its_kind(record, author):
            if changes:
                found.append(Edit(record.called, str(name), field, tuple(changes)))
    return found


def _of_source(source: Source, author: Author) -> Edits:
    yield from author.reworded(source, "title", "publisher")
    yield "published", [author.set(source, ("published",), '"2018"')]
    yield "section.opens", [author.set(source, ("sections", 0, "opens"), "Other words")]
    for number, section in enumerate(source.sections):
        name = quoted(f"{section.name}, so called")
        cited = [*_citing(author.ledger, source.id, section.name)]
        changes = [author.set(record, where, name) for record, where in cited]
        yield "section.name", [author.set(source, ("sections", number, "name"), name), *changes]


def _citing(ledger: Ledger, source: str, section: str) -> Iterator[tuple[Record, Location]]:
    """Where records name a section."""
    for record in ledger.records():
        for location, mention in mentions(record):
            if (mention.source, mention.section) == (source, section):
                yield record, (*location, "section")
        if isinstance(record, Dismissal) and (record.source, record.section) == (source, section):
            yield record, ("section",)


def _of_measure(measure: Measure, author: Author) -> Edits:
    yield from author.reworded(measure, "label", "definition", "unlike_because", "unit")
    if measure.kind in _OTHER:
        yield "kind", [author.set(measure, ("kind",), _OTHER[measure.kind])]
    if measure.floor == 0:
        yield "floor", [author.set(measure, ("floor",), "1")]
    if measure.ceiling is None:
        yield "ceiling", [author.insert(measure, "ceiling: 1000000000000")]


def _of_statistic(statistic: Statistic, author: Author) -> Edits:
    yield "value", _other_value(statistic, author)
    yield "period", _other_year(statistic, "period", "period_as_printed", author)
    if statistic.period.text == "unstated":
        reasons = "period_from: context", "period_because: The text around says so."
        dated = author.set(statistic, ("period",), '"2017"')
        yield "period", [dated, author.insert(statistic, *reasons)]
    yield "party", _other_party(statistic, author)
    yield from author.reworded(statistic, "scope", "of", "note", "condition.in_words")
    yield from author.reworded(statistic, "rounded_because", "period_because", "base_because")
    if statistic.note is None:
        yield "note", [author.insert(statistic, "note: So it is said.")]
    if statistic.members:
        yield "members", [author.reword(statistic, ("members", 0))]
    yield from _moved(statistic, author)


def _other_value(statistic: Statistic, author: Author) -> list[Change]:
    """Another number, in `value` and in the printed words of each citation."""
    changes, value = [], None
    unit = author.ledger.measures[statistic.measure].unit
    for number, citation in enumerate(statistic.cited):
        run = citation.as_printed
        numeral = single_figure(run)
        printed = run[: numeral.start] + next_number(run[numeral.start : numeral.end])
        printed += run[numeral.end :]
        try:
            value = converted(single_figure(printed).value, numeral.unit, unit)
        except NoSingleFigure:
            return []
        if value in (None, statistic.value):
            return []
        changes.append(author.set(statistic, ("cited", number, "as_printed"), quoted(printed)))
    return [author.set(statistic, ("value",), plain(value)), *changes] if value else []


def next_number(number: str) -> str:
    """A printed number that is another, and as round: "1,607" for "1,606", "three" for "two"."""
    if last := re.search(r"[1-9](?=[^1-9]*$)", number):
        digit = "8" if last[0] == "9" else str(int(last[0]) + 1)
        return number[: last.start()] + digit + number[last.end() :]
    word = next((word for word in _NEXT if re.search(rf"\b{word}\b(?!-)", number)), "")
    return number.replace(word, _NEXT[word], 1) if word else number


def _other_year(record: Any, field: str, printed: str, author: Author) -> list[Change]:
    """Another year, in a date and in the printed words that bear it."""
    changes = []
    places: list[Location] = [(field,)]
    places += [("cited", number, printed) for number in range(len(record.cited))]
    for location in places:
        said = author.value(record, location)
        if (other := said.replace("2016", "2014").replace("2017", "2015")) != said:
            changes.append(author.set(record, location, quoted(other)))
    return changes


def _other_party(record: Any, author: Author) -> list[Change]:
    """Another party, whom the document must name as the speaker."""
    other = quoted(_another(author.ledger.parties, record.party))
    party = author.set(record, ("party",), other)
    if record.cited[0].said_by:
        return [party, author.set(record, ("cited", 0, "said_by"), other)]
    return [party, author.insert(record, f"said_by: {other}", inside=("cited", 0))]


def _another(names: Iterable[str], name: str) -> str:
    return next(each for each in names if each != name)


def _other_relation(link: Link, author: Author) -> str:
    """A relation that may be between any kinds."""
    relations = author.ledger.relations.values()
    free = [each.relation for each in relations if not each.from_kinds and not each.to_kinds]
    return _another(free, link.relation)


def _moved(record: Any, author: Author) -> Edits:
    """Cited from another section of the same document."""
    citation = record.cited[0]
    names = [section.name for section in author.ledger.sources[citation.source].sections]
    other = next(name for name in reversed(names) if name != citation.section)
    yield "section", [author.set(record, ("cited", 0, "section"), quoted(other))]


def _of_event(event: Event, author: Author) -> Edits:
    yield "party", _other_party(event, author)
    yield from author.reworded(event, "label", "date_because", "differs_because")
    yield "date", _other_year(event, "date", "as_printed", author)
    yield from _moved(event, author)


def _of_item(item: Item, author: Author) -> Edits:
    yield from author.reworded(item, "label", "text")
    other = quoted(_another(author.ledger.parties, item.party))
    yield "party", [author.set(item, ("party",), other)]
    yield "period", _other_year(item, "period", "period_as_printed", author)
    if item.period.text == "unstated":
        yield "period", [author.set(item, ("period",), '"2017"')]
    for number, link in enumerate(item.links[:2]):
        at, other = ("links", number), _other_relation(link, author)
        yield "link.relation", [author.set(item, (*at, "relation"), other)]
        if link.because:
            yield "link.because", [author.reword(item, (*at, "because"))]
    new = next(name for name in author.ledger.statistics if name not in item.statistics)
    if item.statistics:
        yield "statistics", [author.set(item, ("statistics", len(item.statistics) - 1), new)]
    else:
        yield "statistics", [author.insert(item, f"statistics: [{new}]")]
    yield from _moved(item, author)
    yield "gone", [author.take_out(item)]


def _of_missing(missing: Missing, author: Author) -> Edits:
    yield from author.reworded(missing, "label", "because")
    yield from _moved(missing, author)


def _of_dismissal(dismissal: Dismissal, author: Author) -> Edits:
    other = next(reason for reason in get_args(DismissalReason) if reason != dismissal.reason)
    yield "reason", [author.set(dismissal, ("reason",), other)]
    yield "run", [author.reword(dismissal, ("run",), "!")]
    yield "times", [author.set(dismissal, ("times",), str(dismissal.times + 1))]
    yield "gone", [author.take_out(dismissal)]


def _of_audit(audit: Audit, author: Author) -> Edits:
    for field in ("numerals", "claimed", "dismissed", "left_over"):
        yield field, [author.set(audit, (field,), str(int(getattr(audit, field)) + 1))]


def _of_renamed(renamed: Renamed, author: Author) -> Edits:
    yield "gone", [author.take_out(renamed)]


def _of_name(name: Name, author: Author) -> Edits:
    yield from author.reworded(name, "name", "what")
    yield "gone", [author.take_out(name)]


def _of_party(party: Party, author: Author) -> Edits:
    for field, value in (("colour", "brown"), ("role", "replying"), ("short", "They")):
        is_there = getattr(party, field) is not None
        yield (
            field,
            [
                author.set(party, (field,), value)
                if is_there
                else author.insert(party, f"{field}: {value}")
            ],
        )


def _of_kind(kind: Kind, author: Author) -> Edits:
    yield from author.reworded(kind, "plural", "heading", "reply_heading", "next_heading")
    if kind.singular is None:
        yield "singular", [author.insert(kind, "singular: statement")]
    if kind.role:
        other = "deed" if kind.role != "deed" else "opening"
        yield "role", [author.set(kind, ("role",), other)]


def _of_relation(relation: Relation, author: Author) -> Edits:
    yield from author.reworded(relation, "back")
    if relation.role:
        other = "part" if relation.role != "part" else "reply"
        yield "role", [author.set(relation, ("role",), other)]


def _of_answer_kind(answer: AnswerKind, author: Author) -> Edits:
    yield from author.reworded(answer, "shown")
    name = quoted(f"{answer.answer}, so to say")
    given = [
        author.set(item, ("answer", "kind"), name)
        for item in author.ledger.items.values()
        if item.answer and item.answer.kind == answer.answer
    ]
    yield "answer", [author.set(answer, ("answer",), name), *given]


_OF_A_KIND: dict[type[Record], Any] = {
    Source: _of_source,
    Measure: _of_measure,
    Statistic: _of_statistic,
    Event: _of_event,
    Item: _of_item,
    Missing: _of_missing,
    Dismissal: _of_dismissal,
    Audit: _of_audit,
    Renamed: _of_renamed,
    Changed: lambda changed, author: author.reworded(changed, "because"),
    Name: _of_name,
    Party: _of_party,
    Kind: _of_kind,
    Relation: _of_relation,
    AnswerKind: _of_answer_kind,
}
