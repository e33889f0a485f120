"""What the site is made of, on the pages that ask for it and in a file at its root.

A page that shows the commit is read again when that is another one; no other page is.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from tallybook.files import write
from tallybook.site import provenance
from tallybook.site.build_state import BOOKS, PLAIN, PerPage, ledger_of, reference
from tallybook.site.provenance import UNKNOWN, MadeOf

FILE = "made-of.json"
_SHOWN = PerPage("made_of")  # on pages that show it


def connect(app: Sphinx) -> None:
    """Look after the pages that show it, and write the file when all pages are."""
    app.add_node(MadeOfList, html=(_open, _close), text=PLAIN, latex=PLAIN)
    _SHOWN.connect(app)
    app.connect("env-get-outdated", _pages_to_read_again)
    app.connect("build-finished", _write_file)


class MadeOfList(nodes.General, nodes.Element):
    """The list, whose digests are no figures of the book's: its element says what they are of."""


def _open(translator: Any, _: MadeOfList) -> None:
    translator.body.append('<div class="tb-made-of" data-of="made-of:">\n')


def _close(translator: Any, _: MadeOfList) -> None:
    translator.body.append("</div>\n")


class MadeOfDirective(SphinxDirective):
    """The commit, and the SHA-256 of the lock and of each document."""

    def run(self) -> list[nodes.Node]:
        """Give the list; what is not there is said to be unknown."""
        found = provenance.made_of(ledger_of(self.env))
        _SHOWN.of(self.env)[self.env.docname] = found
        entries = [nodes.list_item("", line) for line in _lines(found, self._titles())]
        return [MadeOfList("", nodes.bullet_list("", *entries))]

    def _titles(self) -> dict[str, str]:
        return {source.id: source.title for source in ledger_of(self.env).sources.values()}


def _lines(found: MadeOf, titles: dict[str, str]) -> Iterator[nodes.paragraph]:
    edited = " and uncommitted changes" if found.commit.is_edited else ""
    yield _line([nodes.Text("Commit")], found.commit.number, edited)
    yield _line(
        [nodes.Text("Libraries ("), nodes.literal(text=provenance.LOCK), nodes.Text(")")],
        found.lock,
    )
    for name, digest in found.documents.items():
        yield _line([reference(titles[name], "source", name)], digest)


def _line(what: list[nodes.Node], digest: str, more: str = "") -> nodes.paragraph:
    is_known = digest not in ("", UNKNOWN)
    shown = nodes.literal(text=digest) if is_known else nodes.Text(UNKNOWN)
    return nodes.paragraph("", "", *what, nodes.Text(": "), shown, nodes.Text(more))


def _pages_to_read_again(app: Sphinx, env: BuildEnvironment, *_: object) -> list[str]:
    shown = _SHOWN.of(env)
    now = provenance.made_of(BOOKS[app].ledger) if shown else None
    return sorted(name for name, found in shown.items() if found != now and name in env.found_docs)


def _write_file(app: Sphinx, exception: Exception | None) -> None:
    if exception is None and app.builder.format == "html":
        write(Path(app.outdir, FILE), provenance.made_of(BOOKS[app].ledger).as_json())
