"""A table in a notebook: text, and the ids of what stands in it, so that a page can link each.

Shown as data of its own mime type, from which the book makes links and references, and as HTML and
text for JupyterLab and GitHub.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from tallybook.ledger.figures import Figure
from tallybook.reading.numerals import has_numeral
from tallybook.tables.mime import TABLE

Piece = str | dict[str, str]  # text, or what it names or is of, with its text
Cell = Piece | list[list[Piece]]  # or lines, each of pieces


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
