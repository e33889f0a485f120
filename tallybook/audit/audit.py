"""The audit of a built site: each of its numerals comes from a record, by identity.

A claim of an element has to be what the ledger says under its reference; charts, downloads and
code are compared with what they are made from; whatever else holds a numeral is a fault, with the
words around and its place in the book's own files. Of a site that was built elsewhere the place is
a line of the built page.
"""

from __future__ import annotations

import hashlib
import json
import pickle
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar
from unicodedata import normalize

from tallybook.audit import charts, marks, remedies, strictness, typed, wording
from tallybook.audit import files as audit_files
from tallybook.audit import html as audit_html
from tallybook.audit.html import (
    Claim,
    Page,
    Text,
    Unclaimed,
    chart_texts,
    plain,
    stands_in,
    unclaimed_in,
)
from tallybook.audit.places import Places
from tallybook.audit.references import LedgerTexts, ledger_texts
from tallybook.charts import data
from tallybook.charts.check import vocabulary
from tallybook.charts.theme import with_fallbacks
from tallybook.errors import Problem, TallybookError, UnknownId, counted
from tallybook.files import write
from tallybook.ledger import references
from tallybook.ledger.references import Reference
from tallybook.notebooks import settings, stored
from tallybook.notebooks.book import Book
from tallybook.reading import numerals
from tallybook.reading.numerals import has_numeral
from tallybook.site import cards as cards_
from tallybook.site import data_tables, figure_pages, pages, provenance, publish
from tallybook.site.charts import chart_id
from tallybook.tables.table import CHART, TABLE, given

KEPT = "audit.pickle"  # the file's name in which a build keeps what its pages say
# What a numeral under a reference of a kind is; under any other kind it is of a figure.
_SORTS = {
    **dict.fromkeys(("period", "periods", "published", "compared", "changed"), "times"),
    **dict.fromkeys(("source", "item", "event", "missing", "dismissed"), "sources"),
    **dict.fromkeys(("book", "colophon", "cite-book", "bibtex-book", "renamed"), "citations"),
    **dict.fromkeys(("title", "cite", "bibtex", "address", "embed"), "citations"),
    **dict.fromkeys(("linked", "linked-book"), "citations"),
    **dict.fromkeys((kind for kind in references.KINDS if kind.startswith("count")), "structure"),
    "id": "structure",
}
_CALLED = {
    "times": "in dates and periods",
    "sources": "in names of sources and items, and runs of documents",
    "citations": "in citations and titles",
    "structure": "counts, ids and marks",
    "ticks": "at axes",
    "code": "in code",
}
_NO_RECORD = "comes from no record"
_NOT_ON_PAGE = "does not stand on the page"
_NOT_READ = "it is not as the build writes it, and cannot be read"
# What comes of data that nobody has looked at.
_STRANGE = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


@dataclass
class Account:
    """What an audit found: numerals by sort, the ids of the figures they are of, what is wrong.

    `faults` are of numerals; `wording` are of the words beside figures, which heuristics look at,
    and do not keep a site from being published. `stopping` are the faults that do: all, but where
    the book's settings have the audit `mode` "report".
    """

    numerals: Counter[str] = field(default_factory=Counter)
    figures: set[str] = field(default_factory=set)
    faults: list[Problem] = field(default_factory=list)
    wording: list[Problem] = field(default_factory=list)
    stopping: list[Problem] = field(default_factory=list)
    mode: str = settings.STRICT
    pages: int = 0
    files: int = 0

    @property
    def total(self) -> int:
        """The number of numerals, with those that come from no record."""
        return sum(self.numerals.values())


