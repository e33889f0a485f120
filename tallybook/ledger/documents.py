"""A source document: its text, sections and numerals, and the places of printed runs in it.

Runs are found verbatim but for runs of white space and the form of quotation marks, whole words
only. Positions are in the text with its white space folded; `line_and_column` leads back.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tallybook.errors import Problem
from tallybook.ledger.records import Source
from tallybook.reading import hedges
from tallybook.reading.numerals import Numeral

# One character for one, so that positions stay as they are.
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»″", '"') | dict.fromkeys("‘’‚‛′`´", "'"))
_WORD = re.compile(r"\w+")
_LARGEST = 16_000_000  # bytes; a larger file is taken for a mistake

Span = tuple[int, int]


def folded(text: str) -> str:
    """A text with its white space folded and its quotation marks in one form.

    >>> folded("“lids”   of  iron")
    '"lids" of iron'
    """
    return " ".join(text.translate(_QUOTES).split())


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

    @cached_property
    def text(self) -> str:
        """The text with its white space folded, in which positions are counted."""
        return re.sub(r"\s+", " ", self.original.translate(_QUOTES))

    @cached_property
    def numerals(self) -> list[Numeral]:
        """Every numeral of the document, read in its surroundings."""
        return hedges.read(self.text)

    def overlapping(self, span: Span) -> list[int]:
        """The indexes in `numerals` of those that share a character with a span."""
        first = max(bisect_right(self._starts, span[0]) - 1, 0)
        last = bisect_left(self._starts, span[1])
        return [n for n in range(first, last) if self.numerals[n].end > span[0]]

    @cached_property
    def _starts(self) -> list[int]:
        return [numeral.start for numeral in self.numerals]

    def find(self, run: str, within: Span) -> list[Span]:
        """The spans of a run, as whole words, in a part of the text."""
        wanted = folded(run)
        words = list(_WORD.finditer(wanted))
        if not words:
            return []
        rarest = min(words, key=lambda word: len(self._places.get(word[0], ())))
        places = self._places.get(rarest[0], [])
        first = bisect_left(places, within[0] + rarest.start())
        spans = []
        for place in places[first : bisect_right(places, within[1])]:
            start = place - rarest.start()
            end = start + len(wanted)
            if end <= within[1] and self._stands_whole(wanted, start, end):
                spans.append((start, end))
        return spans

    def _stands_whole(self, wanted: str, start: int, end: int) -> bool:
        text = self.text
        if not text.startswith(wanted, start):
            return False
        # A run that begins with a sign has no word to cut.
        cut_before = _WORD.match(wanted) and _WORD.match(text, start - 1) if start else None
        cut_after = _WORD.match(wanted[-1]) and _WORD.match(text, end)
        return not cut_before and not cut_after

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        """The places of each word."""
        # A document is searched for hundreds of runs: each is looked for where its rarest word is.
        places: dict[str, list[int]] = {}
        for word in _WORD.finditer(self.text):
            places.setdefault(word[0], []).append(word.start())
        return places

    def section_at(self, position: int) -> str | None:
        """The name of the section that a position is in; None before the first."""
        spans = self.sections.items()
        return next((name for name, (start, end) in spans if start <= position < end), None)

    def line_and_column(self, position: int) -> tuple[int, int]:
        """Where in the original file a position is, counted from 1."""
        original = self._original_position(position)
        line_start = self.original.rfind("\n", 0, original) + 1
        return self.original.count("\n", 0, original) + 1, original - line_start + 1

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


def read(source: Source, folder: Path) -> tuple[Document | None, list[Problem]]:
    """The document of a source record, or None where it cannot be used, and what is wrong.

    >>> import tallybook
    >>> source = tallybook.load("tests/books/kettles").source("report")
    >>> document, problems = read(source, Path("tests/books/kettles/documents"))
    >>> document.text[:30], problems
    ('# Annual report of the Kettle ', [])
    """
    path = folder / f"{source.id}.txt"
    problem, raw = _bytes_of(path)
    if problem:
        return None, [source.problem(("id",), f"its document {path} {problem}")]
    # Its figures were read from these bytes and may have moved: it is not even searched.
    digest = hashlib.sha256(raw).hexdigest()
    if digest != source.text_sha256:
        message = (
            f"{path} has changed since its figures were read: its SHA-256 is {digest}. Read the "
            "document again, mend the records, and then enter this digest"
        )
        return None, [source.problem(("text_sha256",), message)]
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"{path} is not UTF-8 at byte {error.start}; save it as UTF-8"
        return None, [source.problem(("id",), message)]
    document = Document(source.id, text, {})
    return document, list(_divide(document, source))


def _bytes_of(path: Path) -> tuple[str, bytes]:
    """What is wrong with a file, and what is in it."""
    try:
        if not path.is_file():
            return ("is not a file" if path.exists() else "is missing"), b""
        if (size := path.stat().st_size) > _LARGEST:
            return f"has {size // 10**6} MB, more than any document", b""
        return "", path.read_bytes()
    except OSError as error:
        return f"cannot be read: {error.strerror}", b""


def _divide(document: Document, source: Source) -> Iterator[Problem]:
    """Find the sections; one that is not found leaves its text to the one before."""
    # Each is looked for behind the last one found, so that one mistake leads to one problem.
    starts: list[tuple[str, int]] = []
    at, previous = 0, "the beginning"
    for number, section in enumerate(source.sections):
        found = document.find(section.opens, (at, len(document.text)))
        if len(found) == 1:
            starts.append((section.name, found[0][0]))
            at, previous = found[0][1], repr(section.name)
            continue
        times = f"stands {len(found)} times" if found else "does not stand"
        advice = "open it with a longer run" if found else "check its words and its place"
        yield source.problem(
            ("sections", number, "opens"),
            f'section {section.name!r}: "{section.opens}" {times} after {previous}; {advice}',
        )
    ends = [start for _, start in starts[1:]] + [len(document.text)] * bool(starts)
    document.sections |= {
        name: (start, end) for (name, start), end in zip(starts, ends, strict=True)
    }
