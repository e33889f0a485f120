"""The Sphinx side of a book: roles, directives and outputs that take every number from the ledger.

At the start the ledger is loaded and the notebooks' derived figures are collected; a stale notebook
or a problem in the data ends the build there. Roles leave a placeholder with a figure's id, source
tables and published figures put the anchors of ids on their rows, and a post-transform turns each
placeholder into a link: a figure's to its page, another to the anchor. An id that nothing has is
collected with its page and cell; the build ends with all of them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.nodes import make_refnode

from tallybook.charts.drawings import Drawings
from tallybook.errors import TallybookError
from tallybook.files import files
from tallybook.notebooks import settings
from tallybook.notebooks.book import opened
from tallybook.reading import hedges
from tallybook.site import (
    build_state,
    charts,
    code,
    figure_pages,
    formulas,
    frame,
    html_input,
    layout,
    machines,
    marks,
    markup,
    messages,
    names,
    notebooks,
    outputs,
    pictures,
    search,
)
from tallybook.site.build_state import (
    BUILDS,
    Build,
    contents_of,
    known_page,
    made_pages,
    page_of_anchor,
    place_of,
    references_of,
)
from tallybook.site.figure_pages import FigureLink, FigureReference, notes_on
from tallybook.site.tables import TableRow

_JINJA = "substitution"
_FRONT_MATTER = re.compile(r"\s*---.*?^(?:---|\.\.\.)\s*$", re.DOTALL | re.MULTILINE)
_CONFLICT = re.compile(r"^<{7} \S", re.MULTILINE)
LOGGER = logging.getLogger(__name__)
_UNEXPLAINED = (
    "%r is cited, but no page says where it comes from: add ledger-sources, ledger-items or "
    "ledger-missing to a page, or tallybook.tables.dated_events to a notebook"
)


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the roles, directives and transforms to a Sphinx application."""
    messages.connect(app)
    app.add_post_transform(FigureLinks)
    build_state.connect(app)
    app.add_config_value("tallybook_frame", {}, "")
    app.add_config_value("tallybook_audit", settings.STRICT, "env")
    app.add_config_value("tallybook_licence", "", "")
    # Before Sphinx and others look at the settings.
    app.connect("config-inited", _take_settings, priority=50)
    app.connect("source-read", _refuse_jinja)
    pictures.connect(app)
    html_input.connect(app)
    formulas.connect(app)
    marks.connect(app)
    layout.connect(app)
    code.connect(app)
    app.connect("builder-inited", _open_book)
    outputs.connect(app)
    notebooks.connect(app)
    app.connect("doctree-read", _refuse_hedges)
    app.connect("doctree-read", _refuse_conflicts)
    app.connect("doctree-read", _note_page)
    names.connect(app)
    app.connect("env-updated", _refuse_problems)
    # When the labels of bibliographies are known.
    app.connect("env-updated", _pages_to_write_again, priority=600)
    figure_pages.connect(app)
    markup.connect(app)
    search.connect(app)
    # When other extensions have written their files.
    app.connect("build-finished", _finish, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True, "env_version": 5}


def _take_settings(app: Sphinx, config: Config) -> None:
    """Refuse the settings that would have no effect, and set those that the book has itself."""
    root = Path(app.srcdir)
    given = settings.read(root)
    if problems := [*frame.problems(root), *frame.unknown(config, given)]:
        raise ExtensionError("\n".join(["the book is not built:", *map(str, problems)]))
    frame.apply(config, given)
    # By default Jupyter Book evaluates what stands in double braces, as Jinja.
    config.myst_enable_extensions = {*config.myst_enable_extensions} - {_JINJA}


def _refuse_jinja(app: Sphinx, docname: str, source: list[str]) -> None:
    """A page's own settings may not bring back what the book's have not."""
    front = _FRONT_MATTER.match(source[0])
    if front and "enable_extensions" in front[0]:
        BUILDS[app].problems.append(
            f"{Path(app.env.doc2path(docname)).relative_to(app.srcdir)}:1: enable_extensions is "
            "not taken in a page; extensions of Markdown stand in _config.yml"
        )


def _open_book(app: Sphinx) -> None:
    try:
        ledger = opened(Path(app.srcdir)).published
    except TallybookError as error:
        raise ExtensionError(f"the book is not built:\n{error}") from None
    BUILDS[app] = Build(ledger, Drawings(Path(app.doctreedir, "drawings")))


def _note_page(app: Sphinx, doctree: nodes.document) -> None:
    """Keep what a page asked of the ledger, with the answers, and what it names."""
    build, page = BUILDS[app], known_page(app.env)
    asked = build.tracked.pop(app.env.docname, None)
    page.reads = asked.reads.answers(build.ledger) if asked else {}
    found = dict.fromkeys(node["target"] for node in doctree.findall(FigureReference))
    page.targets = list(found)


