"""A book as its pages take it: the ledger with all derived figures, of notebooks that are fresh."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

from tallybook import facts, loading, notebooks, pages, staleness, yamltext
from tallybook.citing import Edition
from tallybook.errors import LedgerError, StaleNotebook, nearest
from tallybook.ledger import Ledger
from tallybook.sayings import Sayings


def open_book(root: Path) -> Ledger:
    """The ledger with what the notebooks publish.

    Raises LedgerError for a problem of the data, StaleNotebook for a notebook that is not fresh,
    for a derived figure that cannot be read, and for an id that is published twice.
    """
    ledger = loading.load(root)
    _collect_derived(ledger)
    _refuse_lost(ledger)
    return ledger


def sayings(root: Path) -> Sayings:
    """All that the pages of a book may say. Raises as `open_book` does."""
    ledger = open_book(root)
    settings = _settings(root)
    sphinx = settings.get("sphinx") or {}
    config = sphinx.get("config") or {}
    base = config.get("html_baseurl") or (settings.get("html") or {}).get("baseurl") or ""
    copyright_line = str(config.get("copyright", settings.get("copyright", "")))
    edition = Edition.of(
        title=str(config.get("html_title", settings.get("title", ""))),
        author=str(config.get("author", settings.get("author", ""))),
        copyright_line=copyright_line,
        base=str(base),
    )
    known = facts.gather(ledger, pages.read(ledger))
    return Sayings(ledger, known, edition, copyright_line)


def _settings(root: Path) -> dict[str, Any]:
    """The settings of the book, upon those that Jupyter Book gives to every book."""
    own, problems = yamltext.read(root / "_config.yml", "_config.yml")
    if problems:
        raise LedgerError(problems)
    usual = Path(str(files("jupyter_book") / "default_config.yml"))
    given, _ = yamltext.read(usual, usual.name)
    return {**(given or {}), **(own or {})}


def _collect_derived(ledger: Ledger) -> None:
    problems: list[str] = []
    homes: dict[str, str] = {}
    today = staleness.Today(ledger)
    paths = notebooks.paths(ledger.root)
    for path, reasons in staleness.all_reasons(today, paths).items():
        shown = path.relative_to(ledger.root).as_posix()
        if reasons:
            problems.append(f"{shown} is stale: {'; '.join(reasons)}. To execute it: tallybook run")
            continue
        try:
            published = notebooks.published(notebooks.load(path))
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
