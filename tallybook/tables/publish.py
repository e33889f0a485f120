"""What a notebook shows besides charts: figures that it derived, and tables of figures.

Nothing of it changes from run to run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tallybook.errors import BadOutput
from tallybook.ledger import figures
from tallybook.ledger.fields import id_mistake
from tallybook.ledger.figures import Figure
from tallybook.ledger.ledger import Ledger
from tallybook.quantity.quantity import Quantity, require_reason
from tallybook.tables.mime import DERIVED
from tallybook.tables.table import Cell, Piece, Table, from_figure, from_ledger


@dataclass(frozen=True)
class _Derived:
    figures: Sequence[Figure]

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        text = [f"{figure.label}: {figure.words} ({figure.id})" for figure in self.figures]
        data = [figures.to_json(figure) for figure in self.figures]
        return {DERIVED: data, "text/plain": "\n".join(text)}


def publish(ledger: Ledger, derived: Mapping[str, tuple[str, Quantity]]) -> None:
    """Show derived figures, each a label and a quantity, under ids by which any page cites them.

    Raises BadOutput for an id that is no id, or that the ledger or this notebook has already.
    """
    from IPython.display import display  # noqa: PLC0415

    shown = []
    for wanted, published in derived.items():
        if not (isinstance(published, tuple) and len(published) == 2):
            raise BadOutput(f"{wanted!r} cannot be published: expected a label and a quantity")
        label, quantity = published
        if mistake := id_mistake(wanted):
            raise BadOutput(f"{wanted[:80]!r} cannot be published: {mistake}")
        if wanted in ledger.published or ledger.has(wanted):
            raise BadOutput(f"{wanted!r} cannot be published: the id is taken already")
        shown.append(figures.derived(wanted, quantity, label))
        ledger.published[wanted] = shown[-1]
    display(_Derived(shown))


def table(shown: Iterable[Figure], *, because: str = "") -> Table:
    """Figures side by side, with what sets them apart; the reason, where one is due, beneath.

    Raises ContextsDiffer where period, scope, base or condition differ and no reason is given.
    """
    shown = list(shown)
    require_reason((figure.quantity for figure in shown), because)
    rows: list[list[Cell]] = [
        [
            from_figure(figure, "label"),
            _figure_cell(figure),
            figure.party,
            from_figure(figure, "period"),
            from_figure(figure, "scope"),
        ]
        for figure in shown
    ]
    return Table(("What", "Figure", "Who says so", "Period", "Scope"), rows, note=because)


def beside_lists(ledger: Ledger, ids: Iterable[str]) -> Table:
    """Counts that are stated beside a list, each with the number and the names in the list."""
    rows: list[list[Cell]] = []
    for wanted in ids:
        figure, members = ledger.figure(wanted), ledger.statistic(wanted).members
        listed = figures.derived(f"{wanted}-listed", ledger.listed(wanted), "listed")
        names = ", ".join(members or ())
        number = from_ledger(f"listed:{wanted}", listed.words)
        rows.append([from_figure(figure, "label"), _figure_cell(figure), number, names])
    return Table(("What", "Stated", "Listed", "The list"), rows)


def source_table(ledger: Ledger, subject: str) -> Table:
    """Where each figure of a subject comes from: the home of its references on the page."""
    rows: list[list[Cell]] = []
    anchors = []
    for statistic in ledger.subject(subject):
        figure = ledger.figure(statistic.id)
        says = f", says {figure.party}. {statistic.note or ''}".rstrip()
        what: Cell = [[from_figure(figure, "label"), says]]
        when: Cell = [[from_figure(figure, "period"), "; ", from_figure(figure, "scope")]]
        for number, citation in enumerate(statistic.cited):
            where = {"source": citation.source, "text": f"{citation.source}, {citation.section}"}
            run = from_ledger(f"printed:{statistic.id}:{number}", citation.as_printed)
            printed: Cell = [["“", run, "”"]]
            is_first = number == 0
            facts = [_figure_cell(figure), what, when]
            rows.append([*(facts if is_first else ["", "", ""]), printed, where])
            anchors.append(f"figure-{statistic.id}" if is_first else "")
    columns = ("Figure", "What, and who says so", "Period; scope", "As printed", "Where")
    return Table(columns, rows, anchors)


def _figure_cell(figure: Figure) -> Piece:
    return {"figure": figure.id, "text": figure.words}
