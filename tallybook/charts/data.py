"""The rows of a chart: what each mark stands for, and what the ledger says of it.

A chart names its figures and items by id. Its forms write the rows, in the types declared here;
the narrow drawing, the table and downloads of a page and the audit read them. What a page, a file
or a tooltip says of a row comes from the ledger, exact.
"""

from __future__ import annotations

import copy
import csv
import io
from collections.abc import Iterable, Mapping
from datetime import timedelta
from fractions import Fraction
from typing import Any, Literal, TypedDict, cast

from tallybook.charts.svg import CannotBeDrawn, form
from tallybook.errors import UnknownId
from tallybook.ledger import figures
from tallybook.ledger.figures import Figure
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.printed import plain
from tallybook.ledger.records import Event, Statistic
from tallybook.reading.periods import Period
from tallybook.tables.table import spreadsheet_safe

FOLDER, BUNDLE = "charts", "vega.js"  # of a site: the files of its charts, and the script for them
KINDS = {".svg": "SVG", ".png": "PNG", ".csv": "CSV", ".vl.json": "Vega-Lite"}
FIGURES = ("id", "label", "words", "low", "point", "high", "unit", "party", "period", "sources")
TIES = ("from_id", "from", "relation", "to_id", "to", "basis", "sources")
_DIGITS = 6
DataRow = dict[str, str]  # of a chart's table and download: a text for each of FIGURES, or of TIES

Side = Literal["both", "above", "below", "about"]  # known ends: both, the low, the high, or neither
Open = Literal["no", "from", "to", "both"]  # the ends of a time that are not stated
YesNo = Literal["yes", "no"]  # as Vega's filters compare it


class FigureRow(TypedDict):
    """A row of `how_many` and `within_what`: a figure with its ends, in its unit."""

    id: str  # by which all else is looked up
    label: str  # of its row, from the notebook
    party: str  # who states it
    words: str  # the figure in words
    point: float
    sure: float  # as far as a bar is full: the low end, or 0 where there is none
    low: float  # the low end; the point where there is none
    high: float
    side: Side


# "from" is a keyword of Python, so that these fields cannot be written as those of a class.
Time = TypedDict(
    "Time",
    {
        "from": str | None,  # the first day, as 2017-01-31; None where no row has a date
        "to": str | None,  # the day after the last one
    },
)
_Labels = TypedDict(
    "_Labels",
    {
        "from": str,  # the label of the item that makes the tie
        "to": str,  # the label of the item that it leads to
    },
)


class PairRow(FigureRow, Time):
    """A row of `side_by_side`: point, low and high are multiples of the pair's first point."""

    pair: str  # the label of its pair
    time: str  # the period in words
    dated: YesNo  # whether an end of its time is stated
    open: Open


class TimeRow(Time):
    """A row of `when`: the time that a figure covers, or of an event."""

    id: str  # the figure's or the event's
    label: str
    party: str
    words: str  # the time in words
    sharp: YesNo  # whether it is the one day of an event
    open: Open


class ItemRow(TypedDict):
    """An item among `ties`; places are in pixels from the chart's upper left."""

    id: str
    label: str
    kind: str  # such as "ask"
    x: float  # of the edge or, in the middle column, the centre of its label
    column: int  # 0, 1 or 2
    drawn: str  # the label in lines
    y: float  # of the label's first line


class TieRow(_Labels):
    """A line among `ties`, through points in pixels from the chart's upper left."""

    from_id: str
    to_id: str
    relation: str  # such as "answers"
    basis: str  # "stated" or "inferred"
    tie: str  # both ids, by which its points are held together
    xs: list[float]
    ys: list[float]


Marked = FigureRow | PairRow | TimeRow  # rows that stand for a figure or an event
Row = Marked | ItemRow | TieRow
FIELDS: dict[str, frozenset[str]] = {  # that the rows of a form may have
    "how_many": frozenset(FigureRow.__annotations__),
    "within_what": frozenset(FigureRow.__annotations__),
    "when": frozenset(TimeRow.__annotations__),
    "side_by_side": frozenset(PairRow.__annotations__),
    "ties": frozenset(ItemRow.__annotations__) | frozenset(TieRow.__annotations__),
}


