"""Pages of a built site as one document for paper: the whole book, or a page of it.

It is made of the published pages as they are, in the order of the contents. Their words stay; what
is only for a screen is left out. Each id gets the name of its page in front, so that it is there
once. What led to another page leads to its place in the document, and a figure to its numbered
note, which stands at the end of the chapter.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from lxml import html
from lxml.html import HtmlElement
from markupsafe import Markup

from tallybook.errors import UnknownId
from tallybook.site.citations import Edition
from tallybook.site.figure_pages import FOLDER, rendered

# What the style for paper hides: a link to it would lead nowhere.
_ON_SCREEN = """headerlink tb-narrow tb-controls tb-code-of-page tallybook-filter backrefs
tb-on-screen""".split()
_FOLDS = {"tb-fold", "tb-data", "tb-code"}
_REFERRING = ("aria-labelledby", "for", "headers")  # attributes that name ids
_SCREEN_ONLY = ("aria-describedby", "tabindex")
_OF_ITSELF = re.compile(r"url\(#([^)]*)\)")  # what a drawing refers to in itself
_LOADED = ("src", "srcset", "poster", "data")


@dataclass(frozen=True)
class Entry:
    """A page in the list of contents: its name on the site, title, and the part that it opens."""

    name: str
    title: str
    part: str = ""


class Paper:
    """The pages of a built site as documents for paper; `first` is the name of the first page."""

    def __init__(self, site: Path, first: str, edition: Edition) -> None:
        self._site, self._first, self._edition = site, first, edition

    @cached_property
    def contents(self) -> list[Entry]:
        """The pages in the order of the contents, from the first page on."""
        page = _read(self._site / f"{self._first}.html")
        heading = next(page.iter("h1"), None)
        title = _words(heading) if heading is not None else self._edition.title
        found = {self._first: Entry(self._first, title)}
        part = ""
        for element in page.get_element_by_id("tb-contents").iter("p", "a"):
            if "tb-caption" in element.classes:
                part = _words(element)
            elif name := self._page(element.get("href", ""), self._first):
                found.setdefault(name, Entry(name, _words(element), part))
                part = "" if found[name].part == part else part
        return list(found.values())

    def entry(self, wanted: str) -> Entry:
        """The page of a name: "notebooks/recalls", or "recalls" where there is one page of it.

        Raises UnknownId.
        """
        name = wanted.removesuffix(".html")
        by_name = {each.name: each for each in self.contents}
        if name in by_name:
            return by_name[name]
        fits = [each for each in self.contents if posixpath.basename(each.name) == name]
        if len(fits) == 1:
            return fits[0]
        known = [each.name for each in fits] or [*by_name, *map(posixpath.basename, by_name)]
        raise UnknownId("page" if not fits else "single page", wanted, known)

    def document(self, page: Entry | None = None, numbers: Mapping[str, int] | None = None) -> str:
        """The HTML of the book, or of one page.

        `numbers` has the sheet on which each page begins, for the list of contents.
        """
        entries = [page] if page else self.contents
        pages = {each.name: _read(self._site / f"{each.name}.html") for each in entries}
        chapters = {name: _Chapter(name, read, self._site) for name, read in pages.items()}
        places = {each for chapter in chapters.values() for each in chapter.places()}
        for chapter in chapters.values():
            chapter.lead(places, self._page, self._edition)
        edition, start = self._edition, pages[entries[0].name]
        return rendered(
            "paper.html",
            language=start.get("lang", "en"),
            title=f"{page.title} – {edition.title}" if page else edition.title,
            edition=edition,
            newest="".join(start.xpath("//*[@class='tb-on-paper']//text()[not(parent::a)]")),
            styles=_styles(pages.values(), self._site),
            parts=[] if page else list(_parts(entries)),
            address=address,
            numbers=numbers or {},
            chapters=[chapter.as_html() for chapter in chapters.values()],
            foot=[_as_html(each) for each in start.xpath("//footer/p")],
        )

    def _page(self, href: str, seen_from: str) -> str:
        """The name of the page that a link of another leads to; "" where it leads to none."""
        path = _path(href, seen_from)
        name = path.removesuffix(".html")
        if not path.endswith(".html") or not (self._site / path).is_file():
            return ""
        return self._first if name == "index" else name


def address(place: str) -> str:
    """The address within the document of a place of it.

    >>> address("notebooks/recalls#main-points")
    '#notebooks/recalls%23main-points'
    """
    return f"#{quote(place)}"


class _Chapter:
    """The article of one page, as it stands on paper."""

    def __init__(self, name: str, page: HtmlElement, site: Path) -> None:
        self._name, self._folder = name, (site / name).parent
        self._article = next(page.iter("article"))
        self._classes = page.xpath("string(//body/@class)")
        _take_out_what_is_for_screens(self._article)
        for element in self._article.iter():
            if isinstance(element.tag, str):
                self._rename(element)
                self._load(element)
        for drawing in self._article.iter("svg"):
            _say(drawing)
        for figure in self._article.iter("figure"):
            figure.set("role", "group")  # a figure of a PDF is a picture, and has to say what of

    def places(self) -> Iterator[str]:
        """The ids of it: the page's own, and those of its elements."""
        yield self._name
        yield from self._article.xpath(".//@id")

    def lead(self, places: set[str], page: Callable[[str, str], str], edition: Edition) -> None:
        """Let its links lead to places of the document, and else to the site where it is known."""
        for link in self._article.iter("a"):
            href = link.get("href")
            if href is None or urlsplit(href).scheme or urlsplit(href).netloc:
                continue
            path, anchor = _path(href, self._name), unquote(urlsplit(href).fragment)
            note = f"{self._name}#card-{Path(path).stem}"
            to = page(href, self._name) if path else self._name
            if Path(path).parent.name == FOLDER and note in places:
                link.set("href", address(note))
            elif to in places:
                there = f"{to}#{anchor}"
                link.set("href", address(there if there in places else to))
            elif whole := edition.at(quote(path)):
                link.set("href", f"{whole}#{quote(anchor)}" if anchor else whole)
            else:
                del link.attrib["href"]

    def as_html(self) -> Markup:
        """The chapter, under the name of its page."""
        outer = html.Element("div", {"class": f"{self._classes} tb-chapter", "id": self._name})
        outer.append(self._article)
        return _as_html(outer)

    def _rename(self, element: HtmlElement) -> None:
        for name in _SCREEN_ONLY:
            element.attrib.pop(name, None)
        if "id" in element.attrib:
            element.set("id", f"{self._name}#{element.get('id')}")
        for name in (each for each in _REFERRING if each in element.attrib):
            ids = (f"{self._name}#{each}" for each in element.attrib[name].split())
            element.set(name, " ".join(ids))
        for name, value in element.attrib.items():
            if "url(#" in value:
                element.set(name, _OF_ITSELF.sub(self._within, value))
            elif name in ("href", "xlink:href") and element.tag != "a" and value.startswith("#"):
                element.set(name, address(f"{self._name}{value}"))

    def _within(self, found: re.Match[str]) -> str:
        return f"url({address(f'{self._name}#{unquote(found[1])}')})"

    def _load(self, element: HtmlElement) -> None:
        """Let a picture be loaded from where it lies."""
        for name in (each for each in _LOADED if each in element.attrib):
            parts = urlsplit(element.get(name))
            if not parts.scheme and parts.path:
                path = Path(posixpath.normpath(self._folder / unquote(parts.path)))
                element.set(name, path.as_uri())


