"""The ledger as a notebook asks for it: the kernel that executes it records what it reads."""

from __future__ import annotations

from contextlib import nullcontext
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from tallybook.errors import LedgerError, Problem
from tallybook.files import find_book
from tallybook.ledger import loading
from tallybook.ledger.ledger import remember
from tallybook.notebooks import display, recorder, stored

if TYPE_CHECKING:
    from tallybook.ledger.ledger import Ledger


def load(root: Path | str | None = None) -> Ledger:
    """Return the ledger of the book at `root`, or of the book around the working folder.

    Raises LedgerError with every problem in the data, BookNotFound where there is no book.

    >>> import tallybook
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> ledger.figure("stores-closed-2017").words
    'more than 1,000'
    """
    book = Path(root or recorder.book() or find_book())
    # In place of its own book's files, a kernel records what is asked of the ledger.
    with recorder.paused() if recorder.records_ledger(book) else nullcontext():
        ledger, problems = inspect(book)
    if problems:
        raise LedgerError(problems)
    display.connect()
    loaded = recorder.recording(ledger)
    remember(loaded)
    return loaded


def inspect(
    root: Path, known: dict[Path, loading.ReadFile] | None = None
) -> tuple[Ledger, list[Problem]]:
    """Return the ledger of a book with what its notebooks derive, and every problem in its data.

    `known` are files as they were read before; see `loading.inspect`.

    >>> ledger, problems = inspect(Path("tests/books/kettles"))
    >>> ledger.derived("stores-per-plant"), problems
    (None, [])
    """
    # No notebook is parsed until a derived figure is asked for.
    derived = cache(partial(stored.derived, root))
    return loading.inspect(root, elsewhere=derived, known=known)
