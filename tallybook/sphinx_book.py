"""What one build of the site knows, and the placeholders that stand for figures until it is known
where each is explained.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from tallybook import facts, pages
from tallybook.facts import Facts
from tallybook.ledger import Ledger


@dataclass
class Book:
    """What one build knows: the ledger, with all derived figures, and what went wrong on pages.

    `contents` are the parts of the table of contents, once all pages are read.
    """

    ledger: Ledger
    problems: list[str] = field(default_factory=list)
    contents: list[dict[str, Any]] = field(default_factory=list)

    @cached_property
    def facts(self) -> dict[str, Facts]:
        """What is to be known of every figure, by its id."""
        return facts.gather(self.ledger, pages.read(self.ledger))


BOOKS: WeakKeyDictionary[Sphinx, Book] = WeakKeyDictionary()


class FigureReference(nodes.Inline, nodes.TextElement):
    """A placeholder for a figure in prose or a table, by its id."""


class FigureLink(nodes.Inline, nodes.TextElement):
    """A link to a figure's page: its address, the figure, and the number of its note."""


def ledger_of(env: BuildEnvironment) -> Ledger:
    """The ledger of the book that is being built, derived figures included."""
    return BOOKS[env.app].ledger


def homes_of(env: BuildEnvironment) -> dict[str, set[str]]:
    """Of each record or derived figure, by its anchor, the pages that explain it."""
    if not hasattr(env, "tallybook_homes"):
        env.tallybook_homes = {}  # type: ignore[attr-defined]
    return env.tallybook_homes  # type: ignore[attr-defined, no-any-return]


def make_home(env: BuildEnvironment, anchor: str) -> bool:
    """Whether this is the place on the page that explains it; the first one is."""
    pages = homes_of(env).setdefault(anchor, set())
    is_first = env.docname not in pages
    pages.add(env.docname)
    return is_first


def home_of(env: BuildEnvironment, anchor: str) -> str | None:
    """The page to send a reader to: the one that is being read, if any, or the first by name."""
    pages = homes_of(env).get(anchor)
    if not pages:
        return None
    docname = env.temp_data.get("docname")
    return docname if docname in pages else min(pages)


def place_of(env: BuildEnvironment, source: str | None, line: int | None) -> str:
    """Where something stands, for a person: the page, and its line or its cell."""
    path = Path(source).relative_to(env.srcdir) if source else env.docname
    # MyST-NB counts lines of a notebook as ten thousand times the cell, plus the line.
    cell, line = divmod(line or 0, 10_000)
    return f"{path}, cell {cell}" if cell else f"{path}:{line}"


def reference(text: str, kind: str, wanted: str) -> FigureReference:
    """The placeholder of a source, an item or a figure, by its id."""
    node = FigureReference("", nodes.Text(text), target=f"{kind}-{wanted}")
    node["classes"] += [f"tallybook-{kind}"]
    return node


def figure_reference(ledger: Ledger, wanted: str) -> FigureReference:
    """The placeholder of a figure: its words. Raises UnknownId."""
    figure = ledger.figure(wanted)
    node = reference(figure.words, "figure", wanted)
    if figure.is_derived:
        node["classes"] += ["tallybook-derived"]
    return node
