"""The audit of a built site: each of its numerals comes from a record, by identity.

A claim of an element has to be what the ledger says under its reference; charts, downloads and
code are compared with what they are made from; whatever else holds a numeral is a fault, with its
page, line and the words around.
"""

from __future__ import annotations

import hashlib
import json
import pickle
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from unicodedata import normalize

from tallybook.audit import charts, wording
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
from tallybook.audit.references import LedgerTexts, ledger_texts
from tallybook.charts.data import FOLDER
from tallybook.charts.theme import with_fallbacks
from tallybook.errors import Problem, TallybookError, UnknownId, counted
from tallybook.files import write
from tallybook.ledger import references
from tallybook.ledger.references import Reference
from tallybook.notebooks import stored
from tallybook.notebooks.book import Book
from tallybook.reading import numerals
from tallybook.reading.numerals import has_numeral
from tallybook.site import pages
from tallybook.site.charts import chart_id
from tallybook.tables.table import CHART

KEPT = "audit.pickle"  # the file's name in which a build keeps what its pages say
# What a numeral under a reference of a kind is; under any other kind it is of a figure.
_SORTS = {
    **dict.fromkeys(("period", "periods", "published", "compared"), "times"),
    **dict.fromkeys(("source", "item", "event", "missing", "dismissed"), "sources"),
    **dict.fromkeys(("book", "colophon", "cite-book", "bibtex-book", "renamed"), "citations"),
    **dict.fromkeys(("title", "cite", "bibtex", "address"), "citations"),
    **dict.fromkeys((kind for kind in references.KINDS if kind.startswith("count")), "structure"),
    "id": "structure",
}
_CALLED = {
    "times": "in dates and periods",
    "sources": "in names of sources and items, and runs of documents",
    "citations": "in citations and titles",
    "structure": "counts and ids",
    "ticks": "at axes",
    "code": "in code",
}


@dataclass
class Account:
    """What an audit found: numerals by sort, the ids of the figures they are of, what is wrong.

    `faults` are of numerals; `wording` are of the words beside figures, which heuristics look at,
    and do not keep a site from being published.
    """

    numerals: Counter[str] = field(default_factory=Counter)
    figures: set[str] = field(default_factory=set)
    faults: list[Problem] = field(default_factory=list)
    wording: list[Problem] = field(default_factory=list)
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
    pages = _PageCache(kept)
    account = Auditor(site, ledger_texts(book), pages).account()
    pages.store()
    return account


def in_words(account: Account) -> str:
    """Return an account in lines: how many numerals there are, and how many of each sort.

    >>> print(in_words(Account(Counter(figures=2, times=1), {"arrests-2017"}, pages=1, files=3)))
    3 numerals on 1 page: 2 of 1 figures, 1 in dates and periods, 0 in names of sources and items, \
and runs of documents, 0 in citations and titles, 0 counts and ids, 0 at axes, 0 in code
    Each comes from the ledger, also in 3 files beside them.
    """
    found = account.numerals
    lines = [
        f"{account.total:,} numerals on {counted(account.pages, 'page')}: "
        f"{found['figures']:,} of {len(account.figures):,} figures, "
        + ", ".join(f"{found[sort]:,} {called}" for sort, called in _CALLED.items())
    ]
    wrong = [*account.faults, *account.wording]
    beside = f"Each comes from the ledger, also in {counted(account.files, 'file')} beside them."
    lines.append(f"{counted(len(wrong), 'fault')}." if wrong else beside)
    return "\n".join(lines)


def refused(account: Account) -> list[str]:
    """Return why a site is not published, and what to do; nothing for one without a fault."""
    if not account.faults:
        return []
    way = (
        f"{counted(len(account.faults), 'fault')}: the site is not published. A figure is cited as "
        "{stat}`its-id`, a date as {period}`its-id`, a count as {count}`asks`; what states nothing "
        "is said without a numeral."
    )
    return [*map(str, account.faults), way]


