"""The ledger as a whole: all statistics in one table, and what became of the numerals."""

from __future__ import annotations

import re
from collections import Counter

from tallybook import questions
from tallybook.ledger import Ledger
from tallybook.tables import Cell, Piece, Table

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
        facts = [figure.label, named, figure.period, figure.scope, record.party]
        rows.append([*facts, where])
    columns = ("What", "Figure", "Period", "Scope", "Who says so", "Source")
    return Table(columns, rows, is_sortable=True)


def coverage(ledger: Ledger) -> Table:
    """How many numerals each document holds, and what became of them."""
    rows: list[list[Cell]] = []
    for audit in ledger.audits:
        cited = ledger.citing(audit.source)
        counts = (audit.numerals, audit.claimed, audit.dismissed, audit.left_over, cited)
        source: Piece = {"source": audit.source, "text": audit.source}
        rows.append([source, *(f"{int(count):,}" for count in counts)])
    columns = ("Document", "Numerals", "Claimed", "Dismissed", "Left over", "Records that cite it")
    return Table(columns, rows)


def dismissed(ledger: Ledger) -> Table:
    """The runs that were dismissed, by reason and document, and how often each stands."""
    times: Counter[tuple[str, str]] = Counter()
    runs: dict[tuple[str, str], list[str]] = {}
    for dismissal in ledger.dismissals:
        key = str(dismissal.reason), dismissal.source
        times[key] += dismissal.times
        runs.setdefault(key, []).append(f"“{_TAG.sub('', dismissal.run).strip()}”")
    rows: list[list[Cell]] = []
    for (reason, source), often in sorted(times.items()):
        named: Piece = {"source": source, "text": source}
        rows.append([reason, named, f"{often:,}", "; ".join(runs[reason, source])])
    return Table(("Why it states nothing", "Document", "How often", "What is dismissed"), rows)
