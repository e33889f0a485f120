"""A text that cites figures of the ledger, for the title or the rows of a chart."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from tallybook.errors import BadOutput
from tallybook.ledger.ledger import Ledger
from tallybook.reading.numerals import has_numeral
from tallybook.tables.table import Piece, from_ledger

_CITED = re.compile(r"\{([^{}]*)\}")


class Worded(str):
    """A text, and the pieces that it is made of: typed ones, and what the ledger says."""

    __slots__ = ("pieces",)
    pieces: list[Piece]


def worded(ledger: Ledger, text: str) -> Worded:
    """A text in which "{arrests-2017}" stands for a figure's words, "{period:arrests-2017}" for a
    period or date, and "{count:asks}" for a count.

    Raises UnknownId for what the ledger does not have, BadOutput for a numeral that is typed.
    """
    ways: dict[str, Callable[[str], str]] = {
        "words": lambda wanted: ledger.figure(wanted).words,
        "period": lambda wanted: str(ledger.period(wanted)),
        "count": lambda wanted: f"{ledger.count(wanted):,}",
    }
    pieces: list[Piece] = []
    for number, part in enumerate(_CITED.split(text)):
        if number % 2 == 0:
            if has_numeral(part):
                raise BadOutput(f"{part!r} types a numeral: cite its figure, such as {{its-id}}")
            pieces += [part] if part else []
            continue
        kind, _, wanted = part.rpartition(":")
        if (kind or "words") not in ways:
            expected = "{id}, {period:id} or {count:asks}"
            raise BadOutput(f"{{{part}}} cites nothing: expected {expected}")
        pieces.append(from_ledger(f"{kind or 'words'}:{wanted}", ways[kind or "words"](wanted)))
    shown = Worded("".join(each if isinstance(each, str) else each["text"] for each in pieces))
    shown.pieces = pieces
    return shown


def pieces_of(texts: Iterable[str]) -> dict[str, list[Any]]:
    """Of those texts that cite figures, the pieces."""
    return {str(each): each.pieces for each in texts if isinstance(each, Worded)}
