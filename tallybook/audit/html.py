"""What a page says to a person or a machine: each text with a numeral, and what it claims to be.

An element with `data-of` claims that its text is what the ledger has under that reference; only
the extension can write it, for the HTML that an author types may not have it. Text without a claim
is read block by block, so that a numeral that is split over elements is one. Whether it states a
figure is for `unclaimed_in` to say, which is told what dates and names the ledger has.
Charts and code are handed on whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import lxml.etree
import lxml.html
from lxml.html import HtmlElement

from tallybook.errors import BadReference
from tallybook.ledger.references import Reference
from tallybook.reading import formulas
from tallybook.reading.numeral import Numeral
from tallybook.reading.numerals import find, has_numeral
from tallybook.reading.statements import Known, stating

# What splits no word: an element of any other name begins a block of its own.
_INLINE = {
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "tspan", "u",
    "var", "wbr",
}  # fmt: skip
# Attributes that hold text for a reader; the others hold addresses, names, sizes and states.
_READABLE = {
    "abbr", "alt", "content", "datetime", "label", "placeholder", "srcdoc", "standby", "summary",
    "title", "value",
}  # fmt: skip
_ARIA = {
    "aria-label",
    "aria-description",
    "aria-placeholder",
    "aria-roledescription",
    "aria-valuetext",
}
# Data that are addresses or names of the site itself; all others are read.
_TECHNICAL = {"data-of", "data-note", "data-index", "data-engine"}
_NAME = re.compile(r"[^%<>\"]*")
_SETTINGS = ("viewport", "color-scheme", "generator", "referrer", "theme-color")

# Where figures stand among labels of their own, and not in sentences.
_NO_PROSE = {"table", "nav", "figure", "dl", "pre", "header", "footer", "h1"}
_NO_PROSE_CLASSES = {"tb-notes", "tb-figures", "tb-tree"}

# What a reader does not see, and what Sphinx makes of straight quotes.
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_QUOTES = str.maketrans("‘’“”", "''\"\"")
_QUOTE = re.compile('\\s*["“„«]')
CLAIMED = "\ufffc"  # stands for a claimed element in its block, so that nothing joins over it
# What a fault stands in.
TEXT, CODE, OUTPUT, STDERR, PICTURE = "text", "code", "output", "stderr", "picture"
CHART = "chart"  # in its labels or titles
SAMPLE = "sample"  # of code, on a page
MOST_AROUND = 40  # characters that a fault shows on each side of a numeral

# Languages in whose samples numbers compute, and state nothing; and the classes of these, which the
# highlighting writes: HTML that is typed has none.
_LANGUAGES = {
    f"highlight-{name}"
    for name in "python python3 ipython ipython3 pycon r julia javascript js typescript sql c cpp "
    "java rust go bash sh shell console powershell".split()
}
_NUMBERS = {"m", "mb", "mf", "mh", "mi", "il", "mo"}

_MARKS_OF_SPHINX = ("mark", "entry", "cited")
_MARKS = (*_MARKS_OF_SPHINX, "key")
# What a mark is of, and lists in which marks of a kind are counted.
_NUMBERED = {"h1", "h2", "h3", "h4", "h5", "h6", "nav", "figure", "table", "div", "aside", "pre"}
_TICKS = str(Reference("ticks"))

_Open = list[tuple[HtmlElement, Iterator[HtmlElement]]]  # elements, each with its children to come


@dataclass(frozen=True)
class Text:
    """A text of a page, the line at which it stands, and how many numerals it holds."""

    text: str
    line: int
    numerals: int


@dataclass(frozen=True)
class Claim(Text):
    """A text that an element carries under a reference."""

    reference: Reference


@dataclass(frozen=True)
class Mark(Claim):
    """A text that Sphinx sets: the number of a footnote, say, or a label of a bibliography.

    `links` are the addresses and texts of the links in it, or the one that it stands in; `anchors`
    are those by which a link leads to it. `element` is the heading, figure, table or the like that
    it is of, and `within` the place of a list of the same kind: of a bibliography, or of code.
    """

    links: tuple[tuple[str, str], ...]
    anchors: tuple[str, ...]
    element: str
    within: str


@dataclass(frozen=True)
class FileName(Text):
    """A text that a link to download a file shows, and the address of the file."""

    address: str


@dataclass(frozen=True)
class Unclaimed:
    """A numeral that states something and that no element claims, with the words around it.

    `text` is the whole text, in which `at` is the numeral as it is read; None in a formula.
    """

    numeral: str
    around: str
    line: int
    text: str = ""
    at: Numeral | None = None

    def stands_in(self, part: str) -> bool:
        """Whether it is within a part of its text."""
        if self.at is None or part.split(maxsplit=1)[0] not in self.text.translate(_QUOTES):
            return False
        words = r"\s+".join(map(re.escape, part.translate(_QUOTES).split()))
        found = re.finditer(words, self.text.translate(_QUOTES))
        return any(each.start() <= self.at.start < each.end() for each in found)


@dataclass(frozen=True)
class ChartText:
    """One text of a drawing, and whether it stands at an axis."""

    text: str
    line: int
    is_tick: bool


@dataclass(frozen=True)
class Prose:
    """A paragraph of prose with figures or quotations: its text, a sign standing for each claim.

    `lead` is the paragraph that leads to it, where it is an entry of a list or a quotation.
    """

    text: str
    claims: tuple[Claim, ...]
    line: int
    lead: str = ""


@dataclass
class Page:
    """What a page says.

    `claims` are its texts with a reference, and `marks` those that Sphinx sets; `typed` are those
    outside of them that hold a numeral, a sign standing for each claim, `outputs` such texts in
    what a notebook shows, and `in_formulas` the numerals of formulas.
    `malformed` are the lines of references that are none, with why. `code` are the cells that it
    shows, `charts` the texts of each drawing by the chart's id. `repeats` are titles and
    descriptions for machines, which have to stand in `text`, all of its article but its marks;
    `addresses` are those of the page itself and of links that show theirs, `samples` numbers in
    samples of code. `file_names` with a numeral are shown by links to
    download files. `ids` are those of elements.
    """

    claims: list[Claim] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    typed: list[Text] = field(default_factory=list)
    outputs: list[Text] = field(default_factory=list)
    in_formulas: list[Unclaimed] = field(default_factory=list)
    malformed: list[tuple[int, str]] = field(default_factory=list)
    code: list[Text] = field(default_factory=list)
    charts: dict[str, list[ChartText]] = field(default_factory=dict)
    repeats: list[Text] = field(default_factory=list)
    addresses: list[Text] = field(default_factory=list)
    samples: list[Text] = field(default_factory=list)
    file_names: list[FileName] = field(default_factory=list)
    prose: list[Prose] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    text: str = ""


def read(html: str) -> Page:
    """Return what a page says. Any text is a page, as it is for browsers.

    >>> page = read('<p><b data-of="words:recalls-2017">1,606</b> recalls in 2017</p>')
    >>> page.claims
    [Claim(text='1,606', line=1, numerals=1, reference=Reference(kind='words', id='recalls-2017', \
place=None, field='', other=''))]
    >>> page.typed
    [Text(text='\ufffc recalls in 2017', line=1, numerals=1)]
    """
    page = Page()
    root = _root(html)
    if root is not None:
        _Walk(page).whole(root)
    return page


def chart_texts(svg: str) -> list[ChartText]:
    """Return the texts of a drawing in a file of its own."""
    root = _root(svg)
    return [] if root is None else [each for e in root.iter("svg") for each in _chart_texts(e)]


def unclaimed_in(text: str, line: int, known: Known) -> Iterator[Unclaimed]:
    """Return the numerals of a text at a line, none of it claimed, that state what is not known."""
    text = text.translate(_INVISIBLE)
    for found in stating(text, known):
        around = text[max(0, found.start - MOST_AROUND) : found.end + MOST_AROUND]
        shown = " ".join(around.replace(CLAIMED, "…").split())
        yield Unclaimed(text[found.start : found.end], shown, line, text, found)


@lru_cache(maxsize=50_000)
def count(text: str) -> int:
    """Return how many numerals a text holds."""
    text = text.translate(_INVISIBLE)
    return sum(1 for _ in find(text)) if has_numeral(text) else 0


def plain(text: str) -> str:
    """Return a text as it is compared: no invisible signs, one form of quotes, single spaces."""
    return " ".join(text.translate(_INVISIBLE).translate(_QUOTES).split())


def stands_in(part: str, text: str) -> bool:
    """Return whether a text stands in another one, as whole words."""
    at = text.find(part)
    while at >= 0:
        before, after = text[max(0, at - 1) : at], text[at + len(part) : at + len(part) + 1]
        if not re.match(r"[\w.,]", before) and not re.match(r"[\w%]", after):
            return True
        at = text.find(part, at + 1)
    return False


def _root(html: str) -> HtmlElement | None:
    # lxml refuses NUL and text that names an encoding; a browser reads both.
    text = html.replace("\0", "\ufffd").encode("utf-8", "replace")
    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        return lxml.html.document_fromstring(text, parser=parser)
    except lxml.etree.ParserError:
        return None


class _Walk:
    """Goes through the elements of a page in their order, and adds what each says to the page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pieces: list[str] = []  # of the text of the block that has begun
        self.claims: list[Claim] = []  # in this block
        self.line = 0  # at which it begins
        self.last = 0
        self.within = {"article": 0, "labels": 0, "outputs": 0, "quotations": 0}
        self.before = ""  # the last paragraph
        self.leads: list[str] = []  # what leads to each list that has begun
        self.heads: dict[HtmlElement, set[str]] = {}  # of each table

    def whole(self, root: HtmlElement) -> None:
        """Walk over all of a page."""
        article = next(iter(root.iter("article")), None)
        self.page.text = plain("".join(_said(root if article is None else article)))
        stack: _Open = []
        self._open(root, stack)
        # Without recursion: a page may be nested as deeply as it likes.
        while stack:
            element, children = stack[-1]
            child = next(children, None)
            if child is not None:
                self._open(child, stack)
                continue
            stack.pop()
            self._close(element)
            self._count(element, -1)
        self._end_block()

    def _open(self, element: HtmlElement, stack: _Open) -> None:
        self.last = line = element.sourceline or self.last
        if not isinstance(element.tag, str):
            self._aside(element.text or "", line)  # a comment, which machines read
            self.pieces.append(element.tail or "")
            return
        if element.tag not in _INLINE:
            self._end_block()
        self.line = self.line or line
        self._attributes(element, line, besides="alt" if _claims_its_alt(element) else "")
        if self._is_whole(element, line):
            for inner in element.iterdescendants():
                if isinstance(inner.tag, str):
                    self._attributes(inner, inner.sourceline or 0)
                    self._reference(inner, inner.sourceline or line)  # which may be malformed
            self.pieces.append(CLAIMED)
            self._close(element)
            return
        self._count(element, 1)
        self.pieces.append(element.text or "")
        stack.append((element, iter(element)))

    def _close(self, element: HtmlElement) -> None:
        if element.tag not in _INLINE:
            self._end_block()
        self.pieces.append(element.tail or "")

    def _count(self, element: HtmlElement, by: int) -> None:
        """Keep in mind whether the text that comes is prose."""
        self.within["article"] += by * (element.tag == "article")
        classes = (element.get("class") or "").split()
        is_label = element.tag in _NO_PROSE or not _NO_PROSE_CLASSES.isdisjoint(classes)
        self.within["labels"] += by * is_label
        self.within["quotations"] += by * (element.tag == "blockquote")
        self.within["outputs"] += by * ("cell_output" in classes)
        if element.tag in ("ul", "ol"):
            self.leads = [*self.leads, self.before] if by > 0 else self.leads[:-1]

    def _end_block(self) -> None:
        text, self.pieces = "".join(self.pieces), []
        if self.within["quotations"] and text.strip() and not _QUOTE.match(text):
            text = f"“{text.strip()}”"
        self.line = self.line or self.last
        self._aside(text, self.line)
        claims, self.claims = tuple(self.claims), []
        is_quoting = bool(count(text)) and _QUOTE.search(text)
        if (claims or is_quoting) and self.within["article"] and not self.within["labels"]:
            leads = [*self.leads, *([self.before] if self.within["quotations"] else [])]
            self.page.prose.append(Prose(text, claims, self.line, " ".join(leads)))
        self.before = text if text.strip() else self.before
        self.line = 0

    def _aside(self, text: str, line: int) -> None:
        if numerals := count(text):
            texts = self.page.outputs if self.within["outputs"] else self.page.typed
            texts.append(Text(text, line, numerals))

    def _is_whole(self, element: HtmlElement, line: int) -> bool:
        """Whether an element is taken as one: as a claim, a chart or code."""
        reference = None if element.tag == "meta" else self._reference(element, line)
        if reference:
            text = element.get("alt", "") if element.tag == "img" else _text(element)
            claim = Claim(plain(text), line, count(text), reference)
            if reference.kind in _MARKS:
                claim = _mark(element, claim)
                self.page.marks.append(claim)
            else:
                self.page.claims.append(claim)
            self.claims.append(claim)
            return True
        if element.tag == "pre" and _is_within(element, "cell_input"):
            text = _text(element)
            self.page.code.append(Text(text, line, count(text)))
            return True
        if element.tag == "math":
            around = plain(_text(element))
            for numeral in formulas.stated(element):
                self.page.in_formulas.append(Unclaimed(numeral, around, line))
            return True
        if element.tag == "a" and "download" in element.attrib and count(text := _text(element)):
            address = str(element.get("href"))
            self.page.file_names.append(FileName(plain(text), line, count(text), address))
            return True
        if _is_address(element):
            text = plain(_text(element))
            self.page.addresses.append(Text(text, line, count(text)))
            return True
        if element.tag == "span" and _is_number_of_code(element):
            text = _text(element)
            self.page.samples.append(Text(text, line, count(text)))
            return True
        if element.tag == "svg" and (chart := _chart_of(element)):
            self.page.charts.setdefault(chart, []).extend(_chart_texts(element))
            return True
        return False

    def _reference(self, element: HtmlElement, line: int) -> Reference | None:
        """What an element claims to be; where that is malformed its text is as if unclaimed."""
        given = element.get("data-of")
        try:
            return None if given is None else Reference.parse(given)
        except BadReference as error:
            self.page.malformed.append((line, str(error)))
            return None

    def _attributes(self, element: HtmlElement, line: int, *, besides: str = "") -> None:
        is_meta = element.tag == "meta"
        for name, value in element.attrib.items():
            if name == "id":
                self.page.ids.add(str(value))
            if is_meta and name == "content":
                self._meta(element, str(value), line)
            elif name == "data-label" and self._is_head(element, str(value)):
                continue
            elif name != besides and _is_readable(str(name), str(value)):
                self._aside(str(value), line)

    def _is_head(self, cell: HtmlElement, label: str) -> bool:
        """Whether a label is a head of the cell's table, which is looked at for itself."""
        table = next(cell.iterancestors("table"), None) if count(label) else None
        if table is not None and table not in self.heads:
            self.heads[table] = {plain(_text(head)) for head in table.iterfind("thead//th")}
        return table is not None and plain(label) in self.heads[table]

    def _meta(self, element: HtmlElement, content: str, line: int) -> None:
        name = element.get("name") or element.get("property") or ""
        if name.lower() in _SETTINGS or element.get("http-equiv"):
            return
        text, numerals = plain(content), count(content)
        if reference := self._reference(element, line):
            self.page.claims.append(Claim(text, line, numerals, reference))
        elif name in ("og:url", "og:image", "twitter:image"):
            self.page.addresses.append(Text(text, line, numerals))
        else:
            self.page.repeats.append(Text(text, line, numerals))


