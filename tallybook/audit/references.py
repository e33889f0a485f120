"""What the ledger says under a reference, such as "words:arrests-2017" or "period:arrests-2017".

The pages mark with its reference each text that the package takes from a record, and the audit
asks here whether the text is what the record gives. Texts of records that people typed hold no
numeral (`typed`), so that a text that is put together from them and from figures is the figures'.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from importlib.resources import files
from pathlib import Path
from typing import Any

from tallybook.charts import data
from tallybook.errors import LedgerError, UnknownId
from tallybook.ledger import figures, yaml
from tallybook.ledger.ledger import Ledger
from tallybook.notebooks.book import open_book
from tallybook.site import figure_details, figure_pages, pages
from tallybook.site.figure_details import (
    Edition,
    FigureDetails,
    interval_in_words,
    rounding_in_words,
)
from tallybook.tables import coverage

RUNS = {name: f"{name}_as_printed" for name in ("period", "base", "condition")}


@dataclass
class Sayings:
    """The texts of a ledger with its derived figures, and of the book that it is in."""

    ledger: Ledger
    facts: dict[str, FigureDetails]
    edition: Edition
    copyright: str = ""

    def of(self, reference: str) -> frozenset[str]:
        """The texts that may stand under a reference. Raises UnknownId."""
        kind, _, rest = reference.partition(":")
        if kind not in self._kinds:
            raise UnknownId("kind of reference", kind, self._kinds)
        try:
            said = self._kinds[kind](rest)
        except UnknownId:
            raise
        except KeyError:
            raise UnknownId(f"{kind} of", rest, ()) from None
        return frozenset({said} if isinstance(said, str) else said)

    @cached_property
    def _kinds(self) -> dict[str, Callable[[str], Any]]:
        figure, ledger = self.ledger.figure, self.ledger
        return {
            "words": lambda wanted: figure(wanted).words,
            "label": lambda wanted: figure(wanted).label,
            "scope": lambda wanted: figure(wanted).scope,
            "period": self._period,
            "periods": lambda wanted: data.periods(wanted, ledger),
            "published": lambda wanted: str(ledger.source(wanted).published),
            "condition": self._condition,
            "compared": lambda wanted: str(ledger.statistic(wanted).compared_with),
            "interval": self._interval,
            "low": lambda wanted: data.bounds(figure(wanted))[0],
            "high": lambda wanted: data.bounds(figure(wanted))[1],
            "rounding": lambda wanted: rounding_in_words(ledger.statistic(wanted)),
            "there": self._there,
            "printed": self._printed,
            "run": self._run,
            "dismissed": lambda wanted: coverage.of_dismissals(ledger, wanted)[1],
            "listed": self._listed,
            "source": self._source,
            "item": lambda wanted: ledger.item(wanted).label,
            "event": lambda wanted: ledger.event(wanted).label,
            "missing": lambda wanted: ledger.missing_figure(wanted).label,
            "id": self._id,
            "count": self._count,
            "door": lambda wanted: f"{wanted} is {ledger.renamed[wanted].new} now",
            "book": lambda _: self.edition.title,
            "colophon": lambda _: f"{self.edition.title}. {self.edition.author}, {self.copyright}.",
            "cite-book": lambda _: self.edition.of_book(self.copyright),
            "bibtex-book": lambda _: self.edition.bibtex_of_book(self.copyright),
            "address": lambda wanted: self.edition.address(figure(wanted)),
            "cite": lambda wanted: self.edition.in_text(figure(wanted)),
            "bibtex": lambda wanted: self.edition.in_bibtex(figure(wanted)),
            "described": lambda wanted: figure_pages.described(self._facts(wanted)),
        }

    def _facts(self, wanted: str) -> FigureDetails:
        try:
            return self.facts[wanted]
        except KeyError:
            raise UnknownId("figure", wanted, self.facts) from None

    def _period(self, wanted: str) -> str:
        if wanted in self.ledger.items:
            return str(self.ledger.items[wanted].period)
        return str(self.ledger.period(wanted))

    def _condition(self, wanted: str) -> str:
        return ", ".join(figures.condition_in_words(self.ledger.statistic(wanted).condition))

    def _interval(self, wanted: str) -> str:
        quantity = self.ledger.figure(wanted).quantity
        return interval_in_words(quantity.interval, quantity.unit)

    def _there(self, rest: str) -> str:
        """What a field says of another figure: "period arrests-2017 arrests-2016"."""
        name, _, wanted = rest.partition(":")
        here, _, there = wanted.partition(":")
        for other in self._facts(here).others:
            if other.figure.id == there:
                return dict(other.fields).get(name, "")
        raise UnknownId(f"other figure of {here!r}", there, self.facts)

    def _printed(self, rest: str) -> str:
        wanted, number = _numbered(rest)
        return str(self._mention(wanted, number).as_printed)

    def _run(self, rest: str) -> str:
        name, _, rest = rest.partition(":")
        wanted, number = _numbered(rest)
        field_name = RUNS.get(name, "")
        return str(getattr(self._mention(wanted, number), field_name, "") or "")

    def _mention(self, wanted: str, number: int) -> Any:
        ledger = self.ledger
        record: Any = ledger.events[wanted] if wanted in ledger.events else ledger.statistic(wanted)
        if not 0 <= number < len(record.cited):
            raise UnknownId(f"citation of {wanted!r}", str(number), ())
        return record.cited[number]

    def _listed(self, wanted: str) -> set[str]:
        listed = self.ledger.listed(wanted)
        return {figures.derived(f"{wanted}-listed", listed, "").words, f"{int(listed.point)}"}

    def _source(self, wanted: str) -> set[str]:
        source = self.ledger.source(wanted)
        return {source.title, source.id, *(f"{source.id}, {s.name}" for s in source.sections)}

    def _id(self, wanted: str) -> str:
        if wanted in self.ledger.published or self.ledger.has(wanted):
            return wanted
        raise UnknownId("record", wanted, self.facts)

    def _count(self, rest: str) -> str:
        kind, _, wanted = rest.partition(":")
        counts: dict[str, Callable[[], int]] = {
            "more-places": lambda: len(self._facts(wanted).places) - figure_pages.MOST_PLACES,
            "more-inputs": lambda: len(self._facts(wanted).inputs) - figure_pages.MOST_INPUTS,
            "inputs": lambda: len(self._facts(wanted).inputs),
            "citing": lambda: self.ledger.citing(wanted),
            "dismissed": lambda: coverage.of_dismissals(self.ledger, wanted)[0],
            "audited": partial(coverage.audited, self.ledger, wanted),
        }
        if not wanted:
            number = self.ledger.count(kind)
        elif kind in counts:
            number = counts[kind]()
        else:
            raise UnknownId("count", kind, counts)
        return f"{number:,}"


def sayings(root: Path) -> Sayings:
    """All that the pages of a book may say. Raises as `open_book` does."""
    ledger = open_book(root)
    settings = _settings(root)
    sphinx = settings.get("sphinx") or {}
    config = sphinx.get("config") or {}
    base = config.get("html_baseurl") or (settings.get("html") or {}).get("baseurl") or ""
    copyright_line = str(config.get("copyright", settings.get("copyright", "")))
    edition = Edition.of(
        title=str(config.get("html_title", settings.get("title", ""))),
        author=str(config.get("author", settings.get("author", ""))),
        copyright_line=copyright_line,
        base=str(base),
    )
    known = figure_details.gather(ledger, pages.read(ledger))
    return Sayings(ledger, known, edition, copyright_line)


def _settings(root: Path) -> dict[str, Any]:
    """The settings of the book, upon those that Jupyter Book gives to every book."""
    own, problems = yaml.read(root / "_config.yml", "_config.yml")
    if problems:
        raise LedgerError(problems)
    usual = Path(str(files("jupyter_book") / "default_config.yml"))
    given, _ = yaml.read(usual, usual.name)
    return {**(given or {}), **(own or {})}


def _numbered(rest: str) -> tuple[str, int]:
    wanted, _, number = rest.rpartition(":")
    if not (number.isascii() and number.isdigit() and len(number) < 9):
        raise UnknownId("number of a citation", number, ())
    return wanted, int(number)
