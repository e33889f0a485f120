"""Tables of figures, and the figures that a notebook derives."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tallybook.errors import BadOutput, UnknownId
from tallybook.ledger import figures, questions
from tallybook.ledger.fields import id_mistake
from tallybook.ledger.figures import Figure
from tallybook.ledger.ledger import Ledger
from tallybook.quantity.quantity import Quantity, require_reason
from tallybook.tables.table import DERIVED, Cell, Piece, Table, from_figure, from_ledger

AUDITED = ("numerals", "claimed", "dismissed", "left_over")
_TAG = re.compile(r"</?[a-z]+>?")  # what a document's text kept of the page that it was on


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


def counts_with_members(ledger: Ledger, ids: Iterable[str]) -> Table:
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


def all_statistics(ledger: Ledger) -> Table:
    """Every statistic, a row each, by measure; a page lets a reader sort and filter it."""
    order = {name: number for number, name in enumerate(ledger.measures)}
    found = sorted(questions.select(ledger), key=lambda s: order[s.measure])
    rows: list[list[Cell]] = []
    for record in found:
        figure = ledger.figure(record.id)
        named: Piece = {"figure": record.id, "text": figure.words}
        sources = dict.fromkeys(c.source for c in record.cited)
        where: list[list[Piece]] = [[{"source": name, "text": name}] for name in sources]
        when, scope = from_figure(figure, "period"), from_figure(figure, "scope")
        rows.append([from_figure(figure, "label"), named, when, scope, record.party, where])
    columns = ("What", "Figure", "Period", "Scope", "Who says so", "Source")
    return Table(columns, rows, is_sortable=True)


def coverage(ledger: Ledger) -> Table:
    """How many numerals each document holds, and what became of them."""
    rows: list[list[Cell]] = []
    for audit in ledger.audits:
        source: Piece = {"source": audit.source, "text": audit.source}
        became = [
            from_ledger(f"count:audited:{audit.source}:{name}", f"{int(getattr(audit, name)):,}")
            for name in AUDITED
        ]
        cited = from_ledger(f"count:citing:{audit.source}", f"{ledger.citing(audit.source):,}")
        rows.append([source, *became, cited])
    columns = ("Document", "Numerals", "Claimed", "Dismissed", "Left over", "Records that cite it")
    return Table(columns, rows)


def dismissed(ledger: Ledger) -> Table:
    """The runs that were dismissed, by reason and document, and how often each stands."""
    rows: list[list[Cell]] = []
    for reason, source in sorted({(str(d.reason), d.source) for d in ledger.dismissals}):
        named: Piece = {"source": source, "text": source}
        key = f"{source}:{reason}"
        often, runs = of_dismissals(ledger, key)
        times = from_ledger(f"count:dismissed:{key}", f"{often:,}")
        rows.append([reason, named, times, from_ledger(f"dismissed:{key}", runs)])
    return Table(("Why it states nothing", "Document", "How often", "What is dismissed"), rows)


def of_dismissals(ledger: Ledger, key: str) -> tuple[int, str]:
    """How often runs of a document are dismissed for a reason ("wtr-2018:a date …"), and the runs.

    Raises UnknownId where there are none.
    """
    source, _, reason = key.partition(":")
    found = [d for d in ledger.dismissals if (d.source, str(d.reason)) == (source, reason)]
    if not found:
        raise UnknownId("dismissals of", key, ())
    runs = "; ".join(f"“{_TAG.sub('', dismissal.run).strip()}”" for dismissal in found)
    return int(sum(dismissal.times for dismissal in found)), runs


def audited(ledger: Ledger, key: str) -> int:
    """How many numerals of a document became what is asked, such as "wtr-2018:claimed".

    Raises UnknownId.
    """
    source, _, name = key.rpartition(":")
    for audit in ledger.audits:
        if audit.source == source and name in AUDITED:
            return int(getattr(audit, name))
    raise UnknownId("account of numerals", key, ())


def _figure_cell(figure: Figure) -> Piece:
    return {"figure": figure.id, "text": figure.words}
