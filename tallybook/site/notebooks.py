"""Which notebooks are pages, and which code in pages would show what tallybook did not execute.

A notebook lies in notebooks/ as .ipynb, where `tallybook run` executes it and its record tells
whether it is stale. Anything else that MyST-NB would show as the result of code ends the build with
its place: a notebook elsewhere, code cells in Markdown, values by `glue` and `eval`, and settings
in a notebook's metadata by which MyST-NB would execute it itself.
"""

from __future__ import annotations

import glob
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from myst_nb.ext.eval import NbEvalDomain
from myst_nb.ext.glue.domain import NbGlueDomain
from myst_parser.config.main import TopmatterReadError, read_topmatter
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective, SphinxRole
from yaml import YAMLError

from tallybook.notebooks import stored
from tallybook.site.build_state import BUILDS, place_of

_OF_NOTEBOOKS = ("jupytext", "kernelspec", "mystnb", "file_format")  # in the head of a page
_CELLS = ("code-cell", "raw-cell", "nb-code")
_INSTEAD = dict.fromkeys(
    ("glue", "eval"),
    "what it shows has no source. Show a figure with {stat}, and publish one that is computed with "
    "tallybook.publish",
) | {
    "nb-download": "what a notebook stores beside its outputs has no source. Link to it where the "
    "book's files are",
    "nb-exec-table": "Jupyter Book executes no notebook of this book. Call tallybook status",
}
_DOMAINS = (NbGlueDomain, NbEvalDomain)
_REPORTED = "tallybook-code-in-markdown"  # of the page that is being read
# What a notebook's metadata may say of how its cells look.
_LOOKS = {
    "merge_streams", "remove_code_source", "remove_code_outputs", "scroll_outputs",
    "code_prompt_show", "code_prompt_hide", "number_source_lines", "output_stderr",
    "render_text_lexer", "render_error_lexer", "render_image_options", "render_figure_options",
}  # fmt: skip
_OF_MARKDOWN = ("enable_extensions", "substitutions")
_MARKDOWN = ("text/markdown", "text/x-markdown")
_IN_MARKDOWN = (
    "code in a page of Markdown is not executed. Make a notebook of the page (jupytext --to "
    "ipynb {name}), put it into notebooks/ and name it in _toc.yml"
)
_NO_CODE = ". If it has no code to execute, take {keys} out of its head"
_IN_WORDS = "{{{}}} among words is not executed: make it a cell with code of the notebook"


def connect(app: Sphinx) -> None:
    """Look for code and values that tallybook did not execute, in all that becomes a page."""
    app.connect("config-inited", _take_the_place_of_roles)
    app.connect("config-inited", _leave_out_twins)
    app.connect("source-read", _refuse_head)
    app.connect("env-get-outdated", _refuse_elsewhere)


def mistakes(notebook: stored.Notebook) -> Iterator[str]:
    """Return what of a notebook pages do not take, as sentences that say what to do.

    >>> [*mistakes({"metadata": {"mystnb": {"execution_mode": "force"}}, "cells": []})]
    ['mystnb: execution_mode in its metadata is not taken: take it out; tallybook run executes it']
    """
    metadata = notebook["metadata"]
    for name in sorted(set(_mapping(metadata, "mystnb")) - _LOOKS):
        yield (
            f"mystnb: {name} in its metadata is not taken: take it out; tallybook run executes it"
        )
    for name in _OF_MARKDOWN:
        if name in metadata or name in _mapping(metadata, "myst"):
            yield (
                f"{name} in its metadata is not taken: write the text where it belongs; extensions "
                "of Markdown stand in _config.yml"
            )
    for number, cell in enumerate(notebook["cells"], start=1):
        kind = cell.get("metadata", {}).get("format")
        if cell["cell_type"] == "raw" and kind and kind not in _MARKDOWN:
            yield (
                f"cell {number}: a raw cell of {kind} is not shown: make it one of Markdown, or "
                "take its format out of its metadata, and it is left out of the page"
            )


def _mapping(metadata: dict[str, Any], name: str) -> dict[str, Any]:
    found = metadata.get(name)
    return found if isinstance(found, dict) else {}


