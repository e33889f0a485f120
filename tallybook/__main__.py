"""The command. It alone formats errors for a person, and decides what the exit code is.

Each part is imported by the command that needs it, so that the quick ones are quick.
"""

from __future__ import annotations

import io
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tallybook.books import find_book
from tallybook.errors import LedgerError, NotebookFailed, Problem, TallybookError, nearest

if TYPE_CHECKING:
    from tallybook.ledger import Ledger
    from tallybook.sources import Account


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--book",
    type=click.Path(path_type=Path),
    help="The book's folder; the one around the working folder if left out.",
)
@click.pass_context
def cli(context: click.Context, book: Path | None) -> None:
    """Statistics reports in which every figure comes from a ledger of sources."""
    context.obj = book


FOLDER = click.option(
    "--sources",
    "folder",
    envvar="TALLYBOOK_SOURCES",
    type=click.Path(path_type=Path),
    help="The folder of the source documents. Also: TALLYBOOK_SOURCES.",
)


@cli.command()
@FOLDER
@click.option("--ledger-only", is_flag=True, help="Leave the documents out all the same.")
@click.option("--save", is_flag=True, help="Store in data/audit.yml what became of the numerals.")
@click.pass_obj
def check(book: Path | None, folder: Path | None, *, ledger_only: bool, save: bool) -> None:
    """Check the ledger, and with --sources each document against it.

    Exits with 0 only if everything holds and no numeral of the documents is left over.
    """
    from tallybook import loading, sources  # noqa: PLC0415

    if save and (folder is None or ledger_only):
        raise click.UsageError("--save stores what is found in the documents: name --sources")
    ledger, problems = loading.inspect(find_book(book))
    accounts: dict[str, Account] = {}
    if folder is not None and not ledger_only:
        accounts, found = sources.check(ledger, folder)
        problems += found
        if save and not problems:
            sources.save(ledger, accounts)
        elif not problems:
            problems += sources.outdated(ledger, accounts)
    left_over = {name: list(account.left_over()) for name, account in accounts.items()}
    for problem in [*(p for found in left_over.values() for p in found), *problems]:
        click.echo(str(problem), err=True)
    click.echo(_summary(ledger, accounts, left_over))
    if problems:
        unsaved = " Nothing is stored until they are mended." if save else ""
        counted = _counted(len(problems), "problem")
        click.echo(f"{counted} in the ledger or its documents.{unsaved}", err=True)
    if any(left_over.values()):
        total = sum(len(found) for found in left_over.values())
        click.echo(f"{_counted(total, 'numeral')} left over: claim or dismiss each.", err=True)
    if problems or any(left_over.values()):
        raise SystemExit(1)


@cli.command(name="show")
@click.argument("wanted", metavar="[ID]", required=False)
@click.option("--measure", help="Statistics of this measure, by its id.")
@click.option("--source", help="All records of this source, in order; with others, its statistics.")
@click.option("--party", help="Statistics that this party states.")
@click.option("--period", help='Statistics over a time that overlaps this one; "unstated" too.')
@click.option("--scope", help="Statistics with these words in their scope.")
@click.option("--differences", is_flag=True, help="Pairs of one measure that do not say the same.")
@FOLDER
@click.pass_obj
def show_command(
    book: Path | None,
    /,
    wanted: str | None,
    folder: Path | None,
    *,
    differences: bool,
    **asked: str | None,
) -> None:
    """Show a record by its id, a subject by its name, or the statistics that all options fit.

    A source is shown section by section, and with its document in the order of the text; a
    statistic with what differs from it and what uses it; a recommendation, ask or criticism with
    all that it rests on, and what under it has no figure.
    """
    from tallybook import loading, questions, show, sources  # noqa: PLC0415

    ledger = loading.load(find_book(book))
    given = {name: value for name, value in asked.items() if value is not None}
    if bool(wanted) + bool(given) + differences != 1:
        raise click.UsageError("name an id or a subject, or what to look for by options")
    shows_a_source = (wanted or given.get("source")) in ledger.sources
    texts, problems = sources.read(ledger, folder) if folder and shows_a_source else ({}, [])
    if problems:
        raise LedgerError(problems)
    if wanted:
        lines = show.anything(ledger, wanted, texts)
    elif differences:
        lines = show.all_differences(ledger)
    elif set(given) == {"source"}:
        lines = show.source(ledger, given["source"], texts)
    elif set(given) == {"measure"}:
        lines = show.measure(ledger, given["measure"])
    else:
        lines = show.selection(ledger, questions.select(ledger, **given))
    for line in lines:
        click.echo(line)


NOTEBOOKS = click.argument(
    "paths", metavar="[NOTEBOOK]...", nargs=-1, type=click.Path(path_type=Path)
)


@cli.command()
@NOTEBOOKS
@click.option("--exit-code", is_flag=True, help="Exit with 1 where any is stale.")
@click.pass_obj
def status(book: Path | None, paths: tuple[Path, ...], *, exit_code: bool) -> None:
    """Say of each notebook, or of those named, whether it is fresh or stale, and why."""
    from tallybook import loading, staleness  # noqa: PLC0415

    root = find_book(book)
    ledger, problems = loading.inspect(root)
    for problem in problems:
        click.echo(str(problem), err=True)
    found = staleness.all_reasons(staleness.Today(ledger), _notebooks(root, paths))
    for path, reasons in found.items():
        name = path.relative_to(root).as_posix()
        click.echo(f"{name}: {'stale' if reasons else 'fresh'}")
        for reason in reasons:
            click.echo(f"    {reason}")
    if problems:
        click.echo(f"{_counted(len(problems), 'problem')} in the ledger.", err=True)
    if problems or (exit_code and any(found.values())):
        raise SystemExit(1)