class Auditor:
    """Compares the pages and files of one site with the ledger, and adds up what it finds."""

    def __init__(self, site: Path, book: LedgerTexts, pages: _PageCache | None = None) -> None:
        self.site, self.book = site, book
        self.cache = pages or _PageCache(None)
        self.found = Account()
        self.pages: dict[str, Page] = {}
        self.expected: dict[Reference, frozenset[str] | UnknownId] = {}

    def account(self) -> Account:
        """Compare all of the site, and return what was found."""
        self.found.faults += audit_files.typed(self.book)
        paths = sorted(path for path in self.site.rglob("*") if path.is_file())
        for path in (each for each in paths if each.suffix == ".html"):
            name = path.relative_to(self.site).as_posix()
            self.page(name, path.read_text("utf-8", errors="replace"))
        # The index of the search repeats pages, so that these are read by now.
        files = audit_files.Files(self.site, self.book, self.pages)
        for path in (each for each in paths if each.suffix != ".html"):
            name = path.relative_to(self.site).as_posix()
            for line, what in files.examine(name):
                self._fault(name, line, what)
        self.found.pages, self.found.files = len(self.pages), len(paths) - len(self.pages)
        self.found.faults.sort()
        self.found.wording.sort()
        return self.found

    def page(self, name: str, html: str) -> None:
        """Compare one page, which has this name on the site."""
        self.pages[name] = page = self.cache.read(html)
        for line, what in page.malformed:
            self._fault(name, line, what)
        for claim in page.claims:
            self._claim(name, claim, page)
        for text in page.repeats:
            self._repeat(name, text, page)
        self.found.numerals["citations"] += sum(each.numerals for each in page.addresses)
        for prose in page.prose:
            for what in wording.faults_in(prose, self.book.ledger):
                self.found.wording.append(Problem(name, prose.line, 0, what))
        for text in page.file_names:
            if not audit_files.is_named(text, name, self.site, self.book.ledger.root):
                self._unclaimed(name, unclaimed_in(text.text, text.line), "comes from no record")
        self._code(name, page.code)
        for chart in page.charts:
            self._chart(name, chart, page)
        self._unclaimed(name, page.unclaimed, "comes from no record")

    def _fault(self, name: str, line: int, what: str) -> None:
        self.found.faults.append(Problem(name, line, 0, what))

    def _unclaimed(self, name: str, found: Iterable[Unclaimed], why: str) -> None:
        for each in found:
            self.found.numerals["unclaimed"] += 1
            self._fault(name, each.line, f"{each.numeral!r} {why}: “{each.around}”")

    def _claim(self, name: str, claim: Claim, page: Page) -> None:
        reference = claim.reference
        if reference.kind == "title":
            self._repeat(name, claim, page)
            return
        if reference.kind == "made-of":
            self._made_of(name, claim)
            return
        self.found.numerals[_SORTS.get(reference.kind, "figures")] += claim.numerals
        if claim.numerals and reference.id in self.book.details:
            self.found.figures.add(reference.id)
        expected, of = self._expected(reference), str(reference)
        if isinstance(expected, UnknownId):
            self._fault(name, claim.line, f"{claim.text!r} claims to be of {of!r}: {expected}")
        elif claim.text not in expected:
            texts = " or ".join(repr(each) for each in sorted(expected)[:3]) or "nothing"
            what = f"{claim.text!r} is not what the ledger has for {of!r}: {texts}"
            self._fault(name, claim.line, what)

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
        self._unclaimed(name, unclaimed_in(left, claim.line), why)

    def _repeat(self, name: str, repeated: Text, page: Page) -> None:
        """Look for a text for machines on the page itself, where it is accounted for."""
        self.found.numerals["citations"] += repeated.numerals
        book = plain(self.book.edition.title)
        left = repeated.text.removesuffix(book).rstrip(" –") if book else repeated.text
        if has_numeral(left) and not stands_in(left, page.text):
            why = "does not stand on the page"
            self._unclaimed(name, unclaimed_in(left, repeated.line), why)

    def _code(self, name: str, shown: list[Text]) -> None:
        if not shown:
            return
        path = self._notebooks.get(name)
        cells = {each["source"].strip() for each in stored.load(path)["cells"]} if path else set()
        for code in shown:
            self.found.numerals["code"] += code.numerals
            if code.text.strip() not in cells and code.numerals:
                what = "code that is in no cell of the notebook of this page"
                self._fault(name, code.line, f"{what}: {code.text.strip()[:60]!r}")

    def _chart(self, name: str, chart: str, page: Page) -> None:
        drawn = page.charts[chart]
        total, ticks = charts.numerals_of(drawn)
        self.found.numerals["ticks"] += ticks
        self.found.numerals["figures"] += total - ticks
        spec = audit_files.chart_of(self.site, chart)
        if spec is None:
            if total:
                self._fault(name, drawn[0].line, f"the chart {chart!r} has no specification")
            return
        allowed = charts.vocabulary(spec, self.book.ledger)
        for what, line in charts.in_drawing(drawn, allowed):
            self._fault(name, line, f"{what} in the chart {chart!r} is none of its figures'")
        if not self._is_own(name, chart, page, spec):
            self._fault(name, drawn[0].line, f"the files of {chart!r} are not of this page's chart")

    def _is_own(self, name: str, chart: str, page: Page, spec: dict[str, Any]) -> bool:
        """Whether the files of a chart are of one that the page shows: of its own notebook, or of
        any where the page is none.
        """
        docname = name.removesuffix(".html")
        known = {chart_id(docname, n + 1, first=self._first) for n in range(len(page.charts))}
        file = self.site / FOLDER / f"{chart}.svg"
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


class _PageCache:
    """What pages say, by a digest of their HTML: an unchanged page is not parsed again.

    Kept in the file `path` from one audit to the next; None keeps nothing.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._used: dict[str, Page] = {}
        self._code = _digest_of_code()
        self._known = _stored_pages(path) if path else {}

    def read(self, html: str) -> Page:
        """Return what a page says."""
        content = f"{self._code} {html}".encode("utf-8", "surrogatepass")
        digest = hashlib.sha256(content).hexdigest()
        self._used[digest] = found = self._known.get(digest) or audit_html.read(html)
        return found

    def store(self) -> None:
        """Write the pages that were read now, and no others, for the next audit."""
        if self._path is not None and self._used != self._known:
            write(self._path, pickle.dumps(self._used))


def _stored_pages(path: Path) -> dict[str, Page]:
    # Beside Sphinx's own pickles, which it trusts alike.
    try:
        known = pickle.loads(path.read_bytes())  # noqa: S301
    except Exception:  # whatever it is, the pages are parsed again
        return {}
    return known if isinstance(known, dict) else {}


def _digest_of_code() -> str:
    """A digest of the modules by which a page is read: what others have read is of no use."""
    reading = sorted(Path(str(numerals.__file__)).parent.glob("*.py"))
    modules = [Path(str(each.__file__)) for each in (audit_html, references)]
    content = b"".join(path.read_bytes() for path in (*reading, *modules))
    return hashlib.sha256(content).hexdigest()
