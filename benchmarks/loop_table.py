"""What an author waits for as one plain table a book, each cost beside what it is held against."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.loop import REAL, Measured
from benchmarks.table import NOISE, aligned, shown

MOST_ABOVE_STOCK = 200  # megabytes
_HEAD = ["ours", "beside", "ratio", "aim", ""]


@dataclass(frozen=True, slots=True)
class Row:
    """A cost, what it is held against, and the most that their ratio or difference may be."""

    name: str
    cost: str
    beside: tuple[str, ...]
    most: float | None = None

    def cells(self, found: Measured) -> list[str]:
        """What, ours, the other, their ratio, the aim, and whether it is met."""
        ours, *others = (_shown(found.median(name)) for name in (self.cost, *self.beside))
        ratio = found.ratio(self.cost, *self.beside)
        known = ["" if ratio is None else shown(ratio), *verdict(ratio, self.most)]
        return [self.name, ours, " + ".join(others), *known]


_ROWS = (
    Row("live: a record edited beside a cell in stock, s", "live", ("edit_stock",), 0.2),
    Row("live: until all of it is built, s", "live_built", ("edit_stock",), 1.0),
    Row("live: prose edited, s", "live_prose", ("edit_stock",), 0.3),
    Row("live: code edited, s", "live_code", ("edit_stock",), 0.3),
    Row("build: a record edited beside a cell in stock, s", "edit", ("edit_stock",), 0.5),
    Row("cold build beside stock, s", "cold", ("cold_stock",), 0.4),
    Row("cold build beside fork floor + site, s", "cold", ("floor", "site"), 1.0),
    Row("nothing changed beside stock, s", "nothing", ("nothing_stock",), 0.1),
    Row("pytest --nbval, warm kernels beside ordinary, s", "outputs_warm", ("outputs",), 0.4),
    Row("the same with empty cells, s", "outputs_floor", ("outputs",)),
    Row("site without and with figure pages, s", "site_without_figure_pages", ("site",)),
)


def text(found: Measured) -> str:
    """The table of one book."""
    rounds = "one round" if len(found.rounds) == 1 else f"medians of {len(found.rounds)} rounds"
    book = "real book, " if found.size == REAL else ""
    rows = [[f"{book}{found.notebooks} notebooks, {rounds}", *_HEAD]]
    rows += [row.cells(found) for row in _ROWS]
    lines = ["", *aligned([*rows, *_others(found)])]
    lines += [f"left out: {why}" for why in dict.fromkeys(found.left_out.values())]
    return "\n".join([*lines, ""])


def growth(measured: list[Measured]) -> str:
    """The largest generated book against the smallest; nothing where there is but one."""
    sizes = sorted((one for one in measured if one.size != REAL), key=lambda one: one.notebooks)
    if len(sizes) < 2:
        return ""
    small, large = sizes[0], sizes[-1]
    times = large.notebooks / small.notebooks
    aims = {"cold": ("cold build", times), "peak": ("peak memory", NOISE)}
    aims |= {"cold_stock": ("cold build, stock", None), "peak_stock": ("peak memory, stock", None)}
    rows = [[f"{large.notebooks} notebooks against {small.notebooks}", "ratio", "aim", ""]]
    for cost, (name, most) in aims.items():
        ratio = large.median(cost) / small.median(cost)
        rows.append([name, shown(ratio), *verdict(ratio, most)])
    return "\n".join(["", *aligned(rows), ""])


def verdict(found: float | None, most: float | None, sign: str = "") -> list[str]:
    """The aim, and whether it is met; two empty cells where there is none."""
    if found is None or most is None:
        return ["", ""]
    return [f"≤ {sign}{most:.3g}", "ok" if found <= most else "over"]


def _others(found: Measured) -> Iterator[list[str]]:
    """Costs that are held against a number, and not against another's."""
    stale = sum(one.stale for one in found.rounds)
    yield ["pages stale after an edit", str(stale), "", "", *verdict(stale, 0)]
    peak, stock = found.median("peak"), found.median("peak_stock")
    more = f"{peak - stock:+.0f}"
    aim = verdict(peak - stock, MOST_ABOVE_STOCK, "+")
    yield ["peak memory of all processes, MB", shown(peak), shown(stock), more, *aim]


def _shown(cost: float | None) -> str:
    return "left out" if cost is None else shown(cost)
