"""A PDF, to its text: in the order in which it is written, a line a line, page by page.

A line in larger type than most of the text, or one that the outline names, is a heading. Rows of a
table are found by the gaps between their cells. A number in smaller type behind a word is the mark
of a footnote. Lines that run through the pages, such as their numbers, are left out.
"""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from tallybook.errors import DocumentRefused, counted
from tallybook.reading.original import (
    MARK,
    PAGE,
    SOFT_HYPHEN,
    Original,
    cleaned,
    has_words,
    heading,
    missing_library,
    raised,
    row,
)

if TYPE_CHECKING:
    from pypdf import PdfReader

_LARGER = 1.15  # times the type of most of the text: a heading
_SMALLER = 0.9  # times the type before it: a mark
_LONGEST_HEADING = 25  # words
_LEVELS = 4
_FEWEST_PAGES = 3  # for a line to run through them
_EDGE = 2  # lines at the top and at the bottom of a page that may run through
_AT_AN_END = re.compile(r"^\d{1,4}(?= |$)|(?<= )\d{1,4}$")
_LEADERS = re.compile(r"[ .…]{4,}")  # from an entry of a list of contents to its page
_GAP = re.compile(r"\s{2,}")
_BROKEN = re.compile(r"([^\W\d_]+) ?([-‐\xad])\n([^\W\d_]+)")
_Row = list[str]


@dataclass
class _Line:
    """A line of a page, and the size of its type; the level of a heading, or 0."""

    text: str
    size: float
    level: int = 0


def read(name: str, raw: bytes) -> Original:
    """What a PDF says. Raises DocumentRefused."""
    try:
        import pypdf  # noqa: PLC0415
    except ImportError:
        raise missing_library(name, "pypdf") from None
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # each oddity of a file, else
    if b"%PDF-" not in raw[:1024]:
        raise DocumentRefused(f"{name} is no PDF; give it the ending of what it is")
    try:
        reader = pypdf.PdfReader(io.BytesIO(raw))
        _unlock(name, reader)
        return _read(name, reader)
    except DocumentRefused:
        raise
    except Exception as error:  # a broken file raises whatever its bytes lead to
        raise DocumentRefused(
            f"{name} is broken, or no PDF that can be read ({str(error)[:100] or type(error)}); "
            "open it and save it anew as PDF"
        ) from None


def _unlock(name: str, reader: PdfReader) -> None:
    """Many can be read by everybody, and are encrypted all the same, with no password."""
    if reader.is_encrypted:
        from pypdf.errors import DependencyError  # noqa: PLC0415

        try:
            is_open = bool(reader.decrypt(""))
        except DependencyError:
            raise DocumentRefused(
                f"{name} is encrypted in a way that takes one more library: pip install "
                "cryptography; or print it as PDF, and add that"
            ) from None
        if not is_open:
            raise DocumentRefused(
                f"{name} is encrypted; open it with its password, and save it without one "
                "(print it as PDF)"
            )


def _read(name: str, reader: PdfReader) -> Original:
    outline = _outline(reader)
    pages = [_lines(page) for page in reader.pages]
    silent = [number for number, lines in enumerate(pages, 1) if not lines]
    if not any(has_words(line.text) for lines in pages for line in lines):
        raise DocumentRefused(
            f"{name} has no text, only pictures of it, as a scan has: put its text beside them "
            "first (OCR), and add that PDF"
        )
    running = _running([[line.text for line in lines] for lines in pages])
    notes = []
    if running:
        shown = sorted({text for _, text in running}, key=lambda text: (-len(text), text))
        notes.append(f"Left out, for it runs through the pages: {'; '.join(shown[:3])}.")
    if silent:
        numbers = ", ".join(map(str, silent[:10])) + (", …" if silent[10:] else "")
        notes.append(f"{counted(len(silent), 'page')} without text, not read: {numbers}.")
    _find_headings(pages, outline)
    kept = [*_without(running, pages)]
    texts = [
        _with_rows(_joined(lines), _rows(page))
        for lines, page in zip(kept, reader.pages, strict=True)
    ]
    text = _whole_words(f"\n{PAGE}".join(texts)) + "\n"
    title = str((reader.metadata and reader.metadata.title) or "").strip()
    return Original(text, title=title or _first_heading(kept), notes=tuple(notes))


def _lines(page: Any) -> list[_Line]:
    """The lines of a page, each with the type that most of it is in."""
    pieces: list[tuple[str, float]] = []

    def visit(text: str, matrix: Any, of_text: Any, _font: Any, size: float) -> None:
        scale = abs(matrix[3] * of_text[3]) or abs(matrix[1] * of_text[2]) or 1
        pieces.append((text, round(size * scale, 1)))

    page.extract_text(visitor_text=visit)
    lines: list[_Line] = []
    parts: list[tuple[str, float]] = []
    for piece, size in [*pieces, ("\n", 0.0)]:
        first, *more = cleaned(piece).replace(PAGE, " ").split("\n")
        parts.append((first, size))
        for text in more:
            if line := _line(parts):
                lines.append(line)
            parts = [(text, size)]
    return lines


def _line(parts: list[tuple[str, float]]) -> _Line | None:
    sizes: Counter[float] = Counter()
    text = ""
    for part, size in parts:
        if not part.strip():
            text += part
            continue
        typical = max(sizes, key=lambda each: sizes[each], default=size)
        is_mark = MARK.fullmatch(part.strip()) and size < typical * _SMALLER and text.strip()
        text += raised(part.strip(), text) if is_mark else part
        sizes[size] += 0 if is_mark else len(part.strip())
    text = " ".join(text.split())
    return _Line(text, sizes.most_common(1)[0][0]) if text else None


