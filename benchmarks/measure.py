"""What the work on a ledger costs: the real one's, and that of generated ones 1 to 100 times as big.

Times are medians of several runs. Each run starts with the caches of `re` and of the periods empty
and with no garbage, as a command does. What only a new process can tell is measured in new ones.
"""

from __future__ import annotations

import gc
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import pandas as pd  # noqa: F401  # so that no table pays for its import

from benchmarks import generate
from tallybook import loading, periods, sources
from tallybook.ledger import Ledger

RUNS = {1: 9, 10: 5, 100: 3}  # how many at each size
LOOK_UPS = 2_000
PROSE_OF_A_SECTION = 960  # characters, as in the real documents; where these are not at hand
IMPORTS = ("from pydantic import BaseModel", "import tallybook", "import tallybook.loading")

_MEGABYTE = 1024 if sys.platform != "darwin" else 1024**2  # in the unit of ru_maxrss
_FIRST_LOAD = """
import resource, sys, time
from tallybook import loading
imported, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
ledger = loading.load(sys.argv[1])
print(time.perf_counter() - start, imported, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
_IMPORT = "import sys, time; t = time.perf_counter(); exec(sys.argv[1]); print(time.perf_counter() - t)"
# A process counts in its peak what its parent held when it began, so that one without anything
# stands between.
_IN_BETWEEN = "import subprocess, sys; sys.exit(subprocess.run(sys.argv[1:]).returncode)"

Costs = dict[str, float]


@dataclass(frozen=True, slots=True)
class Results:
    """The costs of each ledger by its column in the table, and of each import in seconds."""

    ledgers: dict[str, Costs]
    imports: Costs
    size: str


def everything(root: Path, documents: Path | None) -> Results:
    """Measure the book at `root`, with its documents if they are at hand, and generated ones."""
    imports = _imports()
    real = loading.load(root)
    length = _section_length(real, documents)
    ledgers = {"real": _costs(root, documents, RUNS[1])}
    for size, runs in RUNS.items():
        with TemporaryDirectory() as folder:
            book = generate.write(real, Path(folder) / "book", size, section_length=length)
            ledgers[f"{size}x"] = _costs(book.root, book.documents, runs)
    with TemporaryDirectory() as folder:
        book = generate.write(real, Path(folder), 10, section_length=length, longer=True)
        ledgers["10x"][CHECK_LONGER] = _seconds(lambda: _check(book.root, book.documents), 3) * 1e3
    ledgers["1x"][CHECK_LONGER] = ledgers["1x"][CHECK]
    return Results(ledgers, imports, _size(real, length))
