"""The tables of a document: a row is a line with bars around its cells."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property

from tallybook.ledger.document import Document
from tallybook.reading.amount import Span
from tallybook.reading.printed_dates import all_in

_ROW = re.compile(r"^[^\S\n]*(\|[^\n\f]*)", re.M)
_RULE = re.compile(r"[\s|:–—-]*")
_VALUE = re.compile(r"[^\w|]*\d[\d.,\s\xa0\u202f]*[^\w|]*(?:[a-zA-Z]{1,2})?[^\w|]*")
_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]")
_PERCENT = re.compile(r"%|per\s?cent|percentages?|proportions?", re.I)
# Heads that say no more than that a number stands below.
_PLAIN = re.compile(
    r"(?:the\s+)?(?:numbers?|numerical|totals?|values?|counts?|no\.?|n|all|years?)", re.I
)
_PER = re.compile(r"(?<!\w)per\s+(?!cent)(?P<number>\d[\d,.]*)?\s*(?P<noun>[a-z]+)?", re.I)


@dataclass(frozen=True)
class Row:
    """A row of a table: where it and each of its cells stand, and the number of its table."""

    span: Span
    cells: tuple[Span, ...]
    table: int
    number: int  # of the row, in the document

    def column(self, position: int) -> int:
        """The number of the cell that a position is in, from 0."""
        return max(bisect_right([start for start, _ in self.cells], position) - 1, 0)


@dataclass(frozen=True)
class Heads:
    """What the heads of a cell say without their dates: of its row, of its column, and its unit."""

    row: str
    column: str
    unit: str


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
            found.append(Row((start, end), self._cells(start, end), table, len(found)))
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

    @cached_property
    def _heads_of(self) -> dict[int, list[Row]]:
        """The rows of each table in which no values stand."""
        found: dict[int, list[Row]] = {}
        for row in self.rows:
            if not self.is_of_values(row):
                found.setdefault(row.table, []).append(row)
        return found

    @cached_property
    def _values_of(self) -> dict[int, Span]:
        """The numbers of the first and the last row of each table in which values stand."""
        found: dict[int, Span] = {}
        for row in self.rows:
            if self.is_of_values(row):
                found[row.table] = (found.get(row.table, (row.number, 0))[0], row.number)
        return found

    def heads_above(self, row: Row) -> list[Row]:
        """The rows above one of a table in which no values stand, the nearest first."""
        heads = self._heads_of.get(row.table, [])
        return heads[: bisect_left(heads, row.number, key=lambda each: each.number)][::-1]

    def above(self, row: Row, column: int) -> list[Span]:
        """The cells above one, or those to the left that span its column; the nearest first."""
        cells = (self.spanning(above, column, row) for above in self.heads_above(row))
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

    def is_of_values(self, row: Row) -> bool:
        """Whether a row has a number that is no date in a cell behind its first."""
        return any(self.is_value(cell) and not self._is_dated(cell) for cell in row.cells[1:])

    def _is_dated(self, cell: Span) -> bool:
        return bool(all_in(self.text_of(cell)))

    def is_head(self, row: Row) -> bool:
        """Whether a row heads others: no values stand in it or above it, and some below."""
        return row.number < self._values_of.get(row.table, (0, 0))[0]

    def heads(self, position: int) -> Heads | None:
        r"""What the heads of the cell at a position say; None outside of tables, and in heads.

        >>> text = "| | 2011 | Change (%) |\n| Lids sold | 40 | 12 |"
        >>> tables = Tables(Document("report", text, {}))
        >>> tables.heads(text.index("40"))
        Heads(row='Lids sold', column='', unit='')
        >>> tables.heads(text.index("12"))
        Heads(row='Lids sold', column='Change', unit='%')
        """
        row = self.row_at(position)
        if row is None or self.is_head(row):
            return None
        column = row.column(position)
        above = [self.text_of(cell) for cell in self.above(row, column)]
        beside = [self.text_of(row.cells[0])] if column and not self.is_value(row.cells[0]) else []
        said = [each for each in map(_named, above) if each]
        named = [each for each in map(_named, beside) if each]
        units = [unit for each in [*above, *beside] if (unit := _unit(each))]
        return Heads(*(each[0] if each else "" for each in (named, said, units)))


def _named(head: str) -> str:
    """What a head names, without the dates and the brackets in it."""
    for date in reversed(all_in(head)):
        head = head[: date.start] + head[date.end :]
    plain = _PER.sub(" ", re.sub(r"^\s*%\s+", "", _BRACKETS.sub(" ", head)))
    plain = re.sub(r",?\s+of\s+which\W*$", "", " ".join(plain.split()), flags=re.I).strip(
        " ,:;–—-*()"
    )
    is_plain = _PLAIN.fullmatch(plain) or _PERCENT.fullmatch(plain)
    return "" if is_plain or not re.search(r"[^\W\d_]{2}", plain) else plain


def _unit(head: str) -> str:
    """The unit that a head gives to what stands below it: "%", "£ million"."""
    inside = [each[1].strip() for each in _BRACKETS.finditer(head)]
    said = next((each for each in inside if each and not all_in(each)), "")
    if _PERCENT.match(said) or (not said and _PERCENT.match(head)):
        return "%"
    if not said and (per := _PER.search(head)):
        number = (per["number"] or "").replace(",", "").strip(".")
        return " ".join(f"number per {number} {per['noun'] or ''}".split())
    is_number = _PLAIN.fullmatch(said) or re.search(r"\d", said)
    if of := re.match(r"(?:number|no\.)\s+of\s+(?P<noun>[^\W\d_][^,()]*)", said or head, re.I):
        return " ".join(of["noun"].split()).lower()
    return "" if is_number else said
