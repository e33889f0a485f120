"""Whether charts show what the ledger has: their rows, words and drawings.

A chart is its specification. Its rows name their figures by id, and have the numbers and words of
the ledger; a drawing shows the texts of these rows, of the finding and what that cites, and ticks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

from tallybook.audit.html import CLAIMED, ChartText, count, plain, unclaimed_in
from tallybook.audit.references import LedgerTexts
from tallybook.charts import data
from tallybook.charts.data import row_of, rows
from tallybook.charts.svg import form
from tallybook.errors import BadReference, UnknownId
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.references import Reference
from tallybook.reading.numerals import has_numeral
from tallybook.reading.statements import Known, stating

# What an axis writes at its ticks: numbers, "2 million", "40%", years and months.
_TICK = re.compile(r"-?[\d,]*\.?\d+%?(?: (?:million|billion))?|(?:[A-Z][a-z]{2} )?\d{4}")
_NUMBERS = ("point", "sure", "low", "high")
_TEXTS = ("title", "subtitle", "text", "description", "name")
_HALF_A_DIGIT = 1e-9  # of a quotient, which differs in its last digits by how it was computed


def faults_of(spec: dict[str, Any], book: LedgerTexts) -> Iterator[str]:
    """Return what a specification shows that the ledger does not have, each as a sentence."""
    for text, pieces in form(spec).get("told", {}).items():
        yield from _citation_faults(text, pieces, book)
    found = rows(spec)
    if not found:
        yield "it has no rows that name figures"
    for row in found:
        try:
            yield from _row_faults(row, found, spec, book.ledger)
        except (UnknownId, KeyError, TypeError, ValueError, AttributeError) as error:
            yield f"a row of it is no figure's: {error}"
    allowed = vocabulary(spec, book.ledger)
    for text in map(plain, _typed(spec)):
        for found_in_it in unclaimed_in(without(text, allowed), 0, book.ledger.known):
            yield f"{found_in_it.numeral!r} in {text[:80]!r} is typed into it"


def vocabulary(spec: dict[str, Any], ledger: Ledger) -> list[str]:
    """Return the texts with numerals that a drawing may show, the longest first."""
    found = set(form(spec).get("told", {}))
    for wanted in (str(row.get("id", "")) for row in rows(spec)):
        if wanted in ledger.events:
            found |= {str(ledger.events[wanted].date), data.periods(wanted, ledger)}
        elif wanted and wanted not in ledger.items:
            with suppress(UnknownId):  # which `faults_of` reports
                figure = ledger.figure(wanted)
                found |= {figure.words, figure.period, data.periods(wanted, ledger)}
    return sorted((plain(text) for text in found if has_numeral(text)), key=len, reverse=True)


def without(text: str, allowed: Iterable[str]) -> str:
    """Return a text without those parts that are allowed, each of whole words."""
    for each in allowed:
        text = re.sub(rf"(?<![\w.,]){re.escape(each)}(?![\w%])", CLAIMED, text)
    return text


def in_drawing(
    drawn: list[ChartText], allowed: list[str], known: Known
) -> Iterator[tuple[str, int]]:
    """Return the numerals of a drawing that are neither allowed nor at ticks, each with its line.

    Texts that follow each other are read as one, because a drawing breaks a text into lines.
    """
    others = [each for each in drawn if not _is_tick(each)]
    if not others:
        return
    left = without(" ".join(plain(each.text) for each in others), allowed)
    for found in unclaimed_in(left, others[0].line, known):
        line = next((e.line for e in others if found.numeral in plain(e.text)), found.line)
        yield f"{found.numeral!r} in {found.around!r}", line


def numerals_of(drawn: list[ChartText]) -> tuple[int, int]:
    """Return how many numerals a drawing has, and how many of them are at ticks."""
    ticks = sum(count(each.text) for each in drawn if _is_tick(each))
    return sum(count(each.text) for each in drawn), ticks


def _is_tick(text: ChartText) -> bool:
    return text.is_tick and _TICK.fullmatch(text.text.replace("\u2212", "-")) is not None


def _citation_faults(text: str, pieces: list[Any], book: LedgerTexts) -> Iterator[str]:
    """Why a text that cites figures is not what its pieces are: typed words, and the ledger's."""
    shown = "".join(each if isinstance(each, str) else each["text"] for each in pieces)
    if shown != text:
        yield f"{text!r} is not what its pieces say: {shown!r}"
    for each in pieces:
        if isinstance(each, str):
            if any(stating(each, book.ledger.known)):
                yield f"{each!r} in {text!r} types a numeral"
            continue
        try:
            is_there = each["text"] in book.texts(Reference.parse(each["of"]))
        except (BadReference, UnknownId) as error:
            yield f"{each['text']!r} in {text!r}: {error}"
            continue
        if not is_there:
            yield f"{each['text']!r} in {text!r} is not what the ledger has for {each['of']}"


def _row_faults(
    row: Mapping[str, Any],
    all_rows: Sequence[Mapping[str, Any]],
    spec: dict[str, Any],
    ledger: Ledger,
) -> Iterator[str]:
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
        is_cited = text in told or text == data.periods(row["id"], ledger)
        left = without(plain(text), [plain(row["words"])])
        if not is_cited and any(stating(left, ledger.known)):
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
    """The ends of a time that are neither its period's nor those of another row."""
    if "from" not in row:
        return
    known = {day for each in all_rows if "from" in each for day in _days(each["id"], ledger)}
    known |= _days(row["id"], ledger)
    for end in ("from", "to"):
        if row[end] is not None and row[end] not in known:
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


def _typed(part: Any, name: str = "") -> Iterator[str]:
    """The texts that a specification shows by itself: those of its rows and code aside."""
    if isinstance(part, dict):
        for key, value in part.items():
            # {"text": {"value": "97%"}} shows what {"text": "97%"} does.
            if key not in ("datasets", "data", "usermeta", "config", "$schema"):
                yield from _typed(value, name if key in ("value", "datum") else key)
    elif isinstance(part, list):
        for each in part:
            yield from _typed(each, name)
    elif name in _TEXTS and isinstance(part, str | int | float) and not isinstance(part, bool):
        yield str(part)
