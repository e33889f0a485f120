"""The ledger as a notebook asks for it: in a kernel that is watched, what it reads is noted."""

from __future__ import annotations

from contextlib import nullcontext
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tallybook.errors import LedgerError, Problem
from tallybook.files import find_book
from tallybook.ledger import loading
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
    with recorder.unnoted() if recorder.is_noted(book) else nullcontext():
        ledger, problems = inspect(book)
    if problems:
        raise LedgerError(problems)
    return recorder.noting(ledger)


def inspect(root: Path) -> tuple[Ledger, list[Problem]]:
    """The records of a book that hold, with what its notebooks derive, and what is wrong."""
    return loading.inspect(root, elsewhere=cache(lambda: _elsewhere(root)))


def _elsewhere(root: Path) -> dict[str, Figure]:
    with recorder.unnoted():
        return stored.derived(root, but=recorder.notebook())