def row_of(label: str, figure: Figure) -> FigureRow:
    """The row of a figure: its point, its ends, and which of them are known."""
    quantity = figure.quantity
    low, high = quantity.known_ends
    sides: dict[tuple[bool, bool], Side] = {
        (True, True): "both", (True, False): "above", (False, True): "below",
    }  # fmt: skip
    return {
        "id": figure.id,
        "label": label,
        "party": figure.party,
        "words": figure.words,
        "point": float(quantity.point),
        "sure": 0.0 if low is None else float(low),
        "low": float(quantity.point if low is None else low),
        "high": float(quantity.point if high is None else high),
        "side": sides.get((low is not None, high is not None), "about"),
    }


def time_of(period: Period | None) -> Time:
    """The ends of a time as the fields of a row; a bar ends where the next day begins.

    >>> from tallybook.reading.periods import parse
    >>> time_of(parse("2017-06/.."))
    {'from': '2017-06-01', 'to': None}
    """
    first, last = (period.first, period.last) if period else (None, None)
    return {
        "from": first.isoformat() if first else None,
        "to": (last + timedelta(days=1)).isoformat() if last else None,
    }


def extent(rows: Iterable[Mapping[str, Any]]) -> tuple[float, float]:
    """The least low end and the greatest high end of rows."""
    rows = list(rows)
    return min(row["low"] for row in rows), max(row["high"] for row in rows)


def rows(spec: dict[str, Any]) -> list[Row]:
    """All rows that a chart has as its data, as it is stored: nothing of them is checked here."""
    found = spec.get("datasets")
    return [row for data in found.values() for row in data] if isinstance(found, dict) else []


def columns(spec: dict[str, Any]) -> tuple[str, ...]:
    """The names of a chart's data: FIGURES, or TIES for a chart of ties."""
    return TIES if form(spec).get("form") == "ties" else FIGURES


def data(spec: dict[str, Any], ledger: Ledger) -> list[DataRow]:
    """The data of a chart, a row for each figure, event or tie, with the names of `columns`.

    Numbers are exact, in the figure's unit; a missing end is "". Raises CannotBeDrawn for a row
    that the ledger does not have.
    """
    try:
        if columns(spec) == TIES:
            return [_tie(cast("TieRow", row), ledger) for row in rows(spec) if "basis" in row]
        return [_row(cast("Marked", row), ledger) for row in rows(spec)]
    except UnknownId as error:
        raise CannotBeDrawn(str(error)) from None
    except (AttributeError, KeyError, TypeError) as error:  # a stored chart may hold anything
        raise CannotBeDrawn(f"a row of it lacks what rows have: {error}") from None


def bounds(figure: Figure) -> tuple[str, str]:
    """The least and the most that a figure may be, in words.

    >>> import tallybook
    >>> bounds(tallybook.load("tests/books/kettles").figure("stores-closed-2017"))
    ('1,000', 'no upper end')
    """
    low, high = figure.quantity.known_ends
    return _amount(low, figure, "no lower end"), _amount(high, figure, "no upper end")


def as_csv(spec: dict[str, Any], ledger: Ledger) -> str:
    """The data of a chart as CSV; no spreadsheet executes a text of it as a formula."""
    written = io.StringIO()
    lines = csv.writer(written, lineterminator="\r\n")
    names = columns(spec)
    lines.writerow(names)
    numbers = ("low", "point", "high")  # whose minus begins no formula
    for row in data(spec, ledger):
        lines.writerow(
            [row[name] if name in numbers else spreadsheet_safe(row[name]) for name in names]
        )
    return written.getvalue()


