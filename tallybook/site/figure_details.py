"""What a reader must know of one figure: who states it, of what, how and where.

Everything is from the ledger and from the pages of the book; nothing is worded as true by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tallybook.ledger import figures, history, phrases, printed, questions, trends
from tallybook.ledger.figures import Figure
from tallybook.ledger.history import Step
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.printed import plain
from tallybook.ledger.records import Citation, Condition, Item, Measure, Statistic
from tallybook.ledger.trends import Moment
from tallybook.quantity.quantity import PLACES
from tallybook.reading.periods import UNSTATED, Period, parse
from tallybook.site import pages
from tallybook.site.pages import Page
from tallybook.tables import disagreements
from tallybook.tables.disagreements import Disagreement

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
    "on the order of": "by how large it is, and no more",
}
_ALLOWED = "What its words allow"
FIELD_NAMES = {
    "period": "time", "scope": "covers", "of": "measured against",
    "compared_with": "compared with", "condition": "condition", "members": "list",
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A place in a document that states the figure, with the runs that bear it.

    `published` is when the document was, in words, `address` where readers find it, and `page` the
    words for its page; "" where that is not known. `says` is what the sentence around says, in our
    words.
    """

    source: str
    title: str
    publisher: str
    published: str
    section: str
    page: str
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
    from the text around) with the reason, `over_time` the series that it is one of. Of a derived
    one, `inputs` are the ids that it is computed from, `reasons` why these may be combined, and
    `published_by` the path of the notebook. `derived` are the figures that are computed from this
    one, `shown_on` the paths of the pages that show it, `changes` what changed of it, the newest
    first.
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
    over_time: tuple[Moment, ...]
    others: tuple[OtherFigure, ...]
    items: tuple[Item, ...]
    shown_on: tuple[str, ...]
    changes: tuple[Step, ...]

    @property
    def hedge(self) -> str:
        """How a stated figure is said, in words; "" of a derived one."""
        record = self.statistic
        if record is None:
            return ""
        said = _PRINTED_AS[record.bound]
        if record.high_bound:
            high = _PRINTED_AS[record.high_bound]
            return f"as a range; its lower end {said}, its upper end {high}"
        if record.is_range:
            ends = "as a range, its ends" if record.bound == "exact" else "as a range,"
            return f"{ends} {said.replace('this number', 'this range')}"
        return said if record.low is None else f"{said}, with an interval beside it"

    @property
    def allows(self) -> str:
        """What its interval is: as stated, computed here, or what its words allow."""
        if self.statistic is None:
            return "Computed interval"
        if self.level:
            return "The interval beside it"
        is_known = None not in self.figure.quantity.known_ends
        return "The range, as stated" if self.statistic.is_range and is_known else _ALLOWED

    @property
    def level(self) -> str:
        """What the interval beside a value is, such as "95% interval"; "" where there is none."""
        if self.statistic is None or self.statistic.is_range:
            return ""
        return printed.interval_in_words(self.statistic)

    @property
    def kind(self) -> str:
        """What sort of figure it is, and what is counted where its label may not say so."""
        if not self.measure:
            return ""
        is_plain = self.measure.unit in ("fraction", "times", *PLACES)
        return self.measure.kind if is_plain else f"{self.measure.kind}, in {self.measure.unit}"

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the figures that it is computed from may be combined."""
        return self.figure.quantity.reasons


class AllDetails(Mapping[str, FigureDetails]):
    """What is to be known of every stated and published figure, by its id.

    It is found when it is asked for: a page of a large ledger shows few of its figures.
    """

    def __init__(self, ledger: Ledger, book: Sequence[Page]) -> None:
        self._ledger, self._book = ledger, book
        self._ids = dict.fromkeys((*ledger.statistics, *sorted(ledger.published)))
        self._found: dict[str, FigureDetails] = {}
        self._pairs: dict[str, list[Disagreement]] = {}
        self._in_time: dict[str, tuple[Moment, ...]] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, wanted: object) -> bool:
        return wanted in self._ids

    def __getitem__(self, wanted: str) -> FigureDetails:
        if wanted not in self._found:
            if wanted not in self._ids:
                raise KeyError(wanted)
            if (statistic := self._ledger.statistics.get(wanted)) and wanted not in self._pairs:
                self._look_at_measure(statistic.measure)
            pairs, in_time = self._pairs.get(wanted, ()), self._in_time.get(wanted, ())
            self._found[wanted] = _details(
                self._ledger, wanted, self._book, found=pairs, over_time=in_time
            )
        return self._found[wanted]

    def _look_at_measure(self, measure: str) -> None:
        """Find how the figures of a measure differ, and which are series."""
        statistics = questions.select(self._ledger, measure=measure)
        self._pairs |= {statistic.id: [] for statistic in statistics}
        for pair in disagreements.find(self._ledger, measure):
            self._pairs[pair.first.id].append(pair)
            self._pairs[pair.second.id].append(pair)
        for found in trends.series(statistics):
            moments = tuple(trends.moments(found, self._ledger.quantity))
            self._in_time |= dict.fromkeys((moment.statistic.id for moment in moments), moments)


def _details(
    ledger: Ledger,
    wanted: str,
    book: Sequence[Page],
    *,
    found: Iterable[Disagreement],
    over_time: tuple[Moment, ...],
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
        over_time=over_time,
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
        page=f"page {citation.page}" if citation.page else "",
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
    if name == "period":
        return phrases.period(record, in_full=True)
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
