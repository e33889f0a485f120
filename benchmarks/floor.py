"""The floor of executing a book's notebooks: `python -m benchmarks.floor FOLDER`.

One process imports what notebooks import, and forks for each of them, two at a time. The fork runs
the cells in IPython without a kernel and keeps what each shows in all its forms. It prints how many
charts were drawn.
"""

from __future__ import annotations

import os
import sys
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import altair as alt  # noqa: F401  # what notebooks would import
import pandas as pd  # noqa: F401
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from benchmarks.processes import PYTHON, Ran, run, succeeded
from tallybook import charts  # noqa: F401  # as notebooks do
from tallybook.notebooks import stored

AT_A_TIME = 2
_CHART = "image/svg+xml"


def execution(folder: Path) -> Ran:
    """The whole in a new process, its imports included."""
    return succeeded(run(*PYTHON, "benchmarks.floor", str(folder)))


class _Kept(DisplayHook):  # type: ignore[misc]  # IPython has no types
    """Keeps what cells end in, and prints none of it."""

    def __call__(self, result: Any = None) -> None:
        if result is not None:
            shown, _ = self.compute_format_data(result)
            self.shell.shown.append(shown)


def charts_of(path: Path) -> int:
    """Run a notebook's cells; how many charts they drew. Raises what a cell raises."""
    os.chdir(path.parent)
    settings = Config({"HistoryManager": {"enabled": False}})
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance(
        config=settings, displayhook_class=_Kept, display_pub_class=CapturingDisplayPublisher
    )
    shell.shown = []
    for cell in stored.read(path).cells:
        if cell.cell_type == "code":
            shell.run_cell(cell.source).raise_error()
    published = [output["data"] for output in shell.display_pub.outputs]
    return sum(_CHART in shown for shown in [*shell.shown, *published])


def main() -> None:
    """Execute all notebooks of the book in the folder that is named."""
    paths = stored.paths(Path(sys.argv[1]).resolve())
    # A worker a task, forked when the one before has ended: nothing is left over from it.
    with get_context("fork").Pool(AT_A_TIME, maxtasksperchild=1) as pool:
        print(sum(pool.map(charts_of, paths, chunksize=1)))


if __name__ == "__main__":
    main()
