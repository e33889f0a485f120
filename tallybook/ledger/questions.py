"""Questions that notebooks ask a ledger, answered by its records.

Which statistics there are of something, how those of one measure differ, what an item of the
comparison rests on, and which of its parts have no figure. Answers are in the order of the
documents: by source, section and id.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from urllib.parse import urlencode

from tallybook.errors import BadQuestion, UnknownId
from tallybook.ledger import trends
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.records import Event, Item, Link, Missing, Statistic
from tallybook.reading.periods import BadPeriod, Period, parse

# What two statistics of one measure may differ in. A reading and a rounding are left out: they are
# the editors' and no party's.
FIELDS = (
    "value", "low", "high", "level", "bound", "high_bound", "period", "scope", "of",
    "compared_with", "condition", "members", "party",
)  # fmt: skip
_PARTS = ("part", "reply")  # the roles of relations of items that do not stand by themselves


@dataclass(frozen=True)
class Difference:
    """Two statistics of one measure, and the fields in which they differ."""

    first: Statistic
    second: Statistic
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Support:
    """An item that another rests on or is linked with, and that link; None for the item itself."""

    item: Item
    link: Link | None


@dataclass(frozen=True)
class Basis:
    """Everything that an item of the comparison rests on.

    `parts` are the item itself and, link by link, the items that are parts of it or reply to it;
    `linked` are the items with another link to or from it. `statistics`, `events` and `missing` are
    those of the parts.
    """

    parts: list[Support]
    linked: list[Support]
    statistics: list[Statistic]
    events: list[Event]
    missing: list[Missing]


def select(
    ledger: Ledger,
    *,
    measure: str | None = None,
    source: str | None = None,
    party: str | None = None,
    period: str | None = None,
    scope: str | None = None,
) -> list[Statistic]:
    """The statistics that fit every criterion given.

    `period` is an EDTF date or interval, or "unstated": statistics over a time that has a day in
    common with it. `scope` is words that stand in the scope, whatever their case. Raises UnknownId
    for a measure, source or party that there is none of, and BadQuestion for a period that is none.

    >>> import tallybook
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> [statistic.id for statistic in select(ledger, source="report", period="2016")]
    ['repair-time-2016']
    """
    given = {"measure": measure, "source": source, "party": party, "period": period, "scope": scope}
    if measure is not None:
        ledger.measure(measure)
    if source is not None:
        ledger.source(source)
    if period is not None:
        try:
            parse(period)
        except BadPeriod as error:
            raise BadQuestion(str(error)) from None
    # One text, so that a tracked ledger stores the question with its answer.
    criteria = urlencode({name: value for name, value in given.items() if value is not None})
    found = [ledger.statistics[name] for name in ledger.selected(criteria)]
    # Checked only where nothing is found, because it reads the party of every statistic, and a
    # notebook that reads them all becomes stale with each.
    if party is not None and not found:
        parties = {s.party.casefold(): s.party for s in ledger.statistics.values()}
        if party.casefold() not in parties:
            raise UnknownId("party", party, parties.values())
    return found


def differing_fields(statistics: Iterable[Statistic]) -> tuple[str, ...]:
    """The fields in which these statistics are not all the same.

    >>> import tallybook
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> pair = ledger.statistic("repair-time-2016"), ledger.statistic("stores-closed-2017")
    >>> differing_fields(pair)
    ('value', 'bound', 'period')
    """
    given = list(statistics)
    return tuple(name for name in FIELDS if len({_field(s, name) for s in given}) > 1)


def differences(ledger: Ledger, measure: str | None = None) -> list[Difference]:
    """Every two statistics of one measure that differ in a field; of one measure, or of all.

    Two of different times in one series are left out, for that is a change and no difference; of a
    series, others are set beside its statistic of their own time, where it has one. Raises
    UnknownId.

    >>> import tallybook
    >>> differences(tallybook.load("tests/books/kettles"), "stores-closed")
    []
    """
    found = []
    for name in [ledger.measure(measure).id] if measure else list(ledger.measures):
        statistics = select(ledger, measure=name)
        of_series = trends.series(statistics)
        for a, b in combinations(statistics, 2):
            fields = differing_fields((a, b))
            if fields and not trends.is_told_by_another(of_series, a, b):
                found.append(Difference(a, b, fields))
    return found


def _field(statistic: Statistic, name: str) -> str:
    value = getattr(statistic, name)
    if name == "members":  # two documents may print the same list in another order
        value = sorted(value or ())
    return value.text if isinstance(value, Period) else repr(value)


def rests_on(ledger: Ledger, wanted: str) -> Basis:
    """Everything that an item of the comparison rests on. Raises UnknownId.

    >>> import tallybook
    >>> basis = rests_on(tallybook.load("tests/books/kettles"), "repair-more")
    >>> [support.item.id for support in basis.parts], [s.id for s in basis.statistics]
    (['repair-more', 'plants-repair'], ['repair-plants'])
    """
    item = ledger.item(wanted)
    parts = {item.id: Support(item, None)}
    for support in _parts(ledger, item):
        known = parts.setdefault(support.item.id, support)
        # One that answers the item by itself does so whatever else it belongs to.
        if known.link and support.link and known.link.to != item.id == support.link.to:
            parts[support.item.id] = support
    links = [*((ledger.items[link.to], link) for link in item.links), *_links_to(ledger, item)]
    linked = [Support(other, link) for other, link in links if other.id not in parts]
    items = [support.item for support in parts.values()]

    def named(field: str) -> dict[str, None]:
        return dict.fromkeys(name for part in items for name in getattr(part, field))

    return Basis(
        parts=list(parts.values()),
        linked=linked,
        statistics=sorted((ledger.statistics[n] for n in named("statistics")), key=ledger.place),
        events=[ledger.events[name] for name in named("events")],
        missing=[ledger.missing[name] for name in named("missing")],
    )


def _parts(ledger: Ledger, item: Item, above: frozenset[str] = frozenset()) -> Iterator[Support]:
    """The items that are parts of an item or reply to it, and theirs in turn."""
    above |= {item.id}  # items may be linked in a ring
    for other, link in _links_to(ledger, item):
        if ledger.role_of(link) in _PARTS and other.id not in above:
            yield Support(other, link)
            yield from _parts(ledger, other, above)


def _links_to(ledger: Ledger, item: Item) -> Iterator[tuple[Item, Link]]:
    for other in (ledger.items[name] for name in ledger.linked_to(item.id)):
        yield from ((other, link) for link in other.links if link.to == item.id)


def without_figures(ledger: Ledger, wanted: str) -> list[Item]:
    """The parts of an item, itself included, that name no statistic. Raises UnknownId.

    >>> import tallybook
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> [item.id for item in without_figures(ledger, "repair-more")]
    ['repair-more']
    """
    return [s.item for s in rests_on(ledger, wanted).parts if not s.item.statistics]


def used_by(ledger: Ledger, wanted: str) -> list[Item]:
    """The items of the comparison that name a statistic, event or missing figure.

    >>> import tallybook
    >>> [item.id for item in used_by(tallybook.load("tests/books/kettles"), "repair-plants")]
    ['plants-repair']
    """
    return [ledger.items[name] for name in ledger.naming(wanted)]
