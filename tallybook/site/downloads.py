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
from tallybook.ledger.printed_figure import plain
from tallybook.ledger.records import Record
from tallybook.quantity.interval import Interval
from tallybook.reading.periods import Period
from tallybook.site.figure_details import Facts
from tallybook.tables.spreadsheets import harmless

_NUMBERS = ("value", "low", "high")


def ledger_json(ledger: Ledger, facts: Mapping[str, Facts]) -> str:
    """Everything that the ledger says and the notebooks publish."""
    shelves: dict[str, Iterable[Record]] = {
        "sources": ledger.sources.values(),
        "measures": ledger.measures.values(),
        "events": ledger.events.values(),
        "items": ledger.items.values(),
        "missing": ledger.missing.values(),
    }
    data: dict[str, Any] = {name: [_as_data(one) for one in all_] for name, all_ in shelves.items()}
    data["statistics"] = [figure_data(one) for one in facts.values() if one.statistic]
    data["derived"] = [figure_data(one) for one in facts.values() if not one.statistic]
    return _json(data)


def figure_data(facts: Facts) -> dict[str, Any]:
    """One figure as plain data: its record, or what it is computed from, and its interval."""
    figure = facts.figure
    data: dict[str, Any] = {"id": figure.id, "label": figure.label, "words": figure.words}
    data |= {"unit": figure.quantity.unit, "interval": _interval(figure.quantity.interval)}
    if facts.statistic:
        return {**data, "stated": True, **_as_data(facts.statistic)}
    return data | {
        "stated": False,
        "value": plain(figure.quantity.point),
        "inputs": list(facts.inputs),
        "reasons": list(facts.reasons),
        "computed_in": facts.published_by,
    }


def statistics_csv(facts: Iterable[Facts]) -> str:
    """A row for each stated figure, its citations joined."""
    return _csv([_stated_row(one) for one in facts if one.statistic])


def derived_csv(facts: Iterable[Facts]) -> str:
    """A row for each figure that is computed in the book."""
    return _csv([_derived_row(one) for one in facts if not one.statistic])


def _stated_row(facts: Facts) -> dict[str, str]:
    statistic = facts.statistic
    if statistic is None:
        raise TypeError(f"{facts.figure.id} is computed, not stated")
    places = facts.places
    return {
        **_value(facts),
        "bound": statistic.bound,
        "measure": statistic.measure,
        "period": statistic.period.text,
        "scope": statistic.scope,
        "of": statistic.of or "",
        "compared_with": statistic.compared_with.text if statistic.compared_with else "",
        "condition": facts.condition,
        "members": "; ".join(statistic.members or ()),
        "party": statistic.party,
        "sources": "; ".join(place.source for place in places),
        "sections": "; ".join(place.section for place in places),
        "as_printed": "; ".join(f"“{place.as_printed}”" for place in places),
        "note": statistic.note or "",
    }


def _derived_row(facts: Facts) -> dict[str, str]:
    return {
        **_value(facts),
        "inputs": "; ".join(facts.inputs),
        "reasons": "; ".join(facts.reasons),
        "computed_in": facts.published_by,
    }


def _value(facts: Facts) -> dict[str, str]:
    figure = facts.figure
    interval = _interval(figure.quantity.interval) or {}
    ends = {name: interval.get(name) or "" for name in ("low", "high")}
    closed = {f"{name}_included": str(interval.get(f"{name}_included", "")) for name in ends}
    return {
        "id": figure.id,
        "label": figure.label,
        "words": figure.words,
        "value": plain(figure.quantity.point),
        "unit": figure.quantity.unit,
        **ends,
        **closed,
        "interval": facts.interval,
    }


def _interval(interval: Interval | None) -> dict[str, Any] | None:
    if interval is None:
        return None
    low, high = (None if isinstance(e, float) else plain(e) for e in (interval.low, interval.high))
    return {
        "low": low,
        "low_included": interval.low_closed,
        "high": high,
        "high_included": interval.high_closed,
    }


def _as_data(value: Any) -> Any:
    match value:
        case Record():
            fields = ((name, getattr(value, name)) for name in type(value).model_fields)
            return {name: _as_data(said) for name, said in fields if said not in (None, [])}
        case list():
            return [_as_data(one) for one in value]
        case Fraction():
            return plain(value)
        case Period():
            return value.text
    return value


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _csv(rows: list[dict[str, str]]) -> str:
    text = io.StringIO()
    if rows:
        writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: _cell(name, said) for name, said in row.items()} for row in rows)
    return text.getvalue()


def _cell(name: str, text: str) -> str:
    return text if name in _NUMBERS else harmless(text)
