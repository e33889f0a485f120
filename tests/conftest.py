"""Small books to spoil, the real book, and the rule that nothing is skipped in silence."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import nbformat
import pytest
from hypothesis import HealthCheck, settings

from tallybook.ledger import coverage, loading
from tallybook.ledger.ledger import Ledger
from tallybook.notebooks import kernel_server, session
from tests.browser.fixtures import _impatient, address, browser, nu, site  # noqa: F401
from tests.helpers.addressed import addressed_book  # noqa: F401
from tests.helpers.small_site import _both, built, built_book  # noqa: F401

ROOT = Path(__file__).parent.parent
BOOKS = Path(__file__).parent / "books"
NO_DOCUMENTS = "the source documents are not at hand: TALLYBOOK_SOURCES names no folder"


# What Hypothesis takes for slow is a busy machine as a rule.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A copy of a small book in which everything holds."""
    return Path(shutil.copytree(BOOKS / "kettles", tmp_path / "kettles"))


@pytest.fixture
def ledger(book: Path) -> Ledger:
    """The ledger of the small book."""
    return session.load(book)


@pytest.fixture
def real() -> Ledger:
    """The ledger of the book of this repository."""
    return session.load(ROOT)


@pytest.fixture
def edit(book: Path) -> Callable[[str, str, str], None]:
    """Replace a text, which must stand there, in a file of the small book."""

    def replace(name: str, old: str, new: str) -> None:
        path = book / name
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} does not stand in {name}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return replace


@pytest.fixture
def add(book: Path) -> Callable[..., Path]:
    """Write a notebook of these cells into the book."""

    def write(name: str, *code: str) -> Path:
        cells = [nbformat.v4.new_code_cell(source) for source in code]
        path = book / f"notebooks/{name}.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
        return path

    return write


@pytest.fixture
def problems(book: Path) -> Callable[[], list[str]]:
    """What the check says of the small book and its documents."""

    def check() -> list[str]:
        ledger, found = loading.inspect(book)
        accounts, more = coverage.check(ledger, book / "documents")
        more += [] if found or more else coverage.outdated(ledger, accounts)
        return [str(problem) for problem in [*found, *more]]

    return check


@pytest.fixture
def documents() -> Path:
    """The folder of the real documents, which are not in this repository."""
    folder = os.environ.get("TALLYBOOK_SOURCES", "")
    if not folder:
        pytest.skip(NO_DOCUMENTS)
    return ROOT / folder


def pytest_configure(config: pytest.Config) -> None:
    """Have one server of warm kernels for all notebooks, while the workers start."""
    in_worker = hasattr(config, "workerinput")
    if not in_worker and any(Path(name).name == "notebooks" for name in config.args):
        shared = ExitStack()
        shared.enter_context(kernel_server.warm())
        config.add_cleanup(shared.close)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where NO_SKIPS is set, as in CI, a skipped test fails the run."""
    if unexcused(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:
    """Say in one line a reason what was left out."""
    for reason, count in skipped(config).items():
        terminalreporter.write_line(f"{count} left out: {reason}", yellow=True)
    if unexcused(config):
        terminalreporter.write_line("NO_SKIPS is set: this may not be left out", red=True)


def skipped(config: pytest.Config) -> Counter[str]:
    """How many tests were skipped, by reason."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    reports = reporter.stats.get("skipped", ()) if reporter else ()
    return Counter(str(report.longrepr[2]).removeprefix("Skipped: ") for report in reports)


def unexcused(config: pytest.Config) -> set[str]:
    """The reasons for which nothing may be skipped; NO_SKIPS=except-documents leaves one open."""
    wanted = os.environ.get("NO_SKIPS")
    excused = {NO_DOCUMENTS} if wanted == "except-documents" else set()
    return set(skipped(config)) - excused if wanted else set()
