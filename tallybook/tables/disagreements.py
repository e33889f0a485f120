"""Statistics of one measure that do not say the same, and what sets them apart by their fields.

Nothing is judged by hand. A pair that differs in what it is about (time, scope, base, condition)
need not disagree; only one that differs in nothing but the value can contradict itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from tallybook.ledger import figures, questions
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.records import Measure, Statistic
from tallybook.ledger.references import Reference
from tallybook.quantity.interval import ImpossibleInterval, Interval
from tallybook.reading.periods import UNSTATED, Period
from tallybook.tables.table import Cell, Piece, Table, about, figure_piece, from_ledger

# What two statistics are about: what is said where it differs, and where a side leaves it open.
_ABOUT = {
    "period": ("are about different times", "are dated"),
    "scope": ("cover different things", "say what they cover"),
    "of": ("are measured against different things", "say what they are measured against"),
    "compared_with": ("compare with different times", "say with what time they compare"),
    "condition": ("hold under different conditions", "name a condition"),
}
_VERDICTS = {
    "the same": "the same number",
    "overlap": "could be the same number",
    "apart": "cannot be the same number",
    "overlap within error": "could be the same number, within the interval of uncertainty",
    "apart beyond error": "apart by more than the interval of uncertainty",
    "not known": "not known: their words leave it open",
}
# The bounds that name one end alone, the lower or the upper one.
_NAMES_LOWER, _NAMES_UPPER = (
    ("more than", "at least", "on the order of"),
    ("nearly", "less than", "up to"),
)


@dataclass(frozen=True)
class Disagreement:
    """Two statistics of one measure: in which fields they differ, and how their intervals lie.

    `intervals` is "the same", "overlap", "apart" or "not known". Where a side is a value with an
    interval beside it, it is "overlap within error" or "apart beyond error": such an interval says
    how sure one is, and does not exclude what lies outside.
    """

    measure: Measure
    first: Statistic
    second: Statistic
    fields: tuple[str, ...]
    intervals: str

    @property
    def about(self) -> tuple[str, ...]:
        """The fields of what they are about in which they differ, or which a side leaves open."""
        return tuple(name for name in _ABOUT if name in self.fields)

    @property
    def is_contradiction(self) -> bool:
        """Whether nothing but the number sets them apart."""
        is_told = self.about or self.fields in (("party",), ("members",))
        return not is_told and self.intervals.startswith("apart")

    @property
    def difference(self) -> str:
        """What sets them apart, from the fields alone, in sentences.

        >>> import tallybook
        >>> ledger = tallybook.load("tests/books/kettles")
        >>> one, other = map(ledger.statistic, ("stores-closed-2017", "repair-plants"))
        >>> of = ledger.measures[one.measure]
        >>> Disagreement(of, one, other, ("period", "scope"), "apart").difference
        'They cover different things. Not both are dated.'
        """
        if self.is_contradiction:
            return "Nothing but the number sets them apart."
        if self.fields == ("party",):
            return "Another party says it."
        if self.fields == ("members",):
            return "They list different things."
        if not self.about:
            return "They are worded or read differently."
        both = [n for n in self.about if all(map(_is_stated, self._values(n)))]
        differing = "; they ".join(_ABOUT[name][0] for name in both)
        left_open = "; not both ".join(_ABOUT[n][1] for n in self.about if n not in both)
        sentences = [differing and f"They {differing}.", left_open and f"Not both {left_open}."]
        return " ".join(filter(None, sentences))

    def _values(self, field: str) -> tuple[object, object]:
        return getattr(self.first, field), getattr(self.second, field)

    @property
    def verdict(self) -> str:
        """Whether the two could be one number, as readers are told."""
        return _VERDICTS[self.intervals]


def find(ledger: Ledger, measure: str | None = None) -> list[Disagreement]:
    """Every pair of statistics of one measure that does not say the same; of this one, or of all.

    Those that differ in the fewest things they are about come first.

    >>> import tallybook
    >>> from tallybook.tables import disagreements
    >>> disagreements.find(tallybook.load("tests/books/kettles"))
    []
    """
    found = [
        Disagreement(
            measure=ledger.measures[pair.first.measure],
            first=pair.first,
            second=pair.second,
            fields=pair.fields,
            intervals=_intervals(ledger, pair.first, pair.second),
        )
        for pair in questions.differences(ledger, measure)
    ]
    order = {name: place for place, name in enumerate(ledger.measures)}
    return sorted(found, key=lambda d: (len(d.about), order[d.measure.id], d.first.id, d.second.id))


def _is_stated(value: object) -> bool:
    text = value.text if isinstance(value, Period) else value
    return text not in (None, UNSTATED)


def _intervals(ledger: Ledger, one: Statistic, other: Statistic) -> str:
    first, second = (ledger.quantity(record.id).interval for record in (one, other))
    if first is None or second is None:
        return "not known"
    if first == second and one.value == other.value:
        return "the same"
    has_error = any(None not in (record.value, record.low) for record in (one, other))
    if not _overlap(first, second):
        return "apart beyond error" if has_error else "apart"
    if _leaves_open(one, first, second) or _leaves_open(other, second, first):
        return "not known"
    return "overlap within error" if has_error else "overlap"


def _leaves_open(record: Statistic, here: Interval, there: Interval) -> bool:
    """Whether a record's words do not say if it reaches as far as another figure.

    How far below "nearly 1,000" is, it does not say: with 72 it neither agrees nor disagrees. So
    with "more than 10" and 1,606, and with "up to 30 to 40" and 12.
    """
    least = here.high if record.low is None else record.low
    most = here.low if record.high is None else record.high
    is_open_below = record.bound in _NAMES_UPPER or (record.bound == "about" and record.high_bound)
    is_open_above = (record.high_bound or record.bound) in (*_NAMES_LOWER, "about")
    below = is_open_below and there.high < least
    return below or (is_open_above and there.low > most)


def _overlap(one: Interval, other: Interval) -> bool:
    try:
        return one.meet(other) is not None
    except ImpossibleInterval:  # their ends exclude each other
        return False


def differing_figures(ledger: Ledger, *, least: int = 0, most: int = len(_ABOUT)) -> Table:
    """The pairs of figures of one measure that do not say the same, and what sets them apart.

    `least` and `most` bound in how many of time, scope, base, base period and condition a pair
    differs.

    >>> import tallybook
    >>> from tallybook import tables
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> tables.differing_figures(ledger, most=1).columns
    ('Of', 'This', 'and this', 'What sets them apart', 'The numbers')
    """
    rows: list[list[Cell]] = []
    for one in find(ledger):
        if least <= len(one.about) <= most:
            two = ([_named(ledger, record)] for record in (one.first, one.second))
            rows.append([one.measure.label, *two, one.difference, one.verdict])
    return Table(("Of", "This", "and this", "What sets them apart", "The numbers"), rows)


def counts_and_lists(ledger: Ledger) -> Table:
    """The counts that are stated beside a list, and whether the list has as many members.

    >>> import tallybook
    >>> from tallybook import tables
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> print(tables.counts_and_lists(ledger))
    Stated | Listed | The list has
    three Kettle Company; the company | 3 | as many
    """
    rows: list[list[Cell]] = []
    for record in questions.select(ledger):
        if record.members:
            listed = ledger.listed(record.id)
            agrees = "as many" if listed.point == record.value else "another number"
            number = from_ledger(Reference("listed", record.id), f"{int(listed.point)}")
            rows.append([[_named(ledger, record)], number, agrees])
    return Table(("Stated", "Listed", "The list has"), rows)


def unlike_measures(ledger: Ledger) -> Table:
    """Measures whose figures look alike and count different things, each with the reason.

    >>> import tallybook
    >>> from tallybook import tables
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> print(tables.unlike_measures(ledger))
    This | is not this | Because
    """
    rows: list[list[Cell]] = []
    for measure in ledger.measures.values():
        for other in measure.unlike:
            mine, theirs = (_stated_of(ledger, name) for name in (measure.id, other))
            rows.append([mine, theirs, measure.unlike_because or ""])
    return Table(("This", "is not this", "Because"), rows)


def _stated_of(ledger: Ledger, wanted: str) -> Cell:
    stated = (_named(ledger, record) for record in questions.select(ledger, measure=wanted))
    return [[ledger.measures[wanted].label], *stated]


def _named(ledger: Ledger, record: Statistic) -> list[Piece]:
    figure = ledger.figure(record.id)
    shown = [figure_piece(figure), " ", record.party]
    shown += ["; ", *stated] if (stated := about(figure)) else []
    if record.condition:
        condition = ", ".join(figures.condition_in_words(record.condition))
        shown += ["; ", from_ledger(Reference("condition", record.id), condition)]
    return shown
