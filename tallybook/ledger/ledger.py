"""The records of a book, loaded and validated, and the questions that notebooks and pages ask them.

Notebooks get a ledger from `tallybook.load`, other modules from `loading.inspect`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import parse_qsl, urlencode

from tallybook.errors import UnknownId
from tallybook.ledger import figures, frames, phrases, printed, vocabulary
from tallybook.ledger.figures import Figure
from tallybook.ledger.records import (
    COUNTED,
    FIELDS_OF_LEDGER,
    AnswerKind,
    Audit,
    Changed,
    Dismissal,
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
from tallybook.quantity.interval import Interval, stated
from tallybook.quantity.quantity import Context, Quantity, days_between
from tallybook.reading.numerals import has_numeral
from tallybook.reading.periods import Period, parse
from tallybook.reading.statements import Known

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")
_REMEMBERED: dict[Path, Ledger] = {}
# The questions that have one text for an argument, and how an answer that changed is named.
QUESTIONS = {
    "of_subject": "the statistics of `{}`",
    "of_kinds": "the items of kind {}",
    "selected": "the statistics that fit {}",
    "linked_to": "the items linked to `{}`",
    "naming": "the items that name `{}`",
    "citing": "how many records cite `{}`",
    "count": "the count of {}",
    "colour_of": "the colour of {}",
    "colour_of_role": "the colour of who is {}",
}
_COUNTED_BY_NAME = ("sources", "measures", "statistics", "events", "missing", "dismissals")


@dataclass
class Ledger:
    """The figures of a book, each held once.

    `names` are by the name itself, in the order of the alphabet, `changes` in
    that of their dates; `parties`, `kinds` (of items),
    `relations` and `answer_kinds` by what records call them, in the order of their files.
    `subjects` has the ids of the statistics of each file of data/statistics. `published` are the
    figures that were derived here, `elsewhere` gives those that notebooks hold, when it is called.

    >>> import tallybook
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> ledger.statistic("stores-closed-2017").bound, ledger.measure("stores-closed").unit
    ('more than', 'stores')
    >>> ledger.source("report").party, str(ledger.event("plant-opened").date)
    ('Kettle Company', '6 June 2017')
    >>> ledger.item("plants-repair").label, ledger.missing_figure("lids-made").label
    ('Plants repair', 'How many lids are made')
    >>> str(ledger.period("repair-time-2016"))
    '2016'
    """

    root: Path
    sources: dict[str, Source] = field(default_factory=dict)
    measures: dict[str, Measure] = field(default_factory=dict)
    statistics: dict[str, Statistic] = field(default_factory=dict)
    events: dict[str, Event] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    missing: dict[str, Missing] = field(default_factory=dict)
    dismissals: list[Dismissal] = field(default_factory=list)
    audits: list[Audit] = field(default_factory=list)
    renamed: dict[str, Renamed] = field(default_factory=dict)
    names: dict[str, Name] = field(default_factory=dict)
    changes: list[Changed] = field(default_factory=list)
    parties: dict[str, Party] = field(default_factory=dict)
    kinds: dict[str, Kind] = field(default_factory=dict)
    relations: dict[str, Relation] = field(default_factory=dict)
    answer_kinds: dict[str, AnswerKind] = field(default_factory=dict)
    subjects: dict[str, list[str]] = field(default_factory=dict)
    published: dict[str, Figure] = field(default_factory=dict)
    elsewhere: Callable[[], Mapping[str, Figure]] = dict
    # A notebook or page asks for the same figure again and again.
    _shown: dict[str, Figure] = field(default_factory=dict, init=False, repr=False, compare=False)

    def statistic(self, wanted: str) -> Statistic:
        """The record of one statistic. Raises UnknownId with the nearest id."""
        if wanted not in self.statistics and wanted in self.renamed:
            raise UnknownId("statistic", wanted, (), now=self.renamed[wanted].new)
        return _found("statistic", wanted, self.statistics)

    def measure(self, wanted: str) -> Measure:
        """The record of one measure. Raises UnknownId."""
        return _found("measure", wanted, self.measures)

    def source(self, wanted: str) -> Source:
        """The record of one source. Raises UnknownId."""
        return _found("source", wanted, self.sources)

    def event(self, wanted: str) -> Event:
        """The record of one event. Raises UnknownId."""
        return _found("event", wanted, self.events)

    def missing_figure(self, wanted: str) -> Missing:
        """The record of a figure that a document does not give. Raises UnknownId."""
        return _found("missing figure", wanted, self.missing)

    def item(self, wanted: str) -> Item:
        """The record of one item of the comparison. Raises UnknownId."""
        return _found("item", wanted, self.items)

    @property
    def spelled(self) -> tuple[str, ...]:
        """Every spelling of every name of the book, those of its parties included."""
        names = (text for name in self.names.values() for text in name.spellings)
        parties = self.parties.values()
        return (*names, *(text for p in parties for text in (p.name, p.short, *p.speakers)))

    def kind(self, wanted: str) -> Kind:
        """What the vocabulary says of a kind of item. Raises UnknownId.

        >>> import tallybook
        >>> tallybook.load("tests/books/kettles").kind("reply").plural
        'replies'
        """
        return _found("kind of item", wanted, self.kinds)

    def kinds_with(self, role: str) -> list[Kind]:
        """The kinds of items that have a role, in the order of the vocabulary."""
        return [kind for kind in self.kinds.values() if kind.role == role]

    def role_of(self, link: Link) -> str:
        """What a link makes of its item: "part", "reply", "difference" or ""."""
        relation = self.relations.get(link.relation)
        return (relation.role if relation else "") or ""

    def quantity(self, wanted: str) -> Quantity:
        """A statistic, or a derived figure, to calculate with. Raises UnknownId.

        >>> import tallybook
        >>> str(tallybook.load("tests/books/kettles").quantity("stores-closed-2017").interval)
        '(1000, inf)'
        """
        # Statistics first: derived figures are read out of notebooks, which takes longer.
        if wanted not in self.statistics and (figure := self.derived(wanted)):
            return figure.quantity
        statistic = self.statistic(wanted)
        measure = self.measures[statistic.measure]
        interval = printed.stated_interval(statistic, measure)
        return Quantity(
            point=statistic.point,
            interval=interval,
            unit=measure.unit,
            natural=printed.unsaid_limits(statistic, measure, interval),
            inputs=frozenset({wanted}),
            contexts=_contexts(statistic),
            sign=printed.sign_of_currency(statistic, measure.unit),
        )

    def threshold(self, wanted: str) -> Quantity:
        """The number in the condition of a statistic, per unit of what the statistic counts.

        "More than RMB 100 million each" gives RMB per case. Raises UnknownId.

        >>> import tallybook
        >>> ledger = tallybook.load("tests/books/kettles")
        >>> str(ledger.threshold("share-handled-2017").interval)
        '[0, 24]'
        """
        statistic = self.statistic(wanted)
        condition = statistic.condition
        if condition is None or condition.value is None:
            raise UnknownId("number in a condition of", wanted, [])
        # A condition has a hedge or is exact by rule: no rounding of its last digit is allowed for.
        natural = Interval(Fraction(0))
        interval = stated(
            condition.value, str(condition.bound), half_unit=Fraction(0), natural=natural
        )
        unit = f"{condition.unit} per {self.measures[statistic.measure].unit}"
        inputs, contexts = frozenset({wanted}), _contexts(statistic)
        return Quantity(condition.value, interval, unit, natural, inputs, contexts)

    def quantities(self, *wanted: str) -> list[Quantity]:
        """Several figures to calculate with, in the order given. Raises UnknownId."""
        return [self.quantity(name) for name in wanted]

    def days_between(self, earlier: str, later: str) -> Quantity:
        """The days from an event to another, as their dates allow. Raises UnknownId.

        >>> import tallybook
        >>> ledger = tallybook.load("tests/books/kettles")
        >>> str(ledger.days_between("plant-opened", "plant-opened").interval)
        '[0, 0]'
        """
        spans = []
        for event in (self.event(earlier), self.event(later)):
            first, last = event.date.first, event.date.last
            if first is None or last is None:
                raise UnknownId("date with a beginning and an end of event", event.id, [])
            spans.append((first, last))
        return replace(days_between(*spans), inputs=frozenset({earlier, later}))

    def figure(self, wanted: str) -> Figure:
        """A statistic, or a derived figure, to show. Raises UnknownId.

        >>> import tallybook
        >>> figure = tallybook.load("tests/books/kettles").figure("share-handled-2017")
        >>> figure.words, figure.label
        ('97%', 'share of requests handled in time, within 24 hours')
        """
        if wanted not in self.statistics and (figure := self.derived(wanted)):
            return figure
        if wanted not in self._shown:
            statistic = self.statistic(wanted)
            measure = self.measures[statistic.measure]
            self._shown[wanted] = figures.stated(statistic, measure, lambda: self.quantity(wanted))
        return self._shown[wanted]

    def figures(self, *wanted: str) -> list[Figure]:
        """Several figures to show, in the order given. Raises UnknownId."""
        return [self.figure(name) for name in wanted]

    def listed(self, wanted: str) -> Quantity:
        """The number of members in a statistic's own list, to set beside the count that is stated.

        Raises UnknownId.

        >>> import tallybook
        >>> str(tallybook.load("tests/books/kettles").listed("repair-plants").point)
        '3'
        """
        statistic = self.statistic(wanted)
        if statistic.members is None:
            raise UnknownId("list of members in", wanted, [])
        # In the context of the statistic, so that the two may be set against each other.
        counted = Quantity.exactly(len(statistic.members), self.measures[statistic.measure].unit)
        return replace(counted, inputs=frozenset({wanted}), contexts=_contexts(statistic))

    def period(self, wanted: str) -> Period:
        """The period of a statistic, or the date of an event. Raises UnknownId."""
        if wanted in self.events:
            return self.events[wanted].date
        if wanted in self.statistics:
            return self.statistics[wanted].period
        raise UnknownId("statistic or event", wanted, [*self.statistics, *self.events])

    def subject(self, wanted: str) -> list[Statistic]:
        """The statistics of one file, in the order of the documents. Raises UnknownId.

        >>> import tallybook
        >>> [s.id for s in tallybook.load("tests/books/kettles").subject("kettles")][-1]
        'requests-decline-2017'
        """
        return [self.statistics[name] for name in self.of_subject(wanted)]

    def derived(self, wanted: str) -> Figure | None:
        """A figure that was derived here, or that the outputs of another notebook hold."""
        # What this process has computed counts before what an earlier execution has stored.
        return self.published.get(wanted) or self.elsewhere().get(wanted)

    def place(self, statistic: Statistic) -> tuple[int, int, str]:
        """Where a statistic is first cited: which document, which section; then its id."""
        citation = statistic.cited[0]
        return *self._sections[citation.source, citation.section], statistic.id

    @cached_property
    def _sections(self) -> dict[tuple[str, str], tuple[int, int]]:
        """The places of the sections of documents, by the document's id and the section's name."""
        return {
            (source.id, section.name): (place, number)
            for place, source in enumerate(self.sources.values())
            for number, section in enumerate(source.sections)
        }

    @cached_property
    def _of_measure(self) -> dict[str, list[Statistic]]:
        found: dict[str, list[Statistic]] = {}
        for statistic in self.statistics.values():
            found.setdefault(statistic.measure, []).append(statistic)
        return found

    def frame(
        self,
        subject: str = "",
        *,
        measure: str = "",
        party: str = "",
        source: str = "",
        ids: Iterable[str] | Mapping[str, str] | None = None,
    ) -> pd.DataFrame:
        """Figures as a pandas data frame, a row each.

        They are the statistics that fit all that is given, in the order of the documents; or those
        of `ids`, in that order: statistics, derived figures and events. A mapping from id to label
        sets the labels too. Columns are id, label, words, value, low, high, bound, unit, measure,
        party, period, start, end, scope and source: `value` is in `unit`, `low` and `high` are the
        ends that the words allow (NaN where an end is open), `start` and `end` the first and last
        day of the period (NaT where it is not stated), `source` the ids of the documents. Raises
        UnknownId.

        >>> import tallybook
        >>> frame = tallybook.load("tests/books/kettles").frame("kettles")
        >>> frame.set_index("id").loc["stores-closed-2017", ["words", "bound", "period"]].to_list()
        ['more than 1,000', 'more than', '2017']
        """
        if ids is not None:
            return frames.frame(self, ids)
        if measure:
            self.measure(measure)
        if source:
            self.source(source)
        given = {"measure": measure, "party": party, "source": source}
        found = self.selected(urlencode({name: text for name, text in given.items() if text}))
        if party and not found:
            known = {statistic.party: party for statistic in self.statistics.values()}
            _found("party", party, known)
        wanted = set(self.of_subject(subject)) if subject else set(found)
        return frames.frame(self, [name for name in found if name in wanted])

    def links(self, *kinds: str) -> pd.DataFrame:
        """The links between the items of these kinds as a data frame, a row each.

        Columns are id, label, to, to_label, relation, basis, party and source; a link leads from
        the item `id` to the item `to`. Raises UnknownId for a kind that no item can be of.

        >>> import tallybook
        >>> tallybook.load("tests/books/kettles").links("demand", "reply")["relation"].to_list()
        ['replies to']
        """
        for kind in kinds:
            self.kind(kind)
        return frames.links(self, self.of_kinds(" ".join(kinds)))

    # The questions of QUESTIONS have one text for an argument and ids or a number for an answer, so
    # that an executed notebook can store what it asked and what the answer was.

    def of_subject(self, wanted: str) -> list[str]:
        """The ids of the statistics of one file, in the documents' order. Raises UnknownId."""
        found = [self.statistics[name] for name in _found("subject", wanted, self.subjects)]
        return [statistic.id for statistic in sorted(found, key=self.place)]

    def of_kinds(self, kinds: str) -> list[str]:
        """The ids of the items of some kinds: "reply", or several, parted by spaces."""
        return [item.id for item in self.items.values() if item.kind in kinds.split()]

    def selected(self, criteria: str) -> list[str]:
        """The ids of the statistics that fit all of `measure=…&source=…&party=…&period=…&scope=…`.

        In the order of the documents; the case of party and scope does not matter. Raises
        BadPeriod.
        """
        given = dict(parse_qsl(criteria, keep_blank_values=True))
        time = parse(given["period"]) if "period" in given else None
        measure = given.get("measure")
        every = self.statistics.values() if measure is None else self._of_measure.get(measure, ())
        found = [
            statistic
            for statistic in every
            if given.get("source") in (None, *_sources(statistic))
            and given.get("party", statistic.party).casefold() == statistic.party.casefold()
            and (time is None or statistic.period.overlaps(time))
            and given.get("scope", "").casefold() in statistic.scope.casefold()
        ]
        return [statistic.id for statistic in sorted(found, key=self.place)]

    def linked_to(self, wanted: str) -> list[str]:
        """The ids of the items with a link to this one."""
        return self._linked.get(wanted, [])

    def naming(self, wanted: str) -> list[str]:
        """The ids of the items that name a statistic, an event or a missing figure."""
        items = self.items.values()
        return [i.id for i in items if wanted in (*i.statistics, *i.events, *i.missing)]

    def citing(self, source: str) -> int:
        """The number of records that cite a source."""
        return sum(source in _sources(record) for record in self.records())

    def has(self, wanted: str) -> bool:
        """Whether a record of any kind has this id."""
        return any(getattr(record, "id", None) == wanted for record in self.records())

    def count(self, wanted: str) -> int:
        """The number of records of a kind, of a subject, or of the members of a statistic's list.

        Kinds are "statistics", the plurals of the vocabulary and so on; a list is named by the
        statistic's id. Raises UnknownId.

        >>> import tallybook
        >>> ledger = tallybook.load("tests/books/kettles")
        >>> ledger.count("demands"), ledger.count("kettles"), ledger.count("repair-plants")
        (1, 6, 3)
        """
        if wanted in self.statistics:
            return int(self.listed(wanted).point)
        # Kinds of items are there also where a book has none of one: it may say that.
        counts = {
            **{name: len(getattr(self, name)) for name in _COUNTED_BY_NAME},
            **{name: int(sum(getattr(a, name) for a in self.audits)) for name in COUNTED},
            **{kind.counted: len(self.of_kinds(name)) for name, kind in self.kinds.items()},
            **{subject: len(ids) for subject, ids in self.subjects.items()},
        }
        return _found("count", wanted, counts)

    @property
    def counted_by_name(self) -> tuple[str, ...]:
        """The names by which all but items are counted."""
        return (*_COUNTED_BY_NAME, *COUNTED, *self.subjects)

    def colour_of(self, party: str) -> str:
        """The colour of a party, such as "blue"; "grey" of what no party states.

        >>> import tallybook
        >>> ledger = tallybook.load("tests/books/kettles")
        >>> ledger.colour_of("Kettle Company"), ledger.colour_of("computed here")
        ('orange', 'grey')
        """
        return self._colours.get(party, vocabulary.NEUTRAL)

    def colour_of_role(self, role: str) -> str:
        """The colour of the first party with a role; "grey" if there is none."""
        names = (party.name for party in self.parties.values() if party.role == role)
        return self.colour_of(next(names, ""))

    @cached_property
    def _colours(self) -> dict[str, str]:
        return vocabulary.colours(self.parties.values())

    @cached_property
    def known(self) -> Known:
        """The dates and names that the records have, which a text may hold without a record.

        >>> import tallybook
        >>> known = tallybook.load("tests/books/kettles").known
        >>> known.knows("2017-06-06"), known.knows("2019")
        (True, False)
        """
        times: set[Period | None] = {event.date for event in self.events.values()}
        times |= {item.period for item in self.items.values()}
        times |= {source.published for source in self.sources.values()}
        for statistic in self.statistics.values():
            times |= {statistic.period, statistic.compared_with}
        spans = sorted({name for time in times if time for name in time.short_names})
        return Known(
            dates=frozenset(end for time in times if time for end in time.ends),
            names=(*filter(has_numeral, self.spelled), *dict.fromkeys(self._fiscal_years), *spans),
        )

    @property
    def _fiscal_years(self) -> Iterator[str]:
        """The names by which documents call the periods of statistics."""
        for statistic in self.statistics.values():
            if (name := phrases.period(statistic)) != str(statistic.period):
                yield name

    # Links are stored at the item that makes them, and asked for from the other end.
    @cached_property
    def _linked(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for item in self.items.values():
            for other in dict.fromkeys(link.to for link in item.links):
                found.setdefault(other, []).append(item.id)
        return found

    def records(self) -> Iterator[Record]:
        """Every record, file by file."""
        for name in FIELDS_OF_LEDGER.values():
            records = getattr(self, name)
            yield from records.values() if isinstance(records, Mapping) else records


def _found(kind: str, wanted: str, known: dict[str, T]) -> T:
    try:
        return known[wanted]
    except KeyError:
        raise UnknownId(kind, wanted, known) from None


def _sources(record: Record) -> list[str]:
    """The documents that a record cites, each once."""
    return [*dict.fromkeys(mention.source for mention in getattr(record, "cited", ()))]


def _contexts(statistic: Statistic) -> frozenset[Context]:
    # Texts that are compared for being the same: a scope that is worded otherwise is another one.
    base = [statistic.of or "", statistic.compared_with.text if statistic.compared_with else ""]
    condition = statistic.condition
    context = Context(
        period=statistic.period.text,
        scope=statistic.scope,
        base=" against ".join(part for part in base if part),
        condition=repr(condition) if condition else "",
    )
    return frozenset({context})


def remember(ledger: Ledger) -> None:
    """Keep a ledger in mind, by which frames are checked as soon as they are shown."""
    _REMEMBERED.pop(ledger.root, None)
    _REMEMBERED[ledger.root] = ledger


def remembered() -> list[Ledger]:
    """The ledgers of this process, one a book, the last one first.

    What is shown has to be as one of them has it; the build compares it with the book's own.
    """
    return [*reversed(_REMEMBERED.values())]
