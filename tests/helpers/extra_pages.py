"""A page and a notebook that a test adds to the small book."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

# One white point.
PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)


def code(source: str, *tags: str) -> Any:
    """A cell with code, which has these tags."""
    return new_code_cell(source, metadata={"tags": [*tags]})


def words(source: str) -> Any:
    """A cell of Markdown."""
    return new_markdown_cell(source)


def add(book: Path, *cells: Any, page: str = "") -> None:
    """Add notebooks/extra.ipynb with these cells behind its title, and page.md, to a book."""
    notebook = new_notebook(cells=[words("# Extra"), *cells])
    nbformat.write(notebook, book / "notebooks/extra.ipynb")
    (book / "page.md").write_text(f"# Page\n\n{page}\n", encoding="utf-8")
    with (book / "_toc.yml").open("a", encoding="utf-8") as contents:
        contents.write("  - file: notebooks/extra\n  - file: page\n")
