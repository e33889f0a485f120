"""Numerals that people typed into texts of the data, where there may be none.

It imports nothing of the site, for `tallybook check` asks it too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tallybook.audit import remedies
from tallybook.audit.html import CLAIMED, plain
from tallybook.audit.strictness import Strictness
from tallybook.errors import Problem
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.records import Record
from tallybook.ledger.yaml import place
from tallybook.reading import statements
from tallybook.reading.statements import Known, stating
from tallybook.tables.table import CITED

Location = tuple[str | int, ...]  # the names and numbers that lead to a part of a record
# Fields of records that hold what is printed elsewhere, names of records, or what is computed with.
_NOT_TYPED = {
    "as_printed", "period_as_printed", "base_as_printed", "condition_as_printed", "opens", "run",
    "id", "title", "text_sha256", "original_sha256", "to", "source", "measure", "date", "period",
    "published", "compared_with", "unlike", "old", "new", "differs_from", "events", "statistics",
    "missing", "unit", "period_in_words", "compared_in_words", "date_in_words", "address",
    "figure", "was",
}  # fmt: skip


def known_of(ledger: Ledger) -> Known:
    """What a text of a book may name: what its ledger knows, and the runs that one may quote."""
    statistics = ledger.statistics.values()
    runs = {statements.printed(plain(str(c.as_printed))) for s in statistics for c in s.cited}
    return replace(ledger.known, printed=frozenset(runs))


def in_data(ledger: Ledger, known: Known, strictness: Strictness) -> Iterator[Problem]:
    """Return the numerals that people typed into texts of the data."""
    for record in ledger.records():
        for location, text in _typed_texts(record, ()):
            for numeral in stating(text, known):
                if not strictness.lets(text, numeral):
                    shown, where = text[numeral.start : numeral.end], ".".join(map(str, location))
                    remedy = remedies.OF_OUTPUTS[remedies.DATA]
                    what = f"{where} types the numeral {shown!r}; {remedy}"
                    yield Problem(record._path, *place(record._tree, location), what)


def texts_of_data(ledger: Ledger, known: Known, strictness: Strictness) -> set[str]:
    """Return the texts of the data in which `in_data` finds numerals, as pages show them."""
    texts = {text for each in ledger.records() for _, text in _typed_texts(each, ())}
    return {
        text for text in texts if any(not strictness.lets(text, n) for n in stating(text, known))
    }


def _typed_texts(part: object, location: Location) -> Iterator[tuple[Location, str]]:
    if isinstance(part, Record):
        for name in type(part).model_fields:
            if name not in _NOT_TYPED:
                yield from _typed_texts(getattr(part, name), (*location, name))
    elif isinstance(part, list):
        for number, each in enumerate(part):
            yield from _typed_texts(each, (*location, number))
    elif type(part) is str:
        # What a brief text cites is no numeral of its own.
        is_brief = location[-1] in ("brief", "figures")
        yield location, CITED.sub(CLAIMED, part) if is_brief else part