def tip(row: Mapping[str, Any], ledger: Ledger) -> str:
    """The tooltip of a mark, in lines; "" for a mark that stands for no figure, event or tie."""
    if "from_id" in row and "basis" in row:
        tie = _tie(cast("TieRow", row), ledger)
        return (
            f"{tie['from']} {tie['relation']} {tie['to']}\n{tie['basis']}\n{_titles(tie, ledger)}"
        )
    if "id" not in row or "party" not in row:
        return ""
    known = _row(cast("Marked", row), ledger)
    lines = [known["label"], known["words"]]
    if row["id"] not in ledger.events:
        lines.append(" to ".join(bounds(ledger.figure(row["id"]))))
    lines += [known["party"], known["period"] if known["period"] != known["words"] else ""]
    return "\n".join(line for line in [*lines, _titles(known, ledger)] if line)


def explored(spec: dict[str, Any], ledger: Ledger) -> dict[str, Any]:
    """A copy of a specification with tooltips: words, bounds, party, period and source."""
    spec = copy.deepcopy(spec)
    _add_tips(spec, ledger)
    return spec


def periods(wanted: str, ledger: Ledger) -> str:
    """The period of a figure, or those of its inputs if it is computed; the date of an event."""
    return _joined(
        str(record.date if isinstance(record, Event) else record.period)
        for record in _records(wanted, ledger)
    )


def _add_tips(part: Any, ledger: Ledger) -> None:
    if isinstance(part, list):
        for each in part:
            _add_tips(each, ledger)
    if not isinstance(part, dict):
        return
    if "from_id" in part or {"id", "party"} <= set(part):
        part["tip"] = tip(part, ledger)
        return
    mark = part.get("mark")
    if mark and (mark.get("type") if isinstance(mark, dict) else mark) != "text":
        part.setdefault("encoding", {})["tooltip"] = {"field": "tip", "type": "nominal"}
    for each in part.values():
        _add_tips(each, ledger)


def _records(wanted: str, ledger: Ledger) -> list[Statistic | Event]:
    """The event of an id; or the statistics and events that its figure is computed from."""
    names = [wanted]
    if wanted not in ledger.events and (figure := ledger.figure(wanted)).is_derived:
        names = sorted(figure.quantity.inputs)
    found = (ledger.statistics.get(name) or ledger.events.get(name) for name in names)
    return [record for record in found if record]


def _row(row: Marked, ledger: Ledger) -> DataRow:
    wanted = row["id"]
    shared = {
        "id": wanted,
        "label": str(row.get("pair", row["label"])),
        "period": periods(wanted, ledger),
        "sources": _joined(m.source for record in _records(wanted, ledger) for m in record.cited),
    }
    if event := ledger.events.get(wanted):
        given = {"words": str(event.date), "party": event.party}
        return dict.fromkeys(FIGURES, "") | shared | given
    figure = ledger.figure(wanted)
    low, high = figure.quantity.known_ends
    return shared | {
        "words": figure.words,
        "low": "" if low is None else plain(low),
        "point": plain(figure.quantity.point),
        "high": "" if high is None else plain(high),
        "unit": figures.unit_in_words(figure.quantity.unit),
        "party": figure.party,
    }


def _tie(row: TieRow, ledger: Ledger) -> DataRow:
    ledger.item(row["to_id"])
    cited = _joined(passage.source for passage in ledger.item(row["from_id"]).cited)
    fields: Mapping[str, object] = row
    return {name: str(fields[name]) for name in TIES[:-1]} | {"sources": cited}


def _joined(texts: Iterable[str]) -> str:
    """Each of these texts once."""
    return "; ".join(dict.fromkeys(filter(None, texts)))


def _titles(row: DataRow, ledger: Ledger) -> str:
    return "; ".join(ledger.source(name).title for name in row["sources"].split("; ") if name)


def _amount(end: Fraction | None, figure: Figure, none: str) -> str:
    return none if end is None else figures.number_in_words(end, figure.quantity.unit, _DIGITS)
