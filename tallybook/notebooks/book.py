"""A book as one command has it: its ledger, its notebooks, what they derive, and which are stale.

A command makes one `Book` and hands it on; no step opens the book again. What was edited since is
taken in by `renewed`, which reads again only what changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from tallybook.errors import LedgerError, Problem, StaleNotebook, nearest
from tallybook.files import PACKAGE, digest_of_states
from tallybook.ledger.ledger import Ledger
from tallybook.notebooks import session, staleness, stored

_HANDED_ON: dict[Path, Book] = {}


class Book:
    """The book in a folder. Its ledger is read and checked here, once.

    `problems` are those of the ledger, and `state` is a digest of the sizes and times of all files
    of the book from before any was read.
    """

    def __init__(self, root: Path, *, before: Book | None = None) -> None:
        self.root = root
        self.state = digest_of_states([root])
        # Which notebooks are stale depends on the modules that they loaded, too.
        self._of_package = digest_of_states([PACKAGE])
        self._of_data = digest_of_states([root / "data"])
        self.ledger: Ledger
        self.problems: list[Problem]
        if before and before._of_data == self._of_data:
            derived = session.derived_elsewhere(root)
            self.ledger = replace(before.ledger, published={}, elsewhere=derived)
            self.problems = before.problems
        else:
            self.ledger, self.problems = session.inspect(root)

    def renewed(self) -> Book:
        """The book as it is now: this one where neither it nor the package was edited since."""
        now = digest_of_states([self.root]), digest_of_states([PACKAGE])
        return self if now == (self.state, self._of_package) else Book(self.root, before=self)

    @cached_property
    def reasons(self) -> Mapping[Path, list[str]]:
        """Of each notebook why it is stale, each reason a line; none for a fresh one."""
        return staleness.all_reasons(staleness.Today(self.ledger), stored.paths(self.root))

    @cached_property
    def stale(self) -> list[Path]:
        """The notebooks that are stale."""
        return [path for path, reasons in self.reasons.items() if reasons]

    def refuse_problems(self) -> None:
        """Raises LedgerError where the ledger has problems."""
        if self.problems:
            raise LedgerError(self.problems)

    @cached_property
    def published(self) -> Ledger:
        """The ledger with all derived figures of the notebooks, as pages take it.

        Raises LedgerError for a problem of the data, StaleNotebook for a notebook that is not
        fresh, for a derived figure that cannot be read, and for an id that is published twice.
        """
        self.refuse_problems()
        ledger = replace(self.ledger, published={})
        _collect_derived(ledger, self.reasons)
        _refuse_lost(ledger)
        return ledger


@contextmanager
def handed_on(book: Book) -> Iterator[None]:
    """Have `opened` give this book, to what knows only its folder: the extension of Sphinx."""
    _HANDED_ON[book.root.resolve()] = book
    try:
        yield
    finally:
        del _HANDED_ON[book.root.resolve()]


def opened(root: Path) -> Book:
    """The book in a folder: the one that was handed on, or else a new one."""
    return _HANDED_ON.get(root.resolve()) or Book(root)


def _collect_derived(ledger: Ledger, reasons_of: Mapping[Path, list[str]]) -> None:
    problems: list[str] = []
    publishers: dict[str, str] = {}
    for path, reasons in reasons_of.items():
        shown = path.relative_to(ledger.root).as_posix()
        if reasons:
            problems.append(f"{shown} is stale: {'; '.join(reasons)}. To execute it: tallybook run")
            continue
        try:
            figures = stored.published(stored.load(path))
        except ValueError as error:
            problems.append(f"{shown}: a derived figure in its outputs cannot be read: {error}")
            continue
        for figure in figures:
            if figure.id in publishers or ledger.has(figure.id):
                taken = publishers.get(figure.id, "the ledger")
                problems.append(f"{shown}: publishes {figure.id!r}, which {taken} has already")
            publishers[figure.id] = shown
            ledger.published[figure.id] = figure
    if problems:
        raise StaleNotebook("\n".join(problems))


def _refuse_lost(ledger: Ledger) -> None:
    """A renamed id leads to a figure, stated or derived, and is none itself. Raises LedgerError."""
    problems = []
    for old, renamed in ledger.renamed.items():
        known = {*ledger.statistics, *ledger.published}
        if renamed.new not in known:
            hint = nearest(renamed.new, known)
            problems.append(renamed.problem(("new",), f"no figure {renamed.new!r}.{hint}"))
        if old in ledger.published:
            message = f"{old!r} is published still; one page a name"
            problems.append(renamed.problem(("old",), message))
    if problems:
        raise LedgerError(problems)