def _parts(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """The entries of each part of the contents; those before the first part are one too."""
    part: list[Entry] = []
    for each in entries:
        if each.part and part:
            yield part
            part = []
        part.append(each)
    yield part


def _as_html(element: HtmlElement) -> Markup:
    return Markup(html.tostring(element, encoding="unicode", with_tail=False))  # noqa: S704  # audited


def _read(path: Path) -> HtmlElement:
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    return html.document_fromstring(path.read_bytes(), parser=parser)


def _path(href: str, seen_from: str) -> str:
    """The path on the site that a link of a page leads to; "" where it stays on the page."""
    path = unquote(urlsplit(href).path)
    return posixpath.normpath(posixpath.join(posixpath.dirname(seen_from), path)) if path else ""


def _words(element: HtmlElement) -> str:
    """What an element says, without the signs that lead to it."""
    texts = element.xpath(".//text()[not(parent::a[@class='headerlink'])]")
    return " ".join("".join(texts).split())


def _take_out_what_is_for_screens(article: HtmlElement) -> None:
    """Remove what the style for paper hides. Where a fold stood, a line says what is in it.

    What authors fold themselves is opened. Of the notes those stay that something leads to.
    """
    for name in _ON_SCREEN:
        for element in article.find_class(name):
            element.drop_tree()
    for row in article.find_class("tb-inside"):
        if not row.xpath(".//details[@open]"):
            row.drop_tree()
    for fold in article.xpath(".//details[not(@open)]"):
        if not _FOLDS & set(fold.classes):
            fold.set("open", "")
            continue
        if "tb-fold" in fold.classes:
            line = html.Element("p", {"class": "tb-aside"})
            line.text = f"On the site: {_words(fold.find('summary'))}"
            fold.addprevious(line)
        fold.drop_tree()
    noted = set(article.xpath(".//a/@aria-describedby"))
    for number, note in enumerate(article.xpath(".//*[@class='tb-notes']/ol/li"), 1):
        note.set("value", str(number))
        if note.get("id") not in noted:
            note.drop_tree()


def _say(drawing: HtmlElement) -> None:
    """Give a drawing its title and description as the one text that stands for it in a PDF."""
    texts = [_words(each) for each in drawing if each.tag in ("title", "desc")]
    if drawing.get("role") == "img" and texts:
        drawing.set("aria-label", ". ".join(text.rstrip(".") for text in texts) + ".")


def _styles(pages: Iterable[HtmlElement], site: Path) -> list[str]:
    """The addresses of the stylesheets of pages, each once."""
    found: dict[str, None] = {}
    for page in pages:
        for link in page.xpath("//link[@rel='stylesheet']"):
            path = site / "_static" / Path(urlsplit(link.get("href")).path).name
            found[path.as_uri()] = None
    return list(found)