def _pages_to_write_again(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """The pages that show something of others that has changed: a note, an anchor, a title."""
    written: dict[str, str] = getattr(env, "tallybook_written", {})
    contents = contents_of(env) + references_of(env) + marks.numbering(env)
    names = made_pages(app, env.all_docs)
    now = {name: _digest_of_others(app, name, contents) for name in names}
    # Sphinx writes the pages of figures only where it writes a page, and no page may have read
    # what an edit of the data is of: a new figure, say, or an old id that leads to a figure.
    if env.config.root_doc in now:
        now[env.config.root_doc] += _data_digest(app)
    env.tallybook_written = now  # type: ignore[attr-defined]
    return [name for name, digest in now.items() if written.get(name) != digest]


def _data_digest(app: Sphinx) -> str:
    found = (Path(each.path) for each in files(Path(app.srcdir, "data")))
    paths = sorted(path for path in found if path.suffix == ".yml")
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in paths)).hexdigest()


def _digest_of_others(app: Sphinx, name: str, contents: str) -> str:
    targets = known_page(app.env, name).targets
    figures = [each.removeprefix("figure-") for each in targets if each.startswith("figure-")]
    explained_on = [page_of_anchor(app.env, each, name) for each in targets]
    shown = f"{contents} {explained_on} {notes_on(app, figures)}"
    return hashlib.sha256(shown.encode()).hexdigest()


def _refuse_hedges(app: Sphinx, doctree: nodes.document) -> None:
    """A figure has its own hedge, or may have none: prose puts no other before it."""
    build = BUILDS[app]
    for node in doctree.findall(FigureReference):
        kind, _, wanted = node["target"].partition("-")
        hedge = hedges.at_the_end(_text_before(node)) if kind == "figure" else None
        if hedge is None:
            continue
        figure = build.ledger.figure(wanted)
        interval = figure.quantity.interval
        if hedge[1] == "exact" and interval is not None and interval.is_point:
            continue
        place = place_of(app.env, node.source, node.line)
        build.problems.append(
            f"{place}: {hedge[0]!r} before {wanted!r} is not what it says: "
            f'"{figure.words}" has its own hedge, or none. Leave {hedge[0]!r} out'
        )


def _text_before(node: FigureReference) -> str:
    if isinstance(node.parent, TableRow):
        return node.parent.text_before(node)
    before = node.parent.children[: node.parent.index(node)]
    return before[-1].astext() if before and isinstance(before[-1], nodes.Text) else ""


def _refuse_conflicts(app: Sphinx, doctree: nodes.document) -> None:
    """What git leaves where two edits meet has both of them, and reads like any other text."""
    for text in doctree.findall(nodes.Text):
        is_code = isinstance(text.parent, nodes.FixedTextElement | nodes.literal)
        if _CONFLICT.search(text) and not is_code:
            place = place_of(app.env, text.parent.source, text.parent.line)
            BUILDS[app].problems.append(f"{place}: two edits are left here by git: keep one")


def _refuse_problems(app: Sphinx, *_: object) -> None:
    if problems := BUILDS[app].problems:
        raise ExtensionError("the book is not built:\n" + "\n".join(sorted(set(problems))))


def _finish(app: Sphinx, exception: Exception | None) -> None:
    """Write what is made of all pages, once these stand, and remove what is left over."""
    if app not in BUILDS:
        return
    if exception is None and app.builder.format == "html":
        charts.write_files(app)
        figure_pages.write_files(app)
        markup.write_files(app)
        search.write_index(app)
        layout.finish(app)
        machines.write_files(app)
        build_state.remove_leftovers(app)
        layout.write_headers(app)
    BUILDS[app].drawings.stop()


class FigureLinks(SphinxPostTransform):
    """Turn each placeholder into a link to the place that explains what it names."""

    default_priority = 8  # before references are resolved

    def run(self, **_: Any) -> None:
        """Replace the placeholders of one page; folded figures have the last numbers."""
        numbers: dict[str, int] = {}
        found = list(self.document.findall(FigureReference))
        folded = set(_in_folds(self.document))
        for node in sorted(found, key=lambda each: each in folded):
            kind, _, wanted = node["target"].partition("-")
            if kind == "figure":
                is_first = wanted not in numbers
                number = numbers.setdefault(wanted, len(numbers) + 1)
                link = self._figure(node, wanted, number, is_first)
                link["is_folded"] = node in folded
                node.replace_self(link)
                continue
            here, builder = self.env.docname, self.app.builder
            page = page_of_anchor(self.env, node["target"], here)
            shown: nodes.Element
            if page is None:
                LOGGER.warning(_UNEXPLAINED, wanted, location=node)
                shown = nodes.inline("", "", *node.children)
            else:
                shown = make_refnode(builder, here, page, node["target"], node.children)
            shown["classes"] = node["classes"]
            node.replace_self(shown)

    def _figure(
        self, node: FigureReference, wanted: str, number: int, is_first: bool
    ) -> FigureLink:
        link = FigureLink("", "", *node.children, classes=node["classes"])
        link["figure"], link["number"] = wanted, number
        builder = self.app.builder
        link["refuri"] = builder.get_relative_uri(self.env.docname, f"stat/{wanted}")
        link["ids"] = [f"cite-{wanted}"] if is_first else []
        return link


def _in_folds(document: nodes.document) -> Iterator[FigureReference]:
    """The placeholders that stand in folds, which begin and end in HTML."""
    depth = 0
    for node in document.findall():
        if isinstance(node, nodes.raw):
            depth += node.astext().count("<details") - node.astext().count("</details")
        elif depth and isinstance(node, FigureReference):
            yield node
