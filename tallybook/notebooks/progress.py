"""How execution goes on: on a terminal as it moves, elsewhere a line for each notebook."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from time import monotonic

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from tallybook.notebooks.execute import Result


class Display:
    """Tells of each notebook which cell it is at and how long it takes; failures go to stderr.

    `meanwhile` is called in a thread of its own as soon as the first are on their way.
    """

    def __init__(self, meanwhile: Callable[[], object] = int) -> None:
        self._beside = Thread(target=meanwhile, daemon=True)
        self._out = Console(highlight=False, soft_wrap=True)
        self._errors = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)
        self._bars = Progress(
            TextColumn("{task.description}"), BarColumn(bar_width=24),
            TextColumn("{task.fields[at]}"), TimeElapsedColumn(),
            console=self._out, transient=True, auto_refresh=False,
        )  # fmt: skip
        self._tasks: dict[str, TaskID] = {}
        self._since: dict[str, float] = {}
        self._given = self._ended = 0
        self._all = self._bars.add_task("notebooks", at="")

    @contextmanager
    def shown(self) -> Iterator[Display]:
        """Show bars on a terminal meanwhile."""
        # Its thread, which refreshes by itself, would be forked with the first worker.
        with self._bars:
            yield self

    def begun(self, _: str) -> None:
        """Count a notebook that is given to a worker."""
        self._given += 1
        self._count()

    def _count(self) -> None:
        said = f"{self._ended} of {self._given}"
        self._bars.update(self._all, total=self._given, completed=self._ended, at=said)

    def at_cell(self, name: str, number: int, count: int) -> None:
        """Show which of its cells a notebook is at."""
        self._since.setdefault(name, monotonic())
        if name not in self._tasks:
            self._tasks[name] = self._bars.add_task(name, at="")
        said = f"cell {number} of {count}"
        self._bars.update(self._tasks[name], total=count, completed=number - 1, at=said)

    def done(self, result: Result) -> None:
        """Say what became of a notebook."""
        self._ended += 1
        self._count()
        if result.name in self._tasks:
            self._bars.remove_task(self._tasks.pop(result.name))
        since = self._since.pop(result.name, None)
        if result.failure:
            self._errors.print(result.failure)
        else:
            took = f", {monotonic() - since:.1f} s" if since else ""
            self._out.print(f"{result.name}: executed{took}", markup=False)

    def tick(self) -> None:
        """Draw the bars anew."""
        if self._beside.ident is None:
            self._beside.start()
        self._bars.refresh()
