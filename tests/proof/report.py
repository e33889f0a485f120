"""What came of the mutants, in a table and, one by one, what survived."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

from tests.proof.verdicts import CHECKS, Explanation, Verdict

EQUIVALENT = "equivalent: shows and names what was shown and named"
COLUMNS = (
    "mutants",
    *(f"first {check}" for check in CHECKS),
    *(f"by {check}" for check in CHECKS),  # whether or not another has found it first
    "apart",
    "equivalent",
    "survived",
)


def counts(verdicts: Iterable[Verdict]) -> dict[tuple[str, str], Counter[str]]:
    """Of each kind and field, how many mutants there were, and what became of them.

    `by` counts what a check finds whether or not another has found it first; `asked` how many it
    was asked of.
    """
    table: dict[tuple[str, str], Counter[str]] = {}
    for verdict in verdicts:
        row = table.setdefault((verdict.mutant.kind, verdict.mutant.field), Counter())
        row["mutants"] += 1
        row[f"first {verdict.first}"] += bool(verdict.first)
        for check, said in verdict.said.items():
            row[f"by {check}"] += bool(said)
            row[f"asked {check}"] += 1
        row["apart"] += bool(verdict.apart) and not verdict.first
        row["equivalent"] += verdict.equivalent and not verdict.first
        row["survived"] += verdict.survived
    return table


def show(console: Console, verdicts: Sequence[Verdict]) -> None:
    """The table: of each kind and field the mutants, and by which check they were caught."""
    table = Table(box=None, header_style="", pad_edge=False)
    table.add_column("of", no_wrap=True)
    for column in COLUMNS:
        table.add_column(column.replace("documents", "docs"), justify="right", no_wrap=True)
    rows = counts(verdicts)
    total: Counter[str] = Counter()
    for (kind, field), row in sorted(rows.items()):
        total.update(row)
        table.add_row(f"{kind}: {field}", *_cells(row))
    table.add_row("all", *_cells(total))
    console.print(table)


def _cells(row: Counter[str]) -> list[str]:
    found = []
    for column in COLUMNS:
        asked = row[f"asked {column.removeprefix('by ')}"]
        not_asked = column.startswith("by ") and asked == 0
        of = f"/{asked}" if column.startswith("by ") and asked < row["mutants"] else ""
        found.append("–" if not_asked else f"{row[column]}{of}")
    return found


def survivors(
    verdicts: Iterable[Verdict], reasons: Sequence[Explanation]
) -> dict[str, list[Verdict]]:
    """What survived, by the reason why it may; equivalent mutants have theirs."""
    found: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        if verdict.equivalent and not verdict.first:
            found.setdefault(EQUIVALENT, []).append(verdict)
        elif verdict.survived:
            reason = next((one for one in reasons if one.explains(verdict)), None)
            found.setdefault(reason.because if reason else "unexplained", []).append(verdict)
    return found
