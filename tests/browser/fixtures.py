"""The built book, and what is needed to look at it. `tests/conftest.py` takes these in."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser import checks, files, keyboard, use
from tests.browser.checks import NODE_MODULES
from tests.browser.chromium import IMPATIENCE, launched
from tests.browser.server import serving

ROOT = Path(__file__).parent.parent.parent
NO_CHROMIUM = "chromium is not installed"
NO_JAVA = "java is not installed"
NO_NODE_MODULES = "tests/node_modules is not there: npm ci --prefix tests"
_NOT_COPIED = (".*", "_build", "node_modules", "__pycache__", "*.egg-info")


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Path:
    """The site of this book, built once for all processes of a run, from a copy of the book."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent  # each process has a folder of its own in that of the run
    book, said = shared / "book-in-the-browser", shared / "book-in-the-browser.txt"
    with (shared / "book-in-the-browser.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not book.exists():
            shutil.copytree(ROOT, book, ignore=shutil.ignore_patterns(*_NOT_COPIED))
            command = [sys.executable, "-m", "tallybook.cli.main", "--book", str(book), "build"]
            result = subprocess.run(command, capture_output=True, text=True, check=False)
            said.write_text(result.stderr if result.returncode else "")
    assert not said.read_text(), said.read_text()
    return book / "_build" / "html"


@pytest.fixture(scope="module")
def address(site) -> Iterator[str]:
    """Where the site is served."""
    with serving(site) as found:
        yield found


# Not for the whole run: Playwright keeps an event loop, beside which notebooks cannot be run.
@pytest.fixture(scope="module")
def browser():
    """A browser for the tests of one file."""
    if not shutil.which("chromium"):
        pytest.skip(NO_CHROMIUM)
    if not (NODE_MODULES / "axe-core").is_dir():
        pytest.skip(NO_NODE_MODULES)
    with launched() as found:
        yield found


@pytest.fixture
def _impatient(monkeypatch):
    """What is missing is said to be after a second: for pages in which it is."""
    for module in (checks, keyboard, use):
        monkeypatch.setattr(module, "_LATER", IMPATIENCE)


@pytest.fixture
def nu():
    """The Nu HTML checker, as a function of a folder."""
    if not shutil.which("java"):
        pytest.skip(NO_JAVA)
    if not files.VNU.is_file():
        pytest.skip(NO_NODE_MODULES)
    return files.nu
