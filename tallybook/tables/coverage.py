"""The ledger as a whole: all statistics in one table, and what became of the numerals."""

from __future__ import annotations

import re

from tallybook.errors import UnknownId
from tallybook.ledger import questions
from tallybook.ledger.ledger import Ledger
from tallybook.tables.table import Cell, Piece, Table, from_figure, from_ledger

_TAG = re.compile(r"</?[a-z]+>?")  # what a document's text kept of the page that it was on


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


AUDITED = ("numerals", "claimed", "dismissed", "left_over")


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
