"""A Jupyter Book that has nothing to do with this package, built where it is installed."""

from __future__ import annotations

import shutil
import subprocess
import sys

import nbformat
import pytest

from tallybook.tables.table import TABLE
from tests.helpers.groups import slow

# Without the package's entry points, as where it is not installed.
WITHOUT = """
import importlib.metadata as found
own = found.Distribution.entry_points.fget
found.PathDistribution.entry_points = property(
    lambda self: found.EntryPoints(e for e in own(self) if not e.value.startswith("tallybook"))
)
"""
BUILD = """
from importlib.metadata import entry_points
print(any("tallybook" in each.value for each in entry_points(group="myst_nb.mime_renderers")))
from jupyter_book.cli.main import main
main()
"""
SETTINGS = 'title: Plain\nexecute: {execute_notebooks: "off"}\n'
CONTENTS = "format: jb-book\nroot: index\nchapters:\n  - file: shown\n"
SHOWN = {
    "frame": {"text/html": "<table><tr><td>a frame</td></tr></table>", "text/plain": "a frame"},
    "html": {"text/html": "<b>bold</b>", "text/plain": "<HTML object>"},
    "drawing": {"image/svg+xml": "<svg><title>a drawing</title></svg>", "text/plain": "drawing"},
    "table of tallybook": {TABLE: {"rows": 3}, "text/html": "<p>ours</p>", "text/plain": "ours"},
}


@pytest.fixture
def plain(tmp_path):
    cells = [
        nbformat.v4.new_code_cell(
            "show()", id=f"c{n}", outputs=[nbformat.v4.new_output("display_data", data)]
        )
        for n, data in enumerate(SHOWN.values())
    ]
    cells.insert(0, nbformat.v4.new_markdown_cell("# Shown", id="title"))
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "shown.ipynb")
    files = {"_config.yml": SETTINGS, "_toc.yml": CONTENTS, "index.md": "# Plain\n"}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def built(book, before):
    shutil.rmtree(book / "_build", ignore_errors=True)
    command = [sys.executable, "-c", before + BUILD, "build", str(book)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=book)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.splitlines()[0], (book / "_build/html/shown.html").read_text()


@slow("rebuilding")
def test_its_pages_are_the_same_to_the_byte_as_without_this_package(plain):
    is_there, text = built(plain, "")
    is_left_out, other = built(plain, WITHOUT)
    assert (is_there, is_left_out) == ("True", "False")
    assert text == other
    for shown in ("a frame", "<b>bold</b>", "<p>ours</p>", '.svg"'):
        assert shown in text
