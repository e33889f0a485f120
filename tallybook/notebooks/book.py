"""A book as one command has it: its ledger, its notebooks, what they derive, and which are stale.

A command makes one `Book` and passes it on; no step loads the ledger again. `Book.renewed` gives
the book with what was edited since, and loads the ledger only where the data was: of that, it reads
the files that were edited.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache, cached_property, partial
from pathlib import Path

from tallybook.errors import LedgerError, NotebookFailed, Problem, StaleNotebook, nearest
from tallybook.files import PACKAGE, digest_of_states
from tallybook.ledger import consistency
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.loading import ReadFile
from tallybook.notebooks import session, staleness, stored

_HANDED_ON: dict[Path, Book] = {}


class Book:
    """The book in a folder, whose ledger is loaded and checked when this is made.

    `problems` are those of the ledger. `state` is a digest of the sizes and times of all files of
    the book, taken before any was read, so that an edit made meanwhile counts as made since.

    >>> book = Book(Path("tests/books/kettles"))
    >>> len(book.ledger.statistics), book.problems
    (6, [])
    >>> [(path.name, reasons) for path, reasons in book.reasons.items()]
    [('kettles.ipynb', ['never executed by tallybook'])]

    A page is made from `published`, which there is not while a notebook is stale:

    >>> book.published
    Traceback (most recent call last):
    tallybook.errors.StaleNotebook: notebooks/kettles.ipynb is stale: never executed by tallybook. \
To execute it: tallybook run
    """

    def __init__(self, root: Path, *, before: Book | None = None) -> None:
        self.root = root
        self._takes_stale = False
        self.state = digest_of_states([root])
        # Which notebooks are stale depends on the modules that they loaded, too.
        self._of_package = digest_of_states([PACKAGE])
        self._of_data = digest_of_states([root / "data"])
        self.ledger: Ledger
        self.problems: list[Problem]
        self._files: dict[Path, ReadFile] = before._files if before else {}
        if before and before._of_data == self._of_data:
            # The records are the same; what notebooks derive may not be.
            derived = cache(partial(stored.derived, root))
            self.ledger = replace(before.ledger, published={}, elsewhere=derived)
            self.problems = before.problems
        else:
            self.ledger, self.problems = session.inspect(root, self._files)

    def renewed(self) -> Book:
        """Return the book as it is now: this one where neither it nor the package was edited since.

        >>> book = Book(Path("tests/books/kettles"))
        >>> book.renewed() is book
        True
        """
        now = digest_of_states([self.root]), digest_of_states([PACKAGE])
        return self if now == (self.state, self._of_package) else Book(self.root, before=self)

    def notebooks(self, named: Sequence[Path] = ()) -> list[Path]:
        """Return the notebooks that are named, or all of the book.

        A path is taken from the working folder, or else from the book's.

        Raises NotebookFailed where one that is named is none of the book.

        >>> [path.name for path in Book(Path("tests/books/kettles")).notebooks()]
        ['kettles.ipynb']
        """
        every = stored.paths(self.root)
        known = {path.resolve(): path for path in every}
        chosen = []
        for path in named:
            found = known.get(path.resolve()) or known.get((self.root / path).resolve())
            if found is None:
                ways = [each.relative_to(self.root).as_posix() for each in every]
                names = [each.name for each in every]
                hint = nearest(path.as_posix(), ways) or nearest(path.name, names)
                raise NotebookFailed(f"{path}: no notebook of the book in {self.root}.{hint}")
            chosen.append(found)
        return chosen or every

    @cached_property
    def reasons(self) -> Mapping[Path, list[str]]:
        """For each notebook, the reasons why it is stale, a line each; none for a fresh one."""
        return staleness.all_reasons(staleness.Today(self.ledger), self.notebooks())

    def refuse_problems(self) -> None:
        """Raise LedgerError where the ledger has problems."""
        if self.problems:
            raise LedgerError(self.problems)

    @cached_property
    def published(self) -> Ledger:
        """The ledger with all derived figures of the notebooks, from which pages are made.

        Raises LedgerError for a problem of the data, StaleNotebook for a notebook that is not
        fresh, for a derived figure that cannot be read, and for an id that is published twice.
        """
        self.refuse_problems()
        ledger = replace(self.ledger, published={})
        none_stale: Mapping[Path, list[str]] = {path: [] for path in self.notebooks()}
        _add_derived(ledger, none_stale if self._takes_stale else self.reasons)
        _refuse_wrong_renames(ledger)
        if problems := [*consistency.wrong_changes(ledger)]:
            raise LedgerError(problems)
        return ledger

    def as_stored(self) -> Book:
        """Return this book with `published` as the notebooks store it, stale ones too.

        It is for a look at a page while others are executed: no site is published from it.

        >>> sorted(Book(Path("tests/books/kettles")).as_stored().published.published)
        []
        """
        book = copy.copy(self)
        book.__dict__.pop("published", None)
        book._takes_stale = True
        return book

    @contextmanager
    def handed_on(self) -> Iterator[None]:
        """Have `opened` return this book meanwhile, for Sphinx is told only the folder."""
        _HANDED_ON[self.root.resolve()] = self
        try:
            yield
        finally:
            del _HANDED_ON[self.root.resolve()]


def opened(root: Path) -> Book:
    """Return the book in a folder: the one that was handed on, or else a new one."""
    return _HANDED_ON.get(root.resolve()) or Book(root)


def _add_derived(ledger: Ledger, reasons_of: Mapping[Path, Sequence[str]]) -> None:
    """Add to a ledger what its book's notebooks derive. Raise StaleNotebook with all faults."""
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


def _refuse_wrong_renames(ledger: Ledger) -> None:
    """Raise LedgerError where a renamed id leads to no figure, or is still a figure's."""
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
