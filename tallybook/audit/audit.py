"""The outward audit: each numeral of a built site comes from a record, by identity.

A claim of an element has to be what the ledger says under its reference; charts, downloads and
code are compared with what they are made from; whatever else holds a numeral is a fault, with its
page, line and the words around.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tallybook.audit import charts, wording
from tallybook.audit import files as audit_files
from tallybook.audit.account import SORT_OF, Account, Fault
from tallybook.audit.cache import Readings
from tallybook.audit.html import Claim, Reading
from tallybook.audit.references import Sayings, sayings
from tallybook.audit.texts import Loose, loose_in, plain, stands_in
from tallybook.audit.typed import typed
from tallybook.errors import TallybookError, UnknownId
from tallybook.notebooks import stored
from tallybook.reading.numerals import has_numeral


def audit(site: Path, root: Path, *, kept: Path | None = None) -> Account:
    """The account of a built site of the book at `root`.

    What pages say is kept in the file `kept`, and taken from there for those that are the same.

    Raises TallybookError where the site is none, or the book's own data cannot be read.
    """
    if not any(site.glob("*.html")):
        raise TallybookError(f"{site}: no built site: expected pages, such as _build/html has")
    readings = Readings(kept)
    account = Auditor(site, sayings(root), readings=readings).account()
    readings.keep()
    return account


class Auditor:
    """Looks at the pages and files of one site, and keeps the account of them."""

    def __init__(
        self,
        site: Path,
        said: Sayings,
        *,
        readings: Readings | None = None,
    ) -> None:
        self.site, self.said = site, said
        self.readings = readings or Readings(None)
        self.found = Account()
        self.answers: dict[str, frozenset[str] | UnknownId] = {}
        self.pages: dict[str, Reading] = {}

    def account(self) -> Account:
        """Look at all of the site."""
        self.found.faults += typed(self.said)
        paths = sorted(path for path in self.site.rglob("*") if path.is_file())
        for path in (each for each in paths if each.suffix == ".html"):
            name = path.relative_to(self.site).as_posix()
            self.page(name, path.read_text("utf-8", errors="replace"))
        files = audit_files.Files(self.site, self.said, self.pages)
        for path in (each for each in paths if each.suffix != ".html"):
            name = path.relative_to(self.site).as_posix()
            self.found.faults += (Fault(name, line, what) for line, what in files.examine(name))
        self.found.pages, self.found.files = len(self.pages), len(paths) - len(self.pages)
        self.found.faults.sort()
        self.found.wording.sort()
        return self.found

    def page(self, name: str, html: str) -> None:
        """Look at one page, which has this name on the site."""
        self.pages[name] = reading = self.readings.read(html)
        for claim in reading.claims:
            self._claim(name, claim, reading)
        for claim in reading.repeats:
            self._repeat(name, claim, reading)
        for prose in reading.prose:
            for what in wording.faults_in(prose, self.said.ledger):
                self.found.wording.append(Fault(name, prose.line, what))
        self._code(name, reading.code)
        for chart in reading.charts:
            self._chart(name, chart, reading)
        self._loose(name, reading.loose, "comes from no record")

    def _fault(self, name: str, line: int, what: str) -> None:
        self.found.faults.append(Fault(name, line, what))

    def _loose(self, name: str, found: Iterable[Loose], why: str) -> None:
        for loose in found:
            self.found.numerals["loose"] += 1
            self._fault(name, loose.line, f"{loose.numeral!r} {why}: “{loose.around}”")

    def _claim(self, name: str, claim: Claim, reading: Reading) -> None:
        kind, _, wanted = claim.of.partition(":")
        if kind == "title":
            self._repeat(name, claim, reading)
            return
        if kind == "made-of":
            self._made_of(name, claim)
            return
        sort = SORT_OF.get(kind, "figures")
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

    def _made_of(self, name: str, claim: Claim) -> None:
        """Digests are the lock's and the documents', and no numerals, so that the account is the
        same for every commit; which one that is cannot be known from the files.
        """
        left = audit_files.without_digests(claim.text, self.said.ledger)
        for source in self.said.ledger.sources.values():
            left = left.replace(plain(source.title), "")
        self._loose(name, loose_in(left, claim.line), "is of nothing that the site is made of")

    def _said(self, of: str) -> frozenset[str] | UnknownId:
        if of not in self.answers:
            try:
                self.answers[of] = frozenset(map(plain, self.said.of(of)))
            except UnknownId as error:
                self.answers[of] = error
        return self.answers[of]

    def _repeat(self, name: str, claim: Claim, reading: Reading) -> None:
        """A text for machines stands on the page too, where it is accounted for."""
        kind = claim.of.partition(":")[2]
        book = plain(self.said.edition.title)
        left = claim.text.removesuffix(book).rstrip(" –") if book else claim.text
        self.found.numerals["citations"] += claim.numerals
        is_address = kind in ("og:url", "og:image")
        if has_numeral(left) and not (is_address or stands_in(left, reading.text)):
            self._loose(name, loose_in(left, claim.line), "does not stand on the page")

    def _code(self, name: str, shown: list[Claim]) -> None:
        if not shown:
            return
        path = self.said.ledger.root / Path(name).with_suffix(".ipynb")
        cells = set()
        if path.is_file():
            cells = {each["source"].strip() for each in stored.load(path)["cells"]}
        for claim in shown:
            self.found.numerals["code"] += claim.numerals
            if claim.text.strip() not in cells and claim.numerals:
                what = "code that is in no cell of the notebook of this page"
                self._fault(name, claim.line, f"{what}: {claim.text.strip()[:60]!r}")

    def _chart(self, name: str, chart: str, reading: Reading) -> None:
        texts = reading.charts[chart]
        total, ticks = charts.numerals_of(texts)
        self.found.numerals["ticks"] += ticks
        self.found.numerals["figures"] += total - ticks
        spec = audit_files.chart_of(self.site, chart)
        if spec is None:
            if total:
                self._fault(name, texts[0].line, f"the chart {chart!r} has no specification")
            return
        allowed = charts.vocabulary(spec, self.said)
        for what, line in charts.in_drawing(texts, allowed):
            self._fault(name, line, f"{what} in the chart {chart!r} is none of its figures'")


def _figure_of(kind: str, wanted: str) -> str:
    """The figure that a reference is of."""
    if kind == "run":
        return wanted.split(":")[1]
    return wanted.split(":")[1] if kind == "there" else wanted.split(":", maxsplit=1)[0]
