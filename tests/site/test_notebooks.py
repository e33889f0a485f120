"""Code and values that tallybook did not execute end the build, each with its place."""

from __future__ import annotations

import json
import shutil

import pytest

from tallybook.notebooks import stored
from tallybook.site import notebooks
from tests.helpers.small_site import BOOKS, NOTEBOOK, build, page

HEAD = """---
jupytext:
  text_representation: {format_name: myst}
kernelspec: {name: python3, display_name: Python 3}
---
"""
CELL = "```{code-cell} ipython3\n1 + 1\n```\n"
PAGES = {
    "with-a-head": f"{HEAD}# A head\n\n{CELL}\n{CELL}",
    "with-a-kernel": "---\nkernelspec: {name: python3}\n---\n# No code\n\nWords.\n",
    "of-mystnb": f"---\nfile_format: mystnb\n---\n# MyST-NB\n\n{CELL}",
    "without-a-head": f"# No head\n\n{CELL}\n:::{{code-cell}}\n2\n:::\n",
    "with-colons": "# Colons\n\n:::{code-cell}\n:tags: [hide-input]\n2\n:::\n",
    "of-another-tool": "# Another\n\n```{nb-code} python\n2\n```\n",
    "with-values": (
        "# Values\n\n{eval}`x` and {glue}`x`\n\n{glue:text}`x:.1f`\n\n```{glue:figure} x\n```\n"
    ),
    "with-downloads": "# Files\n\n{nb-download}`index.ipynb`\n\n```{nb-exec-table}\n```\n",
    "about-code": (
        f"# Syntax\n\n````md\n{CELL}````\n\n`````\n````{{nb-code}}\n````\n`````\n\n"
        "Write `` {glue}`x` `` there.\n"
    ),
    "plain": "---\ntitle: Plain\n---\n# Plain\n\nWords.\n",
}
IN_MARKDOWN = (
    "code in a page of Markdown is not executed. Make a notebook of the page (jupytext --to ipynb "
    "{0}.md), put it into notebooks/ and name it in _toc.yml"
)
NO_CODE = f"{IN_MARKDOWN}. If it has no code to execute, take {{1}} out of its head"
SAID = {
    "with-a-head.md:2": (NO_CODE, "jupytext and kernelspec"),
    "with-a-kernel.md:2": (NO_CODE, "kernelspec"),
    "of-mystnb.md:2": (NO_CODE, "file_format"),
    "without-a-head.md:3": (IN_MARKDOWN, ""),
    "with-colons.md:3": (IN_MARKDOWN, ""),
    "of-another-tool.md:3": (IN_MARKDOWN, ""),
}


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """What the build says of a book with all these pages, a line each."""
    book = shutil.copytree(BOOKS / "kettles", tmp_path_factory.mktemp("code") / "kettles")
    for name, text in PAGES.items():
        (book / f"{name}.md").write_text(text)
    toc = (book / "_toc.yml").read_text() + "".join(f"  - file: {name}\n" for name in PAGES)
    shutil.copy(book / NOTEBOOK, book / "outside.ipynb")
    (book / "_toc.yml").write_text(f"{toc}  - file: outside\n")
    path = book / NOTEBOOK
    notebook = json.loads(path.read_text())
    notebook["cells"][0]["source"].append(f"\n\n{CELL}")
    path.write_text(json.dumps(notebook))
    result = build(book)
    assert result.returncode == 1
    return result.stderr.splitlines()


@pytest.mark.parametrize("place", SAID)
def test_code_in_markdown_is_refused_at_its_line_with_what_to_do(place, said):
    name = place.partition(".")[0]
    sentence, keys = SAID[place]
    expected = f"{place}: {sentence.format(name, keys)}"
    assert [line for line in said if line.startswith(f"{name}.md")] == [expected]


def test_a_code_cell_among_the_words_of_a_notebook_is_refused_at_its_cell(said):
    assert [line for line in said if line.startswith(NOTEBOOK)] == [
        f"{NOTEBOOK}, cell 1: {{code-cell}} among words is not executed: make it a cell with code "
        "of the notebook"
    ]


def test_a_notebook_elsewhere_is_refused_at_once_with_the_others(said):
    assert "outside.ipynb: a notebook belongs into notebooks/: put it there" in "\n".join(said)


@pytest.mark.parametrize(
    ("line", "name"),
    [(3, "eval"), (3, "glue"), (5, "glue:text"), (7, "glue:figure")],
)
def test_values_of_code_are_refused_with_what_to_do(line, name, said):
    assert (
        f"with-values.md:{line}: {{{name}}} is not taken: what it shows has no source. Show a "
        "figure with {stat}, and publish one that is computed with tallybook.publish"
    ) in said


def test_what_would_tell_of_executions_is_refused(said):
    found = [line for line in said if line.startswith("with-downloads")]
    assert [line.partition(" is not taken")[0] for line in found] == [
        "with-downloads.md:3: {nb-download}",
        "with-downloads.md:5: {nb-exec-table}",
    ]


def test_a_page_that_only_shows_the_syntax_is_taken(said):
    assert [line for line in said if line.startswith(("about-code", "plain"))] == []


def test_a_text_that_is_paired_with_a_notebook_is_left_out(book):
    (book / "notebooks/kettles.md").write_text(f"{HEAD}# Paired\n\n{CELL}")
    result = build(book)
    assert result.returncode == 0, result.stderr
    assert page(book, "notebooks/kettles.html").h1.get_text().startswith("Kettles")


def mistakes(book, **metadata) -> list[str]:
    notebook = stored.load(book / NOTEBOOK)
    return [*notebooks.mistakes({**notebook, "metadata": metadata})]


@pytest.mark.parametrize("name", ["execution_mode", "render_plugin", "mime_priority_overrides"])
def test_metadata_by_which_another_would_execute_or_show_a_notebook_is_refused(name, book):
    assert mistakes(book, mystnb={name: "x", "scroll_outputs": True}) == [
        f"mystnb: {name} in its metadata is not taken: take it out; tallybook run executes it"
    ]


def test_metadata_that_would_put_text_on_the_page_is_refused(book):
    wanted = ["enable_extensions in its metadata is", "substitutions in its metadata is"]
    both = mistakes(book, myst={"enable_extensions": ["substitution"]}, substitutions={"a": "b"})
    assert [each.partition(" not ")[0] for each in both] == wanted
    assert mistakes(book, title="Kettles", jupytext={"formats": "ipynb,md"}) == []


def test_a_raw_cell_for_another_format_is_refused_with_its_number():
    cells = [
        {"cell_type": "raw", "metadata": {"format": kind} if kind else {}, "source": "x"}
        for kind in ("", "text/markdown", "text/html", "application/vnd.tallybook.table+json")
    ]
    found = [*notebooks.mistakes({"metadata": {}, "cells": cells})]
    assert [each.partition(" is not shown")[0] for each in found] == [
        "cell 3: a raw cell of text/html",
        "cell 4: a raw cell of application/vnd.tallybook.table+json",
    ]


def test_a_setting_of_a_notebooks_metadata_ends_the_build_before_it_has_effect(built_book):
    path = built_book / NOTEBOOK
    notebook = json.loads(path.read_text())
    notebook["metadata"]["mystnb"] = {"execution_mode": "force"}
    path.write_text(json.dumps(notebook))
    result = build(built_book)
    assert result.returncode == 1
    assert f"{NOTEBOOK}: mystnb: execution_mode in its metadata is not taken" in result.stderr
