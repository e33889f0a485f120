"""What the work on a ledger costs: on the real one, and on generated ones up to 100 times as big.

Times are medians of several runs. Each run starts without garbage and with the caches of `re` and
of the periods empty, as a command does; look-ups follow one another, as in a notebook. What only a
new process can tell is measured in new ones.
"""

from __future__ import annotations

import gc
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import pandas as pd  # noqa: F401  # so that no table pays for its import

from benchmarks import generate
from tallybook.errors import LedgerError
from tallybook.ledger import coverage, loading
from tallybook.ledger import runs as printed_runs
from tallybook.ledger.ledger import Ledger
from tallybook.notebooks import session
from tallybook.reading import periods

RUNS = {1: 9, 10: 5, 100: 3}  # how many at each size
RUNS_OF_SHORT_WORK = 9
LOOK_UPS = 1_000
SECTION_LENGTH = 960  # characters: that of the real documents, where these are not at hand
IMPORTS = ("from pydantic import BaseModel", "import tallybook", "import tallybook.ledger.loading")

_KILOBYTE = 1024 if sys.platform == "darwin" else 1  # in the unit of ru_maxrss
_FIRST_LOAD = """
import resource, sys, time
from tallybook.notebooks import session
imported, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
ledger = session.load(sys.argv[1])
print(time.perf_counter() - start, imported, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
_IMPORT = """
import sys, time
start = time.perf_counter()
exec(sys.argv[1])
print(time.perf_counter() - start)
"""
# A new process counts in its peak what the one that began it held. This one holds next to nothing.
_IN_BETWEEN = "import subprocess, sys; sys.exit(subprocess.run(sys.argv[1:]).returncode)"


@dataclass(frozen=True, slots=True)
class Costs:
    """What one ledger costs: milliseconds, microseconds a look-up, and megabytes."""

    first_load: float
    load: float
    check: float | None
    statistic: float
    quantity: float
    figure: float
    table: float
    peak: float
    above_imports: float
    check_of_long_documents: float | None = None


@dataclass(frozen=True, slots=True)
class Results:
    """The costs of the real ledger and of each size, imports in milliseconds, and what was counted.

    `check_of_long_documents` is known at sizes 1 and 10, for it takes too long at 100.
    """

    real: Costs
    sizes: dict[int, Costs]
    imports: dict[str, float]
    counted: str


def everything(root: Path, documents: Path | None) -> Results:
    """Measure the book at `root`, with its documents if they are at hand, and generated ones."""
    imports = _imports(RUNS_OF_SHORT_WORK)
    real = session.load(root)
    if documents and not all(path.is_file() for path in _paths(real, documents)):
        documents = None
    length = _section_length(real, documents)
    sizes = {size: _generated(real, size, length) for size in RUNS}
    sizes[1] = replace(sizes[1], check_of_long_documents=sizes[1].check)
    counted = (
        f"{len(real.statistics)} statistics, {len(real.measures)} measures, "
        f"{len(real.events)} events, {len(real.items)} items, {_citations(real)} citations,\n"
        f"{_sections(real)} sections of {length:,} characters in {len(real.sources)} documents"
    )
    return Results(_costs(root, documents, RUNS[1]), sizes, imports, counted)


def _section_length(ledger: Ledger, documents: Path | None) -> int:
    """How many characters a section has on average."""
    if documents is None:
        return SECTION_LENGTH
    characters = sum(len(p.read_text(encoding="utf-8")) for p in _paths(ledger, documents))
    return characters // _sections(ledger)


def _paths(ledger: Ledger, documents: Path) -> list[Path]:
    return [documents / f"{source}.txt" for source in ledger.sources]


def _sections(ledger: Ledger) -> int:
    return sum(len(source.sections) for source in ledger.sources.values())


def _citations(ledger: Ledger) -> int:
    return sum(len(getattr(record, "cited", ())) for record in ledger.records())


def _generated(pattern: Ledger, size: int, length: int) -> Costs:
    runs = RUNS[size]
    with TemporaryDirectory() as folder:
        book = generate.write(pattern, Path(folder), size, section_length=length)
        costs = _costs(book.root, book.documents, runs)
    if size != 10:
        return costs
    with TemporaryDirectory() as folder:
        book = generate.write(pattern, Path(folder), size, section_length=length, longer=True)
        check = _milliseconds(lambda: _check(book.root, book.documents), RUNS[100])
    return replace(costs, check_of_long_documents=check)


def _costs(root: Path, documents: Path | None, runs: int) -> Costs:
    load = _milliseconds(lambda: session.load(root), runs)
    check = _milliseconds(lambda: _check(root, documents), runs) if documents else None
    ledger = session.load(root)
    subject = max(ledger.subjects, key=lambda name: len(ledger.subjects[name]))
    in_new_processes = [_first_load(root) for _ in range(runs)]
    first_load, imported, peak = (median(values) for values in zip(*in_new_processes, strict=True))
    return Costs(
        first_load=first_load,
        load=load,
        check=check,
        statistic=_look_up(ledger, ledger.statistic),
        quantity=_look_up(ledger, ledger.quantity),
        figure=_look_up(ledger, ledger.figure),
        table=_milliseconds(lambda: ledger.frame(subject), RUNS_OF_SHORT_WORK),
        peak=peak,
        above_imports=peak - imported,
    )


def _check(root: Path, documents: Path) -> None:
    """Raises LedgerError, for a check that finds something has not done the same work."""
    ledger, problems = loading.inspect(root)
    _, found = coverage.check(ledger, documents)
    if problems or found:
        raise LedgerError([*problems, *found])


def _look_up(ledger: Ledger, look_up: Callable[[str], object]) -> float:
    """Microseconds for one of many look-ups in no order."""
    random = Random(generate.SEED)  # noqa: S311  # the same every time, and no secret
    wanted = random.choices(list(ledger.statistics), k=LOOK_UPS)

    def look_all_up() -> None:
        for one in wanted:
            look_up(one)

    look_all_up()
    milliseconds = _milliseconds(look_all_up, RUNS_OF_SHORT_WORK, afresh=False)
    return milliseconds * 1000 / LOOK_UPS


def _milliseconds(work: Callable[[], object], runs: int, *, afresh: bool = True) -> float:
    """The median of several runs, each afresh or right after the one before."""
    times = []
    for _ in range(runs):
        if afresh:
            gc.collect()
            re.purge()
            periods.parse.cache_clear()
            printed_runs.forget()
        start = perf_counter()
        work()
        times.append((perf_counter() - start) * 1000)
    return median(times)


def _first_load(root: Path) -> tuple[float, float, float]:
    """In a new process: milliseconds to load, peak megabytes before it and after it."""
    seconds, *peaks = map(float, _in_new_process(_FIRST_LOAD, str(root)).split())
    before, after = (peak / _KILOBYTE / 1024 for peak in peaks)
    return seconds * 1000, before, after


def _imports(runs: int) -> dict[str, float]:
    """Milliseconds for each import in a new process, in turn; a round before lets files be read."""
    rounds = [
        [float(_in_new_process(_IMPORT, statement)) * 1000 for statement in IMPORTS]
        for _ in range(runs + 1)
    ]
    medians = (median(times) for times in zip(*rounds[1:], strict=True))
    return dict(zip(IMPORTS, medians, strict=True))


def _in_new_process(program: str, argument: str) -> str:
    python = (sys.executable, "-c")
    command = [*python, _IN_BETWEEN, *python, program, argument]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
