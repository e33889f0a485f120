"""The numerals in texts of the data and of the notebooks that are ours, and state no figure."""

from __future__ import annotations

from collections.abc import Iterator

from tallybook.audit.account import Fault
from tallybook.audit.references import Sayings
from tallybook.ledger.records import Record
from tallybook.ledger.yaml import place
from tallybook.reading.numerals import find, has_numeral

Location = tuple[str | int, ...]
# Fields of records that hold what is printed elsewhere, names of records, or what is computed with.
_NOT_OURS = {
    "as_printed", "period_as_printed", "base_as_printed", "condition_as_printed", "opens", "run",
    "id", "title", "text_sha256", "to", "source", "measure", "date", "period", "published",
    "compared_with", "unlike", "old", "new", "differs_from", "events", "statistics", "missing",
    "unit",
}  # fmt: skip


def typed(said: Sayings) -> Iterator[Fault]:
    """The numerals in texts of the data and of the notebooks that are ours, and state no figure."""
    for record in said.ledger.records():
        for location, text in _texts(record, ()):
            for numeral in find(text):
                _, line, column = record._path, *place(record._tree, location)
                shown = text[numeral.start : numeral.end]
                what = f"{'.'.join(map(str, location))} types the numeral {shown!r}"
                yield Fault(record._path, line, what, column)
    for wanted, figure in said.ledger.published.items():
        facts = said.facts[wanted]
        for text in (figure.label, *facts.reasons):
            if has_numeral(text):
                yield Fault(facts.published_by, 0, f"{wanted!r} types a numeral: {text!r}")


def _texts(
    part: object, location: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(part, Record):
        for name in type(part).model_fields:
            if name not in _NOT_OURS:
                yield from _texts(getattr(part, name), (*location, name))
    elif isinstance(part, list):
        for number, each in enumerate(part):
            yield from _texts(each, (*location, number))
    elif type(part) is str:
        yield location, part
