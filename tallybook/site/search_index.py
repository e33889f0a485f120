"""The site's own search: its page, and the index that is loaded when a reader searches.

Sphinx's search drops digits and does not see pages of extensions, so it is left out. The text of
each page is kept when it is read, section by section, and written with all records at the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from tallybook.files import write
from tallybook.site import figure_pages, search
from tallybook.site.build_state import BOOKS, PerPage
from tallybook.site.figures import Collected, home_from
from tallybook.site.made_of import MadeOfList
from tallybook.site.search import Section

_INDEX = "_static/search-index.js"
_ENGINE = "_static/minisearch.js"
_LEFT_OUT = (
    nodes.section, nodes.title, nodes.literal_block, nodes.raw, nodes.comment, nodes.table,
    MadeOfList,
)  # fmt: skip


def connect(app: Sphinx) -> None:
    """Replace Sphinx's search by this one."""
    app.connect("builder-inited", _without_sphinx_s)
    app.connect("doctree-read", _note_sections)
    SECTIONS.connect(app)
    app.connect("html-page-context", _add_script)
    app.connect("html-collect-pages", _page)
    app.connect("build-finished", _write_index)


def _without_sphinx_s(app: Sphinx) -> None:
    app.builder.search = False  # type: ignore[attr-defined]


def _add_script(app: Sphinx, name: str, _: str, context: dict[str, Any], __: object) -> None:
    if name == "search":
        app.add_js_file("search.js", loading_method="defer")
        context["tb_files"] = [*context.get("tb_files", ()), "search.js"]


def _page(_: Sphinx) -> Iterator[Collected]:
    body = figure_pages.search_page(index=_INDEX, engine=_ENGINE)
    yield "search", {"title": "Search", "body": body}, "page.html"


SECTIONS = PerPage("sections")  # the titles, anchors and texts of its sections


def _note_sections(app: Sphinx, doctree: nodes.document) -> None:
    found = []
    for section in doctree.findall(nodes.section):
        title = section.next_node(nodes.title)
        name = title.astext() if title else ""
        text = "\n".join(" ".join(each.split()) for each in _texts(section))
        found.append((name, section["ids"][0], text))
    SECTIONS.of(app.env)[app.env.docname] = found


def _texts(node: nodes.Element) -> Iterator[str]:
    """The paragraphs of a section without those of the sections in it, of code and of outputs."""
    for child in node.children:
        if isinstance(child, nodes.paragraph | nodes.term):
            yield child.astext()
        elif isinstance(child, nodes.Element) and not isinstance(child, _LEFT_OUT):
            yield from _texts(child)


def _write_index(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.format != "html":
        return
    book = BOOKS[app]
    home = partial(home_from, app, "search")
    found = search.records(book.ledger, book.facts, _sections(app), home)
    write(Path(app.outdir) / _INDEX, search.as_script(found))


def _sections(app: Sphinx) -> Iterator[Section]:
    for name, sections in sorted(SECTIONS.of(app.env).items()):
        page = app.env.titles[name].astext()
        address = app.builder.get_target_uri(name)
        for title, anchor, text in sections:
            yield Section(title, page, f"{address}#{anchor}", text)
