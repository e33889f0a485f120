"""The commands of an author's loop: what is stale and why, execute it, build the site.

Each part is imported by the command that needs it, so that the quick ones are quick.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tallybook import files
from tallybook.errors import NotebookFailed, counted, nearest
from tallybook.files import find_book

if TYPE_CHECKING:
    from tallybook.notebooks.book import Book

NOTEBOOKS = click.argument(
    "paths", metavar="[NOTEBOOK]...", nargs=-1, type=click.Path(path_type=Path)
)


@click.command()
@NOTEBOOKS
@click.option("--exit-code", is_flag=True, help="Exit with 1 where any is stale.")
@click.pass_obj
def status(book: Path | None, paths: tuple[Path, ...], *, exit_code: bool) -> None:
    """Say of each notebook, or of those named, whether it is fresh or stale, and why."""
    from tallybook.notebooks.book import Book  # noqa: PLC0415

    opened = Book(find_book(book))
    root, problems = opened.root, opened.problems
    for problem in problems:
        click.echo(str(problem), err=True)
    found = {path: opened.reasons[path] for path in _notebooks(root, paths)}
    for path, reasons in found.items():
        name = path.relative_to(root).as_posix()
        click.echo(f"{name}: {'stale' if reasons else 'fresh'}")
        for reason in reasons:
            click.echo(f"    {reason}")
    if problems:
        click.echo(f"{counted(len(problems), 'problem')} in the ledger.", err=True)
    if problems or (exit_code and any(found.values())):
        raise SystemExit(1)


def _notebooks(root: Path, paths: Sequence[Path]) -> list[Path]:
    """The notebooks that are named, or all of the book. Raises NotebookFailed."""
    from tallybook.notebooks import stored  # noqa: PLC0415

    every = stored.paths(root)
    known = {path.resolve(): path for path in every}
    chosen = []
    for path in paths:
        found = known.get(path.resolve()) or known.get((root / path).resolve())
        if found is None:
            names = [each.relative_to(root).as_posix() for each in every]
            hint = nearest(path.as_posix(), names) or nearest(path.name, [e.name for e in every])
            raise NotebookFailed(f"{path}: no notebook of the book in {root}.{hint}")
        chosen.append(found)
    return chosen or every


JOBS = click.option(
    "--jobs", type=click.IntRange(1, 64), help="How many notebooks at a time; one a processor."
)


@click.command()
@NOTEBOOKS
@click.option("--all", "every", is_flag=True, help="Fresh ones too.")
@JOBS
@click.option("--scheduler", metavar="ADDRESS", help="Execute on the workers of a Dask cluster.")
@click.pass_obj
def run(
    book: Path | None,
    paths: tuple[Path, ...],
    *,
    every: bool,
    jobs: int | None,
    scheduler: str | None,
) -> None:
    """Execute the stale notebooks, or those named that are, and write their outputs into them."""
    if jobs and scheduler:
        raise click.UsageError("--jobs is for this machine: a cluster has its own workers")
    from tallybook.notebooks.book import Book  # noqa: PLC0415

    root = find_book(book)
    with _alone(root):
        files.sweep(root)
        chosen = _notebooks(root, paths)
        _execute(Book(root), chosen, every=every, jobs=jobs, scheduler=scheduler)


def _alone(root: Path) -> AbstractContextManager[None]:
    return files.locked(root, partial(click.echo, err=True))


def _execute(
    book: Book,
    paths: list[Path],
    *,
    every: bool = False,
    jobs: int | None = None,
    scheduler: str | None = None,
    meanwhile: Callable[[], object] = int,
) -> Book:
    """Execute notebooks of a book; the book as it is then. Ends the command where any fails."""
    from tallybook.notebooks import cluster, runner  # noqa: PLC0415

    display = runner.Display(meanwhile)
    pool: AbstractContextManager[runner.Pool] = (
        cluster.connected(scheduler) if scheduler else runner.local(jobs or runner.default_jobs())
    )
    try:
        with display.shown(), pool as place:
            outcome = runner.run(book, paths, place, display, every=every)
    except KeyboardInterrupt:
        click.echo("Interrupted: what was executed is stored, the others are as before.", err=True)
        raise SystemExit(130) from None
    click.echo(
        f"{counted(len(outcome.executed), 'notebook')} executed, {len(outcome.fresh)} fresh."
    )
    if outcome.failed:
        click.echo(f"{counted(len(outcome.failed), 'notebook')} failed.", err=True)
        raise SystemExit(1)
    return outcome.book


@click.command()
@JOBS
@click.pass_obj
def build(book: Path | None, *, jobs: int | None) -> None:
    """Check the ledger, execute the stale notebooks, build the site, audit and publish it.

    It is in _build/html then. Warnings of the build are errors. The site is the old one until the
    new one is whole. Where nothing has changed nothing is done.
    """
    from tallybook.notebooks import kernel_server  # noqa: PLC0415
    from tallybook.notebooks.book import Book  # noqa: PLC0415
    from tallybook.site import publish  # noqa: PLC0415

    root = find_book(book)
    index = (publish.site(root) / "index.html").as_uri()
    if publish.is_built(root):
        click.echo(f"Nothing has changed: open {index}")
        return
    with _alone(root):
        if publish.is_built(root):  # by the one that this one waited for
            click.echo(f"Nothing has changed: open {index}")
            return
        # Its server starts while it is found out what there is to do, and draws for pages too.
        with kernel_server.warm():
            publish.check_settings(root)
            is_built = publish.build(
                Book(root),
                publish.with_sphinx,
                prepare=lambda book: _with_fresh_notebooks(book, jobs),
                problems=_unaccounted,
            )
    if not is_built:
        click.echo("The book is not built; what stands above is to be mended.", err=True)
        raise SystemExit(1)
    click.echo(f"The book is built: open {index}")


def _unaccounted(folder: Path, book: Book) -> list[str]:
    """The faults for which a site is not published; those of the words beside figures are said."""
    from tallybook.audit import audit as outward  # noqa: PLC0415
    from tallybook.site import publish  # noqa: PLC0415

    account = outward.audit(folder, book, kept=publish.doctrees(book.root) / outward.KEPT)
    for fault in account.wording:
        click.echo(str(fault), err=True)
    return outward.refused(account)


def _with_fresh_notebooks(book: Book, jobs: int | None) -> Book:
    """The book when its stale notebooks are executed. Raises LedgerError."""
    book.refuse_problems()
    if not book.stale:
        return book
    return _execute(book, list(book.reasons), jobs=jobs, meanwhile=_import_sphinx).renewed()


def _import_sphinx() -> None:
    from tallybook.site.live import preloaded  # noqa: PLC0415

    preloaded.import_all()


@click.command()
@click.argument("site", required=False, type=click.Path(path_type=Path))
@click.pass_obj
def audit(book: Path | None, site: Path | None) -> None:
    """Account for every numeral of a built SITE, _build/html if left out.

    Exits with 0 only if each comes from the ledger.
    """
    from tallybook.audit import audit as outward  # noqa: PLC0415
    from tallybook.notebooks.book import Book  # noqa: PLC0415
    from tallybook.site import publish  # noqa: PLC0415

    root = find_book(book)
    account = outward.audit(site or publish.site(root), Book(root))
    for fault in (*account.faults, *account.wording):
        click.echo(str(fault), err=True)
    click.echo(outward.in_words(account))
    if account.faults or account.wording:
        raise SystemExit(1)


@click.command()
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0: any."
)
@JOBS
@click.option("--open", "is_opened", is_flag=True, help="Open it in the browser.")
@click.pass_obj
def live(book: Path | None, *, port: int, jobs: int | None, is_opened: bool) -> None:
    """Serve the book on this machine, and show what is saved as soon as it is.

    Stale notebooks are executed, pages built, open ones reloaded. What is wrong is shown on them
    until it is mended. Ctrl-C ends it.
    """
    from tallybook.site.live import session as live_book  # noqa: PLC0415

    live_book.work(find_book(book), port, jobs, is_opened=is_opened, problems=_unaccounted)


COMMANDS = (status, run, build, audit, live)
