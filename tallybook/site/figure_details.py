"""What a reader must know of one figure: who states it, of what, how, where, and what uses it.

Everything is from the ledger and from the pages of the book; nothing is worded as true by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tallybook.ledger import figures, questions
from tallybook.ledger.figures import Figure
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.printed_figure import plain
from tallybook.ledger.records import Citation, Condition, Item, Measure, Statistic
from tallybook.reading.periods import Period
from tallybook.site import pages
from tallybook.site.pages import Page
from tallybook.tables import disagreements
from tallybook.tables.disagreements import Disagreement

FIELD_NAMES = {
    "period": "period", "scope": "scope", "of": "base", "compared_with": "base period",
    "condition": "condition", "members": "list",
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A place in a document that states the figure, with the runs that bear it."""

    source: str
    title: str
    section: str
    as_printed: str
    said_by: str
    runs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Other:
    """Another figure of the same measure, what sort of difference there is, how the intervals lie,
    and what the fields say there that say something else here; its words and party aside.
    """

    figure: Figure
    classed: str
    intervals: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Facts:
    """One figure with all that the book knows of it.

    `because` has what is ours about a stated figure (a reading, a rounding, a period that follows
    from the text around) with the reason. Of a derived one, `inputs` are the ids that it is
    computed from, `reasons` why these may be combined, and `published_by` the path of the notebook.
    `derived` are the figures that are computed from this one, `shown_on` the paths of the pages
    that show it.
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
    others: tuple[Other, ...]
    items: tuple[Item, ...]
    shown_on: tuple[str, ...]

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the figures that it is computed from may be combined."""
        return self.figure.quantity.reasons


def gather(ledger: Ledger, book: Sequence[Page]) -> dict[str, Facts]:
    """What is to be known of every stated and published figure, by its id."""
    others: dict[str, list[Disagreement]] = {name: [] for name in ledger.statistics}
    for pair in disagreements.find(ledger):
        others[pair.first.id].append(pair)
        others[pair.second.id].append(pair)
    return {
        wanted: _facts(ledger, wanted, book, others.get(wanted, ()))
        for wanted in (*ledger.statistics, *sorted(ledger.published))
    }


def _facts(
    ledger: Ledger, wanted: str, book: Sequence[Page], pairs: Iterable[Disagreement]
) -> Facts:
    figure = ledger.figure(wanted)
    statistic = ledger.statistics.get(wanted)
    return Facts(
        figure=figure,
        statistic=statistic,
        measure=ledger.measures[statistic.measure] if statistic else None,
        interval=figures.interval_in_words(figure.quantity.interval, figure.quantity.unit),
        condition=", ".join(figures.condition_in_words(statistic.condition)) if statistic else "",
        because=tuple(_because(statistic)) if statistic else (),
        places=tuple(_place(ledger, one) for one in statistic.cited) if statistic else (),
        inputs=() if statistic else tuple(sorted(figure.quantity.inputs)),
        published_by=next((page.path for page in book if wanted in page.derived), ""),
        derived=tuple(_derived_from(ledger, wanted)),
        others=tuple(_other(ledger, pair, statistic) for pair in pairs) if statistic else (),
        items=tuple(questions.used_by(ledger, wanted)),
        shown_on=tuple(page.path for page in pages.that_show(book, wanted)),
    )


def _derived_from(ledger: Ledger, wanted: str) -> Iterator[str]:
    for name, figure in sorted(ledger.published.items()):
        if wanted in figure.quantity.inputs:
            yield name


def _because(statistic: Statistic) -> Iterator[tuple[str, str]]:
    if statistic.rounded_because:
        yield figures.rounding_in_words(statistic), statistic.rounded_because
    if statistic.reading and statistic.reading_because:
        yield f"read as “{statistic.reading}”", statistic.reading_because
    for name, reason in (("period", statistic.period_because), ("base", statistic.base_because)):
        if reason:
            yield f"the {name} follows from the text around", reason


def _place(ledger: Ledger, citation: Citation) -> Place:
    runs = {
        "period": citation.period_as_printed,
        "base": citation.base_as_printed,
        "condition": citation.condition_as_printed,
    }
    return Place(
        source=citation.source,
        title=ledger.sources[citation.source].title,
        section=citation.section,
        as_printed=citation.as_printed,
        said_by=citation.said_by or "",
        runs=tuple((name, run) for name, run in runs.items() if run),
    )


def _other(ledger: Ledger, pair: Disagreement, statistic: Statistic) -> Other:
    other = pair.second if pair.first.id == statistic.id else pair.first
    names = (name for name in pair.fields if name in FIELD_NAMES)
    fields = tuple((FIELD_NAMES[name], _in_words(other, name)) for name in names)
    return Other(ledger.figure(other.id), pair.classed, pair.intervals, fields)


def _in_words(record: Statistic, name: str) -> str:
    value = getattr(record, name)
    return str(value) if isinstance(value, Period) else said(record, name)


def said(record: Statistic, name: str) -> str:
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
