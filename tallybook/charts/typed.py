"""What an author typed into a specification: texts, expressions, formats, and where data come from.

None of it may print a number, for nobody could trace it to the ledger.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from tallybook.charts.theme import MILLIONS
from tallybook.charts.views import definitions_of_data

MOST = 5000  # rows, of which a page takes a megabyte
BY_ANYONE = frozenset(("0", "1", "2", "100"))  # numbers that are ends of scales, and no figures
TITLES = frozenset(("title", "subtitle", "text", "description"))
_ASIDE = frozenset("datasets data usermeta config $schema transform params".split())
_PRINTED = TITLES | {"tooltip", "labels"}
_BY_CHANCE = re.compile(r"\b(random|now|sample\w*)\s*\(")
_NUMBER = re.compile(r"(?<![\w.'\"])\d+(?:\.\d+)?(?![\w'\"])")
_IN_LINES = re.compile(r"\((\{.*\})\)\[datum\.label\]", re.DOTALL)
_DIRECTIVE = re.compile(r"%[-_0]?[A-Za-z%]")  # of a format of times
_SHARE = re.compile(r"[^%]*%")  # a format of numbers whose digits say how many decimals


def texts_in(part: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """The texts that a specification shows by itself, each behind what it is.

    The texts of its rows, its code and its settings are left out.

    >>> [*texts_in({"title": "Kettles", "encoding": {"text": {"value": "97%"}}})]
    [('title', 'Kettles'), ('text', '97%')]
    """
    if isinstance(part, dict):
        if because := reason(part):
            yield "reason", because
        for key, value in part.items():
            # {"text": {"value": "97%"}} shows what {"text": "97%"} does.
            if key not in _ASIDE:
                yield from texts_in(value, name if key in ("value", "datum") else key)
    elif isinstance(part, list):
        if name in TITLES and all(isinstance(each, str) for each in part):
            part = [" ".join(part)]  # lines of one text
        for each in part:
            yield from texts_in(each, name)
    elif name in TITLES and isinstance(part, str | int | float) and not isinstance(part, bool):
        yield name, str(part)


def reason(spec: Mapping[str, Any]) -> str:
    """Why figures that differ in period or scope may stand side by side; "" if it is not said."""
    meta = spec.get("usermeta")
    return str(meta.get("because", "")) if isinstance(meta, dict) else ""


def faults_of_data(spec: Mapping[str, Any]) -> Iterator[str]:
    """Why the data of a specification are not rows of its own, or too many."""
    for data in definitions_of_data(spec):
        instead = "alt.Chart(ledger.frame(...)) has its rows in itself"
        if "url" in data:
            yield f"its data are at {str(data['url'])[:60]!r}, elsewhere: {instead}"
        elif not ({"values", "name"} & set(data)):
            yield f"its data are a {', '.join(data)}, which no ledger has: {instead}"
        elif "values" in data and not isinstance(data["values"], list):
            yield f"its data are a text, and no rows: {instead}"
    datasets = spec.get("datasets") or {}
    rows = sum(len(found) for found in datasets.values() if isinstance(found, list))
    if rows > MOST:
        yield (
            f"it has {rows:,} rows of data, and a page takes {MOST:,}: filter the frame, or "
            "publish what sums it up"
        )


def faults_of_expressions(part: Any, name: str = "") -> Iterator[str]:
    """Expressions that print, type a number, or give another result each time."""
    if isinstance(part, list):
        for each in part:
            yield from faults_of_expressions(each, name)
    if not isinstance(part, dict):
        return
    for key, value in part.items():
        if key not in ("datasets", "usermeta", "data"):
            yield from _of_expression(key, value, name)
            yield from faults_of_expressions(value, key)


def _of_expression(key: str, value: Any, name: str) -> Iterator[str]:
    text = str(value)[:60]
    if isinstance(value, str) and key not in TITLES and _BY_CHANCE.search(value):
        yield f"its {key} {text!r} gives another result each time: leave it out"
    elif key == "labelExpr" and not is_known_label(str(value)):
        yield (
            f"its labelExpr {text!r} writes labels that nobody can trace: leave it out, or write "
            "format='…'"
        )
    elif key in ("expr", "signal") and name in _PRINTED:
        yield f"its {name} is an expression, {text!r}: write a text, or tallybook.worded(...)"
    elif key == "format" and isinstance(value, str) and _types_a_number(value):
        yield f"its format {text!r} types a number: a format has signs such as ',.1f' or '%Y'"
    elif key == "calculate":
        typed = [number for number in _NUMBER.findall(str(value)) if number not in BY_ANYONE]
        if typed:
            yield (
                f"its calculation {text!r} types the number {typed[0]}: compute with quantities, "
                "tallybook.publish the result, and take it from ledger.frame(ids=[...])"
            )
    elif key == "sample":
        yield "its sample takes rows by chance: filter the frame in pandas"
    elif key == "bind" and isinstance(value, dict) and value.get("input") in ("range", "number"):
        yield "its slider shows numbers of no figure: bind a legend, or input='select'"


def is_known_label(expression: str) -> bool:
    """Whether an expression for labels is one of the package's: millions, or labels in lines."""
    if expression == MILLIONS:
        return True
    found = _IN_LINES.fullmatch(expression)
    try:
        lines = json.loads(found[1]) if found else {}
        return bool(lines) and all(" ".join(broken) == label for label, broken in lines.items())
    except (AttributeError, TypeError, ValueError):
        return False


def _types_a_number(text: str) -> bool:
    if "%" not in text or _SHARE.fullmatch(text):
        return False
    return any(sign.isdigit() for sign in _DIRECTIVE.sub("", text))
