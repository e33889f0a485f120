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
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.nodes import make_refnode

from tallybook.charts.drawings import Drawings
from tallybook.errors import TallybookError
from tallybook.files import files
from tallybook.notebooks import stored
from tallybook.notebooks.book import opened
from tallybook.reading import hedges
from tallybook.site import (
    build_state,
    charts,
    figure_pages,
    html_input,
    layout,
    markup,
    names,
    outputs,
    search,
)
from tallybook.site.build_state import (
    BUILDS,
    Build,
    contents_of,
    known_page,
    page_of_anchor,
    place_of,
)
from tallybook.site.figure_pages import FigureLink, FigureReference, notes_on

# Settings that would put text on pages, or around them, that is no page's.
_SETTINGS = dict.fromkeys(
    ("html_context", "templates_path", "html_additional_pages"), "write a page in Markdown"
) | {"myst_substitutions": "write the text where it belongs, and figures with {stat}"}
_JINJA = "substitution"
_FRONT_MATTER = re.compile(r"\s*---.*?^(?:---|\.\.\.)\s*$", re.DOTALL | re.MULTILINE)
LOGGER = logging.getLogger(__name__)
_UNEXPLAINED = (
    "%r is cited, but no page says where it comes from: add ledger-sources, ledger-items or "
    "ledger-missing to a page, or tallybook.tables.dated_events to a notebook"
)


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the roles, directives and transforms to a Sphinx application."""
    app.add_post_transform(FigureLinks)
    build_state.connect(app)
    app.connect("config-inited", _refuse_settings)
    app.connect("source-read", _refuse_jinja)
    html_input.connect(app)
    layout.connect(app)
    app.connect("builder-inited", _open_book)
    outputs.connect(app)
    app.connect("env-get-outdated", _refuse_notebooks)
    app.connect("doctree-read", _refuse_hedges)
    app.connect("doctree-read", _note_page)
    names.connect(app)
    app.connect("env-updated", _refuse_problems)
    app.connect("env-updated", _pages_to_write_again)
    figure_pages.connect(app)
    markup.connect(app)
    search.connect(app)
    # When other extensions have written their files, before what is left over is removed.
    app.connect("build-finished", _finish, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True, "env_version": 4}


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


def _refuse_notebooks(app: Sphinx, env: BuildEnvironment, *_: object) -> list[str]:
    """Of a notebook that lies elsewhere nobody would look whether it is stale."""
    ledger = BUILDS[app].ledger
    known = set(stored.paths(ledger.root))
    for path in (Path(env.doc2path(docname)) for docname in sorted(env.found_docs)):
        if path.suffix == ".ipynb" and path not in known:
            message = f"{path.relative_to(ledger.root)}: a notebook belongs into notebooks/"
            BUILDS[app].problems.append(message)
    return []


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
    contents = contents_of(env)
    now = {name: _digest_of_others(app, name, contents) for name in env.all_docs}
    # Sphinx writes the pages of figures only where it writes a page, and no page may have read
    # what an edit of the data is of: a new figure, say, or an old id that leads to a figure.
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
        before = node.parent.children[: node.parent.index(node)]
        text = before[-1].astext() if before and isinstance(before[-1], nodes.Text) else ""
        hedge = hedges.at_the_end(text) if kind == "figure" else None
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


def _refuse_problems(app: Sphinx, *_: object) -> None:
    if problems := BUILDS[app].problems:
        raise ExtensionError("the book is not built:\n" + "\n".join(sorted(set(problems))))


def _finish(app: Sphinx, exception: Exception | None) -> None:
    """Write what is made of all pages, once these stand."""
    if app not in BUILDS:
        return
    if exception is None and app.builder.format == "html":
        charts.write_files(app)
        figure_pages.write_files(app)
        markup.write_file(app)
        search.write_index(app)
        layout.finish(app)
    BUILDS[app].drawings.stop()


class FigureLinks(SphinxPostTransform):
    """Turn each placeholder into a link to the place that explains what it names."""

    default_priority = 8  # before references are resolved

    def run(self, **_: Any) -> None:
        """Replace the placeholders of one page."""
        numbers: dict[str, int] = {}
        for node in list(self.document.findall(FigureReference)):
            kind, _, wanted = node["target"].partition("-")
            if kind == "figure":
                is_first = wanted not in numbers
                number = numbers.setdefault(wanted, len(numbers) + 1)
                node.replace_self(self._figure(node, wanted, number, is_first))
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
