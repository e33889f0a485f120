"""The built site of the small book, and what its tests look at it with."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup

BOOKS = Path(__file__).parents[1] / "books"
NOTEBOOK = "notebooks/kettles.ipynb"
TALLYBOOK = [sys.executable, "-m", "tallybook.cli.main"]


def build(book: Path) -> subprocess.CompletedProcess[str]:
    """Build a book by the command."""
    return run(book, "build")


def run(book: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Call the command for a book."""
    command = [*TALLYBOOK, "--book", str(book), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def page(book: Path, name: str) -> BeautifulSoup:
    """A page of the site of a book."""
    text = (book / "_build/html" / name).read_text(encoding="utf-8")
    return BeautifulSoup(text, "html.parser")


def spoil(book: Path, old: str, new: str) -> None:
    """Replace a text, which must stand there, in the cells of the small book's notebook."""
    path = book / NOTEBOOK
    notebook = nbformat.read(path, as_version=4)
    assert any(old in cell.source for cell in notebook.cells)
    for cell in notebook.cells:
        cell.source = cell.source.replace(old, new)
    nbformat.write(notebook, path)


@pytest.fixture(scope="session")
def built(tmp_path_factory) -> Path:
    """The small book with its site, which no test changes."""
    book = Path(shutil.copytree(BOOKS / "kettles", tmp_path_factory.mktemp("site") / "kettles"))
    result = build(book)
    assert result.returncode == 0, result.stderr
    return book


@pytest.fixture
def built_book(built, tmp_path) -> Path:
    """A copy of the built small book, to change."""
    return Path(shutil.copytree(built, tmp_path / "kettles"))
