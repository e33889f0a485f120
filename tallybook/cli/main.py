"""The command. It alone formats errors for a person, and decides what the exit code is.

Each part is imported by the command that needs it, so that the quick ones are quick.
"""

from __future__ import annotations

import io
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tallybook import files
from tallybook.cli import build
from tallybook.errors import LedgerError, Problem, TallybookError, counted, refused
from tallybook.files import find_book
from tallybook.notebooks import session

if TYPE_CHECKING:
    from tallybook.ledger.coverage import Account
    from tallybook.ledger.ledger import Ledger


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


for command in build.COMMANDS:
    cli.add_command(command)


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
    from tallybook.ledger import coverage, loading  # noqa: PLC0415

    if save and (folder is None or ledger_only):
        raise click.UsageError("--save stores what is found in the documents: name --sources")
    ledger, problems = loading.inspect(find_book(book))
    accounts: dict[str, Account] = {}
    if folder is not None and not ledger_only:
        accounts, found = coverage.check(ledger, folder)
        problems += found
        if save and not problems:
            coverage.save(ledger, accounts)
        elif not problems:
            problems += coverage.outdated(ledger, accounts)
    left_over = {name: list(account.left_over()) for name, account in accounts.items()}
    for problem in [*(p for found in left_over.values() for p in found), *problems]:
        click.echo(str(problem), err=True)
    click.echo(_summary(ledger, accounts, left_over))
    if problems:
        unsaved = " Nothing is stored until they are mended." if save else ""
        total = counted(len(problems), "problem")
        click.echo(f"{total} in the ledger or its documents.{unsaved}", err=True)
    if any(left_over.values()):
        left = sum(len(found) for found in left_over.values())
        click.echo(f"{counted(left, 'numeral')} left over: claim or dismiss each.", err=True)
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
    from tallybook.cli import show  # noqa: PLC0415
    from tallybook.ledger import coverage, questions  # noqa: PLC0415

    ledger = session.load(find_book(book))
    given = {name: value for name, value in asked.items() if value is not None}
    if bool(wanted) + bool(given) + differences != 1:
        raise click.UsageError("name an id or a subject, or what to look for by options")
    shows_a_source = (wanted or given.get("source")) in ledger.sources
    texts, problems = coverage.read(ledger, folder) if folder and shows_a_source else ({}, [])
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


@cli.command()
@click.pass_obj
def schema(book: Path | None) -> None:
    """Write the JSON Schemas that editors complete and check the data files by."""
    from tallybook.ledger import records  # noqa: PLC0415

    folder = find_book(book) / "data" / "schema"
    try:
        folder.mkdir(exist_ok=True)
        for name, text in records.json_schemas().items():
            files.write(folder / name, text)
    except OSError as error:
        raise TallybookError(refused(error)) from None
    click.echo(f"{len(records.json_schemas())} schemas written to {folder}")


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
        click.echo(f"{counted(len(error.problems), 'problem')} in the ledger.", err=True)
        sys.exit(1)
    except TallybookError as error:
        click.echo(f"tallybook: {error}", err=True)
        sys.exit(1)
    except OSError as error:
        click.echo(f"tallybook: {refused(error)}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
