"""Whether the files beside a site's pages show what the ledger has, and the book's own texts too.

Downloads are made anew from the ledger and have to be the same; charts name their figures; the
search repeats pages. A file of no known kind is read as text. Texts of the data and of notebooks
that people typed may hold no numeral.
"""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, partial
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote

from tallybook.audit import charts, remedies, typed
from tallybook.audit.html import (
    CLAIMED,
    FileName,
    Page,
    chart_texts,
    plain,
    stands_in,
    unclaimed_in,
)
from tallybook.audit.references import LedgerTexts
from tallybook.audit.strictness import Strictness
from tallybook.charts import check, data
from tallybook.charts.data import BUNDLE, FOLDER
from tallybook.charts.pictures import SVG
from tallybook.charts.theme import with_fallbacks
from tallybook.errors import Problem, UnknownId
from tallybook.ledger import frames
from tallybook.ledger.ledger import Ledger
from tallybook.notebooks import settings, stored
from tallybook.reading.numerals import has_numeral
from tallybook.reading.statements import stating
from tallybook.site import (
    cards,
    checksums,
    citations,
    data_package,
    downloads,
    environment,
    figure_pages,
    machines,
    pages,
    policy,
    search,
)
from tallybook.site.charts import script
from tallybook.site.data_tables import TABLES, DataTable, as_csv, is_parquet_of
from tallybook.site.pages import of_picture
from tallybook.site.policy import THEME
from tallybook.site.provenance import BILL, LOCK, MADE_OF, SUMS, made_of
from tallybook.tables.table import PICTURE, is_worded

