"""Where in a book's own files stands what a page of its site shows.

Sphinx keeps each page as it was read, and every part of it knows its file and line, or its cell.
The part is found by the words that the built page shows. Of what the build itself puts on pages,
titles are a heading's, and a figure's page is of its record. What no part holds, as the title of a
link, is looked for in the file as it is typed.
"""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from docutils import nodes

from tallybook.audit.html import CHART, CLAIMED, CODE, OUTPUT, PICTURE, SAMPLE, STDERR, TEXT
from tallybook.audit.references import LedgerTexts
from tallybook.errors import NotebookFailed, Problem
from tallybook.notebooks import stored
from tallybook.site import messages
from tallybook.tables.table import CHART as CHART_DATA

_BUILT = "(line {} of the built page)"
_SETTINGS = ("_toc.yml", "_config.yml")
_CUT = 30  # characters of words; those around a numeral are cut where they are many
_WITHIN = {"cell_code_output": OUTPUT, "cell_code_source": CODE}


@dataclass(frozen=True)
class _Part:
    """A part of a page, as Sphinx read it: its words as they are compared, and its place."""

    words: str
    kind: str
    path: str
    line: int
    lines: int
    is_title: bool
    code: str = ""  # what of it is code, within a line

    def holds(self, wanted: list[str]) -> bool:
        return _holds(self.words, wanted)


class Places:
    """Finds the places of a book whose pages Sphinx keeps in the folder `doctrees`."""

    def __init__(self, book: LedgerTexts, doctrees: Path) -> None:
        self._book, self._root, self._doctrees = book, book.ledger.root, doctrees
        self._known: dict[str, list[_Part]] = {}

    def problem(self, page: str, line: int, message: str, words: str = "") -> tuple[Problem, str]:
        """A problem of a page or file of the site, at the place of the author's file that has the
        words, and what it stands in there.
        """
        wanted = [folded for each in re.split(f"…|{CLAIMED}", words) if (folded := _folded(each))]
        numeral = re.match(r"'(.+?)' ", message)
        sought = numeral[1] if numeral else ""
        several = (wanted, _around(words, sought), _within(words))
        found = next(filter(None, (self._part(page, each) for each in several)), None)
        # The page of a figure shows a chart of a notebook, and its record says nothing of it.
        may_be_of_chart = found is None or found.kind in (OUTPUT, PICTURE)
        if may_be_of_chart and (cell := self._cell_of_chart(message, sought)):
            return Problem(cell, 0, 0, message), CHART
        if found:
            in_code = found.kind == TEXT and sought and _holds(found.code, [_folded(sought)])
            place = self._place(found, wanted, sought)
            return Problem(*place, message), SAMPLE if in_code else found.kind
        own = self._own(page)
        for path in (*([own.path] if own else []), *_SETTINGS):
            if typed := self._typed(path, wanted):
                return Problem(*typed, message), TEXT
        if own:
            return Problem(own.path, own.line, own.column, f"{message} {_BUILT.format(line)}"), TEXT
        return Problem(page, line, 0, message), TEXT

    def _cell_of_chart(self, message: str, numeral: str) -> str:
        """The cell of the chart that says a numeral with the words around it; "" for none."""
        sought, around = _folded(numeral), _folded(message.partition("' ")[2])
        pairs = (rf"(?<!\w)\w+ {re.escape(sought)}(?!\w)", rf"(?<!\w){re.escape(sought)} \w+")
        said = [two for pair in pairs for two in re.findall(pair, around)]
        with_it = [e for e in self._charts if sought and f" {sought} " in f" {e[1]} "]
        whole = [each for each in with_it if " " in each[1] and each[1] in around]
        if whole:
            return max(whole, key=lambda each: len(each[1]))[0]
        parts = (e[0] for e in with_it if any(_holds(e[1], [two]) for two in said))
        return next(parts, "")

    @cached_property
    def _charts(self) -> list[tuple[str, str]]:
        """The texts of the charts that notebooks hold, each with its cell, as they are compared."""
        found = []
        for path in stored.paths(self._root):
            with suppress(NotebookFailed):
                for cell, output in stored.outputs(stored.load(path)):
                    place = f"{path.relative_to(self._root).as_posix()}, cell {cell}"
                    texts = _strings(output.get("data", {}).get(CHART_DATA))
                    found += [(place, _folded(text)) for text in texts]
        return found

    def _part(self, page: str, wanted: list[str]) -> _Part | None:
        if not wanted:
            return None
        name = page.removesuffix(".html")
        others = [part for each in self._names if each != name for part in self._parts(each)]
        groups: list[Iterable[_Part]] = [
            self._parts(name) if name in self._names else (),
            (part for part in others if part.is_title),
            # Files beside the pages: charts, pictures, the search.
            others if not page.endswith(".html") else (),
        ]
        return next((part for group in groups for part in group if part.holds(wanted)), None)

    @cached_property
    def _names(self) -> list[str]:
        found = self._doctrees.rglob("*.doctree")
        return sorted(path.relative_to(self._doctrees).with_suffix("").as_posix() for path in found)

    def _parts(self, name: str) -> list[_Part]:
        if name not in self._known:
            path = self._doctrees / f"{name}.doctree"
            try:
                document = pickle.loads(path.read_bytes())  # noqa: S301  # as Sphinx itself reads it
                self._known[name] = [*_parts_of(document, self._root)]
            except Exception:  # whatever it is, the place is a line of the built page then
                self._known[name] = []
        return self._known[name]

    def _place(self, part: _Part, wanted: list[str], numeral: str) -> tuple[str, int, int]:
        """The file, line and column of a part; a cell is named with its notebook."""
        cell = messages.cell_of(part.line) if part.path.endswith(".ipynb") else 0
        if not cell:
            source = self._lines(part.path)[max(part.line - 1, 0) :]
            on = _line_of(source, wanted, numeral, lines=part.lines)
            return part.path, part.line + (on or 0), 0
        place = messages.place(part.path, part.line)
        source = next(iter(self._cells(part.path)[cell - 1 :]), [])
        if part.kind in (TEXT, SAMPLE) and len(source) > 1:
            on = _line_of(source, wanted, numeral, lines=len(source))
            place += "" if on is None else f", line {on + 1}"
        return place, 0, 0

    def _cells(self, path: str) -> list[list[str]]:
        """The lines of each cell of a notebook."""
        try:
            cells = stored.load(self._root / path)["cells"]
        except NotebookFailed:
            return []
        return [str(cell["source"]).splitlines() for cell in cells]

    def _lines(self, path: str) -> list[str]:
        try:
            return (self._root / path).read_text(encoding="utf-8").splitlines()
        except (OSError, ValueError):
            return []

    def _typed(self, path: str, wanted: list[str]) -> tuple[str, int, int] | None:
        """The place of words that no part of a page holds, in a file as it is typed."""
        is_notebook = path.endswith(".ipynb")
        texts = map(" ".join, self._cells(path)) if is_notebook else self._lines(path)
        on = next((n for n, e in enumerate(texts, 1) if wanted and _holds(_folded(e), wanted)), 0)
        if not on:
            return None
        return (f"{path}, cell {on}", 0, 0) if is_notebook else (path, on, 0)

    def _own(self, page: str) -> Problem | None:
        """The file that a page is made from, or the record of a figure's page."""
        name = PurePosixPath(page).with_suffix("")
        details = (
            self._book.details.get(name.name)
            if name.parent.name == "stat" and page.endswith(".html")
            else None
        )
        if details and details.published_by:
            return Problem(details.published_by, 0, 0, "")
        if details and name.name in self._book.ledger.statistics:
            return self._book.ledger.statistics[name.name].problem((), "")
        for suffix in (".md", ".ipynb", ".rst"):
            if page.endswith(".html") and (self._root / f"{name}{suffix}").is_file():
                return Problem(f"{name}{suffix}", 0, 0, "")
        return None


