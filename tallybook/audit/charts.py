"""The numerals of charts: each mark, word and row is a figure's of the ledger, or an axis's tick.

A chart is its specification. Its rows name their figures by id and say nothing that the ledger does
not; a drawing says nothing besides the rows, the finding and what that cites.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from tallybook.audit.html import ChartText
from tallybook.audit.references import Sayings
from tallybook.audit.texts import count, loose_in, plain
from tallybook.charts import data
from tallybook.charts.data import row_of, rows
from tallybook.charts.svg import form
from tallybook.errors import UnknownId
from tallybook.ledger.ledger import Ledger
from tallybook.reading.numerals import has_numeral

_TICK = re.compile(r"-?[\d,]*\.?\d+%?(?: (?:million|billion))?|(?:[A-Z][a-z]{2} )?\d{4}")
_NUMBERS = ("point", "sure", "low", "high")
_TEXTS = ("title", "subtitle", "text", "description", "name")
_HALF_A_DIGIT = 1e-9


def faults_of(spec: dict[str, Any], said: Sayings) -> Iterator[str]:
    """What a specification shows that the ledger does not have."""
    told = form(spec).get("told", {})
    for text, pieces in told.items():
        yield from _told_otherwise(text, pieces, said)
    found = rows(spec)
    if not found:
        yield "it has no rows that name figures"
    for row in found:
        try:
            yield from _row_faults(row, found, spec, said)
        except (UnknownId, KeyError, TypeError, ValueError, AttributeError) as error:
            yield f"a row of it is no figure's: {error}"
    allowed = vocabulary(spec, said)
    for text in _typed(spec):
        for loose in loose_in(without(plain(text), allowed), 0):
            yield f"{loose.numeral!r} in {plain(text)[:80]!r} is typed into it"


def vocabulary(spec: dict[str, Any], said: Sayings) -> list[str]:
    """The texts with numerals that a drawing may show, the longest first."""
    found = set(form(spec).get("told", {}))
    for row in rows(spec):
        wanted = str(row.get("id", ""))
        if wanted in said.ledger.items or not wanted:
            continue
        try:
            words = said.ledger.events[wanted].date if wanted in said.ledger.events else ""
            found |= {str(words) if words else said.ledger.figure(wanted).words}
            found |= {data.periods(wanted, said.ledger), _time(said.ledger, wanted)}
        except UnknownId:
            continue
    return sorted((plain(text) for text in found if has_numeral(text)), key=len, reverse=True)


def without(text: str, allowed: Iterable[str]) -> str:
    """A text without those parts that are allowed, whole words each."""
    for each in allowed:
        text = re.sub(rf"(?<![\w.,]){re.escape(each)}(?![\w%])", "\ufffc", text)
    return text


def in_drawing(texts: list[ChartText], allowed: list[str]) -> Iterator[tuple[str, int]]:
    """The numerals of a drawing that are neither allowed nor ticks, and their lines.

    Texts that follow each other are read as one: a drawing breaks them into lines.
    """
    others = [each for each in texts if not _is_tick(each)]
    if not others:
        return
    left = without(" ".join(plain(each.text) for each in others), allowed)
    for loose in loose_in(left, others[0].line):
        line = next((e.line for e in others if loose.numeral in plain(e.text)), loose.line)
        yield f"{loose.numeral!r} in {loose.around!r}", line


def numerals_of(texts: Iterable[ChartText]) -> tuple[int, int]:
    """How many numerals a drawing has, and how many of them are ticks."""
    found = list(texts)
    ticks = sum(count(each.text) for each in found if _is_tick(each))
    return sum(count(each.text) for each in found), ticks


def _is_tick(text: ChartText) -> bool:
    return text.is_tick and _TICK.fullmatch(text.text.replace("\u2212", "-")) is not None


def _told_otherwise(text: str, pieces: list[Any], said: Sayings) -> Iterator[str]:
    shown = "".join(each if isinstance(each, str) else each["text"] for each in pieces)
    if shown != text:
        yield f"{text!r} is not what its pieces say: {shown!r}"
    for each in pieces:
        if isinstance(each, str):
            if has_numeral(each):
                yield f"{each!r} in {text!r} types a numeral"
        elif each["text"] not in said.of(each["of"]):
            yield f"{each['text']!r} in {text!r} is not what the ledger has for {each['of']}"


def _row_faults(
    row: Mapping[str, Any],
    all_rows: Sequence[Mapping[str, Any]],
    spec: dict[str, Any],
    said: Sayings,
) -> Iterator[str]:
    ledger = said.ledger
    name = row.get("id") or row.get("tie")
    is_tie = form(spec).get("form") == "ties"
    for key in sorted(set(row) - data.FIELDS.get(str(form(spec).get("form")), frozenset())):
        yield f"row {name!r} has a field {key!r} that no chart has"
    if is_tie:
        yield from _tie_faults(row, ledger)
        return
    told = form(spec).get("told", {})
    for key in ("label", "pair"):
        text = str(row.get(key, ""))
        is_period = text == data.periods(row["id"], ledger)
        is_own = text in told or is_period
        if not is_own and has_numeral(without(plain(text), [plain(row["words"])])):
            yield f"the label {text!r} of row {name!r} types a numeral"
    if row["id"] in ledger.events:
        event = ledger.events[row["id"]]
        expected: dict[str, Any] = {"words": str(event.date), "party": event.party}
    else:
        figure = ledger.figure(row["id"])
        expected = row_of("", figure) | {"time": figure.period}
        if "point" not in row:
            expected["words"] = figure.period
    whole = _whole(row, all_rows, ledger)
    for key in ("words", "party", "side", "time", *_NUMBERS):
        if key in row and key in expected:
            is_number = key in _NUMBERS and key != "sure"
            yield from _differs(row[key], expected[key], whole if is_number else 1, key, name)
    yield from _times(row, all_rows, ledger)


def _whole(row: Mapping[str, Any], all_rows: Sequence[Mapping[str, Any]], ledger: Ledger) -> float:
    """What the numbers of a pair are multiples of: the first figure of it."""
    if "pair" not in row:
        return 1
    first = next(each for each in all_rows if each.get("pair") == row["pair"])
    return float(ledger.figure(first["id"]).quantity.point) or 1.0


def _differs(shown: Any, expected: Any, whole: float, key: str, name: Any) -> Iterator[str]:
    if isinstance(expected, float):
        expected = expected / whole
        if abs(float(shown) - expected) <= _HALF_A_DIGIT * max(1.0, abs(expected)):
            return
    if shown != expected:
        yield f"row {name!r} has {shown!r} for {key}, the ledger {expected!r}"


def _times(
    row: Mapping[str, Any], all_rows: Sequence[Mapping[str, Any]], ledger: Ledger
) -> Iterator[str]:
    """Ends of a time are the period's, or where it has none, those of the other rows."""
    if "from" not in row:
        return
    known = {day for each in all_rows if "from" in each for day in _days(each["id"], ledger)}
    mine = _days(row["id"], ledger)
    for end in ("from", "to"):
        if row[end] is not None and row[end] not in (mine if mine else known) | known:
            yield f"row {row['id']!r} has {row[end]!r} for {end!r}, which is no date of the ledger"


