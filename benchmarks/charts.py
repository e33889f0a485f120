"""What charts cost: each step of one, and the build of a book with a hundred of them."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import nbformat

from tallybook import charts, load
from tallybook.charts.check import faults
from tallybook.charts.layout import NARROW, WIDE, layout
from tallybook.charts.svg import drawing

MANY = 100
_ROUNDS = 3
_CELL = """charts.bars(
    ledger.frame(ids=["{name}"]), title=tallybook.worded(ledger, "Stores, chart {mark}")
)"""


def steps(root: Path) -> dict[str, float]:
    """Milliseconds of each step of a chart: the median over charts of all measures of a book."""
    ledger = load(root)
    taken: dict[str, list[float]] = {}

    def timed(step: str, work: Callable[[], Any]) -> Any:
        before = perf_counter()
        made = work()
        taken.setdefault(step, []).append((perf_counter() - before) * 1000)
        return made

    because = "They are of one measure"
    for measure in ledger.measures:
        frame = timed("frame", lambda: ledger.frame(measure=measure))  # noqa: B023  # called at once
        chart = charts.bars(frame, title="A measure", because=because)
        spec = timed("Altair's specification", chart.to_dict)
        timed("check", lambda: faults(spec, ledger))  # noqa: B023
        laid_out = timed("layout, twice", lambda: [layout(spec, r) for r in (WIDE, NARROW)])  # noqa: B023
        timed("drawing, twice", lambda: [*map(drawing, laid_out)])  # noqa: B023
    return {step: median(times) for step, times in taken.items()}


def builds(kettles: Path) -> dict[int, float]:
    """Seconds of a build from nothing of the small book with one chart, and with a hundred."""
    return {count: median(_build(kettles, count) for _ in range(_ROUNDS)) for count in (1, MANY)}


def _build(kettles: Path, count: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        book = Path(shutil.copytree(kettles, Path(folder, "book")))
        path = book / "notebooks/many.ipynb"
        cells = [nbformat.v4.new_code_cell(
            "import tallybook\nfrom tallybook import charts\n\nledger = tallybook.load()"
        )]  # fmt: skip
        for number in range(count):
            mark = f"{chr(97 + number // 26)}{chr(97 + number % 26)}"
            cells.append(nbformat.v4.new_code_cell(
                _CELL.format(name="stores-closed-2017", mark=mark)
            ))  # fmt: skip
        title = nbformat.v4.new_markdown_cell("# Many charts")
        notebook = nbformat.v4.new_notebook(cells=[title, *cells])
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
        nbformat.write(notebook, path)
        toc = book / "_toc.yml"
        toc.write_text(f"{toc.read_text(encoding='utf-8')}  - file: notebooks/many\n", "utf-8")
        before = perf_counter()
        subprocess.run(
            [sys.executable, "-m", "tallybook.cli.main", "build"],
            cwd=book, check=True, capture_output=True,
        )  # fmt: skip
        return perf_counter() - before


def text(of_steps: dict[str, float], of_builds: dict[int, float]) -> str:
    """Both as a table."""
    width = max(map(len, of_steps))
    lines = [f"{step:<{width}}  {ms:7.1f} ms" for step, ms in of_steps.items()]
    lines.append(f"{'a chart, all of it':<{width}}  {sum(of_steps.values()):7.1f} ms")
    lines += ["", *(f"a book with {n} charts, cold  {s:6.1f} s" for n, s in of_builds.items())]
    each = (of_builds[MANY] - of_builds[1]) / (MANY - 1)
    return "\n".join([*lines, f"one chart more              {each:6.2f} s", ""])