def _notebooks(root: Path, paths: Sequence[Path]) -> list[Path]:
    """The notebooks that are named, or all of the book. Raises NotebookFailed."""
    from tallybook import notebooks  # noqa: PLC0415

    every = notebooks.paths(root)
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


@cli.command()
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
    root = find_book(book)
    _execute(root, _notebooks(root, paths), every=every, jobs=jobs, scheduler=scheduler)


def _execute(
    root: Path,
    paths: list[Path],
    *,
    every: bool = False,
    jobs: int | None = None,
    scheduler: str | None = None,
) -> None:
    from tallybook import cluster, pools, progress, runner  # noqa: PLC0415

    display = progress.Display()
    pool: AbstractContextManager[pools.Pool] = (
        cluster.connected(scheduler) if scheduler else pools.local(jobs or pools.default_jobs())
    )
    try:
        with display.shown(), pool as place:
            outcome = runner.run(root, paths, place, display, every=every)
    except KeyboardInterrupt:
        click.echo("Interrupted: what was executed is stored, the others are as before.", err=True)
        raise SystemExit(130) from None
    click.echo(
        f"{_counted(len(outcome.executed), 'notebook')} executed, {len(outcome.fresh)} fresh."
    )
    if outcome.failed:
        click.echo(f"{_counted(len(outcome.failed), 'notebook')} failed.", err=True)
        raise SystemExit(1)


@cli.command()
@JOBS
@click.pass_obj
def build(book: Path | None, *, jobs: int | None) -> None:
    """Check the ledger, execute the stale notebooks, and build the site in _build/html.

    Warnings of the build are errors. Where nothing has changed nothing is done.
    """
    from tallybook import publishing  # noqa: PLC0415

    root = find_book(book)
    index = (publishing.site(root) / "index.html").as_uri()
    if publishing.is_built(root):
        click.echo(f"Nothing has changed: open {index}")
        return
    _check_config(root)
    _execute_stale(root, jobs)
    if not publishing.build(root, publishing.with_sphinx):
        click.echo("The book is not built; what stands above is to be mended.", err=True)
        raise SystemExit(1)
    click.echo(f"The book is built: open {index}")


def _check_config(root: Path) -> None:
    from tallybook import yamltext  # noqa: PLC0415

    config, problems = yamltext.read(root / "_config.yml", "_config.yml")
    if config is not None and not isinstance(config, dict):
        problems.append(Problem("_config.yml", 1, 1, "expected settings with their values"))
    if problems:
        raise LedgerError(problems)


def _execute_stale(root: Path, jobs: int | None) -> None:
    from tallybook import loading, staleness  # noqa: PLC0415

    paths = _notebooks(root, ())
    today = staleness.Today(loading.load(root))
    try:
        are_fresh = not any(staleness.all_reasons(today, paths).values())
    except NotebookFailed:  # which is said beside what else fails
        are_fresh = False
    if not are_fresh:
        _execute(root, paths, jobs=jobs)


@cli.command()
@click.pass_obj
def schema(book: Path | None) -> None:
    """Write the JSON Schemas that editors complete and check the data files by."""
    from tallybook import schemas  # noqa: PLC0415

    folder = find_book(book) / "data" / "schema"
    try:
        folder.mkdir(exist_ok=True)
        for name, text in schemas.texts().items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise TallybookError(f"{folder}: the schemas cannot be written: {error.strerror}") from None
    click.echo(f"{len(schemas.texts())} schemas written to {folder}")


def _summary(
    ledger: Ledger, accounts: dict[str, Account], left_over: dict[str, list[Problem]]
) -> str:
    head = ("source", "records", "citations", "numerals", "claimed", "dismissed", "left over")
    rows: list[Sequence[object]] = [head]
    records: Counter[str] = Counter()
    citations: Counter[str] = Counter()
    for record in ledger.records():
        cited = [mention.source for mention in getattr(record, "cited", ())]
        records.update(set(cited))
        citations.update(cited)
    for name in ledger.sources:
        row: list[object] = [name, records[name], citations[name]]
        if account := accounts.get(name):
            claimed, dismissed = len(account.claimed), len(account.dismissed)
            row += [account.total, claimed, dismissed, len(left_over[name])]
        rows.append([*row, *["–"] * (len(head) - len(row))])
    widths = [max(len(str(row[n])) for row in rows) for n in range(len(head))]
    return "\n".join(
        "  ".join(str(cell).ljust(w) if n == 0 else str(cell).rjust(w) for n, (cell, w) in cells)
        for cells in (list(enumerate(zip(row, widths, strict=True))) for row in rows)
    )


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def main() -> None:
    """Run the command; what a person has to put right is said without a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that has no dashes still gets words
    try:
        cli(standalone_mode=True)
    except LedgerError as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
        click.echo(f"{_counted(len(error.problems), 'problem')} in the ledger.", err=True)
        sys.exit(1)
    except TallybookError as error:
        click.echo(f"tallybook: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
