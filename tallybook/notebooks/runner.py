"""Executing the stale notebooks of a book: in parallel, in the order of what they derive.

`run` executes them in a pool: on this machine (`local`) or on a cluster's workers (module
`cluster`). A notebook that reads derived figures of another waits for it, and is executed only if
it is stale then. Each is written back as soon as it is done, so that a failure loses nothing of
the others. `Display` shows on a terminal how far they are.
"""

from __future__ import annotations

import ast
import os
import warnings
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    CancelledError,
    Future,
    ThreadPoolExecutor,
    wait,
)
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from time import monotonic
from typing import Any, Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from tallybook.errors import NotebookFailed, refused
from tallybook.files import digest_of
from tallybook.notebooks import kernel_server, kernels, settings, staleness, stored
from tallybook.notebooks.book import Book
from tallybook.notebooks.execute import SECONDS_PER_CELL, Job, Result, execute
from tallybook.notebooks.stored import Notebook

_TICK = 0.1  # seconds between looks at which cells notebooks are at
_ROUNDS = 3
_ATTEMPTS = 3
AtCell = tuple[str, int, int]  # a notebook, the number of its cell with code, and how many it has


class Pool(Protocol):
    """Executes jobs, and reports at which cell each of them is."""

    def submit(self, job: Job) -> Future[Result]:
        """Execute a job as soon as there is room."""

    def cells_begun(self) -> Iterator[AtCell]:
        """Return the cells that were begun since the last call."""

    def give_up(self) -> None:
        """End what runs, whose results nobody waits for any more."""


@dataclass
class Outcome:
    """The book as it is then, and its notebooks by name: executed, found fresh, failed and why."""

    book: Book
    executed: set[str] = field(default_factory=set)
    fresh: set[str] = field(default_factory=set)
    failed: dict[str, str] = field(default_factory=dict)


def run(
    book: Book,
    paths: Sequence[Path],
    pool: Pool,
    display: Display,
    *,
    every: bool = False,
    rounds: int = _ROUNDS,
) -> Outcome:
    """Execute those of these notebooks that are stale, or all, and write them back.

    `paths` are notebooks of the book; those that store most are begun first, for they take longest.
    What an execution makes stale again is executed again, in at most so many `rounds`; with one,
    nothing is looked at again. What is wrong with a notebook is in the outcome, and the others are
    executed all the same. `display` is called as it goes on. Raises LedgerError.
    """
    outcome = Outcome(book)
    largest_first = sorted(paths, key=lambda path: -path.stat().st_size)
    wanted = {path.relative_to(book.root).as_posix(): path for path in largest_first}
    for _ in range(rounds):
        left = {name: path for name, path in wanted.items() if name not in outcome.failed}
        stale = {name for name, why in _reasons(outcome, left).items() if why or every}
        if not stale:
            break
        every = False
        _Round({name: left[name] for name in left if name in stale}, pool, display, outcome).run()
    else:
        if rounds > 1:
            _refuse_stale_again(wanted, display, outcome)
    outcome.executed -= set(outcome.failed)
    outcome.fresh = set(wanted) - outcome.executed - set(outcome.failed)
    return outcome


def behind(book: Path, pages: Collection[str]) -> list[Path]:
    """The notebooks that pages of these names are made from, and those that derive what they read.

    A page in Markdown, or of a figure, is made from those that derive what it names.
    """
    paths = {path.relative_to(book).as_posix(): path for path in stored.paths(book)}
    waits_for = _order(paths)
    found: set[str] = set()
    left = {f"{page}.ipynb" for page in pages} & set(paths)
    named = "".join(_text_of(book, page) for page in pages)
    for name, path in paths.items():
        with suppress(NotebookFailed):
            if any(each in named for each in staleness.published_ids(stored.load(path))):
                left.add(name)
    while left:
        found |= left
        left = {name for each in left for name in waits_for[each]} - found
    return [paths[name] for name in sorted(found)]


def _text_of(book: Path, page: str) -> str:
    with suppress(OSError, UnicodeDecodeError):
        return (book / f"{page}.md").read_text(encoding="utf-8")
    return page


def _refuse_stale_again(wanted: Mapping[str, Path], display: Display, outcome: Outcome) -> None:
    for name, why in _reasons(outcome, wanted).items():
        if why and name not in outcome.failed:
            failure = f"{name}: stale again as soon as it is executed: {'; '.join(why)}"
            _fail(name, failure, display, outcome)


def _fail(name: str, why: str, display: Display, outcome: Outcome) -> None:
    outcome.failed[name] = why
    display.done(Result(name, failure=why))


