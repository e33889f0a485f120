"""The ledger and its figures as data to take away: JSON, and CSV with one row a figure.

Numbers are text, exact to the last digit. A cell of text that a spreadsheet would take for a
formula has an apostrophe before it.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from tallybook.ledger.ledger import Ledger
from tallybook.ledger.printed import level_in_words, plain
from tallybook.ledger.records import Record, Statistic
from tallybook.quantity.quantity import Quantity
from tallybook.reading.periods import Period
from tallybook.site.figure_details import FigureDetails
from tallybook.tables.table import spreadsheet_safe

# An apostrophe before a minus sign would make text of a number.
_NUMBERS = ("value", "low", "high")
_UNSTATED = "not stated"  # of which level the interval beside a value is


def ledger_json(ledger: Ledger, details: Mapping[str, FigureDetails]) -> str:
    """Everything that the ledger says and the notebooks publish."""
    kinds: dict[str, Iterable[Record]] = {
        "parties": ledger.parties.values(),
        "kinds": ledger.kinds.values(),
        "relations": ledger.relations.values(),
        "answer_kinds": ledger.answer_kinds.values(),
        "sources": ledger.sources.values(),
        "measures": ledger.measures.values(),
        "events": ledger.events.values(),
        "items": ledger.items.values(),
        "missing": ledger.missing.values(),
        "names": ledger.names.values(),
        "changes": ledger.changes,
    }
    data: dict[str, Any] = {name: [_as_data(one) for one in all_] for name, all_ in kinds.items()}
    data["statistics"] = [_figure_data(one) for one in details.values() if one.statistic]
    data["derived"] = [_figure_data(one) for one in details.values() if not one.statistic]
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _figure_data(details: FigureDetails) -> dict[str, Any]:
    """One figure as plain data: its record, or what it is computed from, and its interval."""
    figure = details.figure
    data: dict[str, Any] = {"id": figure.id, "label": figure.label, "words": figure.words}
    data |= {"unit": figure.quantity.unit, "interval": _interval(figure.quantity)}
    if details.statistic:
        return {**data, "stated": True, **_as_data(details.statistic)}
    return data | {
        "stated": False,
        "value": None if figure.number is None else plain(figure.number),
        "inputs": list(details.inputs),
        "reasons": list(details.reasons),
        "computed_in": details.published_by,
    }


def statistics_csv(details: Iterable[FigureDetails]) -> str:
    """A row for each stated figure, its citations joined."""
    return _csv([_stated_row(one, one.statistic) for one in details if one.statistic])


def derived_csv(details: Iterable[FigureDetails]) -> str:
    """A row for each figure that is computed in the book."""
    return _csv([_derived_row(one) for one in details if not one.statistic])


def _stated_row(details: FigureDetails, statistic: Statistic) -> dict[str, str]:
    places = details.places
    return {
        **_value(details),
        "bound": statistic.bound,
        "high_bound": statistic.high_bound or "",
        "level": level_in_words(statistic) or (_UNSTATED if details.level else ""),
        "measure": statistic.measure,
        "period": statistic.period.text,
        "scope": statistic.scope,
        "of": statistic.of or "",
        "compared_with": statistic.compared_with.text if statistic.compared_with else "",
        "condition": details.condition,
        "members": "; ".join(statistic.members or ()),
        "party": statistic.party,
        "sources": "; ".join(place.source for place in places),
        "sections": "; ".join(place.section for place in places),
        "as_printed": "; ".join(f"“{place.as_printed}”" for place in places),
        "note": statistic.note or "",
    }


def _derived_row(details: FigureDetails) -> dict[str, str]:
    return {
        **_value(details),
        "inputs": "; ".join(details.inputs),
        "reasons": "; ".join(details.reasons),
        "computed_in": details.published_by,
    }


def _value(details: FigureDetails) -> dict[str, str]:
    figure = details.figure
    is_range = details.statistic is not None and details.statistic.is_range
    interval = _interval(figure.quantity) or {}
    ends = {name: interval.get(name) or "" for name in ("low", "high")}
    closed = {f"{name}_included": str(interval.get(f"{name}_included", "")) for name in ends}
    return {
        "id": figure.id,
        "label": figure.label,
        "words": figure.words,
        # The middle of a range is printed nowhere.
        "value": "" if is_range or figure.number is None else plain(figure.number),
        "unit": figure.quantity.unit,
        **ends,
        **closed,
        "interval": details.interval,
    }


def _interval(quantity: Quantity) -> dict[str, Any] | None:
    """The ends that are known: one where the measure ends anyway says nothing of the figure."""
    if (interval := quantity.interval) is None:
        return None
    low, high = quantity.known_ends
    return {
        "low": None if low is None else plain(low),
        "low_included": low is not None and interval.low_closed,
        "high": None if high is None else plain(high),
        "high_included": high is not None and interval.high_closed,
    }


def _as_data(value: Any) -> Any:
    match value:
        case Record():
            fields = ((name, getattr(value, name)) for name in type(value).model_fields)
            return {name: _as_data(each) for name, each in fields if each not in (None, [])}
        case list():
            return [_as_data(one) for one in value]
        case Fraction():
            return plain(value)
        case Period():
            return value.text
    return value


def _csv(rows: list[dict[str, str]]) -> str:
    # Without rows there are no columns either: the file is empty then.
    file = io.StringIO()
    if rows:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: _cell(name, text) for name, text in row.items()} for row in rows)
    return file.getvalue()


def _cell(name: str, text: str) -> str:
    return text if name in _NUMBERS else spreadsheet_safe(text)
