"""The ledger as a notebook asks for it: in a kernel that is watched, what it reads is noted."""

from __future__ import annotations

from contextlib import nullcontext
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tallybook.errors import LedgerError, Problem
from tallybook.files import find_book
from tallybook.ledger import loading
from tallybook.ledger.loading import Elsewhere
from tallybook.notebooks import recorder, stored

if TYPE_CHECKING:
    from tallybook.ledger.figures import Figure
    from tallybook.ledger.ledger import Ledger


def load(root: Path | str | None = None) -> Ledger:
    """The ledger of the book at `root`, or of the book around the working folder.

    Raises LedgerError with every problem in the data, BookNotFound where there is no book.

    >>> import tallybook
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> ledger.figure("stores-closed-2017").words
    'more than 1,000'
    """
    book = Path(root) if root else find_book()
    # In a kernel that is watched the ledger notes what is asked of it, in place of its files.
    with recorder.paused() if recorder.records_ledger(book) else nullcontext():
        ledger, problems = inspect(book)
    if problems:
        raise LedgerError(problems)
    return recorder.recording(ledger)


def inspect(root: Path) -> tuple[Ledger, list[Problem]]:
    """The records of a book that hold, with what its notebooks derive, and what is wrong."""
    return loading.inspect(root, elsewhere=derived_elsewhere(root))


def derived_elsewhere(root: Path) -> Elsewhere:
    """Gives, when it is called, the figures that a book's other notebooks hold, by their ids."""

    @cache
    def derived() -> dict[str, Figure]:
        with recorder.paused():
            return stored.derived(root, but=recorder.notebook())

    return derived
