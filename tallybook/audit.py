"""The outward audit: each numeral of a built site comes from a record, by identity.

A claim of an element has to be what the ledger says under its reference; charts, downloads and
code are compared with what they are made from; whatever else holds a numeral is a fault, with its
page, line and the words around.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tallybook import audit_charts, audit_files, audit_html, audit_wording, notebooks
from tallybook.audit_html import Claim, Reading
from tallybook.errors import TallybookError, UnknownId, counted
from tallybook.numerals import find, has_numeral
from tallybook.opening import sayings
from tallybook.record_parts import Record
from tallybook.sayings import Sayings
from tallybook.yamltext import place

Location = tuple[str | int, ...]
# What each kind of reference is, for the account; those that are not named here are of figures.
_SORTS = {
    **dict.fromkeys(("period", "periods", "published", "compared"), "times"),
    **dict.fromkeys(("source", "item", "event", "missing", "dismissed"), "sources"),
    **dict.fromkeys(("book", "colophon", "cite-book", "bibtex-book", "title", "door"), "citations"),
    **dict.fromkeys(("cite", "bibtex", "address", "meta"), "citations"),
    **dict.fromkeys(("count", "id", "made-of", "ticks"), "structure"),
    "code": "code",
}
_CALLED = {
    "times": "in dates and periods",
    "sources": "in names of sources and items, and runs of documents",
    "citations": "in citations and titles",
    "structure": "counts and ids",
    "ticks": "at axes",
    "code": "in code",
}
SORTS = ("figures", *_CALLED)
# Fields of records that hold what is printed elsewhere, names of records, or what is computed with.
_NOT_OURS = {
    "as_printed", "period_as_printed", "base_as_printed", "condition_as_printed", "opens", "run",
    "id", "title", "text_sha256", "to", "source", "measure", "date", "period", "published",
    "compared_with", "unlike", "old", "new", "differs_from", "events", "statistics", "missing",
    "unit",
}  # fmt: skip


@dataclass(frozen=True, order=True)
class Fault:
    """A numeral that no record accounts for, or a text that is not what it claims to be."""

    path: str
    line: int
    what: str

    def __str__(self) -> str:
        """The place, and what stands there."""
        return f"{self.path}:{self.line}: {self.what}"


@dataclass
class Account:
    """What an audit found: numerals by sort, the figures that they are of, and the faults."""

    numerals: Counter[str] = field(default_factory=Counter)
    figures: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    pages: int = 0
    files: int = 0

    @property
    def total(self) -> int:
        """How many numerals there are, with those that nothing accounts for."""
        return sum(self.numerals.values())


def audit(site: Path, root: Path) -> Account:
    """The account of a built site of the book at `root`.

    Raises TallybookError where the site is none, or the book's own data cannot be read.
    """
    if not any(site.glob("*.html")):
        raise TallybookError(f"{site}: no built site: expected pages, such as _build/html has")
    return _Audit(site, sayings(root)).account()


def in_words(account: Account) -> str:
    """An account in lines: how many numerals there are, and what each sort of them is."""
    accounted = account.numerals
    lines = [
        f"{account.total:,} numerals on {counted(account.pages, 'page')}: "
        f"{accounted['figures']:,} of {len(account.figures):,} figures, "
        + ", ".join(f"{accounted[sort]:,} {_CALLED[sort]}" for sort in SORTS if sort in _CALLED)
    ]
    faults = counted(len(account.faults), "fault")
    beside = f"Each comes from the ledger, also in {counted(account.files, 'file')} beside them."
    lines.append(f"{faults}." if account.faults else beside)
    return "\n".join(lines)


def typed(said: Sayings) -> Iterator[Fault]:
    """The numerals in texts of the data and of the notebooks that are ours, and state no figure."""
    for record in said.ledger.records():
        for location, text in _texts(record, ()):
            for numeral in find(text):
                _, line, column = record._path, *place(record._tree, location)
                shown = text[numeral.start : numeral.end]
                what = f"{column}: {'.'.join(map(str, location))} types the numeral {shown!r}"
                yield Fault(record._path, line, what)
    for wanted, figure in said.ledger.published.items():
        facts = said.facts[wanted]
        for text in (figure.label, *facts.reasons):
            if has_numeral(text):
                yield Fault(facts.published_by, 0, f"{wanted!r} types a numeral: {text!r}")


def _texts(
    part: object, location: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(part, Record):
        for name in type(part).model_fields:
            if name not in _NOT_OURS:
                yield from _texts(getattr(part, name), (*location, name))
    elif isinstance(part, list):
        for number, each in enumerate(part):
            yield from _texts(each, (*location, number))
    elif type(part) is str:
        yield location, part


class _Audit:
    def __init__(self, site: Path, said: Sayings) -> None:
        self.site, self.said = site, said
        self.found = Account()
        self.answers: dict[str, frozenset[str] | UnknownId] = {}
        self.pages: dict[str, Reading] = {}

    def account(self) -> Account:
        self.found.faults += typed(self.said)
        paths = sorted(path for path in self.site.rglob("*") if path.is_file())
        for path in paths:
            if path.suffix == ".html":
                name = path.relative_to(self.site).as_posix()
                self.pages[name] = audit_html.read(path.read_text("utf-8", errors="replace"))
        for name, reading in self.pages.items():
            self._page(name, reading)
        files = audit_files.Files(self.site, self.said, self.pages)
        for path in paths:
            if path.suffix != ".html":
                name = path.relative_to(self.site).as_posix()
                found = files.examine(name)
                self.found.faults += (Fault(name, line, what) for line, what in found)
        self.found.pages, self.found.files = len(self.pages), len(paths) - len(self.pages)
        self.found.faults.sort()
        return self.found

    def _fault(self, name: str, line: int, what: str) -> None:
        self.found.faults.append(Fault(name, line, what))

    def _page(self, name: str, reading: Reading) -> None:
        for claim in reading.claims:
            self._claim(name, claim, reading)
        for claim in reading.repeats:
            self._repeat(name, claim, reading)
        for prose in reading.prose:
            for what in audit_wording.faults_in(prose, self.said.ledger):
                self._fault(name, prose.line, what)
        self._code(name, reading.code)
        for chart in reading.charts:
            self._chart(name, chart, reading)
        for loose in reading.loose:
            self.found.numerals["loose"] += 1
            what = f"{loose.numeral!r} comes from no record: “{loose.around}”"
            self._fault(name, loose.line, what)

    def _claim(self, name: str, claim: Claim, reading: Reading) -> None:
        kind, _, wanted = claim.of.partition(":")
        if kind == "title":
            self._repeat(name, claim, reading)
            return
        sort = _SORTS.get(kind, "figures")
        self.found.numerals[sort] += claim.numerals
        if claim.numerals and (figure := _figure_of(kind, wanted)) in self.said.facts:
            self.found.figures.add(figure)
        allowed = self._said(claim.of)
        if isinstance(allowed, UnknownId):
            self._fault(name, claim.line, f"{claim.text!r} claims to be of {claim.of!r}: {allowed}")
        elif claim.text not in allowed:
            expected = " or ".join(repr(each) for each in sorted(allowed)[:3]) or "nothing"
            what = f"{claim.text!r} is not what the ledger has for {claim.of!r}: {expected}"
            self._fault(name, claim.line, what)

    def _said(self, of: str) -> frozenset[str] | UnknownId:
        if of not in self.answers:
            try:
                self.answers[of] = frozenset(map(audit_html.plain, self.said.of(of)))
            except UnknownId as error:
                self.answers[of] = error
        return self.answers[of]

    def _repeat(self, name: str, claim: Claim, reading: Reading) -> None:
        """A text for machines stands on the page too, where it is accounted for."""
        kind = claim.of.partition(":")[2]
        book = audit_html.plain(self.said.edition.title)
        left = claim.text.removesuffix(book).rstrip(" –") if book else claim.text
        self.found.numerals["citations"] += claim.numerals
        if kind in ("og:url", "og:image") or not left or left in reading.text:
            return
        for loose in audit_html.loose_in(left, claim.line):
            what = f"{loose.numeral!r} does not stand on the page: “{loose.around}”"
            self._fault(name, claim.line, what)

    def _code(self, name: str, shown: list[Claim]) -> None:
        if not shown:
            return
        path = self.said.ledger.root / Path(name).with_suffix(".ipynb")
        cells = set()
        if path.is_file():
            cells = {each["source"].strip() for each in notebooks.load(path)["cells"]}
        for claim in shown:
            self.found.numerals["code"] += claim.numerals
            if claim.text.strip() not in cells and claim.numerals:
                what = "code that is in no cell of the notebook of this page"
                self._fault(name, claim.line, f"{what}: {claim.text.strip()[:60]!r}")

    def _chart(self, name: str, chart: str, reading: Reading) -> None:
        texts = reading.charts[chart]
        total, ticks = audit_charts.numerals_of(texts)
        self.found.numerals["ticks"] += ticks
        self.found.numerals["figures"] += total - ticks
        spec = audit_files.chart_of(self.site, chart)
        if spec is None:
            if total:
                self._fault(name, texts[0].line, f"the chart {chart!r} has no specification")
            return
        allowed = audit_charts.vocabulary(spec, self.said)
        for what, line in audit_charts.in_drawing(texts, allowed):
            self._fault(name, line, f"{what} in the chart {chart!r} is none of its figures'")


def _figure_of(kind: str, wanted: str) -> str:
    """The figure that a reference is of."""
    if kind == "run":
        return wanted.split(":")[1]
    return wanted.split(":")[1] if kind == "there" else wanted.split(":", maxsplit=1)[0]
