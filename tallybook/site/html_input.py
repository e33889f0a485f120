"""What authors type becomes no markup that only the extension may write; it ends the build instead.

Raw HTML is read piece by piece, as Markdown hands it on, and written anew from what was read: the
elements and attributes that pages take, and text. Addresses have safe schemes, pictures are the
book's, no class is one of the theme's. Nodes of the extension have a mark that no Markdown can set.
Whatever else there is ends the build with its place: if it vanished, its author would think that
readers see it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape, unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, TypeVar, get_args

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform

from tallybook.charts.theme import PALETTE
from tallybook.ledger.records import PartyRole
from tallybook.site.build_state import BUILDS, ledger_of, place_of

_PHRASES = "a abbr b bdi br cite code del dfn em i ins kbd mark q s samp small strong sub sup u var"
_BLOCKS = "blockquote dd details div dl dt figcaption figure hr li ol p pre summary ul"
_TABLES = "caption table tbody td tfoot th thead tr"
_ELEMENTS = frozenset(f"{_PHRASES} {_BLOCKS} {_TABLES}".split())
_EVERYWHERE = ("lang", "title")
_SPANS = ("colspan", "rowspan")
_ATTRIBUTES = {"a": ("href",), "td": _SPANS, "th": (*_SPANS, "scope")}
_SCHEMES = ("http", "https", "mailto")
LONGEST = 20_000  # characters of one piece
# Not read by Python's html.parser: what that makes of comments and odd tags depends on its release.
_NAME, _VALUE = r"[^\s\"'<>/=]+", r"\"[^\"<]*\"|'[^'<]*'|[^\s\"'<>=`]+"
_GIVEN = re.compile(rf"(?P<name>{_NAME})(?:\s*=\s*(?P<value>{_VALUE}))?", re.ASCII)
_PART = re.compile(
    r"<!--(?:-?>|.*?--!?>)"  # a comment, as browsers find its end
    r"|<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9-]*)"
    rf"(?P<given>(?:[\s/]++{_NAME}(?:\s*+=\s*+(?:{_VALUE}))?+)*+)[\s/]*+>"
    r"|(?P<text>(?:[^<]|<(?![a-zA-Z/!?]))++)",
    re.ASCII | re.DOTALL,
)
_REFERENCE = re.compile(r"&(?:#\w+|[a-zA-Z]\w*);")
_INSTEAD = {
    "img": "a picture is `![what it shows](path)`",
    "script": "what runs belongs into a file that html_js_files in _config.yml names",
    "style": "the look belongs into a file that html_css_files in _config.yml names",
}
_ADVICE = "write it in Markdown, or with plain HTML elements (em, strong, ul, table, a href)"
_ADDRESSES = "link to https://, http:// or mailto:, or to a page of the book"
_ATTRIBUTE = "the attribute {} of <{}> is not taken in a page; leave it out"
_NO_END = "a tag has no end before the next one; within an attribute write < as &lt;"
_OURS = re.compile(r"(?:tb|tallybook)(?:-|$)")  # classes that the theme gives a meaning
_MARK = "tallybook-made"  # the attribute of what the extension made; Markdown can set none such
# What Markdown makes of tasks, and what is shown of them: nothing can be ticked here.
_TASK = '<input class="task-list-item-checkbox" {}disabled="disabled" type="checkbox">'
_TASKS = {
    _TASK.format(""): '<span role="img" aria-label="to do">☐</span>',
    _TASK.format('checked="checked" '): '<span role="img" aria-label="done">☑</span>',
}
_SIZE = re.compile(r"(?:[\d.]+(?:px|%)?)?")
_Made = TypeVar("_Made", bound=nodes.Node)
_ROLES = {f"tb-turn-{role}": role for role in get_args(PartyRole)}
# Columns, which mean nothing more, and the colours that their roles bring.
_LAYOUT = {"tb-turns", "tb-turn", *_ROLES, *(f"tb-{colour}" for colour in PALETTE)}


def connect(app: Sphinx) -> None:
    """Look at all that is written, and drop HTML that other extensions add behind it."""
    app.connect("config-inited", _be_silent_of_other_formats)
    app.add_transform(ColouredColumns)
    app.add_transform(CheckedHtml)
    app.connect("doctree-resolved", _drop_others, priority=950)


def _be_silent_of_other_formats(_: Sphinx, config: Config) -> None:
    # That ~~text~~ is struck out in HTML alone: a warning would end each build.
    config.suppress_warnings = [*config.suppress_warnings, "myst.strikethrough"]


def html(text: str) -> nodes.raw:
    """A node of HTML that the extension made or wrote anew; it is written as it is."""
    return nodes.raw("", text, format="html", **{_MARK: True})


def made(found: Iterable[_Made]) -> list[_Made]:
    """Nodes that the extension made, marked as such with all that is in them."""
    found = list(found)
    for node in found:
        for element in node.findall(nodes.Element):
            element[_MARK] = True
    return found


class NotTaken(ValueError):
    """What a piece of HTML has that pages do not take, and what to write instead."""


def checked(typed: str) -> str:
    """Return a piece of raw HTML, written anew without its comments. Raises NotTaken.

    >>> checked("<b>x</b> &amp; y<!-- z -->")
    '<b>x</b> &amp; y'
    """
    if bad := re.search("[\ud800-\udfff]", typed):
        raise NotTaken(f"the character U+{ord(bad[0]):04X} is not taken in HTML; leave it out")
    if len(typed) > LONGEST:
        raise NotTaken(f"more than {LONGEST:,} characters of HTML are not taken; {_ADVICE}")
    written, at = [], 0
    while at < len(typed):
        part = _PART.match(typed, at)
        if not part:
            raise NotTaken(_unread(typed[at:]))
        text = escape(unescape(part["text"] or ""), quote=False)
        written.append(_tag(part) if part["name"] else text)
        at = part.end()
    return "".join(written)


def whole(typed: str) -> str:
    """The same of a piece that stands outside of pages: each of its elements ends in it.

    >>> whole("A <b>draft</b>")
    'A <b>draft</b>'
    """
    html, reader = checked(typed), _Reader()
    reader.feed(html)
    reader.close()
    if reader.opened:
        raise NotTaken(f"<{reader.opened[-1]}> has no end: write </{reader.opened[-1]}>")
    return html


class _Reader(HTMLParser):
    """Keeps which elements are open, and refuses an end that none of them has."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    def handle_starttag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        if tag not in ("br", "hr"):
            self.opened.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.opened or self.opened.pop() != tag:
            raise NotTaken(f"</{tag}> ends no element here; leave it out, or end others first")