def _reasons(outcome: Outcome, wanted: Mapping[str, Path]) -> dict[str, list[str]]:
    """Of each of these notebooks why it is stale now; none for a fresh one. Raises LedgerError."""
    outcome.book = outcome.book.renewed()
    outcome.book.refuse_problems()
    return {name: outcome.book.reasons[path] for name, path in wanted.items()}


class _Round:
    """One execution of each of some notebooks, each after those that derive what it reads."""

    def __init__(
        self, paths: Mapping[str, Path], pool: Pool, display: Display, outcome: Outcome
    ) -> None:
        self._root, self._pool, self._display = outcome.book.root, pool, display
        self._outcome = outcome
        self._waits_for = _order(paths)
        self._left = dict(paths)
        self._running: dict[Future[Result], str] = {}
        self._attempts: dict[str, int] = dict.fromkeys(paths, 0)

    def run(self) -> None:
        try:
            while self._left or self._running:
                self._begin_what_is_ready()
                done, _ = wait(self._running, timeout=_TICK, return_when=FIRST_COMPLETED)
                for cell in self._pool.cells_begun():
                    self._display.at_cell(*cell)
                for future in done:
                    self._end(future)
                self._display.tick()
        finally:
            if self._running:  # it is given up
                for future in self._running:
                    future.cancel()
                self._pool.give_up()

    def _begin_what_is_ready(self) -> None:
        busy = {*self._left, *self._running.values()}
        ready = [name for name in self._left if not self._waits_for[name] & busy - {name}]
        if not ready and not self._running:
            ready = [*self._left][:1]  # they wait for each other: the first one says why it fails
        for name in ready:
            path = self._left.pop(name)
            if failed := self._waits_for[name] & set(self._outcome.failed):
                why = f"{name}: not executed, for it reads what {min(failed)} derives"
                _fail(name, why, self._display, self._outcome)
            elif self._waits_for[name] and not _reasons(self._outcome, {name: path})[name]:
                continue
            else:
                self._begin(name)

    def _begin(self, name: str) -> None:
        self._attempts[name] += 1
        seconds = settings.execution(self._root).timeout or SECONDS_PER_CELL
        self._running[self._pool.submit(Job(str(self._root), name, seconds))] = name
        self._display.begun(name)

    def _end(self, future: Future[Result]) -> None:
        name = self._running.pop(future)
        again = failure = ""
        try:
            result = future.result()
            failure = result.failure
            if digest_of(self._root / name) != result.of:  # its author has saved it meanwhile
                again = "saved again and again while it was executed, and so not written"
            elif not failure:
                stored.write(self._root / name, result.text)
        except CancelledError as error:  # of a Dask worker
            again = f"its worker died {_ATTEMPTS} times: {error}"
        except NotebookFailed as error:
            failure = str(error)
        except OSError as error:  # a disk that is full
            failure = f"{name}: {refused(error)}"
        except Exception as error:  # of whatever kind: the others are executed all the same
            failure = (
                f"{name}: a fault of tallybook's own, not of the notebook: {type(error).__name__}: "
                f"{error}. Please report it"
            )
        if again and self._attempts[name] < _ATTEMPTS:
            self._begin(name)
        elif again or failure:
            why = f"{name}: {again}" if again else failure
            _fail(name, why, self._display, self._outcome)
        else:
            self._outcome.executed.add(name)
            self._display.done(Result(name))


def _order(paths: Mapping[str, Path]) -> dict[str, set[str]]:
    """For each notebook the others that derive a figure which it has read or its code names."""
    wanted: dict[str, set[str]] = {name: set() for name in paths}
    derived_in: dict[str, str] = {}
    for name, path in paths.items():
        with suppress(NotebookFailed):  # it fails so when it is executed
            notebook = stored.load(path)
            texts, keys = _texts_in_code(notebook)
            wanted[name] = texts | {*staleness.derived_reads(notebook)}
            for each in (*staleness.published_ids(notebook), *keys):
                derived_in.setdefault(each, name)
    return {
        name: {derived_in[each] for each in ids & set(derived_in)} - {name}
        for name, ids in wanted.items()
    }


def _texts_in_code(notebook: Notebook) -> tuple[set[str], set[str]]:
    """The texts in a notebook's code, any of which may be an id, and the keys of what it publishes.

    A notebook that was never executed has no record of what it reads and derives: its code is all
    that there is to go by.
    """
    texts: set[str] = set()
    keys: set[str] = set()
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            # It fails when the cell is executed; and Python 3.12 warns of "\d" in a text.
            with suppress(SyntaxError, ValueError), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                nodes = [*ast.walk(ast.parse(cell["source"]))]
                texts |= _strings(nodes)
                if "publish" in cell["source"]:
                    named = [
                        key for node in nodes if isinstance(node, ast.Dict) for key in node.keys
                    ]
                    keys |= _strings(each for key in named if key for each in ast.walk(key))
    return texts, keys


