"""Executing the stale notebooks of a book: in parallel, in the order of what they derive.

A notebook that reads derived figures of another waits for it, and is executed only if it is stale
then. Each is written back as soon as it is done, so that nothing is lost with what fails.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tallybook.errors import NotebookFailed
from tallybook.files import digest_of
from tallybook.notebooks import session, staleness, stored
from tallybook.notebooks.execute import Job, Result
from tallybook.notebooks.pools import Pool
from tallybook.notebooks.stored import Notebook

_TICK = 0.1  # seconds between looks at what workers tell
_ROUNDS = 3
_ATTEMPTS = 3


class Watcher(Protocol):
    """Who is told how the execution goes on."""

    def begun(self, name: str) -> None:
        """A notebook is given to a worker."""

    def at_cell(self, name: str, number: int, count: int) -> None:
        """A notebook executes one of so many cells with code."""

    def done(self, result: Result) -> None:
        """A notebook was executed, or failed."""

    def tick(self) -> None:
        """A little time has gone by; the pool has its processes."""


@dataclass
class Outcome:
    """The notebooks by what became of them: executed, found fresh, failed and why."""

    executed: set[str] = field(default_factory=set)
    fresh: set[str] = field(default_factory=set)
    failed: dict[str, str] = field(default_factory=dict)


def run(
    root: Path,
    paths: Sequence[Path],
    pool: Pool,
    watcher: Watcher,
    *,
    every: bool = False,
    rounds: int = _ROUNDS,
) -> Outcome:
    """Execute those of these notebooks that are stale, or all, and write them back.

    With one round it is not looked whether any is stale again. Raises LedgerError. What is wrong
    with a notebook is in the outcome; the others are executed all the same.
    """
    outcome = Outcome()
    wanted = {path.relative_to(root).as_posix(): path for path in paths}
    for _ in range(rounds):
        left = {name: path for name, path in wanted.items() if name not in outcome.failed}
        stale = {n: why for n, why in _stale(root, left).items() if why or every}
        if not stale:
            break
        every = False
        _Round(root, {name: wanted[name] for name in stale}, pool, watcher, outcome).run()
    else:
        if rounds > 1:
            _refuse_restless(root, wanted, watcher, outcome)
    outcome.executed -= set(outcome.failed)
    outcome.fresh = set(wanted) - outcome.executed - set(outcome.failed)
    return outcome


def _refuse_restless(
    root: Path, wanted: Mapping[str, Path], watcher: Watcher, outcome: Outcome
) -> None:
    for name, why in _stale(root, wanted).items():
        if why and name not in outcome.failed:
            said = f"{name}: stale again as soon as it is executed: {'; '.join(why)}"
            outcome.failed[name] = said
            watcher.done(Result(name, failure=said))


def _stale(root: Path, wanted: Mapping[str, Path]) -> dict[str, list[str]]:
    today = staleness.Today(session.load(root))
    found = staleness.all_reasons(today, list(wanted.values()))
    return {name: found[path] for name, path in wanted.items()}


class _Round:
    """One execution of each of some notebooks, in an order in which none reads what is to come."""

    def __init__(
        self, root: Path, paths: Mapping[str, Path], pool: Pool, watcher: Watcher, outcome: Outcome
    ) -> None:
        self._root, self._pool, self._watcher, self._outcome = root, pool, watcher, outcome
        self._waits_for = _order(paths)
        self._left = dict(paths)
        self._running: dict[Future[Result], str] = {}
        self._attempts: dict[str, int] = dict.fromkeys(paths, 0)

    def run(self) -> None:
        while self._left or self._running:
            self._begin_what_is_ready()
            done, _ = wait(self._running, timeout=_TICK, return_when=FIRST_COMPLETED)
            for told in self._pool.told():
                self._watcher.at_cell(*told)
            for future in done:
                self._end(future)
            self._watcher.tick()

    def _begin_what_is_ready(self) -> None:
        busy = {*self._left, *self._running.values()}
        ready = [name for name in self._left if not self._waits_for[name] & busy - {name}]
        if not ready and not self._running:
            ready = [*self._left][:1]  # they wait for each other: the next round tells what for
        for name in ready:
            path = self._left.pop(name)
            if failed := self._waits_for[name] & set(self._outcome.failed):
                self._fail(name, f"{name}: not executed, for it reads what {min(failed)} derives")
            elif self._waits_for[name] and not _stale(self._root, {name: path})[name]:
                continue
            else:
                self._begin(name)

    def _begin(self, name: str) -> None:
        self._attempts[name] += 1
        self._running[self._pool.submit(Job(str(self._root), name))] = name
        self._watcher.begun(name)

    def _end(self, future: Future[Result]) -> None:
        name = self._running.pop(future)
        try:
            result = future.result()
            if digest_of(self._root / name) != result.of:
                if self._attempts[name] < _ATTEMPTS:
                    self._begin(name)  # what its author has saved meanwhile
                    return
                said = f"{name}: saved again and again while it was executed, and so not written"
                result = Result(name, failure=said)
            if not result.failure:
                stored.write(self._root / name, result.text)
        except BrokenExecutor as error:
            if self._attempts[name] < _ATTEMPTS:
                self._begin(name)
                return
            result = Result(name, failure=f"{name}: its worker died {_ATTEMPTS} times: {error}")
        except NotebookFailed as error:
            result = Result(name, failure=str(error))
        if result.failure:
            self._fail(name, result.failure)
        else:
            self._outcome.executed.add(name)
            self._watcher.done(result)

    def _fail(self, name: str, why: str) -> None:
        self._outcome.failed[name] = why
        self._watcher.done(Result(name, failure=why))


def _order(paths: Mapping[str, Path]) -> dict[str, set[str]]:
    """For each notebook those of the others that derive what it reads, or its code names."""
    known: dict[str, Notebook] = {}
    for name, path in paths.items():
        with suppress(NotebookFailed):  # which is said when it is executed
            known[name] = stored.load(path)
    named = {name: _texts(notebook) for name, notebook in known.items()}
    home: dict[str, str] = {}
    for name, notebook in known.items():
        for wanted in (*staleness.published_ids(notebook), *_published_in_code(notebook)):
            home.setdefault(wanted, name)
    found: dict[str, set[str]] = {name: set() for name in paths}
    for name, notebook in known.items():
        asked = named[name] | set(staleness.derived_reads(notebook))
        found[name] = {home[wanted] for wanted in asked & set(home)} - {name}
    return found


def _texts(notebook: Notebook) -> set[str]:
    trees = [tree for _, tree in _code(notebook)]
    return {text for tree in trees for text in _strings(tree)}


def _published_in_code(notebook: Notebook) -> set[str]:
    return {text for source, tree in _code(notebook) if "publish" in source for text in _keys(tree)}


def _code(notebook: Notebook) -> Iterable[tuple[str, ast.AST]]:
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            try:
                yield cell["source"], ast.parse(cell["source"])
            except (SyntaxError, ValueError):  # it is said when the cell is executed
                continue


def _strings(tree: ast.AST) -> Iterable[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _keys(tree: ast.AST) -> Iterable[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            yield from (text for key in node.keys if key for text in _strings(key))