def _claims_its_alt(element: HtmlElement) -> bool:
    """Whether a picture's text is a claim, which is then compared as one."""
    try:
        return element.tag == "img" and bool(Reference.parse(element.get("data-of") or ""))
    except BadReference:
        return False


def _is_address(element: HtmlElement) -> bool:
    """Whether a link shows the very address to which it leads."""
    address = element.get("href") or ""
    if element.tag != "a" or not re.match(r"https?://|mailto:", address):
        return False
    shown = {address, address.partition("://")[2], address.removeprefix("mailto:")} - {""}
    return plain(_text(element)) in shown


def _is_number_of_code(element: HtmlElement) -> bool:
    """Whether it is a number in a sample of a programming language."""
    above = {each for e in element.iterancestors("div") for each in (e.get("class") or "").split()}
    return element.get("class") in _NUMBERS and not _LANGUAGES.isdisjoint(above)


def _is_readable(name: str, value: str) -> bool:
    if name.startswith("data-"):
        return name not in _TECHNICAL or not _NAME.fullmatch(value)
    is_counted_from = name == "start" and value != "1"  # a list that shows a typed number
    return is_counted_from or name in _READABLE or name in _ARIA


def _is_within(element: HtmlElement, name: str) -> bool:
    return any(name in (e.get("class") or "").split() for e in element.iterancestors())


