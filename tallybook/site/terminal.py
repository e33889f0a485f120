"""What a terminal shows of a printed text in the end: of a progress bar, its last state alone.

A carriage return leads back to the start of the line, and what follows is written over what stands
there. Colours stay; all else that moves or erases is done, and leaves no sign.
"""

from __future__ import annotations

import re

_PIECE = re.compile(
    r"(?P<text>[^\x1b\r\n\b]+)|\x1b\[(?P<numbers>[\d;:?]*)(?P<order>[ -/]*[@-~])"
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b.?|(?P<sign>[\r\n\b])",
    re.DOTALL,
)
_ACTS = re.compile(r"[\r\b]|\x1b(?!\[[\d;:]*m)")  # anything besides lines and colours
_MOST = 1000  # rows or columns that one order may lead away
_Row = list[tuple[str, str]]  # characters, each with its colours


def last_state(text: str) -> str:
    r"""Return what is there to see once all of a text is printed, with its colours.

    >>> last_state("loading\rloaded \ndone\b\b\bid\n")
    'loaded \ndide\n'
    """
    if not _ACTS.search(text):
        return text
    screen = _Screen()
    for piece in _PIECE.finditer(text):
        if piece["text"]:
            screen.write(piece["text"])
        elif piece["order"]:
            screen.obey(piece["order"], piece["numbers"])
        elif piece["sign"]:
            screen.move(piece["sign"])
    return "\n".join(map(_shown, screen.rows))


class _Screen:
    """Rows of characters without an end, and where the next one goes."""

    def __init__(self) -> None:
        self.rows: list[_Row] = [[]]
        self.row = self.column = 0
        self.colours = ""

    def write(self, text: str) -> None:
        """Write over what stands there."""
        row = self.rows[self.row]
        row += [("", " ")] * (self.column - len(row))
        row[self.column : self.column + len(text)] = [(self.colours, each) for each in text]
        self.column += len(text)

    def move(self, sign: str) -> None:
        """Go where a carriage return, a line feed or a backspace leads."""
        self.column = max(0, self.column - 1) if sign == "\b" else 0
        if sign == "\n":
            self._to_row(self.row + 1)

    def obey(self, order: str, numbers: str) -> None:
        """Do what an escape sequence says of colours, places and erasing; leave out any other."""
        first = re.match(r"\d+", numbers)
        number = int(first[0][:9]) if first else 0
        steps = min(max(number, 1), _MOST)
        match order:
            case "m":
                is_reset = not numbers.strip("0;")
                self.colours = "" if is_reset else f"{self.colours}\x1b[{numbers}m"
            case "K":
                self._erase(number)
            case "J" if number:
                self.rows, self.row = [[]], 0
            case "A" | "F":
                self._to_row(max(0, self.row - steps))
            case "B" | "E":
                self._to_row(self.row + steps)
            case "C":
                self.column += steps
            case "D":
                self.column = max(0, self.column - steps)
            case "G":
                self.column = steps - 1
        if order in ("E", "F"):
            self.column = 0

    def _erase(self, which: int) -> None:
        row = self.rows[self.row]
        if which != 1:
            del row[self.column :]
        if which:
            row[: self.column] = [("", " ")] * min(self.column, len(row))

    def _to_row(self, row: int) -> None:
        self.row = row
        self.rows += [[] for _ in range(row + 1 - len(self.rows))]


def _shown(row: _Row) -> str:
    text, before = "", ""
    for colours, character in row:
        if colours != before:
            text += ("\x1b[0m" if before else "") + colours
        text, before = text + character, colours
    return text + ("\x1b[0m" if before else "")