def _parts_of(document: nodes.document, root: Path) -> Iterator[_Part]:
    """The parts of a page that hold text, each with the last place that is known before it."""
    path, line = "", 0
    code = []
    for element in document.findall(nodes.Element):
        source = Path(element.source or "")
        if element.source and element.line:
            path = (source.relative_to(root) if source.is_relative_to(root) else source).as_posix()
            line = element.line
        text = _text_of(element)
        if text is not None:
            lines, is_title = text.count("\n") + 1, isinstance(element, nodes.title)
            inline = " ".join(each.astext() for each in element.findall(nodes.literal))
            kind = _kind(element)
            part = _Part(_folded(text), kind, path, line, lines, is_title, _folded(inline))
            if part.kind == CODE:
                code.append(part)
            else:
                yield part
    yield from code  # which often says what it prints, and may hold any numeral


def _strings(spec: object) -> Iterator[str]:
    """Every text of a specification."""
    if isinstance(spec, str):
        yield spec
    elif isinstance(spec, dict | list):
        for each in spec.values() if isinstance(spec, dict) else spec:
            yield from _strings(each)


def _around(words: str, numeral: str) -> list[str]:
    """The words on the longer side of a numeral, which the build itself may have set there."""
    if not numeral:
        return []
    before, _, after = words.partition(numeral)
    longer = _folded(max(before, after, key=len))
    return [longer] if " " in longer else []


def _within(words: str) -> list[str]:
    """The longest words between what the build has set: whole ones, for the first and the last may
    be cut.
    """
    pieces = re.split(f"…|{CLAIMED}", words)
    whole = [" ".join(_folded(each).split()[1:-1]) for each in pieces]
    longest = max(whole, key=len, default="")
    return [longest] if " " in longest else []


def _line_of(source: list[str], wanted: list[str], numeral: str, *, lines: int) -> int | None:
    """The line of a text's source that has the numeral: of its first lines, or of what follows it,
    as the row of a table does, the first with all the words; counted from 0.
    """
    has = re.compile(rf"(?<!\w){re.escape(numeral)}(?!\w)") if numeral else None
    on = [n for n, text in enumerate(source) if has and has.search(text)]
    with_all = [n for n in on if _holds(_folded(source[n]), wanted)]
    return next(iter([*with_all, *(n for n in on if n < lines)]), None)


def _text_of(element: nodes.Element) -> str | None:
    if isinstance(element, nodes.image):
        return f"{element.get('alt', '')} {PurePosixPath(element['uri']).name}"
    is_block = isinstance(element, nodes.TextElement) and not isinstance(element, nodes.Inline)
    return element.astext() if is_block or isinstance(element, nodes.raw) else None


def _kind(element: nodes.Element) -> str:
    if "stderr" in element.get("classes", ()):
        return STDERR
    if isinstance(element, nodes.image):
        return PICTURE
    above: nodes.Element | None = element
    while above is not None:
        if above.get("nb_element") in _WITHIN:
            return _WITHIN[above["nb_element"]]
        above = above.parent
    return SAMPLE if isinstance(element, nodes.literal_block) else TEXT


def _holds(words: str, wanted: Iterable[str]) -> bool:
    """Whether words hold others: whole words, but for the ends of what is cut out of a sentence."""
    return all(
        each in words if len(each) >= _CUT else f" {each} " in f" {words} " for each in wanted
    )


def _folded(text: str) -> str:
    """The words of a text: neither quotes nor signs that nobody sees part or join them."""
    return " ".join(re.findall(r"\w+", text)).casefold()
