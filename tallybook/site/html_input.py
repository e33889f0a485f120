"""On a page only the extension writes markup of its own; other ends the build, with its place.

Raw HTML is cleaned with its neighbours, since Markdown makes a piece of each tag; addresses have
safe schemes, pictures are the book's, no class is one of the theme's. What the extension made is
told apart by a type of node, and by a mark that no Markdown can set. Nothing vanishes: an author
would take it for shown, and a reader would miss what it said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.transforms import SphinxTransform

from tallybook.site import sanitising
from tallybook.site.build_state import BOOKS, place_of

_MARK = "tallybook-made"
_OURS = re.compile(r"(?:tb|tallybook)(?:-|$)")  # classes that the theme gives a meaning
_LAYOUT = {"tb-years", "tb-year", "tb-asked", "tb-answered"}  # columns, which mean nothing more
# Settings that would put text on pages, or around them, that is no page's.
_SETTINGS = dict.fromkeys(
    ("html_context", "templates_path", "html_additional_pages"), "write a page in Markdown"
) | {"myst_substitutions": "write the text where it belongs, and figures with {stat}"}
_JINJA = "substitution"
_FRONT_MATTER = re.compile(r"\s*---.*?^(?:---|\.\.\.)\s*$", re.DOTALL | re.MULTILINE)
_Made = TypeVar("_Made", bound=nodes.Node)


class Html(nodes.raw):
    """HTML that the extension made, or cleaned; no page has other."""


def html(text: str) -> Html:
    """A node of HTML, which is written as it is."""
    return Html("", text, format="html")


def made(found: Iterable[_Made]) -> list[_Made]:
    """Nodes that the extension made, marked as such with all that is in them."""
    found = list(found)
    for node in found:
        for element in node.findall(nodes.Element):
            element[_MARK] = True
    return found


def making_role(role: Any) -> Any:
    """A role whose nodes are marked."""

    def run(*arguments: Any, **options: Any) -> tuple[list[nodes.Node], list[Any]]:
        found, messages = role(*arguments, **options)
        return made(found), messages

    return run


def making_directive(directive: type[Directive]) -> type[Directive]:
    """A directive whose nodes are marked."""

    class Marked(directive):  # type: ignore[misc, valid-type]
        def run(self) -> list[nodes.Node]:
            return made(super().run())

    return Marked


def connect(app: Sphinx) -> None:
    """Look at all that is written, and drop HTML that other extensions add behind it."""
    app.connect("config-inited", _refuse_settings)
    app.connect("source-read", _refuse_jinja)
    app.add_transform(Sanitised)
    app.connect("doctree-resolved", _drop_others, priority=950)


def _refuse_settings(_: Sphinx, config: Any) -> None:
    for name, instead in _SETTINGS.items():
        if config.overrides.get(name) or config._raw_config.get(name):
            raise ExtensionError(f"_config.yml: {name} is not taken; {instead}")
    # By default Jupyter Book evaluates what stands in double braces, as Jinja.
    config.myst_enable_extensions = {*config.myst_enable_extensions} - {_JINJA}


def _refuse_jinja(app: Sphinx, docname: str, source: list[str]) -> None:
    """A page's own settings may not bring back what the book's have not."""
    front = _FRONT_MATTER.match(source[0])
    if front and "enable_extensions" in front[0]:
        BOOKS[app].problems.append(
            f"{Path(app.env.doc2path(docname)).relative_to(app.srcdir)}:1: enable_extensions is "
            "not taken in a page; extensions of Markdown stand in _config.yml"
        )


class Sanitised(SphinxTransform):
    """Clean the raw HTML of a page that is read, and note what the page may not have."""

    default_priority = 900  # behind those that put in substitutions, and classes

    def apply(self, **_: Any) -> None:
        """Look at each element that the extension did not make."""
        for parent in {id(raw.parent): raw.parent for raw in self._raw()}.values():
            self._clean(parent)
        for element in list(self.document.findall(nodes.Element)):
            if not element.get(_MARK):
                for mistake in _mistakes(element):
                    self._refuse(element, mistake)

    def _raw(self) -> list[nodes.raw]:
        return [raw for raw in self.document.findall(nodes.raw) if _is_typed(raw)]

    def _clean(self, parent: nodes.Element) -> None:
        """Clean the raw HTML among the children of one element, as what it is together."""
        before = list(parent.children)
        typed = [child for child in before if _is_typed(child)]
        text = "".join(
            child.astext() if _is_typed(child) else _hole(number, child)
            for number, child in enumerate(before)
        )
        in_line = isinstance(parent, nodes.TextElement)
        text = f"<p>{text}</p>" if in_line else text
        found = [(raw, sanitising.refusal(raw.astext())) for raw in typed]
        mistakes = [each for each in found if each[1]] or [(typed[0], sanitising.broken(text))]
        if mistakes[0][1]:
            for raw, mistake in mistakes:
                self._refuse(raw, mistake)
            parent.children = [child for child in before if not _is_typed(child)]
            return
        clean = sanitising.cleaned(text)
        if in_line:
            clean = clean.removeprefix("<p>").removesuffix("</p>")
        parent.children = []
        for piece in sanitising.between_holes(clean):
            if isinstance(piece, int):
                parent.append(before[piece])
            elif piece:
                parent.append(html(piece))

    def _refuse(self, node: nodes.Node, mistake: str) -> None:
        path = Path(self.env.doc2path(self.env.docname))
        place = place_of(self.env, str(path), self._line(node))
        BOOKS[self.app].problems.append(f"{place}: {mistake}")

    def _line(self, wanted: nodes.Node) -> int:
        """The line of a node, or of the last one before it that has one."""
        line = 0
        for node in self.document.findall():
            line = node.line or line
            if node is wanted:
                break
        return line


def _is_typed(node: nodes.Node) -> bool:
    """Whether it is HTML that the extension neither made nor cleaned."""
    if not isinstance(node, nodes.raw) or isinstance(node, Html):
        return False
    return "html" in node.get("format", "").split()


def _hole(number: int, child: nodes.Node) -> str:
    is_block = not isinstance(child, nodes.Text | nodes.Inline | nodes.raw)
    return sanitising.hole(number, is_block=is_block)


def _mistakes(element: nodes.Element) -> Iterator[str]:
    """What an element of an author may not have."""
    for name in _classes(element):
        if _OURS.match(name) and name not in _LAYOUT:
            yield f"the class {name!r} is the theme's own; leave it out"
    if "svg" in element:
        yield "pages have no icons; leave it out"
    for address in _addresses(element):
        if not sanitising.is_safe(address):
            yield f"the address {address[:60]!r} is not taken: {sanitising.ADDRESSES}"
    if isinstance(element, nodes.image) and re.match(r"[\w+.-]*:|//", element.get("uri", "")):
        yield (
            f"the picture {element['uri'][:60]!r} is not the book's: save it in the book, and name "
            "it by its path"
        )
    if isinstance(element, nodes.meta) and "http-equiv" in element:
        yield "a page gives its readers' programs no orders: leave http-equiv out"


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
