"""Expressions and transforms that an author typed: they may choose and compute, and type no number.

What Vega computes from the rows may be drawn as a mark. A number that is typed into a calculation
would be drawn as if the ledger had it, and what is drawn by chance is another thing each time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tallybook.charts.theme import MILLIONS
from tallybook.charts.typed import BY_ANYONE

_PUBLISH = "tallybook.publish the result, and take it from ledger.frame(ids=[...])"
_BY_CHANCE = re.compile(r"\b(random|now|sample\w*)\s*\(")
_TEXT = r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\""
_COMPARED = re.compile(rf"[=!]==?\s*(?:{_TEXT})|(?:{_TEXT})\s*[=!]==?")
_FIELD = re.compile(rf"\bdatum(?:\.(?!length\b)\w+|\[(?:{_TEXT})\])")
_NUMBER = re.compile(r"(?<![\w.])(?:\d[\w.]*|\.\d\w*)")
_ALONE = re.compile(r"[01]\s*(?:[-+*/%]|\*\*)\s*[01]|[-+]\s*1(?:00)?\b|[a-z]\s*\(\s*\d+\s*\)")
_WORD = re.compile(r"(?<![\w.])[A-Za-z_$][\w$]*|\.\s*[A-Za-z_$][\w$]*|\[")
# What an expression may name besides the fields of its row; none makes a number from a text.
_KNOWN = frozenset(
    """isValid isDefined isNumber isDate isString if test abs min max round floor ceil sqrt log
    exp year quarter month date day time utcyear utcmonth utcdate upper lower trim format
    timeFormat utcFormat true false null toDate a""".split()
)
_IN_LINES = re.compile(r"\((\{.*\})\)\[datum\.label\]", re.DOTALL)


def faults_of_expressions(part: Any) -> Iterator[str]:
    """Expressions that print, type a number, or give another result each time."""
    for each in part if isinstance(part, list) else ():
        yield from faults_of_expressions(each)
    for key, value in part.items() if isinstance(part, dict) else ():
        if key in ("datasets", "usermeta", "data"):
            continue
        text = str(value)[:60]
        if isinstance(value, str) and key != "description" and _BY_CHANCE.search(value):
            yield f"its {key} {text!r} gives another result each time: leave it out"
        elif key == "labelExpr" and not is_known_label(str(value)):
            yield (
                f"its labelExpr {text!r} writes labels that nobody can trace: leave it out, or "
                "write format='…'"
            )
        elif key == "calculate" and (typed := typed_in(str(value))):
            yield (f"its calculation {text!r} types {typed}: compute with quantities, {_PUBLISH}")
        elif key == "sample":
            yield "its sample takes rows by chance: filter the frame in pandas"
        elif key == "impute":
            yield "its impute draws figures that no document states: leave the gap"
        yield from faults_of_expressions(value)


def typed_in(calculation: str) -> str:
    """The number that a calculation types, or what else could make one of nothing; "" if it does
    not.

    >>> typed_in("100 - datum.value"), typed_in("datum.value * 1e3"), typed_in("'9' + '7'")
    ('', '1e3', "'9'")
    """
    left = _FIELD.sub(" a", _COMPARED.sub(" ", calculation))
    for text in (found[0] for found in re.finditer(_TEXT, left)):
        if any(sign.isdigit() for sign in text):
            return text
    left = re.sub(_TEXT, " a", left)
    for pattern, known in ((_WORD, _KNOWN), (_NUMBER, BY_ANYONE)):
        for word in (found[0] for found in pattern.finditer(left)):
            if word not in known:
                return word
    left = re.sub(r"(?<!\w)\(\s*(\d+)\s*\)", r"\1", left)
    found = _ALONE.search(left)
    return str(found[0]) if found else ""


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


def fields_used(transforms: Iterable[Mapping[str, Any]], names: set[str]) -> set[str]:
    """Those of some columns that transforms compute with; a choice of rows computes nothing."""
    words: set[str] = set()
    for transform in transforms:
        if "filter" not in transform:
            words.update(re.findall(r"\w+", json.dumps(transform, default=str)))
    return {name for name in names if set(re.findall(r"\w+", name)) <= words}