def _days(wanted: str, ledger: Ledger) -> set[str]:
    if wanted in ledger.events:
        period = ledger.events[wanted].date
    elif wanted in ledger.statistics:
        period = ledger.statistics[wanted].period
    else:
        return set()
    last = period.last + timedelta(days=1) if period.last else None
    return {day.isoformat() for day in (period.first, last) if day}


def _tie_faults(row: Mapping[str, Any], ledger: Ledger) -> Iterator[str]:
    if "basis" in row:
        link = next((k for k in ledger.item(row["from_id"]).links if k.to == row["to_id"]), None)
        if link is None or (link.relation, link.basis) != (row["relation"], row["basis"]):
            yield f"the tie {row['tie']!r} is none of the ledger's"
        return
    item = ledger.item(row["id"])
    if plain(row["drawn"]) != plain(item.label) or row["label"] != item.label:
        yield f"the item {row['id']!r} has another label in the ledger: {item.label!r}"


def _time(ledger: Ledger, wanted: str) -> str:
    return "" if wanted in ledger.events else ledger.figure(wanted).period


def _typed(part: Any, name: str = "") -> Iterator[str]:
    """The texts that a specification shows by itself: those of its rows and code aside."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key not in ("datasets", "data", "usermeta", "config", "$schema"):
                yield from _typed(value, name if key in ("value", "datum") else key)
    elif isinstance(part, list):
        for each in part:
            yield from _typed(each, name)
    elif name in _TEXTS and isinstance(part, str | int | float) and not isinstance(part, bool):
        yield str(part)
