"""The ledger and its figures as JSON to take away, and the JSON Schema by which it can be read.

Numbers are text, exact to the last digit: decimals where they end, fractions where they do not.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import cache
from typing import Any

from pydantic.json_schema import models_json_schema

from tallybook.ledger.ledger import Ledger
from tallybook.ledger.printed import plain
from tallybook.ledger.records import (
    AnswerKind,
    Changed,
    Event,
    Item,
    Kind,
    Measure,
    Missing,
    Name,
    Party,
    Record,
    Relation,
    Source,
    Statistic,
)
from tallybook.quantity.quantity import Quantity
from tallybook.reading.periods import Period
from tallybook.site.data_tables import ends
from tallybook.site.figure_details import FigureDetails

LEDGER, SCHEMA = "ledger.json", "ledger.schema.json"
# What the file has of each kind of records.
_PARTS: dict[str, tuple[type[Record], Callable[[Ledger], Iterable[Record]]]] = {
    "parties": (Party, lambda ledger: ledger.parties.values()),
    "kinds": (Kind, lambda ledger: ledger.kinds.values()),
    "relations": (Relation, lambda ledger: ledger.relations.values()),
    "answer_kinds": (AnswerKind, lambda ledger: ledger.answer_kinds.values()),
    "sources": (Source, lambda ledger: ledger.sources.values()),
    "measures": (Measure, lambda ledger: ledger.measures.values()),
    "events": (Event, lambda ledger: ledger.events.values()),
    "items": (Item, lambda ledger: ledger.items.values()),
    "missing": (Missing, lambda ledger: ledger.missing.values()),
    "names": (Name, lambda ledger: ledger.names.values()),
    "changes": (Changed, lambda ledger: ledger.changes),
}
_NUMBER = {"type": "string", "pattern": "^-?[0-9]+([.][0-9]+|/[0-9]+)?$"}
_MAYBE = {"anyOf": [_NUMBER, {"type": "null"}]}


def ledger_json(ledger: Ledger, details: Mapping[str, FigureDetails]) -> str:
    """Everything that the ledger says and the notebooks publish."""
    data: dict[str, Any] = {"$schema": SCHEMA}
    data |= {name: [_as_data(one) for one in of(ledger)] for name, (_, of) in _PARTS.items()}
    data["statistics"] = [_figure_data(one) for one in details.values() if one.statistic]
    data["derived"] = [_figure_data(one) for one in details.values() if not one.statistic]
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


@cache
def ledger_schema() -> str:
    """The JSON Schema of what `ledger_json` gives, of any book.

    >>> json.loads(ledger_schema())["properties"]["sources"]["items"]
    {'$ref': '#/$defs/Source'}
    """
    models = [model for model, _ in _PARTS.values()]
    inputs: list[Any] = [(model, "validation") for model in (*models, Statistic)]
    of_models, found = models_json_schema(inputs)
    defs = _with_exact_numbers(found["$defs"])
    refs = {model: of_models[model, "validation"] for model in models}
    defs["Interval"] = _INTERVAL
    stated = defs.pop("Statistic")
    of_figure = {**_FIGURE, "stated": {"const": True}}
    defs["Stated"] = {
        **stated,
        "title": "Stated",
        "properties": of_figure | stated["properties"],
        "required": [*dict.fromkeys([*of_figure, *stated["required"]])],
    }
    defs["Computed"] = _object({**_FIGURE, **_COMPUTED}, "A figure that the book computes.")
    parts = {name: _array(refs[model]) for name, (model, _) in _PARTS.items()}
    parts |= {
        "statistics": _array({"$ref": "#/$defs/Stated"}),
        "derived": _array({"$ref": "#/$defs/Computed"}),
    }
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": LEDGER,
        **_object(parts, "Everything that the ledger of a book says, and what the book computes."),
        "$defs": defs,
    }
    schema["properties"] = {"$schema": {"const": SCHEMA}, **parts}
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def _object(properties: dict[str, Any], description: str) -> dict[str, Any]:
    return {
        "type": "object",
        "description": description,
        "properties": properties,
        "required": [*properties],
        "additionalProperties": False,
    }


def _array(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _text(description: str) -> dict[str, Any]:
    return {"type": "string", "description": description}


_FIGURE: dict[str, Any] = {
    "id": _text("Its id, after which its page on the site is named."),
    "label": _text("What it is a figure of."),
    "words": _text("The figure as it is shown."),
    "unit": _text("The unit of its numbers; empty for a plain ratio."),
    "interval": {"anyOf": [{"$ref": "#/$defs/Interval"}, {"type": "null"}]},
}
_COMPUTED: dict[str, Any] = {
    "stated": {"const": False},
    "value": {**_MAYBE, "description": "The number in its unit; null where nothing bounds it."},
    "inputs": {**_array({"type": "string"}), "description": "The ids that it is computed from."},
    "reasons": {**_array({"type": "string"}), "description": "Why these may be combined."},
    "computed_in": _text("The notebook that computes it."),
}
_INTERVAL = _object(
    {
        "low": {**_MAYBE, "description": "The least that is known of it; null where nothing is."},
        "low_included": {"type": "boolean", "description": "Whether it can be low itself."},
        "high": {**_MAYBE, "description": "The most that is known of it; null where nothing is."},
        "high_included": {"type": "boolean", "description": "Whether it can be high itself."},
    },
    "What is known of a figure; null for one that is said to be about a number.",
)


def _with_exact_numbers(schema: Any) -> Any:
    """A schema of the data files as one of the JSON, which has numbers as texts and no nulls."""
    match schema:
        case {"type": "number"}:
            return {**_NUMBER, **{k: v for k, v in schema.items() if k in ("title", "description")}}
        case dict():
            return {name: _with_exact_numbers(each) for name, each in schema.items()}
        case list():
            return [_with_exact_numbers(each) for each in schema]
    return schema


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


def _interval(quantity: Quantity) -> dict[str, Any] | None:
    if (known := ends(quantity)) is None:
        return None
    return {name: _as_data(value) for name, value in known.items()}


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