def _chart_of(svg: HtmlElement) -> str:
    for element in svg.iterancestors("figure"):
        if "tallybook-chart" in (element.get("class") or "").split():
            return element.get("id") or ""
    return ""


def _chart_texts(svg: HtmlElement) -> Iterator[ChartText]:
    for element in svg.iter():
        if not isinstance(element.tag, str):
            yield ChartText(element.text or "", element.sourceline or 0, False)
            continue
        line = element.sourceline or 0
        if element.tag in ("text", "title", "desc"):
            is_tick = any(e.get("data-of") == _TICKS for e in element.iterancestors())
            text = " ".join(map(str, element.itertext()))  # a word apart for each line
            yield ChartText(plain(text), line, is_tick and element.tag == "text")
        elif element.tag in ("foreignobject", "foreignObject", "style", "script"):
            yield ChartText(plain(_text(element)), line, False)
        for name, value in element.attrib.items():
            if str(name) in _ARIA:
                yield ChartText(plain(str(value)), line, False)


def _mark(element: HtmlElement, claim: Claim) -> Mark:
    around = [element, *element.iterancestors()]
    inner = [each for each in element.iter("a") if each.get("href")]
    outer = [each for each in around if each.tag == "a" and each.get("href")]
    links = tuple((each.get("href", ""), plain(_text(each))) for each in inner or outer[:1])
    anchors = []
    for each in around:
        if each.tag == "article":
            break
        before = (e.get("id", "") for e in each if e.tag == "span" and not _text(e))
        anchors += [each.get("id", ""), *before]
    numbered = next((each for each in around if each.tag in _NUMBERED), element)
    of = str(numbered.tag)
    lists = [e for e in around if e.tag in ("pre", "div", "nav") and e.get("class") != "citation"]
    within = element.getroottree().getpath(lists[0]) if lists else ""
    return Mark(
        claim.text, claim.line, claim.numerals, claim.reference,
        links, tuple(filter(None, anchors)), of, within,
    )  # fmt: skip


def _said(element: HtmlElement) -> Iterator[str]:
    """The text of an element without its marks. Formulas are in a line."""
    stack: list[HtmlElement | str] = [element]
    while stack:
        each = stack.pop()
        if isinstance(each, str):
            yield each
            continue
        is_mark = (each.get("data-of") or "").partition(":")[0] in _MARKS_OF_SPHINX
        if not isinstance(each.tag, str) or is_mark:
            continue
        if each.tag == "math":
            yield "".join(_text(each).split())
            continue
        yield each.text or ""
        for child in reversed(each):
            stack += [child.tail or "", child]


def _text(element: HtmlElement) -> str:
    return "".join(map(str, element.itertext()))