Found = Iterator[tuple[int, str]]  # lines, and what is wrong there
# Whether something holds that takes long to find out, given all that it depends on.
Holds = Callable[[str, Callable[[], bool]], bool]
Location = tuple[str | int, ...]  # the names and numbers that lead to a part of a record
_BUILD_INFO = re.compile(rb"(?:#[^\n]*\n)*config: [0-9a-f]{32}\ntags: [0-9a-f]{32}\n?")  # Sphinx's
_PICTURES = {".png", ".jpg", ".jpeg", ".gif", ".webp", ".ico", ".woff", ".woff2"}
_CONTENT = re.compile(r"\bcontent\s*:\s*((?:[^;{}\"']|\"[^\"]*\"|'[^']*')*)")
_INVENTORY_HEAD = 4  # lines of an inventory before its entries
# Its name, kind and priority, its address, and what it is called.
_ENTRY = re.compile(r"(.+?) \S+:\S+ -?\d+ (\S*) (.*)")
# By the paths of their Parquet files.
_PARQUET = {f"{data_package.FOLDER}/{table.paths[1]}": table for table in TABLES.values()}
_COMMIT = re.compile(r"\b[0-9a-f]{40}(?:[0-9a-f]{24})?\b")
_CODE = re.compile(r'"tallybook(?:_sha256)?": "(?:[0-9a-f]{64}|[\d.]+)"')
_KEYS = re.compile(r'"[\w-]+"(?=:)')
_OF_A_FIGURE = ("label", "words", "period", "scope")
_STRINGS = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`[^`]*`")


def chart_of(site: Path, chart: str) -> dict[str, Any] | None:
    """Return the specification of a chart of a site; None where the chart has none."""
    path = site / FOLDER / f"{chart}.vl.json"
    if not re.fullmatch(r"[\w-]+", chart) or not path.is_file():
        return None
    spec = _parsed(path.read_text("utf-8", errors="replace"))
    return spec if isinstance(spec, dict) else None


def without_digests(text: str, ledger: Ledger) -> str:
    """Return a text without the digests of the documents and the lock, the commit, the version."""
    made = made_of(ledger)
    text = re.sub(rf"(?<![\w.]){re.escape(made.version)}(?![\w.])", "", text, count=1)
    for digest in (made.lock, made.code, *made.documents.values()):
        text = text.replace(digest, "") if digest else text
    return _COMMIT.sub("", text.replace(LOCK, ""), count=1)


class Files:
    """The files of one site, and the pages that its search repeats."""

    def __init__(
        self,
        site: Path,
        book: LedgerTexts,
        pages: Mapping[str, Page],
        strictness: Strictness | None = None,
        holds: Holds = lambda _, check: check(),
    ) -> None:
        self.site, self.book, self.pages = site, book, pages
        self._strictness = strictness or Strictness()
        self._holds = holds

    def examine(self, name: str) -> Found:
        """Return what is wrong with a file, by its path in the site: lines, and what is there."""
        path = self.site / name
        # Drawn from what is audited; a library; and what a host is told, not a reader.
        if path.suffix in _PICTURES or name in (f"_static/{BUNDLE}", policy.HEADERS_FILE):
            return
        content = path.read_bytes()
        if name == "objects.inv":
            content = _inventory(content)
        if self._is_the_packages(path, content) or _BUILD_INFO.fullmatch(content):
            return
        if table := _PARQUET.get(name):
            yield from self._parquet(table, content)
            return
        text = content.decode("utf-8", errors="replace")
        yield from self._faults(name, text)

    def _is_the_packages(self, path: Path, content: bytes) -> bool:
        """Whether a file is one of the theme's own, as it was installed."""
        own = THEME / "static" / path.name
        return path.parent.name == "_static" and own.is_file() and own.read_bytes() == content

    def _faults(self, name: str, text: str) -> Found:
        path = PurePosixPath(name)
        is_of_page = path.parts[0] == citations.FOLDER
        if is_of_page and name not in self._made:
            yield 1, "it cites no page by the title that stands on it"
        elif name in self._made:
            yield from _differs(text, self._made[name]())
        elif path.parts[0] == FOLDER:
            yield from self._chart(path, text)
        elif text in self._pictures:
            shown = plain(" ".join(each.text for each in chart_texts(text)))
            left = check.without(shown, self._pictures[text], by=CLAIMED)
            yield from self._unclaimed(left, is_output=True)
        elif path.parts[0] == "_sources":
            yield from self._source(path, text)
        elif name in self._own:
            yield from self._own[name](text)
        else:
            show = _SHOWN_BY.get(path.suffix)
            yield from self._unclaimed("\n".join(show(text)) if show else text)

    def _parquet(self, table: DataTable, content: bytes) -> Found:
        """A table as Parquet says what its CSV has to say."""
        text = as_csv(table, self.book.ledger, self.book.details)
        made_of = f"{hashlib.sha256(content).hexdigest()} {text}"
        if not self._holds(made_of, lambda: is_parquet_of(table, text, content)):
            yield 1, "it does not say what the ledger gives as CSV"

    def _package(self) -> str:
        """The description of the data package, whose digests are those of the files that are there,
        which are looked at for themselves.
        """
        paths = {name: self.site / data_package.FOLDER / name for name in data_package.FILES}
        files = {name: path.read_bytes() for name, path in paths.items() if path.is_file()}
        missing = dict.fromkeys(paths.keys() - files.keys(), b"")
        return data_package.described(self.book.ledger, self.book.edition, files | missing)

    @cached_property
    def _made(self) -> dict[str, Callable[[], str]]:
        """How each download is made from the ledger, by its path in the site."""
        ledger, details, folder = self.book.ledger, self.book.details, data_package.FOLDER
        return {
            f"{folder}/{downloads.LEDGER}": partial(downloads.ledger_json, ledger, details),
            f"{folder}/{downloads.SCHEMA}": downloads.ledger_schema,
            f"{folder}/{data_package.NAME}": self._package,
            **{
                f"{folder}/{table.paths[0]}": partial(as_csv, table, ledger, details)
                for table in TABLES.values()
            },
            search.NAMES: partial(search.names_script, ledger),
            **self._for_machines,
        }

    @cached_property
    def _pictures(self) -> dict[str, list[str]]:
        """What the figures are called that an SVG of a notebook names as shown, by its text."""
        found: dict[str, list[str]] = {}
        for path in stored.paths(self.book.ledger.root):
            for _, output in stored.outputs(stored.load(path)):
                data = output.get("data", {})
                ids = [each for each in of_picture(data.get(PICTURE)) if self._is_known(each)]
                if ids and SVG in data:
                    rows = [dict(frames.row(self.book.ledger, wanted)) for wanted in ids]
                    texts = {str(row[name]) for row in rows for name in _OF_A_FIGURE}
                    found["\n".join(str(data[SVG]).splitlines())] = sorted(
                        filter(has_numeral, texts), key=len, reverse=True
                    )
        return found

    def _is_known(self, wanted: str) -> bool:
        return wanted in self.book.details or wanted in self.book.ledger.events

    @cached_property
    def _for_machines(self) -> dict[str, Callable[[], str]]:
        """The same of what is for programs that visit the site, and of citations."""
        ledger, edition = self.book.ledger, self.book.edition
        given, first = settings.read(ledger.root), pages.first(ledger.root)
        language = str(given.get("sphinx.config.language", "en"))
        made: dict[str, Callable[[], str]] = {
            machines.SITEMAP: partial(machines.sitemap, self.pages, ledger, edition, first),
            machines.FEED: partial(machines.feed, ledger, edition, language),
        }
        if (self.site / machines.ROBOTS).is_file() and not self._has_own(machines.ROBOTS):
            made[machines.ROBOTS] = partial(machines.robots, edition)
        files = machines.cited_pages(self._titles, edition, first)
        for wanted, details in self.book.details.items():
            work = citations.of_figure(edition, details.figure)
            of_figure = dict(citations.files_of(wanted, work))
            of_figure |= cards.files_of(ledger, edition, details)
            files |= {f"{figure_pages.FOLDER}/{name}": text for name, text in of_figure.items()}
        return made | {name: partial(str, text) for name, text in files.items()}

    @cached_property
    def _titles(self) -> dict[str, str]:
        """The titles under which pages are cited, of those on which they stand."""
        found = {}
        for name, page in self.pages.items():
            docname = name.removesuffix(".html")
            path = self.site / citations.FOLDER / f"{docname}.csl.json"
            entries = _parsed(path.read_text("utf-8", "replace")) if path.is_file() else None
            title = entries[0].get("title") if isinstance(entries, list) and entries else None
            if isinstance(title, str) and stands_in(plain(title), page.text):
                found[docname] = title
        return found

    def _has_own(self, name: str) -> bool:
        """Whether the book brings a file of this name itself."""
        root = self.book.ledger.root
        given = settings.read(root).get("sphinx.config.html_extra_path", [])
        paths = [root / each for each in given]
        return any(path.name == name or (path / name).is_file() for path in paths)

    def _source(self, path: PurePosixPath, text: str) -> Found:
        """The source of a page is the book's own file, whose text its page shows."""
        own = self.book.ledger.root / PurePosixPath(*path.parts[1:]).with_suffix("")
        for each in (own, own.with_suffix(path.suffix), Path(f"{own}{path.suffix}")):
            if each.is_file() and each.read_bytes() == text.encode():
                return
        yield 1, "it is not the source of a page of the book"

    def _chart(self, path: PurePosixPath, text: str) -> Found:
        chart, _, kind = path.name.partition(".")
        spec = chart_of(self.site, chart)
        if spec is None:
            yield 1, f"the chart {chart!r} has no specification"
        elif kind == "vl.json":
            yield from ((1, what) for what in check.faults(spec, self.book.ledger))
        elif kind in ("csv", "js"):
            try:
                make = data.as_csv if kind == "csv" else partial(script, chart)
                made = with_fallbacks(make(spec, self.book.ledger))
            except (UnknownId, KeyError, TypeError, ValueError, AttributeError) as error:
                yield 1, f"it cannot be made of the chart's specification: {error}"
                return
            # A script has the colours that a stylesheet can change, a specification the plain ones.
            yield from _differs(with_fallbacks(text), made)
        elif kind == "svg":
            allowed = check.vocabulary(spec, self.book.ledger)
            for what, line in charts.in_drawing(chart_texts(text), allowed, self.book.known):
                yield line, f"{what} is none of the chart's figures'"
        else:
            yield from self._unclaimed(text)

    @property
    def _own(self) -> dict[str, Callable[[str], Found]]:
        """What is wrong with the files that have a form of their own, by their names."""
        return {
            MADE_OF: self._made_of,
            SUMS: self._sums,
            BILL: self._bill,
            "_static/search-index.js": self._search,
            "objects.inv": self._inventory,
        }

    def _bill(self, text: str) -> Found:
        if not environment.is_bill(text):
            yield 1, "it is not as the build writes what a site was built with"

    def _made_of(self, text: str) -> Found:
        found, made = _parsed(text), made_of(self.book.ledger)
        found = found if isinstance(found, dict) else {}
        if found.get("audit") != self._strictness.mode:
            yield 1, f"it has not {self._strictness.mode!r} for the audit, as _config.yml has"
        theirs = f"{found.get('tallybook')} of {found.get('tallybook_sha256')}"
        if theirs != (ours := f"{made.version} of {made.code}"):
            yield 1, f"it was made by tallybook {theirs[:200]}, and this is {ours}"
            text = _CODE.sub("", text)
        yield from self._unclaimed(_KEYS.sub("", without_digests(text, self.book.ledger)))

    def _sums(self, text: str) -> Found:
        """Lines of digests and names are no texts; what the digests are of, `verify` tells."""
        listed, problems = checksums.parsed(text)
        yield from ((each.line, each.message) for each in problems)
        for name in listed:
            if not (self.site / name).is_file():
                yield 1, f"it lists {name!r}, which is not there"

    def _search(self, text: str) -> Found:
        found = _parsed(text.partition("window.tallybookSearch = ")[2].rstrip().removesuffix(";"))
        if not isinstance(found, list):
            yield 1, "it is no index of the search"
            return
        made = search.records(self.book.ledger, self.book.details, (), lambda _: "#")
        known = {_without_address(each) for each in made}
        for record in found:
            if record["kind"] not in search.PAGES:
                if _without_address(record) not in known:
                    yield 1, f"what it has of {record['id']!r} is not what the ledger says"
                continue
            page = self.pages.get(unquote(record["address"].partition("#")[0]))
            parts = [*record["title"].split(": "), *record["text"].split("\n")]
            for part in filter(has_numeral, parts):
                is_there = page is not None and stands_in(plain(part), page.text)
                yield from () if is_there else self._unclaimed(part)

    def _unclaimed(self, text: str, *, is_output: bool = False) -> Found:
        for number, line in enumerate(text.splitlines(), 1):
            for found in unclaimed_in(line, number, self.book.known):
                if self._strictness.passes(found) and not is_output:
                    continue
                yield number, f"{found.numeral!r} comes from no record: “{found.around}”"

    def _inventory(self, text: str) -> Found:
        """Names of pages and of places in them are addresses; what they are called is read."""
        for number, entry in enumerate(text.splitlines()[_INVENTORY_HEAD:], _INVENTORY_HEAD + 1):
            fields = _ENTRY.fullmatch(entry)
            name, address, shown = fields.groups() if fields else (entry, "", "")
            path, _, anchor = address.replace("$", name).partition("#")
            page = self.pages.get(unquote(path))
            is_name = page is not None and self._is_name(name, unquote(path), anchor, page)
            for part in (*([] if is_name else [name]), *([] if shown == "-" else [shown])):
                if page is None or not stands_in(plain(part), page.text):
                    yield from ((number, what) for _, what in self._unclaimed(part))

    def _is_name(self, name: str, path: str, anchor: str, page: Page) -> bool:
        """Whether this is the name of the page, or of a place there that its source names so."""
        docname = path.removesuffix(".html")
        if not anchor:
            return name == docname
        own = self.book.ledger.root / docname
        sources = (own.with_name(f"{own.name}{end}") for end in (".ipynb", ".md", ".rst", ".txt"))
        source = next((each for each in sources if each.is_file()), None)
        is_there = source is not None and name in source.read_text("utf-8", "replace").casefold()
        return is_there and unquote(anchor) in page.ids


def is_named(shown: FileName, page: str, site: Path, book: Path) -> bool:
    """Return whether a link on a page, to download a file, shows its name or its path in the book.

    `page` is the path of the page in the folder `site`.
    """
    folder, text = PurePosixPath(page).parent, PurePosixPath(shown.text)
    file = site / folder / unquote(shown.address)
    if not file.is_file() or plain(file.name) != text.name:
        return False
    in_book = book / text.relative_to("/") if text.is_absolute() else book / folder / text
    return text.name == shown.text or in_book.is_file()


def _without_address(record: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, text) for name, text in record.items() if name != "address"))


def _differs(text: str, made: str) -> Found:
    """The first line that is not as the ledger gives it."""
    if text.replace("\r\n", "\n") == made.replace("\r\n", "\n"):
        return
    lines, expected = text.splitlines(), made.splitlines()
    at = next((n for n, (a, b) in enumerate(zip(lines, expected, strict=False)) if a != b), None)
    at = min(len(lines), len(expected)) if at is None else at
    shown, wanted = (each[at] if at < len(each) else "" for each in (lines, expected))
    yield at + 1, f"{shown[:80]!r} is not what the ledger gives: {wanted[:80]!r}"


def _parsed(text: str) -> Any:
    """The data of a text; None where it is no JSON, or too deep for Python's reader."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


# What a file of a kind shows to a person or a machine.
_SHOWN_BY: dict[str, Callable[[str], Iterable[str]]] = {
    ".css": _CONTENT.findall,
    ".js": _STRINGS.findall,
    ".svg": lambda text: (each.text for each in chart_texts(text)),
}


def _inventory(content: bytes) -> bytes:
    """What Sphinx's inventory says: four lines, and the rest compressed."""
    head, packed = b"\n".join(content.split(b"\n", 4)[:4]), content.split(b"\n", 4)[4:]
    try:
        return head + b"\n" + zlib.decompressobj().decompress(packed[0], 10**8) if packed else head
    except zlib.error:
        return content


def typed_texts(book: LedgerTexts, strictness: Strictness) -> Iterator[Problem]:
    """Return the numerals that people typed into texts of the data and of notebooks."""
    known = book.known
    yield from typed.in_data(book.ledger, known, strictness)
    for wanted, figure in book.ledger.published.items():
        details = book.details[wanted]
        # A period in a label is the ledger's, if its pieces say of which figure.
        is_told = bool(figure.told) and is_worded(book.ledger, figure.label, figure.told)
        for text in (*([] if is_told else [figure.label]), *details.reasons):
            if any(not strictness.lets(text, each) for each in stating(text, known)):
                where = _in_notebook(book.ledger.root, details.published_by, text, wanted)
                what = f"{wanted!r} types a numeral: {text!r}; {remedies.OF_A_LABEL}"
                yield Problem(where, 0, 0, what)


def _in_notebook(root: Path, path: str, *texts: str) -> str:
    """The first line of a notebook's code that has one of some texts, the first of these found."""
    cells = [str(cell["source"]).splitlines() for cell in stored.load(root / path)["cells"]]
    for text in texts:
        for cell, lines in enumerate(cells, 1):
            for number, line in enumerate(lines, 1):
                if text in line:
                    return f"{path}, cell {cell}, line {number}"
    return path
