"""A saved page of the web, to its text: that of its article, where it marks one, else all of it.

What a browser does not show as text is left out, and so are a page's menus, forms and foot.
"""

from __future__ import annotations

import re
from typing import Any

import lxml.html
from lxml import etree

from tallybook.errors import DocumentRefused
from tallybook.reading.original import (
    MARK,
    SOFT_HYPHEN,
    Original,
    cleaned,
    has_words,
    heading,
    raised,
    row,
)

_NO_TEXT = frozenset(
    "script style noscript template svg math iframe object embed audio video canvas head button "
    "select textarea input dialog".split()
)
_AROUND = frozenset("nav footer form aside".split())  # of a page; in an article they belong to it
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption "
    "figure footer header hr legend li main nav ol p pre section summary table tbody tfoot thead "
    "tr td th ul".split()
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:$|[T ])")
_SAVED_FROM = re.compile(rb"saved from url=\(\d+\)(https?://\S+)")
_MOSTLY = 0.5  # of a page's text: an article that is a teaser has less


def read(name: str, raw: bytes) -> Original:
    """What a page says. Raises DocumentRefused."""
    page = _parsed(name, raw)
    for element in [*page.iter(etree.Comment, etree.ProcessingInstruction)]:
        element.drop_tree()
    body = page.find("body")
    main = _main(body if body is not None else page)
    facts = _facts(page, main)
    text = _tidy(_Writer().written(main))
    if not has_words(text):
        reason = "a script makes it" if page.find(".//script") is not None else "it is empty"
        raise DocumentRefused(
            f"{name} has no text of its own: {reason}. Print the page as PDF in a browser, and add "
            "that"
        )
    saved = _SAVED_FROM.search(raw[:4000])
    address = facts["address"] or (saved[1].decode("ascii", "ignore") if saved else "")
    return Original(text, facts["title"], facts["publisher"], facts["published"], address)


def _parsed(name: str, raw: bytes) -> Any:
    try:
        raw.decode("utf-8")
        encoding = "utf-8"
    except UnicodeDecodeError:
        encoding = None  # what the page says of itself
    try:
        parser = lxml.html.HTMLParser(encoding=encoding, huge_tree=True, no_network=True)
        return lxml.html.document_fromstring(raw, parser=parser)
    except (etree.LxmlError, ValueError, LookupError) as error:
        raise DocumentRefused(f"{name} cannot be read as HTML: {str(error)[:100]}") from None


def _facts(page: Any, main: Any) -> dict[str, str]:
    """What a page says of itself to machines, and the heading of its text as its title."""

    def of(*paths: str) -> str:
        found = (page.xpath(f"string({path})") for path in paths)
        return next((" ".join(text.split()) for text in found if text.strip()), "")

    date = _DATE.match(of("//meta[@property='article:published_time']/@content",
                          "//meta[@name='date']/@content"))  # fmt: skip
    address = of("//link[@rel='canonical']/@href", "//meta[@property='og:url']/@content")
    first = " ".join(main.xpath("string(.//h1)").split())
    return {
        "title": of("//meta[@property='og:title']/@content") or first or of("//h1", "//title"),
        "publisher": of("//meta[@property='og:site_name']/@content"),
        "published": date[1] if date else "",
        "address": address if address.startswith("http") else "",
    }


def _main(body: Any) -> Any:
    """The element that most of a page's text is in, and that the page marks as its text."""
    whole = len(_Writer().written(body))
    for path in (".//article", ".//main", ".//*[@role='main']"):
        found = body.xpath(path)
        if len(found) == 1 and len(_Writer().written(found[0])) >= whole * _MOSTLY:
            return found[0]
    return body


class _Writer:
    """Writes the text of an element, with line ends between its blocks."""

    def __init__(self) -> None:
        self._parts: list[str] = []

    def written(self, root: Any) -> str:
        self._root = root
        self._inside(root)
        return cleaned("".join(self._parts))

    def _inside(self, element: Any) -> None:
        self._add(element.text, element)
        for child in element:
            self._element(child)
            self._add(child.tail, element)

    def _element(self, element: Any) -> None:
        tag = element.tag if isinstance(element.tag, str) else ""
        if not tag or tag in _NO_TEXT or self._is_left_out(element, tag):
            return
        if tag in _HEADINGS:
            if words := " ".join(_inner(element).split()):
                self._parts.append(f"\n\n{heading(_HEADINGS[tag], words)}\n\n")
        elif tag == "tr" and element.find(".//table") is None and not _has_heading(element):
            cells = [_inner(cell) for cell in element if cell.tag in ("td", "th")]
            self._parts.append(f"\n{row(cells)}\n" if any(map(has_sign, cells)) else "")
        elif tag == "br":
            self._parts.append("\n")
        elif tag == "sup" and (mark := _mark(element)):
            self._parts.append(raised(mark, "".join(self._parts[-3:])))
        elif tag in _BLOCKS:
            self._parts.append("\n- " if tag == "li" else "\n")
            self._inside(element)
            self._parts.append("\n")
        else:
            self._inside(element)

    def _is_left_out(self, element: Any, tag: str) -> bool:
        if element.get("hidden") is not None or element.get("aria-hidden") == "true":
            return True
        if re.search(r"display\s*:\s*none", element.get("style", "")):
            return True
        return tag in _AROUND and self._root.tag not in ("article", "main")

    def _add(self, text: str | None, within: Any) -> None:
        if text:
            self._parts.append(text if within.tag == "pre" else re.sub(r"\s+", " ", text))


def _has_heading(element: Any) -> bool:
    """Whether a row is no table's but a page's, which is laid out by one."""
    return any(each.tag in _HEADINGS for each in element.iter())


def _inner(element: Any) -> str:
    return _Writer().written(element)


def has_sign(text: str) -> bool:
    """Whether a cell has anything in it.

    >>> has_sign("  "), has_sign("–")
    (False, True)
    """
    return bool(text.strip())


def _mark(element: Any) -> str:
    """The mark of a footnote in a superscript; or ""."""
    text = "".join(element.itertext()).strip(" []()\n\t")
    return text if MARK.fullmatch(text) else ""


def _tidy(text: str) -> str:
    lines = [re.sub(r"[^\S\n]+", " ", line).strip() for line in text.split("\n")]
    lines = [line for line in lines if line != "-"]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines).replace(SOFT_HYPHEN, "")).strip()
    return re.sub(r"\|\n\n(?=\| )", "|\n", text) + "\n"  # rows of one table