def audit(site: Path, book: Book, *, kept: Path | None = None) -> Account:
    """Return what an audit finds of the site in the folder `site`, which was built from a book.

    What each page says is kept in the file `kept`, so that an unchanged page is not parsed again by
    the next audit. Raises TallybookError where there is no site, or where the book's own data
    cannot be read.
    """
    if not any(site.glob("*.html")):
        raise TallybookError(f"{site}: no built site: expected pages, such as _build/html has")
    pages, texts = _PageCache(kept), ledger_texts(book)
    is_own = site.resolve() in (publish.site(book.root), publish.aside(book.root))
    places = Places(texts, publish.doctrees(book.root)) if is_own else None
    account = Auditor(site, texts, pages, places).account()
    pages.store()
    return account


def in_words(account: Account) -> str:
    """Return an account in lines: how many numerals there are, and how many of each sort.

    >>> print(in_words(Account(Counter(figures=2, times=1), {"recalls-2017"}, pages=1, files=3)))
    3 numerals on 1 page: 2 of 1 figures, 1 in dates and periods, 0 in names of sources and items, \
and runs of documents, 0 in citations and titles, 0 counts, ids and marks, 0 at axes, 0 in code
    Each comes from the ledger, also in 3 files beside them.
    """
    found = account.numerals
    called = dict(_CALLED)
    called |= {"given": "of no record, with a reason"} if found["given"] else {}
    called |= {"passed": "of no record, in prose"} if found["passed"] else {}
    lines = [
        f"{account.total:,} numerals on {counted(account.pages, 'page')}: "
        f"{found['figures']:,} of {len(account.figures):,} figures, "
        + ", ".join(f"{found[sort]:,} {what}" for sort, what in called.items())
    ]
    wrong = [*account.faults, *account.wording]
    each = "Each other one" if found["passed"] else "Each"
    beside = f"{each} comes from the ledger, also in {counted(account.files, 'file')} beside them."
    lines.append(f"{counted(len(wrong), 'fault')}." if wrong else beside)
    return "\n".join([*lines, *lenient(account)])


def lenient(account: Account) -> list[str]:
    """Return what a lesser mode than strict lets stand, in a line; nothing of a strict audit."""
    found, of_prose = "", account.numerals["passed"]
    if account.mode == settings.FIGURES:
        found = f"{counted(of_prose, 'numeral')} in prose, beside no unit or measure, not looked at"
    elif account.mode == settings.REPORT:
        found = f"{counted(len(account.faults), 'fault')} reported, which may stand"
    return [f"Audit ({account.mode}, by tallybook_audit in _config.yml): {found}."] if found else []


def refused(account: Account) -> list[str]:
    """Return why a site is not published, and what to do; nothing for one that may be."""
    if not account.stopping:
        return []
    found = f"{counted(len(account.stopping), 'fault')}: the site is not published."
    return [*map(str, account.stopping), found]


