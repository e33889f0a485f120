"""The text of a source: its sections, pages and numerals, and where runs of words stand in it.

Runs are found verbatim but for runs of white space and the form of quotation marks, whole words
only. Positions are in the text with its white space folded; `line_and_column` leads back.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from tallybook.ledger import sentences
from tallybook.reading import amounts, hedges
from tallybook.reading.amount import Amount, Span
from tallybook.reading.numeral import Numeral
from tallybook.reading.original import PAGE
from tallybook.reading.printed_dates import Date, all_in

# One character for one, so that positions stay as they are.
_QUOTES = dict.fromkeys("“”„‟«»″", '"') | dict.fromkeys("‘’‚‛′`´", "'")
_WORD = re.compile(r"\w+")
# White space but for a single space, of which there is one after each word.
_GAP = re.compile(r"\s{2,}|[^\S ]")
_SECTION = 2**15  # characters; what is not longer is searched letter by letter
_SPACES = {" ", "\u00a0", "\u2009", "\u202f", "\u2007", "\u2008"}


def folded(text: str) -> str:
    """A text with its white space folded and its quotation marks in one form.

    >>> folded("“lids”   of  iron")
    '"lids" of iron'
    """
    return " ".join(_with_plain_quotes(text).split())


def _with_plain_quotes(text: str) -> str:
    # Faster than `translate`, which looks at each character of a text that is not ASCII.
    for sign, plain in _QUOTES.items():
        text = text.replace(sign, plain)
    return text


@dataclass
class Document:
    r"""The text of one source, and where each of its sections starts and ends.

    A span is a start and an end in `text`, the latter exclusive.

    >>> document = Document("report", "Three plants\n  make lids. No plant\nmakes kettles.", {})
    >>> document.find("plants make", (0, 60)), document.find("plant", (0, 60))
    ([(6, 17)], [(27, 32)])
    >>> document.line_and_column(27), document.overlapping((0, 3))
    ((2, 17), [0])
    >>> document.excerpt((27, 32), around=5)
    '…. No [plant] make…'
    """

    name: str
    original: str
    sections: dict[str, Span]
    names: tuple[str, ...] = ()  # of the book

    @cached_property
    def text(self) -> str:
        """The text with its white space folded, in which positions are counted."""
        return self.with_gaps.replace("\n", " ")

    @cached_property
    def numerals(self) -> list[Numeral]:
        """Every numeral of the document, read in its surroundings."""
        return hedges.read(self.with_gaps)

    @cached_property
    def figures(self) -> list[Amount]:
        """Every figure of the document, of one numeral or more; those in names are none."""
        return amounts.joined(self.with_gaps, self._outside_names)

    @cached_property
    def _outside_names(self) -> list[Numeral]:
        return amounts.without_names(self.with_gaps, self.numerals, self.names)

    @cached_property
    def dates(self) -> list[Date]:
        """Each printed date of the document, in order."""
        return all_in(self.text)

    def figures_at(self, span: Span) -> list[Amount]:
        """The figures with a numeral that shares a character with a span."""
        first = max(bisect_right(self._figure_starts, span[0]) - 1, 0)
        last = bisect_left(self._figure_starts, span[1])
        found = self.figures[first:last]
        return [f for f in found if any(a < span[1] and b > span[0] for a, b in f.spans)]

    @cached_property
    def _figure_starts(self) -> list[int]:
        return [figure.spans[0][0] for figure in self.figures]

    @cached_property
    def in_names(self) -> set[int]:
        """The indexes in `numerals` of those that are in a name, and state nothing."""
        kept = {numeral.start for numeral in self._outside_names}
        return {at for at, numeral in enumerate(self.numerals) if numeral.start not in kept}

    @cached_property
    def with_gaps(self) -> str:
        """The text with another sign where more than a space stood, as between a table's cells."""
        # One character for one, so that positions are those in `text`.
        return _GAP.sub(
            lambda gap: " " if gap[0] in _SPACES else "\n", _with_plain_quotes(self.original)
        )

    def overlapping(self, span: Span) -> list[int]:
        """The indexes in `numerals` of those that share a character with a span."""
        first = max(bisect_right(self._starts, span[0]) - 1, 0)
        last = bisect_left(self._starts, span[1])
        return [n for n in range(first, last) if self.numerals[n].end > span[0]]

    @cached_property
    def _starts(self) -> list[int]:
        return [numeral.start for numeral in self.numerals]

    def sentence(self, position: int) -> Span:
        """Where the sentence, heading or row of a table around a position begins and ends.

        >>> Document("report", "It made lids. All were sold.", {}).sentence(20)
        (14, 28)
        """
        return self._part(self._sentences, position)

    def block(self, position: int) -> Span:
        r"""Where the paragraph around a position begins and ends.

        >>> Document("report", "Lids\n\nIt made lids.", {}).block(8)
        (5, 18)
        """
        return self._part(self._blocks, position)

    def distance(self, place: Span, other: Span) -> tuple[bool, bool, int]:
        """How far one place is from another: in another sentence, another paragraph, and the gap.

        >>> Document("report", "It made lids. All were sold.", {}).distance((18, 22), (3, 7))
        (True, False, 11)
        """
        own, around = self.sentence(place[0]), self.block(place[0])
        gap = max(place[0] - other[1], other[0] - place[1], 0)
        return not own[0] <= other[0] < own[1], not around[0] <= other[0] < around[1], gap

    @cached_property
    def _blocks(self) -> list[int]:
        return sentences.blocks(self.original)

    @cached_property
    def _sentences(self) -> list[int]:
        return sentences.sentences(self.text, self._blocks)

    def _part(self, starts: list[int], position: int) -> Span:
        at = bisect_right(starts, position)
        return starts[at - 1], (starts[at] if at < len(starts) else len(self.text))

    def find(self, run: str, within: Span) -> list[Span]:
        """The spans of a run, as whole words, in a part of the text."""
        wanted = folded(run)
        if not _WORD.search(wanted):
            return []
        is_near = within[1] - within[0] <= _SECTION
        starts = self._near(wanted, within) if is_near else self._far(wanted, within)
        spans = ((start, start + len(wanted)) for start in starts)
        return [each for each in spans if each[1] <= within[1] and self._is_whole(wanted, each)]

    def _near(self, wanted: str, within: Span) -> Iterator[int]:
        start = self.text.find(wanted, *within)
        while start >= 0:
            yield start
            start = self.text.find(wanted, start + 1, within[1])

    def _far(self, wanted: str, within: Span) -> Iterator[int]:
        """Where the rarest word of a run stands, and the others around it."""
        # A long document has thousands of sections, whose openings are looked for in all of it.
        places, word = min(
            ((self._places.get(word[0], []), word) for word in _WORD.finditer(wanted)),
            key=lambda each: len(each[0]),
        )
        first = bisect_left(places, within[0] + word.start())
        for place in places[first : bisect_right(places, within[1])]:
            if self.text.startswith(wanted, place - word.start()):
                yield place - word.start()

    def _is_whole(self, wanted: str, span: Span) -> bool:
        """Whether a run that stands at a place begins and ends there with whole words."""
        text, (start, end) = self.text, span
        # A run that begins with a sign has no word to cut.
        cut_before = _WORD.match(wanted) and _WORD.match(text, start - 1) if start else None
        cut_after = _WORD.match(wanted[-1]) and _WORD.match(text, end)
        return not cut_before and not cut_after

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        """The places of each word."""
        places: dict[str, list[int]] = {}
        for word in _WORD.finditer(self.text):
            places.setdefault(word[0], []).append(word.start())
        return places

    def section_at(self, position: int) -> str | None:
        """The name of the section that a position is in; None before the first."""
        spans = self.sections.items()
        return next((name for name, (start, end) in spans if start <= position < end), None)

    def page_at(self, position: int) -> int | None:
        r"""The page that a position is on, from 1; None in a text without pages.

        >>> document = Document("report", "Three plants\fmake lids.", {})
        >>> document.page_at(0), document.page_at(13)
        (1, 2)
        """
        if not self._page_ends:
            return None
        return bisect_left(self._page_ends, self._original_position(position)) + 1

    @cached_property
    def _page_ends(self) -> list[int]:
        return [end.start() for end in re.finditer(PAGE, self.original)]

    def line_and_column(self, position: int) -> tuple[int, int]:
        """Where in the original file a position is, counted from 1."""
        original = self._original_position(position)
        line_start = self.original.rfind("\n", 0, original) + 1
        return self.original.count("\n", 0, original) + 1, original - line_start + 1

    def position(self, original: int) -> int:
        r"""Where in the text a position of the original file is.

        >>> Document("report", "Three\n\nplants", {}).position(7)
        6
        """
        at = bisect_right(self._folds, original, key=lambda fold: fold[1]) - 1
        fold_position, fold_original = self._folds[at] if at >= 0 else (0, 0)
        return fold_position + original - fold_original

    def _original_position(self, position: int) -> int:
        # The last fold at or before the position says how much was taken out up to there.
        at = bisect_right(self._folds, (position, len(self.original))) - 1
        fold_position, fold_original = self._folds[at] if at >= 0 else (0, 0)
        return fold_original + position - fold_position

    @cached_property
    def _folds(self) -> list[Span]:
        """The places where folding took characters out, as the position after it in `text`, and in
        `original`.
        """
        folds, lost = [], 0
        for match in re.finditer(r"\s{2,}", self.original):
            lost += len(match[0]) - 1
            folds.append((match.end() - lost, match.end()))
        return folds

    def excerpt(self, span: Span, *, around: int = 30) -> str:
        """The words around a span, on one line."""
        before = self.text[max(0, span[0] - around) : span[0]]
        return f"…{before}[{self.text[slice(*span)][:60]}]{self.text[span[1] : span[1] + around]}…"
