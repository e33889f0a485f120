"""How long `tallybook live` takes from an edit to the page in a browser, and until all is built.

The time runs from before the file is written until the browser has loaded the page anew and the new
words stand in it, or until the command says that the book is built.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from statistics import median
from threading import Thread
from time import perf_counter, sleep

from playwright.sync_api import Page

from benchmarks.books import Book
from benchmarks.processes import PYTHON, CommandFailed, environment, run
from tests.browser.chromium import State, launched, looking

_EDITS = 3  # of each kind
_SECONDS_TO_START = 900  # the first build is in it, of a book of any size
_SECONDS_TO_SHOW = 300
_SECONDS_OF_QUIET = 40  # no build takes longer here
_SECONDS_BETWEEN_EDITS = 1  # an author looks at the page first
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/")
_BUILT = re.compile(r": built, ")
_IS_NEW = "(words) => !window.looked && !!document.body?.textContent.includes(words)"


def why_left_out() -> str:
    """Why it cannot be measured here; nothing where it can."""
    if run(*PYTHON, "tallybook.cli.main", "live", "--help").code:
        return "there is no tallybook live yet"
    return "" if shutil.which("chromium") else "there is no Chromium"


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds until an edit is shown: of a record, of prose, of code; and until all of it is built.

    Each is the median of three edits, one of which begins a second after the last was shown.
    """

    record: float
    prose: float
    code: float
    built: float


def measure(book: Book) -> Times:
    """Edit a book in turn while a browser shows its page."""
    with (
        _served(book) as (address, built),
        launched() as browser,
        looking(browser, State()) as (page, _),
    ):
        page.goto(f"{address}{book.page}.html")
        edits = (book.edit, book.edit_prose, book.edit_code)
        shown = [[_until_shown(edit, page) for edit in edits] for _ in range(_EDITS)]
        with suppress(Empty):  # until nothing is to be built any more
            while True:
                built.get(timeout=_SECONDS_OF_QUIET)
        whole = [_until_built(book.edit, built) for _ in range(_EDITS)]
        return Times(*map(median, zip(*shown, strict=True)), median(whole))


def _until_built(edit: Callable[[], str], built: SimpleQueue[float]) -> float:
    sleep(_SECONDS_BETWEEN_EDITS)
    start = perf_counter()
    edit()
    return built.get(timeout=_SECONDS_TO_SHOW) - start


def _until_shown(edit: Callable[[], str], page: Page) -> float:
    sleep(_SECONDS_BETWEEN_EDITS)
    page.evaluate("window.looked = true")
    start = perf_counter()
    words = edit()
    page.wait_for_function(_IS_NEW, arg=words, timeout=_SECONDS_TO_SHOW * 1000)
    return perf_counter() - start


@contextmanager
def _served(book: Book) -> Iterator[tuple[str, SimpleQueue[float]]]:
    """The address that the command prints, and when it says that the book is built.

    It is ended when this is left.
    """
    process = subprocess.Popen(
        [*PYTHON, "tallybook.cli.main", "--book", str(book.root), "live", "--port", "0"],
        env=environment() | {"PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    found: SimpleQueue[str] = SimpleQueue()
    built: SimpleQueue[float] = SimpleQueue()
    Thread(target=_read, args=(process, found, built), daemon=True).start()
    try:
        yield found.get(timeout=_SECONDS_TO_START), built
    except Empty:
        raise CommandFailed("tallybook live has printed no address") from None
    finally:
        process.terminate()
        process.wait(timeout=30)


def _read(
    process: subprocess.Popen[str], found: SimpleQueue[str], built: SimpleQueue[float]
) -> None:
    """Hand over the address, and when the book was built.

    It goes on reading, so that the command never waits for its reader.
    """
    for line in process.stdout or ():
        if address := _ADDRESS.search(line):
            found.put(address[0])
        if _BUILT.search(line):
            built.put(perf_counter())
