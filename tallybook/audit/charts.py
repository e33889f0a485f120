"""Whether charts show what the ledger has: their specifications, and the words of their drawings.

A chart is its specification, which `charts/check.py` compares with the ledger. A drawing shows the
texts of its rows, of its titles and what these cite, and ticks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tallybook.audit.html import CLAIMED, ChartText, count, plain, unclaimed_in
from tallybook.charts.check import without
from tallybook.reading.statements import Known

# What an axis or a legend writes at its ticks: numbers, "2 million", "40%", and dates.
_NUMBER = r"-?[\d,]*\.?\d+[kMBG]?%?(?: (?:million|billion))?"
_DATE_PART = r"(?:[A-Z][a-z]{2,8}|\d{1,4}|Q[1-4]|AM|PM|\d{1,2}:\d{2})"
_TICK = re.compile(rf"{_NUMBER}|{_DATE_PART}(?:[ ,./-]+{_DATE_PART})*|{_NUMBER} – {_NUMBER}")


def in_drawing(
    drawn: list[ChartText], allowed: list[str], known: Known
) -> Iterator[tuple[str, int]]:
    """Return the numerals of a drawing that are neither allowed nor at ticks, each with its line.

    Texts that follow each other are read as one, because a drawing breaks a text into lines.
    """
    others = [each for each in drawn if not _is_tick(each)]
    if not others:
        return
    text = " ".join(plain(each.text) for each in others)
    left = without(text, map(plain, allowed), by=CLAIMED)
    for found in unclaimed_in(left, others[0].line, known):
        line = next((e.line for e in others if found.numeral in plain(e.text)), found.line)
        yield f"{found.numeral!r} in {found.around!r}", line


def numerals_of(drawn: list[ChartText]) -> tuple[int, int]:
    """Return how many numerals a drawing has, and how many of them are at ticks."""
    ticks = sum(count(each.text) for each in drawn if _is_tick(each))
    return sum(count(each.text) for each in drawn), ticks


def _is_tick(text: ChartText) -> bool:
    return text.is_tick and _TICK.fullmatch(text.text.replace("\u2212", "-")) is not None