def _tag(part: re.Match[str]) -> str:
    """A tag, written so that a browser cannot read it in another way."""
    name = part["name"].lower()
    if name not in _ELEMENTS:
        raise NotTaken(f"<{name}> is not taken in a page; {_INSTEAD.get(name, _ADVICE)}")
    if part["end"]:
        return f"</{name}>"
    return f"<{name}{''.join(_attribute(name, each) for each in _GIVEN.finditer(part['given']))}>"


def _attribute(element: str, given: re.Match[str]) -> str:
    name, value = given["name"].lower(), given["value"] or ""
    if value.startswith(('"', "'")):
        value = value[1:-1]
    value = _REFERENCE.sub(lambda found: unescape(found[0]), value)
    if name not in (*_EVERYWHERE, *_ATTRIBUTES.get(element, ())):
        raise NotTaken(_ATTRIBUTE.format(name, element))
    if name == "href" and not is_safe(value):
        raise NotTaken(_unsafe(value))
    return f' {name}="{escape(value)}"'


def _unread(typed: str) -> str:
    """What is wrong with HTML that begins with no text, comment or whole tag."""
    if typed.startswith("<!--"):
        return "a comment has no end; close it with -->"
    if not re.match(r"</?[a-zA-Z]", typed):
        return f"{typed[:2]} is not taken in a page; {_ADVICE}"
    tag = re.match(r"<[^<>]*>", typed)
    return f"{tag[0][:60]} is no HTML; {_ADVICE}" if tag else _NO_END


def is_safe(address: str) -> bool:
    """Whether an address is relative or has a scheme of those that pages link to.

    >>> is_safe("page.html#part"), is_safe("https://example.org"), is_safe("javascript:x")
    (True, True, False)
    """
    # Browsers pass over white space and control characters, wherever they stand.
    shown = "".join(c for c in address if c > " " and not "\x7f" <= c <= "\x9f")
    scheme, colon, _ = shown.partition(":")
    return not colon or scheme.lower() in _SCHEMES or any(c in scheme for c in "/?#")


def _unsafe(address: str) -> str:
    return f"the address {address[:60]!r} is not taken: {_ADDRESSES}"


