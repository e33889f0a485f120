"""Whether the words that a record cites for its period are the figure's own.

Of a figure in a table, these stand in its row, or at the head of its column; of one in a sentence,
in that sentence, tied to it if others stand there too. Only where none do, they stand elsewhere,
before it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable

from tallybook.ledger.cells import Row
from tallybook.ledger.document import Document
from tallybook.ledger.passages import Passages
from tallybook.reading import english as words
from tallybook.reading.amount import Amount, Span

# Between a figure and the date behind it: "4,134 people in", "40 (".
_BEHIND = re.compile(
    r"\s+(?:[^\W\d_][\w'-]*\s+){0,4}?(?:(?:in|of|during|for|throughout)\s+|\()(?:the\s+)?"
)
_AT_ONCE = re.compile(r"\s+(?:[\w%-]+\s+)?(?:in\s+|\()")
# "the 2016 total of"
_ATTRIBUTE = re.compile(r"\s+(?:[^\W\d_][\w'-]*\s+){1,4}?(?:of|was|were|is|are|at)\s+", re.I)
_LEADS = re.compile(r"(?:^|[\s(\"'])(?:in|during|for|throughout|by|at)\s+(?:the\s+)?$", re.I)
_OTHER_CLAUSE = re.compile(
    r"[;:()]|,\s.*,\s|(?<!\w)(?:that|which|who|whose|when|where|after|before|until|since|than|as|and|but|while"
    r"|against|from|compared|versus|vs)(?!\w)",
    re.I,
)
_LIST = re.compile(r"\s*(?:,|/|&|,?\s(?:and|or)\s)\s*(?:in\s+|the\s+)*", re.I)
_COMPARED = re.compile(
    r"(?<!\w)(?:than|against|compared\s+(?:to|with)|versus|vs\.?|(?:up|down)\s+(?:\S+\s+)?from|over|since"
    r"|after|before|until|by)\s+(?:[^\W\d_]+\s+){0,3}?$",
    re.I,
)
_MONTHS = "|".join(f"{name}|{name[:3]}\\b" for name in words.MONTHS)
_DAY = re.compile(rf"(?<!\w)(?:{_MONTHS}|\d{{4}}-\d\d-\d\d)")
_LONGEST = 120  # characters of a date
_ADVICE = (
    "or, if that is not the figure's, leave period_as_printed out and say period_from: context, "
    "with period_because"
)


class OwnDates:
    """Tells of each figure of a document which printed dates are its own.

    >>> own = OwnDates(Document("report", "In 2017 it sold 40 lids. In 2018 it sold 50.", {}))
    >>> own.mistake((16, 18), (3, 7)), own.mistake((16, 18), (28, 32))[:71]
    ('', '"2018" stands behind the sentence of "40", in which stands "2017": cite')
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.passages = Passages(document)
        self.tables = self.passages.tables

    def nearest(
        self, figure: Span, found: Iterable[Span], base: Span | None = None
    ) -> tuple[Span | None, str]:
        """Of the places where the words of a period stand, the figure's own; and what is wrong.

        `figure` is the place of its number, `base` that of the words of a base.
        """
        ranked: list[tuple[bool, tuple[bool, bool, int], Span, str]] = []
        for span in found:
            mistake = self.mistake(figure, span, base)
            ranked.append((bool(mistake), self.document.distance(figure, span), span, mistake))
        return min(ranked)[2:] if ranked else (None, "")

    def mistake(self, figure: Span, span: Span, base: Span | None = None) -> str:
        """Why the words at a place are not those of a figure's own period; "" where they are."""
        printed = [
            each for each in self._dates_from(span[0] - _LONGEST, span[1]) if _meet(each, span)
        ]
        if not printed:  # "last year"
            return ""
        row = self.tables.row_at(figure[0])
        if row is None:
            return self._in_prose(figure, span, base)
        return self._in_table(row, figure, span)

    def _dates_from(self, start: int, end: int) -> list[Span]:
        """The dates that begin in a part of the text."""
        dates = self.passages.dates
        return dates[bisect_left(dates, (start, 0)) : bisect_left(dates, (end, 0))]

    def _shown(self, span: Span) -> str:
        return f'"{self.document.text[slice(*span)].strip()}"'

    # In a table

    def of_cell(self, position: int) -> Span | None:
        r"""The date of a cell of a table, if its row or its column has just one.

        >>> own = OwnDates(Document("report", "| Year | Lids |\n| 2011 | 40 |", {}))
        >>> own.of_cell(own.document.text.index("40"))
        (18, 22)
        """
        row = self.tables.row_at(position)
        if row is None or self.tables.is_head(row):
            return None
        heads, _ = self._heads(row, row.column(position))
        beside = self._dates_of_row(row, (position, position + 1))
        first = [each for each in beside if row.column(each[0]) == 0]
        found = heads or first or beside
        return found[0] if len(found) == 1 else None

    def _in_table(self, row: Row, figure: Span, span: Span) -> str:
        column = row.column(figure[0])
        beside = self._dates_of_row(row, figure)
        heads, is_known = self._heads(row, column)
        if any(_meet(each, span) for each in [*beside, *heads]):
            return ""
        at = self.tables.row_at(span[0])
        is_inside = at is not None and at.table == row.table
        if is_inside and at == row:
            return ""
        own = [each for each in beside if not self.tables.is_value(row.cells[row.column(each[0])])]
        own += [each for each in beside if each not in own and row.column(each[0]) == 0]
        what = f"{self._shown(span)} is not the date of {self._shown(figure)}"
        if is_inside and at is not None:
            in_column = at.column(span[0])
            if not is_known or (not own and not heads and in_column == 0):
                return ""
            what = f"{self._shown(span)} stands in another column than {self._shown(figure)}"
            if in_column in (0, column):
                what = f"{self._shown(span)} stands in another row than {self._shown(figure)}"
        elif is_inside or not (own or heads):
            return ""
        if heads:
            return f"{what}: at the head of its column stands {self._shown(heads[0])}: cite that"
        if own:
            return f"{what}: in its row stands {self._shown(own[0])}: cite that, {_ADVICE}"
        return f"{what}, and no date in its row or at the head of its column: cite one {_ADVICE}"

    def _dates_of_row(self, row: Row, figure: Span) -> list[Span]:
        found = [each for each in self._dates_from(*row.span) if _within(each, row.span)]
        return [each for each in found if not _meet(each, figure)]

    def _heads(self, row: Row, column: int) -> tuple[list[Span], bool]:
        """The dates at the head of a column, and whether it is known where the column is.

        Those are in the nearest row above that has one there, and in heads right above that.
        """
        found: list[Span] = []
        is_known, last = True, row.number
        for above in self.tables.heads_above(row):
            if found and last - above.number > 1:  # values stand between
                break
            last = above.number
            cell = self.tables.spanning(above, column, row)
            if cell:
                found += [each for each in self._dates_from(*cell) if _within(each, cell)]
            elif len(above.cells) != len(row.cells) and self._dates_of_row(above, (0, 0)):
                is_known = False
        return found, is_known

    # In a sentence

    def _in_prose(self, figure: Span, span: Span, base: Span | None) -> str:
        start, end = self.document.sentence(figure[0])
        amount = next(iter(self.document.figures_at(figure)), None)
        if amount is None:
            return ""
        beside = [
            each
            for each in self.passages.dates_in(start, end, amount)
            if base is None or not _meet(each, base)
        ]
        tied = self._tied(amount, beside, start, end)
        if start <= span[0] < end:
            if not tied or any(_meet(each, span) for each in tied):
                return ""
            what = f"{self._shown(span)} is not the date of {self._shown(figure)}"
            return f"{what}, beside which stands {self._shown(tied[0])}: cite that, {_ADVICE}"
        own = tied or [each for each in beside if self._may_be_own(each, amount, beside, start)]
        if own:
            side = "before" if span[0] < start else "behind"
            what = f"{self._shown(span)} stands {side} the sentence of {self._shown(figure)}"
            return f"{what}, in which stands {self._shown(own[0])}: cite that, {_ADVICE}"
        if span[0] >= end:
            what = f"{self._shown(span)} stands behind the sentence of {self._shown(figure)}"
            return f"{what}: cite words in it or before it, {_ADVICE}"
        if nearer := self._nearer(span, start):
            where = "the heading" if self._is_heading(nearer) else "a sentence"
            what = f"nearer to {self._shown(figure)} than {self._shown(span)} stands"
            return f"{what} {self._shown(nearer)}, in {where}: cite that, {_ADVICE}"
        return ""

    def _nearer(self, span: Span, start: int) -> Span | None:
        """A year between the words of a period and the sentence of a figure that it may be of."""
        paragraph = self.document.block(start)[0]
        for each in reversed(self._dates_from(span[1], start)):
            is_between = span[1] <= each[0] < start
            is_beside = each[0] >= paragraph or self._is_heading(each)
            is_year = re.search(r"\d{4}", self._shown(each)) and not _DAY.search(self._shown(each))
            if is_between and is_beside and is_year and not self._is_aside(each):
                return each
        return None

    def _is_heading(self, span: Span) -> bool:
        return self.document.text[self.document.block(span[0])[0]] == "#"

    def _is_aside(self, date: Span) -> bool:
        """Whether a date is one with which something is compared, or a part of a name."""
        before = self.document.text[max(0, date[0] - 60) : date[0]]
        return bool(_COMPARED.search(before)) or self.passages.is_base(date)

    def _tied(self, figure: Amount, beside: list[Span], start: int, end: int) -> list[Span]:
        """The dates of a sentence that the words between tie to a figure, if one surely is."""
        others = [
            span
            for each in self.document.figures_at((start, end))
            if each.start != figure.start and not any(_meet(span, each.spans[0]) for span in beside)
            for span in each.spans[:1]
        ]
        behind = min((each for each in beside if each[0] >= figure.text_end), default=None)
        before = max((each for each in beside if each[1] <= figure.text_start), default=None)
        text = self.document.text
        found: list[Span] = []
        if behind and not _between(others, figure.text_end, behind[0]):
            gap = text[figure.text_end : behind[0]]
            if self._is_in_list(behind, beside):
                return []
            if _AT_ONCE.fullmatch(gap):
                return [behind]
            if _BEHIND.fullmatch(gap) and not _OTHER_CLAUSE.search(gap.rstrip("(")):
                found.append(behind)
        if before and not _between(others, before[1], figure.text_start):
            gap = text[before[1] : figure.text_start] + " "
            if self._is_in_list(before, beside) or self._is_of_another(before, others):
                return []
            is_leading = _LEADS.search(text[start : before[0]]) and not _OTHER_CLAUSE.search(gap)
            if _ATTRIBUTE.fullmatch(gap) or (is_leading and not self.passages.is_base(before)):
                found.append(before)
        return found

    def _is_in_list(self, date: Span, beside: list[Span]) -> bool:
        text = self.document.text
        return any(
            _LIST.fullmatch(text[first[1] : last[0]])
            for first in beside
            for last in beside
            if first[1] <= last[0] and date in (first, last)
        )

    def _is_of_another(self, date: Span, others: list[Span]) -> bool:
        """Whether a date stands right behind another figure: "31 in 2021 to 34"."""
        last = max((each[1] for each in others if each[1] <= date[0]), default=None)
        return last is not None and bool(_BEHIND.fullmatch(self.document.text[last : date[0]]))

    def _may_be_own(self, date: Span, figure: Amount, beside: list[Span], start: int) -> bool:
        """Whether a date is none with which the figure is compared, or of another figure."""
        before = self.document.text[start : date[0]]
        others = [
            each.spans[0]
            for each in self.document.figures_at((start, date[0]))
            if each.start != figure.start and not any(_meet(span, each.spans[0]) for span in beside)
        ]
        return not (
            _COMPARED.search(before)
            or self.passages.is_base(date, figure)
            or self._is_of_another(date, others)
        )


def _meet(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _within(one: Span, other: Span) -> bool:
    return other[0] <= one[0] and one[1] <= other[1]


def _between(spans: list[Span], start: int, end: int) -> bool:
    return any(start <= each[0] < end for each in spans)