class Auditor:
    """Compares the pages and files of one site with the ledger, and adds up what it finds."""

    def __init__(
        self,
        site: Path,
        book: LedgerTexts,
        pages: _PageCache | None = None,
        places: Places | None = None,
        *,
        advises: bool = True,
    ) -> None:
        self.site, self.book, self.places, self.advises = site, book, places, advises
        self.known = book.known
        mode = settings.read(book.ledger.root).audit
        self.strictness = strictness.of(mode, book.ledger)
        self.cache = pages or _PageCache(None)
        self.found = Account(mode=mode)
        self.typed = typed.texts_of_data(book.ledger, book.known, self.strictness)
        self.pages: dict[str, Page] = {}
        self.expected: dict[Reference, frozenset[str] | UnknownId] = {}
        self.given: dict[str, dict[str, str]] = {}  # by page
        self.sound: set[tuple[Any, ...]] = set()  # charts with their texts

    def account(self) -> Account:
        """Compare all of the site, and return what was found."""
        for problem in audit_files.typed_texts(self.book, self.strictness):
            self._add(problem, is_numeral=True)
        paths = sorted(path for path in self.site.rglob("*") if path.is_file())
        # A card is made of its figure alone, and made anew to be compared.
        cards = {self.site / cards_.path(wanted) for wanted in self.book.details}
        shown = {path for path in paths if path.suffix == ".html" and path not in cards}
        for path in sorted(shown):
            name = path.relative_to(self.site).as_posix()
            self._read(name, path)
        # The index of the search repeats pages, so that these are read by now.
        files = audit_files.Files(
            self.site, self.book, self.pages, self.strictness, self.cache.holds
        )
        for path in (each for each in paths if each not in shown):
            name = path.relative_to(self.site).as_posix()
            for line, what in _examined(files, name):
                around = what.partition("“")[2]
                # A file of a chart or a picture has its name on the page that shows it.
                is_shown = name.startswith((f"{data.FOLDER}/", "_images/"))
                words = around.removesuffix("”")
                words = PurePosixPath(name).name.partition(".")[0] if is_shown else words
                self._fault(name, line, what, words, is_numeral=bool(around))
        for check in (
            marks.faults(self.pages, self.book.bibliography),
            marks.contents_in_order(self.pages),
        ):
            for name, line, what in check:
                self._fault(name, line, what)
        self.found.pages, self.found.files = len(self.pages), len(paths) - len(self.pages)
        # What several pages repeat, as a title, is wrong at one place.
        self.found.faults = sorted(set(self.found.faults))
        self.found.stopping = sorted(set(self.found.stopping))
        self.found.wording = sorted(set(self.found.wording))
        return self.found

    def _read(self, name: str, path: Path) -> None:
        try:
            self.page(name, path.read_text("utf-8", errors="replace"))
        except _STRANGE as error:
            self._fault(name, 1, f"{_NOT_READ}: {error!r}")

    def page(self, name: str, html: str) -> None:
        """Compare one page, which has this name on the site."""
        self.pages[name] = page = self.cache.read(html)
        for line, what in page.malformed:
            self._fault(name, line, what)
        for claim in page.claims:
            self._claim(name, claim, page)
        self.found.numerals["structure"] += sum(mark.numerals for mark in page.marks)
        for text in page.repeats:
            self._repeat(name, text, page)
        self.found.numerals["citations"] += sum(each.numerals for each in page.addresses)
        self.found.numerals["code"] += sum(each.numerals for each in page.samples)
        for prose in page.prose:
            for what in wording.faults_in(prose, self.book.ledger):
                self.found.wording.append(self._problem(name, prose.line, what, prose.text)[0])
        for text in page.file_names:
            if not audit_files.is_named(text, name, self.site, self.book.ledger.root):
                self._typed(name, text)
        self._code(name, page.code)
        for chart in page.charts:
            self._chart(name, chart, page)
        for text in (*page.typed, *page.outputs):
            self._typed(name, text, is_output=text in page.outputs)
        self._unclaimed(name, page.in_formulas, _NO_RECORD)

    def _fault(
        self, name: str, line: int, what: str, words: str = "", *, is_numeral: bool = False
    ) -> None:
        problem, within = self._problem(name, line, what, words)
        numeral = re.match(r"(['\"])(.+?)\1 ", what)
        if _NOT_ON_PAGE in what:
            remedy = remedies.OF_A_PAGE
        elif is_numeral and numeral:
            path = problem.path.partition(",")[0]
            remedy = remedies.of_numeral(within, path, numeral[2], words)
        elif within == audit_html.CHART:
            remedy = remedies.OF_A_CHART
        else:
            remedy = remedies.BUILD_ANEW
        if self.advises:  # what to do is for an author, and not for who reads a site
            problem = replace(problem, message=f"{problem.message}; {remedy}")
        self._add(problem, is_numeral=is_numeral)

    def _add(self, problem: Problem, *, is_numeral: bool) -> None:
        """Add a fault. What is not as the ledger has it stops a site whatever the mode."""
        self.found.faults.append(problem)
        if not is_numeral or self.strictness.mode != settings.REPORT:
            self.found.stopping.append(problem)

    def _problem(self, name: str, line: int, what: str, words: str) -> tuple[Problem, str]:
        """A problem with its place, and what it stands in there."""
        if self.places is None:
            return Problem(name, line, 0, what), audit_html.TEXT
        return self.places.problem(name, line, what, words)

    def _typed(self, name: str, text: Text, *, is_output: bool = False) -> None:
        found = unclaimed_in(text.text, text.line, self.known)
        self._unclaimed(name, found, _NO_RECORD, is_output=is_output)

    def _unclaimed(
        self, name: str, found: Iterable[Unclaimed], why: str, *, is_output: bool = False
    ) -> None:
        for each in found:
            if not is_output and self.strictness.passes(each):
                self.found.numerals["passed"] += 1
                continue
            if any(each.stands_in(typed) for typed in self.typed):
                continue  # which is told at its place in the data
            self.found.numerals["unclaimed"] += 1
            around = each.around.removesuffix("#")  # the link that a heading has to itself
            what = f"{each.numeral!r} {why}: “{around}”"
            self._fault(name, each.line, what, each.around, is_numeral=True)

    def _claim(self, name: str, claim: Claim, page: Page) -> None:
        reference = claim.reference
        if reference.kind == "title":
            self._repeat(name, claim, page)
            return
        if reference.kind == "made-of":
            self._made_of(name, claim)
            return
        if reference.kind == "given":
            self._given(name, claim, page)
            return
        self.found.numerals[_SORTS.get(reference.kind, "figures")] += claim.numerals
        if claim.numerals and reference.id in self.book.details:
            self.found.figures.add(reference.id)
        expected, of = self._expected(reference), str(reference)
        if isinstance(expected, UnknownId):
            what = f"{claim.text!r} claims to be of {of!r}: {expected}"
            self._fault(name, claim.line, what, claim.text)
        elif claim.text not in expected:
            texts = " or ".join(repr(each) for each in sorted(expected)[:3]) or "nothing"
            what = f"{claim.text!r} is not what the ledger has for {of!r}: {texts}"
            self._fault(name, claim.line, what, claim.text)

    def _expected(self, reference: Reference) -> frozenset[str] | UnknownId:
        """The texts that may stand under a reference, as they are compared; or why none may."""
        # Kept, because the page of a figure repeats what a dozen others say of it.
        if reference not in self.expected:
            try:
                self.expected[reference] = frozenset(map(plain, self.book.texts(reference)))
            except UnknownId as error:
                self.expected[reference] = error
        return self.expected[reference]

    def _made_of(self, name: str, claim: Claim) -> None:
        """Look at what the site is made of: digests of the lock and the documents, and a commit.

        They are no numerals, so that the account is the same for every commit; which commit it is
        cannot be known from the files.
        """
        left = audit_files.without_digests(claim.text, self.book.ledger)
        for source in self.book.ledger.sources.values():
            left = left.replace(plain(source.title), "")
        why = "is of nothing that the site is made of"
        for each in unclaimed_in(left, claim.line, self.known):
            self._fault(name, claim.line, f"{each.numeral!r} {why}: “{each.around}”", each.around)
        for mode, said in provenance.AUDITED.items():
            if plain(said) in claim.text and mode != self.strictness.mode:
                what = f"it says {mode!r} of the audit, which is {self.strictness.mode!r}"
                self._fault(name, claim.line, what)

    def _given(self, name: str, claim: Claim, page: Page) -> None:
        """Look for a text that no record states among those that the page's notebook gives."""
        self.found.numerals["given"] += claim.numerals
        if name not in self.given:
            self.given[name] = dict(self._given_on(name, page))
        if self.given[name].get(str(claim.reference)) != claim.text:
            what = f"{claim.text!r} is in no table of the page's notebook with a reason"
            self._fault(name, claim.line, what, claim.text)

    def _given_on(self, name: str, page: Page) -> Iterator[tuple[str, str]]:
        """The texts by their references in each table of which the page says the reason."""
        said = _letters(page.text)
        for code in page.code:  # in which the reason stands too
            said = said.replace(_letters(code.text), "")
        # The page at the site's root is the first page once more.
        path = self._notebooks.get(f"{self._first}.html" if name == "index.html" else name)
        for _, output in stored.outputs(stored.load(path)) if path else ():
            shown = output.get("data", {}).get(TABLE) or {}
            with suppress(AttributeError, KeyError, TypeError):  # a table by hand gives nothing
                for table in (shown, *shown.get("tables", ())):
                    if (because := table.get("because")) and _letters(because) in said:
                        yield from ((of, plain(text)) for of, text in given(table).items())

    def _repeat(self, name: str, repeated: Text, page: Page) -> None:
        """Look for a text for machines on the page itself, where it is accounted for."""
        self.found.numerals["citations"] += repeated.numerals
        book = plain(self.book.edition.title)
        left = repeated.text.removesuffix(book).rstrip(" –") if book else repeated.text
        # A description has references as they are, and the text has no marks.
        told = left
        for mark in page.marks:
            if mark.reference.field in ("numref", "cite"):
                told = told.replace(mark.text, "", 1)
        texts = [page.text, *(mark.text for mark in page.marks if mark.reference.kind == "entry")]
        is_there = any(stands_in(each, text) for each in (left, plain(told)) for text in texts)
        if has_numeral(left) and not is_there:
            found = unclaimed_in(left, repeated.line, self.known)
            self._unclaimed(name, found, _NOT_ON_PAGE)

    def _code(self, name: str, shown: list[Text]) -> None:
        if not shown:
            return
        path = self._notebooks.get(name)
        cells = {each["source"].strip() for each in stored.load(path)["cells"]} if path else set()
        for code in shown:
            self.found.numerals["code"] += code.numerals
            if code.text.strip() not in cells and code.numerals:
                what = "code that is in no cell of the notebook of this page"
                self._fault(name, code.line, f"{what}: {code.text.strip()[:60]!r}", code.text)

    def _chart(self, name: str, chart: str, page: Page) -> None:
        drawn = page.charts[chart]
        total, ticks = charts.numerals_of(drawn)
        self.found.numerals["ticks"] += ticks
        self.found.numerals["figures"] += total - ticks
        spec = audit_files.chart_of(self.site, chart)
        if spec is None:
            if total:
                self._fault(name, drawn[0].line, f"the chart {chart!r} has no specification", chart)
            return
        texts = (chart, *((each.text, each.is_tick) for each in drawn))
        if texts not in self.sound:  # many pages of figures show the same chart
            allowed = vocabulary(spec, self.book.ledger)
            found = [*charts.in_drawing(drawn, allowed, self.known)]
            for what, line in found:
                told = f"{what} in the chart {chart!r} is none of its figures'"
                self._fault(name, line, told, chart)
            if not found:
                self.sound.add(texts)
        if not self._is_own(name, chart, page, spec):
            what = f"the files of {chart!r} are not of this page's chart"
            self._fault(name, drawn[0].line, what, chart)

    def _is_own(self, name: str, chart: str, page: Page, spec: dict[str, Any]) -> bool:
        """Whether the files of a chart are of one that the page shows: of its own notebook, or of
        any where the page is none. The page of a figure shows one of another page.
        """
        if name.startswith(f"{figure_pages.FOLDER}/"):
            return self._is_of_figure(name, chart, page, spec)
        # The page at the site's root is the first page once more.
        docname = self._first if name == "index.html" else name.removesuffix(".html")
        known = {chart_id(docname, n + 1, first=self._first) for n in range(len(page.charts))}
        file = self.site / data.FOLDER / f"{chart}.svg"
        if chart not in known or not file.is_file():
            return False
        # Each drawing begins with its title.
        on_page, in_file = (
            page.charts[chart][:1],
            chart_texts(file.read_text("utf-8", "replace"))[:1],
        )
        if [each.text for each in on_page] != [each.text for each in in_file]:
            return False
        own = self._notebooks.get(name)
        return spec in self._specs([own] if own else self._notebooks.values())

    def _is_of_figure(self, name: str, chart: str, page: Page, spec: dict[str, Any]) -> bool:
        """Whether the page of a figure shows a chart as the chart's own page does, which is
        compared itself, and the chart has the figure.
        """
        drawn = [each.text for each in page.charts[chart]]
        number = chart.rpartition("-")[2]
        pages_of_chart = [
            self.site / path
            for path in self._notebooks
            if chart_id(path.removesuffix(".html"), number, first=self._first) == chart
        ]
        has_figure = PurePosixPath(name).stem in {row["id"] for row in data.rows(spec)}
        return has_figure and any(
            drawn == [each.text for each in self.cache.read(html).charts.get(chart, ())]
            for html in (p.read_text("utf-8", "replace") for p in pages_of_chart if p.is_file())
        )

    def _specs(self, paths: Iterable[Path]) -> Iterator[Any]:
        """The specifications that notebooks store, as files of a site have them."""
        for path in paths:
            for _, output in stored.outputs(stored.load(path)):
                if spec := output.get("data", {}).get(CHART):
                    yield json.loads(with_fallbacks(json.dumps(spec)))

    @cached_property
    def _first(self) -> str:
        """The name of the book's first page."""
        return pages.first(self.book.ledger.root)

    @cached_property
    def _notebooks(self) -> dict[str, Path]:
        """The notebook of each page that is made of one, by the page's name on the site."""
        root = self.book.ledger.root
        paths = {path.relative_to(root).with_suffix(""): path for path in stored.paths(root)}
        # As Sphinx names pages, whatever way a file system has to store an umlaut.
        return {f"{normalize('NFC', name.as_posix())}.html": path for name, path in paths.items()}


