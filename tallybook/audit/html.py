"""Every numeral that a person or a machine can read in a page, and what its element claims of it.

An element with `data-of` claims that its text is what the ledger has under that reference; only
the extension can write it, for the HTML that an author types is sanitised. Text without a claim is
read block by block, so that a numeral that is split over elements is one, and is loose. Charts and
code are handed on whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import lxml.etree
import lxml.html
from lxml.html import HtmlElement

from tallybook.audit.texts import CLAIMED, Loose, count, loose_in, plain

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
Stack = list[tuple[HtmlElement, Iterator[HtmlElement]]]


@dataclass(frozen=True)
class Claim:
    """A text that an element carries under a reference, at a line of the page."""

    of: str
    text: str
    line: int
    numerals: int


@dataclass(frozen=True)
class ChartText:
    """One text of a drawing, and whether it stands at an axis."""

    text: str
    line: int
    is_tick: bool


@dataclass(frozen=True)
class Prose:
    """A paragraph of prose with figures: its text, in which a sign stands for each claim.

    `lead` is the paragraph that leads to it, where it is an entry of a list.
    """

    text: str
    claims: tuple[Claim, ...]
    line: int
    lead: str = ""


@dataclass
class Reading:
    """What a page says: claims, loose numerals, code and the texts of charts by their ids.

    `text` is all of its article's text, and `repeats` are texts that have to stand in it: titles
    and descriptions for machines.
    """

    claims: list[Claim] = field(default_factory=list)
    loose: list[Loose] = field(default_factory=list)
    code: list[Claim] = field(default_factory=list)
    charts: dict[str, list[ChartText]] = field(default_factory=dict)
    repeats: list[Claim] = field(default_factory=list)
    prose: list[Prose] = field(default_factory=list)
    title: str = ""
    text: str = ""


def read(html: str) -> Reading:
    """What a page says. Any text is a page, as it is for browsers."""
    reading = Reading()
    root = _root(html)
    if root is None:
        return reading
    _Walk(reading).page(root)
    return reading


def _root(html: str) -> HtmlElement | None:
    # lxml refuses NUL and text that names an encoding; a browser reads both.
    text = html.replace("\0", "\ufffd").encode("utf-8", "replace")
    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        return lxml.html.document_fromstring(text, parser=parser)
    except lxml.etree.ParserError:
        return None


class _Walk:
    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.pieces: list[str] = []  # of the block that is open
        self.claims: list[Claim] = []  # in it
        self.line = 0  # at which it begins
        self.last = 0
        self.within = {"article": 0, "labels": 0}
        self.before = ""  # the last paragraph
        self.leads: list[str] = []  # what leads to each list that is open

    def page(self, root: HtmlElement) -> None:
        article = next(iter(root.iter("article")), None)
        self.reading.text = plain(_text(root if article is None else article))
        stack: Stack = []
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

    def _open(
        self, element: HtmlElement, stack: list[tuple[HtmlElement, Iterator[HtmlElement]]]
    ) -> None:
        self.last = line = element.sourceline or self.last
        if not isinstance(element.tag, str):
            self._aside(element.text or "", line)  # a comment, which machines read
            self.pieces.append(element.tail or "")
            return
        if element.tag not in _INLINE:
            self._end_block()
        self.line = self.line or line
        self._attributes(element, line)
        if self._is_whole(element, line):
            for inner in element.iterdescendants():
                if isinstance(inner.tag, str):
                    self._attributes(inner, inner.sourceline or 0)
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
        """Keep in mind whether what is open is prose."""
        self.within["article"] += by * (element.tag == "article")
        classes = (element.get("class") or "").split()
        is_label = element.tag in _NO_PROSE or not _NO_PROSE_CLASSES.isdisjoint(classes)
        self.within["labels"] += by * is_label
        if element.tag in ("ul", "ol"):
            self.leads = [*self.leads, self.before] if by > 0 else self.leads[:-1]

    def _end_block(self) -> None:
        text, self.pieces = "".join(self.pieces), []
        self.line = self.line or self.last
        self.reading.loose += loose_in(text, self.line)
        claims, self.claims = tuple(self.claims), []
        if claims and self.within["article"] and not self.within["labels"]:
            self.reading.prose.append(Prose(text, claims, self.line, " ".join(self.leads)))
        self.before = text if text.strip() else self.before
        self.line = 0

    def _aside(self, text: str, line: int) -> None:
        self.reading.loose += loose_in(text, line)

    def _is_whole(self, element: HtmlElement, line: int) -> bool:
        """Whether an element is accounted for as one: by its claim, as a chart, or as code."""
        if element.tag == "title" and not _chart_of(element):
            self.reading.title = plain(_text(element))
        of = element.get("data-of")
        if of is not None and element.tag != "meta":
            text = _text(element)
            claim = Claim(of, plain(text), line, count(text))
            self.reading.claims.append(claim)
            self.claims.append(claim)
            return True
        if element.tag == "pre" and _within(element, "cell_input"):
            text = _text(element)
            self.reading.code.append(Claim("code", text, line, count(text)))
            return True
        if element.tag == "svg" and (chart := _chart_of(element)):
            self.reading.charts.setdefault(chart, []).extend(_chart_texts(element))
            return True
        return False

    def _attributes(self, element: HtmlElement, line: int) -> None:
        is_meta = element.tag == "meta"
        for name, value in element.attrib.items():
            if is_meta and name == "content":
                self._meta(element, str(value), line)
            elif _is_readable(str(name), str(value)):
                self._aside(str(value), line)

    def _meta(self, element: HtmlElement, content: str, line: int) -> None:
        name = element.get("name") or element.get("property") or element.get("http-equiv") or ""
        if name.lower() in _SETTINGS or element.get("http-equiv"):
            return
        of = element.get("data-of") or f"meta:{name}"
        claim = Claim(of, plain(content), line, count(content))
        (self.reading.claims if element.get("data-of") else self.reading.repeats).append(claim)


def _is_readable(name: str, value: str) -> bool:
    if name.startswith("data-"):
        return name not in _TECHNICAL or not _NAME.fullmatch(value)
    is_counted_from = name == "start" and value != "1"  # a list that shows a typed number
    return is_counted_from or name in _READABLE or name in _ARIA


def _within(element: HtmlElement, name: str) -> bool:
    return any(name in (e.get("class") or "").split() for e in element.iterancestors())


def _chart_of(svg: HtmlElement) -> str:
    for element in svg.iterancestors("figure"):
        if "tallybook-chart" in (element.get("class") or "").split():
            return element.get("id") or ""
    return ""


def chart_texts(svg: str) -> list[ChartText]:
    """The texts of a drawing in a file of its own."""
    root = _root(svg)
    return [] if root is None else [each for e in root.iter("svg") for each in _chart_texts(e)]


def _chart_texts(svg: HtmlElement) -> Iterator[ChartText]:
    for element in svg.iter():
        if not isinstance(element.tag, str):
            yield ChartText(element.text or "", element.sourceline or 0, False)
            continue
        line = element.sourceline or 0
        if element.tag in ("text", "title", "desc"):
            is_tick = any(e.get("data-of") == "ticks" for e in element.iterancestors())
            text = " ".join(_strings(element)) if len(element) else _text(element)
            yield ChartText(plain(text), line, is_tick and element.tag == "text")
        elif element.tag in ("foreignobject", "foreignObject", "style", "script"):
            yield ChartText(plain(_text(element)), line, False)
        for name, value in element.attrib.items():
            if str(name) in _ARIA:
                yield ChartText(plain(str(value)), line, False)


def _strings(element: HtmlElement) -> Iterator[str]:
    yield from (str(each) for each in element.itertext())


def _text(element: HtmlElement) -> str:
    return "".join(_strings(element))
