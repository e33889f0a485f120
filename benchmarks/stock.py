"""The stock twin of a book: its pages and notebooks in Jupyter Book, without tallybook's extension.

The notebooks' cells are the same, and give the same outputs. Our roles and directives, which stock
does not know, stand as inline code and as code blocks. That tallybook is installed beside it
neither helps nor fails stock: `benchmarks.no_plugins` hides its entry point from MyST-NB.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import nbformat

from benchmarks import books
from benchmarks.books import Book
from benchmarks.processes import CommandFailed, Ran, run, succeeded
from tallybook.notebooks import stored
from tallybook.site.markup import DIRECTIVES, ROLES

_CONFIG = """title: Stock
only_build_toc_files: true
exclude_patterns: [".*", _build]
execute: {{execute_notebooks: "{execute}", timeout: 120}}
sphinx: {{extra_extensions: [benchmarks.no_plugins]}}
"""
_OURS = re.compile(rf"\{{({'|'.join([*ROLES, *DIRECTIVES])})\}}(?= |`|\n)")


def write(root: Path, folder: Path, *, execute_notebooks: str = "auto") -> Path:
    """Write the twin of the book at `root` into a new folder.

    "auto" is stock's default: it executes what has a cell without an output, each notebook here.
    """
    books.copy(root, folder)
    config = _CONFIG.format(execute=execute_notebooks)
    (folder / "_config.yml").write_text(config, encoding="utf-8")
    for path in folder.rglob("*.md"):
        path.write_text(_plain(path.read_text(encoding="utf-8")), encoding="utf-8")
    for path in stored.paths(folder):
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                cell.source = _plain(cell.source)
        nbformat.write(notebook, path)
    return folder


def build(folder: Path, *, watched: bool = False) -> Ran:
    """Run `jupyter-book build`. Raises CommandFailed also where a notebook fails."""
    command = str(Path(sys.executable).with_name("jupyter-book"))
    ran = succeeded(run(command, "build", str(folder), watched=watched))
    if "Executing notebook failed" in ran.output:
        raise CommandFailed(ran.output)
    return ran


def edit(book: Book, folder: Path) -> str:
    """Edit a cell of the notebook that the page is made from; what the page is to show."""
    path = folder / f"{book.page}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    shown = "# Edited"
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    code[-1].source += f"\n{shown}"
    nbformat.write(notebook, path)
    return shown


def _plain(text: str) -> str:
    return _OURS.sub("", text)
