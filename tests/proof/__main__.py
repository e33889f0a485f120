"""`python -m tests.proof`: make the mutants, and fail where one survives without a reason."""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

import click
from rich.console import Console
from rich.progress import Progress

from tallybook.notebooks import kernel_server, session
from tests.proof import audits, judge, of_charts, of_ledger, of_notebooks, of_outputs, report
from tests.proof.mutant import Mutant, sampled
from tests.proof.reruns import FAILS
from tests.proof.verdicts import CHECKS, Verdict, explanations, wrong

_WIDTH = 220
ROOT = Path(__file__).parent.parent.parent


@click.command()
@click.argument("parts", nargs=-1)
@click.option("--sources", type=click.Path(path_type=Path), envvar="TALLYBOOK_SOURCES",
              help="The folder of the documents. Also: TALLYBOOK_SOURCES.")  # fmt: skip
@click.option("--sample", default=0, help="So many of each kind and field, in place of all.")
@click.option("--seed", default=2018, help="Of the sample.")
@click.option("--jobs", default=2, help="How many processes.")
@click.option("--without", multiple=True, type=click.Choice(CHECKS), help="A check to leave out.")
@click.option("--quick", is_flag=True, help="Ask no further check after a catch.")
@click.option("--pages", is_flag=True, help="Build the book with what is typed, and audit it.")
@click.option("--list", "listed", is_flag=True, help="Name each survivor, not only how many.")
def main(
    parts: tuple[str, ...], sources: Path | None, sample: int, seed: int, jobs: int,
    without: tuple[str, ...], *, quick: bool, pages: bool, listed: bool,
) -> None:  # fmt: skip
    """Make every mutant, or those with all PARTS in their name, and print what became of them."""
    console = Console(highlight=False, soft_wrap=True)
    console.width = max(console.width, _WIDTH)  # of the table, wherever it is printed
    ledger = session.load(ROOT)
    makers = (of_ledger, of_notebooks, of_outputs, of_charts)
    every = [mutant for maker in makers for mutant in maker.mutants(ledger)]
    mutants = [mutant for mutant in every if all(part in str(mutant) for part in parts)]
    if sample:
        mutants = sampled(mutants, sample, Random(seed))  # noqa: S311  # a sample, and no secret
    checks = tuple(check for check in CHECKS if check not in without)
    judged = judge.Judge(ledger, sources, checks)
    with kernel_server.warm():
        found = [*_with_progress(console, judged, mutants, jobs=jobs, all_checks=not quick)]
    not_audited = _audit_pages(console, found) if pages else ""
    report.show(console, found)
    reasons = explanations()
    for reason, verdicts in report.survivors(found, reasons).items():
        console.print(f"{len(verdicts):5} {reason}", markup=False)
        for verdict in verdicts if listed or reason == "unexplained" else ():
            console.print(f"        {verdict.mutant}", markup=False)
    if not sources:
        console.print("The documents are not at hand (TALLYBOOK_SOURCES): their check is left out.")
    complaints = [*wrong(found, reasons, every=len(mutants) == len(every) and bool(sources))]
    complaints += [not_audited] if not_audited else []
    for line in complaints:
        console.print(line, markup=False)
    sys.exit(min(len(complaints), 1))


def _with_progress(
    console: Console, judged: judge.Judge, mutants: list[Mutant], *, jobs: int, all_checks: bool
) -> list[Verdict]:
    with Progress(console=console, transient=True) as bars:
        at = judge.verdicts(judged, mutants, jobs=jobs, all_checks=all_checks)
        return [*bars.track(at, total=len(mutants), description="mutants")]


def _audit_pages(console: Console, found: list[Verdict]) -> str:
    """Ask the audit of a site in which everything is typed that can be executed.

    What it does not find is shown on no page; the rule of the sources has found it. Where it finds
    nothing at all, the book was not built, and why is the answer.
    """
    typed = {verdict.mutant: verdict for verdict in found if "audit" in verdict.said}
    by_nbval = {mutant: verdict.said.get("nbval", "") for mutant, verdict in typed.items()}
    asked = [mutant for mutant, said in by_nbval.items() if FAILS not in said]
    with console.status("The book is built with what was typed, and audited"):
        said, everything = audits.by_audit(ROOT, asked)
    if asked and not any(said.values()):
        return (
            f"the pages were not audited: the book with what was typed is not built:\n{everything}"
        )
    for mutant, line in said.items():
        typed[mutant].said["audit"] = line or typed[mutant].said["audit"]
    console.print(f"typed: {len(typed)}; refused when executed: {len(typed) - len(asked)}; of the")
    console.print(
        f"{len(asked)} that are executed and stored, the audit of the pages finds all but:"
    )
    for mutant in (mutant for mutant in asked if not said[mutant]):
        console.print(f"        {mutant}", markup=False)
    return ""


if __name__ == "__main__":
    main()
