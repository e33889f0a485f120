"""What a reader must know of one figure: who states it, of what, how, where, and how to cite it.

Everything is from the ledger and from the pages of the book; nothing is worded as true by itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tallybook.ledger import figures, history, printed, questions
from tallybook.ledger.figures import Figure
from tallybook.ledger.history import Step
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.printed import plain
from tallybook.ledger.records import Citation, Condition, Item, Measure, Statistic
from tallybook.reading.periods import UNSTATED, Period, parse
from tallybook.site import pages
from tallybook.site.pages import Page
from tallybook.tables import disagreements
from tallybook.tables.disagreements import Disagreement

_SPECIAL = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
_SPECIAL |= {sign: f"\\{sign}" for sign in "&%$#_{}"}
_NOT_STATED = "not stated"
_BOTH_READINGS = "“Times more” may mean as many times, or that much on top of what there was."
RUN_NAMES = {
    "period": "the time",
    "base": "what it is measured against",
    "condition": "the condition",
}
_PRINTED_AS = {
    "exact": "without “about”, “more than” or the like",
    "about": "as about this number",
    "more than": "as more than this number",
    "at least": "as this number at least",
    "nearly": "as nearly this number",
    "less than": "as less than this number",
    "up to": "as this number at most",
    "on the order of": "as an order of magnitude",
}
_NO_ADDRESS = "The site has no address yet, so that its citations name none."
_LONGEST_KEY = 40
FIELD_NAMES = {
    "period": "time", "scope": "covers", "of": "measured against",
    "compared_with": "compared with", "condition": "condition", "members": "list",
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A place in a document that states the figure, with the runs that bear it.

    `published` is when the document was, in words, and `address` where readers find it; "" where
    that is not known. `says` is what the sentence around says, in our words.
    """

    source: str
    title: str
    publisher: str
    published: str
    section: str
    as_printed: str
    says: str
    said_by: str
    address: str
    runs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class OtherFigure:
    """Another figure of the same measure, and how the two differ.

    `fields` are those that say something else there than here, its words and party aside.
    """

    figure: Figure
    found: Disagreement
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class FigureDetails:
    """One figure with all that the book knows of it.

    `because` has what is ours about a stated figure (a reading, a rounding, a period that follows
    from the text around) with the reason. Of a derived one, `inputs` are the ids that it is
    computed from, `reasons` why these may be combined, and `published_by` the path of the notebook.
    `derived` are the figures that are computed from this one, `shown_on` the paths of the pages
    that show it, `changes` what changed of it, the newest first.
    """

    figure: Figure
    statistic: Statistic | None
    measure: Measure | None
    interval: str
    condition: str
    because: tuple[tuple[str, str], ...]
    places: tuple[Place, ...]
    inputs: tuple[str, ...]
    published_by: str
    derived: tuple[str, ...]
    others: tuple[OtherFigure, ...]
    items: tuple[Item, ...]
    shown_on: tuple[str, ...]
    changes: tuple[Step, ...]

    @property
    def hedge(self) -> str:
        """How a stated figure is said, in words; "" of a derived one."""
        return _PRINTED_AS[self.statistic.bound] if self.statistic else ""

    @property
    def kind(self) -> str:
        """What sort of figure it is, and what is counted where its label may not say so."""
        if not self.measure:
            return ""
        is_plain = self.measure.unit in ("fraction", "times")
        return self.measure.kind if is_plain else f"{self.measure.kind}, in {self.measure.unit}"

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the figures that it is computed from may be combined."""
        return self.figure.quantity.reasons


def gather(ledger: Ledger, book: Sequence[Page]) -> dict[str, FigureDetails]:
    """What is to be known of every stated and published figure, by its id."""
    others: dict[str, list[Disagreement]] = {name: [] for name in ledger.statistics}
    for found in disagreements.find(ledger):
        others[found.first.id].append(found)
        others[found.second.id].append(found)
    return {
        wanted: _details(ledger, wanted, book, others.get(wanted, ()))
        for wanted in (*ledger.statistics, *sorted(ledger.published))
    }


def _details(
    ledger: Ledger, wanted: str, book: Sequence[Page], found: Iterable[Disagreement]
) -> FigureDetails:
    figure = ledger.figure(wanted)
    statistic = ledger.statistics.get(wanted)
    return FigureDetails(
        figure=figure,
        statistic=statistic,
        measure=ledger.measures[statistic.measure] if statistic else None,
        interval=figures.allowed_in_words(figure.quantity),
        condition=", ".join(figures.condition_in_words(statistic.condition)) if statistic else "",
        because=tuple(_because(statistic)) if statistic else (),
        places=tuple(_place(ledger, one) for one in statistic.cited) if statistic else (),
        inputs=() if statistic else tuple(sorted(figure.quantity.inputs)),
        published_by=next((page.path for page in book if wanted in page.derived), ""),
        derived=tuple(
            name
            for name, published in sorted(ledger.published.items())
            if wanted in published.quantity.inputs
        ),
        others=tuple(_other(ledger, each, statistic) for each in found) if statistic else (),
        items=tuple(questions.used_by(ledger, wanted)),
        shown_on=tuple(page.path for page in pages.that_show(book, wanted)),
        changes=tuple(reversed(history.steps(ledger, wanted))),
    )


def _because(statistic: Statistic) -> Iterator[tuple[str, str]]:
    if statistic.rounded_because:
        yield figures.rounding_in_words(statistic), statistic.rounded_because
    if statistic.reading and statistic.reading_because:
        yield f"read as “{statistic.reading}”", statistic.reading_because
    elif printed.says_more(statistic):
        yield "read in both ways", _BOTH_READINGS
    for name, reason in (("period", statistic.period_because), ("base", statistic.base_because)):
        if reason:
            yield f"the {name} follows from the text around", reason


def _place(ledger: Ledger, citation: Citation) -> Place:
    source = ledger.sources[citation.source]
    runs = {
        "period": citation.period_as_printed,
        "base": citation.base_as_printed,
        "condition": citation.condition_as_printed,
    }
    return Place(
        source=citation.source,
        title=source.title,
        publisher=source.publisher,
        published=str(source.published) if source.published.first else "",
        section=citation.section,
        as_printed=citation.as_printed,
        says=citation.says or "",
        said_by=citation.said_by or "",
        address=source.address or "",
        runs=tuple((name, run) for name, run in runs.items() if run),
    )


def _other(ledger: Ledger, found: Disagreement, statistic: Statistic) -> OtherFigure:
    other = found.second if found.first.id == statistic.id else found.first
    names = (name for name in found.fields if name in FIELD_NAMES)
    fields = tuple((FIELD_NAMES[name], in_words(other, name)) for name in names)
    return OtherFigure(ledger.figure(other.id), found, fields)


def in_words(record: Statistic, name: str) -> str:
    """What a field says, as a list of facts has it.

    >>> import tallybook
    >>> plants = tallybook.load("tests/books/kettles").statistic("repair-plants")
    >>> in_words(plants, "period"), in_words(plants, "scope")
    ('not stated', 'the company')
    """
    value = getattr(record, name)
    if value in (None, UNSTATED, parse(UNSTATED)):
        return _NOT_STATED
    return str(value) if isinstance(value, Period) else field_in_words(record, name)


def field_in_words(record: Statistic, name: str) -> str:
    """What a field of a statistic says, in words; a dash for one that is left out."""
    value = getattr(record, name)
    match value:
        case None:
            return "–"
        case Condition():
            return ", ".join(figures.condition_in_words(value))
        case list():
            return f"[{', '.join(value)}]"
        case Fraction():
            return plain(value)
    return getattr(value, "text", str(value))


@dataclass(frozen=True)
class Edition:
    """What a citation says of the book, as its settings have it, without what they leave out."""

    title: str
    author: str
    copyright: str
    base: str

    @property
    def year(self) -> str:
        """The last year of the copyright; none where the settings name none.

        >>> Edition(title="Kettles", author="A. B.", copyright="2021, 2023", base="").year
        '2023'
        """
        years = re.findall(r"\b\d{4}\b", self.copyright)
        return years[-1] if years else ""

    def address(self, figure: Figure) -> str:
        """The permanent address of a figure's page; "" where the settings name no address."""
        return f"{self.base.rstrip('/')}/stat/{figure.id}.html" if self.base else ""

    @property
    def without_address(self) -> str:
        """What is said where an address would stand; "" where the settings name one."""
        return "" if self.base else _NO_ADDRESS

    @property
    def key(self) -> str:
        """A short name of the book for keys of BibTeX: its title up to a colon.

        >>> Edition(title="Kettles, Lids: A History", author="", copyright="", base="").key
        'kettles-lids'
        """
        start = unicodedata.normalize("NFKD", self.title.partition(":")[0].lower())
        words = re.findall(r"[a-z0-9]+", re.sub(r"[\u0300-\u036f]", "", start))  # é is an e
        key = "-".join(words) or "book"
        if len(key) > _LONGEST_KEY:  # at the end of a word, if there is one
            key = key[: _LONGEST_KEY + 1].rpartition("-")[0] or key[:_LONGEST_KEY]
        return key

    def colophon(self) -> str:
        """What stands at the end of each page.

        >>> Edition(title="Kettles", author="", copyright="2024", base="").colophon()
        'Kettles. 2024.'
        """
        return " ".join(f"{each}." for each in (self.title, self._whose()) if each)

    def _whose(self) -> str:
        return ", ".join(filter(None, [self.author, self.copyright]))

    def of_book(self) -> str:
        """How to cite the book itself."""
        named = ", ".join(filter(None, [self.author, self.title, self.copyright]))
        return f"{named}. {self.base}".rstrip()

    def bibtex_of_book(self) -> str:
        """The same as an entry of BibTeX."""
        fields = {
            "author": f"{{{_escaped(self.author)}}}" if self.author else "",
            "title": _escaped(self.title),
            "year": self.year,
            "url": self.base,
        }
        return _entry("book", self.key, fields)

    def in_text(self, figure: Figure) -> str:
        """The citation as a line of text."""
        when = f" ({self.year})" if self.year else ""
        whose = f"{self.author}{when}: " if self.author else ""
        title = self.title if self.author else f"{self.title}{when}"
        return (
            f"{whose}“{figure.named}”, {_by_whom(figure)}, figure {figure.id}. "
            f"In: {title}. {self.address(figure)}"
        ).rstrip()

    def in_bibtex(self, figure: Figure) -> str:
        """The citation as an entry of BibTeX, with what is special to TeX escaped."""
        fields = {
            "author": f"{{{_escaped(self.author)}}}" if self.author else "",
            "title": f"{{{_escaped(figure.named)}}}",
            "howpublished": _escaped(f"In: {self.title}"),
            "year": self.year,
            "note": _escaped(f"Figure {figure.id}, {_by_whom(figure)}"),
            "url": self.address(figure),
        }
        return _entry("misc", f"{self.key}:{figure.id}", fields)


def _entry(kind: str, key: str, fields: dict[str, str]) -> str:
    """An entry of BibTeX, without the fields that are empty."""
    lines = [f"  {name} = {{{text}}}," for name, text in fields.items() if text]
    return "\n".join([f"@{kind}{{{key},", *lines, "}"])


def _by_whom(figure: Figure) -> str:
    return "computed in this book" if figure.is_derived else f"as stated by {figure.party}"


def _escaped(text: str) -> str:
    return "".join(_SPECIAL.get(sign, sign) for sign in text)
