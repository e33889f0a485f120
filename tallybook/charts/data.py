"""The data of a chart as rows: what its table, its download and its tooltips say.

A chart names its figures and items by id; what is said of them comes from the ledger, exact.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from tallybook.charts.svg import CannotBeDrawn, form, rows
from tallybook.errors import UnknownId
from tallybook.ledger import wording
from tallybook.ledger.figures import Figure
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.printed_figure import plain
from tallybook.tables.table import spreadsheet_safe

FIGURES = ("id", "label", "words", "low", "point", "high", "unit", "party", "period", "sources")
TIES = ("from_id", "from", "relation", "to_id", "to", "basis", "sources")
_DIGITS = 6
Row = dict[str, str]


def columns(spec: dict[str, Any]) -> tuple[str, ...]:
    """What is known of each row of a chart of this form."""
    return TIES if form(spec).get("form") == "ties" else FIGURES


def data(spec: dict[str, Any], ledger: Ledger) -> list[Row]:
    """One row for each figure, event or tie that a chart shows.

    Raises CannotBeDrawn where it shows what the ledger does not have.
    """
    try:
        if columns(spec) == TIES:
            return [_tie(row, ledger) for row in rows(spec) if "basis" in row]
        return [_row(row, ledger) for row in rows(spec)]
    except UnknownId as error:
        raise CannotBeDrawn(str(error)) from None
    except (AttributeError, KeyError, TypeError) as error:
        raise CannotBeDrawn(f"a row of it lacks what rows have: {error}") from None


def bounds(figure: Figure) -> tuple[str, str]:
    """The least and the most that a figure may be, in words."""
    low, high = figure.quantity.known_ends
    ends = zip((low, high), ("no lower end", "no upper end"), strict=True)
    least, most = (_amount(end, figure, none) for end, none in ends)
    return least, most


def as_csv(spec: dict[str, Any], ledger: Ledger) -> str:
    """The rows for a spreadsheet, which executes none of their texts; numbers are as they are."""
    written = io.StringIO()
    lines = csv.writer(written, lineterminator="\r\n")
    names = columns(spec)
    lines.writerow(names)
    numbers = ("low", "point", "high")
    for row in data(spec, ledger):
        lines.writerow(
            [row[name] if name in numbers else spreadsheet_safe(row[name]) for name in names]
        )
    return written.getvalue()


def tip(row: dict[str, Any], ledger: Ledger) -> str:
    """What a mark of a chart says when it is pointed at, in lines; nothing for a bare mark."""
    if "from_id" in row and "basis" in row:
        tie = _tie(row, ledger)
        return (
            f"{tie['from']} {tie['relation']} {tie['to']}\n{tie['basis']}\n{_titles(tie, ledger)}"
        )
    if "id" not in row or "party" not in row:
        return ""
    said = _row(row, ledger)
    lines = [said["label"], said["words"]]
    if row["id"] not in ledger.events:
        lines.append(" to ".join(bounds(ledger.figure(row["id"]))))
    lines += [said["party"], said["period"] if said["period"] != said["words"] else ""]
    return "\n".join(line for line in [*lines, _titles(said, ledger)] if line)


def periods(wanted: str, ledger: Ledger) -> str:
    """The period of a figure, those of what it is computed from, or the date of an event."""
    made_of = [wanted] if wanted in ledger.events else _made_of(ledger.figure(wanted))
    return "; ".join(dict.fromkeys(filter(None, (_period(name, ledger) for name in made_of))))


def _made_of(figure: Figure) -> list[str]:
    return sorted(figure.quantity.inputs) if figure.is_derived else [figure.id]


def _row(row: dict[str, Any], ledger: Ledger) -> Row:
    label = row["pair"] if "pair" in row else row["label"]
    if row["id"] in ledger.events:
        event = ledger.events[row["id"]]
        sources = _sources(mention.source for mention in event.cited)
        given = {"words": str(event.date), "party": event.party, "period": str(event.date)}
        return dict.fromkeys(FIGURES, "") | given | {
            "id": event.id, "label": label, "sources": sources,
        }  # fmt: skip
    figure = ledger.figure(row["id"])
    low, high = figure.quantity.known_ends
    made_of = _made_of(figure)
    return {
        "id": figure.id,
        "label": label,
        "words": figure.words,
        "low": "" if low is None else plain(low),
        "point": plain(figure.quantity.point),
        "high": "" if high is None else plain(high),
        "unit": wording.unit_in_words(figure.quantity.unit),
        "party": figure.party,
        "period": periods(figure.id, ledger),
        "sources": _sources(name for made in made_of for name in _cited(made, ledger)),
    }


def _tie(row: dict[str, Any], ledger: Ledger) -> Row:
    ledger.item(row["to_id"])
    cited = _sources(passage.source for passage in ledger.item(row["from_id"]).cited)
    return {name: str(row[name]) for name in TIES[:-1]} | {"sources": cited}


def _cited(name: str, ledger: Ledger) -> list[str]:
    known: Any = ledger.statistics.get(name) or ledger.events.get(name)
    return [mention.source for mention in known.cited] if known else []


def _period(name: str, ledger: Ledger) -> str:
    if name in ledger.events:
        return str(ledger.events[name].date)
    return str(ledger.statistics[name].period) if name in ledger.statistics else ""


def _sources(names: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(names))


def _titles(row: Row, ledger: Ledger) -> str:
    return "; ".join(ledger.source(name).title for name in row["sources"].split("; ") if name)


def _amount(end: Fraction | None, figure: Figure, none: str) -> str:
    return none if end is None else wording.number(end, figure.quantity.unit, _DIGITS)
