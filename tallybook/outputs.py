"""What a notebook shows besides charts: figures that it derived, and tables of figures.

Each output carries data of its own mime type, from which the book makes links and references; HTML
or text of the same for JupyterLab and GitHub; and nothing that changes from run to run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from tallybook import figures
from tallybook.errors import BadOutput
from tallybook.fields import ID
from tallybook.figures import Figure
from tallybook.ledger import Ledger
from tallybook.quantity import Quantity, require_reason

DERIVED = "application/vnd.tallybook.derived+json"
TABLE = "application/vnd.tallybook.table+json"


Cell = str | dict[str, str]


@dataclass(frozen=True)
class Table:
    """Rows of cells; a cell is text, or names what it shows: {"figure": id}, {"source": id}."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    anchors: Sequence[str] = ()  # the ids of the figures whose home each row is
    note: str = ""

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        rows = [
            [cell if isinstance(cell, dict) else {"text": cell} for cell in r] for r in self.rows
        ]
        text = [[cell["text"] for cell in row] for row in rows]
        data = {
            "columns": list(self.columns),
            "rows": rows,
            "anchors": list(self.anchors),
            "note": self.note,
        }
        return {TABLE: data, "text/html": self._html(text), "text/plain": self._plain(text)}

    def _html(self, text: list[list[str]]) -> str:
        def line(tag: str, cells: Sequence[str]) -> str:
            return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"

        body = "".join(line("td", row) for row in text)
        note = f"<p>{escape(self.note)}</p>" if self.note else ""
        return (
            f"<table><thead>{line('th', self.columns)}</thead><tbody>{body}</tbody></table>{note}"
        )

    def _plain(self, text: list[list[str]]) -> str:
        lines = [" | ".join(row) for row in [list(self.columns), *text]]
        return "\n".join([*lines, self.note] if self.note else lines)


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
        if not ID.fullmatch(wanted):
            raise BadOutput(f"{wanted!r} cannot be published: an id is in kebab-case")
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
    require_reason([figure.quantity for figure in shown], because)
    rows: list[list[Cell]] = [
        [figure.label, _figure_cell(figure), figure.party, figure.period, figure.scope]
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
        rows.append([figure.label, _figure_cell(figure), listed.words, names])
    return Table(("What", "Stated", "Listed", "The list"), rows)


def source_table(ledger: Ledger, subject: str) -> Table:
    """Where each figure of a subject comes from: the home of its references on the page."""
    rows: list[list[Cell]] = []
    anchors = []
    for statistic in ledger.subject(subject):
        figure = ledger.figure(statistic.id)
        what = f"{figure.label}, says {figure.party}. {statistic.note or ''}".strip()
        for citation in statistic.cited:
            where = {"source": citation.source, "text": f"{citation.source}, {citation.section}"}
            printed = f"“{citation.as_printed}”"
            is_first = citation is statistic.cited[0]
            facts = [_figure_cell(figure), what, f"{figure.period}; {figure.scope}"]
            rows.append([*(facts if is_first else ["", "", ""]), printed, where])
            anchors.append(statistic.id if is_first else "")
    columns = ("Figure", "What, and who says so", "Period; scope", "As printed", "Where")
    return Table(columns, rows, anchors)


def _figure_cell(figure: Figure) -> dict[str, str]:
    return {"figure": figure.id, "text": figure.words}
