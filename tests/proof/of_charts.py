"""Every mutant of the data in the charts that notebooks store: a number, an id, a label, an order.

A chart is a specification. Pages and their audit compare its rows with the ledger, so that a number
or an id of another figure is refused; nbval compares the whole with what an execution gives.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from tallybook.charts.check import faults
from tallybook.ledger import frames
from tallybook.ledger.ledger import Ledger
from tallybook.notebooks import stored
from tallybook.tables.table import CHART
from tests.proof.mutant import OfChart
from tests.proof.reruns import as_output, comparison

Spec = dict[str, Any]


def mutants(ledger: Ledger) -> Iterator[OfChart]:
    """Every mutant of every chart that a notebook stores, in order."""
    for name, cell, at, spec in charts(ledger):
        for place, rows in enumerate(spec.get("datasets", {}).values()):
            for number, row in enumerate(rows):
                for field, was, now in _changes(ledger, row):
                    at_ = (place, number)
                    yield OfChart("chart", name, field, was, now, cell, at, at_)
            if len(rows) > 1:
                yield OfChart("chart", name, "order", "in order", "swapped", cell, at, (place, 0))


def charts(ledger: Ledger) -> Iterator[tuple[str, int, int, Spec]]:
    """Each chart that a notebook stores, with its notebook, cell and place among the outputs."""
    for path in stored.paths(ledger.root):
        for cell, each in enumerate(stored.load(path)["cells"], start=1):
            for at, shown in enumerate(each.get("outputs", ())):
                if spec := shown.get("data", {}).get(CHART):
                    yield path.stem, cell, at, spec


def _changes(ledger: Ledger, row: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for field in sorted(frames.NUMBERS & set(row)):
        if row[field] is not None:
            yield field, str(row[field]), str(row[field] * 2 + 1)
    known = ledger.items if row["id"] in ledger.items else ledger.statistics
    yield "id", row["id"], next(each for each in known if each != row["id"])
    yield "label", str(row["label"]), f"{row['label']} and more"


class Charts:
    """What the audit and nbval say of a chart whose stored data are changed."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._specs = {(name, cell, at): spec for name, cell, at, spec in charts(ledger)}

    def said(self, mutant: OfChart) -> dict[str, str]:
        """What each of the two checks says; "" where it finds nothing."""
        before = self._specs[mutant.record, mutant.cell, mutant.output]
        after = copy.deepcopy(before)
        place, number = mutant.row
        rows = [*after["datasets"].values()][place]
        if mutant.field == "order":
            rows[:2] = rows[1::-1]
        else:
            is_number = mutant.field in frames.NUMBERS
            rows[number][mutant.field] = float(mutant.now) if is_number else mutant.now
        compared = comparison()
        is_same = compared.compare_outputs(
            [as_output({CHART: before})], [as_output({CHART: after})]
        )
        by_nbval = "" if is_same else compared.comparison_traceback[0]
        return {"audit": "".join(faults(after, self._ledger)[:1]), "nbval": by_nbval}
