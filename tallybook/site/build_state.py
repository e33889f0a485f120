"""What one build of the site knows, and the placeholders that stand for figures until it is known
where each is explained.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment

from tallybook.charts.drawings import Drawings
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.references import Reference
from tallybook.ledger.tracking import Reads, TrackedLedger, tracked
from tallybook.reading.numerals import has_numeral
from tallybook.site import figure_details, pages
from tallybook.site.figure_details import Edition, FigureDetails


@dataclass
class Book:
    """What one build knows: the ledger, with all derived figures, and what went wrong on pages.

    `tracked` is the ledger as each page asks it while it is read; `contents` are the parts of the
    table of contents, once all pages are read.
    """

    ledger: Ledger
    drawings: Drawings
    problems: list[str] = field(default_factory=list)
    tracked: dict[str, TrackedLedger] = field(default_factory=dict)
    contents: list[dict[str, Any]] = field(default_factory=list)

    @cached_property
    def details(self) -> dict[str, FigureDetails]:
        """What is to be known of every figure, by its id."""
        return figure_details.gather(self.ledger, pages.read(self.ledger))


BOOKS: WeakKeyDictionary[Sphinx, Book] = WeakKeyDictionary()


MARK = "tallybook-made"  # the attribute of what the extension made; Markdown can set none such
_Made = TypeVar("_Made", bound=nodes.Node)


class Html(nodes.raw):
    """HTML that the extension made or wrote anew; no page has other."""


def html(text: str) -> Html:
    """A node of HTML, which is written as it is."""
    return Html("", text, format="html")


def made(found: Iterable[_Made]) -> list[_Made]:
    """Nodes that the extension made, marked as such with all that is in them."""
    found = list(found)
    for node in found:
        for element in node.findall(nodes.Element):
            element[MARK] = True
    return found


class FigureReference(nodes.Inline, nodes.TextElement):
    """A placeholder for a figure in prose or a table, by its id."""


class LedgerText(nodes.Inline, nodes.TextElement):
    """A text that the ledger has under the reference `of`, which its element carries.

    Where it is an element of its own, `tag` names it.
    """


def ledger_text(of: Reference, text: str, *, classes: Sequence[str] = ()) -> nodes.Node:
    """A text of the ledger, marked with its reference where it holds a numeral."""
    if not (classes or has_numeral(text)):
        return nodes.Text(text)
    # What a document prints, and what is counted, stays as it is: no dashes of two hyphens.
    return LedgerText("", text, of=str(of), classes=list(classes), support_smartquotes=False)


def open_ledger_text(translator: Any, node: LedgerText) -> None:
    """Write the start of a marked text as HTML."""
    given = {"data-of": node["of"]}
    translator.body.append(translator.starttag(node, node.get("tag", "span"), "", **given))


def close_ledger_text(translator: Any, node: LedgerText) -> None:
    """Write its end."""
    translator.body.append(f"</{node.get('tag', 'span')}>")


def _nothing(*_: Any) -> None:
    """Other formats show the text alone."""


PLAIN = (_nothing, _nothing)


class FigureLink(nodes.Inline, nodes.TextElement):
    """A link to a figure's page: its address, the figure, and the number of its note."""


class PerPage:
    """Something that is known of each page from when it is read until it is read again."""

    def __init__(self, name: str) -> None:
        self._name = f"tallybook_{name}"

    def of(self, env: BuildEnvironment) -> dict[str, Any]:
        """What is known, by the names of pages."""
        if not hasattr(env, self._name):
            setattr(env, self._name, {})
        found: dict[str, Any] = getattr(env, self._name)
        return found

    def connect(self, app: Sphinx) -> None:
        """Forget a page that is read again, and take over what another process has read."""
        app.connect("env-purge-doc", self._forget)
        app.connect("env-merge-info", self._merge)

    def _forget(self, _: Sphinx, env: BuildEnvironment, docname: str) -> None:
        self.of(env).pop(docname, None)

    def _merge(
        self, _: Sphinx, env: BuildEnvironment, docnames: set[str], other: BuildEnvironment
    ) -> None:
        found = self.of(other)
        self.of(env).update((name, found[name]) for name in docnames if name in found)


ANCHORS = PerPage("anchors")  # the anchors of what a page explains
TARGETS = PerPage("targets")  # the anchors of what it names


def ledger_of(env: BuildEnvironment) -> Ledger:
    """The ledger, derived figures included, for the page that is being read: what is asked of it
    is noted, so that the page is read again when the answer is another.
    """
    book = BOOKS[env.app]
    if env.docname not in book.tracked:
        book.tracked[env.docname] = tracked(book.ledger, Reads())
    return book.tracked[env.docname]


def add_anchor(env: BuildEnvironment, anchor: str) -> bool:
    """Add the anchor of what a page explains. Whether it is the first such on the page."""
    anchors = ANCHORS.of(env).setdefault(env.docname, set())
    is_first = anchor not in anchors
    anchors.add(anchor)
    return is_first


def page_of_anchor(env: BuildEnvironment, anchor: str, seen_from: str = "") -> str | None:
    """The page that has an anchor: the one that is seen, if it has, or the first by name."""
    # Several pages may list the same source; a reader stays on the page that is seen.
    found = [name for name, anchors in ANCHORS.of(env).items() if anchor in anchors]
    return seen_from if seen_from in found else min(found, default=None)


def contents_of(env: BuildEnvironment) -> str:
    """A digest of the titles of all pages and of their order, which every page shows."""
    titles = sorted((name, title.astext()) for name, title in env.titles.items())
    shown = repr((titles, sorted(env.toctree_includes.items())))
    return hashlib.sha256(shown.encode()).hexdigest()


def edition_of(config: Config) -> Edition:
    """What a citation says of the book, as its settings have it."""
    return Edition.of(
        title=config.html_title or config.project,
        author=config.author,
        copyright_line=config.copyright,
        base=config.html_baseurl or "",
    )


def place_of(env: BuildEnvironment, source: str | None, line: int | None) -> str:
    """Where something stands, for a person: the page, and its line or its cell."""
    path = Path(source).relative_to(env.srcdir) if source else env.docname
    # MyST-NB counts lines of a notebook as ten thousand times the cell, plus the line.
    cell, line = divmod(line or 0, 10_000)
    return f"{path}, cell {cell}" if cell else f"{path}:{line}"


def reference(text: str, kind: str, wanted: str) -> FigureReference:
    """The placeholder of a source, an item or a figure, by its id."""
    # A figure's link carries its reference itself.
    shown = nodes.Text(text) if kind == "figure" else ledger_text(Reference(kind, wanted), text)
    node = FigureReference("", "", shown, target=f"{kind}-{wanted}")
    node["classes"] += [f"tallybook-{kind}"]
    return node


def figure_reference(ledger: Ledger, wanted: str) -> FigureReference:
    """The placeholder of a figure: its words. Raises UnknownId."""
    figure = ledger.figure(wanted)
    node = reference(figure.words, "figure", wanted)
    if figure.is_derived:
        node["classes"] += ["tallybook-derived"]
    return node
