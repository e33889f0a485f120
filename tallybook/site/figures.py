"""A page for each figure, notes on the figures of a page, and the ledger to take away.

Placeholders have become links with the number of their note; each is written with what describes
it, and the notes stand at the end of its page. The pages of figures are collected when all others
are written: one that was made from the same things before, and still is there, is passed over. At
the build's end downloads are written, and what belongs to figures that are no more is removed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from functools import partial
from html import escape
from importlib.metadata import version
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from tallybook.files import PACKAGE, write
from tallybook.site import downloads, figure_pages
from tallybook.site.build_state import (
    BOOKS,
    PLAIN,
    TARGETS,
    FigureLink,
    contents_of,
    edition_of,
    home_of,
)
from tallybook.site.figure_pages import Site, Target

Collected = tuple[str, dict[str, Any], str]
FOLDER = "stat"
_MADE = "tallybook-figures.json"


def connect(app: Sphinx) -> None:
    """Add the pages of figures and the notes on them."""
    app.add_node(FigureLink, html=(_open_link, _close_link), text=PLAIN, latex=PLAIN)
    app.connect("html-page-context", _add_notes)
    app.connect("html-collect-pages", _collect)
    app.connect("build-finished", _finish)


# Links and notes


def _open_link(translator: Any, node: FigureLink) -> None:
    given = {"href": node["refuri"], "data-note": str(node["number"])}
    given["aria-describedby"] = f"card-{node['figure']}"
    given["data-of"] = f"words:{node['figure']}"
    translator.body.append(translator.starttag(node, "a", "", CLASS="reference", **given))


def _close_link(translator: Any, _: FigureLink) -> None:
    translator.body.append("</a>")


def notes_on(app: Sphinx, shown: Iterable[str]) -> str:
    """The notes on some figures, as they stand at the end of a page."""
    book = BOOKS[app]
    return figure_pages.notes(book.ledger, [book.facts[wanted] for wanted in shown])


def _add_notes(
    app: Sphinx, _: str, __: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    links = doctree.findall(FigureLink) if doctree else ()
    if shown := dict.fromkeys(link["figure"] for link in links):
        context["body"] += notes_on(app, shown)


# The pages of figures


def _collect(app: Sphinx) -> Iterator[Collected]:
    """The pages that are not yet as they are to be."""
    if app.builder.format != "html":
        return
    shell = _shell(app)
    stored = Path(app.doctreedir, _MADE)
    before = _read(stored)
    made = {}
    for page in _pages(app):
        name, context, _ = page
        made[name] = hashlib.sha256(f"{shell}\0{sorted(context.items())}".encode()).hexdigest()
        is_there = Path(app.outdir, f"{name}.html").is_file()
        if before.get(name) != made[name] or not is_there:
            yield page
    write(stored, json.dumps(made, indent=0))


INDEX = "All figures"
_SAYS = "Every figure of the book, stated or computed here, each with a page of its own"


def _pages(app: Sphinx) -> Iterator[Collected]:
    site = _site(app)
    for wanted, facts in site.facts.items():
        figure = facts.figure
        context = {
            "title": escape(f"{figure.words} {figure.label}"),
            "body": figure_pages.figure_page(site, wanted),
            "tb_description": figure_pages.described(facts),
            "tb_of": f"described:{wanted}",
        }
        yield f"{FOLDER}/{wanted}", context, "page.html"
    index = figure_pages.index_page(site)
    context = {"title": INDEX, "body": index, "tb_description": _SAYS}
    yield f"{FOLDER}/index", context, "page.html"
    for old, renamed in site.ledger.renamed.items():
        title = f"{old} is {renamed.new} now"
        context = {"title": title, "of": f"door:{old}", "to": f"{renamed.new}.html"}
        yield f"{FOLDER}/{old}", context, "door.html"


def _site(app: Sphinx) -> Site:
    book = BOOKS[app]
    return Site(
        ledger=book.ledger,
        facts=book.facts,
        edition=edition_of(app.config),
        home=partial(home_from, app, f"{FOLDER}/index"),
        page=partial(_page, app),
    )


def home_from(app: Sphinx, seen_from: str, anchor: str) -> str:
    """The address, from a page, of what an anchor is the home of; "" where no page has it."""
    home = home_of(app.env, anchor)
    if home is None or home not in app.env.found_docs:
        return ""
    return f"{app.builder.get_relative_uri(seen_from, home)}#{anchor}"


def _page(app: Sphinx, path: str, wanted: str) -> Target:
    name = app.env.path2doc(str(Path(app.srcdir, path))) or ""
    if name not in app.env.titles:
        return Target(path, "")
    address = app.builder.get_relative_uri(f"{FOLDER}/index", name)
    is_cited = f"figure-{wanted}" in TARGETS.of(app.env).get(name, ())
    anchor = f"#cite-{wanted}" if is_cited else ""
    return Target(app.env.titles[name].astext(), f"{address}{anchor}")


def _shell(app: Sphinx) -> str:
    """A hash of what stands around the text of every page, and of what makes it."""
    env, config = app.env, app.config
    hashed = hashlib.sha256()
    for library in ("sphinx", "jinja2"):
        hashed.update(version(library).encode())
    folders = [PACKAGE, *(Path(app.confdir, name) for name in config.html_static_path)]
    for path in (path for folder in folders for path in sorted(folder.rglob("*"))):
        if path.is_file() and path.suffix != ".pyc":
            hashed.update(path.as_posix().encode() + b"\0" + path.read_bytes())
    told = [config.html_title, config.project, config.author, config.copyright, config.language]
    told += [config.html_baseurl, config.html_theme, config.html_theme_options]
    told += [config.html_css_files, config.html_js_files, config.root_doc]
    hashed.update(f"{contents_of(env)} {told}".encode())
    return hashed.hexdigest()


# What is written at the end


def _finish(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.format != "html":
        return
    book, out = BOOKS[app], Path(app.outdir)
    facts = list(book.facts.values())
    write(out / "data/ledger.json", downloads.ledger_json(book.ledger, book.facts))
    write(out / "data/ledger.csv", downloads.statistics_csv(facts))
    write(out / "data/derived.csv", downloads.derived_csv(facts))
    kept = {"index", *book.facts, *book.ledger.renamed}
    for path in (out / FOLDER).iterdir():
        if path.suffix != ".html" or path.stem not in kept:
            path.unlink()


def _read(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