class CheckedHtml(SphinxTransform):
    """Write the raw HTML of a page anew, and note what the page may not have."""

    default_priority = 900  # behind those that put in substitutions, and classes

    def apply(self, **_: Any) -> None:
        """Look at each element that the extension did not make."""
        for raw in [each for each in self.document.findall(nodes.raw) if _is_typed(each)]:
            found: list[nodes.Node] = []
            try:
                found = [html(_TASKS.get(raw.astext()) or checked(raw.astext()))]
            except NotTaken as error:
                self._refuse(raw, str(error))
            raw.parent.replace(raw, found)
        for element in list(self.document.findall(nodes.Element)):
            if not element.get(_MARK):
                for mistake in _mistakes(element):
                    self._refuse(element, mistake)

    def _refuse(self, node: nodes.Node, mistake: str) -> None:
        place = place_of_node(self.env, self.document, node)
        BUILDS[self.app].problems.append(f"{place}: {mistake}")


class ColouredColumns(SphinxTransform):
    """Give each column of a role the colour of the party that has it."""

    default_priority = 870  # before Sphinx says that the page is read, with what it asked for

    def apply(self, **_: Any) -> None:
        """Add the class of the colour."""
        for element in self.document.findall(nodes.Element):
            names: list[str] = element.get("classes", [])
            for role in [_ROLES[name] for name in names if name in _ROLES]:
                names.append(f"tb-{ledger_of(self.env).colour_of_role(role)}")


def place_of_node(env: BuildEnvironment, document: nodes.document, wanted: nodes.Node) -> str:
    """Where a node of the page that is read stands, or the last one before it that has a line."""
    line, source = 0, str(env.doc2path(env.docname))
    for node in document.findall():
        if node.line:
            # Of what is included, in its own file.
            given = node.source or ""
            line, source = node.line, given if Path(given).is_relative_to(env.srcdir) else source
        if node is wanted:
            break
    # A role may have the line of a directive before it; what it stands in has its own.
    inside = wanted.parent.line if wanted.parent is not None else None
    return place_of(env, source, max(line, inside or 0))


def _is_typed(node: nodes.raw) -> bool:
    """Whether it is HTML that the extension neither made nor wrote anew."""
    return _MARK not in node and "html" in node.get("format", "").split()


def _mistakes(element: nodes.Element) -> Iterator[str]:
    """What an element of an author may not have."""
    for name in _classes(element):
        if _OURS.match(name) and name not in _LAYOUT:
            yield f"the class {name!r} is the theme's own; leave it out"
    if "svg" in element:
        yield "pages have no icons; leave it out"
    for address in _addresses(element):
        if not is_safe(address):
            yield _unsafe(address)
    if isinstance(element, nodes.image) and re.match(r"[\w+.-]*:|//", element.get("uri", "")):
        yield (
            f"the picture {element['uri'][:60]!r} is not the book's: save it in the book, and name "
            "it by its path"
        )
    yield from _sizes(element)
    if isinstance(element, nodes.meta) and "http-equiv" in element:
        yield "a page gives its readers' programs no orders: leave http-equiv out"


def _sizes(element: nodes.Element) -> Iterator[str]:
    """What is wrong with the sizes of a picture or a table; they become attributes."""
    if isinstance(element, nodes.figure) and "width" in element:
        yield "a figure has no figwidth: give its picture a width, in px or %"
    for name in ("width", "height"):
        if isinstance(element, nodes.image | nodes.table) and not _SIZE.fullmatch(
            str(element.get(name, ""))
        ):
            yield f"the {name} {element[name]!r} is not taken: write it in px or %"


def _classes(element: nodes.Element) -> Iterator[str]:
    """Its classes, and those that extensions keep for what they make of it later."""
    for name, value in element.attributes.items():
        if "class" in name:
            for each in value if isinstance(value, list) else [value]:
                yield from str(each).split()


def _addresses(element: nodes.Element) -> Iterator[str]:
    if isinstance(element, addnodes.download_reference):
        yield element["reftarget"]
    elif isinstance(element, addnodes.toctree):
        yield from (address for _, address in element["entries"])
    elif "refuri" in element:
        yield element["refuri"]


def _drop_others(_: Sphinx, doctree: nodes.document, __: str) -> None:
    """Take out what extensions put in after a page was read: nobody of the book wrote it."""
    for raw in list(doctree.findall(nodes.raw)):
        if _is_typed(raw):
            raw.parent.remove(raw)