def _strings(nodes: Iterable[ast.AST]) -> set[str]:
    constants = (node.value for node in nodes if isinstance(node, ast.Constant))
    return {value for value in constants if isinstance(value, str)}


def _processors() -> int:
    """How many processors there are for this process."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class LocalPool:
    """Executes so many notebooks at a time on this machine, each in a kernel of its own."""

    def __init__(self, jobs: int) -> None:
        # Threads, for what takes long is done by the kernels, which are processes.
        self._executor = ThreadPoolExecutor(jobs)
        self._cells: SimpleQueue[AtCell] = SimpleQueue()
        self._given_up = 0  # how often

    def submit(self, job: Job) -> Future[Result]:
        """Begin a job as soon as fewer are running."""
        return self._executor.submit(self._executed, job, self._given_up)

    def cells_begun(self) -> Iterator[AtCell]:
        """Return the cells that were begun since the last call."""
        while not self._cells.empty():
            yield self._cells.get()

    def give_up(self) -> None:
        """End what runs: without its kernel a notebook fails at once."""
        self._given_up += 1  # for jobs that are begun and have no kernel yet
        kernels.end_all()

    def stop(self) -> None:
        """End what runs, and leave no kernel behind."""
        self.give_up()
        self._executor.shutdown(cancel_futures=True)

    def _executed(self, job: Job, given_up: int) -> Result:
        def go_on(*cell: Any) -> None:
            # Before its kernel is requested, and again once there is one that could be ended.
            if given_up != self._given_up:
                raise NotebookFailed(f"{job.name}: it was given up")
            if cell:
                self._cells.put(cell)

        go_on()
        return execute(job, go_on)


@contextmanager
def local(jobs: int | None = None) -> Iterator[LocalPool]:
    """Provide a pool for so many notebooks at a time, one a processor without `jobs`.

    Its kernels are warm ones, of a server that ends with the context.
    """
    with kernel_server.warm():
        pool = LocalPool(jobs or _processors())
        try:
            yield pool
        finally:
            pool.stop()


class Display:
    """Shows which cell each notebook is at, as bars on a terminal; elsewhere a line for each.

    Failures go to stderr. `meanwhile` is called in a thread of its own as soon as the first
    notebooks are begun.
    """

    def __init__(self, meanwhile: Callable[[], object] | None = None) -> None:
        self._meanwhile = Thread(target=meanwhile, daemon=True)
        self._out = Console(highlight=False, soft_wrap=True)
        self._errors = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)
        self._bars = Progress(
            TextColumn("{task.description}"), BarColumn(bar_width=24),
            TextColumn("{task.fields[at]}"), TimeElapsedColumn(),
            console=self._out, transient=True, auto_refresh=False,
        )  # fmt: skip
        self._tasks: dict[str, TaskID] = {}
        self._began: dict[str, float] = {}
        self._begun = self._ended = 0
        self._all = self._bars.add_task("notebooks", at="")

    def shown(self) -> AbstractContextManager[object]:
        """Show bars on a terminal while the context lasts."""
        return self._bars

    def begun(self, _: str) -> None:
        """Count a notebook that is begun."""
        self._begun += 1
        self._count()

    def _count(self) -> None:
        at = f"{self._ended} of {self._begun}"
        self._bars.update(self._all, total=self._begun, completed=self._ended, at=at)

    def at_cell(self, name: str, number: int, count: int) -> None:
        """Show which of its cells a notebook is at."""
        self._began.setdefault(name, monotonic())
        if name not in self._tasks:
            self._tasks[name] = self._bars.add_task(name, at="")
        at = f"cell {number} of {count}"
        self._bars.update(self._tasks[name], total=count, completed=number - 1, at=at)

    def done(self, result: Result) -> None:
        """Print what became of a notebook."""
        self._ended += 1
        self._count()
        if result.name in self._tasks:
            self._bars.remove_task(self._tasks.pop(result.name))
        began = self._began.pop(result.name, None)
        if result.failure:
            self._errors.print(result.failure)
        else:
            took = f", {monotonic() - began:.1f} s" if began else ""
            self._out.print(f"{result.name}: executed{took}", markup=False)

    def tick(self) -> None:
        """Draw the bars anew."""
        if self._meanwhile.ident is None:
            self._meanwhile.start()
        self._bars.refresh()
