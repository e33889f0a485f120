"""The results as one plain table, beside what is aimed at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.measure import IMPORTS, Results

MOST_OF_STOCK = 0.5
NOISE = 1.1  # a tenth more than the size is not taken for growth

_FOR_ONE = 2.0  # a look-up in a big ledger may meet memory that is further away, and no more
_ROWS = {
    "first_load": "load, the first time, ms",
    "load": "load, again, ms",
    "check": "check against the documents, ms",
    "check_of_long_documents": "same, of longer documents, ms",
    "statistic": "look up a record, µs",
    "quantity": "look up a quantity, µs",
    "figure": "look up a figure, µs",
    "table": "table of a subject, ms",
    "peak": "peak memory, MB",
    "above_imports": "of it above the imports, MB",
}
_LOOK_UPS = ("statistic", "quantity", "figure")


@dataclass(frozen=True, slots=True)
class Aim:
    """A cost and the most that it is meant to be; None where it is only told."""

    name: str
    found: float | None
    most: float | None
    unit: str = ""

    def row(self) -> list[str]:
        """Its cells: what, found, aim, and whether it is met."""
        if self.found is None:
            return [self.name, "–", f"≤ {self.most:g}{self.unit}", "no documents at hand"]
        found = f"{shown(self.found)}{self.unit}"
        if self.most is None:
            return [self.name, found, "", ""]
        verdict = "ok" if self.found <= self.most else "over"
        return [self.name, found, f"≤ {self.most:g}{self.unit}", verdict]


def text(results: Results) -> str:
    """The whole table, with lines of at most 100 characters."""
    sizes = list(results.sizes)
    growth = [f"{size}x / 1x" for size in sizes[1:]]
    head = ["", "real", *(f"{size}x" for size in sizes), *growth]
    costs = [head, *(_cost_row(name, label, results) for name, label in _ROWS.items())]
    aims = [["", "found", "aim", ""], *(aim.row() for aim in _aims(results))]
    return "\n".join([*aligned(costs), "", *aligned(aims), "", f"1x: {results.counted}", ""])


def paints(found: dict[str, float]) -> str:
    """When the largest content of a chapter is painted, ours beside stock's."""
    ratio = found["ours"] / found["stock"]
    aims = [
        Aim("largest paint of a chapter with charts", found["ours"], None, " ms"),
        Aim("the same, stock Jupyter Book", found["stock"], None, " ms"),
        Aim("ours / stock", ratio, MOST_OF_STOCK),
    ]
    return "\n".join(["", *aligned([aim.row() for aim in aims]), ""])


def shown(value: float) -> str:
    """A cost with about three digits."""
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 1 else f"{value:.2f}"


def aligned(rows: list[list[str]]) -> Iterator[str]:
    """Lines with the first cell of each row at the left, and the others at the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, *others in rows:
        cells = [c.rjust(w) for c, w in zip(others, widths[1:], strict=True)]
        yield "  ".join([first.ljust(widths[0]), *cells]).rstrip()


def _cost_row(name: str, label: str, results: Results) -> list[str]:
    columns = [results.real, *results.sizes.values()]
    found = [getattr(costs, name) for costs in columns]
    return [
        label,
        *("–" if value is None else shown(value) for value in found),
        *(_growth(name, size, results) for size in list(results.sizes)[1:]),
    ]


def _growth(name: str, size: int, results: Results) -> str:
    """How often the cost at size 1 goes into that at another, and whether that is too often."""
    cost, least = (getattr(results.sizes[one], name) for one in (size, 1))
    if cost is None:
        return "–"
    most = _FOR_ONE if name in _LOOK_UPS else size * NOISE
    return f"{shown(cost / least)} {'ok' if cost / least <= most else 'over'}"


def _aims(results: Results) -> Iterator[Aim]:
    real, imports = results.real, results.imports
    library, package, loader = (imports[statement] for statement in IMPORTS)
    yield Aim("real ledger, load, the first time", real.first_load, 100, " ms")
    yield Aim("real ledger, check against the documents", real.check, 2000, " ms")
    for size, most in ((1, 100), (100, 500)):
        yield Aim(f"peak memory at {size}x", results.sizes[size].peak, most, " MB")
    yield Aim(IMPORTS[0], library, None, " ms")
    yield Aim(IMPORTS[1], package, None, " ms")
    yield Aim(IMPORTS[2], loader, None, " ms")
    yield Aim("import tallybook / pydantic", package / library, 1.3)
    yield Aim("import tallybook.ledger.loading / pydantic", loader / library, None)
