"""What the ledger has under a reference, with which the audit compares the texts of a site.

Texts of records that people typed hold no numeral (`typed.in_data`), so that a text that is put
together from them and from figures is the figures'.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from tallybook.audit import typed
from tallybook.audit.marks import Entry
from tallybook.errors import UnknownId
from tallybook.ledger import figures, frames, history
from tallybook.ledger.history import Step
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.printed import interval_in_words
from tallybook.ledger.references import Reference
from tallybook.notebooks import settings
from tallybook.notebooks.book import Book
from tallybook.notebooks.settings import Settings
from tallybook.reading.statements import Known
from tallybook.site import (
    bibliography,
    cards,
    citations,
    figure_details,
    figure_pages,
    frame,
    pages,
)
from tallybook.site.citations import Edition
from tallybook.site.figure_details import FigureDetails
from tallybook.site.figure_pages import MOST_INPUTS, MOST_PLACES
from tallybook.site.linked_data import LinkedData
from tallybook.tables import figures as tables
from tallybook.tables.table import period_in_words

# The runs of a citation besides the one that bears the figure.
_RUNS = {name: f"{name}_as_printed" for name in ("period", "base", "condition")}
Texts = dict[str, Callable[[Reference], str | set[str]]]


@dataclass
class LedgerTexts:
    """The texts that the pages of a book may show: of its ledger, and of the book's settings.

    `details` is what the pages of figures are made from, by the figures' ids; `bibliography` are
    the entries of the book's .bib files.
    """

    ledger: Ledger
    details: Mapping[str, FigureDetails]
    edition: Edition
    bibliography: list[Entry] = field(default_factory=list)

    @cached_property
    def known(self) -> Known:
        """What a text may name: what the ledger knows, and the runs that a text may quote."""
        return typed.known_of(self.ledger)

    @cached_property
    def linked(self) -> LinkedData:
        """What pages say to programs in the words of schema.org."""
        return LinkedData(self.ledger, self.edition)

    def texts(self, reference: Reference) -> frozenset[str]:
        """Return the texts that may stand under a reference.

        Raises UnknownId where the ledger does not have its id, or nothing of this kind for it.
        """
        make = self._by_kind.get(reference.kind)
        if make is None:
            raise UnknownId("text of the ledger of kind", reference.kind, self._by_kind)
        found = make(reference)
        return frozenset({found} if isinstance(found, str) else found)

    @cached_property
    def _by_kind(self) -> Texts:
        return {**self._of_figures, **self._of_records, **self._of_citations, **self._of_the_book}

    @cached_property
    def _of_figures(self) -> Texts:
        ledger, figure = self.ledger, self.ledger.figure
        return {
            "words": lambda of: figure(of.id).words,
            "label": lambda of: figure(of.id).label,
            "named": lambda of: figure(of.id).named,
            "beside": lambda of: {each.strip() for each in figure(of.id).around},
            "said": lambda of: figure(of.id).said,
            "scope": lambda of: figure(of.id).scope,
            "interval": self._interval,
            "unit": lambda of: figures.unit_in_words(figure(of.id).quantity.unit),
            "kind": lambda of: self._details(of.id).kind,
            "low": lambda of: figures.bounds(figure(of.id))[0],
            "high": lambda of: figures.bounds(figure(of.id))[1],
            "periods": lambda of: frames.period(ledger, of.id),
            "address": lambda of: self.edition.address(figure(of.id)),
            "cite": lambda of: self.edition.in_text(figure(of.id)),
            "bibtex": lambda of: citations.bibtex(citations.of_figure(self.edition, figure(of.id))),
            "linked": lambda of: self.linked.of_figure(self._details(of.id)),
            "embed": lambda of: cards.code(self.edition, self._details(of.id)),
            "described": lambda of: figure_pages.described(self._details(of.id)),
            "there": self._there,
            "since": self._since,
            "was": lambda of: self._step(of).fields[of.field][0],
            "became": lambda of: self._step(of).fields[of.field][1],
            "changed": lambda of: str(self._step(of).date),
            "count:more-places": lambda of: _number(len(self._details(of.id).places) - MOST_PLACES),
            "count:more-inputs": lambda of: _number(len(self._details(of.id).inputs) - MOST_INPUTS),
        }

    @cached_property
    def _of_records(self) -> Texts:
        ledger = self.ledger
        return {
            "period": self._period,
            "condition": self._condition,
            "compared": lambda of: str(ledger.statistic(of.id).compared_with),
            "rounding": lambda of: figures.rounding_in_words(ledger.statistic(of.id)),
            "level": lambda of: interval_in_words(ledger.statistic(of.id)),
            "listed": self._listed,
            "source": self._source,
            "published": lambda of: str(ledger.source(of.id).published),
            "item": lambda of: ledger.item(of.id).label,
            "event": lambda of: ledger.event(of.id).label,
            "missing": lambda of: ledger.missing_figure(of.id).label,
            "id": self._id,
            "renamed": self._renamed,
            "count": lambda of: _number(ledger.count(of.field)),
        }

    @cached_property
    def _of_citations(self) -> Texts:
        ledger = self.ledger

        def dismissals(of: Reference) -> tuple[int, str]:
            return tables.of_dismissals(ledger, f"{of.id}:{of.field}")

        return {
            "printed": lambda of: str(self._citation(of).as_printed),
            "page": lambda of: f"page {self._citation(of).page}",
            "run": self._run,
            "dismissed": lambda of: dismissals(of)[1],
            "count:dismissed": lambda of: _number(dismissals(of)[0]),
            "count:audited": lambda of: _number(tables.audited(ledger, f"{of.id}:{of.field}")),
            "count:citing": lambda of: _number(ledger.citing(of.id)),
        }

    @cached_property
    def _of_the_book(self) -> Texts:
        edition = self.edition
        return {
            "book": lambda _: edition.title,
            "colophon": lambda _: edition.colophon(),
            "cite-book": lambda _: edition.of_book(),
            "linked-book": lambda _: self.linked.of_book(),
            "bibtex-book": lambda _: citations.bibtex(citations.of_book(edition)),
        }

    def _details(self, wanted: str) -> FigureDetails:
        if wanted not in self.details:
            raise UnknownId("figure", wanted, self.details)
        return self.details[wanted]

    def _interval(self, of: Reference) -> str:
        quantity = self.ledger.figure(of.id).quantity
        return figures.allowed_in_words(quantity)

    def _there(self, of: Reference) -> str:
        """What a field says of another figure of the same measure."""
        for other in self._details(of.id).others:
            if other.figure.id == of.other:
                return dict(other.fields).get(of.field, "")
        raise UnknownId(f"other figure of {of.id!r}", of.other, self.details)

    def _since(self, of: Reference) -> str:
        """How a figure of a series has changed since the one before it."""
        for moment in self._details(of.id).over_time:
            if (moment.statistic.id, moment.before) == (of.id, of.other):
                return moment.change
        raise UnknownId(f"figure of a series before {of.id!r}", of.other, self.details)

    def _step(self, of: Reference) -> Step:
        """A recorded change of a figure, which has the field where one is named."""
        found = history.steps(self.ledger, of.id)
        if of.place is None or of.place >= len(found):
            raise UnknownId(f"change of {of.id!r} with the number", of.place, ())
        step = found[of.place]
        if of.field and of.field not in step.fields:
            raise UnknownId(f"field in a change of {of.id!r}", of.field, step.fields)
        return step

    def _period(self, of: Reference) -> set[str]:
        if of.id in self.ledger.items:
            return {str(self.ledger.items[of.id].period)}
        # A page says once which months a fiscal year has.
        return {period_in_words(self.ledger, of.id, in_full=each) for each in (True, False)}

    def _condition(self, of: Reference) -> str:
        return ", ".join(figures.condition_in_words(self.ledger.statistic(of.id).condition))

    def _listed(self, of: Reference) -> set[str]:
        # One table has it in words ("three plants"), another in digits.
        listed = self.ledger.listed(of.id)
        return {figures.derived(f"{of.id}-listed", listed, "").words, f"{int(listed.point)}"}

    def _source(self, of: Reference) -> set[str]:
        source = self.ledger.source(of.id)
        return {source.title, source.short or source.title}

    def _id(self, of: Reference) -> str:
        if of.id in self.ledger.published or self.ledger.has(of.id):
            return of.id
        raise UnknownId("record", of.id, self.details)

    def _renamed(self, of: Reference) -> str:
        if of.id not in self.ledger.renamed:
            raise UnknownId("renamed id", of.id, self.ledger.renamed)
        return f"{of.id} is {self.ledger.renamed[of.id].new} now"

    def _run(self, of: Reference) -> str:
        # A citation of an event has no runs but the one that bears its date.
        if of.field not in _RUNS:
            raise UnknownId("printed run for the field", of.field, _RUNS)
        return getattr(self._citation(of), _RUNS[of.field], "") or ""

    def _citation(self, of: Reference) -> Any:
        ledger = self.ledger
        record: Any = ledger.events[of.id] if of.id in ledger.events else ledger.statistic(of.id)
        if of.place is None or of.place >= len(record.cited):
            raise UnknownId(f"citation of {of.id!r} with the number", of.place, ())
        return record.cited[of.place]


def ledger_texts(book: Book) -> LedgerTexts:
    """Return all that the pages of a book may show.

    Raises as `Book.published` does, and BadSettings where those of the book are wrong.
    """
    ledger = book.published
    frame.check(book.root)
    given = settings.read(book.root)
    edition = frame.edition(given)
    details = figure_details.AllDetails(ledger, pages.read(ledger))
    return LedgerTexts(ledger, details, edition, _bibliography(book, given))


def _bibliography(book: Book, given: Settings) -> list[Entry]:
    names = given.get("bibtex_bibfiles", [])
    encoding = str(given.get("sphinx.config.bibtex_encoding", "utf-8-sig"))
    found = bibliography.read(book.root, names, encoding)
    return [Entry(key, bibliography.text(e), bibliography.year(e)) for key, e in found.items()]


def _number(number: int) -> str:
    return f"{number:,}"
