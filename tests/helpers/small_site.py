"""The built site of the small book, and what its tests look at it with."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup

from tests.helpers import command_server

BOOKS = Path(__file__).parents[1] / "books"
NOTEBOOK = "notebooks/kettles.ipynb"
TALLYBOOK = [sys.executable, "-m", "tallybook.cli.main"]


def build(book: Path) -> subprocess.CompletedProcess[str]:
    """Build a book by the command."""
    return run(book, "build")


def run(book: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Call the command for a book, in a process of its own that is forked."""
    return command_server.call("--book", str(book), *words)


def run_afresh(book: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Call the command for a book, in a process that imports everything itself."""
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
def _both(tmp_path_factory) -> tuple[Path, Path]:
    """The small book where it was built, and a copy of it that no test changes."""
    book = Path(shutil.copytree(BOOKS / "kettles", tmp_path_factory.mktemp("site") / "kettles"))
    result = run_afresh(book, "build")
    assert result.returncode == 0, result.stderr
    return book, Path(shutil.copytree(book, tmp_path_factory.mktemp("kept") / "kettles"))


@pytest.fixture(scope="session")
def built(_both) -> Path:
    """The small book with its site, which no test changes."""
    return _both[1]


@pytest.fixture
def built_book(_both) -> Path:
    """The small book with its site, to change.

    It stands where it was built each time: of a book that was moved Sphinx reads every page anew.
    """
    book, kept = _both
    shutil.rmtree(book)
    return Path(shutil.copytree(kept, book))