def _refuse_elsewhere(app: Sphinx, env: BuildEnvironment, *_: object) -> list[str]:
    """Of a notebook that lies elsewhere nobody would look whether it is stale."""
    ledger = BUILDS[app].ledger
    known = set(stored.paths(ledger.root))
    for path in (Path(env.doc2path(docname)) for docname in sorted(env.found_docs)):
        if path.suffix == ".ipynb" and path not in known:
            BUILDS[app].problems.append(
                f"{path.relative_to(ledger.root)}: a notebook belongs into notebooks/: put it "
                "there, and name it so in _toc.yml"
            )
    return []


def _leave_out_twins(app: Sphinx, config: Any) -> None:
    """Of a notebook that jupytext pairs with a text, the notebook is the page."""
    root = Path(app.srcdir)
    for path in stored.paths(root):
        twin = path.with_suffix(".md")
        if twin.is_file() and _keys_of_head(twin.read_text(encoding="utf-8", errors="replace")):
            config.exclude_patterns.append(glob.escape(twin.relative_to(root).as_posix()))


def _keys_of_head(text: str) -> list[str]:
    """What in the head of a page says that the page is a notebook."""
    try:
        head = read_topmatter(text) or {}
    except (TopmatterReadError, ValueError, YAMLError):  # MyST says so, with the place
        return []
    is_notebook = head.get("file_format") == "mystnb"
    return [
        name for name in _OF_NOTEBOOKS if name in head and (name != "file_format" or is_notebook)
    ]


def _refuse_head(app: Sphinx, docname: str, source: list[str]) -> None:
    """A head by which MyST-NB takes a page for a notebook. What follows is read as any page."""
    path = Path(app.env.doc2path(docname))
    keys = _keys_of_head(source[0]) if path.suffix == ".md" else []
    if not keys:
        return
    lines = source[0].splitlines(keepends=True)
    is_key = re.compile(rf"[{{'\"\s]*(?:{'|'.join(keys)})\b")
    number = next((n for n, line in enumerate(lines, 1) if is_key.match(line)), 1)
    name = path.relative_to(app.srcdir).as_posix()
    advice = _IN_MARKDOWN.format(name=name) + _NO_CODE.format(keys=" and ".join(keys))
    BUILDS[app].problems.append(f"{name}:{number}: {advice}")
    app.env.temp_data[_REPORTED] = True
    end = next((n for n, e in enumerate(lines[1:], 1) if e.startswith(("---", "..."))), 0)
    source[0] = "".join(["\n"] * (end + 1) + lines[end + 1 :])


def _take_the_place_of_roles(app: Sphinx, _: object) -> None:
    """Put refusals where MyST-NB has roles and directives of code, whichever was loaded first."""
    for name in _CELLS:
        app.add_directive(name, _CodeInWords, override=True)
    for name in _INSTEAD:
        app.add_role(name, _NotTaken(), override=True)
        app.add_directive(name, _BlockNotTaken, override=True)
    for domain in _DOMAINS:
        for name in domain.roles:
            app.add_role_to_domain(domain.name, name, _NotTaken(), override=True)
        for name in domain.directives:
            app.add_directive_to_domain(domain.name, name, _BlockNotTaken, override=True)


class _CodeInWords(SphinxDirective):
    """A cell with code in a page of Markdown, or in a Markdown cell of a notebook."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        path = Path(self.env.doc2path(self.env.docname))
        if path.suffix == ".ipynb":
            _refuse(self, _IN_WORDS.format(self.name))
        elif not self.env.temp_data.get(_REPORTED):
            name = path.relative_to(self.env.srcdir).as_posix()
            _refuse(self, _IN_MARKDOWN.format(name=name))
            self.env.temp_data[_REPORTED] = True  # the first of a page stands for all
        return []


class _BlockNotTaken(SphinxDirective):
    """A block that MyST-NB would fill with what code has made."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        _refuse(self, _not_taken(self.name))
        return []


class _NotTaken(SphinxRole):
    """A text that MyST-NB would take from what code has made."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        _refuse(self, _not_taken(self.name))
        return [], []


def _not_taken(name: str) -> str:
    return f"{{{name}}} is not taken: {_INSTEAD[name.partition(':')[0]]}"


def _refuse(markup: SphinxDirective | SphinxRole, why: str) -> None:
    place = place_of(markup.env, *markup.get_source_info())
    BUILDS[markup.env.app].problems.append(f"{place}: {why}")