def _running(pages: list[list[str]]) -> set[tuple[int, str]]:
    """The lines that run through the pages, each with the index of its page.

    Such a line is the same on many pages, or has a number that grows by one from each to the next.
    """
    found: dict[object, dict[int, str]] = {}
    for number, lines in enumerate(pages):
        # The shortest last: of lines that end with the number of the page it is the one that runs.
        for text in sorted({*lines[:_EDGE], *lines[-_EDGE:]}, key=len, reverse=True):
            keys: list[object] = [text] if has_words(text) else []
            keys += [int(part) - number for part in _AT_AN_END.findall(text)]
            for part in re.finditer(r"\d{1,4}", text):
                shape = f"{text[: part.start()]}#{text[part.end() :]}"
                keys.append((shape, int(part[0]) - number))
            for key in keys:
                found.setdefault(key, {})[number] = text
    enough = max(_FEWEST_PAGES, len(pages) / 3)
    return {each for places in found.values() if len(places) >= enough for each in places.items()}


def _without(running: set[tuple[int, str]], pages: list[list[_Line]]) -> Iterator[list[_Line]]:
    """The lines of each page but those that run; of one in large type the first is the title."""
    seen: set[str] = set()
    for number, lines in enumerate(pages):
        kept = []
        for line in lines:
            if (number, line.text) not in running or (line.level and line.text not in seen):
                kept.append(line)
            seen.add(line.text)
        yield kept


def _find_headings(pages: list[list[_Line]], outline: dict[tuple[int, str], int]) -> None:
    """Give each line that is a heading its level."""
    used: Counter[float] = Counter()
    for line in (line for lines in pages for line in lines):
        used[line.size] += len(line.text)
    usual = used.most_common(1)[0][0] if used else 0.0
    is_large = {size for size in used if size >= usual * _LARGER}
    levels = {size: min(n, _LEVELS) for n, size in enumerate(sorted(is_large, reverse=True), 1)}
    for number, lines in enumerate(pages):
        for line in lines:
            named = outline.get((number, _key(line.text)), 0)
            is_short = len(line.text.split()) <= _LONGEST_HEADING
            if has_words(line.text) and is_short:
                line.level = named or levels.get(line.size, 0)


def _joined(lines: list[_Line]) -> str:
    """A page's lines as text; a heading of several lines is one."""
    texts = []
    for (level, size), group in groupby(lines, key=lambda line: (line.level, line.size)):
        words = [line.text for line in group]
        texts += [f"\n{heading(level, ' '.join(words))}\n"] if level and size else words
    return "\n".join(texts)


def _first_heading(pages: list[list[_Line]]) -> str:
    headings = [line for lines in pages[:1] for line in lines if line.level]
    top = min((line.level for line in headings), default=0)
    return " ".join(line.text for line in headings if line.level == top)


def _outline(reader: PdfReader) -> dict[tuple[int, str], int]:
    """The level of each title of the outline, by the index of its page and its words."""
    found: dict[tuple[int, str], int] = {}

    def walk(entries: Iterable[Any], level: int) -> None:
        for entry in entries:
            if isinstance(entry, list):
                walk(entry, level + 1)
            else:
                number = reader.get_destination_page_number(entry)
                if number is not None:
                    found[number, _key(str(entry.title))] = level

    with suppress(Exception):  # the text is what counts
        walk(reader.outline, 1)
    return found


def _key(text: str) -> str:
    return re.sub(r"\W", "", cleaned(text)).casefold()


def _rows(page: Any) -> list[_Row]:
    """The rows of the tables of a page: lines with as many cells as the next, some with numbers."""
    lines = page.extract_text(extraction_mode="layout").split("\n")
    cells = [[cell for cell in _GAP.split(cleaned(line).strip()) if cell] for line in lines]
    found: list[_Row] = []
    for number, group in groupby((each for each in cells if each), key=len):
        block = [each for each in group if not any(map(_LEADERS.search, each))]
        behind_first = [cell for each in block for cell in each[1:]]
        numeric = sum(bool(re.match(r"\W{0,3}\d", cell)) for cell in behind_first)
        if number > 1 and len(block) > 1 and numeric * 2 >= len(behind_first):
            found += block
    return found


def _with_rows(text: str, rows: list[_Row]) -> str:
    """A page's text, in which the rows of tables are marked; a row that it has not is left."""
    at = 0
    for cells in rows:
        words = r"\s+".join(re.escape(word) for cell in cells for word in cell.split())
        # Not within a line: a row has its own, or one for each of its cells.
        if found := re.compile(rf"^{words}$", re.MULTILINE).search(text, at):
            marked = row(cells)
            text = f"{text[: found.start()]}{marked}{text[found.end() :]}"
            at = found.start() + len(marked)
    return text


def _whole_words(text: str) -> str:
    """A text in which no word is broken at the end of a line.

    The hyphen stays where the word stands so elsewhere in the text, and where nothing tells.
    """
    seen = set(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text.casefold()))

    def mended(broken: re.Match[str]) -> str:
        first, sign, second = broken.groups()
        is_one = f"{first}{second}".casefold() in seen
        is_hyphened = f"{first}-{second}".casefold() in seen or (sign == "-" and not is_one)
        return f"{first}{'-' if is_hyphened else ''}{second}"

    return _BROKEN.sub(mended, text).replace(SOFT_HYPHEN, "")
