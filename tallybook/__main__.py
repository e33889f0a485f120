"""The command. It alone formats errors for a person, and decides what the exit code is."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from tallybook import loading, sources
from tallybook.errors import LedgerError, Problem, TallybookError
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


@cli.command()
@click.option(
    "--sources",
    "folder",
    envvar="TALLYBOOK_SOURCES",
    type=click.Path(path_type=Path),
    help="The folder of the source documents, to check them too. Also: TALLYBOOK_SOURCES.",
)
@click.option("--ledger-only", is_flag=True, help="Leave the documents out all the same.")
@click.pass_obj
def check(book: Path | None, folder: Path | None, *, ledger_only: bool) -> None:
    """Check the ledger, and with --sources each document against it.

    Exits with 0 only if everything holds and no numeral of the documents is left over.
    """
    ledger, problems = loading.inspect(loading.find_book(book))
    accounts: dict[str, Account] = {}
    if folder is not None and not ledger_only:
        accounts, found = sources.check(ledger, folder)
        problems += found
    left_over = {name: list(account.left_over()) for name, account in accounts.items()}
    for problem in [*problems, *(p for found in left_over.values() for p in found)]:
        click.echo(str(problem), err=True)
    click.echo(_summary(ledger, accounts, left_over))
    if problems:
        click.echo(
            f"{_counted(len(problems), 'problem')} in the ledger or its documents.", err=True
        )
    if any(left_over.values()):
        total = sum(len(found) for found in left_over.values())
        click.echo(f"{_counted(total, 'numeral')} left over: claim or dismiss each.", err=True)
    if problems or any(left_over.values()):
        raise SystemExit(1)


def _summary(
    ledger: Ledger, accounts: dict[str, Account], left_over: dict[str, list[Problem]]
) -> str:
    head = ("source", "records", "citations", "numerals", "claimed", "dismissed", "left over")
    rows: list[Sequence[object]] = [head]
    for name in ledger.sources:
        cited = [
            sum(mention.source == name for mention in getattr(record, "cited", ()))
            for record in ledger.records()
        ]
        row: list[object] = [name, sum(map(bool, cited)), sum(cited)]
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
