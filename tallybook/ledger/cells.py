"""The tables of a document: a row is a line with bars around its cells."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from tallybook.ledger.document import Document, Span

_ROW = re.compile(r"^[^\S\n]*(\|[^\n\f]*)", re.M)
_RULE = re.compile(r"[\s|:–—-]*")
_VALUE = re.compile(r"[^\w|]*\d[\d.,\s\xa0\u202f]*[^\w|]*(?:[a-zA-Z]{1,2})?[^\w|]*")


@dataclass(frozen=True)
class Row:
    """A row of a table: where it and each of its cells stand, and the number of its table."""

    span: Span
    cells: tuple[Span, ...]
    table: int

    def column(self, position: int) -> int:
        """The number of the cell that a position is in, from 0."""
        return max(bisect_right([start for start, _ in self.cells], position) - 1, 0)


class Tables:
    r"""Where the rows and cells of a document's tables stand.

    >>> tables = Tables(Document("report", "| | 2011 | 2012 |\n| Lids | 40 | 50 |\nIn all 90.", {}))
    >>> text, row = tables.document.text, tables.rows[1]
    >>> [text[slice(*cell)] for cell in row.cells], tables.row_at(text.index("90"))
    ([' Lids ', ' 40 ', ' 50 '], None)
    >>> [text[slice(*cell)] for cell in tables.above(row, 2)]
    [' 2012 ']
    """

    def __init__(self, document: Document) -> None:
        self.document = document

    @cached_property
    def rows(self) -> list[Row]:
        """Every row of every table, but for those that only rule a line."""
        found: list[Row] = []
        table, last = 0, -1
        for line in _ROW.finditer(self.document.original):
            printed = line[1].rstrip()
            between = self.document.original[max(last, 0) : line.start()]
            if last < 0 or between.strip() or between.count("\n") > 1:
                table += 1
            last = line.end()
            if _RULE.fullmatch(printed):
                continue
            start = self.document.position(line.start(1))
            end = self.document.position(line.start(1) + len(printed))
            found.append(Row((start, end), self._cells(start, end), table))
        return found

    def _cells(self, start: int, end: int) -> tuple[Span, ...]:
        bars = [start + bar.start() for bar in re.finditer(r"\|", self.document.text[start:end])]
        ends = bars[1:] if bars[-1] == end - 1 else [*bars[1:], end]
        return tuple((bar + 1, next_bar) for bar, next_bar in zip(bars, ends, strict=False))

    def row_at(self, position: int) -> Row | None:
        """The row that a position is in; None outside of tables."""
        at = bisect_right(self._starts, position) - 1
        return self.rows[at] if at >= 0 and position < self.rows[at].span[1] else None

    @cached_property
    def _starts(self) -> list[int]:
        return [row.span[0] for row in self.rows]

    def text_of(self, cell: Span) -> str:
        """What stands in a cell."""
        return self.document.text[slice(*cell)].strip()

    def rows_above(self, row: Row) -> list[Row]:
        """The rows of a table above one of them, the nearest first."""
        at = bisect_right(self._starts, row.span[0]) - 1
        return [above for above in self.rows[:at][::-1] if above.table == row.table]

    def above(self, row: Row, column: int) -> list[Span]:
        """The cells above one, or those to the left that span its column; the nearest first."""
        cells = (self.spanning(above, column, row) for above in self.rows_above(row))
        return [cell for cell in cells if cell]

    def spanning(self, above: Row, column: int, row: Row) -> Span | None:
        """The cell of a row that stands over a column; None where its cells are not as many."""
        if len(above.cells) == 1:
            return above.cells[0]
        if len(above.cells) != len(row.cells):
            return None
        cells = above.cells[: column + 1][::-1]
        return next((cell for cell in cells if self.text_of(cell)), None)

    def is_value(self, cell: Span) -> bool:
        """Whether nothing but a number stands in a cell."""
        return bool(_VALUE.fullmatch(self.text_of(cell)))
