"""Figures as a pandas data frame: a row each, with everything that the ledger says of it.

A chart or a table that is made of such a frame is checked by the ids in it, against the same rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Protocol, TypedDict

from tallybook.ledger import phrases, printed
from tallybook.ledger.figures import Figure, unit_in_words
from tallybook.ledger.records import Event, Item, Statistic
from tallybook.reading.periods import Period

if TYPE_CHECKING:
    import pandas as pd

    from tallybook.quantity.quantity import Quantity


class Row(TypedDict):
    """What the ledger says of a figure or an event; an end or a date that is not known is None."""

    id: str
    label: str  # the figure's or the event's
    words: str  # the figure as its party states it; the date of an event
    value: float | None  # in `unit`; None for an event, or for what cannot be bounded
    low: float | None  # the least that the words allow
    high: float | None  # the most that they allow
    bound: str  # "exact", "more than", …; of a computed figure what its ends make it
    interval: str  # what the ends are where they are printed: "range", "95% interval"; else ""
    unit: str
    measure: str  # its id; "" for a computed figure or an event
    party: str
    period: str  # in words
    start: date | None  # its first day
    end: date | None  # its last day
    scope: str  # in words; "" where none is stated
    source: str  # the ids of the documents that state it


TEXTS = frozenset("label words bound interval unit measure party period scope source".split())
NUMBERS = frozenset(("value", "low", "high"))
DATES = frozenset(("start", "end"))
COLUMNS = tuple(Row.__annotations__)
LINKS = ("id", "label", "to", "to_label", "relation", "basis", "party", "source")
KEPT = "keep the rows of ledger.frame(...) as they are"
_BETWEEN = {
    (True, True): "between", (True, False): "more than", (False, True): "less than",
    (False, False): "unbounded",
}  # fmt: skip


class Records(Protocol):
    """What is asked of a ledger here; the ledger itself imports this module."""

    events: dict[str, Event]
    statistics: dict[str, Statistic]

    def figure(self, wanted: str) -> Figure:
        """A statistic or a derived figure. Raises UnknownId."""

    def item(self, wanted: str) -> Item:
        """An item of the comparison. Raises UnknownId."""


def row(ledger: Records, wanted: str, label: str | None = None) -> Row:
    """What the ledger says of one figure or event, by another label if one is given.

    Raises UnknownId.

    >>> import tallybook
    >>> found = row(tallybook.load("tests/books/kettles"), "stores-closed-2017")
    >>> found["words"], found["low"], found["high"], str(found["end"])
    ('more than 1,000', 1000.0, None, '2017-12-31')
    """
    if wanted in ledger.events:
        return _of_event(ledger.events[wanted], label)
    figure = ledger.figure(wanted)
    records = _records(ledger, figure)
    low, high = figure.quantity.known_ends
    start, end = _days(records)
    statistic = ledger.statistics[wanted] if not figure.is_derived else None
    # A range is told by its ends, as what is computed is; its value here is their middle.
    is_a_value = statistic is not None and not statistic.is_range
    return {
        "id": wanted,
        "label": figure.label if label is None else label,
        "words": figure.words,
        "value": _number(figure.number),
        "low": _number(low),
        "high": _number(high),
        "bound": statistic.bound if statistic and is_a_value else _bound(figure.quantity),
        "interval": printed.interval_in_words(statistic) if statistic else "",
        "unit": unit_in_words(figure.quantity.unit),
        "measure": statistic.measure if statistic else "",
        "party": figure.party,
        "period": period(ledger, wanted),
        "start": start,
        "end": end,
        "scope": figure.scope,
        "source": _joined(m.source for record in records for m in record.cited),
    }


def period(ledger: Records, wanted: str) -> str:
    """The period of a figure in words, or those of its inputs if it is computed.

    Of an event it is the date. Raises UnknownId.
    """
    if wanted in ledger.events:
        return str(ledger.events[wanted].date)
    figure = ledger.figure(wanted)
    if not figure.is_derived:
        return figure.period
    records = _records(ledger, figure)
    return _joined(
        str(record.date) if isinstance(record, Event) else phrases.period(record)
        for record in records
    )


def sources(ledger: Records, wanted: str) -> list[str]:
    """The ids of the documents that state a figure, its inputs or an event. Raises UnknownId."""
    if event := ledger.events.get(wanted):
        return [*dict.fromkeys(mention.source for mention in event.cited)]
    found = _records(ledger, ledger.figure(wanted))
    return [*dict.fromkeys(mention.source for record in found for mention in record.cited)]


def frame(ledger: Records, ids: Iterable[str] | Mapping[str, str]) -> pd.DataFrame:
    """A data frame with a row for each id, in this order; a mapping gives the labels too.

    Its columns are those of Row; `value`, `low` and `high` are floats, `start` and `end` dates.
    Raises UnknownId.
    """
    import pandas as pd  # noqa: PLC0415  # a second of import, for those who ask for a frame

    # A label that is not shown is not read either: a notebook is not stale where it changes.
    labels = ids if isinstance(ids, Mapping) else {}
    rows = [row(ledger, wanted, labels.get(wanted)) for wanted in ids]
    kinds = dict.fromkeys(NUMBERS, "float64") | dict.fromkeys(DATES, "datetime64[s]")
    kinds |= dict.fromkeys(("id", *TEXTS), "str")
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(kinds)


def changes(row: Mapping[str, Any], known: Mapping[str, Any]) -> Iterator[str]:
    """What a row has otherwise than the ledger, each as a sentence; its label may be anyone's.

    >>> import tallybook
    >>> known = row(tallybook.load("tests/books/kettles"), "stores-closed-2017")
    >>> [*changes({"id": "stores-closed-2017", "value": 1700}, known)][0].partition(": ")[0]
    "the row of 'stores-closed-2017' has 1700 for value, the ledger has 1000.0"
    """
    for name in COLUMNS[2:]:
        if name in row and name in known and not is_same(row[name], known[name], name):
            shown = known[name]
            shown = str(shown) if isinstance(shown, date) else shown
            yield (
                f"the row of {known['id']!r} has {row[name]!r} for {name}, "
                f"the ledger has {shown!r}: {KEPT}"
            )


def changes_of_link(row: Mapping[str, Any], ledger: Records) -> Iterator[str]:
    """What a row of a link has otherwise than the ledger, as a sentence. Raises UnknownId."""
    link = next((e for e in link_rows(ledger, str(row["id"])) if e["to"] == row["to"]), None)
    names = ("relation", "basis", "party", "label", "to_label", "source")
    if link is None or any(row.get(name, link[name]) != link[name] for name in names):
        yield (
            f"the ledger has no link {row['relation']!r}, {row.get('basis', '')!r} from "
            f"{row['id']!r} to {row['to']!r}: take the rows from ledger.links(...)"
        )


def is_same(shown: Any, expected: Any, name: str) -> bool:
    """Whether a value of a row is the one that the ledger has in this column."""
    if name in DATES:
        return (str(shown)[:10] if shown else None) == (expected.isoformat() if expected else None)
    if name in NUMBERS and expected is not None and isinstance(shown, int | float):
        return not isinstance(shown, bool) and bool(float(shown) == expected)
    return bool(shown == expected)


def links(ledger: Records, ids: Iterable[str]) -> pd.DataFrame:
    """A data frame of the links between these items, a row each: from `id` to `to`.

    `label` and `to_label` are the labels of the two, `basis` is "stated" or "inferred". Raises
    UnknownId.
    """
    import pandas as pd  # noqa: PLC0415

    wanted = dict.fromkeys(ids)
    found = [row for name in wanted for row in link_rows(ledger, name) if row["to"] in wanted]
    return pd.DataFrame(found, columns=list(LINKS)).astype("str")


def link_rows(ledger: Records, wanted: str) -> list[dict[str, str]]:
    """The links of one item, with the names of LINKS. Raises UnknownId."""
    item = ledger.item(wanted)
    shared = {"id": item.id, "label": item.label, "party": item.party}
    shared["source"] = _joined(passage.source for passage in item.cited)
    return [
        {
            **shared,
            "to": link.to,
            "to_label": ledger.item(link.to).label,
            "relation": link.relation,
            "basis": link.basis,
        }
        for link in item.links
    ]


def _of_event(event: Event, label: str | None) -> Row:
    start, end = _days([event])
    return {
        "id": event.id,
        "label": event.label if label is None else label,
        "words": str(event.date),
        "value": None,
        "low": None,
        "high": None,
        "bound": "",
        "interval": "",
        "unit": "",
        "measure": "",
        "party": event.party,
        "period": str(event.date),
        "start": start,
        "end": end,
        "scope": "",
        "source": _joined(mention.source for mention in event.cited),
    }


def _records(ledger: Records, figure: Figure) -> list[Statistic | Event]:
    """The statistic of a figure; or the statistics and events that it is computed from."""
    names = sorted(figure.quantity.inputs) if figure.is_derived else [figure.id]
    found = (ledger.statistics.get(name) or ledger.events.get(name) for name in names)
    return [record for record in found if record]


def _time(record: Statistic | Event) -> Period:
    return record.date if isinstance(record, Event) else record.period


def _days(records: list[Statistic | Event]) -> tuple[date | None, date | None]:
    """The first and last day of what all of these cover; None where they differ."""
    times = {(time.first, time.last) for time in map(_time, records)}
    return times.pop() if len(times) == 1 else (None, None)


def _bound(quantity: Quantity) -> str:
    if quantity.interval is not None and quantity.interval.is_point:
        return "exact"
    if quantity.interval is None:
        return "about"
    low, high = quantity.known_ends
    return _BETWEEN[low is not None, high is not None]


def _number(end: Fraction | None) -> float | None:
    return None if end is None else float(end)


def _joined(texts: Iterable[str]) -> str:
    """Each of these texts once."""
    return "; ".join(dict.fromkeys(filter(None, texts)))
