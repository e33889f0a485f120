"""How long `tallybook live` takes from an edit of the ledger to the page in a browser.

The time runs from before the file is written until the browser has loaded the page anew and the new
words stand in it.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from threading import Thread
from time import perf_counter, sleep

from playwright.sync_api import Page

from benchmarks.books import Book
from benchmarks.processes import PYTHON, CommandFailed, environment, run
from tests.browser.chromium import State, launched, looking

EDITS = 5
_SECONDS_TO_START = 900  # the first build is in it, of a book of any size
_SECONDS_TO_SHOW = 300
_SECONDS_BETWEEN_EDITS = 1  # an author looks at the page first
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/")
_IS_NEW = "(words) => !window.looked && !!document.body?.textContent.includes(words)"


def why_left_out() -> str:
    """Why it cannot be measured here; nothing where it can."""
    if run(*PYTHON, "tallybook.cli.main", "live", "--help").code:
        return "there is no tallybook live yet"
    return "" if shutil.which("chromium") else "there is no Chromium"


def seconds(book: Book) -> list[float]:
    """Of each of five edits, the seconds until the browser shows it."""
    with (
        _served(book) as address,
        launched() as browser,
        looking(browser, State()) as (page, _),
    ):
        page.goto(f"{address}{book.page}.html")
        return [_until_shown(book, page) for _ in range(EDITS)]


def _until_shown(book: Book, page: Page) -> float:
    sleep(_SECONDS_BETWEEN_EDITS)
    page.evaluate("window.looked = true")
    start = perf_counter()
    words = book.edit()
    page.wait_for_function(_IS_NEW, arg=words, timeout=_SECONDS_TO_SHOW * 1000)
    return perf_counter() - start


@contextmanager
def _served(book: Book) -> Iterator[str]:
    """The address that the command prints; it is ended when this is left."""
    process = subprocess.Popen(
        [*PYTHON, "tallybook.cli.main", "--book", str(book.root), "live", "--port", "0"],
        env=environment() | {"PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    found: SimpleQueue[str] = SimpleQueue()
    Thread(target=_read, args=(process, found), daemon=True).start()
    try:
        yield found.get(timeout=_SECONDS_TO_START)
    except Empty:
        raise CommandFailed("tallybook live has printed no address") from None
    finally:
        process.terminate()
        process.wait(timeout=30)


def _read(process: subprocess.Popen[str], found: SimpleQueue[str]) -> None:
    """Hand the address over, and go on reading, so that the command never waits for its reader."""
    for line in process.stdout or ():
        if address := _ADDRESS.search(line):
            found.put(address[0])
