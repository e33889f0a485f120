"""Tables as notebooks show them, and texts that cite the ledger.

A cell keeps the ids of what it shows. A notebook stores the table as data of its own mime type,
from which a page makes links and references, and as HTML and text for JupyterLab and GitHub.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from tallybook.errors import BadOutput
from tallybook.ledger.figures import Figure
from tallybook.ledger.ledger import Ledger
from tallybook.reading.numerals import has_numeral

# The mime types of what notebooks store. JupyterLab draws charts by its own type for Vega-Lite.
TABLE = "application/vnd.tallybook.table+json"
DERIVED = "application/vnd.tallybook.derived+json"
CHART = "application/vnd.vegalite.v6+json"

Piece = str | dict[str, str]  # text, or what it names or is of, with its text
Cell = Piece | list[list[Piece]]  # or lines, each of pieces

_CITED = re.compile(r"\{([^{}]*)\}")
# Spreadsheets take a text for a formula, and execute it, also behind white space and with the wide
# signs of East Asian scripts.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")


@dataclass(frozen=True)
class Table:
    """Rows of cells; a piece is text, or names what it shows: {"figure": id, "text": words}, or
    says what the ledger has the text from: {"of": "period:arrests-2017", "text": "2017"}.

    `anchors` has for each row what it is the home of, such as "figure-arrests-2017", or "".
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    anchors: Sequence[str] = ()
    note: str = ""
    is_sortable: bool = False

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        rows = [[_as_data(cell) for cell in row] for row in self.rows]
        text = [[_text(cell) for cell in row] for row in rows]
        data = {
            "columns": list(self.columns),
            "rows": rows,
            "anchors": list(self.anchors),
            "note": self.note,
            "sortable": self.is_sortable,
        }
        return {TABLE: data, "text/html": self._html(text), "text/plain": self._plain(text)}

    def _html(self, text: list[list[str]]) -> str:
        def line(tag: str, cells: Sequence[str]) -> str:
            return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"

        body = "".join(line("td", row) for row in text)
        note = f"<p>{escape(self.note)}</p>" if self.note else ""
        return (
            f"<table><thead>{line('th', self.columns)}</thead><tbody>{body}</tbody></table>{note}"
        )

    def _plain(self, text: list[list[str]]) -> str:
        lines = [" | ".join(row) for row in [list(self.columns), *text]]
        return "\n".join([*lines, self.note] if self.note else lines)


def from_ledger(of: str, text: str) -> Piece:
    """A text of the ledger, with the reference that it is from where it holds a numeral."""
    return {"of": of, "text": text} if has_numeral(text) else text


def from_figure(figure: Figure, name: str) -> Piece:
    """What a figure's field says: its label, period or scope."""
    return from_ledger(f"{name}:{figure.id}", getattr(figure, name))


def _as_data(cell: Cell) -> dict[str, Any]:
    if isinstance(cell, list):
        return {"lines": [[piece(each) for each in line] for line in cell]}
    return piece(cell)


def piece(shown: Piece) -> dict[str, str]:
    """A piece as data."""
    return shown if isinstance(shown, dict) else {"text": shown}


def _text(cell: dict[str, Any]) -> str:
    lines = cell.get("lines", [[cell]])
    return "; ".join("".join(each["text"] for each in line) for line in lines)


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


def spreadsheet_safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula: it has an apostrophe before it."""
    return f"'{text}" if _FORMULA.match(text) else text
