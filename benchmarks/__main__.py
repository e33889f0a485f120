"""The command: measure the book around the working folder, and print tables."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import click

from benchmarks import browser, charts, loop, loop_table, measure, reading, table
from tallybook.files import find_book


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def cli(context: click.Context) -> None:
    """Print all tables, or one by its name."""
    if context.invoked_subcommand is None:
        for command in (ledger_table, chart_table, loop_tables):
            context.invoke(command)


@cli.command("ledger")
def ledger_table() -> None:
    """The ledger's work and the largest paint. TALLYBOOK_SOURCES names the documents' folder."""
    folder = os.environ.get("TALLYBOOK_SOURCES")
    root = find_book()
    click.echo(table.text(measure.everything(root, Path(folder) if folder else None)), nl=False)
    if shutil.which("chromium"):
        click.echo(table.paints(browser.largest_paints(root)), nl=False)


@cli.command("charts")
def chart_table() -> None:
    """Each step of a chart, and books with one and with a hundred charts."""
    root = find_book()
    measured = charts.builds(root / "tests/books/kettles")
    click.echo(charts.text(charts.steps(root), measured), nl=False)


@cli.command("loop")
@click.argument("sizes", nargs=-1, metavar="[real | NOTEBOOKS]...")
@click.option("--rounds", default=loop.ROUNDS, show_default=True, type=click.IntRange(1))
@click.option("--without-figure-pages", is_flag=True, help="Leave stat/ out of all builds.")
def loop_tables(
    sizes: tuple[str, ...] = (), rounds: int = loop.ROUNDS, *, without_figure_pages: bool = False
) -> None:
    """What an author waits for, beside stock, in the real book and in ones of so many notebooks."""
    sizes = sizes or loop.SIZES
    if unknown := [size for size in sizes if size != loop.REAL and not size.isdecimal()]:
        raise click.UsageError(f"expected {loop.REAL} or a number of notebooks, not {unknown[0]!r}")
    root, left_out = find_book(), loop.warm_up()
    measured = []
    for size in sizes:
        measured.append(
            loop.measure(root, size, rounds, left_out, figure_pages=not without_figure_pages)
        )
        click.echo(loop_table.text(measured[-1]), nl=False)
    click.echo(loop_table.growth(measured), nl=False)


@cli.command("reading")
def reading_table() -> None:
    """A megabyte of figures of each kind, and how the time grows with the text."""
    click.echo(reading.text(reading.measure()), nl=False)


@cli.command("fuzz")
@click.argument("targets", nargs=-1)
@click.option("--inputs", default=100_000, show_default=True, type=click.IntRange(10))
@click.option("--seed", default=2_018, show_default=True)
def fuzz_table(targets: tuple[str, ...], inputs: int, seed: int) -> None:
    """Hostile input for all that reads what others wrote, or for some of it by name."""
    from benchmarks import fuzz  # noqa: PLC0415  # imports Sphinx

    if unknown := [name for name in targets if name not in fuzz.TARGETS]:
        known = ", ".join(fuzz.TARGETS)
        raise click.UsageError(f"expected some of {known}; not {unknown[0]!r}")
    found = []
    for one in fuzz.runs(targets, inputs, seed):
        found.append(one)
        click.echo(" ".join(one.row()), err=True)
    click.echo(fuzz.text(found), nl=False)
    if any(one.failures for one in found):
        raise SystemExit(1)


if __name__ == "__main__":
    cli()
