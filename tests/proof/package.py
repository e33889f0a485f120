"""Mutants of the package itself: `python -m tests.proof.package` (or `make mutants`).

cosmic-ray knows the mutants and makes their source. Each is tested in a process that is forked from
this one, which has imported what the package needs and nothing of the package, so that no file is
changed and nothing is imported twice. Mutants of annotations alone are left out: nothing that is
listed here evaluates them.
"""

from __future__ import annotations

import ast
import contextlib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from itertools import islice
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import click
from cosmic_ray import plugins
from cosmic_ray.commands.init import init
from cosmic_ray.mutating import mutate_code
from cosmic_ray.work_db import WorkDB
from rich.console import Console
from rich.progress import Progress

ROOT = Path(__file__).parent.parent.parent
AIM = 90  # percent
SECONDS = 240
EXAMPLES = 25
_A_LINE = 25  # mutants, where no bar is shown
# The modules behind each word of the design, and the tests that are of them.
AREAS: dict[str, tuple[str, str]] = {
    "quantity": ("quantity/quantity quantity/interval", "quantity"),
    "ledger": (
        "ledger/ledger ledger/loading ledger/consistency ledger/printed",
        "ledger reading quantity/test_interval.py",
    ),
    "sources": ("ledger/coverage", "ledger/test_coverage.py ledger/test_bad_input.py"),
}
# Takes most of the time of its file, for memory, which no mutant is about.
_LEFT_OUT = "many_small_entries"
_EARLY = "hypothesis nbformat numpy pandas pydantic yaml edtf lxml.etree rich altair bs4".split()


@dataclass(frozen=True)
class PackageMutant:
    """A module with one operator, number or word of Python replaced."""

    module: Path
    operator: str
    line: int
    source: str

    def __str__(self) -> str:
        return f"{self.module.name}:{self.line}: {self.operator}"


def mutants(area: str, choose: Random) -> Iterator[PackageMutant]:
    """Every mutant of an area that cosmic-ray knows, shuffled; none of annotations alone."""
    modules = [ROOT / f"tallybook/{name}.py" for name in AREAS[area][0].split()]
    with TemporaryDirectory() as folder:
        session = WorkDB(Path(folder, "session.sqlite"), WorkDB.Mode.create)
        init(modules, session, {})
        items = [item.mutations[0] for item in session.work_items]
        session.close()
    items.sort(key=lambda spec: (spec.module_path, spec.operator_name, spec.occurrence))
    choose.shuffle(items)
    code = {module: module.read_text(encoding="utf-8") for module in modules}
    meanings = {module: _meaning(text) for module, text in code.items()}
    for spec in items:
        module = Path(spec.module_path)
        operator = plugins.get_operator(spec.operator_name)(**spec.operator_args)
        source = mutate_code(code[module], operator, spec.occurrence)
        if source is not None and _meaning(source) != meanings[module]:
            name = spec.operator_name.removeprefix("core/")
            yield PackageMutant(module, name, spec.start_pos[0], source)


def _meaning(source: str) -> str:
    """The syntax tree without what is only annotated."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return source
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.returns = None
        elif isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant(None)
    return ast.dump(tree)


def is_killed(mutant: PackageMutant | None, area: str) -> bool:
    """Whether a test of the area fails with it, or does not come to an end."""
    return _ended(_started(mutant, area)) != 0


def _started(mutant: PackageMutant | None, area: str) -> BaseProcess:
    child = get_context("fork").Process(target=_tested, args=(mutant, area))
    child.start()
    return child


def _ended(child: BaseProcess) -> int | None:
    child.join(SECONDS)
    if child.is_alive():
        child.kill()
        child.join()
    return child.exitcode


def _tested(mutant: PackageMutant | None, area: str) -> None:
    """Run the tests of an area in this process, and end it with their exit code."""
    if mutant:
        _put_in_place(mutant)
    for stream in (1, 2):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
    _with_few_examples()
    import pytest  # noqa: PLC0415

    files = [ROOT / "tests" / name for name in AREAS[area][1].split()]
    quiet = "-x -q -p no:xdist -p no:nbval -p no:cacheprovider --override-ini addopts=".split()
    chosen = ["-k", f"not {_LEFT_OUT}", "--rootdir", str(ROOT)]
    os._exit(int(pytest.main([*quiet, *chosen, *(str(file) for file in files if file.exists())])))


def _with_few_examples() -> None:
    """Cap the examples of every property: few mutants need a hundred, and each costs time."""
    from hypothesis import settings  # noqa: PLC0415

    as_asked = settings.__init__

    def capped(self: Any, *parents: Any, **given: Any) -> None:
        given["max_examples"] = min(given.get("max_examples", EXAMPLES), EXAMPLES)
        as_asked(self, *parents, **given)

    settings.__init__ = capped  # type: ignore[method-assign]


def _put_in_place(mutant: PackageMutant) -> None:
    whole = SourceFileLoader.get_code

    def get_code(self: SourceFileLoader, fullname: str) -> Any:
        if Path(self.path) == mutant.module:
            return compile(mutant.source, self.path, "exec", dont_inherit=True)
        return whole(self, fullname)

    SourceFileLoader.get_code = get_code  # type: ignore[method-assign]


@click.command()
@click.argument("areas", nargs=-1, type=click.Choice([*AREAS]))
@click.option("--sample", default=200, help="So many of each area; 0 for all.")
@click.option("--seed", default=2018, help="Of the sample.")
@click.option("--jobs", default=2, help="How many at a time.")
def main(areas: tuple[str, ...], sample: int, seed: int, jobs: int) -> None:
    """Test mutants of the package; fails where fewer than nine in ten are killed."""
    console = Console(highlight=False, soft_wrap=True)
    early = [name for name in _EARLY if _imported(name)]
    console.print(f"imported before: {', '.join(early)}")
    rates = {area: _rate(console, area, sample, seed, jobs) for area in areas or AREAS}
    sys.exit(any(rate < AIM for rate in rates.values()))


def _imported(name: str) -> bool:
    with contextlib.suppress(ImportError):
        __import__(name)
        return True
    return False


def _rate(console: Console, area: str, sample: int, seed: int, jobs: int) -> float:
    if is_killed(None, area):
        console.print(f"{area}: its tests fail without a mutant")
        return 0.0
    choose = Random(seed)  # noqa: S311  # a sample, and no secret
    chosen = [*islice(mutants(area, choose), sample or None)]
    killed = 0
    for number, (mutant, is_dead) in enumerate(_judged(console, area, chosen, jobs), start=1):
        killed += is_dead
        if not console.is_terminal and number % _A_LINE == 0:
            console.print(f"{area}: {killed} of {number} killed so far")
        if not is_dead:
            console.print(f"survived: {mutant}", markup=False)
    rate = 100 * killed / len(chosen)
    console.print(f"{area}: {killed} of {len(chosen)} killed ({rate:.1f} %)")
    return rate


def _judged(
    console: Console, area: str, chosen: list[PackageMutant], jobs: int
) -> Iterator[tuple[PackageMutant, bool]]:
    with Progress(console=console, transient=True, auto_refresh=False) as bars:
        task = bars.add_task(area, total=len(chosen))
        running: list[tuple[PackageMutant, BaseProcess]] = []
        for mutant in [*chosen, *[None] * jobs]:
            if len(running) == jobs or (running and mutant is None):
                oldest, child = running.pop(0)
                yield oldest, _ended(child) != 0
                bars.update(task, advance=1, refresh=True)
            if mutant is not None:
                running.append((mutant, _started(mutant, area)))


if __name__ == "__main__":
    main()
