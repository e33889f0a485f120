"""A book as its pages take it: the ledger with all derived figures, of notebooks that are fresh."""

from __future__ import annotations

from pathlib import Path

from tallybook.errors import LedgerError, StaleNotebook, nearest
from tallybook.ledger.ledger import Ledger
from tallybook.notebooks import session, staleness, stored


def open_book(root: Path) -> Ledger:
    """The ledger with what the notebooks publish.

    Raises LedgerError for a problem of the data, StaleNotebook for a notebook that is not fresh,
    for a derived figure that cannot be read, and for an id that is published twice.
    """
    ledger = session.load(root)
    _collect_derived(ledger)
    _refuse_lost(ledger)
    return ledger


def _collect_derived(ledger: Ledger) -> None:
    problems: list[str] = []
    homes: dict[str, str] = {}
    today = staleness.Today(ledger)
    paths = stored.paths(ledger.root)
    for path, reasons in staleness.all_reasons(today, paths).items():
        shown = path.relative_to(ledger.root).as_posix()
        if reasons:
            problems.append(f"{shown} is stale: {'; '.join(reasons)}. To execute it: tallybook run")
            continue
        try:
            published = stored.published(stored.load(path))
        except ValueError as error:
            problems.append(f"{shown}: a derived figure in its outputs cannot be read: {error}")
            continue
        for figure in published:
            if figure.id in homes or ledger.has(figure.id):
                taken = homes.get(figure.id, "the ledger")
                problems.append(f"{shown}: publishes {figure.id!r}, which {taken} has already")
            homes[figure.id] = shown
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
