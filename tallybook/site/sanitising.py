"""HTML that an author types: which of it pages take, and why the rest is refused.

Cleaned by nh3. It is small on purpose: structure, emphasis, links. No class, id, style or `data-`
attribute is taken, so that what has one was written by the extension, or by a library of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import nh3

_PHRASES = "a abbr b bdi br cite code del dfn em i ins kbd mark q s samp small strong sub sup u var"
_BLOCKS = "blockquote dd details div dl dt figcaption figure hr li ol p pre summary ul"
_TABLES = "caption table tbody td tfoot th thead tr"
ELEMENTS = frozenset(f"{_PHRASES} {_BLOCKS} {_TABLES}".split())
_SPANS = frozenset({"colspan", "rowspan"})
ATTRIBUTES = {
    "*": frozenset({"lang", "title"}),
    "a": frozenset({"href"}),
    "td": _SPANS,
    "th": _SPANS | {"scope"},
}
SCHEMES = frozenset({"http", "https", "mailto"})
# Around the number of what is no raw HTML between two pieces of it; private, so in no text.
_OPEN, _SHUT = "\ue000", "\ue001"
LONGEST = 20_000  # characters
_UNFINISHED = re.compile(r"</?[a-zA-Z][^<>]*<")
_NO_TEXT = re.compile(rf"[{_OPEN}{_SHUT}\ud800-\udfff]")
_HOLES = re.compile(rf"<div>{_OPEN}(\d+){_SHUT}</div>|{_OPEN}(\d+){_SHUT}")
_INSTEAD = {
    "img": "a picture is `![what it shows](path)`",
    "script": "what runs belongs into a file that html_js_files in _config.yml names",
    "style": "the look belongs into a file that html_css_files in _config.yml names",
}
_ADVICE = (
    "write it in Markdown, or with a few elements of plain HTML (em, strong, ul, table, a href)"
)
_NOT_WHOLE = (
    "this HTML is not whole: close each element where it was opened, in the same paragraph or "
    f"between the same headings, or {_ADVICE}"
)
Token = tuple[str, ...]


def hole(number: int, *, is_block: bool) -> str:
    """What stands for the piece of this number that is no raw HTML."""
    text = f"{_OPEN}{number}{_SHUT}"
    # Parsers move this as they move any block, out of a paragraph for example.
    return f"<div>{text}</div>" if is_block else text


def between_holes(html: str) -> Iterator[str | int]:
    """The HTML piece by piece, and the numbers of its holes."""
    at = 0
    for found in _HOLES.finditer(html):
        yield html[at : found.start()]
        yield int(found[1] or found[2])
        at = found.end()
    yield html[at:]


def cleaned(html: str) -> str:
    """The HTML without anything that pages do not take; comments are left out."""
    return nh3.clean(
        html,
        tags=set(ELEMENTS),
        attributes={name: set(attributes) for name, attributes in ATTRIBUTES.items()},
        url_schemes=set(SCHEMES),
        link_rel=None,
    )


def refusal(html: str) -> str:
    """What a piece of HTML has that pages do not take, and what to do; or ""."""
    if bad := _NO_TEXT.search(html):
        return f"the character U+{ord(bad[0]):04X} is not taken in HTML; leave it out"
    # What reads it takes the square of the length for either.
    if len(html) > LONGEST:
        return f"more than {LONGEST:,} characters of HTML are not taken in a page; {_ADVICE}"
    if _UNFINISHED.search(html):
        return "a tag has no end before the next one; within an attribute write < as &lt;"
    return next(_mistakes(html), "")


def broken(html: str) -> str:
    """Why HTML, with holes for what is none, does not stay as it is when it is cleaned; or ""."""
    clean = cleaned(html)
    is_whole = _tokens(html) == _tokens(clean) and _numbers(html) == _numbers(clean)
    return next(_mistakes(html), "" if is_whole else _NOT_WHOLE)


def _mistakes(html: str) -> Iterator[str]:
    for kind, *rest in _tokens(html):
        if kind == "start" and (mistake := _mistake(*rest)):
            yield mistake
        if kind == "other":
            yield f"{rest[0]} is not taken in a page; {_ADVICE}"


def _numbers(html: str) -> list[int]:
    return [piece for piece in between_holes(html) if isinstance(piece, int)]


def _mistake(element: str, *attributes: str) -> str:
    if element not in ELEMENTS:
        return f"<{element}> is not taken in a page; {_INSTEAD.get(element, _ADVICE)}"
    known = ATTRIBUTES["*"] | ATTRIBUTES.get(element, frozenset())
    for attribute in attributes:
        name, _, value = attribute.partition("=")
        if name not in known or _OPEN in value:
            return f"the attribute {name} of <{element}> is not taken in a page; leave it out"
        if name == "href" and not is_safe(value):
            return f"the address {value[:60]!r} is not taken: {ADDRESSES}"
    return ""


ADDRESSES = "link to https://, http:// or mailto:, or to a page of the book"


def is_safe(address: str) -> bool:
    """Whether an address is relative or has a scheme of those that pages link to."""
    # Browsers pass over white space and control characters, wherever they stand.
    bare = "".join(c for c in address if c > " " and not "\x7f" <= c <= "\x9f")
    scheme, colon, _ = bare.partition(":")
    return not colon or scheme.lower() in SCHEMES or any(c in scheme for c in "/?#")


def _tokens(html: str) -> list[Token]:
    reader = _Reader()
    try:
        reader.feed(html)
        reader.close()
    except AssertionError:  # html.parser's word for a declaration that is none, as in "<![x"
        return [("other", "<![")]
    return [*reader.whole()]


class _Reader(HTMLParser):
    """Elements, attributes and texts of HTML in order, as far as they show."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._found: list[Token] = []

    def whole(self) -> Iterator[Token]:
        """The tokens; texts beside each other are one."""
        text = ""
        for token in self._found:
            if token[0] == "text":
                text += token[1]
                continue
            if text.strip():
                yield ("text", " ".join(text.split()))
            text = ""
            yield token
        if text.strip():
            yield ("text", " ".join(text.split()))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "tbody" or attrs:
            told = sorted(f"{name}={value or ''}" for name, value in attrs)
            self._found.append(("start", tag, *told))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag != "tbody":
            self._found.append(("end", tag))

    def handle_data(self, data: str) -> None:
        self._found.append(("text", data))

    def handle_decl(self, decl: str) -> None:
        self._found.append(("other", f"<!{decl}>"))

    def unknown_decl(self, data: str) -> None:
        self._found.append(("other", f"<![{data}]>"))

    def handle_pi(self, data: str) -> None:
        self._found.append(("other", f"<?{data}>"))