def _examined(files: audit_files.Files, name: str) -> list[tuple[int, str]]:
    """What is wrong with a file; that of a site from elsewhere may be anything."""
    try:
        return [*files.examine(name)]
    except _STRANGE as error:
        return [(1, f"{_NOT_READ}: {error!r}")]


def _letters(text: str) -> str:
    """The letters and digits of a text, of which Sphinx changes none."""
    return "".join(filter(str.isalnum, plain(text)))


_Kept = TypeVar("_Kept")


class _PageCache:
    """What pages say, by a digest of their HTML: an unchanged page is not parsed again.

    Kept in the file `path` from one audit to the next; None keeps nothing.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._used: dict[str, Any] = {}
        self._code = _digest_of_code()
        self._known = _stored_pages(path) if path else {}

    def read(self, html: str) -> Page:
        """Return what a page says."""
        return self._of(f"page {html}", lambda: audit_html.read(html))

    def holds(self, made_of: str, check: Callable[[], bool]) -> bool:
        """Return whether a check holds that depends on a text, and on nothing else."""
        return self._of(f"check {made_of}", check)

    def _of(self, text: str, make: Callable[[], _Kept]) -> _Kept:
        content = f"{self._code} {text}".encode("utf-8", "surrogatepass")
        digest = hashlib.sha256(content).hexdigest()
        if digest not in self._used:
            self._used[digest] = self._known.get(digest) or make()
        found: _Kept = self._used[digest]
        return found

    def store(self) -> None:
        """Write the pages that were read now, and no others, for the next audit."""
        if self._path is not None and self._used != self._known:
            write(self._path, pickle.dumps(self._used))


def _stored_pages(path: Path) -> dict[str, Any]:
    # Beside Sphinx's own pickles, which it trusts alike.
    try:
        known = pickle.loads(path.read_bytes())  # noqa: S301
    except Exception:  # whatever it is, the pages are parsed again
        return {}
    return known if isinstance(known, dict) else {}


def _digest_of_code() -> str:
    """A digest of the modules by which a page is read: what others have read is of no use."""
    reading = sorted(Path(str(numerals.__file__)).parent.glob("*.py"))
    modules = [Path(str(each.__file__)) for each in (audit_html, references, data_tables)]
    content = b"".join(path.read_bytes() for path in (*reading, *modules))
    return hashlib.sha256(content).hexdigest()
